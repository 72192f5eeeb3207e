"""A change: one value that a correction replaced."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from lotto.draws.draw import Draw, Value
from lotto.draws.pool import Pool


@dataclass(frozen=True)
class Change:
    """What stood in a pool before and what stands there now; None where one of them has no partner.

    `place` counts from 0 and says where the new value stands among the pool's values (the old one if there is no new).
    """

    pool: Pool
    place: int
    old: Value | None
    new: Value | None


def changes(pools: Sequence[Pool], draw: Draw) -> tuple[Change, ...]:
    """What this revision replaced, in the order of the pools; nothing unless the draw is a correction."""
    if draw.revision < 2 or not draw.replaces:
        return ()
    return tuple(
        change
        for pool in pools
        for change in _of_pool(pool, draw.replaces.get(pool.name, ()), draw.numbers.get(pool.name, ()))
    )


def _of_pool(pool: Pool, before: Sequence[Value], now: Sequence[Value]) -> Iterator[Change]:
    if pool.ordered:
        for place, (old, new) in enumerate(zip_longest(before, now)):
            if old != new:
                yield Change(pool, place, old, new)
        return
    gone, come = Counter(before) - Counter(now), Counter(now) - Counter(before)
    for old, new in zip_longest(gone.elements(), come.elements()):
        place = now.index(new) if new is not None else before.index(old)
        yield Change(pool, place, old, new)
