"""What a person may rule of a draw: values that a source shows, or that the person gives, if the game can draw them.

Pure. Rules about time and about repeats a person may overrule; what no draw of this game can be, nobody.
"""

import re
from collections.abc import Sequence
from itertools import combinations

from lotto.draws.draw import DrawKey, Numbers, Observation, Seen, Value
from lotto.draws.lottery import Era, Lottery
from lotto.draws.verdict import compatible, spell, union

WRITTEN = re.compile(r"(?:^|\s)([^\s=,]+)=")
"""Where the values of a pool begin in `main=1,2,3 bonus=4`."""


class Unfit(ValueError):
    """That cannot be ruled; the message is a sentence for the person."""


def shown(lottery: Lottery, key: DrawKey, said: Sequence[Observation], source: str | None = None) -> Numbers:
    """The values that this source shows of the draw, or that all show who show any; raises Unfit."""
    era = _era(lottery, key)
    everyone = [one for one in said if any(value is not None for values in one.numbers.values() for value in values)]
    names = ", ".join(sorted(one.source for one in everyone))
    if source is not None:
        chosen = [one for one in everyone if one.source == source]
        if not chosen:
            raise Unfit(f"{source} shows no numbers of {key}" + (f"; {names} did." if names else ", nor does another."))
    else:
        chosen = everyone
        for one, other in combinations(everyone, 2):
            if not compatible(era.pools, one.numbers, other.numbers):
                raise Unfit(
                    f"{one.source} shows {spell(one.numbers)}, and {other.source} {spell(other.numbers)}: say whom you "
                    "believe with --source, or give the numbers with `lotto correct`."
                )
    whole = [one for one in chosen if lottery.is_whole(key, one.numbers)]
    if not whole:
        who = source or "any source"
        raise Unfit(f"Not all numbers of {key} are shown by {who}: give them with `lotto correct`.")
    return _possible(lottery, key, union(era.pools, whole))


def given(lottery: Lottery, key: DrawKey, text: str) -> Numbers:
    """The values written as `main=1,2,3 bonus=4`, a pool a word and its values after it; raises Unfit."""
    era = _era(lottery, key)
    before, *parts = WRITTEN.split(text.strip())
    pools = ", ".join(pool.name for pool in era.pools)
    if before or not parts:
        raise Unfit(f"“{text}” is not written like main=1,2,3 bonus=4; the pools of {key} are {pools}.")
    numbers: dict[str, tuple[Value, ...]] = {}
    for name, written in zip(parts[::2], parts[1::2], strict=True):
        pool = era.pool(name)
        if pool is None:
            raise Unfit(f"{lottery.name} has no pool “{name}” on {key.date}; it has {pools}.")
        if name in numbers:
            raise Unfit(f"The {name} pool is given twice.")
        try:
            values = pool.arranged([pool.value(value) for value in written.split(",")])
        except ValueError as error:
            raise Unfit(f"{error}.") from None
        numbers[name] = tuple(value for value in values if value is not None)
    return _possible(lottery, key, numbers)


def _era(lottery: Lottery, key: DrawKey) -> Era:
    era = lottery.era(key.date)
    if era is None:
        raise Unfit(f"{lottery.name} has no rules for {key.date}; its first era starts on {lottery.eras[0].starts_on}.")
    return era


def _possible(lottery: Lottery, key: DrawKey, numbers: Seen) -> Numbers:
    """These values in the order of the pools; raises Unfit unless they are all of a draw that the rules allow."""
    era = _era(lottery, key)
    for misfit in era.misfits(key.date, numbers):
        raise Unfit(misfit)
    for pool in era.pools:
        values = numbers.get(pool.name)
        if values is None and pool.optional:
            continue
        if not pool.is_whole(values or ()):
            takes = f"{pool.least} to {pool.take}" if pool.fewest is not None else f"{pool.take}"
            raise Unfit(f"The {pool.name} pool takes {takes}, not {len(values or ())}.")
    return {
        pool.name: tuple(value for value in numbers[pool.name] if value is not None)
        for pool in era.pools
        if pool.name in numbers
    }
