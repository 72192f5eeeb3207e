"""How soon every one of 1,000 live pages hears of a result, with two processes of the API.

Results are committed ten a second, by four writers that take their time; a clock starts at each commit and stops when a
listener has read the event. All listeners and the relay live in this one process, which has work enough with that:
what is told is what they saw, their own slowness included.
"""

import asyncio
import logging
import random
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from listeners import Listener
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.engines import Engines
from lotto.events import Event, Type
from lotto.house import wall_clock
from lotto.ledger import outbox
from lotto.ledger.connection import Ledger, prepare
from surfaces import processes, relaying

LISTENERS = 1_000
RESULTS = 200
WRITERS = 4
LIMIT = 1.0
"""Seconds within which 99 of 100 must have heard."""


async def write(ledger: Ledger, days: Sequence[date], chance: random.Random, committed: dict[str, float]) -> None:
    """Commits a result for each of these days, and notes when."""
    for day in days:
        draw = Draw(DrawKey("us_powerball", day), Status.CONFIRMED, datetime(2024, 11, 3, tzinfo=UTC), 1)
        async with ledger.transaction() as conn:
            await outbox.say(conn, Event(Type.NEW_RESULT, draw, wall_clock()))
            await asyncio.sleep(chance.uniform(0.0, 2 * WRITERS / 10))
        committed[str(day)] = time.monotonic()


async def measure(database_url: str, redis_url: str, ports: list[int]) -> list[float]:
    """Seconds from each commit until each listener heard of it; fails where one missed or mixed up anything."""
    chance = random.Random(18)
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(RESULTS)]
    committed: dict[str, float] = {}
    everyone = [Listener([ports[n % len(ports)]]) for n in range(LISTENERS)]
    tasks = [asyncio.create_task(one.listen()) for one in everyone]
    async with Ledger(database_url, "bench", "live") as ledger, relaying(database_url, redis_url):
        async with asyncio.timeout(120):
            while any(one.position is None for one in everyone):  # noqa: ASYNC110 - they are told by other processes
                await asyncio.sleep(0.05)
        async with asyncio.TaskGroup() as group:
            for n in range(WRITERS):
                group.create_task(write(ledger, days[n::WRITERS], chance, committed))
        async with asyncio.timeout(120):
            while any(len(one.heard) < RESULTS for one in everyone):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for one in everyone:
        if [told.position for told in one.heard] != list(range(1, RESULTS + 1)):
            raise RuntimeError("A listener did not hear every result once and in order.")
    return [told.at - committed[told.data["date"]] for one in everyone for told in one.heard]


def main() -> None:
    """Measures and prints one line."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with TemporaryDirectory(prefix="lotto-bench-") as folder, Engines(Path(folder)) as engines:
        database_url, redis_url = engines.database_url or "", engines.redis_url or ""
        prepare(database_url, "live")
        with processes(database_url, redis_url, Path(folder)) as ports:
            took = asyncio.run(measure(database_url, redis_url, ports))
    p99 = statistics.quantiles(took, n=100)[98]
    print(f"Listeners: {LISTENERS:,} of 2 processes heard each of {RESULTS} results once and in order")
    print(f"  from the commit: median {statistics.median(took):.3f}s, p99 {p99:.3f}s, longest {max(took):.3f}s")
    print(f"  p99 / limit of {LIMIT:g}s: {p99 / LIMIT:.2f}")
