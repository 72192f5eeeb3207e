"""What the routes are handed: the ledger, the store, the views, the clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request
from redis.asyncio import Redis

from lotto.api.exports import Exports
from lotto.api.limits import Limits
from lotto.api.live import Live
from lotto.api.lookout import Lookout
from lotto.api.problems import missing
from lotto.api.signature import Signature
from lotto.api.site import Site
from lotto.api.views import Views
from lotto.catalogue import Catalogue, Collection
from lotto.draws.lottery import Lottery
from lotto.ledger.connection import Ledger
from lotto.ledger.pulse import Pulse
from lotto.proof.note import Signer
from lotto.seal import Seal
from lotto.store import Store
from lotto.vapid import Vapid


@dataclass(frozen=True)
class Room:
    """Everything a route may use. `clock` is the world's: the time that pages and calendars go by; `wall` is the
    machinery's, the same but in a practice world. `enrolled` maps a stream to the groups that must hear it.
    """

    ledger: Ledger
    pulse: Pulse
    store: Store
    redis: Redis
    live: Live
    exports: Exports
    catalogue: Catalogue
    lookout: Lookout
    views: Views
    clock: Callable[[], datetime]
    wall: Callable[[], datetime]
    enrolled: Mapping[str, Sequence[str]]
    site: Site
    limits: Limits
    signer: Callable[[], Signer]
    """What signs results; raises KeyFileError where this machine has no key."""
    signature: Callable[[], Signature]
    """What addresses of cards are signed with; raises KeyFileError where this machine has no key."""
    seal: Callable[[], Seal]
    """What secrets of webhooks and addresses of subscribers are sealed with; raises KeyFileError where this machine has
    no key."""
    vapid: Callable[[], Vapid]
    """By whose public half browsers subscribe; raises KeyFileError where this machine has no key."""

    def collection(self, name: str) -> Collection:
        """That collection, or a 404."""
        found = self.catalogue.collections.get(name)
        if found is None:
            raise missing(f"There is no collection “{name[:60]}”; /api/v1/collections lists them all.")
        return found

    def lottery(self, name: str) -> Lottery:
        """That lottery, or a 404."""
        found = self.catalogue.lotteries.get(name)
        if found is None:
            raise missing(f"There is no lottery “{name[:60]}”; /api/v1/lotteries lists them all.")
        return found


def _room(request: Request) -> Room:
    return cast("Room", request.app.state.room)


Here = Annotated[Room, Depends(_room)]
"""A route's parameter of this type is the room."""
