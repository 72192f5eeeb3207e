"""How long draws take on their way, as the API answers it."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StepAnswer:
    """A step of one draw, and when it was first made; lengths in seconds."""

    step: str
    at: dt.datetime
    since_drawn: float | None
    took: float | None


@dataclass(frozen=True, kw_only=True)
class LatencyAnswer:
    """The steps of one draw, as far as they were made."""

    steps: tuple[StepAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class PercentilesAnswer:
    """Seconds within which half, nine of ten and ninety-nine of a hundred were done."""

    p50: float
    p90: float
    p99: float
    longest: float


@dataclass(frozen=True, kw_only=True)
class PaceAnswer:
    """How long one step takes."""

    step: str
    draws: int
    since_drawn: PercentilesAnswer | None
    took: PercentilesAnswer | None


@dataclass(frozen=True, kw_only=True)
class PacesAnswer:
    """How long the newest draws took, step by step."""

    draws: int
    steps: tuple[PaceAnswer, ...]
