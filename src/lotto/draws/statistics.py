"""Statistics: what a tally shows beside what fair draws would show.

Nothing here foretells anything: draws are independent, and every page that shows these figures says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from lotto.draws import tally
from lotto.draws.draw import Value
from lotto.draws.matrix import Matrix
from lotto.draws.pool import Pool, Shape
from lotto.draws.probability import among, band, chi_square_tail
from lotto.draws.tally import NEVER, PoolTally, Tally

INDEPENDENT = (
    "Draws are independent: what came before makes no value more or less likely, and these figures foretell nothing."
)
"""Goes with the figures wherever they are shown."""

UNEQUAL = "The operator gives its values different chances, so no count is expected of them."

FEW = 10
"""Pairs that are told at either end."""

ENOUGH = 5
"""So many of each value must be expected before a chi-square test means anything (Cochran's rule)."""


@dataclass(frozen=True)
class Count:
    """How many draws, or drawn values, were such; beside it what fair draws give and the band of 95 % of them."""

    count: int
    expected: float | None
    low: int | None
    high: int | None

    @property
    def is_outside(self) -> bool:
        """Outside its band: of a fair game's values about one in twenty is."""
        return self.low is not None and self.high is not None and not self.low <= self.count <= self.high


@dataclass(frozen=True)
class Occurrence:
    """A value: how often it came, and how long it stays away."""

    value: Value
    times: Count
    since: int | None
    """Draws held since the last that had it, 0 when that was the last; None when none had it."""
    longest: int
    """The most draws running without it, those before the first that had it and since the last included."""
    last_on: date | None


@dataclass(frozen=True)
class Uniformity:
    """How well the counts of all values fit equal chances.

    `p` is the chance that fair draws show counts at least as uneven; None where it would mean nothing, and `why`.
    """

    chi_square: float | None
    degrees: int
    p: float | None
    why: str = ""


@dataclass(frozen=True)
class Place:
    """One place of a pool whose places count."""

    place: int
    """From 1."""
    values: tuple[tuple[Value, Count], ...]
    uniformity: Uniformity


@dataclass(frozen=True)
class Pair:
    """Two values that were drawn together."""

    values: tuple[Value, Value]
    times: Count


@dataclass(frozen=True)
class Sums:
    """The sum of a draw's values."""

    mean: float | None
    deviation: float | None
    expected_mean: float
    expected_deviation: float
    counts: tuple[tuple[int, int], ...]
    """The sum, and how many draws had it; only those that came."""


@dataclass(frozen=True)
class PoolStatistics:
    """The figures of one pool; of one that cannot be counted there is only `why`."""

    pool: Pool
    why: str = ""
    draws: int = 0
    values: tuple[Occurrence, ...] = ()
    uniformity: Uniformity | None = None
    wait: float | None = None
    """From one draw that has a certain value to the next, on average so many draws."""
    places: tuple[Place, ...] = ()
    together: tuple[Pair, ...] = ()
    """The pairs that came together most often, the first of them first; FEW at the most."""
    apart: tuple[Pair, ...] = ()
    """The pairs that came together least often."""
    sums: Sums | None = None
    odd: tuple[Count, ...] = ()
    """Draws without an odd value, with one, with two, …"""
    low: tuple[Count, ...] = ()
    """Draws without a value of the lower half, with one, with two, …"""
    low_to: Value | None = None
    """The highest of the lower half."""


@dataclass(frozen=True)
class Statistics:
    """The figures of a stretch of draws of one matrix."""

    draws: int
    first_on: date | None
    last_on: date | None
    pools: tuple[PoolStatistics, ...]


def statistics(matrix: Matrix, counted: Tally) -> Statistics:
    """What a tally of draws of that matrix shows."""
    pools = tuple(_pool(pool, counted.pools.get(pool.name)) for pool in matrix.pools)
    return Statistics(counted.draws, counted.first_on, counted.last_on, pools)


def _pool(pool: Pool, one: PoolTally | None) -> PoolStatistics:
    if one is None:
        return PoolStatistics(pool, why=tally.uncountable(pool))
    fair = pool.shape is not Shape.TIMES
    # A value comes at most once into a draw, or each of the draw's values is a trial of its own.
    trials, chance = (one.draws * pool.take, 1 / pool.size) if pool.repeats else (one.draws, pool.take / pool.size)
    values = tally.values(pool)
    return PoolStatistics(
        pool,
        "" if fair else UNEQUAL,
        one.draws,
        tuple(
            Occurrence(value, times, *_runs(one, n), one.last_on[n])
            for n, (value, times) in enumerate(zip(values, _counts(one.counts, trials, chance, fair), strict=True))
        ),
        _uniformity(one.counts, pool, one.draws) if fair else None,
        (1 / (1 - (1 - 1 / pool.size) ** pool.take) if pool.repeats else pool.size / pool.take) if fair else None,
        tuple(
            Place(
                n,
                tuple(zip(values, _counts(place, one.draws, 1 / pool.size, fair), strict=True)),
                _of_single_values(place),
            )
            for n, place in enumerate(one.places, 1)
        ),
        *_pairs(pool, one),
        _sums(pool, one) if tally.has_sizes(pool) else None,
        _halves(pool, one, one.odd, _odd(pool)),
        _halves(pool, one, one.low, tally.lower_half(pool)),
        values[tally.lower_half(pool) - 1] if one.low else None,
    )


def _counts(counts: Iterable[int], trials: int, chance: float, fair: bool = True) -> list[Count]:
    """These counts, all of one chance, beside what is expected of each."""
    if not fair:
        return [Count(count, None, None, None) for count in counts]
    low, high = band(trials, chance)
    return [Count(count, trials * chance, low, high) for count in counts]


def _runs(one: PoolTally, n: int) -> tuple[int | None, int]:
    if one.first[n] == NEVER:
        return None, one.draws
    since = one.draws - 1 - one.last[n]
    return since, max(one.first[n], one.longest[n], since)


def _uniformity(counts: Sequence[int], pool: Pool, draws: int) -> Uniformity:
    """Pearson's chi-square of the counts against equal chances.

    The k values of a draw are taken out of N without putting any back, so the counts vary less than those of n·k free
    choices, and the plain statistic is too small to reject anything: its variance is right when it is multiplied by
    (N-1)/(N-k). Then it follows the chi-square distribution of N-1 degrees of freedom. See H. Joe, Tests of uniformity
    for sets of lotto numbers, Statistics & Probability Letters 16 (1993), and C. Genest, R. A. Lockhart and
    M. A. Stephens, Chi-square and the lottery, The Statistician 51 (2002).
    """
    if pool.repeats or pool.take == 1:
        return _of_single_values(counts)
    if pool.take >= pool.size:
        return Uniformity(None, pool.size - 1, None, "Every value comes in every draw.")
    return _of_single_values(counts, (pool.size - 1) / (pool.size - pool.take))


def _of_single_values(counts: Sequence[int], factor: float = 1.0) -> Uniformity:
    degrees = len(counts) - 1
    expected = sum(counts) / len(counts)
    if degrees == 0:
        return Uniformity(None, 0, None, "There is one value only.")
    if expected < ENOUGH:
        few = f"So few draws prove nothing: of each value fewer than {ENOUGH} are expected."
        return Uniformity(None, degrees, None, few)
    statistic = factor * sum((count - expected) ** 2 for count in counts) / expected
    return Uniformity(statistic, degrees, chi_square_tail(statistic, degrees))


def _pairs(pool: Pool, one: PoolTally) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Those most often and those least often together.

    No test of them all is given: pairs of one draw hang together, so their counts follow no plain chi-square.
    """
    if not tally.has_pairs(pool):
        return (), ()
    every = tally.pairs(pool)
    chance = pool.take * (pool.take - 1) / (pool.size * (pool.size - 1))
    order = sorted(range(len(every)), key=lambda n: -one.pairs.get(n, 0))

    def told(some: Sequence[int]) -> tuple[Pair, ...]:
        counts = _counts([one.pairs.get(n, 0) for n in some], one.draws, chance)
        return tuple(Pair(every[n], times) for n, times in zip(some, counts, strict=True))

    return told(order[:FEW]), told(order[: -FEW - 1 : -1])


def _sums(pool: Pool, one: PoolTally) -> Sums:
    size, take = pool.size, pool.take
    mean = deviation = None
    if one.draws:
        mean = sum(sum_ * count for sum_, count in one.sums.items()) / one.draws
        deviation = sqrt(sum((sum_ - mean) ** 2 * count for sum_, count in one.sums.items()) / one.draws)
    variance = take * (size**2 - 1) / 12 if pool.repeats else take * (size - take) * (size + 1) / 12
    return Sums(
        mean, deviation, take * (pool.lowest + pool.highest) / 2, sqrt(variance), tuple(sorted(one.sums.items()))
    )


def _halves(pool: Pool, one: PoolTally, counts: Sequence[int], marked: int) -> tuple[Count, ...]:
    if not counts:
        return ()
    chances = among(pool.take, pool.size, marked, pool.repeats)
    return tuple(
        Count(count, one.draws * chance, *band(one.draws, chance))
        for count, chance in zip(counts, chances, strict=True)
    )


def _odd(pool: Pool) -> int:
    return (pool.highest + 1) // 2 - pool.lowest // 2
