"""How long a draw took from step to step on its way into the world, and how long most take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil

from lotto.draws.draw import DrawKey


class Step(StrEnum):
    """The steps of a draw, in their order; the words are public."""

    DRAWN = "drawn"
    SEEN = "seen"
    DECIDED = "decided"
    CARD = "card"
    POSTED = "posted"


@dataclass(frozen=True)
class Steps:
    """When each step of a draw was first made: those that were, and whose instant is known."""

    key: DrawKey
    at: Mapping[Step, datetime]

    def taken(self) -> Iterator[tuple[Step, datetime, float | None, float | None]]:
        """Each step made, with the seconds since the draw and since the step before; None where nobody can tell."""
        drawn, before = self.at.get(Step.DRAWN), None
        for step in Step:
            at = self.at.get(step)
            if at is not None:
                yield step, at, _seconds(drawn, at), _seconds(before, at)
                before = at


@dataclass(frozen=True)
class Percentiles:
    """Seconds within which half, nine of ten and ninety-nine of a hundred were done, and the longest."""

    p50: float
    p90: float
    p99: float
    longest: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Percentiles | None":
        """Of these, each one of them (nearest rank); None of none."""
        if not seconds:
            return None
        ranked = sorted(seconds)
        p50, p90, p99 = (ranked[ceil(share * len(ranked) / 100) - 1] for share in (50, 90, 99))
        return cls(p50, p90, p99, ranked[-1])


@dataclass(frozen=True)
class Pace:
    """How long one step takes: of how many draws that is known, since the draw and since the step before."""

    step: Step
    draws: int
    since_drawn: Percentiles | None
    took: Percentiles | None


def paces(draws: Sequence[Steps]) -> list[Pace]:
    """How long each step after the draw takes, over these draws."""
    made = [step for one in draws for step in one.taken()]
    found = []
    for wanted in list(Step)[1:]:
        own = [(since, took) for step, _, since, took in made if step is wanted]
        found.append(
            Pace(
                wanted,
                len(own),
                Percentiles.of([since for since, _ in own if since is not None]),
                Percentiles.of([took for _, took in own if took is not None]),
            )
        )
    return found


def _seconds(since: datetime | None, until: datetime) -> float | None:
    return None if since is None else (until - since).total_seconds()
