"""Matrix: one message in one room, guarded by the transaction id.

The server knows a transaction id of one device (that of the access token) and answers a repeat with the first
event; the body of the repeat is dropped. Synapse forgets it after a day, so every message also carries our key and
can be looked for. A picture uploaded twice is seen by nobody; so uploads are repeated freely.
Source: Client-Server API v1.16, “Sending events to a room”, and “Media captions” (v1.10).
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

import msgspec

from lotto.door import Answer, Door
from lotto.publisher.asking import ask
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
    Unknown,
)

KEY = "lotto.post"
"""Where a message carries our key."""

PAGES = 20
"""Pages of a hundred messages that are looked through for a post, at the most."""


class MatrixFacts(AtServer, kw_only=True):
    """`server` is the homeserver's address for clients, `room` the room's id."""

    room: str

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if urlsplit(self.server).path.strip("/"):
            yield "server", f"“{self.server}” is more than a server; write it like https://matrix.example.org."
        if not self.room.startswith("!"):
            yield "room", f"“{self.room}” is not a room's id; it begins with ! and stands in the room's settings."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Matrix":
        return Matrix(self.server, self.room, secrets["access_token"], outside.door)


class Matrix(Network):
    """A room of a homeserver, as the user and device of an access token see it."""

    guard = Guard.KEY
    remembers = timedelta(hours=23)
    longest = 12_000  # an event may have 65,536 bytes, and an edit holds its text twice
    images = Images(bytes=10_000_000)
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "access_token": "The access token of a device that is Lotto's own; see the guide for how to get one."
    }
    edits = True
    facts = MatrixFacts

    def __init__(self, server: str, room: str, token: str, door: Door) -> None:
        self._server = server.rstrip("/")
        self._room = room
        self._token = token
        self._door = door

    @classmethod
    def length(cls, text: str) -> int:
        """Bytes of UTF-8: the limit is on the whole event."""
        return len(text.encode())

    async def check(self) -> str:
        who = await self._get("account/whoami")
        if "device_id" not in who:
            raise Refused(
                "This access token belongs to no device, so a repeated post would show twice; log in for one."
            )
        rooms = await self._get("joined_rooms")
        if self._room not in rooms["joined_rooms"]:
            raise Refused(f"{who['user_id']} is not in the room {self._room}; invite it and let it join.")
        return f"{who['user_id']} is in the room, on the device {who['device_id']}."

    async def post(self, sheet: Sheet) -> Posted:
        return await self._send(sheet, await self._content(sheet))

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        relation = {"m.relates_to": {"m.in_reply_to": {"event_id": remote_id}}}
        return await self._send(sheet, await self._content(sheet) | relation)

    async def edit(self, remote_id: str, sheet: Sheet) -> Posted:
        """An edit is an event of its own that takes the first one's place; links go to the first."""
        content = await self._content(sheet)
        relation = {"m.new_content": content, "m.relates_to": {"rel_type": "m.replace", "event_id": remote_id}}
        edited = await self._send(sheet, content | {"body": f"* {content['body']}"} | relation)
        return Posted(edited.remote_id, self._link(remote_id))

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        path = f"{self._at}/redact/{quote(remote_id, safe='')}/{quote(sheet.key, safe='')}"
        return self._posted(await self._ask("PUT", path, {}))

    async def find(self, sheet: Sheet) -> Posted | None:
        me = (await self._get("account/whoami"))["user_id"]
        earliest = sheet.since.timestamp() * 1000
        start = ""
        for _ in range(PAGES):
            page = await self._get(f"{self._at}/messages?dir=b&limit=100{start}")
            for event in page["chunk"]:
                if event["sender"] == me and event["content"].get(KEY) == sheet.key:
                    return self._posted(event)
                if event["origin_server_ts"] < earliest:
                    return None
            if "end" not in page:
                return None
            start = f"&from={quote(page['end'], safe='')}"
        raise OutOfSight(PAGES * 100)

    @property
    def _at(self) -> str:
        return f"rooms/{quote(self._room, safe='')}"

    async def _content(self, sheet: Sheet) -> dict[str, Any]:
        """One message: the text alone, or the picture with the text as its caption."""
        if sheet.image is None:
            return {"msgtype": "m.text", "body": sheet.text, KEY: sheet.key}
        name = f"{sheet.key}.{sheet.media.rpartition('/')[2]}"
        info: dict[str, Any] = {"mimetype": sheet.media, "size": len(sheet.image)}
        if sheet.card:
            info |= {"w": sheet.card.width, "h": sheet.card.height}
        address = f"{self._server}/_matrix/media/v3/upload?filename={name}"
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": sheet.media}
        answer = await ask(self._door, "POST", address, headers=headers, content=sheet.image, harmless=True)
        return {
            "msgtype": "m.image",
            "body": sheet.text,
            "filename": name,
            "url": self._read(answer)["content_uri"],
            "info": info,
            # A picture's words have no stable place yet; this is that of MSC3552.
            "org.matrix.msc1767.alt_text": {"org.matrix.msc1767.markup": [{"body": sheet.alt}]},
            KEY: sheet.key,
        }

    async def _send(self, sheet: Sheet, content: dict[str, Any]) -> Posted:
        path = f"{self._at}/send/m.room.message/{quote(sheet.key, safe='')}"
        return self._posted(await self._ask("PUT", path, content))

    def _posted(self, event: Mapping[str, Any]) -> Posted:
        return Posted(event["event_id"], self._link(event["event_id"]))

    def _link(self, event: str) -> str:
        return f"https://matrix.to/#/{quote(self._room)}/{quote(event)}"

    async def _get(self, path: str) -> dict[str, Any]:
        return await self._ask("GET", path, None)

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        content = None if body is None else msgspec.json.encode(body)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        address = f"{self._server}/_matrix/client/v3/{path}"
        return self._read(
            await ask(self._door, method, address, headers=headers, content=content, harmless=body is None)
        )

    def _read(self, answer: Answer) -> dict[str, Any]:
        """What the server says, if that is yes."""
        try:
            told: dict[str, Any] = msgspec.json.decode(answer.body, type=dict[str, Any])
        except msgspec.MsgspecError:
            raise Unknown(f"The server answered {answer.status} with what is not Matrix.") from None
        if answer.status == 200:
            return told
        code, words = told.get("errcode", ""), told.get("error", "")
        if code in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"):
            raise Barred("The server does not know the access token (any more): log in again and add the new one.")
        raise Refused(f"The server refused with {answer.status} {code}: {words}")
