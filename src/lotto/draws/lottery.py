"""A lottery: its pools, its eras and its calendar, and what its own rules object to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from math import prod
from zoneinfo import ZoneInfo

from lotto.draws.calendar import Slot
from lotto.draws.draw import DrawKey, Seen
from lotto.draws.pool import Pool
from lotto.draws.prizes import Tier

REMEMBERED = 4_000
"""Days whose rules and draws a lottery keeps in mind."""

UNLIKELY = 100_000
"""A lottery with fewer outcomes than this may well draw the same twice running, so a repeat proves nothing."""

REPEATED = "These are the values of the draw before it."
"""What is held against the same values again: a stale page."""


@dataclass(frozen=True)
class Era:
    """Rules valid from a day until the next era begins."""

    starts_on: date
    pools: tuple[Pool, ...]
    calendar: tuple[Slot, ...]
    tiers: tuple[Tier, ...] = ()
    """The ways to win, best first; empty where we do not know them."""
    any_day: bool = False
    """No rule tells the days: a draw may have been held on any, under any label."""

    @property
    def labels_are_free(self) -> bool:
        """Draws bear labels that the calendar cannot know: serials of a rhythm's draws, or those of any day."""
        return self.any_day or any(slot.every for slot in self.calendar)

    def pool(self, name: str) -> Pool | None:
        """The pool of that name, or None."""
        return self._named.get(name)

    @cached_property
    def obliged(self) -> tuple[Pool, ...]:
        """The pools without which no draw is whole."""
        return tuple(pool for pool in self.pools if not pool.optional)

    def is_whole(self, seen: Seen) -> bool:
        """Every place of every obligatory pool is known, and there is no place too many."""
        return all(pool.name in seen and pool.is_whole(seen[pool.name]) for pool in self.obliged)

    def knows(self, seen: Seen) -> bool:
        """Whether all that is told is of pools there are."""
        return self._named.keys() >= seen.keys()

    @cached_property
    def _named(self) -> Mapping[str, Pool]:
        return {pool.name: pool for pool in self.pools}

    @cached_property
    def _bound(self) -> tuple[Pool, ...]:
        """The pools whose values another pool's bind."""
        return tuple(pool for pool in self.pools if pool.rest_of or pool.among)

    def misfits(self, on: date, seen: Seen) -> Iterator[str]:
        """Why no draw of these rules can come out so, a sentence each; the day is for the words."""
        for name, values in seen.items():
            pool = self.pool(name)
            if pool is None:
                yield f"There is no pool “{name}” on {on}."
            else:
                yield from pool.objections(values)
        for pool in self._bound:
            yield from _misplaced(pool, seen)

    @property
    def outcomes(self) -> int:
        """In how many ways a whole draw can come out, optional pools left aside."""
        return prod(map(self._outcomes, self.obliged))

    def _outcomes(self, pool: Pool) -> int:
        if among := self.pool(pool.among):
            return pool.outcomes_of(among.least)
        rest_of = self.pool(pool.rest_of)
        return pool.outcomes_of(pool.size - (rest_of.least if rest_of else 0))


@dataclass(frozen=True)
class Policy:
    """How much a lottery asks before its result is told: see `lotto.draws.verdict`."""

    agree: int = 2
    """So many distinct origins make a result confirmed when none of them is official."""
    provisional: bool = False
    """A lone official source may be published, marked so."""


