"""A specimen: a made-up draw of a lottery by its own rules, to look at looks with. It never reaches a ledger."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from lotto.draws.draw import Draw, DrawKey, Money, Numbers, Prize, Status, Value
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Kind, Pool

FIRST_PRIZE = 128_450_000
"""In the lottery's currency; every further tier pays about a fifth of the one before."""


def specimen(lottery: Lottery, day: date, *, corrected: bool = False) -> Draw:
    """A draw of that day, the same every time; raises ValueError when the lottery has no rules for the day."""
    era = lottery.era(day)
    if era is None:
        raise ValueError(f"{lottery.name} has no rules for {day}; its first era starts on {lottery.eras[0].starts_on}.")
    label = next((slot.label for slot in lottery.slots(day)), "")
    key = DrawKey(lottery.id, day, label)
    numbers = _numbers(era, Random(lottery.id))  # noqa: S311 - nothing depends on its being hard to guess
    draw = Draw(
        key,
        Status.CONFIRMED,
        lottery.held_at(key, None),
        revision=1,
        numbers=numbers,
        jackpot=Money(Decimal(FIRST_PRIZE), lottery.currency),
        prizes=tuple(_prize(place, tier.name, lottery.currency) for place, tier in enumerate(era.tiers)),
    )
    return replace(draw, revision=2, replaces=_before(era, numbers)) if corrected else draw


def _numbers(era: Era, chance: Random) -> Numbers:
    numbers: dict[str, tuple[Value, ...]] = {}
    for pool in era.pools:
        left = [value for value in _values(pool, chance) if value not in numbers.get(pool.rest_of, ())]
        source = list(numbers[pool.among]) if pool.among else left
        drawn = chance.choices(source, k=pool.least) if pool.repeats else chance.sample(source, pool.least)
        numbers[pool.name] = tuple(value for value in pool.arranged(drawn) if value is not None)
    return numbers


def _values(pool: Pool, chance: Random) -> list[Value]:
    """What can be drawn of that pool; of tickets a good many."""
    match pool.kind:
        case Kind.NUMBER:
            return list(range(pool.lowest, pool.highest + 1))
        case Kind.DIGIT:
            return [str(value).zfill(pool.width) for value in range(pool.lowest, pool.highest + 1)]
        case Kind.WORD:
            return list(pool.words)
        case Kind.TICKET:
            signs = {"#": "0123456789", "A": "ABCDEFGH"}
            written = pool.written.replace("+", "")
            tickets = {
                "".join(chance.choice(signs.get(sign, sign)) for sign in written) for _ in range(3 * pool.least + 10)
            }
            return sorted(tickets)


def _before(era: Era, numbers: Numbers) -> Numbers:
    """What stood there before: another value in the first pool, and another in the last."""
    chance = Random(era.starts_on.toordinal())  # noqa: S311 - as above
    replaced = dict(numbers)
    for pool in {era.pools[0].name: era.pools[0], era.pools[-1].name: era.pools[-1]}.values():
        others = [value for value in _values(pool, chance) if value not in numbers[pool.name]]
        if others:
            old = [*numbers[pool.name][:-1], chance.choice(others)]
            replaced[pool.name] = tuple(value for value in pool.arranged(old) if value is not None)
    return replaced


def _prize(place: int, tier: str, currency: str) -> Prize:
    amount = Decimal(FIRST_PRIZE // 5**place or 2)
    return Prize(tier, winners=3 ** min(place, 14) - 1, amount=Money(amount, currency))
