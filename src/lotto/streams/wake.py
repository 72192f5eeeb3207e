"""Wake: tell live pages, those that listen at this moment, to look. Nothing here is kept and nothing depends on it."""

from collections.abc import AsyncGenerator

import structlog
from redis.asyncio import Redis

from lotto.streams.unreachable import Outage, Unreachable, reaching

log = structlog.get_logger()


async def wake(redis: Redis, channel: str, message: bytes) -> bool:
    """Tell whoever listens; False when the broker is away, which is no loss: listeners look by themselves in time."""
    try:
        async with reaching():
            await redis.publish(channel, message)
    except Unreachable as error:
        log.debug("wake_not_sent", channel=channel, why=str(error))
        return False
    return True


async def listen(redis: Redis, channel: str, *, tick: float = 15.0) -> AsyncGenerator[bytes | None]:
    """Messages as they come, and None whenever some may have been missed: then ask the ledger what is new.

    None comes as soon as the broker listens for us (again), so nothing falls between asking and listening, and at the
    latest `tick` seconds after the last word. Goes on until closed, whatever becomes of the broker; while it is away
    there are ticks still. Close it where you leave it: `async with contextlib.aclosing(listen(…)) as words`.
    """
    outage = Outage(log.bind(channel=channel))
    while True:
        try:
            async with redis.pubsub() as pubsub:
                async with reaching():
                    await pubsub.subscribe(channel)
                while True:
                    async with reaching(waiting=tick):
                        message = await pubsub.get_message(timeout=tick)
                    outage.over()
                    yield message["data"] if message is not None and message["type"] == "message" else None
        except Unreachable as error:
            yield None
            await outage.sit_out(error)
