"""Veikkaus: JSON of the Keno draws of a day, three of them, each with its king number among the twenty.

Numbers stand ascending. Every level tells how many won and not what they did: that is the stake times a factor. The
levels of the king option stand a second time under the same names, marked as additional.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from lotto.scraper.contents import document, instant, once
from lotto.scraper.sources.source import (
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

ZONE = ZoneInfo("Europe/Helsinki")
DAY = "https://www.veikkaus.fi/api/draw-results/v1/games/KENO/draws/by-day/{}"
NAMES = ("Keno Päiväarvonta", "Keno Ilta-arvonta", "Keno Myöhäisillan arvonta")
"""By day, in the evening, late in the evening."""


class Result(Struct):
    """What was drawn, and the king."""

    primary: list[str]
    secondary: list[str]


class Tier(Struct):
    """A way to win."""

    name: str
    shareCount: int  # noqa: N815 - the names are Veikkaus's
    additionalPrizeTier: bool  # noqa: N815


class Draw(Struct):
    """A draw of the day."""

    brandName: str  # noqa: N815
    id: int
    drawTime: int  # noqa: N815
    results: list[Result] = []
    prizeTiers: list[Tier] = []  # noqa: N815


class Veikkaus(Source):
    """The names are those of the draws, as in “Keno Ilta-arvonta”."""

    publisher = "Veikkaus"
    official = True
    origin = "veikkaus"
    home = "https://www.veikkaus.fi"

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in NAMES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(NAMES)}.")
        for day in range(2):
            yield Request(DAY.format(ask.since + timedelta(days=day)))

    def read(self, page: Page) -> Iterator[Reading]:
        draws = [draw for draw in document(page, list[Draw]) if draw.results]
        if not draws:
            raise PageNotYet("No draw of that day has numbers yet.")
        yield from once([_reading(draw) for draw in draws])


def _reading(draw: Draw) -> Reading:
    if draw.brandName not in NAMES:
        raise PageChanged(f"The layout changed: “{draw.brandName[:40]}” is not a draw of the Keno we know.")
    if len(draw.results) != 1:
        raise PageChanged(f"The layout changed: draw {draw.id} has {len(draw.results)} results, not one.")
    told = {"main": tuple(draw.results[0].primary), "king": tuple(draw.results[0].secondary)}
    shown = [number for numbers in told.values() for number in numbers]
    if not told["main"] or not all(re.fullmatch("[0-9]{1,2}", number) for number in shown):
        raise PageChanged(f"The layout changed: “{' '.join(shown)[:80]}” are not the numbers of draw {draw.id}.")
    return Reading(
        draw.brandName,
        instant(draw.drawTime, ZONE).date(),
        {pool: numbers for pool, numbers in told.items() if numbers},
        serial=str(draw.id),
        prizes=tuple(map(_payout, draw.prizeTiers)),
    )


def _payout(tier: Tier) -> Payout:
    """“9/11 oikein” is our 9 of 11."""
    found = re.fullmatch("([0-9]{1,2})/([0-9]{1,2}) oikein", tier.name)
    if found is None or tier.shareCount < 0:
        raise PageChanged(f"The layout changed: “{tier.name[:40]}” is not a way to win.")
    return Payout(f"{found[1]} of {found[2]}{' + Kunkku' if tier.additionalPrizeTier else ''}", str(tier.shareCount))
