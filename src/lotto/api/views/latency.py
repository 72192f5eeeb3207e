"""How long draws take, from what the house knows to what the world sees."""

from collections.abc import Sequence

from lotto.api import schemas
from lotto.draws import steps
from lotto.draws.draw import DrawKey
from lotto.draws.steps import Pace, Percentiles, Steps


def latency(key: DrawKey, found: Steps | None) -> schemas.Latency:
    """The steps of one draw."""
    return schemas.Latency(
        lottery=key.lottery,
        date=key.date,
        label=key.label,
        steps=[
            schemas.StepTaken(step=step.value, at=at, since_drawn=since, took=took)
            for step, at, since, took in (found.taken() if found else ())
        ],
    )


def paces(lottery: str, draws: Sequence[Steps]) -> schemas.Paces:
    """How long each step takes, over these draws of a lottery."""
    return schemas.Paces(lottery=lottery, draws=len(draws), steps=[_pace(one) for one in steps.paces(draws)])


def house_paces(draws: Sequence[Steps]) -> schemas.HousePaces:
    """How long each step takes, over these draws of all lotteries."""
    return schemas.HousePaces(draws=len(draws), steps=[_pace(one) for one in steps.paces(draws)])


def _pace(one: Pace) -> schemas.Pace:
    return schemas.Pace(
        step=one.step.value,
        draws=one.draws,
        since_drawn=_percentiles(one.since_drawn),
        took=_percentiles(one.took),
    )


def _percentiles(one: Percentiles | None) -> schemas.Percentiles | None:
    return schemas.Percentiles(p50=one.p50, p90=one.p90, p99=one.p99, longest=one.longest) if one else None
