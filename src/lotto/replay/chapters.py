"""The chapters of the practice world: which days are played. Dates are facts, so time only ever goes forward."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Chapter:
    """A stretch of days whose draws are played one by one; what was drawn before or between is history."""

    title: str
    starts_at: datetime
    ends_at: datetime


DEMO = (
    Chapter(
        "A night and a day in America", datetime(2023, 8, 15, 22, tzinfo=UTC), datetime(2023, 8, 17, 12, tzinfo=UTC)
    ),
    Chapter("The Dominican boards", datetime(2025, 8, 5, 11, tzinfo=UTC), datetime(2025, 9, 30, 12, tzinfo=UTC)),
)
"""Fifteen draws of the American games, then the Dominican quinielas among New York's daily draws: some 380 in all.

The Mega Millions of 2022-05-10, on which New York and Texas disagree, is history from the first second.
"""

BENCH = (
    Chapter("A summer of American draws", datetime(2023, 6, 12, 12, tzinfo=UTC), datetime(2023, 8, 19, 12, tzinfo=UTC)),
)
"""More than 500 draws without a jump over years in between: for measuring."""

STORM = (
    Chapter("Eight months in America", datetime(2022, 12, 30, 12, tzinfo=UTC), datetime(2023, 8, 19, 12, tzinfo=UTC)),
)
"""More than 2,000 draws: for proving what becomes of them when everything dies all the time."""

DISAGREEMENT = (
    Chapter(
        "The Mega Ball read out wrong", datetime(2022, 5, 9, 12, tzinfo=UTC), datetime(2022, 5, 12, 12, tzinfo=UTC)
    ),
)
"""Powerball, the Mega Millions on which the sources disagree, Powerball: to see a draw held as it happens."""

CHAPTERS = {"demo": DEMO, "bench": BENCH, "storm": STORM, "disagreement": DISAGREEMENT}
"""By the name that a command line gives."""
