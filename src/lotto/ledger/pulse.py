"""The pulse: tells at once that what the ledger holds has changed, and whether it can be reached at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from lotto.ledger.connection import Away, Ledger, stopped

log = structlog.get_logger()

CHANNEL = "ledger"
"""PostgreSQL notifies it at every commit that changed a draw or a card."""

BEAT = 1.0
"""Seconds after which a ledger that says nothing is asked whether it is still there, and that it has to answer."""

AGAIN = 0.2
"""Seconds before a ledger that is away is tried again."""


class Pulse:
    """What is known of the ledger at this moment, kept by `run`.

    The notice of a commit comes from PostgreSQL itself, a moment after the commit, also when no relay and no queue is
    there to tell of it. A connection that was lost may have missed some, so a new one counts as a change.
    """

    def __init__(self) -> None:
        self.turn = 0
        """Rises whenever the ledger may have changed: what was read before is old then."""
        self.beats = False
        """Whether the ledger can be reached; False until it was for the first time."""

    @classmethod
    @asynccontextmanager
    async def of(cls, ledger: Ledger) -> "AsyncIterator[Pulse]":
        """The pulse of that ledger, while the block runs."""
        pulse = cls()
        task = asyncio.create_task(pulse.run(ledger), name="pulse of the ledger")
        try:
            yield pulse
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def run(self, ledger: Ledger) -> None:
        """Listens until cancelled; a ledger that is away is waited for."""
        while not stopped():
            try:
                await self._listen(ledger)
            except (Away, TimeoutError) as error:
                if self.beats:
                    log.warning("ledger away", why=str(error) or "it did not answer")
                self.beats = False
            await asyncio.sleep(AGAIN)

    async def _listen(self, ledger: Ledger) -> None:
        async with ledger.alone() as conn:
            await conn.execute(f"LISTEN {CHANNEL}")
            self.turn += 1
            self.beats = True
            while not stopped():
                before = self.turn
                async for _ in conn.notifies(timeout=BEAT, stop_after=1):
                    self.turn += 1
                if self.turn == before:
                    async with asyncio.timeout(BEAT):
                        await conn.execute("SELECT")
