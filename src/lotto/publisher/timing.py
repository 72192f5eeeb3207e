"""Timing: when an account may tell what it has to tell. Pure: every rule is handed the instant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_RATE = re.compile(r"([1-9][0-9]{0,4})/(?:([1-9][0-9]?)?([smhd]))", re.ASCII)
_SPANS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class BadTime(ValueError):
    """What cannot be a time, hours or a rate; the message says how it is written."""


@dataclass(frozen=True)
class Moment:
    """A time of day in a zone."""

    at: time
    zone: ZoneInfo

    def after(self, instant: datetime) -> datetime:
        """The first such moment after that instant, UTC; a time that a change of clocks leaves out comes an hour on."""
        day = instant.astimezone(self.zone).date() - timedelta(days=1)
        while (found := datetime.combine(day, self.at, self.zone).astimezone(UTC)) <= instant:
            day += timedelta(days=1)
        return found


@dataclass(frozen=True)
class Daily:
    """Once a day all that came since the last time goes out, as one text where it is more than one result."""

    moment: Moment

    def due(self, now: datetime) -> datetime:
        """When a result that comes now is told."""
        return self.moment.after(now)


@dataclass(frozen=True)
class Complete:
    """A day's results go out as one text when all of them are there, or at the deadline, which names what is missing.

    The deadline is the first such moment after the day's last draw.
    """

    deadline: Moment

    def due(self, last_draw: datetime) -> datetime:
        """When a day whose last draw is held then is told at the latest."""
        return self.deadline.after(last_draw)


@dataclass(frozen=True)
class Quiet:
    """Hours in which nothing new is told; what corrects or takes back something is."""

    since: time
    until: time
    zone: ZoneInfo

    def ends(self, now: datetime) -> datetime | None:
        """When the quiet hours end that hold now; None while there are none."""
        clock = now.astimezone(self.zone).time()
        if self.since < self.until:
            holds = self.since <= clock < self.until
        else:
            holds = clock >= self.since or clock < self.until
        return Moment(self.until, self.zone).after(now) if holds else None


@dataclass(frozen=True)
class Rate:
    """So many posts at the most in any span of that length."""

    most: int
    span: timedelta

    def free_at(self, told: Sequence[datetime], now: datetime) -> datetime:
        """When the next may go, after those told at these instants, in any order: now, or later."""
        lately = sorted(at for at in told if at > now - self.span)
        return now if len(lately) < self.most else max(now, lately[-self.most] + self.span)


def free_at(rates: Sequence[Rate], told: Sequence[datetime], now: datetime) -> datetime:
    """When the next may go by all of these rates."""
    return max((one.free_at(told, now) for one in rates), default=now)


def clock(said: str) -> time:
    """A time of day written like 20:30; raises BadTime."""
    parts = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", said, re.ASCII)
    if parts is None:
        raise BadTime("write it like 20:30")
    return time(int(parts[1]), int(parts[2]))


def hours(said: str, zone: ZoneInfo) -> Quiet:
    """Hours written like 22:00-07:00; raises BadTime."""
    since, dash, until = said.partition("-")
    try:
        quiet = Quiet(clock(since), clock(until), zone)
    except BadTime:
        raise BadTime("write it like 22:00-07:00") from None
    if not dash or quiet.since == quiet.until:
        raise BadTime("write it like 22:00-07:00, from one time to another")
    return quiet


def rate(said: str) -> Rate:
    """A rate written like 20/h, 1/s or 300/5m; raises BadTime."""
    parts = _RATE.fullmatch(said)
    if parts is None:
        raise BadTime("write it like 20/h, 5/d or 300/5m")
    return Rate(int(parts[1]), int(parts[2] or 1) * _SPANS[parts[3]])
