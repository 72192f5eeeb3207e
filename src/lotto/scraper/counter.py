"""The counter: keeps the tallies of statistics counted, a moment after draws were recorded, by whomever."""

import asyncio
from collections.abc import Mapping

import structlog

from lotto.draws.lottery import Lottery
from lotto.ledger import tallies
from lotto.ledger.connection import Away, Ledger, stopped

log = structlog.get_logger()

BEAT = 1.0
"""Seconds between two looks for what is to be counted."""


class Counter:
    """Counts the months in which published values have changed. Several may be at work: what is kept is the same.

    Readers need not wait for it: a month that is not counted yet they count themselves.
    """

    def __init__(self, ledger: Ledger, lotteries: Mapping[str, Lottery], beat: float = BEAT) -> None:
        self._ledger = ledger
        self._lotteries = lotteries
        self._beat = beat
        self._knows_the_rules = False

    async def run(self) -> None:
        """Counts until cancelled; a database that is away is tried again the next time."""
        while not stopped():
            try:
                await self.count()
            except Away as error:
                log.warning("draws not counted", why=str(error))
            await asyncio.sleep(self._beat)

    async def count(self) -> int:
        """Counts all there is to count now; says how many months that was."""
        async with self._ledger.reading() as conn:
            if not self._knows_the_rules:
                await tallies.outdate(conn, self._lotteries)
                self._knows_the_rules = True
            waiting = await tallies.waiting(conn, list(self._lotteries))
        return sum([await tallies.count(self._ledger, self._lotteries[name]) for name in waiting])
