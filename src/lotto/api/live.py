"""Live: what was said, looked up once for all who listen.

One task hears the relay's word and reads the ledger. Whoever listens keeps nothing but a position and takes what came
after it from a window of the newest words; who has fallen behind that window reads the ledger. So a listener who is
slow holds nobody up, and costs no more memory than lies in its socket.
"""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass

import msgspec
import structlog
from redis.asyncio import Redis

from lotto.ledger import queries
from lotto.ledger.connection import Away, Ledger
from lotto.ledger.queries import Said
from lotto.streams.wake import listen

log = structlog.get_logger()

CHANNEL = "live"
"""Where the relay says how far it has come."""

TICK = 2.0
"""Seconds until the ledger is looked at even when no word came: Redis may be away."""

BREATH = 0.1
"""Seconds from one look that found something to the next: in a burst each listener is told a few times a second, and
then of several words in one go. The first word after a quiet time is told at once."""

AT_ONCE = 500
"""Words that are read, or told one listener, in one go."""

WINDOW = 2_000
"""Words that are kept at hand, at the least; half as many again at the most."""

BEHIND = 2
"""Listeners that may read the ledger at a time, new ones and those fallen behind: pages are read beside them."""


@dataclass(frozen=True, slots=True)
class Word:
    """One event as live pages are told of it, written once for all of them."""

    position: int
    type: str
    lottery: str
    frame: bytes

    @classmethod
    def of(cls, said: Said) -> "Word":
        """The word of an event that was said."""
        data = {
            "type": said.type,
            "lottery": said.key.lottery,
            "date": said.key.date,
            "label": said.key.label,
            "revision": said.revision,
            "update": said.update,
        }
        frame = b"id: %d\nevent: %s\ndata: %s\n\n" % (said.position, said.type.encode(), msgspec.json.encode(data))
        return cls(said.position, said.type, said.key.lottery, frame)


class Live:
    """The words of one process, while `hearing`."""

    def __init__(self, ledger: Ledger, redis: Redis) -> None:
        self._ledger = ledger
        self._redis = redis
        self._words: list[Word] = []
        self._since: int | None = None
        """The words hold everything that was said after this position; None before the ledger was first read."""
        self._news = asyncio.Event()
        self._behind = asyncio.Semaphore(BEHIND)

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator["Live"]:
        """Hears while the block runs."""
        task = asyncio.create_task(self._hear(), name="live")
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    @property
    def news(self) -> asyncio.Event:
        """Is set once there is more than there is now: take it, look, and then wait for it."""
        return self._news

    @property
    def newest(self) -> int | None:
        """The position of the newest word; None while the ledger has not been read yet."""
        return self._words[-1].position if self._words else self._since

    async def begin(self, start: int | None) -> int:
        """The position to tell from: the one asked for if the ledger has come so far, else the newest there is.

        The ledger is asked, since who comes from another process may know of more than this one has heard of yet.
        Raises psycopg.OperationalError when it is away.
        """
        async with self._behind, self._ledger.reading() as conn:
            newest = await queries.position(conn)
        return newest if start is None else min(start, newest)

    async def after(self, position: int) -> list[Word]:
        """What was said after that position, in order, AT_ONCE words at the most.

        Raises psycopg.OperationalError when it must be read from the ledger, and that is away.
        """
        if self._since is None:
            return []
        if position >= self._since:
            first = bisect_right(self._words, position, key=lambda word: word.position)
            return self._words[first : first + AT_ONCE]
        async with self._behind, self._ledger.reading() as conn:
            return [Word.of(one) for one in await queries.said_after(conn, position, AT_ONCE)]

    async def _hear(self) -> None:
        """Reads the ledger whenever there may be something new. It outlives every absence, and every fault of ours."""
        async with aclosing(self._looks()) as looks:
            async for _ in looks:
                news = self._news
                try:
                    await self._read()
                except Away as error:
                    log.warning("ledger away", task="live", why=str(error))
                except Exception as error:  # else all who listen would hear nothing and not know
                    log.error("live look failed", exc_info=error)
                if news.is_set():
                    await asyncio.sleep(BREATH)

    async def _looks(self) -> AsyncGenerator[None]:
        """Goes off whenever there may be something new: at once, at the relay's word, and at every tick."""
        yield
        async with aclosing(listen(self._redis, CHANNEL, tick=TICK)) as words:
            async for said in words:
                # Several words wait while the ledger is read, and it has told of all of them.
                if said is None or not said.isdigit() or self.newest is None or int(said) > self.newest:
                    yield

    async def _read(self) -> None:
        """Reads on from the newest word; at first from so far back that those who come again find what they missed."""
        async with self._ledger.reading() as conn:
            if self._since is None:
                self._since = max(0, await queries.position(conn) - WINDOW)
                self._ring()
            while said := await queries.said_after(conn, self.newest or 0, AT_ONCE):
                self._words += map(Word.of, said)
                if len(self._words) > WINDOW * 3 // 2:
                    self._since = self._words[-WINDOW - 1].position
                    del self._words[:-WINDOW]
                self._ring()

    def _ring(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
