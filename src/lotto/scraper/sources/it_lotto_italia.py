"""Lotto Italia: 10eLotto of every five minutes, JSON of the newest draw, known by its number of the day (1 to 288).

The moment is that of the draw itself: that of number 288 was seen at 23:59:58, and at midnight it would still belong to
the day that ends. Numbers stand ascending. The Gong was null wherever it was seen, and is not read.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from lotto.scraper.contents import document, instant
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

ZONE = ZoneInfo("Europe/Rome")
NAME = "10 e lotto ogni 5 minuti"
NEWEST = "https://www.lotto-italia.it/del/estrazioni-e-vincite/10-e-lotto-estrazioni-ogni-5.json"
LAST_OF_DAY = 288


class Draw(Struct):
    """The newest draw."""

    data: int
    progressivoGiornaliero: int  # noqa: N815 - the names are Lotto Italia's
    numeriEstratti: list[str] | None  # noqa: N815
    numeriEstrattiOvertime: list[str] | None  # noqa: N815
    numeroSpeciale: int | None  # noqa: N815
    doppioNumeroSpeciale: int | None  # noqa: N815


class LottoItalia(Source):
    """There is one name, “10 e lotto ogni 5 minuti”."""

    publisher = "Lotto Italia"
    official = True
    origin = "lotto_italia"
    home = "https://www.lotto-italia.it"

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != NAME:
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is {NAME}.")
        yield Request(NEWEST)

    def read(self, page: Page) -> Iterator[Reading]:
        draw = document(page, Draw)
        number = draw.progressivoGiornaliero
        if not 1 <= number <= LAST_OF_DAY:
            raise PageChanged(f"The layout changed: {number} is not a draw of the day, 1 to {LAST_OF_DAY}.")
        if not draw.numeriEstratti:
            raise PageNotYet(f"Draw {number} has no numbers yet.")
        at = instant(draw.data, ZONE)
        if number == LAST_OF_DAY and at.hour == 0:
            at -= timedelta(hours=at.hour, minutes=at.minute, seconds=at.second + 1)
        told = {
            "main": _numbers(draw.numeriEstratti),
            "extra": _numbers(draw.numeriEstrattiOvertime or ()),
            "gold": _numbers([draw.numeroSpeciale]),
            "double_gold": _numbers([draw.doppioNumeroSpeciale]),
        }
        yield Reading(
            NAME,
            at.date(),
            {pool: values for pool, values in told.items() if values},
            label=str(number),
            serial=str(number),
            at=at.time().replace(microsecond=0),
        )


def _numbers(shown: Iterable[str | int | None]) -> tuple[str, ...]:
    numbers = tuple(str(number) for number in shown if number is not None)
    if not all(re.fullmatch("[0-9]{1,2}", number) for number in numbers):
        raise PageChanged(f"The layout changed: “{' '.join(numbers)[:80]}” are not numbers.")
    return numbers
