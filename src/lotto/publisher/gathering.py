"""Gathering: what goes out together as one digest, not one post after the other.

Three reasons to gather: an account has an age limit, and after an outage several results are older; it tells once a
day; or it tells a day's results when all of them are there.

A result's age counts from the instant at which its values were decided, on the clock they were decided by. That is
what our own outages add to: whichever service was away, the instant travels with the draw. The time of the draw would
make late results of every source that is slow by habit; the time at which an event was said, or a picture was made,
is young again after an outage of whoever says or makes it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from lotto.draws.draw import Draw, DrawKey
from lotto.draws.lottery import Lottery
from lotto.ledger import sending
from lotto.ledger.connection import Connection
from lotto.ledger.posts import Post
from lotto.publisher.accounts import Account
from lotto.publisher.timing import Complete, Daily

GATHER = timedelta(seconds=60)
"""While more results are on their way, those that are here wait for them; but no longer for the next than this."""

EVER = timedelta(days=400 * 366)


@dataclass(frozen=True)
class Gathered:
    """First posts of an account that belong together, the newest draw first."""

    posts: Sequence[Post] = ()
    draws: Sequence[Draw] = ()
    waits: bool = False
    """Whether more of it is on its way, and this waits for that."""
    missing: Sequence[DrawKey] = ()
    """What should be among them at the deadline, and is not."""
    day: date | None = None
    """The day whose results they are, where they are those of one."""

    @property
    def digest(self) -> bool:
        """Whether it is to go out as a digest: one result alone is a post like any other, unless others are missing."""
        return not self.waits and (len(self.posts) > 1 or bool(self.posts and self.missing))

    @property
    def alone(self) -> Post | None:
        """The one post that is to go out as itself."""
        return self.posts[0] if len(self.posts) == 1 and not self.waits and not self.missing else None


@dataclass(frozen=True)
class Times:
    """What time it is: `now` for the machinery, `world` for the draws; the account is ours since `since`."""

    now: datetime
    world: datetime
    since: datetime


async def gather(conn: Connection, account: Account, lotteries: Mapping[str, Lottery], times: Times) -> Gathered:
    """What is to go out together at that account now, or waits for that."""
    match account.when:
        case Complete():
            return await _complete(conn, account, lotteries, times)
        case Daily():
            return await _due(conn, account, lotteries, times, times.world + EVER)
        case None if account.age_limit is not None:
            return await _due(conn, account, lotteries, times, times.world - account.age_limit)
    return Gathered()


async def _due(
    conn: Connection, account: Account, lotteries: Mapping[str, Lottery], times: Times, before: datetime
) -> Gathered:
    """What is due and was decided before that instant."""
    found = await sending.late(conn, account.name, times.now, before)
    found = [one for one in found if one[1].key.lottery in lotteries]
    here = [post for post, _ in found]
    newest = max([times.since, *(post.planned_at for post in here)])
    told = min(before, times.world)
    waits = bool(here) and times.now - newest < GATHER and await sending.on_their_way(conn, told)
    return Gathered(here, [draw for _, draw in found], waits)


async def _complete(conn: Connection, account: Account, lotteries: Mapping[str, Lottery], times: Times) -> Gathered:
    """The oldest day whose results are all there, or whose deadline has passed."""
    found = await sending.late(conn, account.name, times.now + EVER, times.world + EVER)
    found = [one for one in found if one[1].key.lottery in lotteries]
    found.sort(key=lambda one: one[1].key.date)
    waiting: list[Post] = []
    for day, some in groupby(found, key=lambda one: one[1].key.date):
        ours = sorted(some, key=lambda one: one[1].drawn_at, reverse=True)
        here = [post for post, _ in ours]
        told = await sending.told_of(conn, account.name, day)
        missing = [key for key in expected(account, lotteries, day) if key not in told]
        tried = any(post.attempts and post.due_at > times.now for post in here)
        if not tried and (not missing or any(post.due_at <= times.now for post in here)):
            first = len(told) == len(here)  # else the day was told, and these are its stragglers
            return Gathered(here, [draw for _, draw in ours], missing=missing if first else (), day=day)
        waiting += here
    return Gathered(waiting, waits=True) if waiting else Gathered()


def expected(account: Account, lotteries: Mapping[str, Lottery], day: date) -> Iterator[DrawKey]:
    """Every draw of that day that the account tells of, by the calendars of its lotteries."""
    for name in sorted(account.lotteries):
        if name in lotteries:
            yield from (DrawKey(name, day, slot.label) for slot in lotteries[name].slots(day))


def last_draw(account: Account, lotteries: Mapping[str, Lottery], key: DrawKey) -> datetime:
    """When the last draw of that draw's day is held, of those that the account tells of."""
    keys = [*expected(account, lotteries, key.date), key]
    return max(lotteries[one.lottery].held_at(one, None) for one in keys)
