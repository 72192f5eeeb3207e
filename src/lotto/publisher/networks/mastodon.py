"""Mastodon and whatever speaks its API: a status, looked for before it is sent again, and sent with our key besides.

A server keeps an `Idempotency-Key` for an hour and is said to lose it to a slow answer (mastodon#21840); so what is in
doubt is first looked for among the account's newest statuses, and only then sent again under the same key.
Source: docs.joinmastodon.org, methods “statuses”, “media” and “instance” (v2).
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from html import unescape
from typing import Any, ClassVar

from lotto.door import Door
from lotto.publisher.asking import BREATH, Api, File, as_json, as_parts, objecting
from lotto.publisher.counting import linked
from lotto.publisher.networks.network import (
    AtServer,
    Guard,
    Images,
    Network,
    OutOfSight,
    Outside,
    Posted,
    Sheet,
    TryLater,
)
from lotto.publisher.timing import Rate

LINK = 23
"""What a link counts, however long it is; servers say so in `characters_reserved_per_url`."""

ALT = 1_500
"""Characters of a picture's description, the least any server takes."""

PAGES = 50
"""Pages of forty statuses that are looked through for a post, at the most."""


class MastodonFacts(AtServer, kw_only=True):
    """`server` is the instance's address; `visibility` is public, unlisted or private."""

    visibility: str = "public"

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if self.visibility not in ("public", "unlisted", "private"):
            yield "visibility", f"`visibility` cannot be “{self.visibility}”; there are public, unlisted, private."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Mastodon":
        return Mastodon(self.server, self.visibility, secrets["access_token"], outside.door)


class Mastodon(Network):
    """An account of an instance."""

    guard = Guard.LOOK_BACK
    rates = (Rate(100, timedelta(minutes=5)), Rate(30, timedelta(minutes=30)))
    """Source: docs.joinmastodon.org/api/rate-limits: 300 requests in 5 minutes, of which a post with its picture takes
    two or three, and 30 pictures in 30 minutes."""
    lag = 10.0
    longest = 500
    images = Images(bytes=8_000_000)
    carousel = 4
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "access_token": "The access token of an application with the scopes read:accounts, read:statuses, "
        "write:statuses and write:media (Preferences, Development)."
    }
    edits = True
    facts = MastodonFacts

    def __init__(self, server: str, visibility: str, token: str, door: Door) -> None:
        self._visibility = visibility
        self._api = Api(
            door,
            server,
            {"Authorization": f"Bearer {token}"},
            objecting("Mastodon", lambda told: told.get("error", "")),
            (token,),
        )

    @classmethod
    def length(cls, text: str) -> int:
        """What readers see as characters, and 23 for a link."""
        return linked(text, LINK)

    async def learn(self) -> None:
        """The server's own number of characters and size of a picture."""
        told = (await self._api.get("api/v2/instance"))["configuration"]
        media = told["media_attachments"]
        self.longest = int(told["statuses"]["max_characters"])
        taken = frozenset(media["supported_mime_types"]) & Images.media
        self.images = Images(bytes=int(media["image_size_limit"]), media=taken or Images.media)

    async def check(self) -> str:
        who = await self._api.get("api/v1/accounts/verify_credentials")
        await self.learn()
        return f"@{who['acct']} may write up to {self.longest} characters here."

    async def post(self, sheet: Sheet) -> Posted:
        return await self._send("POST", "api/v1/statuses", sheet, {})

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        return await self._send("POST", "api/v1/statuses", sheet, {"in_reply_to_id": remote_id})

    async def edit(self, remote_id: str, sheet: Sheet) -> Posted:
        return await self._send("PUT", f"api/v1/statuses/{remote_id}", sheet, {})

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        await self._api.delete(f"api/v1/statuses/{remote_id}")
        return Posted(remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        me = (await self._api.get("api/v1/accounts/verify_credentials"))["id"]
        query = {"limit": "40", "exclude_reblogs": "true"}
        for _ in range(PAGES):
            page = await self._api.get(f"api/v1/accounts/{me}/statuses", query)
            for status in page:
                if words(status["content"]) == words(sheet.text):
                    return _posted(status)
            if not page or datetime.fromisoformat(page[-1]["created_at"]) < sheet.since:
                return None
            query["max_id"] = page[-1]["id"]
        raise OutOfSight(PAGES * 40)

    async def _send(self, method: str, path: str, sheet: Sheet, more: Mapping[str, str]) -> Posted:
        status: dict[str, Any] = {"status": sheet.text, "language": sheet.lang, **more}
        if sheet.image is not None:
            status["media_ids"] = [await self._upload(one, image) for one, image in sheet.pictures]
        if method == "POST":
            status["visibility"] = self._visibility
        headers = {"Idempotency-Key": sheet.key}
        return _posted(await self._api.call(method, path, as_json(status), headers=headers))

    async def _upload(self, sheet: Sheet, image: bytes) -> str:
        """Uploads the picture, waits until the server has made it ready, and returns its id."""
        body = as_parts({"description": sheet.alt[:ALT]}, File("file", sheet.file, image, sheet.media))
        answer, media = await self._api.answer("POST", "api/v2/media", body, harmless=True)
        for _ in range(10):
            if answer.status == 200:
                return str(media["id"])
            await asyncio.sleep(1.0)
            answer, media = await self._api.answer("GET", f"api/v1/media/{media['id']}", harmless=True)
        raise TryLater("The server has not made the picture ready yet.", BREATH / 2)


def _posted(status: Mapping[str, Any]) -> Posted:
    return Posted(str(status["id"]), status["url"])


def words(text: str) -> list[str]:
    """The words of a text or of a server's HTML, to be compared: servers lay out lines and shorten links anew."""
    plain = unescape(re.sub(r"<[^>]+>", "", re.sub(r"<(?:br|/p)[^>]*>", " ", text)))
    return plain.split()
