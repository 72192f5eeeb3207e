"""Composing a calendar: the draws that are foreseen, with what is known of those that were held.

A draw of a rhythm, every few minutes, is no event of anybody's day: of such a lottery each day is one event.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from lotto.api.calendars.ical import Calendar, Happening
from lotto.api.scope import Scope
from lotto.api.site import Site
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.draws.lottery import Lottery
from lotto.events import Card
from lotto.words import Words

BEFORE = timedelta(days=31)
AHEAD = timedelta(days=62)
"""How far a calendar looks back and ahead."""

MOST = 2_000
"""Events of a calendar: those nearest to now. It is a collection of many lotteries that has more."""

Known = Mapping[DrawKey, Draw]
Cards = Mapping[DrawKey, Sequence[Card]]


class Composer:
    """Makes calendars of a site in one language, as of `now`."""

    def __init__(self, site: Site, lotteries: Mapping[str, Lottery], words: Words, now: datetime) -> None:
        self._site = site
        self._lotteries = lotteries
        self._words = words
        self._now = now
        self._clocks: dict[tuple[str, time], str] = {}
        """Times of day as they were put before: a calendar says the same few thousands of times."""

    def calendar(self, of: Scope, known: Known, cards: Cards) -> Calendar:
        """The calendar of a scope; `known` are the draws of its span that the ledger knows."""
        words, name = self._words, of.called(self._words)
        found = [one for lottery in of.lotteries for one in self._of(self._lotteries[lottery], known, cards)]
        nearest = sorted(found, key=lambda one: (abs(one.at - self._now), one.uid))[:MOST]
        about = words.say("calendar.about", name=name)
        return Calendar(
            words.say("calendar.title", name=name),
            f"{about} {words.say('page.practice')}" if self._site.practice else about,
            f"{self._site.address}/api/v1/{of.path}/calendar.ics?lang={words.lang}",
            self._site.page(of, words.lang),
            sorted(nearest, key=lambda one: (one.at, one.uid)),
        )

    def _of(self, lottery: Lottery, known: Known, cards: Cards) -> Iterator[Happening]:
        """What happens in one lottery."""
        held = {key: draw for key, draw in known.items() if key.lottery == lottery.id}
        day, last = (at.astimezone(lottery.zone).date() for at in (self._now - BEFORE, self._now + AHEAD))
        while day <= last:
            era = lottery.era(day)
            if era is not None and any(slot.every for slot in era.calendar):
                yield from self._rhythm(lottery, day)
                held = {key: draw for key, draw in held.items() if key.date != day}
            else:
                yield from self._day(lottery, day, held, cards)
            day += timedelta(days=1)
        for draw in held.values():
            if lottery.drawn_at(draw.key) is None:
                yield self._held(lottery, draw, cards, moved=False)

    def _day(self, lottery: Lottery, day: date, held: Known, cards: Cards) -> Iterator[Happening]:
        """The draws of a day, each an event; one that is usual on such a day and not held is cancelled."""
        slots = lottery.slots(day)
        special = day in lottery.special_days
        usual = {slot.label: slot.at for slot in (lottery.usual_slots(day) if special else slots)}
        for slot in slots:
            key = DrawKey(lottery.id, day, slot.label)
            moved = usual.get(slot.label) != slot.at
            if draw := held.get(key):
                yield self._held(lottery, draw, cards, moved=moved)
            else:
                yield self._foreseen(lottery, key, slot.at, sequence=int(moved))
        for label in usual.keys() - {slot.label for slot in slots}:
            key = DrawKey(lottery.id, day, label)
            if key not in held:
                yield self._foreseen(lottery, key, usual[label], sequence=1, cancelled=True)

    def _foreseen(
        self, lottery: Lottery, key: DrawKey, at: time, *, sequence: int, cancelled: bool = False
    ) -> Happening:
        """A draw of which nothing is known but when it is, or would have been."""
        moment = datetime.combine(key.date, at, lottery.zone).astimezone(UTC)
        return Happening(
            uid=self._uid(key),
            sequence=sequence,
            stamp=_since(lottery, key.date),
            at=moment,
            until=None,
            summary=self._name(lottery, key.label),
            description=self._when(lottery, moment),
            url=self._site.draw(key, self._words.lang),
            category=lottery.name,
            cancelled=cancelled,
        )

    def _held(self, lottery: Lottery, draw: Draw, cards: Cards, *, moved: bool) -> Happening:
        """A draw of which something is known."""
        words, key = self._words, draw.key
        era = lottery.era(key.date)
        numbers = words.numbers(era.pools if era else (), draw.numbers)
        name = self._name(lottery, key.label)
        said = [words.alt(lottery, draw)] if draw.revision else []
        void = draw.status is Status.VOID
        said.append(words.say("page.void.why", reason=draw.reason) if void else f"{words.status(draw, lottery)}.")
        picture = self._site.picture(cards.get(key, ()), words.lang)
        return Happening(
            uid=self._uid(key),
            sequence=moved + draw.revision + draw.update,
            stamp=draw.updated_at or draw.drawn_at,
            at=draw.drawn_at,
            until=None,
            summary=f"{name}: {numbers}" if numbers and not void else name,
            description="\n".join([*said, self._when(lottery, draw.drawn_at)]),
            url=self._site.draw(key, words.lang),
            category=lottery.name,
            cancelled=void,
            picture=(picture.media, picture.url) if picture else None,
        )

    def _rhythm(self, lottery: Lottery, day: date) -> Iterator[Happening]:
        """A day of a lottery that is drawn every few minutes, from its first draw to its last."""
        slots = lottery.slots(day)
        if not slots:
            return
        first, last = (datetime.combine(day, slot.at, lottery.zone).astimezone(UTC) for slot in (slots[0], slots[-1]))
        words = self._words
        span = f"{words.time(first, lottery.zone)}–{self._when(lottery, last)}"
        yield Happening(
            uid=self._uid(DrawKey(lottery.id, day)),
            sequence=int(day in lottery.special_days),
            stamp=_since(lottery, day),
            at=first,
            until=last if last > first else None,
            summary=lottery.name,
            description=span,
            url=self._site.draw(DrawKey(lottery.id, day), words.lang).rpartition("/")[0],
            category=lottery.name,
        )

    def _uid(self, key: DrawKey) -> str:
        return f"{key}@{self._site.host}"

    def _name(self, lottery: Lottery, label: str) -> str:
        words = self._words
        return (
            words.say("page.line.labelled", name=lottery.name, label=words.draw_label(label)) if label else lottery.name
        )

    def _when(self, lottery: Lottery, at: datetime) -> str:
        words, zone = self._words, lottery.zone
        clock = zone.key, at.astimezone(zone).time()
        if clock not in self._clocks:
            self._clocks[clock] = words.say("card.drawn", time=words.time(at, zone), place=words.place(zone))
        return self._clocks[clock]


def _since(lottery: Lottery, on: date) -> datetime:
    """When what we foresee of that day was laid down: the day on which its rules came into force."""
    era = lottery.era(on)
    return datetime.combine(era.starts_on if era else on, time.min, UTC)
