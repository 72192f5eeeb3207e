"""A house with open doors: site and API of a practised ledger under one address, which a test can make news in.

Its clock stands still and it draws nothing by itself, so pages stay as they are until a test has something happen.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

from starlette.types import ASGIApp

from lotto.draws.draw import DrawKey
from lotto.draws.lottery import Lottery
from lotto.house import House
from lotto.ledger.connection import Ledger
from lotto.serving import serving
from stage import free_port, meanwhile, until
from surfaces import correct, publish, relaying


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

    @property
    def powerball(self) -> Lottery:
        """The game that news are made of."""
        return self.house.catalogue.lotteries["us_powerball"]

    def now(self) -> datetime:
        """The instant its pages are made for."""
        return self._clock()

    def draw(self) -> DrawKey:
        """Holds the next draw of Powerball, confirmed by two sources; its bonus ball is the 2."""
        following = self.powerball.next_draw(self._clock())
        assert following is not None
        at, key = following
        self._clock.at = at + timedelta(hours=3)
        self._told(lambda ledger: publish(ledger, self.powerball, key, self._clock()))
        return key

    def correct(self, key: DrawKey, bonus: int) -> None:
        """Has a person correct that draw's bonus ball."""
        self._told(lambda ledger: correct(ledger, self.powerball, key, bonus, self._clock()))

    @contextmanager
    def open(self) -> Iterator[None]:
        """Its doors are open while the block runs; outside of it nobody answers at its address."""
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

        asyncio.run(inner())
