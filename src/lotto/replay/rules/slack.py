"""Slack's rules: it says no with 200; a picture just uploaded cannot be shown at once; a message may carry metadata.

Source: Slack Web API; shapes of `files.getUploadURLExternal` and `files.completeUploadExternal` in recordings/social.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from lotto.publisher.counting import LINK
from lotto.replay.networks import Visible
from lotto.replay.rules.rules import Limit, Rules, Upload, says, told

BLOCKS = 50


@dataclass
class Slack(Rules):
    """A channel of a workspace, and an app in it."""

    limits = (Limit(1, timedelta(seconds=1)),)
    """Source: docs.slack.dev, “Rate limits”: posting messages, by channel."""
    channel: str = "C012AB3CD"
    shy: int = 1
    """How often a message with a fresh picture is refused."""
    offered: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """The words of each picture, given before it comes."""

    def called(self, number: int) -> str:
        return f"1764500000.{number:06}"

    def denied(self) -> Response:
        return _no("token_revoked" if self.revoked else "invalid_auth")

    def busy(self, seconds: float = 1.0) -> Response:
        return says({"ok": False, "error": "ratelimited"}, 429, {"retry-after": str(ceil(seconds))})

    def routes(self) -> list[BaseRoute]:
        return [
            self.route("/api/auth.test", self._test, "POST"),
            self.route("/api/conversations.history", self._history),
            self.route("/api/files.getUploadURLExternal", self._place, "POST"),
            Route("/upload/v1/{id}", self._file, methods=["POST"]),
            self.route("/api/files.completeUploadExternal", self._complete, "POST"),
            self.route("/api/chat.postMessage", self._post, "POST"),
            self.route("/api/chat.update", self._update, "POST"),
            self.route("/api/chat.delete", self._delete, "POST"),
        ]

    async def _test(self, request: Request) -> Response:
        us = {"user": "lotto", "team": "News", "url": "https://news.slack.com/", "bot_id": "B1", "user_id": "U1"}
        return says({"ok": True, **us})

    async def _history(self, request: Request) -> Response:
        asked = request.query_params
        if asked.get("channel") != self.channel:
            return _no("channel_not_found")
        oldest = float(asked.get("oldest", 0))
        size = min(int(asked.get("limit", 100)), 999)
        page = [post for post in self.listed(asked.get("cursor"), size) if post.at.timestamp() >= oldest]
        following = page[-1].id if len(page) == size else ""
        shown = [self._shown(post, asked.get("include_all_metadata") == "true") for post in page]
        return says({"ok": True, "messages": shown, "response_metadata": {"next_cursor": following}})

    async def _place(self, request: Request) -> Response:
        wish = await told(request)
        if not wish.get("filename") or not str(wish.get("length", "")).isdigit():
            return _no("invalid_arguments")
        name = f"F{self.new_name()}"
        self.words[name] = wish.get("alt_txt", "")
        home, _, _ = str(request.url).partition("/api/")
        at = f"{home}/upload/v1/{name}"
        return says({"ok": True, "upload_url": at, "file_id": name})

    async def _file(self, request: Request) -> Response:
        name, image = request.path_params["id"], await request.body()
        kept = self.upload(image, self.words[name])
        self.uploads[name] = Upload(name, kept.sha256, kept.media, kept.size, kept.alt)
        return PlainTextResponse(f"OK - {len(image)}")

    async def _complete(self, request: Request) -> Response:
        files = (await told(request)).get("files", [])
        if any(one.get("id") not in self.uploads for one in files):
            return _no("file_not_found")
        return says({"ok": True, "files": [{"id": one["id"], "title": one.get("title", "")} for one in files]})

    async def _post(self, request: Request) -> Response:
        wish = await told(request)
        wrong = self._wrong(wish)
        if wrong is not None:
            return wrong
        picture, alt = self._picture(wish)
        key = wish.get("metadata", {}).get("event_payload", {}).get("key", "")
        to = wish.get("thread_ts")
        return await self.show(request, wish["text"], self._sent, alt=alt, image=picture, answers=to, key=key)

    async def _update(self, request: Request) -> Response:
        wish = await told(request)
        wrong = self._wrong(wish)
        if wrong is not None:
            return wrong
        picture, alt = self._picture(wish)
        if not self.edit(wish["ts"], wish["text"], alt, picture):
            return _no("message_not_found")
        return says({"ok": True, "channel": self.channel, "ts": wish["ts"]})

    async def _delete(self, request: Request) -> Response:
        wish = await told(request)
        return says({"ok": True}) if self.remove(wish["ts"]) else _no("message_not_found")

    def _wrong(self, wish: dict[str, Any]) -> Response | None:
        if wish.get("channel") != self.channel:
            return _no("channel_not_found")
        if not wish.get("text") and not wish.get("blocks"):
            return _no("no_text")
        blocks = wish.get("blocks", [])
        if len(blocks) > BLOCKS:
            return _no("invalid_blocks")
        if any(block["type"] == "section" and len(block["text"]["text"]) > 3_000 for block in blocks):
            return _no("invalid_blocks")
        pictures = [block for block in blocks if block["type"] == "image"]
        for block in pictures:
            name = block["slack_file"]["id"]
            self.offered[name] = self.offered.get(name, 0) + 1
        for block in pictures:
            name = block["slack_file"]["id"]
            if name not in self.uploads or self.offered[name] <= self.shy or not block.get("alt_text"):
                return _no("invalid_blocks")
        return None

    def _picture(self, wish: dict[str, Any]) -> tuple[str, str]:
        """The hash and the words of a message's picture."""
        blocks = [block for block in wish.get("blocks", []) if block["type"] == "image"]
        hashes = [self.uploads[block["slack_file"]["id"]].sha256 for block in blocks]
        return " ".join(hashes), "\n".join(block["alt_text"] for block in blocks)

    def _sent(self, post: Visible) -> Response:
        return says({"ok": True, "channel": self.channel, "ts": post.id})

    def _shown(self, post: Visible, whole: bool) -> dict[str, Any]:
        metadata = {"event_type": "lotto_post", "event_payload": {"key": post.key} if whole else {}}
        text = LINK.sub(lambda link: f"<{link[0]}>", post.text)
        return {"type": "message", "bot_id": "B1", "text": text, "ts": post.id, "metadata": metadata}


def _no(error: str) -> Response:
    return says({"ok": False, "error": error})
