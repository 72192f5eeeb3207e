"""How long draws take on their way, as the world sees it."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from lotto.api.schemas.schema import Schema

Step = Literal["drawn", "seen", "decided", "card", "posted"]


class StepTaken(Schema):
    """A step of one draw, and when it was first made."""

    step: Step = Field(
        description="`drawn`; `seen`: the first source showed it; `decided`: its values were published here; `card`: "
        "its pictures were there; `posted`: the first post stood at a network"
    )
    at: datetime
    since_drawn: float | None = Field(description="seconds since the draw; null where its time is not known")
    took: float | None = Field(description="seconds since the step before; null of the first")


class Latency(Schema):
    """The steps of one draw, as far as they were made; none of a draw that was loaded from the past."""

    lottery: str
    date: date
    label: str
    steps: list[StepTaken]


class Percentiles(Schema):
    """Seconds within which half, 90 % and 99 % were done (nearest rank), and the longest."""

    p50: float
    p90: float
    p99: float
    longest: float


class Pace(Schema):
    """How long one step takes."""

    step: Step
    draws: int = Field(description="of so many draws it is known")
    since_drawn: Percentiles | None
    took: Percentiles | None = Field(description="since the step before")


class Paces(Schema):
    """How long a lottery's newest draws took, step by step."""

    lottery: str
    draws: int = Field(description="of the newest ones, those that were told as news and not loaded from the past")
    steps: list[Pace]


class HousePaces(Schema):
    """How long the newest draws of all lotteries took, step by step."""

    draws: int = Field(description="of the newest ones of each lottery, those that were told as news")
    steps: list[Pace]
