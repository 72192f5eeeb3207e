"""Lotto 6/45 of Korea as a repository shows it: all draws in one JSON document, or one draw that fills in over minutes.

A division without a winner is an empty object, and so is one that is not known yet: neither is told. Days are written
with a midnight of UTC that means nothing.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from lotto.scraper.contents import day, document, once
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

TIERS = ("6", "5+1", "5", "4", "3")


class Division(Struct):
    """What one division paid; both or neither."""

    prize: int | None = None
    winners: int | None = None


class Draw(Struct):
    """One draw, the balls ascending."""

    draw_no: int
    numbers: list[int]
    bonus_no: int
    date: str
    divisions: list[Division]


class Smok95(Source):
    """There is one name, “lotto”."""

    publisher = "smok95/lotto"
    official = False
    origin = "dhlottery"
    home = "https://smok95.github.io"
    pace = 300.0
    resting = "It repeats what the operator's own page shows, and is kept for its history."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != "lotto":
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is lotto.")
        yield Request("https://smok95.github.io/lotto/results/all.json")

    def read(self, page: Page) -> Iterator[Reading]:
        told = document(page, list[Draw] | Draw)  # type: ignore[arg-type] # msgspec takes unions
        draws = told if isinstance(told, list) else [told]
        if not draws:
            raise PageNotYet("There is no draw in the list yet.")
        yield from once([_reading(draw, page) for draw in draws])


def _reading(draw: Draw, page: Page) -> Reading:
    on = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})T00:00:00Z", draw.date)
    if on is None:
        raise PageChanged(f"The layout changed: “{draw.date[:40]}” is not the day of a draw.")
    if len(draw.numbers) != 6 or len(draw.divisions) != len(TIERS):
        raise PageChanged(f"Draw {draw.draw_no} has {len(draw.numbers)} balls and {len(draw.divisions)} divisions.")
    return Reading(
        "lotto",
        day(on[1], on[2], on[3], page.at),
        {"main": tuple(map(str, draw.numbers)), "bonus": (str(draw.bonus_no),)},
        serial=str(draw.draw_no),
        prizes=tuple(
            Payout(tier, str(one.winners), Amount(str(one.prize)))
            for tier, one in zip(TIERS, draw.divisions, strict=True)
            if one.prize is not None and one.winners is not None
        ),
    )
