"""A face: what a card tells in one language, before any look gives it a size or a colour.

It holds nothing that changes without what it tells: no status, no count of sources, no time of observation, so that a
mere update draws the same picture. `result` shows one draw, `prizes` the same draw with what was paid, `coming` a draw
to come, `digest` the results of a day.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lotto.draws.draw import Draw, Prize, Value
from lotto.draws.lottery import Lottery
from lotto.draws.pool import Kind as Holds
from lotto.draws.pool import Pool, Shape
from lotto.words import Change, Words, changes

MOST_TICKETS = 8
"""Tickets that a card shows; the first prize always."""

MOST_IN_A_ROW = 2
"""Tickets that a row of a digest shows."""


MOST_ON_A_LINE = 22
"""Values that a lottery's line of a digest shows: a keno's twenty, and two more."""


class Kind(StrEnum):
    """What a card is about; a look gives each its own layout."""

    RESULT = "result"
    PRIZES = "prizes"
    NEXT = "next"
    DIGEST = "digest"


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
class Row:
    """One tier of the prize table; empty where nothing is told."""

    tier: str
    prize: str
    winners: str


@dataclass(frozen=True)
class Entry:
    """One lottery's line on a digest."""

    lottery: str
    name: str
    initials: str
    hue: int
    chroma: float
    note: str
    """Which of the day's draws, and that it is corrected."""
    groups: tuple[Group, ...]
    more: bool
    """More was drawn than a line has room for."""


@dataclass(frozen=True)
class Face:
    """All that is written on a card."""

    kind: Kind
    lottery: str
    """The lottery's id; empty on a digest."""
    lang: str
    direction: str
    hue: int
    chroma: float
    initials: str
    name: str
    by: str
    """Who draws it, and where."""
    date: str
    when: str
    """Which of the day's draws, and its local time with the place; on one page of a digest, which page."""
    check: str
    play: str
    """To players: from what age, and with measure."""
    help: str
    """Where they find help: a telephone number, written left to right in every language."""
    over: str = ""
    """What the card is about, where the name alone does not tell."""
    groups: tuple[Group, ...] = ()
    corrected: str = ""
    """The word before the corrections."""
    corrections: tuple[Correction, ...] = ()
    label: str = ""
    """What the amount is called."""
    amount: str = ""
    """The jackpot; empty where nobody tells it."""
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    entries: tuple[Entry, ...] = ()


def result(lottery: Lottery, draw: Draw, words: Words) -> Face:
    """The face of that draw; raises ValueError when it has no published numbers to show."""
    pools = _pools(lottery, draw)
    shown = tuple(_foremost(pools, draw, MOST_TICKETS))
    replaced = changes(pools, draw)
    return replace(
        _plain(Kind.RESULT, lottery, draw, words),
        check=words.say("card.check" if len(shown) == len(pools) else "card.check_more"),
        groups=tuple(_group(pool, draw.numbers[pool.name], replaced, words) for pool in shown),
        corrected=words.say("card.corrected"),
        corrections=tuple(_correction(change, words) for change in replaced),
    )


def prizes(lottery: Lottery, draw: Draw, words: Words) -> Face:
    """The face of that draw with its jackpot and what was paid; raises ValueError when nobody tells either."""
    told = [prize for prize in draw.prizes if prize.amount]
    if not told and not draw.jackpot:
        raise ValueError(f"No source tells the prizes of {draw.key}, so there are none to put on a card.")
    winners = any(prize.winners is not None for prize in told)
    return replace(
        result(lottery, draw, words),
        kind=Kind.PRIZES,
        label=words.say("card.jackpot"),
        amount=words.money(draw.jackpot) if draw.jackpot else "",
        columns=tuple(words.say(f"card.{column}") for column in ("tier", "amount", *(["winners"] if winners else []))),
        rows=tuple(_row(prize, words) for prize in told),
    )


def coming(lottery: Lottery, draw: Draw, words: Words) -> Face:
    """The face of a draw to come: its day, and its jackpot where that is known."""
    plain = _plain(Kind.NEXT, lottery, draw, words)
    if draw.jackpot is None:
        # The day is then what there is to tell, so it stands where the amount would.
        return replace(plain, label=words.say("card.next"), amount=plain.date, date="")
    label, amount = words.say("card.jackpot"), words.money(draw.jackpot)
    return replace(plain, over=words.say("card.next"), label=label, amount=amount)


