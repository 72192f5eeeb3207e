"""Telegram's rules: no key, no listing for bots; texts to 4,096 units, captions to 1,024.

Source: Bot API, “Making requests”, `sendMessage`, `sendPhoto`, `editMessageMedia`, `ResponseParameters`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lotto.publisher.counting import utf16
from lotto.replay.networks import Visible
from lotto.replay.rules.rules import Limit, Rules, parted, says, told

PHOTO = 10_000_000


@dataclass
class Telegram(Rules):
    """A channel with a bot as its admin."""

    limits = (Limit(1, timedelta(seconds=1)), Limit(20, timedelta(minutes=1)))
    """Source: Bots FAQ, “My bot is hitting limits”: in one chat, and in one group."""
    channel: str = "@lotto"

    def called(self, number: int) -> str:
        return f"1{number:08}"

    def denied(self) -> Response:
        return _no(401, "Unauthorized")

    def busy(self, seconds: float = 1.0) -> Response:
        wait = ceil(seconds)
        slow = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {wait}"}
        return says({**slow, "parameters": {"retry_after": wait}}, 429)

    def lets_in(self, request: Request) -> bool:
        return bool(request.path_params["bot"] == f"bot{self.token}")

    def routes(self) -> list[BaseRoute]:
        return [
            self.route("/{bot}/getMe", self._me, "POST"),
            self.route("/{bot}/getChatMember", self._member, "POST"),
            self.route("/{bot}/sendMessage", self._message, "POST"),
            self.route("/{bot}/sendPhoto", self._photo, "POST"),
            self.route("/{bot}/editMessageText", self._edit_text, "POST"),
            self.route("/{bot}/editMessageMedia", self._edit_media, "POST"),
            self.route("/{bot}/deleteMessage", self._delete, "POST"),
        ]

    async def _me(self, request: Request) -> Response:
        return _yes({"id": 7, "is_bot": True, "username": "lotto_bot"})

    async def _member(self, request: Request) -> Response:
        return _yes({"status": "administrator"})

    async def _message(self, request: Request) -> Response:
        return await self._send(request, await told(request), "text", 4_096, "message is too long")

    async def _photo(self, request: Request) -> Response:
        fields, files = await parted(request)
        photo = self.upload(files.get("photo", b""))
        if photo.size > PHOTO:
            return _no(413, "Request Entity Too Large")
        if not photo.media:
            return _no(400, "Bad Request: IMAGE_PROCESS_FAILED")
        return await self._send(request, fields, "caption", 1_024, "message caption is too long", photo.sha256)

    async def _send(
        self, request: Request, wish: Mapping[str, Any], name: str, longest: int, long: str, image: str = ""
    ) -> Response:
        wrong = self._wrong(wish, wish.get(name, ""), longest, long)
        if wrong is not None:
            return wrong
        answers = wish.get("reply_parameters")
        if isinstance(answers, str):
            answers = msgspec.json.decode(answers)
        to = str(answers["message_id"]) if answers else None
        return await self.show(request, wish[name], self._sent, image=image, answers=to)

    async def _edit_text(self, request: Request) -> Response:
        wish = await told(request)
        return self._edited(wish, wish.get("text", ""), 4_096, "")

    async def _edit_media(self, request: Request) -> Response:
        fields, files = await parted(request)
        media = msgspec.json.decode(fields["media"], type=dict[str, Any])
        photo = self.upload(files.get(media["media"].removeprefix("attach://"), b""))
        return self._edited(fields, media.get("caption", ""), 1_024, photo.sha256)

    def _edited(self, wish: Mapping[str, Any], text: str, longest: int, image: str) -> Response:
        wrong = self._wrong(wish, text, longest, "message is too long")
        if wrong is not None:
            return wrong
        post = self.standing(str(wish["message_id"]))
        if post is None:
            return _no(400, "Bad Request: message to edit not found")
        if (post.text, post.image) == (text, image):
            return _no(400, "Bad Request: message is not modified")
        self.edit(post.id, text, "", image)
        return self._sent(post)

    async def _delete(self, request: Request) -> Response:
        wish = await told(request)
        if not self.remove(str(wish["message_id"])):
            return _no(400, "Bad Request: message to delete not found")
        return _yes(True)

    def _wrong(self, wish: Mapping[str, Any], text: str, longest: int, long: str) -> Response | None:
        if wish.get("chat_id") != self.channel:
            return _no(400, "Bad Request: chat not found")
        if not text:
            return _no(400, "Bad Request: message text is empty")
        if utf16(text) > longest:
            return _no(400, f"Bad Request: {long}")
        return None

    def _sent(self, post: Visible) -> Response:
        chat = {"id": -1001234, "type": "channel", "username": self.channel[1:]}
        return _yes({"message_id": int(post.id), "chat": chat, "date": int(post.at.timestamp())})


def _yes(result: Any) -> Response:
    return says({"ok": True, "result": result})


def _no(code: int, why: str) -> Response:
    return says({"ok": False, "error_code": code, "description": why}, code)
