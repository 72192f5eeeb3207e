"""Bluesky: a record in our repository, guarded by its key.

The record's key is made from ours, so every try writes the same record, and `swapRecord: null` lets it be written only
where none stands. The session lives as long as this object: servers count logins, thirty in five minutes.
Source: AT Protocol, `com.atproto.repo.putRecord`, `app.bsky.feed.post`, and what a real PDS answered.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from lotto.door import Answer, Door
from lotto.publisher.asking import BREATH, Api, Body, as_json, refusal
from lotto.publisher.counting import LINK, graphemes
from lotto.publisher.networks.network import (
    AtServer,
    Barred,
    Guard,
    Images,
    Network,
    OutOfSight,
    Outside,
    Posted,
    Refused,
    Sheet,
    TryLater,
)
from lotto.publisher.timing import Rate

POST = "app.bsky.feed.post"
ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
BYTES = 3_000
"""Of UTF-8, besides the 300 graphemes."""

PAGES = 20
"""Pages of a hundred records that are looked through for a post, at the most."""


class BlueskyFacts(AtServer, kw_only=True):
    """`server` is the account's own server, `handle` its name there."""

    handle: str
    server: str = "https://bsky.social"

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if "." not in self.handle or self.handle.startswith("@"):
            yield "handle", f"“{self.handle}” is not a handle; write it like lotto.bsky.social, without @."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Bluesky":
        return Bluesky(self.server, self.handle, secrets["app_password"], outside.door)


