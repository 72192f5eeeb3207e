"""The image maker: hears results, draws the cards that are wanted, keeps them in the store and says `image_ready`.

Hearing an event twice is safe: a card's place in the store is made of its bytes, which are the same for the same
draw, and the rows, the inbox and `image_ready` are written in one transaction.
"""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from lotto.draws.draw import Status
from lotto.draws.lottery import Lottery
from lotto.events import Card, Event, Type
from lotto.imaker.encoder import PLAIN, SUFFIX, Encoding
from lotto.imaker.renderer import Picture, Renderer
from lotto.ledger import cards
from lotto.ledger.connection import Ledger
from lotto.store import Store, address

log = structlog.get_logger()


@dataclass(frozen=True)
class Wanted:
    """A card that some account or page needs at once."""

    format: str
    lang: str
    encoding: Encoding = PLAIN
    look: str = ""
    """Empty for the site's."""


class ImageMaker:
    """Draws every wanted card of a result. `look` names the design."""

    def __init__(
        self,
        ledger: Ledger,
        store: Store,
        lotteries: Mapping[str, Lottery],
        renderer: Renderer,
        wanted: Collection[Wanted],
        look: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._lotteries = lotteries
        self._renderer = renderer
        self._wanted = wanted
        self._look = look
        self._clock = clock
        self._versions = renderer.versions()

    async def handle(self, event: Event) -> None:
        """Draws the cards of this result, or notes that it asks for none."""
        draw = event.draw
        lottery = self._lotteries.get(draw.key.lottery)
        async with self._ledger.reading() as conn:
            if await cards.drawn(conn, event):
                return
        if event.type is Type.RESULT_VOIDED:
            # No picture is wanted, and who hears of pictures must take down the posts of this draw.
            await cards.ready(self._ledger, event, (), self._clock())
            return
        if draw.status is Status.HELD or not draw.numbers:
            await cards.passed(self._ledger, event, self._clock())
            return
        if lottery is None:
            raise LookupError(f"The catalogue here has no lottery {draw.key.lottery}: is this imaker an older one?")
        made = [await self._card(lottery, event, one) for one in self._wanted]
        if await cards.ready(self._ledger, event, made, self._clock(), self._versions):
            line = log.bind(event_id=str(event.id), draw=str(draw.key), revision=draw.revision)
            line.info("cards ready", cards=len(made))

    async def _card(self, lottery: Lottery, event: Event, wanted: Wanted) -> Card:
        look = wanted.look or self._look
        picture = await asyncio.to_thread(
            self._renderer.draw,
            lottery,
            event.draw,
            wanted.format,
            wanted.lang,
            look,
            encoding=wanted.encoding,
        )
        return await keep(self._store, picture, wanted.format, wanted.lang, look)


async def keep(store: Store, picture: Picture, form: str, lang: str, look: str) -> Card:
    """Puts that picture into the store, where it stays, and says what it is."""
    key = address("cards", picture.data, SUFFIX[picture.media])
    await store.put(key, picture.data, picture.media)
    return Card(
        format=form,
        lang=lang,
        look=look,
        key=key,
        sha256=hashlib.sha256(picture.data).hexdigest(),
        media=picture.media,
        width=picture.width,
        height=picture.height,
        size=len(picture.data),
        alt=picture.alt,
    )
