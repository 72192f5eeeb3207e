"""Slack: a message in a channel that carries our key as metadata, and is looked for before it is sent again.

A picture is uploaded first, seen by nobody, and shown by a block of the message, where its words have a place.
Source: Slack Web API, `chat.postMessage`, `files.getUploadURLExternal`, `conversations.history`, “Message metadata”.
"""

import asyncio
import contextlib
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from lotto.door import Answer, Door
from lotto.publisher.asking import BREATH, Api, as_form, as_json, ask, patience, refusal
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
    SlowDown,
    TryLater,
    Unknown,
)
from lotto.publisher.timing import Rate

EVENT = "lotto_post"
"""The type of the metadata that carries our key."""

ALT = 2_000
"""Characters of a picture's description."""

TRIES = 5
"""How often a message is offered whose picture Slack has not made ready, two seconds apart."""

PAGES = 20
"""Pages of two hundred messages that are looked through for a post, at the most."""

_OUT = frozenset({
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
    "no_permission", "not_in_channel", "channel_not_found", "is_archived", "restricted_action", "ekm_access_denied",
    "team_access_not_granted",
})  # fmt: skip
"""Refusals that hold for every message."""


class SlackFacts(AtServer, kw_only=True):
    """`channel` is the channel's id, C…; `server` another one than Slack's for practice."""

    channel: str
    server: str = "https://slack.com"

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if self.channel[:1] not in ("C", "G") or not self.channel.isalnum():
            yield "channel", f"“{self.channel}” is not a channel's id; it begins with C and stands in its details."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Slack":
        return Slack(self.server, self.channel, secrets["bot_token"], outside.door)


