"""The truth: what was drawn when, whatever anyone foresaw or told of it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from lotto.draws.draw import DrawKey
from lotto.draws.lottery import Lottery
from year.lotteries import World
from year.numbers import Told, drawn

CANCELLED, DELAYED, MOVED, EXTRA = "cancelled", "delayed", "moved", "extra"
SURPRISES = {CANCELLED: 0.001, DELAYED: 0.001, MOVED: 0.002, EXTRA: 0.002}
"""What an operator does unannounced, and with how many of the draws of the calendar: it holds none, it holds it hours
later, on the day after, or once more on the day after, where that is a day of none."""


@dataclass(frozen=True)
class Held:
    """A draw that was really held."""

    key: DrawKey
    at: datetime
    numbers: Told
    surprise: str = ""


@dataclass(frozen=True)
class Truth:
    """What was drawn between two instants, aware."""

    world: World
    since: datetime
    until: datetime
    seed: int = 0
    surprises: dict[str, float] = field(default_factory=lambda: SURPRISES)

    @cached_property
    def draws(self) -> dict[str, list[Held]]:
        """By lottery, oldest first; some were held before `since`, for the pages that show five days."""
        return {name: sorted(self._held(one), key=lambda held: held.at) for name, one in self.world.real.items()}

    @cached_property
    def by_key(self) -> dict[DrawKey, Held]:
        """Every draw by its key."""
        return {held.key: held for all_ in self.draws.values() for held in all_}

    def chance(self, *place: object) -> random.Random:
        """The dice of that place: the same in every run of this seed."""
        return random.Random("/".join(map(str, (self.seed, *place))))

    def _held(self, lottery: Lottery) -> Iterator[Held]:
        for local, key in lottery.draws(self.since - timedelta(days=5), self.until):
            at = local.astimezone(UTC)
            held = Held(key, at, drawn(lottery, key, self.chance("draw", key)))
            surprise = self._surprise(key) if at > self.since else ""
            after = replace(key, date=key.date + timedelta(days=1))
            free = not lottery.slots(after.date)
            if surprise == DELAYED:
                later = at + timedelta(hours=self.chance("delay", key).uniform(1, 4))
                yield replace(held, at=later, surprise=DELAYED) if _day(lottery, later) == key.date else held
            elif surprise == MOVED and free:
                yield replace(held, key=after, at=at + timedelta(days=1), surprise=MOVED)
            elif surprise != CANCELLED:
                yield held
            if surprise == EXTRA and free:
                numbers = drawn(lottery, after, self.chance("draw", after))
                yield Held(after, at + timedelta(days=1), numbers, EXTRA)

    def _surprise(self, key: DrawKey) -> str:
        dice = self.chance("surprise", key).random()
        for kind, share in self.surprises.items():
            if (dice := dice - share) < 0:
                return kind
        return ""


def beginning(day: date) -> datetime:
    """Midnight of that day, UTC."""
    return datetime.combine(day, time.min, UTC)


def _day(lottery: Lottery, at: datetime) -> date:
    return at.astimezone(lottery.zone).date()