def digest(title: str, day: date, results: Sequence[tuple[Lottery, Draw]], words: Words) -> Face:
    """The face of a day's results, in the order given; one of another day tells its own.

    It has no colour of its own: a look gives it the site's. Raises ValueError when one has no numbers, or none is.
    """
    if not results:
        raise ValueError(f"{title} has no result of {day}, so there is nothing to put on a card.")
    countries = {lottery.country for lottery, _ in results}
    country = countries.pop() if len(countries) == 1 else ""
    return Face(
        kind=Kind.DIGEST,
        lottery="",
        lang=words.lang,
        direction=words.direction,
        hue=0,
        chroma=0,
        initials="",
        name=title,
        by="",
        date=_headline(words.date(day)),
        when="",
        check=words.say("card.check"),
        play=words.play(country),
        help=words.helpline(country),
        over=words.say("card.results"),
        entries=tuple(_entry(lottery, draw, day, words) for lottery, draw in results),
    )


def _plain(kind: Kind, lottery: Lottery, draw: Draw, words: Words) -> Face:
    """What every card of one draw tells."""
    return Face(
        kind=kind,
        lottery=lottery.id,
        lang=words.lang,
        direction=words.direction,
        hue=lottery.hue,
        chroma=lottery.chroma,
        initials=lottery.short,
        name=lottery.name,
        by=" · ".join(_origin(lottery, words)),
        date=_headline(words.date(draw.key.date)),
        when=words.when(lottery, draw),
        check=words.say("card.check"),
        play=words.play(lottery.country),
        help=words.helpline(lottery.country),
    )


def _pools(lottery: Lottery, draw: Draw) -> tuple[Pool, ...]:
    """The pools of that draw that have values; a pool taken back by a correction is one of them no more."""
    era = lottery.era(draw.key.date)
    pools = tuple(pool for pool in era.pools if draw.numbers.get(pool.name)) if era else ()
    if not pools:
        raise ValueError(f"{draw.key} has no published numbers, so there is nothing to put on a card.")
    return pools


def _foremost(pools: Sequence[Pool], draw: Draw, room: int) -> Iterator[Pool]:
    """The pools that a card has room for, in their order: a ticket lottery draws more prizes than one can read."""
    for place, pool in enumerate(pools):
        if pool.kind is Holds.TICKET:
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


def _entry(lottery: Lottery, draw: Draw, day: date, words: Words) -> Entry:
    pools = _pools(lottery, draw)
    shown = tuple(_fitting(_foremost(pools, draw, MOST_IN_A_ROW), draw))
    replaced = changes(pools, draw)
    another = words.date(draw.key.date, "short") if draw.key.date != day else ""
    notes = (another, words.draw_label(draw.key.label), words.say("card.corrected") if replaced else "")
    return Entry(
        lottery=lottery.id,
        name=lottery.name,
        initials=lottery.short,
        hue=lottery.hue,
        chroma=lottery.chroma,
        note=" · ".join(filter(None, notes)),
        groups=tuple(_group(pool, draw.numbers[pool.name], replaced, words) for pool in shown),
        more=len(shown) < len(pools),
    )


def _fitting(pools: Iterable[Pool], draw: Draw) -> Iterator[Pool]:
    """The first pools that a line has room for together; the very first always."""
    room = MOST_ON_A_LINE
    for place, pool in enumerate(pools):
        room -= len(draw.numbers[pool.name])
        if room < 0 and place:
            return
        yield pool


def _row(prize: Prize, words: Words) -> Row:
    winners = "" if prize.winners is None else words.integer(prize.winners)
    return Row(prize.tier, words.money(prize.amount) if prize.amount else "", winners)


def _correction(change: Change, words: Words) -> Correction:
    return Correction(
        title=words.ordinal(change.place + 1) if change.pool.shape is Shape.PLACE else words.pool(change.pool),
        old="" if change.old is None else _spelt(change.pool, change.old, words),
        new="" if change.new is None else _spelt(change.pool, change.new, words),
    )


def _spelt(pool: Pool, value: Value, words: Words) -> str:
    return words.say("pool.times", value=value) if pool.shape is Shape.TIMES else str(value)
