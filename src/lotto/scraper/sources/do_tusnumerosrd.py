"""TusNumerosRD: one HTML table, a row a draw, newest first: the rows of today, then yesterday's that have no successor.

A row's date is all that tells old from new, and it has no year. Three badges hold the numbers; the third stays empty
for ever when it equals the second (90 14 14 is shown as 90 14), so an empty badge is a number we do not know.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import months, once, place, stranger, text, tree
from lotto.scraper.sources.source import Ask, Page, PageChanged, Reading, Request, Source

ZONE = ZoneInfo("America/Santo_Domingo")
HEADS = ["Loteria", "Resultados", "Fecha", "Hora Cierre"]


class TusNumeros(Source):
    """The names are those of the rows, as in “Loteria Nacional Tarde (gana mas)”."""

    publisher = "TusNumerosRD"
    official = False
    origin = "tusnumerosrd.com"
    home = "https://www.tusnumerosrd.com"
    pace = 60.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        yield Request("https://www.tusnumerosrd.com/resultados.php")

    def read(self, page: Page) -> Iterator[Reading]:
        board = tree(page, known_by="table", ends_with="</table>")
        tables = [one for one in board.css("table") if [" ".join(th.text().split()) for th in one.css("th")] == HEADS]
        if len(tables) != 1:
            raise stranger(board, f"there is not one table of {', '.join(HEADS)}")
        rows = tables[0].css("tbody tr")
        if not rows:
            # It never empties: at night it shows the day before.
            raise PageChanged("The layout changed: the table has no row.")
        today = page.at.astimezone(ZONE).date()
        yield from once([_reading(row, today) for row in rows])


def _reading(row: LexborNode, today: date) -> Reading:
    cells = row.css("td")
    if len(cells) != len(HEADS):
        raise PageChanged(f"The layout changed: a row has {len(cells)} cells, not {len(HEADS)}.")
    badges = cells[1].css(".badge-dot")
    if len(badges) != 3:
        raise PageChanged(f"The layout changed: a row has {len(badges)} badges, not 3.")
    name = text(cells[0], "h6", "the name of a row")
    return Reading(
        name,
        _day(text(cells[2], ".table-inner-text .table-inner-text", "the date of a row"), today),
        {"main": tuple(map(place, badges))},
    )


def _day(shown: str, today: date) -> date:
    """The day written as “06 agosto”, in the year that brings it nearest to today; the board shows none to come."""
    found = re.fullmatch("([0-9]{1,2}) ([a-z]+)", shown.lower())
    month = months("es").get(found[2]) if found else None
    if found is None or month is None:
        raise PageChanged(f"The layout changed: “{shown}” is not the date of a row.")
    days = []
    for year in (today.year - 1, today.year, today.year + 1):
        with suppress(ValueError):  # 29 February is a day in few years.
            days.append(date(year, month, int(found[1])))
    if not days:
        raise PageChanged(f"“{shown}” is no day.")
    nearest = min(days, key=lambda one: abs(one - today))
    if nearest > today + timedelta(days=1):
        raise PageChanged(f"“{shown}” is still to come on {today}: the page was not fetched then.")
    return nearest
