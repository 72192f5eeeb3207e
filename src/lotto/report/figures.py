"""The figures: what waits for whom and for how long, as the ledger and the queue tell it. Nothing is written."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from redis.asyncio import Redis

from lotto.ledger import (
    accounts,
    dead,
    delivered,
    fetches,
    outbox,
    posts,
    publishing,
    queries,
    schema,
    subscribers,
    webhooks,
)
from lotto.ledger.connection import Connection, environment
from lotto.ledger.fetches import Outcome
from lotto.ledger.posts import State as PostState
from lotto.streams.position import positions
from lotto.streams.unreachable import Unreachable
from lotto.watch.look import Look, Outlook
from lotto.watch.state import State
from lotto.webhooks.address import host_of

WITHIN = 5.0
"""Seconds the queue has to answer; a report that hangs with it would be of no use."""

RECENT = timedelta(days=3)
"""So long a held draw is looked at again by itself, and so long it is reported."""


@dataclass(frozen=True)
class Outbox:
    """Events of one stream that nobody has said yet."""

    stream: str
    waiting: int
    oldest_seconds: float


@dataclass(frozen=True)
class Group:
    """A service at one stream: what waits for it, and whether it is there."""

    stream: str
    group: str
    lag: int | None
    """Entries it has not read; None where the queue cannot tell."""
    pending: int
    """Entries it has in hand."""
    oldest_seconds: float | None
    """Since when the oldest of both waits."""
    oldest_pending_seconds: float | None
    heard_seconds: float | None
    """Since when no consumer of it was heard of; None when there never was one."""

    @property
    def waiting(self) -> int:
        """Entries it is not through with."""
        return (self.lag or 0) + self.pending


@dataclass(frozen=True)
class Posts:
    """Posts of one account in one state."""

    account: str
    state: PostState
    count: int
    oldest_seconds: float
    overdue_seconds: float
    """How long the most overdue of them should have been sent or looked at; 0 when none is late."""


@dataclass(frozen=True)
class Account:
    """Who works for an account."""

    name: str
    network: str
    worker: str | None
    lease_seconds: float | None
    """What is left of the worker's lease; below 0 it has not been renewed."""
    resting: str
    ends_seconds: float | None = None
    """Until its credentials end, by its network's word."""


@dataclass(frozen=True)
class Subscribers:
    """How many people an account tells one by one; who they are stands nowhere."""

    account: str
    told: int
    asked: int
    """Those who have not confirmed it yet."""


@dataclass(frozen=True)
class Refused:
    """The newest post of an account, which its network did not take."""

    account: str
    post: str
    draw: str
    note: str


@dataclass(frozen=True)
class Source:
    """When a source was last read, and how the last ask went."""

    name: str
    read_seconds: float | None
    """Since it last gave a page that was understood, by the clock of its world; None when it never did."""
    asked_seconds: float | None
    outcome: Outcome | None
    note: str
    state: State = State.WELL
    """The worst of what it is up to."""
    since_seconds: float | None = None
    """Since it is in that state; None where nobody can tell."""
    why: str = ""
    next_seconds: float | None = None
    """Until it is asked next, below 0 where no scraper has come to it; None where it is not asked."""


@dataclass(frozen=True)
class Late:
    """A lottery of which no source has shown a draw that should be out."""

    lottery: str
    why: str


@dataclass(frozen=True)
class Webhooks:
    """How it stands with all webhooks."""

    awake: int
    resting: int
    waiting: int
    """Messages on their way to those that do not rest."""
    overdue_seconds: float
    """How long the most overdue of them should have been tried; 0 when none is late."""
    failed: int
    """Messages given up that are still in the log."""


@dataclass(frozen=True)
class Rested:
    """A webhook that we had rest, since nothing was taken."""

    id: str
    host: str
    owner: str | None
    why: str


@dataclass(frozen=True)
class Report:
    """The whole house at one moment."""

    at: datetime
    environment: str
    """`live` or `practice`; empty where the ledger was never prepared."""
    schema: str
    schema_wanted: str
    speaker: bool = False
    """Whether a relay speaks."""
    queue_away: str | None = None
    """Why the queue could not be asked."""
    outbox: Sequence[Outbox] = ()
    groups: Sequence[Group] = ()
    dead: Mapping[str, int] = field(default_factory=dict)
    """Dead letters that wait, by consumer."""
    stopped: str = ""
    """Who stopped all publishing, and why; empty while it goes on."""
    posts: Sequence[Posts] = ()
    accounts: Sequence[Account] = ()
    subscribers: Sequence[Subscribers] = ()
    refused: Sequence[Refused] = ()
    webhooks: Webhooks = Webhooks(0, 0, 0, 0.0, 0)
    rested: Sequence[Rested] = ()
    sources: Sequence[Source] = ()
    late: Sequence[Late] = ()
    held: Sequence[str] = ()
    """Recent draws about which sources disagree."""


