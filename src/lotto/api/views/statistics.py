"""Statistics, from what the house knows to what the world sees."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from lotto.api import schemas
from lotto.draws.lottery import Lottery
from lotto.draws.statistics import INDEPENDENT, Count, Pair, PoolStatistics, Statistics, Sums, Uniformity


def statistics(lottery: Lottery, since: date, until: date, found: Statistics) -> schemas.Statistics:
    """The figures of a span."""
    return schemas.Statistics(
        lottery=lottery.id,
        since=since,
        until=None if until == date.max else until,
        draws=found.draws,
        first_on=found.first_on,
        last_on=found.last_on,
        note=INDEPENDENT,
        pools=[_pool(one) for one in found.pools],
    )


def _pool(one: PoolStatistics) -> schemas.PoolStatistics:
    return schemas.PoolStatistics(
        pool=one.pool.name,
        title=one.pool.title,
        why=one.why,
        draws=one.draws,
        wait=one.wait,
        values=[
            schemas.ValueCount(
                value=some.value, since=some.since, longest=some.longest, last_on=some.last_on, **_count(some.times)
            )
            for some in one.values
        ],
        outside=sum(some.times.is_outside for some in one.values),
        uniformity=_uniformity(one.uniformity) if one.uniformity else None,
        places=[
            schemas.Place(
                place=place.place,
                values=[schemas.PlaceValueCount(value=value, **_count(times)) for value, times in place.values],
                uniformity=_uniformity(place.uniformity),
            )
            for place in one.places
        ],
        pairs=schemas.Pairs(most=_pairs(one.together), least=_pairs(one.apart)) if one.together else None,
        sums=_sums(one.sums) if one.sums else None,
        odd=_shares(one.odd),
        low=_shares(one.low),
        low_to=one.low_to,
    )


def _count(one: Count) -> dict[str, Any]:
    return {"count": one.count, "expected": _figure(one.expected), "low": one.low, "high": one.high}


def _uniformity(one: Uniformity) -> schemas.Uniformity:
    return schemas.Uniformity(chi_square=_figure(one.chi_square), degrees=one.degrees, p=_figure(one.p), why=one.why)


def _pairs(some: Sequence[Pair]) -> list[schemas.PairCount]:
    return [schemas.PairCount(values=list(pair.values), **_count(pair.times)) for pair in some]


def _sums(one: Sums) -> schemas.Sums:
    return schemas.Sums(
        mean=_figure(one.mean),
        deviation=_figure(one.deviation),
        expected_mean=one.expected_mean,
        expected_deviation=round(one.expected_deviation, 6),
        counts=[schemas.SumCount(sum=sum_, count=count) for sum_, count in one.counts],
    )


def _shares(every: Sequence[Count]) -> list[schemas.Share]:
    return [schemas.Share(of=n, **_count(one)) for n, one in enumerate(every)]


def _figure(value: float | None) -> float | None:
    """Six places are more than any count is worth."""
    return None if value is None else round(value, 6)
