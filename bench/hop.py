"""The event hop: from the outbox over the stream to whoever handles it, against the barest loop that promises as much.

Both sides commit each event to PostgreSQL, say it on Valkey with every write on the disk before the answer, read it
one by one, commit an inbox row, and acknowledge. Ours is the relay and `hear` as services run them, who ask the ledger
what an event says; bare is redis-py and psycopg without pool, batches, marks, retries or reconciler, and believes the
queue. They run in turns on the same engines.
"""

import asyncio
import logging
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import redis.asyncio as redis_py
import structlog
from redis.asyncio import Redis

from lotto import wire
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.engines import Engines
from lotto.events import Event, Type
from lotto.house import wall_clock
from lotto.ledger import inbox, outbox
from lotto.ledger.connection import Ledger, prepare
from lotto.relay.service import Relay
from lotto.streams.connect import connect
from lotto.streams.hear import Hearing
from lotto.streams.heard import Buried, Heard

EVENTS = 500
"""Of one run."""
RUNS = 5
"""Of each side; their median counts."""
ALONE = 200
"""Events that are sent one at a time, each when the one before is handled."""

RATIO = 0.8
"""Of the bare loop's rate, at least."""
IDLE = 5.0
"""Milliseconds from commit to handled, at most, for half of the events."""

STREAM, GROUP = "new_result", "bench"
AT = datetime(2024, 11, 3, 3, 10, tzinfo=UTC)


@dataclass
class Heads:
    """Events nobody has seen before, one after the other."""

    said: int = 0

    def take(self, count: int) -> list[Event]:
        """The next so many."""
        first, self.said = self.said, self.said + count
        return [Event(Type.NEW_RESULT, _draw(n), AT) for n in range(first, first + count)]


def _draw(n: int) -> Draw:
    numbers = {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}
    return Draw(DrawKey("us_powerball", date(1, 1, 1) + timedelta(days=n)), Status.CONFIRMED, AT, 1, 0, numbers)


@dataclass
class Handled:
    """Counts what was handled, and tells when it was as much as was asked for."""

    wanted: int = 0
    count: int = 0
    at: float = 0.0
    all: asyncio.Event = field(default_factory=asyncio.Event)

    def expect(self, count: int) -> None:
        """From now on, so many more."""
        self.wanted, self.count = count, 0
        self.all.clear()

    def one(self) -> None:
        """One more."""
        self.count += 1
        if self.count == self.wanted:
            self.at = time.perf_counter()
            self.all.set()


@asynccontextmanager
async def _ours(database_url: str, redis_url: str, handled: Handled) -> AsyncIterator[Ledger]:
    """The relay and a hearer at work, as `house` joins them."""
    async with (
        Ledger(database_url, "bench", "practice") as ledger,
        _closing(connect(redis_url, "bench-relay")) as said,
        _closing(connect(redis_url, "bench-hear")) as heard,
    ):

        async def handle(one: Heard) -> None:
            async with ledger.reading() as conn:
                said = await outbox.envelope(conn, one.event_id)
                if said is None:
                    raise RuntimeError(f"{one.event_id} was heard and never said.")
                await inbox.take(conn, GROUP, wire.decode(said).id, wall_clock())
            handled.one()

        async def bury(one: Buried) -> None:
            raise RuntimeError(f"{one.event_id} was given up on: {one.reason}")

        relay = Relay(ledger, said, {STREAM: (GROUP,)}, wall_clock)
        async with _meanwhile(relay.run(), Hearing(heard, [STREAM], GROUP, "one", handle, bury).hear()):
            yield ledger


async def _ours_rate(ledger: Ledger, events: list[Event], handled: Handled) -> float:
    """Events a second, from the first that is left to the last that is handled."""
    handled.expect(len(events))
    async with ledger.alone() as left:
        began = time.perf_counter()
        for event in events:
            await outbox.say(left, event)
        await handled.all.wait()
    return len(events) / (handled.at - began)


async def _ours_alone(ledger: Ledger, events: list[Event], handled: Handled) -> list[float]:
    """Milliseconds from each commit until the event was handled, nothing else being on the way."""
    took = []
    for event in events:
        handled.expect(1)
        async with ledger.transaction() as conn:
            await outbox.say(conn, event)
            committed = time.perf_counter()
        await handled.all.wait()
        took.append(1000 * (handled.at - committed))
        await asyncio.sleep(0.01)
    return took


