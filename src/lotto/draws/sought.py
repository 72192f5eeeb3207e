"""A value that somebody looks for, and where in a lottery's draws it may stand."""

from collections.abc import Iterable
from dataclasses import dataclass

from lotto.draws.lottery import Lottery
from lotto.draws.pool import Pool


@dataclass(frozen=True)
class Sought:
    """A text read as a value of every pool that takes it, in any era."""

    places: tuple[tuple[str, str], ...]
    """Pool and value, as a draw would show it there."""
    share: float
    """About how many of a lottery's draws hold it, 0 to 1: who looks for several begins with the rarest."""


def sought(lottery: Lottery, text: str) -> Sought:
    """Where this value may stand: `7` in any pool, `bonus:7` in that one.

    Raises ValueError with a sentence when no pool of the lottery ever took such a value.
    """
    pools = [pool for era in lottery.eras for pool in era.pools]
    name, colon, rest = text.partition(":")
    if colon and name in {pool.name for pool in pools}:
        pools, value = [pool for pool in pools if pool.name == name], rest
    else:
        value = text
    read = list(_read(pools, value))
    if not read:
        names = ", ".join(dict.fromkeys(pool.name for era in lottery.eras for pool in era.pools))
        raise ValueError(f"“{text[:40]}” is a value of no pool of {lottery.name}; its pools are {names}")
    share = sum({pool.name: min(1.0, pool.take / pool.size) for pool, _ in read}.values())
    return Sought(tuple(dict.fromkeys((pool.name, value) for pool, value in read)), share)


def _read(pools: Iterable[Pool], text: str) -> Iterable[tuple[Pool, str]]:
    for pool in pools:
        try:
            yield pool, str(pool.value(text))
        except ValueError:
            continue  # it is of another pool
