"""Lotteries as the world sees them: pools, calendar, ways to win, eras."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from lotto.api.schemas.schema import Schema


class Pool(Schema):
    """A set that values are taken from; `shape` tells how to show one.

    Numbers and digits lie from `lowest` to `highest`; `words` are all there are, each with what people call it; a
    ticket is `written` so. A pool that varies takes `fewest` to `take` values.
    """

    name: str
    title: str
    take: int
    fewest: int | None = None
    kind: Literal["number", "digit", "word", "ticket"]
    shape: Literal["main", "bonus", "star", "times", "place", "digit", "animal", "ticket"]
    lowest: int
    highest: int
    words: dict[str, str] = Field({})
    written: str = ""
    ordered: bool
    repeats: bool
    optional: bool
    rest_of: str = ""
    among: str = ""


class Slot(Schema):
    """A draw that the calendar repeats: local time, weekdays (0 is Monday) and days of the month, and its label.

    With `every` it is a rhythm: a draw at `at`, and so many minutes after each other until `until`.
    """

    label: str
    at: str
    days: list[int]
    dates: list[int] = Field([])
    every: int = 0
    until: str = ""


class Tier(Schema):
    """A way to win: how many values of each pool a ticket must match; `one_in` so many tickets does."""

    name: str
    match: dict[str, list[int]]
    pick: dict[str, int]
    pays: Decimal | None
    one_in: Decimal | None


class Era(Schema):
    """Rules valid from a day. With `any_day` no calendar tells when it is drawn."""

    starts_on: date
    pools: list[Pool]
    calendar: list[Slot]
    any_day: bool = False
    tiers: list[Tier] = Field([])


class NextDraw(Schema):
    """The first draw the calendar foresees from now."""

    date: date
    label: str
    drawn_at: datetime


class LotterySummary(Schema):
    """A lottery as lists and draws name it."""

    id: str
    name: str
    country: str
    region: str
    operator: str
    zone: str
    currency: str
    language: str
    hue: int
    chroma: float


class Lottery(LotterySummary):
    """A lottery with the history of its rules."""

    eras: list[Era]
    sources: list[str]
    next_draw: NextDraw | None


class ComingDraw(NextDraw):
    """A draw that the calendar of some lottery foresees."""

    game: LotterySummary