async def gather(
    conn: Connection,
    redis: Redis,
    enrolled: Mapping[str, Sequence[str]],
    watch: Callable[[Connection], Awaitable[Look]],
    now: datetime,
    world: datetime,
) -> Report:
    """The report at `now`; `world` is what time it is for sources and draws, the same but in a practice world.

    `enrolled` maps a stream to the groups that must hear it, `watch` looks what the sources are up to. Of a ledger
    with another schema only that is told.
    Raises what the database raises when that is away; a queue that is away is part of the report.
    """
    at = await schema.version(conn)
    marked = await environment(conn) if at else ""
    if at != schema.HEAD:
        return Report(now, marked, at, schema.HEAD)
    groups, away = await queue(redis, enrolled)
    looked = await watch(conn)
    return Report(
        now,
        marked,
        at,
        schema.HEAD,
        speaker=await outbox.speaks(conn),
        queue_away=away,
        outbox=await unsaid(conn, now, world),
        groups=groups,
        dead=await dead.counted(conn),
        stopped=await _stopped(conn),
        posts=[
            Posts(
                one.account,
                one.state,
                one.count,
                _since(now, one.planned_at),
                max(0.0, _since(now, one.due_at)),
            )
            for one in await posts.tallies(conn)
        ],
        accounts=[
            Account(
                one.name,
                one.network,
                one.worker,
                -_since(now, one.lease_until) if one.worker and one.lease_until else None,
                one.resting,
                -_since(now, one.ends_at) if one.ends_at else None,
            )
            for one in (await accounts.listed(conn)).values()
        ],
        subscribers=[Subscribers(one.account, one.told, one.asked) for one in await subscribers.tallies(conn)],
        refused=[Refused(one.account, str(one.id), str(one.key), one.note) for one in await posts.refused(conn)],
        webhooks=await _webhooks(conn, now),
        rested=[
            Rested(str(one.id), host_of(one.url), one.owner, one.resting)
            for one in await webhooks.listed(conn, everybodys=True)
            if one.rested_by == "publisher"
        ],
        sources=await _sources(conn, looked.sources, world),
        late=[Late(one.lottery or "", one.why) for one in looked.lotteries if one.state is State.LATE],
        held=[str(key) for key in await queries.disputed(conn, world - RECENT)],
    )


async def unsaid(conn: Connection, now: datetime, world: datetime) -> list[Outbox]:
    """What waits in the outbox, by stream. Results bear the time of their world, what services answer that of here."""
    found = await outbox.unsaid(conn)
    return [
        Outbox(stream, one.count, max(0.0, _since(world if stream == "new_result" else now, one.oldest_at)))
        for stream, one in sorted(found.items())
    ]


async def queue(
    redis: Redis, enrolled: Mapping[str, Sequence[str]], *, within: float = WITHIN
) -> tuple[list[Group], str | None]:
    """Where each enrolled group stands, and why the queue could not be asked, if it could not."""
    groups = []
    try:
        async with asyncio.timeout(within):
            for stream, names in enrolled.items():
                found = {one.group: one for one in await positions(redis, stream)}
                for name in names:
                    one = found.get(name)
                    groups.append(
                        Group(
                            stream,
                            name,
                            one.lag if one else None,
                            one.pending if one else 0,
                            _seconds(one.oldest if one else None),
                            _seconds(one.oldest_pending if one else None),
                            _seconds(one.heard if one else None),
                        )
                    )
    except TimeoutError:
        return [], f"it has not answered for {within:g} s"
    except Unreachable as error:
        return [], str(error.__cause__ or error)
    return groups, None


async def _stopped(conn: Connection) -> str:
    stop = await publishing.stopped(conn)
    return f"{stop.by} ({stop.reason})" if stop else ""


async def _webhooks(conn: Connection, now: datetime) -> Webhooks:
    one = await delivered.tally(conn, now)
    return Webhooks(one.awake, one.resting, one.waiting, one.overdue.total_seconds(), one.failed)


async def _sources(conn: Connection, looked: Sequence[Outlook], world: datetime) -> list[Source]:
    names = [one.source.name for one in looked]
    read_at = await fetches.read_at(conn, names)
    newest = await fetches.newest(conn, names)
    found = []
    for one in looked:
        name, worst = one.source.name, one.worst
        found.append(
            Source(
                name,
                max(0.0, _since(world, read_at[name])) if name in read_at else None,
                max(0.0, _since(world, newest[name].asked_at)) if name in newest else None,
                newest[name].outcome if name in newest else None,
                newest[name].note if name in newest else "",
                worst.state,
                max(0.0, _since(world, worst.since)) if worst.since else None,
                worst.why,
                -_since(world, one.next_at) if one.next_at else None,
            )
        )
    return found


def _since(now: datetime, then: datetime) -> float:
    return round((now - then).total_seconds(), 3)


def _seconds(age: timedelta | None) -> float | None:
    return None if age is None else age.total_seconds()
