"""Networks that are people: each asked by himself to be told, and is told by a message of his own.

A post stands as soon as it is left for all who want it, which the ledger does once; bringing it to each of them is the
postman's (`lotto.publisher.postman`).
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from lotto.publisher.networks.network import Guard, Network, Posted, Readers, Refused, Sheet


class Gone(Refused):
    """There is nobody at that address any more."""


@dataclass(frozen=True)
class Receiver:
    """Somebody who is told."""

    id: UUID
    address: Mapping[str, str] = field(repr=False)
    """What the network must know to reach him."""
    lang: str
    token: str = field(repr=False)
    """By it he leaves again."""


class Subscribed(Network):
    """A network of people as one account tells them."""

    guard = Guard.KEY
    repeats: ClassVar[bool] = False
    """Whether a message may be sent again whose answer was lost: who gets it twice sees it once."""

    def __init__(self, readers: Readers | None) -> None:
        self._readers = readers

    async def post(self, sheet: Sheet) -> Posted:
        if self._readers is None:
            raise Refused("Nobody can subscribe here.")
        await self._readers.hand_over(sheet.key)
        return Posted(sheet.key)

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        """For all who were told what it answers, too."""
        return await self.post(sheet)

    @abstractmethod
    async def deliver(self, receiver: Receiver, sheet: Sheet) -> None:
        """Brings him the post; raises Gone, and otherwise what a network may raise."""
