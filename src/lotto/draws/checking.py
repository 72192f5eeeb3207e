"""Checking: what a player's line won in a draw, by the rules of that day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import comb
from typing import Literal

from lotto.draws.draw import Draw, Money, Numbers, Value
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Kind, Pool
from lotto.draws.prizes import Tier

Line = Mapping[str, tuple[Value, ...]]
"""Pool → the values a player chose; of an ordered pool in their places. More than the game takes are a system: every
line that they make."""


Why = Literal["tiers", "uncountable", "parts", "pool", "value", "twice", "few", "count", "large"]


class BadLine(ValueError):
    """Nobody can play that line by these rules; the message says why in English.

    `why` and `parts` say the same to whoever words it in another language; `parts` holds what its sentence needs.
    """

    def __init__(self, why: Why, message: str, **parts: str | int) -> None:
        super().__init__(message)
        self.why = why
        self.parts = parts


@dataclass(frozen=True)
class Win:
    """A tier that a line won; of a system, so many of its lines did."""

    tier: Tier
    lines: int


def chosen(era: Era) -> tuple[Pool, ...]:
    """The pools a player chooses from: those that tiers ask for, but what is drawn beside another of them.

    Raises BadLine where we do not know the tiers, or none of our counts can tell them.
    """
    named = {name for tier in era.tiers for name in tier.match}
    pools = [pool for pool in era.pools if pool.name in named]
    if not pools:
        raise BadLine("tiers", "We do not know the prize tiers of this game by the rules of that day.")
    for pool in pools:
        if pool.among or pool.kind is Kind.TICKET:
            what = pool.title or pool.name
            raise BadLine("uncountable", f"What the {what} pool wins cannot be counted from a line.", pool=what)
    return tuple(pool for pool in pools if not pool.rest_of)


def read(era: Era, texts: Mapping[str, Sequence[str]]) -> Line:
    """The line of texts such as {"main": ["10", "45", …], "bonus": ["2"]}; raises BadLine."""
    pools = chosen(era)
    names = [pool.name for pool in pools]
    if odd := next((name for name in texts if name not in names), None):
        there = ", ".join(names)
        raise BadLine("pool", f"There is no pool “{odd[:40]}” to choose from; there are {there}.", text=odd[:40])
    line = {}
    for pool in pools:
        values = tuple(_value(pool, text) for text in texts.get(pool.name, ()))
        _fits(era, pool, values)
        line[pool.name] = values if pool.ordered else tuple(pool.arranged(values))
    return line  # type: ignore[return-value] # no place of it is open


def wins(era: Era, line: Line, numbers: Numbers) -> tuple[Win, ...]:
    """What the line won where these values were drawn, best tier first; each line of a system wins its best tier."""
    found: dict[str, int] = {}
    each = [list(_matched(era, pool, line[pool.name], numbers)) for pool in chosen(era)]
    for cell in product(*each):
        matched = {name: count for one, _ in cell for name, count in one.items()}
        lines = 1
        for _, ways in cell:
            lines *= ways
        tier = next((tier for tier in era.tiers if _wins(era, tier, line, matched)), None)
        if tier is not None and lines:
            found[tier.name] = found.get(tier.name, 0) + lines
    return tuple(Win(tier, found[tier.name]) for tier in era.tiers if tier.name in found)


@dataclass(frozen=True)
class Found:
    """A draw in which a line won."""

    draw: Draw
    line: int
    """Which of the lines, from 0."""
    win: Win
    prize: Money | None
    """Of one line of the tier, where it is known."""


@dataclass(frozen=True)
class Checked:
    """What lines won in a span: newest draw first; `unplayable` counts draws whose rules take no such line."""

    found: tuple[Found, ...]
    draws: int
    unplayable: int


def check(lottery: Lottery, lines: Sequence[Mapping[str, Sequence[str]]], draws: Iterable[Draw]) -> Checked:
    """What these lines won in those draws, each by the rules of its day.

    Raises BadLine for a line that the rules of no draw take, with what the newest of them hold against it; where there
    is no draw, those of today.
    """
    ours: dict[date, list[Line | BadLine]] = {}
    found: list[Found] = []
    played, looked_at, unplayable = set(), 0, 0
    refused: dict[int, BadLine] = {}
    for draw in draws:
        era = lottery.era(draw.key.date)
        if era is None:
            continue
        looked_at += 1
        if era.starts_on not in ours:
            ours[era.starts_on] = [_read(era, texts) for texts in lines]
        these = ours[era.starts_on]
        for n, line in enumerate(these):
            if isinstance(line, BadLine):
                refused.setdefault(n, line)
                continue
            played.add(n)
            found += [Found(draw, n, win, prize(lottery, draw, win.tier)) for win in wins(era, line, draw.numbers)]
        unplayable += any(isinstance(line, BadLine) for line in these)
    if not looked_at:
        for texts in lines:
            read(lottery.eras[-1], texts)
    for n, error in refused.items():
        if n not in played:
            raise error
    return Checked(tuple(found), looked_at, unplayable)


def _read(era: Era, texts: Mapping[str, Sequence[str]]) -> Line | BadLine:
    try:
        return read(era, texts)
    except BadLine as error:
        return error


def prize(lottery: Lottery, draw: Draw, tier: Tier) -> Money | None:
    """What one line of that tier was paid: as the draw's own breakdown tells, else as the rules fix it."""
    told = next((one.amount for one in draw.prizes if one.tier == tier.name), None)
    if told is None and tier.pays is not None:
        return Money(tier.pays, lottery.currency)
    return told