async def _bare_rate(database_url: str, redis_url: str, events: list[Event]) -> float:
    """The same, by the barest loop."""
    handled = Handled()
    handled.expect(len(events))
    async with (
        await psycopg.AsyncConnection.connect(database_url, autocommit=True) as left,
        await psycopg.AsyncConnection.connect(database_url, autocommit=True) as kept,
        _closing(redis_py.Redis.from_url(redis_url, protocol=2, legacy_responses=False)) as said,
        _closing(redis_py.Redis.from_url(redis_url, protocol=2, legacy_responses=False)) as heard,
    ):

        async def hear() -> None:
            while handled.count < len(events):
                answer: Any = await heard.xreadgroup(GROUP, "one", {"bare": ">"}, count=1, block=1000)
                for entries in answer.values():
                    for entry_id, fields in entries:
                        event = wire.decode(fields[b"event"])
                        await inbox.take(kept, GROUP, event.id, wall_clock())  # type: ignore[arg-type] # no row is read
                        await heard.xack("bare", GROUP, entry_id)
                        handled.one()

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            group.create_task(hear())
            for event in events:
                await outbox.say(left, event)  # type: ignore[arg-type] # no row is read
                await said.xadd("bare", {"id": str(event.id), "event": wire.encode(event)})
        return len(events) / (handled.at - began)


async def measure(database_url: str, bare_url: str, redis_url: str) -> tuple[list[float], list[float], list[float]]:
    """Rates of both sides, run by run, and the latencies of single events in milliseconds."""
    heads, bare_heads, handled = Heads(), Heads(), Handled()
    async with _closing(connect(redis_url, "bench")) as client:
        await client.xgroup_create("bare", GROUP, id="0", mkstream=True)
    ours: list[float] = []
    bare: list[float] = []
    async with _ours(database_url, redis_url, handled) as ledger:
        await _ours_rate(ledger, heads.take(100), handled)
        await _bare_rate(bare_url, redis_url, bare_heads.take(100))
        for _ in range(RUNS):
            ours.append(await _ours_rate(ledger, heads.take(EVENTS), handled))
            bare.append(await _bare_rate(bare_url, redis_url, bare_heads.take(EVENTS)))
        alone = await _ours_alone(ledger, heads.take(ALONE), handled)
        said = {one.id for one in Heads().take(heads.said)}
        async with ledger.reading() as conn:
            rows = await conn.execute("SELECT event_id FROM inbox WHERE consumer = %s", [GROUP])
            missed = said - {row["event_id"] async for row in rows}
    if missed:
        raise RuntimeError(f"{len(missed)} of {len(said)} events were never handled.")
    return ours, bare, alone


@asynccontextmanager
async def _meanwhile(*work: Any) -> AsyncIterator[None]:
    """The work goes on while the block runs; its failure ends the block."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one) for one in work]
        yield
        for task in tasks:
            task.cancel()


@asynccontextmanager
async def _closing(client: Redis) -> AsyncIterator[Redis]:
    try:
        yield client
    finally:
        await client.aclose()


def _databases(url: str) -> Iterator[str]:
    """Two new ledgers, one for each side."""
    for name in ("ours", "bare"):
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name}")
        own = url.replace("/lotto?", f"/{name}?")
        prepare(own, "practice")
        yield own


def main() -> None:
    """Measures, and prints the rate as a ratio and the latency of a single event, each with its limit."""
    logging.disable(logging.INFO)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with TemporaryDirectory(prefix="lotto-bench-") as folder, Engines(Path(folder)) as engines:
        own, bare_own = _databases(engines.database_url or "")
        ours, bare, alone = asyncio.run(measure(own, bare_own, engines.redis_url or ""))
    ratio = statistics.median(one / other for one, other in zip(ours, bare, strict=True))
    p50, p95 = statistics.median(alone), statistics.quantiles(alone, n=20)[-1]
    print(f"Event hop, outbox → stream → handled: {RUNS} runs of {EVENTS} events on each side, in turns")
    print(f"  ours {statistics.median(ours):6.0f}/s   bare {statistics.median(bare):6.0f}/s")
    print(f"  ratio {ratio:.2f}, at least {RATIO}: {'holds' if ratio >= RATIO else 'MISSED'}")
    print(f"  idle, one event at a time: p50 {p50:.1f} ms, p95 {p95:.1f} ms")
    print(f"  p50 / limit {p50 / IDLE:.2f} of {IDLE:g} ms: {'holds' if p50 <= IDLE else 'MISSED'}")
