"""The notary: signs where the chain of results ends, again and again, and puts that into the store.

Whoever can write the database can write a chain that holds; but not one that agrees with what was signed before.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from lotto.ledger import chain
from lotto.ledger.connection import Away, Ledger, stopped
from lotto.proof.checkpoint import MEDIA, Checkpoint
from lotto.proof.note import Signer
from lotto.store import Store, StoreError

log = structlog.get_logger()

EVERY = timedelta(minutes=10)
"""So much of the ledger's end may be cut and not show."""


class Notary:
    """Signs the end of the chain whenever it has moved. Several may be at work: one end has one checkpoint."""

    def __init__(
        self, ledger: Ledger, store: Store, signer: Signer, clock: Callable[[], datetime], every: timedelta = EVERY
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._signer = signer
        self._clock = clock
        self._every = every
        self._last = chain.Link(0, chain.GENESIS)

    async def run(self) -> None:
        """Signs until cancelled; a database or a store that is away is tried again the next time."""
        while not stopped():
            try:
                await self.sign()
            except (Away, StoreError) as error:
                log.warning("checkpoint not signed", why=str(error))
            await asyncio.sleep(self._every.total_seconds())

    async def sign(self) -> Checkpoint | None:
        """Signs where the chain ends now; None when that was signed before."""
        async with self._ledger.reading() as conn:
            end = await chain.end(conn)
        if end == self._last:
            return None
        made = Checkpoint(self._ledger.environment, end.seq, end.hash, self._clock())
        written = await self._store.put(made.key, self._signer.signed(made.text()), MEDIA)
        self._last = end
        if written:
            log.info("checkpoint signed", count=made.count, hash=made.hash)
        return made if written else None
