"""LottoNumberArchive: Lotto 6aus49 since 1955 in one JSON document, oldest first, the balls ascending.

The Superzahl is there since December 1991; 0 is one of its ten values. The Zusatzzahl of 1956 to 2013 is not told, nor
any prize.
"""

from collections.abc import Iterator

from msgspec import UNSET, Struct, UnsetType

from lotto.scraper.contents import document, once, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

ADDRESS = "https://johannesfriedrich.github.io/LottoNumberArchive/Lottonumbers_complete.json"
NAME = "Lotto 6aus49"


class Draw(Struct):
    """One draw."""

    id: int
    date: str
    Lottozahl: list[int]
    Superzahl: int | UnsetType = UNSET


class Archive(Struct):
    """All draws."""

    data: list[Draw]


class LottoNumberArchive(Source):
    """There is one name, “Lotto 6aus49”."""

    publisher = "LottoNumberArchive"
    official = False
    origin = "lottonumberarchive"
    home = "https://johannesfriedrich.github.io"
    pace = 3600.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != NAME:
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is {NAME}.")
        yield Request(ADDRESS)

    def read(self, page: Page) -> Iterator[Reading]:
        draws = document(page, Archive).data
        if not draws:
            raise PageNotYet("There is no draw in the archive yet.")
        yield from once([_reading(draw, page) for draw in draws])


def _reading(draw: Draw, page: Page) -> Reading:
    if not draw.Lottozahl:
        raise PageChanged(f"The layout changed: draw {draw.id} has no balls.")
    numbers = {"main": tuple(map(str, draw.Lottozahl))}
    if draw.Superzahl is not UNSET:
        numbers["bonus"] = (str(draw.Superzahl),)
    return Reading(NAME, written_day(draw.date, "dmy", page.at), numbers, serial=str(draw.id))
