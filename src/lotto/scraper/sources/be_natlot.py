"""The Belgian National Lottery's draw service: JSON of the Keno draw of a day, with what every level paid.

The twenty stand ascending, and so do they in what calls itself the order of their revealing. Money is in cents.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from lotto.scraper.contents import document, instant, once
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

ZONE = ZoneInfo("Europe/Brussels")
NAME = "Keno"
DAY = (
    "https://apim.prd.natlot.be/api/v4/draw-games/draws"
    "?status=PAYABLE&date-from={}000&date-to={}000&size=1&game-names=Keno"
)


class Result(Struct):
    """What was drawn."""

    primary: list[str]


class Tier(Struct):
    """A way to win."""

    name: str
    shareCount: int  # noqa: N815 - the names are the lottery's
    shareAmount: int  # noqa: N815


class Draw(Struct):
    """A draw that is paid."""

    gameName: str  # noqa: N815
    id: str
    drawTime: int  # noqa: N815
    results: list[Result] = []
    prizeTiers: list[Tier] = []  # noqa: N815


class Draws(Struct):
    """The draws asked for."""

    draws: list[Draw]


class Natlot(Source):
    """There is one name, “Keno”."""

    publisher = "Nationale Loterij – Loterie Nationale"
    official = True
    origin = "natlot"
    home = "https://www.nationale-loterij.be"
    hosts = ("apim.prd.natlot.be",)

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != NAME:
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is {NAME}.")
        # A day of UTC holds the evening of the day in Brussels.
        midnight = datetime(ask.since.year, ask.since.month, ask.since.day, tzinfo=UTC)
        for day in range(2):
            first = midnight + timedelta(days=day)
            yield Request(DAY.format(int(first.timestamp()), int((first + timedelta(days=1)).timestamp())))

    def read(self, page: Page) -> Iterator[Reading]:
        draws = [draw for draw in document(page, Draws).draws if draw.results]
        if not draws:
            raise PageNotYet("The draw of that day has no numbers yet.")
        yield from once([_reading(draw) for draw in draws])


def _reading(draw: Draw) -> Reading:
    if draw.gameName != NAME or not re.fullmatch("[0-9]{1,9}", draw.id):
        raise PageChanged(f"The layout changed: “{draw.gameName[:40]} {draw.id[:20]}” is not a draw of the Keno.")
    if len(draw.results) != 1:
        raise PageChanged(f"The layout changed: draw {draw.id} has {len(draw.results)} results, not one.")
    main = tuple(draw.results[0].primary)
    if not main or not all(re.fullmatch("[0-9]{1,2}", number) for number in main):
        raise PageChanged(f"The layout changed: “{' '.join(main)[:80]}” are not the numbers of draw {draw.id}.")
    on = instant(draw.drawTime, ZONE).date()
    return Reading(NAME, on, {"main": main}, serial=draw.id, prizes=tuple(map(_payout, draw.prizeTiers)))


def _payout(tier: Tier) -> Payout:
    """“9/10” is our 9 of 10."""
    found = re.fullmatch("([0-9]{1,2})/([0-9]{1,2})", tier.name)
    if found is None or tier.shareCount < 0 or tier.shareAmount < 0:
        raise PageChanged(f"The layout changed: “{tier.name[:40]}” is not a way to win.")
    euros = Amount(f"{tier.shareAmount // 100}.{tier.shareAmount % 100:02}", "EUR")
    return Payout(f"{found[1]} of {found[2]}", str(tier.shareCount), euros)
