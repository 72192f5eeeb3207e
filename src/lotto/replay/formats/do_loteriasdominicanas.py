"""loteriasdominicanas.com: the board of a day as HTML blocks, newest first, in the markup of 2025."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from html import escape
from types import MappingProxyType
from zoneinfo import ZoneInfo

from lotto.replay.figure import Figure
from lotto.replay.figures import rows
from lotto.replay.formats.format import Format

ROLES = {
    "Americanas / Cash 4 Life": {5: "bonus"},
    "Americanas / Mega Millions": {5: "bonus"},
    "La Primera / Loto 5": {5: "bonus"},
    "LoteDom / Agarra 4": {3: "special2"},
    "LoteDom / Super Palé": {1: "special2"},
    "Loteria Real / Nueva Yol Real": {3: "special3"},
    "Nacional / Juega + Pega +": {0: "special1", 1: "special1", 2: "special2", 3: "special2"},
}
"""The class that marks a place of some games: a power ball, or a second set of numbers (one is a colour word)."""

HEAD = """<!DOCTYPE html>
<html lang="es">
<head><meta charset="utf-8"><title>Tablero de sorteos</title></head>
<body>
<div class="wrap mt-3"><div class="container">
"""
FOOT = """</div></div>
<footer><div class="container"></div></footer>
</body>
</html>
"""


class LoteriasDominicanas(Format):
    """One page: the draws of today, or of the last day that had any, marked `past`, until the first of today is out.

    A block is published in the minute that it prints. There is nothing of a day that was not recorded.
    """

    source = "do_loteriasdominicanas"
    host = "loteriasdominicanas.com"
    zone = ZoneInfo("America/Santo_Domingo")
    media = "text/html; charset=utf-8"
    addresses = MappingProxyType({"/pagina/ultimos-resultados": ()})
    redesigned = (
        f'{HEAD}<div id="__nuxt"><header><h1>Tablero de sorteos</h1></header><main class="grid">'
        '<section class="draw-card" data-state="loading"></section></main></div>\n'
        f'<script type="application/json" id="__NUXT_DATA__">[]</script>\n{FOOT}'
    )

    def figures(self) -> Iterator[Figure]:
        in_minute: dict[datetime, int] = {}
        for row in rows(self.source):
            on = date.fromisoformat(row["date"])
            minute = datetime.combine(on, time.fromisoformat(row["time"]), self.zone)
            nth = in_minute[minute] = in_minute.get(minute, -1) + 1
            # One after another within the printed minute; nine in one minute is the most that was recorded.
            at = minute + timedelta(seconds=20 + 4 * nth)
            game = f"{row['company']} / {row['game']}"
            yield Figure(self.source, game, on, tuple(row["numbers"].split()), at, row["time"])

    def page(self, path: str, told: Sequence[Figure], now: datetime) -> str:
        today = now.astimezone(self.zone).date()
        day = max((figure.date for figure in told), default=today)
        blocks = (_block(figure, day < today) for figure in reversed(told) if figure.date == day)
        return f'{HEAD}{_days(path, today)}<div class="row">\n{"".join(blocks)}</div>\n{FOOT}'


def _days(path: str, today: date) -> str:
    links = "".join(
        f'<a class="m-2" href="{path}?date={day}">{day:%d-%m}</a>'
        for day in (today - timedelta(days=back) for back in range(3))
    )
    return f'<div class="bg-gray date-chooser my-3"><div class="row"><div>{links}</div></div></div>\n'


def _block(figure: Figure, past: bool) -> str:
    company, title = (escape(word) for word in figure.game.split(" / "))
    roles = ROLES.get(figure.game, {})
    scores = "".join(
        f'        <span class="score {roles.get(place, "")}">\n            {escape(text)}        </span>\n'
        for place, text in enumerate(figure.numbers)
        if text
    )
    return f"""<div class="game-block mb-3 col-xl-4 col-md-6 col-sm-12 {"past" if past else ""} company-block">
<div>
    <div><div class="company-title p-2"><div class="d-flex"><div><a href="#">{company}</a></div>&nbsp;</div></div></div>
    <div class="game-info p-2">
        <div class="session-date px-2">
            {figure.date:%d-%m-%Y} {figure.shown}
        </div>
        <div class="my-2"><a class="game-title" href="#"><i class="fas"></i> <span>{title}</span></a></div>
    </div>
    <div class="game-scores p-2 ball-mode">
{scores}    </div>
</div>
</div>
"""
