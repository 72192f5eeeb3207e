"""The calendar: what is drawn in the coming days, day by day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from lotto.draws.draw import DrawKey
from lotto.paths import draw_path
from lotto.web.answers import CollectionAnswer, ComingAnswer
from lotto.web.choice import Chip, Choice, Chooser, chooser
from lotto.web.moments import capital, pattern
from lotto.words import Words

REACHES = (3, 7, 31)
"""Days that may be looked ahead; the first unless another is asked for."""


@dataclass(frozen=True)
class Entry:
    """One draw to come."""

    lottery: str
    path: str
    at: dt.datetime
    """On the clock of its place."""
    when: str
    name: str
    label: str


@dataclass(frozen=True)
class CalendarDay:
    """The draws of one day, each on its own place's calendar."""

    on: dt.date
    words: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Calendar:
    """All of it, seen at one instant."""

    days: tuple[CalendarDay, ...]
    reaches: tuple[Chip, ...]
    """How far may be looked ahead."""
    chooser: Chooser


def reach(asked: str) -> int:
    """The days asked for, if they may be."""
    return int(asked) if asked in map(str, REACHES) else REACHES[0]


def calendar(
    words: Words,
    coming: Sequence[ComingAnswer],
    collections: Sequence[CollectionAnswer],
    choice: Choice,
    days: int,
) -> Calendar:
    """The coming draws of what is chosen; a draw stands on the day of its own place."""
    chosen = (one for one in coming if choice.holds(one.game, collections))
    by_day = groupby(sorted(chosen, key=lambda one: (one.date, one.drawn_at)), key=lambda one: one.date)
    return Calendar(
        days=tuple(_day(words, on, entries) for on, entries in by_day),
        reaches=tuple(_reach(words, one, choice, days) for one in REACHES),
        chooser=chooser(words, (one.game for one in coming), collections, choice),
    )


def _day(words: Words, on: dt.date, draws: Iterable[ComingAnswer]) -> CalendarDay:
    return CalendarDay(on, capital(pattern(words, on, "page.date.day")), tuple(_entry(words, one) for one in draws))


def _entry(words: Words, one: ComingAnswer) -> Entry:
    zone = ZoneInfo(one.game.zone)
    return Entry(
        lottery=one.game.id,
        path=draw_path(DrawKey(one.game.id, one.date, one.label)),
        at=one.drawn_at.astimezone(zone),
        when=words.say("page.date.with_place", time=words.time(one.drawn_at, zone), place=words.place(zone)),
        name=one.game.name,
        label=words.draw_label(one.label) if one.label else "",
    )


def _reach(words: Words, days: int, choice: Choice, shown: int) -> Chip:
    more = f"days={days}" if days != REACHES[0] else ""
    query = "&".join(filter(None, (choice.query.lstrip("?"), more)))
    return Chip(words.say("page.calendar.days", count=days), f"?{query}" if query else "", days == shown)
