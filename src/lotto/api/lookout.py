"""What the sources are up to, looked up once for all who ask within a while: it costs a look at every calendar."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from time import monotonic

from lotto.ledger.connection import Connection
from lotto.watch.look import Look

FRESH = 15.0
"""Seconds that a look is good for, by the world's clock and by this machine's."""


class Lookout:
    """Looks at the sources for whoever asks; `looked` looks, at a moment of the world's clock."""

    def __init__(
        self, looked: Callable[[Connection, datetime], Awaitable[Look]], clock: Callable[[], datetime]
    ) -> None:
        self._looked = looked
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._last: tuple[float, datetime, Look] | None = None

    async def look(self, conn: Connection) -> Look:
        """What every source is up to, not older than FRESH; `conn` is a connection to read on."""
        async with self._one_at_a_time:
            now = self._clock()
            if self._last is not None:
                made, at, found = self._last
                if monotonic() - made < FRESH and timedelta(0) <= now - at < timedelta(seconds=FRESH):
                    return found
            found = await self._looked(conn, now)
            self._last = monotonic(), now, found
            return found
