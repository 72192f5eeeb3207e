"""A house with open doors: site and API of a practised ledger under one address, which a test can make news in.

Its clock stands still and it draws nothing by itself, so pages stay as they are until a test has something happen.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Protocol

from starlette.types import ASGIApp

from lotto.draws.draw import Act, DrawKey, Observation
from lotto.draws.lottery import Lottery
from lotto.house import House
from lotto.ledger.connection import Ledger
from lotto.ledger.record import record
from lotto.ledger.ruling import rule
from lotto.serving import serving
from stage import free_port, meanwhile, until
from surfaces import NUMBERS, relaying


@contextmanager
def served(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """The address of an app over a real socket."""
    port, ready = port or free_port(), []

    async def serve() -> None:
        async with serving(app, "127.0.0.1", port):
            ready.append(True)
            await asyncio.Event().wait()

    with meanwhile(serve()):
        until(lambda: ready, "the app is served")
        yield f"http://127.0.0.1:{port}"


class Clock(Protocol):
    """A clock that is set by hand."""

    at: datetime

    def __call__(self) -> datetime:
        """What it shows."""
        ...


class OpenHouse:
    """The house while it is open."""

    def __init__(self, house: House, clock: Clock, port: int) -> None:
        self.house = house
        self.address = f"http://127.0.0.1:{port}"
        self._clock = clock
        self._port = port
        self._doors = ExitStack()
        self._numbers = NUMBERS
        self._fifth = cycle(range(61, 69))

    @property
    def powerball(self) -> Lottery:
        """The game that news are made of."""
        return self.house.catalogue.lotteries["us_powerball"]

    def now(self) -> datetime:
        """The instant its pages are made for."""
        return self._clock()

    def draw(self) -> DrawKey:
        """Holds the next draw of Powerball, confirmed by two sources: 10, 45, 48, 58, another one, and the 2."""
        following = self.powerball.next_draw(self._clock())
        assert following is not None
        at, key = following
        self._clock.at = at + timedelta(hours=3)
        # Others than before: the same values again are a stale page's, which is not believed.
        self._numbers = {**NUMBERS, "main": (10, 45, 48, 58, next(self._fifth))}
        seen_at = at.astimezone(UTC) + timedelta(hours=2)

        async def tell(ledger: Ledger) -> None:
            for source in ("us_texas", "us_ny_data"):
                seen = Observation(key, source, source, True, self._numbers, seen_at, "ab" * 32)
                await record(ledger, self.powerball, [seen], self._clock())

        self._told(tell)
        return key

    def correct(self, key: DrawKey, bonus: int) -> None:
        """Has a person correct the bonus ball of that draw, the last one held."""
        new = {**self._numbers, "bonus": (bonus,)}

        async def tell(ledger: Ledger) -> None:
            reason, now = "Read from the operator's film.", self._clock()
            await rule(ledger, self.powerball, key, Act.CORRECT, by="Ana", reason=reason, now=now, choose=lambda _: new)

        self._told(tell)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Its doors are open while the block runs; outside of it nobody answers at its address."""
        self._doors.enter_context(self._serving())
        try:
            yield
        finally:
            self._doors.close()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody answers while the block runs."""
        self._doors.close()
        try:
            yield
        finally:
            self._doors.enter_context(self._serving())

    @contextmanager
    def _serving(self) -> Iterator[None]:
        ready: list[bool] = []

        async def serve() -> None:
            async with (
                self.house.site() as site,
                serving(site, "127.0.0.1", self._port),
                relaying(self.house.database_url, self.house.redis_url),
            ):
                ready.append(True)
                await asyncio.Event().wait()

        with meanwhile(serve()):
            until(lambda: ready, "the house is open")
            yield

    def _told(self, tell: Callable[[Ledger], Awaitable[object]]) -> None:
        async def inner() -> None:
            async with Ledger(self.house.database_url, "news", "practice") as ledger:
                await tell(ledger)

        # In a thread: the browser's own loop runs in this one.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, inner()).result()
