"""Minh Ngọc: the provinces of one day and region in one table, in it a table for each province, a row a prize.

An address that the site does not know is answered with its frame alone: menus full of days and years, and no draw.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import once, only, place, stranger, text, tree, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source

ADDRESS = "https://www.minhngoc.net.vn/kqxs/{}/{:%d-%m-%Y}.html"
BOARD = "table.bkqmiennam"
"""The board of the south, and of the centre too; the north has one of its own."""

PRIZES = {
    "giai8": ("eighth", 1),
    "giai7": ("seventh", 1),
    "giai6": ("sixth", 3),
    "giai5": ("fifth", 1),
    "giai4": ("fourth", 7),
    "giai3": ("third", 2),
    "giai2": ("second", 1),
    "giai1": ("first", 1),
    "giaidb": ("special", 1),
}
"""The class of a cell → our pool, and how many numbers the prize has."""


class MinhNgoc(Source):
    """The names are those of the provinces, as in “Đồng Nai”."""

    publisher = "Xổ Số Minh Ngọc"
    official = False
    origin = "minhngoc.net.vn"
    home = "https://www.minhngoc.net.vn"
    pace = 60.0
    resting = "No page of it with results has been recorded; their layout is known from what others read in them."

    def pages(self, ask: Ask) -> Iterator[Request]:
        for region in ("mien-nam", "mien-trung"):
            yield Request(ADDRESS.format(region, ask.since))

    def read(self, page: Page) -> Iterator[Reading]:
        site = tree(page, known_by="#dnw-page", ends_with="</html>")
        boards = site.css(BOARD)
        if not boards:
            raise stranger(site, f"the site knows no such address, or there is no “{BOARD}” any more")
        found = [one for board in boards for one in _readings(board, page)]
        told = [one for one in found if any(any(texts) for texts in one.numbers.values())]
        if not told:
            raise PageNotYet("No province of the day has a number yet.")
        yield from once(told)


def _readings(board: LexborNode, page: Page) -> Iterator[Reading]:
    shown = text(board, ".ngay a", "the day of a board")
    if not re.fullmatch("[0-9]{2}/[0-9]{2}/[0-9]{4}", shown):
        raise PageChanged(f"The layout changed: “{shown}” is not the day of a board.")
    on = written_day(shown, "dmy", page.at)
    provinces = board.css("table.rightcl")
    if not provinces:
        raise PageChanged("The layout changed: a board has no province.")
    for province in provinces:
        numbers = {pool: _numbers(province, prize, size) for prize, (pool, size) in PRIZES.items()}
        yield Reading(text(province, ".tinh a", "the name of a province"), on, numbers)


def _numbers(province: LexborNode, prize: str, size: int) -> tuple[str | None, ...]:
    shown = tuple(map(place, only(province, f"td.{prize}", f"the cell “{prize}”").css("div")))
    if len(shown) > size or not all(one is None or re.fullmatch("[0-9]{2,6}", one) for one in shown):
        raise PageChanged(f"The layout changed: “{prize}” is {' '.join(map(str, shown))[:60]}, not {size} numbers.")
    return (*shown, *(None for _ in range(size - len(shown))))
