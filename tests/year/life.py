"""A life through the simulated time: the clock goes to whatever is due next, and the real scraper does what is due."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any
from unittest.mock import patch

import psycopg
import structlog
from obstore.store import MemoryStore
from psycopg import AsyncConnection, waiting

from conftest import Clock
from lotto.ledger.connection import Ledger
from lotto.scraper.service import Scraper
from lotto.scraper.sources.source import Source
from lotto.store import Store
from lotto.watch.asks import Due
from year.source import YearDoor
from year.telling import Telling
from year.trouble import Trouble

BEAT = timedelta(minutes=10)
"""What comes due within it is asked together."""


async def live(
    url: str, telling: Telling, trouble: Trouble, told: Mapping[str, Source], begin: datetime, end: datetime
) -> YearDoor:
    """Has the scraper look at every source whenever anything of it is due, from `begin` to `end`."""
    clock = Clock(begin)
    door = YearDoor(telling, trouble, clock)
    known = telling.truth.world.catalogue
    with _alone():
        async with Ledger(url, "year", "practice") as ledger:
            # Pages are kept as ever, but in memory: a disk's pace is not what is looked at here.
            scraper = Scraper(ledger, Store(MemoryStore(), None, ""), door, known, told, clock)  # type: ignore[arg-type]
            agenda: list[tuple[datetime, str, list[Due]]] = [(begin, name, []) for name in told]
            while agenda and agenda[0][0] < end:
                clock.at, name, foreseen = heappop(agenda)
                # Nobody else writes, so what was foreseen after the last ask is what a look would find to be due.
                await scraper.ask(name, [one for one in foreseen if one.at <= clock.at])
                foreseen = await scraper.coming(name)
                heappush(agenda, (_beat(foreseen, clock.at), name, foreseen))
    return door


def _beat(foreseen: list[Due], now: datetime) -> datetime:
    """The first full beat at which anything is due."""
    due = min((one.at for one in foreseen), default=now + timedelta(days=1))
    return now + BEAT * max(1, -(-(due - now) // BEAT))


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else waits in this process: it stands still while PostgreSQL answers and while a page is read.

    The ways that an event loop goes in between are most of what a look costs, and nothing of what is proved here.
    """

    async def answered(self: AsyncConnection[Any], asked: Any, *_: Any, **__: Any) -> Any:
        return waiting.wait(asked, self.pgconn.socket, 60.0)

    async def done(work: Callable[..., Any], *words: Any) -> Any:
        return work(*words)

    with patch.object(AsyncConnection, "wait", answered), patch.object(asyncio, "to_thread", done):
        yield


def hurry(url: str) -> None:
    """What a crash would lose is nothing to this proof: its ledger does not wait for the disk, nor its log for us."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(f"ALTER DATABASE {conn.info.dbname} SET synchronous_commit = off")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
