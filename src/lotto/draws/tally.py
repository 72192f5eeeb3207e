"""A tally: how often each thing came out in a stretch of draws, kept so that two stretches make a longer one.

It is all that statistics need, and grows with the pools and not with the draws. Counts add up; of runs without a value
it keeps the first and last draw that had it, so that a run over the seam is known when stretches are joined.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from operator import add

from lotto.draws.draw import Numbers, Value
from lotto.draws.matrix import Matrix
from lotto.draws.pool import Kind, Pool, Shape

MANY = 1_000
"""A pool of more values is not counted value by value."""

PAIRED = 100
"""A pool of more values is not counted by pairs."""

NEVER = -1


@dataclass(frozen=True)
class PoolTally:
    """What came out of one pool in a stretch of draws; lists follow the order of its values, the lowest first."""

    draws: int
    """Draws that tell the pool: an optional one is not told by all."""
    counts: list[int]
    first: list[int]
    """The first draw that had the value, from 0; NEVER where none did."""
    last: list[int]
    longest: list[int]
    """The longest run of draws without the value between two that had it."""
    last_on: list[date | None]
    places: list[list[int]] = field(default_factory=list)
    """By place, where places count."""
    pairs: dict[int, int] = field(default_factory=dict)
    """How many draws had both values of a pair, of the pairs that came; each by its place in `pairs` of the pool."""
    sums: dict[int, int] = field(default_factory=dict)
    """The sum of a draw's values → how many draws had it."""
    odd: list[int] = field(default_factory=list)
    """How many draws had no odd value, one, two, …"""
    low: list[int] = field(default_factory=list)
    """The same of values of the lower half."""


@dataclass(frozen=True)
class Tally:
    """What came out in a stretch of draws of one matrix, by pool; pools that cannot be counted are not in it."""

    draws: int
    first_on: date | None
    last_on: date | None
    pools: dict[str, PoolTally]


def uncountable(pool: Pool) -> str:
    """Why the values of this pool are not counted, a sentence; empty when they are."""
    called = pool.title or pool.name
    if pool.kind is Kind.TICKET:
        return f"{called} is written to a pattern and not taken from values that come again, so nothing is counted."
    if pool.fewest is not None:
        return f"{called} has not the same number of values in every draw, so no count of them can be judged."
    if pool.size > MANY:
        return f"{called} has {pool.size} values: each comes so seldom that counting them tells nothing."
    return ""


def values(pool: Pool) -> list[Value]:
    """Every value of a pool, in the order of a tally's lists."""
    if pool.kind is Kind.WORD:
        return list(pool.words)
    numbers = range(pool.lowest, pool.highest + 1)
    return [str(n).zfill(pool.width) for n in numbers] if pool.kind is Kind.DIGIT else list(numbers)


def has_places(pool: Pool) -> bool:
    """Whether it is counted place by place as well."""
    return pool.ordered and pool.take > 1


def has_pairs(pool: Pool) -> bool:
    """Whether it is counted which values come together."""
    return not pool.repeats and pool.take > 1 and pool.size <= PAIRED


def has_sizes(pool: Pool) -> bool:
    """Whether its values are numbers whose size means something: not words, and no factor to multiply by."""
    return pool.kind in (Kind.NUMBER, Kind.DIGIT) and pool.shape is not Shape.TIMES and pool.take > 1


def lower_half(pool: Pool) -> int:
    """How many values are low; of an odd number of values the one in the middle is high."""
    return pool.size // 2


def pairs(pool: Pool) -> list[tuple[Value, Value]]:
    """Every pair of values: the lowest with each other one, then the next with those above it, and so on."""
    return list(combinations(values(pool), 2))


def count(matrix: Matrix, drawn: Sequence[tuple[date, Numbers]]) -> Tally:
    """The tally of these draws, given in the order in which they were held.

    A draw whose values are none of a pool's, or too few, does not count for that pool.
    """
    pools = {
        pool.name: _count(pool, ((on, numbers[pool.name]) for on, numbers in drawn if pool.name in numbers))
        for pool in matrix.pools
        if not uncountable(pool)
    }
    return Tally(len(drawn), drawn[0][0] if drawn else None, drawn[-1][0] if drawn else None, pools)


def join(stretches: Sequence[Tally]) -> Tally:
    """The tally of several stretches of one matrix, at least one, the oldest first."""
    days = [one for one in stretches if one.draws]
    return Tally(
        sum(one.draws for one in stretches),
        days[0].first_on if days else None,
        days[-1].last_on if days else None,
        {name: _join([one.pools[name] for one in stretches]) for name in stretches[0].pools},
    )


def _count(pool: Pool, drawn: Iterable[tuple[date, Sequence[Value]]]) -> PoolTally:
    at = {value: n for n, value in enumerate(values(pool))}
    size, half = len(at), lower_half(pool)
    draws = 0
    counts, longest = [0] * size, [0] * size
    first, last = [NEVER] * size, [NEVER] * size
    last_on: list[date | None] = [None] * size
    places = [[0] * size for _ in range(pool.take if has_places(pool) else 0)]
    together: Counter[tuple[int, int]] = Counter()
    sums: Counter[int] = Counter()
    odd, low = ([0] * (pool.take + 1 if has_sizes(pool) else 0) for _ in range(2))
    paired, sized = has_pairs(pool), has_sizes(pool)
    for on, shown in drawn:
        if len(shown) != pool.take or any(value not in at for value in shown):
            continue
        came = [at[value] for value in shown]
        for place, n in enumerate(came):
            counts[n] += 1
            if places:
                places[place][n] += 1
            if first[n] == NEVER:
                first[n] = draws
            else:
                longest[n] = max(longest[n], draws - last[n] - 1)
            last[n], last_on[n] = draws, on
        if paired:
            together.update(combinations(sorted(came), 2))
        if sized:
            sums[sum(came) + pool.take * pool.lowest] += 1
            odd[sum((n + pool.lowest) % 2 for n in came)] += 1
            low[sum(n < half for n in came)] += 1
        draws += 1
    # Before the pairs that begin with `n` stand those of the values below it.
    couples = {n * (2 * size - n - 1) // 2 + other - n - 1: times for (n, other), times in together.items()}
    return PoolTally(draws, counts, first, last, longest, last_on, places, couples, dict(sums), odd, low)


def _join(stretches: Sequence[PoolTally]) -> PoolTally:
    draws, size = 0, len(stretches[0].counts)
    first, last, longest = [NEVER] * size, [NEVER] * size, [0] * size
    last_on: list[date | None] = [None] * size
    sums: Counter[int] = Counter()
    together: Counter[int] = Counter()
    for one in stretches:
        for n, came in enumerate(one.first):
            if came == NEVER:
                continue
            seam = 0 if last[n] == NEVER else draws + came - last[n] - 1
            longest[n] = max(longest[n], one.longest[n], seam)
            first[n] = draws + came if first[n] == NEVER else first[n]
            last[n], last_on[n] = draws + one.last[n], one.last_on[n]
        sums.update(one.sums)
        together.update(one.pairs)
        draws += one.draws
    return PoolTally(
        draws,
        _total([one.counts for one in stretches]),
        first,
        last,
        longest,
        last_on,
        [_total(each) for each in zip(*(one.places for one in stretches), strict=True)],
        dict(together),
        dict(sums),
        _total([one.odd for one in stretches]),
        _total([one.low for one in stretches]),
    )


def _total(lists: Sequence[list[int]]) -> list[int]:
    total = list(lists[0])
    for one in lists[1:]:
        total = list(map(add, total, one))
    return total