class Slack(Network):
    """A channel of a workspace in which an app of ours may write and read."""

    guard = Guard.LOOK_BACK
    rates = (Rate(1, timedelta(seconds=1)),)
    """Source: docs.slack.dev, “Rate limits”: posting messages, one a second in a channel."""
    lag = 10.0
    longest = 3_000
    images = Images(bytes=20_000_000)
    carousel = 10
    """Source: docs.slack.dev, “Blocks”: 50 in a message; more pictures than this nobody scrolls through."""
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "bot_token": "The app's bot token, xoxb-…, with the scopes chat:write, files:write, channels:history "
        "and metadata.message:read; invite the app into the channel."
    }
    edits = True
    facts = SlackFacts

    def __init__(self, server: str, channel: str, token: str, door: Door) -> None:
        self._door = door
        self._channel = channel
        self._api = Api(door, f"{server.rstrip('/')}/api", {"Authorization": f"Bearer {token}"}, _objection, (token,))
        self._us: Mapping[str, Any] | None = None

    @classmethod
    def length(cls, text: str) -> int:
        """Characters as Slack writes them: three of them take more than one."""
        return len(_escaped(text))

    async def check(self) -> str:
        self._us = None
        us = await self._who()
        await self._history({"limit": "1"})
        return f"{us['user']} may read and write in {self._channel} of {us['team']}."

    async def post(self, sheet: Sheet) -> Posted:
        return await self._send("chat.postMessage", sheet, {})

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        """In the message's thread, and shown in the channel as well."""
        return await self._send("chat.postMessage", sheet, {"thread_ts": remote_id, "reply_broadcast": True})

    async def edit(self, remote_id: str, sheet: Sheet) -> Posted:
        return await self._send("chat.update", sheet, {"ts": remote_id})

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        wish = as_json({"channel": self._channel, "ts": remote_id})
        with contextlib.suppress(_Gone):
            await self._api.call("POST", "chat.delete", wish, harmless=True)
        return Posted(remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        """By our key; by its words where it was planned anew after a restore."""
        us = await self._who()
        query = {"limit": "200", "oldest": f"{sheet.since.timestamp():.6f}", "include_all_metadata": "true"}
        for _ in range(PAGES):
            page = await self._history(query)
            for one in page["messages"]:
                ours = one.get("bot_id") == us["bot_id"]
                key = one.get("metadata", {}).get("event_payload", {}).get("key")
                if ours and (key == sheet.key or _plain(one["text"]) == _escaped(sheet.text)):
                    return self._posted(one["ts"])
            cursor = page.get("response_metadata", {}).get("next_cursor")
            if not cursor:
                return None
            query["cursor"] = cursor
        raise OutOfSight(PAGES * 200)

    async def _send(self, method: str, sheet: Sheet, more: Mapping[str, Any]) -> Posted:
        await self._who()  # before anything is to be seen: an answer is worth more with its address
        text = _escaped(sheet.text)
        wish: dict[str, Any] = {
            "channel": self._channel,
            "text": text,
            "metadata": {"event_type": EVENT, "event_payload": {"key": sheet.key}},
            "unfurl_links": False,
            **more,
        }
        if sheet.image is not None:
            wish["blocks"] = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
            for one, image in sheet.pictures:
                picture = {"id": await self._upload(one, image)}
                wish["blocks"].append({"type": "image", "slack_file": picture, "alt_text": one.alt[:ALT]})
        for _ in range(TRIES):
            try:
                return self._posted((await self._api.call("POST", method, as_json(wish)))["ts"])
            except _NotReady:
                if sheet.image is None:
                    raise
                await asyncio.sleep(2.0)
        raise TryLater("Slack has not made the picture ready yet.", BREATH / 2)

    async def _upload(self, sheet: Sheet, image: bytes) -> str:
        asked = {"filename": sheet.file, "length": str(len(image)), "alt_txt": sheet.alt[:ALT]}
        place = await self._api.call("POST", "files.getUploadURLExternal", as_form(asked), harmless=True)
        headers = {"Content-Type": "application/octet-stream"}
        answer = await ask(self._door, "POST", place["upload_url"], headers=headers, content=image, harmless=True)
        if answer.status != 200:
            raise refusal("Slack", answer, "the picture was not taken")
        wish = {"files": [{"id": place["file_id"], "title": sheet.file}]}
        await self._api.call("POST", "files.completeUploadExternal", as_json(wish), harmless=True)
        return str(place["file_id"])

    async def _history(self, query: Mapping[str, str]) -> Any:
        return await self._api.get("conversations.history", {"channel": self._channel, **query})

    async def _who(self) -> Mapping[str, Any]:
        if self._us is None:
            self._us = await self._api.call("POST", "auth.test", as_form({}), harmless=True)
        return self._us

    def _posted(self, ts: str) -> Posted:
        """Where a message stands; its address is known once the workspace has told who it is."""
        home = self._us["url"] if self._us else None
        return Posted(ts, f"{home}archives/{self._channel}/p{ts.replace('.', '')}" if home else None)


class _NotReady(Refused):
    """A block cannot be shown; that of a picture just uploaded can be a little later."""


class _Gone(Refused):
    """The message is not there."""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    """A text as it was sent: Slack puts links into angle brackets."""
    return re.sub(r"<(https?://[^|>]+)(?:\|[^>]*)?>", r"\1", text)


def _objection(answer: Answer, told: Any) -> Exception | None:
    """Slack says no with 200 and `ok: false`."""
    if not isinstance(told, dict):
        return refusal("Slack", answer, "")
    if told.get("ok"):
        return None
    error = str(told.get("error", ""))
    needed = f" (needed: {told['needed']})" if told.get("needed") else ""
    if error == "ratelimited":
        return SlowDown("The server asks us to slow down.", patience(answer))
    if error in ("internal_error", "fatal_error", "service_unavailable", "request_timeout"):
        return Unknown(f"Slack failed: {error}.")
    if error == "message_not_found":
        return _Gone("Slack has no such message.")
    if error == "invalid_blocks":
        return _NotReady("Slack cannot show the message's picture.")
    if error in _OUT:
        return Barred(f"Slack does not let the app into the channel: {error}{needed}.")
    return Refused(f"Slack refused: {error}{needed}.")
