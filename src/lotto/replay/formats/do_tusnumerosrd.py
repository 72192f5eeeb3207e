"""www.tusnumerosrd.com: a dashboard with one table, a row a draw, newest first; the date has no year."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from html import escape
from types import MappingProxyType
from zoneinfo import ZoneInfo

from lotto.replay.figure import Figure
from lotto.replay.figures import rows
from lotto.replay.formats.format import Format

ROWS = 29
"""So many rows every recorded page has: those of today, then yesterday's to fill it."""

MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)

HEAD = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Tablero - Dashboard</title></head>
<body>
<div id="content" class="main-content">
<div class="table-responsive">
<table class="table table-hover table-striped table-bordered">
<thead>
    <tr>
        <th scope="col">Loteria</th>
        <th scope="col">Resultados</th>
        <th class="text-center" scope="col">Fecha</th>
        <th class="text-center" scope="col">Hora Cierre</th>
    </tr>
    <tr aria-hidden="true" class="mt-3 d-block table-row-hidden"></tr>
</thead>
<tbody>
"""
FOOT = """</tbody>
</table>
</div>
</div>
</body>
</html>
"""


class TusNumeros(Format):
    """One page that never empties. The hour it prints is when betting closes; the numbers come twenty minutes later.

    Its known defect is in the figures as recorded: a third number that equals the second is an empty badge for ever.
    """

    source = "do_tusnumerosrd"
    host = "www.tusnumerosrd.com"
    zone = ZoneInfo("America/Santo_Domingo")
    media = "text/html; charset=utf-8"
    addresses = MappingProxyType({"/resultados.php": ()})
    redesigned = f'{HEAD.partition("<table")[0]}<div data-view="resultados"></div>\n</div>\n</div>\n</body>\n</html>\n'
    lag = timedelta(minutes=20)

    def figures(self) -> Iterator[Figure]:
        at_hour: dict[datetime, int] = {}
        for row in rows(self.source):
            on = date.fromisoformat(row["date"])
            closes = datetime.strptime(f"{on} {row['hour']}", "%Y-%m-%d %I:%M%p").replace(tzinfo=self.zone)
            nth = at_hour[closes] = at_hour.get(closes, -1) + 1
            # Draws of one hour come out a minute apart, so that each is an event of its own.
            at = closes + self.lag + timedelta(minutes=nth)
            numbers = tuple("" if text == "-" else text for text in row["numbers"].split())
            yield Figure(self.source, row["name"], on, numbers, at, row["hour"])

    def page(self, path: str, told: Sequence[Figure], now: datetime) -> str:
        return HEAD + "".join(_row(figure) for figure in reversed(told[-ROWS:])) + FOOT


def _row(figure: Figure) -> str:
    badges = "".join(
        f'        <div class="badge badge-primary badge-dot">{escape(text)}</div>\n' for text in figure.numbers
    )
    shift = '<span class="text-primary text-primary">Sorteo Tarde</span>' if "Tarde" in figure.game else ""
    return f"""    <tr>
        <td><div class="media"><div class="media-body align-self-center">
            <h6 class="mb-0">{escape(figure.game)}</h6>
            {shift}
        </div></div></td>
        <td>
        <div class="badge--group badgg">
{badges}        </div>
        </td>
        <td class="text-center">
            <span class="badge badge-light-primary">
            <span class="table-inner-text">
            <span class="table-inner-text">{figure.date:%d} {MONTHS[figure.date.month - 1]}           </span>
            </span>
        </span></td>
        <td class="text-center">{figure.shown}</td>
    </tr>
"""