class Bluesky(Network):
    """An account's repository at its server."""

    guard = Guard.KEY
    rates = (Rate(1_666, timedelta(hours=1)), Rate(11_666, timedelta(days=1)))
    """Source: docs.bsky.app, “Rate Limits”: 5,000 points an hour and 35,000 a day, 3 for a record."""
    longest = 300
    images = Images(bytes=1_000_000)  # servers of both ages take that many
    carousel = 4
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "app_password": "An app password (Settings, Privacy and security, App passwords), like xxxx-xxxx-xxxx-xxxx."
    }
    facts = BlueskyFacts

    def __init__(self, server: str, handle: str, password: str, door: Door) -> None:
        self._handle = handle
        self._password = password
        self._api = Api(door, f"{server.rstrip('/')}/xrpc", {}, _objection, (password,))
        self._session: dict[str, str] | None = None

    @classmethod
    def length(cls, text: str) -> int:
        """Graphemes; more where the bytes run out first."""
        return max(graphemes(text), -(-len(text.encode()) * cls.longest // BYTES))

    async def check(self) -> str:
        self._session = None
        await self._login()
        return f"@{self._handle} may post."

    async def post(self, sheet: Sheet) -> Posted:
        return await self._put(sheet, {})

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        """A reply; the post that it answers is the whole thread's root."""
        did, rkey = _place(remote_id)
        query = {"repo": did, "collection": POST, "rkey": rkey}
        before = await self._ask("GET", "com.atproto.repo.getRecord", query=query)
        root = before["value"].get("reply", {}).get("root") or {"uri": remote_id, "cid": before["cid"]}
        return await self._put(sheet, {"reply": {"root": root, "parent": {"uri": remote_id, "cid": before["cid"]}}})

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        did, rkey = _place(remote_id)
        wish = {"repo": did, "collection": POST, "rkey": rkey}
        await self._ask("POST", "com.atproto.repo.deleteRecord", as_json(wish), harmless=True)
        return Posted(remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        """By its words: after a restore of the ledger the same post has another key."""
        did = (await self._login())["did"]
        query = {"repo": did, "collection": POST, "limit": "100"}
        for _ in range(PAGES):
            page = await self._ask("GET", "com.atproto.repo.listRecords", query=query)
            for record in page["records"]:
                if record["value"].get("text") == sheet.text:
                    return self._posted(record["uri"])
                if datetime.fromisoformat(record["value"]["createdAt"]) < sheet.since:
                    return None
            if "cursor" not in page:
                return None
            query["cursor"] = page["cursor"]
        raise OutOfSight(PAGES * 100)

    async def _put(self, sheet: Sheet, more: Mapping[str, Any]) -> Posted:
        record: dict[str, Any] = {
            "$type": POST,
            "text": sheet.text,
            "createdAt": _instant(sheet.planned_at),
            "langs": [sheet.lang],
            **more,
        }
        if facets := _links(sheet.text):
            record["facets"] = facets
        if sheet.image is not None:
            pictures = [await self._picture(one, image) for one, image in sheet.pictures]
            record["embed"] = {"$type": "app.bsky.embed.images", "images": pictures}
        did = (await self._login())["did"]
        wish = {"repo": did, "collection": POST, "rkey": rkey(sheet), "record": record, "swapRecord": None}
        try:
            written = await self._ask("POST", "com.atproto.repo.putRecord", as_json(wish))
        except _Stands:
            # Of an earlier try, whose picture was lost since, or taken in otherwise: that one stands.
            return self._posted(f"at://{did}/{POST}/{rkey(sheet)}")
        return self._posted(written["uri"])

    async def _picture(self, sheet: Sheet, image: bytes) -> dict[str, Any]:
        told = await self._ask("POST", "com.atproto.repo.uploadBlob", Body(image, sheet.media), harmless=True)
        shown: dict[str, Any] = {"image": told["blob"], "alt": sheet.alt}
        if sheet.card:
            shown["aspectRatio"] = {"width": sheet.card.width, "height": sheet.card.height}
        return shown

    async def _login(self) -> dict[str, str]:
        if self._session is None:
            wish = as_json({"identifier": self._handle, "password": self._password})
            try:
                told = await self._api.call("POST", "com.atproto.server.createSession", wish, harmless=True)
            except _Expired as error:
                raise Barred(str(error)) from None
            self._session = {"did": told["did"], "token": told["accessJwt"]}
        return self._session

    async def _ask(
        self,
        method: str,
        name: str,
        body: Body | None = None,
        *,
        query: Mapping[str, str] | None = None,
        harmless: bool = False,
    ) -> Any:
        """One question of our session's; a session that has ended is begun anew, once."""
        for last in (False, True):
            session = await self._login()
            headers = {"Authorization": f"Bearer {session['token']}"}
            try:
                return await self._api.call(
                    method, name, body, query=query, headers=headers, harmless=harmless or method == "GET"
                )
            except _Expired as error:
                self._session = None
                if last:
                    raise Barred(str(error)) from None
        raise TryLater("The session could not be kept.", BREATH)

    def _posted(self, uri: str) -> Posted:
        return Posted(uri, f"https://bsky.app/profile/{self._handle}/post/{_place(uri)[1]}")


class _Expired(Refused):
    """The session has ended, or never began."""


class _Stands(Refused):
    """Another record stands under that key."""


def rkey(sheet: Sheet) -> str:
    """The record's key, a TID: the second at which it was planned, and a hash of our key for what is below a second."""
    drawn = int.from_bytes(hashlib.sha256(sheet.key.encode()).digest()[:8], "big")
    second = int(sheet.planned_at.timestamp())
    number = ((second * 1_000_000 + drawn % 1_000_000) << 10) | (drawn >> 54)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))


def _objection(answer: Answer, told: Any) -> Exception | None:
    if 200 <= answer.status < 300:
        return None
    code, words = (told.get("error", ""), told.get("message", "")) if isinstance(told, dict) else ("", "")
    if code == "InvalidSwap":
        return _Stands(words)
    if code in ("ExpiredToken", "InvalidToken", "AuthenticationRequired", "AuthMissing") or answer.status == 401:
        return _Expired(f"Bluesky does not take the app password or the session (any more): {words}")
    if code in ("AccountTakedown", "AccountDeactivated", "AccountSuspended"):
        return Barred(f"Bluesky has closed the account: {words}")
    return refusal("Bluesky", answer, f"{code} {words}".strip())


def _links(text: str) -> list[dict[str, Any]]:
    """Where links stand in a text, in bytes: Bluesky shows only those that it is told."""
    return [
        {
            "index": {"byteStart": len(text[: one.start()].encode()), "byteEnd": len(text[: one.end()].encode())},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": one[0]}],
        }
        for one in LINK.finditer(text)
    ]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _place(uri: str) -> tuple[str, str]:
    """Whose record it is, and its key."""
    did, _, key = uri.removeprefix("at://").split("/", 2)
    return did, key
