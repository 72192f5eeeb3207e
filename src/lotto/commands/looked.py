"""The ledger of the house that runs, for commands that look at it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from lotto.house import House
from lotto.ledger.connection import Connection
from lotto.place import configured, looking

T = TypeVar("T")


def looked(ask: Callable[[Connection], Awaitable[T]]) -> T:
    """What the ledger of this house answers."""

    async def asked(house: House) -> T:
        async with house.look("desk") as ledger, ledger.reading() as conn:
            return await ask(conn)

    with looking(configured()) as place:
        return asyncio.run(asked(place.house()))
