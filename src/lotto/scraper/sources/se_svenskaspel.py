"""Svenska Spel's draw service: JSON of one Keno draw with what every level paid, each draw known by its number.

The answer names no day of the draw; sales close on it, so that day is the draw's. Balls stand in drawn order. Draws are
asked for by numbers counted on from a known one, a number a day: should a day ever be left out, the days around it
still find the right one, and the day of the answer decides.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from lotto.scraper.contents import amount, document
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

NAME = "Keno"
ONE = "https://api.www.svenskaspel.se/draw/1/keno/draws/{}/result"
KNOWN = (11647, date(2024, 11, 18))
"""A draw and its day."""


class Row(Struct):
    """A way to win on a level: “9 rätt”."""

    name: str
    winners: int
    amount: str


class Level(Struct):
    """How many numbers were played: “Keno 11”."""

    name: str
    distribution: list[Row]


class Result(Struct):
    """A draw."""

    productName: str  # noqa: N815 - the names are Svenska Spel's
    drawNumber: int  # noqa: N815
    regCloseTime: str  # noqa: N815
    numbers: list[int] | None
    kungKenoNumber: list[int] | None  # noqa: N815
    distributionRegular: list[Level] | None  # noqa: N815
    distributionKungKeno: list[Level] | None  # noqa: N815


class Answer(Struct):
    """What the service says; without a draw of that number there is no result."""

    result: Result | None


class SvenskaSpel(Source):
    """There is one name, “Keno”."""

    publisher = "Svenska Spel"
    official = True
    origin = "svenskaspel"
    home = "https://www.svenskaspel.se"
    hosts = ("api.www.svenskaspel.se",)

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != NAME:
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is {NAME}.")
        number, on = KNOWN
        for day in range(-1, 2):
            asked = number + (ask.since - on).days + day
            if asked > 0:
                yield Request(ONE.format(asked))

    def read(self, page: Page) -> Iterator[Reading]:
        result = document(page, Answer).result
        if result is None:
            raise PageNotYet("The service has no result under that number yet.")
        if result.productName != NAME:
            raise PageChanged(f"The layout changed: this is a result of “{result.productName[:40]}”, not of {NAME}.")
        if not result.numbers:
            raise PageNotYet(f"Draw {result.drawNumber} has no numbers yet.")
        told = {"main": tuple(map(str, result.numbers)), "king": tuple(map(str, result.kungKenoNumber or ()))}
        levels = (("", result.distributionRegular), (" + Kung", result.distributionKungKeno))
        yield Reading(
            NAME,
            _day(result.regCloseTime),
            {pool: values for pool, values in told.items() if values},
            drawn_order=True,
            serial=str(result.drawNumber),
            prizes=tuple(payout for king, told_of in levels for payout in _payouts(king, told_of or ())),
        )


def _payouts(king: str, levels: list[Level] | tuple[()]) -> Iterator[Payout]:
    """“9 rätt” of “Keno 11” is our 9 of 11."""
    for level in levels:
        for row in level.distribution:
            tier = re.fullmatch("Keno ([0-9]{1,2}) ([0-9]{1,2}) rätt", f"{level.name} {row.name}")
            if tier is None or row.winners < 0:
                raise PageChanged(f"The layout changed: “{level.name[:20]}, {row.name[:20]}” is not a way to win.")
            yield Payout(
                f"{tier[2]} of {tier[1]}{king}", str(row.winners), amount(row.amount, decimal=",", currency="SEK")
            )


def _day(shown: str) -> date:
    """The local day of a moment as in 2024-11-18T18:25:00+01:00."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+]0[12]:00", shown):
        raise PageChanged(f"The layout changed: “{shown[:40]}” is not the time when sales close.")
    try:
        return datetime.fromisoformat(shown).date()
    except ValueError:
        raise PageChanged(f"“{shown}” is no time.") from None
