"""What a network is given of a post: the text, the pictures from the store, and what it answers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from lotto.draws.lottery import Lottery
from lotto.ledger import posts
from lotto.ledger.connection import Connection, Ledger
from lotto.ledger.posts import Post
from lotto.publisher.accounts import Account
from lotto.publisher.networks.network import Images, Sheet
from lotto.store import NotInStore, Store

log = structlog.get_logger()

EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when a post may stand whose lottery is not in the catalogue any more."""

SKEW = timedelta(minutes=10)
"""By how much the network's clock may be behind ours."""


class Sheets:
    """Makes sheets; of one post every one is the same, for a network may be given it again."""

    def __init__(self, ledger: Ledger, store: Store, lotteries: Mapping[str, Lottery]) -> None:
        self._ledger = ledger
        self._store = store
        self._lotteries = lotteries

    async def of(self, account: Account, post: Post) -> Sheet:
        """The sheet of a post; raises StoreError where the store is away."""
        network, takes = account.network, account.network.images
        media = post.card.media if post.card else "image/png"
        shown = post.image is not None and takes is not None and media in takes.media
        image = await self._image(post, post.image or "", takes) if shown and takes and not takes.by_address else None
        sheet = Sheet(
            str(post.id),
            post.text,
            image,
            media if image else "",
            post.alt,
            account.lang,
            post.card if shown else None,
            post.card_url if shown else "",
            planned_at=post.planned_at,
            since=self._since(post),
            answers=await self._place(post) if post.kind == "follow_up" else "",
        )
        behind = post.further[: network.carousel - 1] if image is not None and takes else ()
        pages = [(one, await self._image(post, one.card.key, takes)) for one in behind if takes]
        further = [
            replace(sheet, image=page, media=one.card.media, alt=one.card.alt, card=one.card, card_url=one.url)
            for one, page in pages
            if page is not None
        ]
        return replace(sheet, further=further)

    def _since(self, post: Post) -> datetime:
        """Before when the post stands nowhere.

        What this ledger never tried, another life of it may have, a restore ago, as soon as its draw could be told.
        """
        lottery = self._lotteries.get(post.key.lottery)
        told = lottery.opens_at(post.key) if lottery else EVER
        return max(told, post.planned_at - SKEW) if post.attempts else told

    async def _image(self, post: Post, key: str, takes: Images) -> bytes | None:
        """The picture itself; one that is gone for good, or too large, costs the post only its picture."""
        try:
            image = await self._store.get(key)
        except NotInStore as error:
            log.error("post goes without its picture", post=str(post.id), account=post.account, why=str(error))
            return None
        if len(image) > takes.bytes:
            why = f"It has {len(image)} bytes, and {post.network} takes {takes.bytes}."
            log.error("post goes without its picture", post=str(post.id), account=post.account, why=why)
            return None
        return image

    async def before(self, conn: Connection, post: Post) -> Post | None:
        """The post that this one edits or answers; None where it is gone since its draw was void."""
        before = await posts.of(conn, post.answers) if post.answers is not None else None
        if before is not None and post.kind != "remove" and await posts.taken(conn, before.id):
            return None
        return before

    async def _place(self, post: Post) -> str:
        """Where the post stands that this one answers; empty where that is gone, or not known."""
        async with self._ledger.reading() as conn:
            before = await self.before(conn, post)
        return (before.remote_id or "") if before else ""
