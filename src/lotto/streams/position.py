"""Position: how far a group has come on a stream, for status pages and metrics, and for trimming."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from lotto.streams.unreachable import reaching


@dataclass(frozen=True)
class Position:
    """Where one group stands on one stream."""

    group: str
    lag: int | None
    """Entries it has not read yet; None where the broker cannot tell."""
    pending: int
    """Entries it has taken and not finished."""
    oldest_pending: timedelta | None
    """How long ago the oldest of those was said, by the broker's own clock."""
    oldest_unread: timedelta | None = None
    """How long ago the oldest entry was said that it has not read yet."""
    heard: timedelta | None = None
    """How long ago any of its consumers last asked for anything; None when it never had one."""

    @property
    def oldest(self) -> timedelta | None:
        """How long ago the oldest entry was said that it is not through with."""
        return max((age for age in (self.oldest_pending, self.oldest_unread) if age is not None), default=None)


async def positions(redis: Redis, stream: str) -> list[Position]:
    """The position of every group on the stream, by name; none when there is no such stream."""
    found = []
    async with reaching():
        now = await broker_clock(redis)
        for name, group in sorted((await groups_of(redis, stream)).items()):
            pending: Any = await redis.xpending(stream, name)
            unread: Any = await redis.xrange(stream, min=b"(" + group["last-delivered-id"], count=1)
            idle = [one["idle"] for one in await redis.xinfo_consumers(stream, name)]
            found.append(
                Position(
                    name,
                    group["lag"],
                    pending["pending"],
                    _age(now, pending["min"]),
                    _age(now, unread[0][0] if unread else None),
                    timedelta(milliseconds=min(idle)) if idle else None,
                )
            )
    return found


def _age(now: int, entry_id: bytes | None) -> timedelta | None:
    return None if entry_id is None else timedelta(milliseconds=max(0, now - parts(entry_id)[0]))


async def groups_of(redis: Redis, stream: str) -> dict[str, dict[str, Any]]:
    """What the broker knows of each group on the stream; nothing when there is no such stream."""
    try:
        return {group["name"].decode(): group for group in await redis.xinfo_groups(stream)}
    except ResponseError as error:
        if "no such key" in str(error):
            return {}
        raise


async def broker_clock(redis: Redis) -> int:
    """Milliseconds since 1970 on the clock that stamps entries."""
    seconds, microseconds = await redis.time()
    return int(seconds) * 1000 + int(microseconds) // 1000


def parts(entry_id: bytes) -> tuple[int, int]:
    """The two numbers of an entry's id, milliseconds when it was said and a serial: they sort, the text does not."""
    said_at, _, serial = entry_id.partition(b"-")
    return int(said_at), int(serial)
