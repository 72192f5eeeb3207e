"""lotto.de, the site of the German lotteries: KENO of one day as JSON, and with it plus 5.

A draw is asked for by the midnight it begins with in Germany, in milliseconds; a page leads on to the next day that has
begun. The numbers are one text, in drawn order. A class such as 1008 means ten picked and eight right; what it pays is
for a stake of one euro. Of plus 5 no prizes are told.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import Struct

from lotto.scraper.contents import document, instant
from lotto.scraper.sources.source import (
    Amount,
    Ask,
    Page,
    PageChanged,
    PageNotYet,
    Payout,
    Reading,
    Request,
    Source,
    SourceError,
)

ADDRESS = "https://www.lotto.de/api/stats/entities.keno/draw/{}"
NAMES = ("KENO", "plus 5")
BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2024, 12, 2)
"""The oldest draw we have read in this form; what is older is not asked for."""

MOST = 10**9
"""Euros that no class pays; a figure such as 1e999999999 must not be written out."""


class Odds(Struct):
    """What one class paid for a stake of one euro."""

    winningClass: str  # noqa: N815 - the names are theirs
    numberOfWinners: int  # noqa: N815
    odds: Decimal


class Game(Struct):
    """Which game it is."""

    name: str


class Draw(Struct):
    """One draw; before it is held it has no numbers."""

    drawDate: int  # noqa: N815
    gameType: Game  # noqa: N815
    drawNumbers: str | None  # noqa: N815
    plus5: str | None
    oddsCollection: list[Odds]  # noqa: N815


class Lotto(Source):
    """The names are “KENO” and “plus 5”."""

    publisher = "Deutscher Lotto- und Totoblock"
    official = True
    origin = "dltb"
    home = "https://www.lotto.de"
    pace = 120.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in NAMES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(NAMES)}.")
        yield _page(max(ask.since, FIRST))

    def read(self, page: Page) -> Iterator[Reading | Request]:
        draw = document(page, Draw)
        if urlsplit(page.url).path.rpartition("/")[2] != str(draw.drawDate) or draw.gameType.name != "KENO":
            raise PageChanged(f"The answer is {draw.gameType.name[:40]} of {draw.drawDate}, not what was asked for.")
        on = instant(draw.drawDate, BERLIN).date()
        if not draw.drawNumbers:
            raise PageNotYet(f"The draw of {on} has no numbers yet.")
        if not re.fullmatch("[0-9]{1,2}(, [0-9]{1,2})*", draw.drawNumbers):
            raise PageChanged(f"The layout changed: “{draw.drawNumbers[:80]}” are not the numbers of a draw.")
        if draw.plus5 and not re.fullmatch("[0-9]{5}", draw.plus5):
            raise PageChanged(f"The layout changed: “{draw.plus5[:40]}” is not the number of plus 5.")
        prizes = tuple(map(_payout, draw.oddsCollection))
        yield Reading("KENO", on, {"main": tuple(draw.drawNumbers.split(", "))}, drawn_order=True, prizes=prizes)
        if draw.plus5:
            yield Reading("plus 5", on, {"main": tuple(draw.plus5)})
        if on < page.at.astimezone(BERLIN).date():
            yield _page(on + timedelta(days=1))


def _page(on: date) -> Request:
    return Request(ADDRESS.format(int(datetime.combine(on, time.min, BERLIN).timestamp()) * 1000))


def _payout(paid: Odds) -> Payout:
    found = re.fullmatch("([0-9]{2})([0-9]{2})", paid.winningClass)
    if found is None or not 0 <= paid.odds < MOST:
        raise PageChanged(f"The layout changed: “{paid.winningClass[:40]}” is not a class, or pays {paid.odds!s:.20}.")
    picked, right = map(int, found.groups())
    return Payout(f"{right} of {picked}", str(paid.numberOfWinners), Amount(f"{paid.odds:f}", "EUR"))
