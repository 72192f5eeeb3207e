"""Threads: a post of words or of a picture, looked for before it is published again.

Threads fetches the picture from us. Nothing can be edited, so a correction is a reply.
Source: Threads API, “Posts”, “Reply Management”, “Long-Lived Tokens”.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from lotto.door import Door
from lotto.publisher.asking import Api
from lotto.publisher.counting import emoji_bytes
from lotto.publisher.dialects import meta
from lotto.publisher.networks.network import AtServer, Guard, Images, Network, Outside, Posted, Sheet
from lotto.publisher.timing import Rate

ALT = 1_000
"""Characters of a picture's description."""


class ThreadsFacts(AtServer, kw_only=True):
    """`server` is another one than that of Threads for practice."""

    server: str = "https://graph.threads.net"

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Threads":
        return Threads(self.server, secrets["access_token"], outside.door)


class Threads(Network):
    """The profile that a token is of."""

    guard = Guard.LOOK_BACK
    rates = (Rate(250, timedelta(days=1)),)
    """Source: developers.facebook.com/docs/threads/overview: 250 posts in a moving day; the server tells its own."""
    lag = 10.0
    longest = 500
    images = Images(bytes=8_000_000, media=frozenset({"image/png", "image/jpeg"}), by_address=True)
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "access_token": "A long-lived token (60 days) with threads_basic, threads_content_publish, "
        "threads_read_replies and threads_delete."
    }
    facts = ThreadsFacts

    def __init__(self, server: str, token: str, door: Door) -> None:
        self._server = server.rstrip("/")
        self._token = token
        headers = {"Authorization": f"Bearer {token}"}
        self._api = Api(door, f"{server.rstrip('/')}/v1.0", headers, meta.objection("Threads"), (token,))

    @classmethod
    def length(cls, text: str) -> int:
        """Characters; an emoji counts as many as its UTF-8 has bytes."""
        return emoji_bytes(text)

    async def check(self) -> str:
        who = await self._api.get("me", {"fields": "id,username"})
        quota = await meta.quota(self._api, "me/threads_publishing_limit")
        return f"@{who['username']} has published {quota.used} of {quota.rate.most} posts a day."

    async def learn(self) -> None:
        self.rates = ((await meta.quota(self._api, "me/threads_publishing_limit")).rate,)

    async def expires(self) -> datetime | None:
        return await meta.expiry(self._api, self._token)

    async def renew(self) -> Mapping[str, str]:
        """A token for 60 days more; that of before is good until its end."""
        query = {"grant_type": "th_refresh_token", "access_token": self._token}
        told = await self._api.get(f"{self._server}/refresh_access_token", query)
        return {"access_token": str(told["access_token"])}

    async def post(self, sheet: Sheet) -> Posted:
        return await self._publish(sheet, {})

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        return await self._publish(sheet, {"reply_to_id": remote_id})

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        await self._api.delete(remote_id)
        return Posted(remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        query = {"fields": "id,text,timestamp,permalink"}
        path = "me/replies" if sheet.answers else "me/threads"
        async for one in meta.listed(self._api, path, query, "timestamp", sheet):
            if one.get("text", "").split() == sheet.text.split():
                return Posted(one["id"], one["permalink"])
        return None

    async def _publish(self, sheet: Sheet, more: Mapping[str, str]) -> Posted:
        wish = {"media_type": "TEXT", "text": sheet.text, **more}
        if sheet.card_url:
            wish |= {"media_type": "IMAGE", "image_url": sheet.card_url, "alt_text": sheet.alt[:ALT]}
        found = await meta.publish(self._api, "me/threads", wish, "me/threads_publish", "status")
        return Posted(found, await meta.address(self._api, found))
