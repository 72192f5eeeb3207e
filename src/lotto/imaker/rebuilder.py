"""The rebuilder: draws the cards that are shown anew, where a look, a brand, words or fonts have changed since.

Site and API show the new pictures from then on; the old ones stay in the store, for the posts that bear them. Nobody is
told, so nothing is posted again. Each draw's cards take their place in one transaction: who is stopped midway goes on
where it was, and where nothing has changed nothing is drawn.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from lotto.draws.draw import Draw, DrawKey
from lotto.draws.lottery import Lottery
from lotto.events import Card
from lotto.imaker.encoder import Encoding
from lotto.imaker.renderer import Renderer
from lotto.imaker.service import Wanted, keep
from lotto.ledger import cards
from lotto.ledger.cards import Kept
from lotto.ledger.connection import Connection, Ledger
from lotto.store import Store
from lotto.told import Told


@dataclass
class Rebuilt:
    """What a rebuilding came to."""

    cards: int = 0
    draws: int = 0
    failed: list[str] = field(default_factory=list)
    """A sentence for each draw whose cards could not be drawn; they stay as they were."""


class Rebuilder:
    """Draws cards anew; `look` is the site's, `draw` reads a draw as it stands.

    What is `wanted` keeps to the limits of the networks that show it, every other card to the format it has. Raises
    ValueError with a sentence when a look that is wanted cannot be read.
    """

    def __init__(
        self,
        ledger: Ledger,
        store: Store,
        lotteries: Mapping[str, Lottery],
        renderer: Renderer,
        wanted: Collection[Wanted],
        look: str,
        draw: Callable[[Connection, DrawKey], Awaitable[Draw | None]],
        clock: Callable[[], datetime],
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._lotteries = lotteries
        self._renderer = renderer
        self._encodings = {(one.format, one.lang, one.look or look): one.encoding for one in wanted}
        self._look = look
        self._draw = draw
        self._clock = clock
        self._versions = {name: renderer.version(name) for name in {look, *(one[2] for one in self._encodings)}}

    async def rebuild(self, lotteries: Sequence[str], days: tuple[date, date], look: str | None, told: Told) -> Rebuilt:
        """Draws the cards of these lotteries and days anew, or those in that look alone, draw by draw."""
        done = Rebuilt()
        async with self._ledger.reading() as conn:
            old = await cards.outdated(conn, self._versions, lotteries, days, look)
        for lottery, theirs in groupby(old, key=lambda one: one.key.lottery):
            draws = [list(kept) for _, kept in groupby(theirs, key=lambda one: one.key)]
            for place, kept in enumerate(draws):
                told(lottery, place, len(draws))
                made = 0
                try:
                    made = await self._redraw(kept)
                except* ValueError as group:
                    done.failed.append(f"{kept[0].key}: {group.exceptions[0]}")
                done.cards += made
                done.draws += bool(made)
            told(lottery, len(draws), len(draws))
        return done

    async def _redraw(self, kept: Sequence[Kept]) -> int:
        """Puts new cards in the place of those of one draw; says how many."""
        async with self._ledger.reading() as conn:
            draw = await self._draw(conn, kept[0].key)
        if draw is None or draw.revision != kept[0].revision or not draw.numbers:
            return 0  # corrected or taken back just now: its cards are on their way, or it has none
        # A look that nobody wants any more gives way to the site's.
        places = {
            (one.format, one.lang, one.look if one.look in self._versions else self._look): one.media for one in kept
        }
        async with asyncio.TaskGroup() as group:
            made = [group.create_task(self._card(draw, *place, media)) for place, media in places.items()]
        await cards.redrawn(self._ledger, draw, [one.result() for one in made], kept, self._versions, self._clock())
        return len(made)

    async def _card(self, draw: Draw, form: str, lang: str, look: str, media: str) -> Card:
        encoding = self._encodings.get((form, lang, look), Encoding((media,)))
        lottery = self._lotteries[draw.key.lottery]
        picture = await asyncio.to_thread(self._renderer.draw, lottery, draw, form, lang, look, encoding=encoding)
        return await keep(self._store, picture, form, lang, look)
