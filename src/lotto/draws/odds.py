"""Odds: the exact chance of each way to win, counted from the pools."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from math import comb, perm, prod

from lotto.draws.lottery import Era
from lotto.draws.pool import Pool
from lotto.draws.prizes import Tier


def chance(era: Era, tier: Tier) -> Fraction:
    """The chance of one ticket to match what the tier asks for, and nothing else of the pools it names.

    A pool drawn from the rest of another is matched by the same choice of the player: six numbers chosen, five of them
    drawn, and the sixth the bonus. Raises ValueError with a sentence for a tier that no such count can tell.
    """
    total = Fraction(1)
    named = {name: _named(era, name) for name in tier.match}
    owners = dict.fromkeys(pool.rest_of or pool.name for pool in named.values())
    for name in owners:
        owner = _named(era, name)
        rests = [pool for pool in named.values() if pool.rest_of == name]
        if owner.repeats or owner.ordered or any(pool.repeats for pool in rests):
            if rests:
                raise ValueError(f"The {rests[0].name} pool is drawn beside one whose places count; count it by hand.")
            total *= sum(_in_place(owner, matched) for matched in tier.match[name])
            continue
        picked = tier.pick.get(name, owner.take)
        wanted = [tier.match.get(name, tuple(range(picked + 1))), *(tier.match[pool.name] for pool in rests)]
        drawn = [owner.take, *(pool.take for pool in rests)]
        ways = sum(_ways(owner.size, drawn, picked, matched) for matched in product(*wanted))
        total *= Fraction(ways, comb(owner.size, picked))
    return total


def any_tier(era: Era) -> list[tuple[dict[str, int], Fraction | None]]:
    """The chance of one ticket to win anything, for each choice of how many values are chosen (`Tier.pick`).

    Tiers may overlap: every way to match is counted once. None where no count can tell it.
    """
    picks = list({tuple(sorted(tier.pick.items())): dict(tier.pick) for tier in era.tiers}.values())
    return [(pick, _any(era, [tier for tier in era.tiers if tier.pick == pick], pick)) for pick in picks]


def _any(era: Era, tiers: list[Tier], pick: dict[str, int]) -> Fraction | None:
    names = list(dict.fromkeys(name for tier in tiers for name in tier.match))
    total = Fraction(0)
    try:
        for cell in product(*(range(_named(era, name).take + 1) for name in names)):
            matched = dict(zip(names, cell, strict=True))
            if any(all(matched[name] in counts for name, counts in tier.match.items()) for tier in tiers):
                total += chance(era, Tier("", {name: (count,) for name, count in matched.items()}, pick))
    except ValueError:
        return None
    return total


def one_in(chance: Fraction) -> Fraction:
    """How many tickets it takes for one that wins: 13,983,816 for six of 49."""
    return 1 / chance


def _named(era: Era, name: str) -> Pool:
    pool = era.pool(name)
    if pool is None:
        raise ValueError(f"There is no pool “{name}” in this era.")
    if pool.among:
        raise ValueError(f"The {name} pool is drawn from among the {pool.among} pool; count its tier by hand.")
    return pool


def _ways(size: int, drawn: Iterable[int], picked: int, matched: Iterable[int]) -> int:
    """In how many ways a choice has so many values of each drawn set, and the others of what was not drawn."""
    drawn, matched = list(drawn), list(matched)
    left = picked - sum(matched)
    if left < 0:
        return 0
    return prod(map(comb, drawn, matched)) * comb(size - sum(drawn), left)


def _in_place(pool: Pool, matched: int) -> Fraction:
    """The chance that so many values are right and in their place."""
    if matched > pool.take:
        return Fraction(0)
    if pool.repeats:
        right = Fraction(1, pool.size)
        return comb(pool.take, matched) * right**matched * (1 - right) ** (pool.take - matched)
    if matched == pool.take:
        return Fraction(1, perm(pool.size, pool.take))
    raise ValueError(f"Some places right of the {pool.name} pool without repeats: count that tier by hand.")
