"""Surely: what is known of something that was sent is written, however long the ledger is away."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog
from structlog.typing import FilteringBoundLogger

from lotto.ledger.connection import Away

log: FilteringBoundLogger = structlog.get_logger()

AGAIN: Final = 0.5
"""Seconds before a ledger that is away is asked again."""

T = TypeVar("T")


async def surely(write: Callable[[], Awaitable[T]], task: str) -> T:
    """What `write` returns, as soon as the ledger is there: what is known must not become a doubt.

    It is called again after every Away, so it must be harmless twice, as what is written over a known state is.
    """
    while True:
        try:
            return await write()
        except Away as error:
            log.warning("ledger away", task=task, why=str(error))
            await asyncio.sleep(AGAIN)
