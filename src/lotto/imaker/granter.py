"""The granter: draws the cards that somebody asked for (`card_wanted`), keeps them and says `card_ready`.

Hearing a wish twice is safe: the same wish gives the same bytes, and its answer is kept once, with its inbox row and
`card_ready` in one transaction.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from lotto.draws.lottery import Lottery
from lotto.events import Event, Wish
from lotto.imaker.face import Kind
from lotto.imaker.renderer import Picture, Renderer
from lotto.imaker.service import keep
from lotto.ledger import wishes
from lotto.ledger.connection import Away, Ledger, stopped
from lotto.store import Store

log = structlog.get_logger()

KEEP = timedelta(days=30)
"""What was answered is known so long; asked for after that it is drawn again, to the same bytes."""

PRUNE = 3600.0
"""Seconds from one look for what is older to the next."""

AGAIN = 1.0
"""Seconds before a ledger that is away is asked again."""


class Granter:
    """Grants wishes, one after another."""

    def __init__(
        self,
        ledger: Ledger,
        store: Store,
        lotteries: Mapping[str, Lottery],
        renderer: Renderer,
        clock: Callable[[], datetime],
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._lotteries = lotteries
        self._renderer = renderer
        self._clock = clock

    async def open(self) -> None:
        """Tells the ledger which looks there are, and in which version: what others are asked for stays as it is."""
        versions = await asyncio.to_thread(self._renderer.versions)
        await wishes.know(self._ledger, versions, self._clock())

    async def tend(self) -> None:
        """Forgets old wishes until cancelled; a ledger that is away is waited for."""
        while not stopped():
            try:
                await self.prune()
            except Away as error:
                log.warning("ledger away", task="granter", why=str(error))
                await asyncio.sleep(AGAIN)
                continue
            await asyncio.sleep(PRUNE)

    async def prune(self) -> None:
        """Forgets what was answered long ago; the pictures stay in the store."""
        before, gone = self._clock() - KEEP, 0
        while True:
            async with self._ledger.transaction() as conn:
                some = await wishes.prune(conn, before)
            if not some:
                break
            gone += some
        if gone:
            log.info("wishes pruned", wishes=gone)

    async def handle(self, event: Event) -> None:
        """Draws what is wanted, or keeps the sentence that says why it cannot be drawn."""
        wish = event.wish
        if wish is None:
            raise LookupError(f"The wish {event.id} does not say what is wanted.")
        async with self._ledger.reading() as conn:
            if await wishes.answered(conn, event.id):
                return
        try:
            pictures = await asyncio.to_thread(self._drawn, event, wish)
        except ValueError as error:
            await wishes.answer(self._ledger, event, (), str(error), self._clock())
            return
        made = [await keep(self._store, one, wish.format, wish.lang, wish.look) for one in pictures]
        if await wishes.answer(self._ledger, event, made, "", self._clock()):
            log.info("card drawn as asked", event_id=str(event.id), draw=str(event.draw.key), kind=wish.kind)

    def _drawn(self, event: Event, wish: Wish) -> tuple[Picture, ...]:
        if wish.kind == Kind.DIGEST:
            shown = [(self._lottery(one.key.lottery), one) for one in wish.draws]
            return self._renderer.digest(wish.title, event.draw.key.date, shown, wish.format, wish.lang, wish.look)
        lottery = self._lottery(event.draw.key.lottery)
        return (self._renderer.draw(lottery, event.draw, wish.format, wish.lang, wish.look, Kind(wish.kind)),)

    def _lottery(self, name: str) -> Lottery:
        if name not in self._lotteries:
            raise ValueError(f"The catalogue of the image maker has no lottery {name}.")
        return self._lotteries[name]
