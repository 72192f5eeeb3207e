"""Discord's rules for a webhook: it posts, edits and removes its own messages, and lists none.

Source: Discord API v10, “Execute Webhook”.
"""

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lotto.replay.networks import Visible
from lotto.replay.rules.discord import attached, message, objection, slow_down, unknown
from lotto.replay.rules.rules import Limit, Rules, says


@dataclass
class DiscordWebhook(Rules):
    """A channel's webhook; the token stands in its address."""

    limits = (Limit(5, timedelta(seconds=2)), Limit(30, timedelta(minutes=1)))
    """As its headers tell for a webhook; Discord publishes no numbers, since they may change."""

    def called(self, number: int) -> str:
        return f"14{number:016}"

    def denied(self) -> Response:
        return says({"message": "Invalid Webhook Token", "code": 50027}, 401)

    def busy(self, seconds: float = 1.0) -> Response:
        return slow_down(seconds)

    def lets_in(self, request: Request) -> bool:
        return bool(request.path_params["token"] == self.token)

    def routes(self) -> list[BaseRoute]:
        base = "/api/v10/webhooks/{number}/{token}"
        return [
            self.route(base, self._about),
            self.route(base, self._post, "POST"),
            self.route(f"{base}/messages/{{id}}", self._edit, "PATCH"),
            self.route(f"{base}/messages/{{id}}", self._delete, "DELETE"),
        ]

    async def _about(self, request: Request) -> Response:
        return says({"id": "5", "name": "Lotto", "channel_id": "42"})

    async def _post(self, request: Request) -> Response:
        wish, images = await message(request)
        wrong = objection(wish, images)
        if wrong is not None:
            return wrong

        def answer(post: Visible) -> Response:
            if request.query_params.get("wait") != "true":
                return Response(status_code=204)
            return says({"id": post.id, "channel_id": "42", "content": post.text})

        kept = self.hashes(images)
        return await self.show(request, wish["content"], answer, alt=attached(wish), image=kept)

    async def _edit(self, request: Request) -> Response:
        wish, images = await message(request)
        wrong = objection(wish, images)
        if wrong is not None:
            return wrong
        name = request.path_params["id"]
        kept = self.hashes(images)
        if not self.edit(name, wish["content"], attached(wish), kept):
            return unknown()
        return says({"id": name, "channel_id": "42", "content": wish["content"]})

    async def _delete(self, request: Request) -> Response:
        return Response(status_code=204) if self.remove(request.path_params["id"]) else unknown()
