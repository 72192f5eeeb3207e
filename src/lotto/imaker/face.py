"""A face: what a card tells of one draw in one language, before any look gives it a size or a colour.

It holds nothing that changes without the numbers: no status, no count of sources, no time of observation, so that a
mere update draws the same picture.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lotto.draws.draw import Draw, Value
from lotto.draws.lottery import Lottery
from lotto.draws.pool import Kind, Pool, Shape
from lotto.words import Change, Words, changes

SITE = "Lotto"

MOST_TICKETS = 8
"""Tickets that a card shows; the first prize always."""


@dataclass(frozen=True)
class Ball:
    """One drawn value, with the word that tells its place (“1st”) where places count."""

    text: str
    word: str = ""
    corrected: bool = False


@dataclass(frozen=True)
class Group:
    """The values of one pool, shown in one shape under one title."""

    shape: Shape
    title: str
    balls: tuple[Ball, ...]


@dataclass(frozen=True)
class Correction:
    """A replaced value: whose, what it was (struck through on the card), what it is; either may be empty."""

    title: str
    old: str
    new: str


@dataclass(frozen=True)
class Face:
    """All that is written on a card."""

    lottery: str
    """The lottery's id."""
    lang: str
    direction: str
    hue: int
    chroma: float
    name: str
    by: str
    """Who draws it, and where."""
    date: str
    when: str
    """Which of the day's draws, and its local time with the place."""
    groups: tuple[Group, ...]
    corrected: str
    """The word before the corrections."""
    corrections: tuple[Correction, ...]
    check: str
    site: str = SITE


def face(lottery: Lottery, draw: Draw, words: Words) -> Face:
    """The face of that draw; raises ValueError when it has no published numbers to show."""
    era = lottery.era(draw.key.date)
    pools = tuple(pool for pool in era.pools if draw.numbers.get(pool.name)) if era else ()
    if not pools:
        raise ValueError(f"{draw.key} has no published numbers, so there is nothing to put on a card.")
    shown = tuple(_foremost(pools, draw))
    replaced = changes(era.pools if era else (), draw)
    clock = words.say("card.drawn", time=words.time(draw.drawn_at, lottery.zone), place=words.place(lottery.zone))
    return Face(
        lottery=lottery.id,
        lang=words.lang,
        direction=words.direction,
        hue=lottery.hue,
        chroma=lottery.chroma,
        name=lottery.name,
        by=" · ".join(_origin(lottery, words)),
        date=_headline(words.date(draw.key.date)),
        when=" · ".join(filter(None, (words.draw_label(draw.key.label), clock))),
        groups=tuple(_group(pool, draw.numbers[pool.name], replaced, words) for pool in shown),
        corrected=words.say("card.corrected"),
        corrections=tuple(_correction(change, words) for change in replaced),
        check=words.say("card.check" if len(shown) == len(pools) else "card.check_more"),
    )


def _foremost(pools: Sequence[Pool], draw: Draw) -> Iterator[Pool]:
    """The pools that a card has room for, in their order: a ticket lottery draws more prizes than one can read."""
    room = MOST_TICKETS
    for place, pool in enumerate(pools):
        if pool.kind is Kind.TICKET:
            room -= len(draw.numbers[pool.name])
        if room < 0 and place:
            return
        yield pool


def _origin(lottery: Lottery, words: Words) -> list[str]:
    """Operator and place, each only where nothing else on the card says it already."""
    operator = lottery.operator if lottery.operator != lottery.name else ""
    places = (lottery.region, words.country(lottery.country))
    place = next((place for place in places if place and place not in lottery.operator), "")
    return [part for part in (operator, place) if part]


def _headline(text: str) -> str:
    """With a capital, as a line of its own begins in every language that has them."""
    return text[:1].upper() + text[1:]


def _group(pool: Pool, values: Sequence[Value], replaced: Sequence[Change], words: Words) -> Group:
    new = {change.place for change in replaced if change.pool == pool and change.new is not None}
    return Group(
        shape=pool.shape,
        title="" if pool.shape is Shape.PLACE else words.pool(pool),
        balls=tuple(
            Ball(
                text=_spelt(pool, value, words),
                word=words.ordinal(place + 1) if pool.shape is Shape.PLACE else pool.called(value),
                corrected=place in new,
            )
            for place, value in enumerate(values)
        ),
    )


def _correction(change: Change, words: Words) -> Correction:
    return Correction(
        title=words.ordinal(change.place + 1) if change.pool.shape is Shape.PLACE else words.pool(change.pool),
        old="" if change.old is None else _spelt(change.pool, change.old, words),
        new="" if change.new is None else _spelt(change.pool, change.new, words),
    )


def _spelt(pool: Pool, value: Value, words: Words) -> str:
    return words.say("pool.times", value=value) if pool.shape is Shape.TIMES else str(value)
