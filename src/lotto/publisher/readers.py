"""The readers: what networks of people leave posts for, in the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lotto.ledger import messages
from lotto.ledger.connection import Ledger


@dataclass(frozen=True)
class Readers:
    """Everybody who asked to be told; see `lotto.publisher.networks.network.Readers`."""

    ledger: Ledger
    clock: Callable[[], datetime]

    async def hand_over(self, key: str) -> None:
        """Leaves the post of that key for all who want it, in one statement: once, and for all or for nobody."""
        async with self.ledger.reading() as conn:
            await messages.hand_over(conn, UUID(key), self.clock())
