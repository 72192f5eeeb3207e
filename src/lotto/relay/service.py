"""The relay: outbox to stream, one speaker at a time; and the reconciler, for whom wiping the queue is only a delay.

Saying twice is safe: every hearer knows an event by its id.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from redis.asyncio import Redis

from lotto.ledger import cards, outbox
from lotto.ledger.connection import Away, Connection, Ledger, stopped
from lotto.ledger.outbox import Letter
from lotto.streams import say as streams
from lotto.streams.trim import trim
from lotto.streams.unreachable import Outage, Unreachable
from lotto.streams.wake import wake

log = structlog.get_logger()

LIVE = "live"
"""Channel that wakes live pages; the message is the position reached."""

AT_ONCE = 200
BREATH = 0.01
"""Seconds from one round to the next: what is committed meanwhile goes in one round, and costs one commit and one say.
The first after a quiet time goes at once."""
KEEP = timedelta(days=7)
"""Streams keep so much for whoever wants to look back."""


class Relay:
    """Speaks while it holds the speaker's lock, and waits while another relay does.

    `enrolled` maps a stream to the groups that must hear it. `clock` is the machinery's own, never a practice world's.
    """

    def __init__(
        self,
        ledger: Ledger,
        redis: Redis,
        enrolled: Mapping[str, Sequence[str]],
        clock: Callable[[], datetime],
        *,
        poll: float = 1.0,
        reconcile: float = 30.0,
        grace: timedelta = timedelta(seconds=60),
    ) -> None:
        self._ledger = ledger
        self._redis = redis
        self._enrolled = enrolled
        self._clock = clock
        self._poll = poll
        self._reconcile = reconcile
        self._grace = grace

    async def run(self) -> None:
        """Relays until cancelled; a database or a broker that goes away is waited for."""
        outage = Outage(log)
        while not stopped():
            try:
                async with self._ledger.alone() as conn:
                    await self._speak(conn, outage)
            except Away as error:
                log.warning("ledger away", why=str(error))
                await asyncio.sleep(self._poll)

    async def _speak(self, own: Connection, outage: Outage) -> None:
        """Waits for its turn, then says everything as it comes, and looks after what was lost now and then."""
        while not await outbox.lead(own):  # noqa: ASYNC110 - another process holds the lock
            await asyncio.sleep(self._poll)
        await own.execute(f"LISTEN {outbox.CHANNEL}")
        loop = asyncio.get_running_loop()
        looked = loop.time() - self._reconcile
        while not stopped():
            next_round = loop.time() + BREATH
            try:
                carried = await self.carry()
                if loop.time() - looked >= self._reconcile:
                    await self.reconcile()
                    looked = loop.time()
                outage.over()
            except Unreachable as error:
                await outage.sit_out(error)
                continue
            if carried == AT_ONCE:
                continue
            if carried:
                await asyncio.sleep(next_round - loop.time())
                continue
            async for _ in own.notifies(timeout=self._poll, stop_after=1):
                pass

    async def carry(self) -> int:
        """Says up to AT_ONCE letters that wait, and marks them said; returns how many."""
        async with self._ledger.transaction() as conn:
            letters = await outbox.waiting(conn, AT_ONCE)
            if not letters:
                return 0
            entries = await self._say(letters)
            position = await outbox.said(conn, entries, self._clock())
        _tell("said", letters, entries)
        await wake(self._redis, LIVE, str(position).encode())
        return len(letters)

    async def reconcile(self) -> int:
        """Says again what an enrolled group has not worked off and its stream no longer holds; returns how many.

        An entry that still waits on its stream for a stopped consumer is left alone.
        """
        for stream, groups in self._enrolled.items():
            for group in groups:
                await streams.enrol(self._redis, stream, group)
        before = self._clock() - self._grace
        async with self._ledger.transaction() as conn:
            await outbox.settle(conn, self._enrolled)
            letters = await outbox.unsettled(conn, before)
            held = await self._held(letters)
            lost = [letter for letter in letters if letter.entry_id not in held]
            lost += await cards.forget_missing(conn, before)
            entries = await self._say(lost)
            await outbox.said_again(conn, entries)
        _tell("said again, the queue had lost it", lost, entries)
        for stream, groups in self._enrolled.items():
            await trim(self._redis, stream, groups, keep=KEEP)
        return len(lost)

    async def _held(self, letters: Sequence[Letter]) -> set[str]:
        held: set[str] = set()
        for stream in self._enrolled:
            ids = [letter.entry_id for letter in letters if letter.stream == stream and letter.entry_id]
            held |= await streams.holds(self._redis, stream, ids)
        return held

    async def _say(self, letters: Sequence[Letter]) -> dict[UUID, str]:
        """Says the letters stream by stream; returns the entry each became."""
        entries: dict[UUID, str] = {}
        for stream in dict.fromkeys(letter.stream for letter in letters):
            these = [letter for letter in letters if letter.stream == stream]
            ids = await streams.say(self._redis, stream, [(str(one.event_id), one.envelope) for one in these])
            entries.update(zip((one.event_id for one in these), ids, strict=True))
        return entries


def _tell(what: str, letters: Sequence[Letter], entries: Mapping[UUID, str]) -> None:
    """A line for each letter, once it is committed."""
    for one in letters:
        log.info(
            what, event_id=str(one.event_id), draw=str(one.draw), stream=one.stream, entry_id=entries[one.event_id]
        )