@dataclass(frozen=True)
class Lottery:
    """A game with the history of its rules; one TOML file of the catalogue.

    `sources` maps a source's registry name to the names that source gives this lottery: name → our label.
    The order is the order of trust. `not_before` is the shortest time from a draw to a believable result.
    """

    id: str
    name: str
    country: str
    operator: str
    zone: ZoneInfo
    currency: str
    eras: tuple[Era, ...]
    sources: Mapping[str, Mapping[str, str]]
    policy: Policy = Policy()
    not_before: timedelta = timedelta(0)
    special_days: Mapping[date, tuple[Slot, ...]] = field(default_factory=dict)
    """All draws of the days that are not like the calendar's: draws moved or added, days of rest."""
    language: str = "en"
    region: str = ""
    """Part of the country it belongs to (“New York”), empty when it is the whole."""
    hue: int = 250
    chroma: float = 0.1
    initials: str = ""
    """What stands for its name where there is no room for it, as its file gives them: see `short`."""
    _known: dict[date, "_Day"] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Days that were asked for: a draw asks for its day many times while it is weighed."""

    @property
    def short(self) -> str:
        """Its initials, made of its name if none are given."""
        return self.initials or initials(self.name)

    @cached_property
    def trust(self) -> Mapping[str, int]:
        """The place of each source in the order of trust, from 0."""
        return {name: place for place, name in enumerate(self.sources)}

    def era(self, on: date) -> Era | None:
        """The rules in force on that local day; None before the first era."""
        return self._day(on).era

    def slots(self, on: date) -> tuple[Slot, ...]:
        """The draws the calendar foresees on that local day, in the order they are held."""
        return self._day(on).slots

    def usual_slots(self, on: date) -> tuple[Slot, ...]:
        """The draws of that local day were it like any other, whatever is said of it as a special day."""
        return self._usual(self.era(on), on)

    def drawn_at(self, key: DrawKey) -> datetime | None:
        """The instant of that draw by the calendar, aware in the lottery's zone; None when it knows none.

        It knows a rhythm's draw by its time (the label 13:05) and not by a serial, and none of any day.
        """
        return self._day(key.date).times.get(key.label)

    def _day(self, on: date) -> "_Day":
        known = self._known.get(on)
        if known is None:
            era = next((era for era in reversed(self.eras) if era.starts_on <= on), None)
            slots = self._foreseen(era, on)
            times = {slot.label: datetime.combine(on, slot.at, self.zone) for slot in reversed(slots)}
            known = _Day(era, slots, times)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[on] = known
        return known

    def _foreseen(self, era: Era | None, on: date) -> tuple[Slot, ...]:
        if era is None or era.any_day:
            return ()
        special = self.special_days.get(on)
        return self._usual(era, on) if special is None else tuple(sorted(special, key=lambda slot: slot.at))

    @staticmethod
    def _usual(era: Era | None, on: date) -> tuple[Slot, ...]:
        if era is None or era.any_day:
            return ()
        slots = (draw for slot in era.calendar if slot.held_on(on) for draw in slot.draws())
        return tuple(sorted(slots, key=lambda slot: slot.at))

    def opens_at(self, key: DrawKey) -> datetime:
        """Before when nothing can be true of the draw: its time, or its local day where the calendar knows none."""
        return self.drawn_at(key) or datetime.combine(key.date, time.min, self.zone)

    def held_at(self, key: DrawKey, told: datetime | None) -> datetime:
        """When the draw is held, UTC: by the calendar, else as a source `told`, else at the end of its local day."""
        foreseen = self._day(key.date).instants.get(key.label)
        return foreseen or (told or datetime.combine(key.date, time(23, 59), self.zone)).astimezone(UTC)

    def draws(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, DrawKey]]:
        """Every draw of the calendar held after `since` and not after `until`, oldest first."""
        day, last = since.astimezone(self.zone).date(), until.astimezone(self.zone).date()
        # Two times of one zone are compared by the clock on the wall, which shows an hour twice in autumn.
        since, until = since.astimezone(UTC), until.astimezone(UTC)
        while day <= last:
            for slot in self.slots(day):
                at = datetime.combine(day, slot.at, self.zone)
                if since < at <= until:
                    yield at, DrawKey(self.id, day, slot.label)
            day += timedelta(days=1)

    def is_quick(self, at: datetime) -> bool:
        """Whether it is drawn every few minutes then: nobody wants all its draws in a list."""
        era = self.era(at.astimezone(self.zone).date())
        return era is not None and any(slot.every for slot in era.calendar)

    def coming(self, after: datetime) -> Iterator[tuple[datetime, DrawKey]]:
        """The draws of the calendar after that instant, within the coming two months, the first one first."""
        return self.draws(after, after + timedelta(days=62))

    def next_draw(self, after: datetime) -> tuple[datetime, DrawKey] | None:
        """The first of them."""
        return next(self.coming(after), None)

    def is_whole(self, key: DrawKey, seen: Seen) -> bool:
        """Every place of every obligatory pool is known, and there is no place too many."""
        era = self.era(key.date)
        return era is not None and era.is_whole(seen)

    def objections(
        self,
        key: DrawKey,
        seen: Seen,
        observed_at: datetime,
        before: Seen | None = None,
        drawn_at: datetime | None = None,
    ) -> tuple[str, ...]:
        """What this lottery's own rules hold against these values, a sentence each; none is the good case.

        `before` are the values of the draw just before this one, where known: the same again is a stale page.
        `drawn_at` is when the source says that it was drawn; it counts where the calendar does not know.
        """
        era = self.era(key.date)
        if era is None:
            return (f"{self.name} has no rules for {key.date}; its first era starts on {self.eras[0].starts_on}.",)
        found = [*self._untimely(era, key, observed_at, drawn_at), *era.misfits(key.date, seen)]
        same = before and all(
            tuple(seen.get(pool.name, ())) == tuple(before.get(pool.name, ())) for pool in era.obliged
        )
        if same and era.is_whole(seen) and era.outcomes >= UNLIKELY:
            found.append(REPEATED)
        return tuple(found)

    def _untimely(self, era: Era, key: DrawKey, observed_at: datetime, told: datetime | None) -> Iterator[str]:
        """What the calendar and the clock hold against a draw of that key."""
        at = self._day(key.date).instants.get(key.label)
        if at is None and not (era.labels_are_free and (era.any_day or self.slots(key.date))):
            yield f"The calendar has no draw on {key.date:%A} {key.date}" + (f", {key.label}." if key.label else ".")
            return
        # A draw of which nobody tells the time can be known once its day has begun.
        earliest = (at or told or datetime.combine(key.date, time.min, self.zone)).astimezone(UTC) + self.not_before
        if observed_at < earliest:
            when = f"{earliest.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"
            yield f"Seen before {when}, the earliest time it can be known."


def initials(name: str) -> str:
    """The first letters of a name's words and its figures, three signs at most: “MM”, “L6”, “P”, “3S”, “2DL”."""
    words = re.findall(r"\w+", name)
    if before := re.match(r"\d{1,2}(?:[A-Z]\b)?", name):
        return (before[0] + "".join(word[0] for word in words[1:] if word[0].isupper()))[:3]
    figures = next((word for word in words[1:] if word.isdigit() and len(word) < 3), "")
    letters = "".join(word[0] for word in words if not word.isdigit() and (word[0].isupper() or not word[0].isascii()))
    return ((letters or name[:1]).upper()[: 3 - len(figures)] + figures)[:3]


@dataclass(frozen=True)
class _Day:
    """What a lottery knows of one local day."""

    era: Era | None
    slots: tuple[Slot, ...]
    times: Mapping[str, datetime]
    """The moment of each label, in the lottery's zone: that of the first slot that bears it."""

    @cached_property
    def instants(self) -> Mapping[str, datetime]:
        """The same moments in UTC, which are quick to compare."""
        return {label: at.astimezone(UTC) for label, at in self.times.items()}


def _misplaced(pool: Pool, seen: Seen) -> Iterator[str]:
    """What the pool that this one is drawn from, or beside, holds against its values."""
    ours = {value for value in seen.get(pool.name, ()) if value is not None}
    if pool.rest_of and ours & set(seen.get(pool.rest_of, ())):
        yield f"A value of the {pool.name} pool is one of the {pool.rest_of} pool too."
    whole = seen.get(pool.among, ())
    if pool.among and whole and None not in whole and not ours <= set(whole):
        yield f"A value of the {pool.name} pool is none of the {pool.among} pool."
