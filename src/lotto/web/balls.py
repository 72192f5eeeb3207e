"""Balls: the values of a draw as pages show them, told apart by shape and word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lotto.draws.draw import Seen, Value
from lotto.draws.pool import Kind, Pool, Shape
from lotto.words import Words

NOT_SEEN = "–"


@dataclass(frozen=True)
class Ball:
    """One place of a draw."""

    text: str
    kind: str = ""
    """Style classes; empty for a main number."""
    word: str = ""
    """What tells this kind apart, in words."""


def balls(words: Words, pools: Sequence[Pool], numbers: Seen, *, open_places: bool = False) -> tuple[Ball, ...]:
    """The values in the order of the pools; with `open_places` what is not seen yet keeps its place, open."""
    return tuple(
        ball
        for pool in pools
        for ball in _of_pool(words, pool, _filled(pool, numbers.get(pool.name, ()), open_places=open_places))
    )


def told(words: Words, pools: Sequence[Pool], numbers: Seen) -> str:
    """The values as one text, a dash where a source does not tell one."""
    known: Mapping[str, tuple[Value, ...]] = {
        name: tuple(NOT_SEEN if value is None else value for value in values) for name, values in numbers.items()
    }
    named = {pool.name for pool in pools}
    # A source may speak of a pool that the rules do not know: its word is shown as it stands.
    strange = (f"{name} {' '.join(map(str, values))}" for name, values in known.items() if name not in named)
    return ", ".join(part for part in (words.numbers(pools, known), *strange) if part)


def _filled(pool: Pool, values: Sequence[Value | None], *, open_places: bool) -> Sequence[Value | None]:
    missing = pool.least - len(values)
    return (*values, *(None,) * missing) if open_places and missing > 0 and not pool.optional else values


def _of_pool(words: Words, pool: Pool, values: Sequence[Value | None]) -> Iterator[Ball]:
    for place, value in enumerate(values):
        shape = pool.shape.value
        if pool.shape is Shape.MAIN:
            shape = "word" if pool.kind is Kind.WORD else ""
        word = words.ordinal(place + 1) if pool.shape is Shape.PLACE else words.pool(pool)
        if pool.shape in (Shape.MAIN, Shape.DIGIT) or (pool.shape is Shape.TICKET and place):
            # Of the tickets of one prize the first bears its name.
            word = ""
        if value is not None and pool.called(value):
            word = pool.called(value)
        if value is None:
            yield Ball(NOT_SEEN, f"{shape} empty".strip(), word)
        elif pool.shape is Shape.TIMES:
            yield Ball(words.say("pool.times", value=value), shape, word)
        else:
            yield Ball(str(value), shape, word)
