"""The values of a draw: as they are drawn, as a hand at a keyboard mistakes them, and as the ledger keeps them."""

import random
from collections.abc import Mapping, Sequence

from lotto.draws.draw import DrawKey
from lotto.draws.lottery import Lottery
from lotto.draws.pool import Kind, Pool
from year.lotteries import era_of

Told = Mapping[str, Sequence[str]]
"""Pool → texts, as a page writes them."""


def drawn(lottery: Lottery, key: DrawKey, dice: random.Random) -> dict[str, tuple[str, ...]]:
    """A draw by the pools of its day, as texts."""
    out: dict[str, tuple[str, ...]] = {}
    for pool in era_of(lottery, key.date).pools:
        taken = out.get(pool.rest_of, ())
        if pool.kind is Kind.TICKET and not pool.among:
            out[pool.name] = tuple(_ticket(pool, dice) for _ in range(pool.least))
            continue
        urn = [one for one in (out[pool.among] if pool.among else _urn(pool)) if one not in taken]
        out[pool.name] = tuple(dice.choices(urn, k=pool.least) if pool.repeats else dice.sample(urn, pool.least))
    return out


def _urn(pool: Pool) -> list[str]:
    if pool.kind is Kind.WORD:
        return list(pool.words)
    width = pool.width if pool.kind is Kind.DIGIT else 0
    return [str(n).zfill(width) for n in range(pool.lowest, pool.highest + 1)]


def _ticket(pool: Pool, dice: random.Random) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    made = (dice.choice("0123456789") if s == "#" else dice.choice(letters) if s == "A" else s for s in pool.written)
    return "".join(sign for sign in made if sign != "+")


def mistaken(lottery: Lottery, key: DrawKey, numbers: Told) -> Told:
    """The draw with one value of its first pool told wrong, as a hand at a keyboard would: still a possible draw."""
    name, values = next(iter(numbers.items()))
    for n in range(100):
        other = drawn(lottery, key, random.Random(f"{key}/{n}"))[name]
        told = (*values[:-1], other[-1])
        if other[-1] not in values:
            return {**numbers, name: told}
    return drawn(lottery, key, random.Random(f"{key}/other"))


def swapped(numbers: Told) -> Told:
    """The draw with two values in each other's place: of the first two pools, or of one where it has but one."""
    (name, values), *others = numbers.items()
    if others and len(others[0][1]) and values[-1] != others[0][1][0]:
        other, theirs = others[0]
        return {**numbers, name: (*values[:-1], theirs[0]), other: (values[-1], *theirs[1:])}
    return {**numbers, name: (*values[1:], values[0])}


def kept(lottery: Lottery, key: DrawKey, numbers: Told) -> dict[str, list[object]]:
    """The texts as the ledger keeps them: values of the pools, in their order."""
    out = {}
    for pool in era_of(lottery, key.date).pools:
        if pool.name in numbers:
            out[pool.name] = list(pool.arranged([pool.value(text) for text in numbers[pool.name]]))
    return out
