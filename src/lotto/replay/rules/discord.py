"""Discord's rules for a bot: a nonce is unique for some minutes where that is asked for, 2,000 characters, 10 MiB.

Source: Discord API v10, “Create Message”, “Error Messages”, “Rate Limits”.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lotto.replay.networks import Visible
from lotto.replay.rules.rules import Limit, Rules, parted, says, told

FILE = 10_485_760
ATTACHMENTS = 10


@dataclass
class Discord(Rules):
    """A channel that a bot sees."""

    limits = (Limit(5, timedelta(seconds=5)),)
    """As its headers tell for a channel; Discord publishes no numbers, since they may change."""
    channel: str = "42"
    nonces: dict[str, str] = field(default_factory=dict)

    def called(self, number: int) -> str:
        return f"13{number:016}"

    def denied(self) -> Response:
        return says({"message": "401: Unauthorized", "code": 0}, 401)

    def busy(self, seconds: float = 1.0) -> Response:
        return slow_down(seconds)

    def lets_in(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bot {self.token}"

    def routes(self) -> list[BaseRoute]:
        messages = f"/api/v10/channels/{self.channel}/messages"
        return [
            self.route("/api/v10/users/@me", self._me),
            self.route(f"/api/v10/channels/{self.channel}", self._about),
            self.route(messages, self._post, "POST"),
            self.route(messages, self._history),
            self.route(f"{messages}/{{id}}", self._edit, "PATCH"),
            self.route(f"{messages}/{{id}}", self._delete, "DELETE"),
        ]

    async def _me(self, request: Request) -> Response:
        return says({"id": "7", "username": "lotto"})

    async def _about(self, request: Request) -> Response:
        return says({"id": self.channel, "name": "results", "guild_id": "9"})

    async def _history(self, request: Request) -> Response:
        size = min(int(request.query_params.get("limit", 50)), 100)
        return says([self._shown(post) for post in self.listed(request.query_params.get("before"), size)])

    async def _post(self, request: Request) -> Response:
        wish, images = await message(request)
        wrong = objection(wish, images)
        if wrong is not None:
            return wrong
        nonce = str(wish.get("nonce", ""))
        known = self.standing(self.nonces.get(nonce, "")) if wish.get("enforce_nonce") else None
        if known is not None:
            return says(self._shown(known))

        def answer(post: Visible) -> Response:
            self.nonces[nonce] = post.id
            return says(self._shown(post))

        alt, kept = attached(wish), self.hashes(images)
        to = wish.get("message_reference", {}).get("message_id")
        return await self.show(request, wish["content"], answer, alt=alt, image=kept, answers=to, key=nonce)

    async def _edit(self, request: Request) -> Response:
        wish, images = await message(request)
        wrong = objection(wish, images)
        if wrong is not None:
            return wrong
        name = request.path_params["id"]
        kept = self.hashes(images)
        self.edit(name, wish["content"], attached(wish), kept)
        post = self.standing(name)
        return says(self._shown(post)) if post else unknown()

    async def _delete(self, request: Request) -> Response:
        return Response(status_code=204) if self.remove(request.path_params["id"]) else unknown()

    def _shown(self, post: Visible) -> dict[str, Any]:
        author = {"id": "7", "username": "lotto"}
        base = {"id": post.id, "channel_id": self.channel, "author": author}
        return {**base, "content": post.text, "timestamp": post.at.isoformat()}


async def message(request: Request) -> tuple[dict[str, Any], list[bytes]]:
    """What a message says, and its pictures in the order in which it tells of them."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return await told(request), []
    fields, files = await parted(request)
    wish = msgspec.json.decode(fields["payload_json"], type=dict[str, Any])
    return wish, [files.get(f"files[{one['id']}]", b"") for one in wish.get("attachments", [])]


def objection(wish: dict[str, Any], images: Sequence[bytes]) -> Response | None:
    """What is wrong with a message."""
    if sum(map(len, images)) > FILE:
        return says({"message": "Request entity too large", "code": 40005}, 413)
    if not wish.get("content") and not images:
        return says({"message": "Cannot send an empty message", "code": 50006}, 400)
    words = [one.get("description", "") for one in wish.get("attachments", [])]
    long = len(wish.get("content", "")) > 2_000 or len(str(wish.get("nonce", ""))) > 25
    if long or len(images) > ATTACHMENTS or any(len(one) > 1_024 for one in words):
        return says({"message": "Invalid Form Body", "code": 50035}, 400)
    return None


def attached(wish: dict[str, Any]) -> str:
    """The words of the pictures, a line each."""
    return "\n".join(one.get("description", "") for one in wish.get("attachments", []))


def slow_down(seconds: float) -> Response:
    """How Discord says that one is too fast: the seconds stand in the body with their fraction."""
    return says(
        {"message": "You are being rate limited.", "retry_after": round(seconds + 0.001, 3), "global": False}, 429
    )


def unknown() -> Response:
    """How Discord says that there is no such message."""
    return says({"message": "Unknown Message", "code": 10008}, 404)
