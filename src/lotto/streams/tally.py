"""Tally: how often something happened within a window, counted by all processes together. What is lost is no loss."""

import asyncio

from redis.asyncio import Redis

from lotto.streams.unreachable import Unreachable, reaching


async def counted(redis: Redis, name: str, seconds: int, *, within: float) -> int:
    """Counts one more and says how many that makes; the count is forgotten after `seconds`.

    Raises Unreachable where the broker does not answer `within` so many seconds.
    """
    try:
        async with asyncio.timeout(within), reaching(), redis.pipeline(transaction=False) as pipe:
            pipe.incr(f"tally:{name}")
            pipe.expire(f"tally:{name}", seconds)
            made, _ = await pipe.execute()
    except TimeoutError as error:
        raise Unreachable(f"The queue has not answered for {within:g} s.") from error
    return int(made)
