"""LoteriasDominicanas.com: the board of the day's draws, one block each, as server-made HTML (the layout of 2025).

A block has its own day: until about ten in the morning the board is yesterday's. Two companies share a title (“Super
Palé”, “Loto Pool”), so a draw's name is “company / title”. A draw not yet held has no block; one under way shows fewer
numbers than it will. The time shown is that of publication; it moves, and is not read.
"""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import day, once, only, place, text, tree
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source

ZONE = ZoneInfo("America/Santo_Domingo")
NOON = 12
"""By then the first draws of the day are out: a board without any is no empty day but another page."""

POOLS = {"bonus", "special1", "special2", "special3"}
"""The classes that mark a number of another pool than the main one; a class is its pool's name."""


class LoteriasDominicanas(Source):
    """The names are “company / title”, as in “Nacional / Gana Más”."""

    publisher = "LoteriasDominicanas.com"
    official = False
    origin = "loteriasdominicanas.com"
    home = "https://loteriasdominicanas.com"
    pace = 60.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        yield Request("https://loteriasdominicanas.com/pagina/ultimos-resultados")

    def read(self, page: Page) -> Iterator[Reading]:
        # The row of links to the last three days stands above the blocks, and stands there without any.
        board = tree(page, known_by=".date-chooser", ends_with="</footer>")
        blocks = board.css(".game-block")
        if not blocks:
            if page.at.astimezone(ZONE).hour < NOON:
                raise PageNotYet("The board has no draw of the day yet.")
            raise PageChanged("The layout changed: it is past noon and there is no block on the board.")
        readings = [_reading(block, page) for block in blocks]
        if not any(one.numbers for one in readings):
            raise PageChanged(f"The layout changed: {len(blocks)} blocks and no number in any of them.")
        yield from once(one for one in readings if one.numbers)


def _reading(block: LexborNode, page: Page) -> Reading:
    company = text(block, ".company-title a:not(.vote-button)", "the company of a block")
    title = text(block, ".game-title span", "the title of a block")
    shown = text(block, ".session-date", "the date of a block")
    date = re.fullmatch("([0-9]{2})-([0-9]{2})-([0-9]{4})( [0-9]{1,2}:[0-9]{2})?", shown)
    if date is None:
        raise PageChanged(f"The layout changed: “{shown}” is not the date of a block.")
    numbers: dict[str, tuple[str | None, ...]] = {}
    for score in only(block, ".game-scores", "the row of numbers of a block").css(".score"):
        marks = set((score.attributes.get("class") or "").split()) - {"score"}
        if len(marks) > 1 or not marks <= POOLS:
            raise PageChanged(f"The layout changed: a number is marked “{' '.join(sorted(marks))[:60]}”.")
        pool = next(iter(marks), "main")
        numbers[pool] = (*numbers.get(pool, ()), place(score))
    return Reading(f"{company} / {title}", day(date[3], date[2], date[1], page.at), numbers)
