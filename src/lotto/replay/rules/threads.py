"""The rules of Threads: containers of words or pictures, 500 characters of which an emoji takes as many as its bytes.

Source: Threads API, “Posts”, “Reply Management”.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lotto.publisher.counting import emoji_bytes
from lotto.replay.networks import Visible
from lotto.replay.rules.graph import Container, Graph, instant, no, page_of
from lotto.replay.rules.rules import Limit, says, told

PICTURE = 8_388_608


@dataclass
class Threads(Graph):
    """A profile."""

    limits = (Limit(250, timedelta(days=1)),)
    """Source: Threads API, “Overview”: posts of a profile in a moving day."""

    def called(self, number: int) -> str:
        return f"1801{number:013}"

    def routes(self) -> list[BaseRoute]:
        return [
            self.route("/v1.0/debug_token", self.debug_token),
            self.route("/refresh_access_token", self._refresh),
            self.route("/v1.0/me", self._about),
            self.route("/v1.0/me/threads_publishing_limit", self._quota),
            self.route("/v1.0/me/threads", self._listed),
            self.route("/v1.0/me/replies", self._replies),
            self.route("/v1.0/me/threads", self._make, "POST"),
            self.route("/v1.0/me/threads_publish", self._publish, "POST"),
            self.route("/v1.0/{id}", self._look),
            self.route("/v1.0/{id}", self.delete, "DELETE"),
        ]

    async def _refresh(self, request: Request) -> Response:
        if request.query_params.get("grant_type") != "th_refresh_token" or not request.query_params.get("access_token"):
            return no(100, "Invalid parameter: grant_type or access_token")
        return says({"access_token": "renewed", "token_type": "bearer", "expires_in": 5_184_000})

    async def _about(self, request: Request) -> Response:
        return says({"id": "9", "username": "lotto"})

    async def _quota(self, request: Request) -> Response:
        config = {"quota_total": 250, "quota_duration": 86_400}
        return says({"data": [{"quota_usage": len(self.posts), "config": config}]})

    async def _listed(self, request: Request) -> Response:
        return page_of(self, request, self._shown, lambda post: post.answers is None)

    async def _replies(self, request: Request) -> Response:
        return page_of(self, request, self._shown, lambda post: post.answers is not None)

    async def _make(self, request: Request) -> Response:
        wish = await told(request)
        text, alt, kind = wish.get("text", ""), wish.get("alt_text", ""), wish.get("media_type")
        if emoji_bytes(text) > 500:
            return no(100, "Param text must be at most 500 characters long.")
        if len(alt) > 1_000:
            return no(100, "Param alt_text must be at most 1000 characters long.")
        if kind not in ("TEXT", "IMAGE") or (kind == "TEXT" and not text):
            return no(100, "Invalid parameter: media_type or text")
        to = wish.get("reply_to_id")
        if to is not None and self.standing(to) is None:
            return no(100, "Object does not exist", subcode=33)
        kept = Container(self.new_name(), text, alt, wish.get("image_url", ""), to, self.slow)
        if kind == "IMAGE":
            picture = self.fetch(kept.image)
            if picture is None or not picture.media or picture.size > PICTURE:
                kept.failed = "FAILED_DOWNLOADING_IMAGE"
        self.containers[kept.id] = kept
        return says({"id": kept.id})

    async def _publish(self, request: Request) -> Response:
        return await self.publish_container(request, await told(request))

    async def _look(self, request: Request) -> Response:
        name = request.path_params["id"]
        container = self.looked_at(name, "status")
        if container is not None:
            return container
        post = self.standing(name)
        return says(self._shown(post)) if post else no(100, "Object does not exist", subcode=33)

    def _shown(self, post: Visible) -> dict[str, Any]:
        at = f"https://www.threads.com/@lotto/post/{post.id}"
        return {"id": post.id, "text": post.text, "timestamp": instant(post), "permalink": at}
