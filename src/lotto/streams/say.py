"""Say: put events on a stream, where every enrolled group will hear them, awake or not."""

from collections.abc import Iterable, Sequence

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from lotto.streams.unreachable import reaching

_AT_ONCE = 500
"""Questions sent to the broker in one go."""


async def enrol(redis: Redis, stream: str, group: str) -> None:
    """Make sure the group is there and hears the stream from its first entry; harmless when it is.

    From the first entry (`0`), not from now (`$`): a group made late, or again, must miss nothing that was said.
    """
    async with reaching():
        try:
            await redis.xgroup_create(stream, group, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise


async def say(redis: Redis, stream: str, entries: Sequence[tuple[str, bytes]]) -> list[str]:
    """Say events (id, document) in this order, all or none, and return the ids of their entries.

    When it raises Unreachable they may have been said or not: say them again, hearers know an event by its id.
    """
    if not entries:
        return []
    async with reaching(), redis.pipeline(transaction=True) as pipeline:
        for event_id, event in entries:
            pipeline.xadd(stream, {"id": event_id, "event": event})
        return [entry_id.decode() for entry_id in await pipeline.execute()]


async def holds(redis: Redis, stream: str, entry_ids: Iterable[str]) -> set[str]:
    """Those of the entries that the stream still holds; the reconciler says the others again."""
    wanted = list(entry_ids)
    held: set[str] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        async with reaching(), redis.pipeline(transaction=False) as pipeline:
            for entry_id in some:
                pipeline.xrange(stream, entry_id, entry_id, count=1)
            held.update(entry_id for entry_id, found in zip(some, await pipeline.execute(), strict=True) if found)
    return held
