"""Consumer: one member of a group as the broker knows it. Each method asks one thing; the rhythm is `hear`'s."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.typing import StreamIdT

from lotto.streams.say import enrol
from lotto.streams.unreachable import reaching

log = structlog.get_logger()

Fields = dict[bytes, bytes]
_PAGE = 100


@dataclass(frozen=True)
class Place:
    """Where an entry lies."""

    stream: str
    entry_id: str


@dataclass(frozen=True)
class Pending:
    """An entry that was delivered to a consumer of the group and is not finished."""

    place: Place
    consumer: str
    idle: float
    """Seconds since its consumer took it or showed that it still works on it."""
    deliveries: int


@dataclass(frozen=True)
class Consumer:
    """`name` is this process's in `group`: the same after a restart, and no other process's at the same time.

    Its methods raise Unreachable when the broker is away, and when it has lost the group: enrol again.
    """

    redis: Redis
    group: str
    name: str

    async def enrol(self, streams: Sequence[str]) -> None:
        """Make sure the group is on each stream."""
        for stream in streams:
            await enrol(self.redis, stream, self.group)

    async def news(self, streams: Sequence[str], *, count: int, wait: float) -> list[tuple[Place, Fields]]:
        """Take up to `count` entries of each stream that no consumer of the group was given yet."""
        wait = max(0.001, wait)  # to wait 0 ms means for ever
        async with reaching(waiting=wait):
            found: Any = await self.redis.xreadgroup(  # Any: its type tells the shapes of every protocol, not ours
                self.group,
                self.name,
                dict.fromkeys(streams, ">"),
                count=count,
                block=int(wait * 1000),
            )
        return [
            (Place(stream.decode(), entry_id.decode()), fields)
            for stream, entries in found.items()
            for entry_id, fields in entries
        ]

    async def pending(self, stream: str) -> AsyncIterator[Pending]:
        """All that is pending in the group on this stream, whoever has it, oldest first."""
        start: StreamIdT = "-"
        while True:
            page = await self._pending(stream, start, "+", _PAGE)
            for pending in page:
                yield pending
            if len(page) < _PAGE:
                return
            start = f"({page[-1].place.entry_id}"

    async def take(self, place: Place, *, idle_after: float) -> tuple[Fields, int] | None:
        """Take a pending entry to work on it: its fields, and how often it was delivered, this time included.

        None when there is nothing to take: finished, kept by a living neighbour (idle for less than `idle_after`
        seconds), or deleted from the stream, in which case it leaves the pending list and the reconciler says it again.
        """
        pending = await self._look(place)
        if pending is None:
            return None
        idle = 0 if pending.consumer == self.name else int(idle_after * 1000)
        async with reaching():
            claimed: Any = await self.redis.xclaim(place.stream, self.group, self.name, idle, [place.entry_id])
            if claimed:
                fields = claimed[0][1]
                if pending.consumer != self.name:
                    log.warning(
                        "taken_over",
                        group=self.group,
                        event_id=fields.get(b"id", b"").decode(errors="replace"),
                        entry_id=place.entry_id,
                        from_consumer=pending.consumer,
                    )
                return fields, pending.deliveries + 1
            if not await self.redis.xrange(place.stream, place.entry_id, place.entry_id):
                log.warning("pending_entry_deleted", stream=place.stream, group=self.group, entry_id=place.entry_id)
                await self.redis.xack(place.stream, self.group, place.entry_id)
        return None

    async def keep(self, place: Place) -> bool:
        """Show that an entry is being worked on, by making it look just taken; False when it is ours no more."""
        return await self._touch(place, None)

    async def recount(self, place: Place, deliveries: int) -> None:
        """Set how often an entry counts as delivered, if it is ours."""
        await self._touch(place, deliveries)

    async def done(self, place: Place) -> None:
        """Acknowledge an entry: the group is through with it. Harmless when repeated."""
        async with reaching():
            await self.redis.xack(place.stream, self.group, place.entry_id)

    async def _touch(self, place: Place, deliveries: int | None) -> bool:
        pending = await self._look(place)
        if pending is None or pending.consumer != self.name:
            return False
        async with reaching():  # with JUSTID nothing counts as a delivery
            await self.redis.xclaim(
                place.stream, self.group, self.name, 0, [place.entry_id], retrycount=deliveries, justid=True
            )
        return True

    async def _look(self, place: Place) -> Pending | None:
        found = await self._pending(place.stream, place.entry_id, place.entry_id, 1)
        return found[0] if found else None

    async def _pending(self, stream: str, start: StreamIdT, end: StreamIdT, count: int) -> list[Pending]:
        async with reaching():
            rows: Any = await self.redis.xpending_range(stream, self.group, start, end, count)
        return [
            Pending(
                Place(stream, row["message_id"].decode()),
                row["consumer"].decode(),
                row["time_since_delivered"] / 1000,
                row["times_delivered"],
            )
            for row in rows
        ]