def _value(pool: Pool, text: str) -> Value:
    try:
        return pool.value(text)
    except ValueError as error:
        raise BadLine("value", f"{error}.", text=text[:40], pool=pool.title) from None


def _fits(era: Era, pool: Pool, values: Sequence[Value]) -> None:
    what = pool.title or pool.name
    told: dict[str, str | int] = {"pool": pool.title, "count": len(values)}
    if not pool.repeats and len(set(values)) < len(values):
        raise BadLine("twice", f"A value of {what} is there twice.", **told)
    picks = {tier.pick.get(pool.name, pool.take) for tier in era.tiers if pool.name in tier.match}
    least, most = min(picks), max(picks)
    if len(values) < least:
        raise BadLine("few", f"It takes {least} of {what}, and these are {len(values)}.", takes=str(least), **told)
    fixed = pool.ordered or pool.repeats or len(picks) > 1
    if len(values) not in picks and fixed:
        takes = sorted(picks)
        message = f"It takes {' or '.join(map(str, takes))} of {what}, and these are {len(values)}."
        raise BadLine("count", message, takes=", ".join(map(str, takes)), **told)
    if not fixed and len(values) > most + 14:
        raise BadLine("large", f"A system of {len(values)} values of {what} is larger than any that is sold.", **told)


def _matched(era: Era, pool: Pool, values: Sequence[Value], numbers: Numbers) -> Iterator[tuple[dict[str, int], int]]:
    """In how many of its lines a choice has so many right of the pool and of each that is drawn beside it."""
    drawn = numbers.get(pool.name, ())
    if pool.ordered or pool.repeats:
        yield {pool.name: sum(ours == theirs for ours, theirs in zip(values, drawn, strict=False))}, 1
        return
    rests = [one for one in era.pools if one.rest_of == pool.name]
    sets = [set(drawn), *(set(numbers.get(one.name, ())) for one in rests)]
    hits = [len(these & set(values)) for these in sets]
    picks = {tier.pick.get(pool.name, pool.take) for tier in era.tiers if pool.name in tier.match}
    size = len(values) if len(values) in picks else max(picks)
    for counts in product(*(range(hit + 1) for hit in hits)):
        left = size - sum(counts)
        if left >= 0:
            ways = comb(len(values) - sum(hits), left)
            for hit, count in zip(hits, counts, strict=True):
                ways *= comb(hit, count)
            yield dict(zip([pool.name, *(one.name for one in rests)], counts, strict=True)), ways


def _wins(era: Era, tier: Tier, line: Line, matched: Mapping[str, int]) -> bool:
    return all(matched.get(name) in counts for name, counts in tier.match.items()) and all(
        len(line.get(name, ())) == pick for name, pick in tier.pick.items()
    )


def right(era: Era, pool: Pool, values: Sequence[Value], numbers: Numbers) -> list[bool]:
    """Which of a pool's chosen values are right in that draw: those drawn, or drawn beside it from the rest."""
    drawn = numbers.get(pool.name, ())
    if pool.ordered or pool.repeats:
        return [at < len(drawn) and value == drawn[at] for at, value in enumerate(values)]
    rests = [one.name for one in era.pools if one.rest_of == pool.name]
    there = {value for name in (pool.name, *rests) for value in numbers.get(name, ())}
    return [value in there for value in values]
