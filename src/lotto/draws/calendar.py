"""A calendar: the draws that repeat, by weekday, by day of the month, or every few minutes of a day."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Slot:
    """A draw that the calendar repeats: at what local time, on which days, under which label.

    With `every` it is a rhythm: a draw at `at` and so many minutes after each other until `until`, on the same day.
    """

    at: time
    days: frozenset[int] = frozenset(range(7))
    """Weekdays; 0 is Monday."""
    label: str = ""
    dates: frozenset[int] = frozenset()
    """Days of the month; empty when any will do."""
    every: int = 0
    """Minutes from one draw to the next; 0 when there is but one."""
    until: time = time.min
    """The last draw of a rhythm."""

    def held_on(self, day: date) -> bool:
        """Whether it is held on that day."""
        return day.weekday() in self.days and (not self.dates or day.day in self.dates)

    def draws(self) -> tuple["Slot", ...]:
        """Its draws of one day, each a slot of its own; those of a rhythm are labelled with their time, as 13:05."""
        return _rhythm(self) if self.every else (self,)


@cache
def _rhythm(slot: Slot) -> tuple[Slot, ...]:
    """Made once: a day of a rhythm has hundreds of draws, and is asked for with each of them."""
    found: list[Slot] = []
    at, last = datetime.combine(date.min, slot.at), datetime.combine(date.min, slot.until)
    while at <= last:
        found.append(replace(slot, at=at.time(), label=f"{at:%H:%M}", every=0, until=time.min))
        at += timedelta(minutes=slot.every)
    return tuple(found)
