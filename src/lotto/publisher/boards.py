"""Boards: the pictures of digests, which the image maker draws when it is asked.

Nobody waits here: a digest whose picture is asked for is left for later, while its account does what else it has to.
Asking twice is safe: the same results in the same look are one wish.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from lotto.events import Among, Card, Event, Wish
from lotto.ledger import wishes
from lotto.ledger.connection import Ledger
from lotto.publisher import composing
from lotto.publisher.accounts import Account
from lotto.publisher.gathering import Gathered

log: FilteringBoundLogger = structlog.get_logger()

PATIENCE = timedelta(seconds=20)
"""How long a digest waits for its picture; then it goes out as text alone."""

WAITING = 100
"""So many cards may wait to be drawn before one more is asked for."""


class Boards:
    """Asks for boards; `look` is that of accounts that name none."""

    def __init__(self, ledger: Ledger, look: str) -> None:
        self._ledger = ledger
        self._look = look
        self._asked_at: dict[str, datetime] = {}
        """Since when each account waits for the picture of its digest."""

    async def of(self, account: Account, found: Gathered, now: datetime) -> Sequence[Card] | None:
        """The cards of that digest, none where it goes without; None while it waits for them."""
        if account.network.images is None:
            return ()
        event, why = await self._wish(account, found, now)
        if event is not None:
            async with self._ledger.reading() as conn:
                answer = await wishes.answered(conn, event.id)
            if answer is not None and answer.cards:
                self.forget(account)
                return answer.cards
            why = answer.reason if answer is not None else await self._awaited(account, event, now)
        if not why:
            return None
        self.forget(account)
        log.warning("digest goes without its picture", account=account.name, why=why)
        return ()

    def forget(self, account: Account) -> None:
        """It has no digest to tell now: the next one has its own time to wait for its picture."""
        self._asked_at.pop(account.name, None)

    async def _wish(self, account: Account, found: Gathered, now: datetime) -> tuple[Event | None, str]:
        """What is asked for, or why nothing is."""
        look = account.look or self._look
        async with self._ledger.reading() as conn:
            versions = await wishes.looks(conn)
        if look not in versions:
            return None, f"No image maker has told of the look “{look}”."
        title = account.title or composing.title(account, found)
        wish = Wish("digest", look, account.format, account.lang, versions[look], title, tuple(found.draws))
        return Event(Among.CARD_WANTED, found.draws[0], now, wish=wish), ""

    async def _awaited(self, account: Account, event: Event, now: datetime) -> str:
        """Asks, and says why it is waited for no longer; nothing while it is."""
        # What comes in meanwhile makes another board of it, and no second time to wait for.
        if now - self._asked_at.setdefault(account.name, now) >= PATIENCE:
            return f"It was not drawn within {PATIENCE.seconds} s."
        if not await wishes.say(self._ledger, event, WAITING):
            return "So many cards are asked for that this one would have to wait too long."
        return ""
