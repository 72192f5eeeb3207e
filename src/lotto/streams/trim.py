"""Trim: drop from a stream what everyone is done with, and nothing else."""

from collections.abc import Collection
from datetime import timedelta

import structlog
from redis.asyncio import Redis

from lotto.streams.position import broker_clock, groups_of, parts
from lotto.streams.unreachable import reaching

log = structlog.get_logger()


async def trim(redis: Redis, stream: str, groups: Collection[str], *, keep: timedelta) -> int:
    """Drop the entries older than `keep` that every one of `groups` has read and finished; returns how many.

    Never by length: that drops unread work when a service sleeps. `groups` are the enrolled ones, and the caller knows
    them: while one of them is missing (the broker was emptied) nothing is dropped; a group that is not named, such as
    one of a service that was removed, holds nothing back. Of a stream that nobody must hear, age alone decides. Ages
    are told by the clock that stamped the entries, the broker's, so a practice world with a clock of its own trims like
    any other.
    """
    async with reaching():
        found = await groups_of(redis, stream)
        missing = sorted(set(groups) - found.keys())
        if missing:
            log.warning("trim_refused", stream=stream, missing_groups=missing)
            return 0
        too_young = await broker_clock(redis) - int(keep.total_seconds() * 1000)
        floors = [(max(0, too_young), 0)]
        for group in groups:
            floors.append(parts(found[group]["last-delivered-id"]))
            # Asked after the group's place: what is taken in between lies above that place. The other order drops it.
            oldest_pending = (await redis.xpending(stream, group))["min"]
            if oldest_pending is not None:
                floors.append(parts(oldest_pending))
        said_at, serial = min(floors)
        dropped: int = await redis.xtrim(stream, minid=f"{said_at}-{serial}", approximate=False)
    return dropped
