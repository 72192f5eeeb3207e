"""Pinterest's rules: a pin is a picture, a description has 800 characters, a board's pins are listed after a while.

Source: Pinterest API v5 (openapi.json), “Create Pin”, “List Pins on board”, “Generate OAuth access token”.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, timedelta
from math import ceil
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lotto.replay.networks import Visible
from lotto.replay.rules.rules import Limit, Rules, says, told


@dataclass
class Pinterest(Rules):
    """A board."""

    limits = (Limit(1_000, timedelta(days=1), "request"),)
    """Source: developers.pinterest.com, “Rate limits”: trial access, the least there is."""
    board: str = "549755885175"
    client: str = "app:secret"
    refresh: str = "practice-refresh"
    refresh_lasts: int = 5_184_000

    def called(self, number: int) -> str:
        return f"8138{number:014}"

    def denied(self) -> Response:
        return says({"code": 2, "message": "Authentication failed."}, 401)

    def busy(self, seconds: float = 1.0) -> Response:
        limits = {"x-ratelimit-limit": "100", "x-ratelimit-remaining": "0", "x-ratelimit-reset": str(ceil(seconds))}
        return says({"code": 8, "message": "This request exceeded a rate limit."}, 429, limits)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/v5/oauth/token", self._enter, methods=["POST"]),
            self.route(f"/v5/boards/{self.board}", self._about),
            self.route(f"/v5/boards/{self.board}/pins", self._listed),
            self.route("/v5/pins", self._post, "POST"),
            self.route("/v5/pins/{id}", self._delete, "DELETE"),
        ]

    async def _enter(self, request: Request) -> Response:
        wish = await told(request)
        app = f"Basic {b64encode(self.client.encode()).decode()}"
        if self.revoked or request.headers.get("authorization") != app or wish.get("refresh_token") != self.refresh:
            return self.denied()
        ends = {"expires_in": 2_592_000, "refresh_token_expires_in": self.refresh_lasts}
        return says({"access_token": self.token, "token_type": "bearer", **ends})

    async def _about(self, request: Request) -> Response:
        return says({"id": self.board, "name": "Results"})

    async def _listed(self, request: Request) -> Response:
        asked = request.query_params
        size = min(int(asked.get("page_size", 25)), 250)
        page = self.listed(asked.get("bookmark"), size)
        return says({"items": [_shown(post) for post in page], "bookmark": page[-1].id if len(page) == size else None})

    async def _post(self, request: Request) -> Response:
        wish = await told(request)
        for name, longest in (("title", 100), ("description", 800), ("alt_text", 500), ("link", 2_048)):
            if len(wish.get(name, "")) > longest:
                return says({"code": 1, "message": f"{name} is too long: maximum {longest} characters."}, 400)
        source = wish.get("media_source", {})
        if wish.get("board_id") != self.board or source.get("source_type") != "image_base64":
            return says({"code": 1, "message": "Invalid request: board_id or media_source."}, 400)
        kept = self.upload(b64decode(source.get("data", "")))
        if not kept.media or kept.media != source.get("content_type"):
            return says({"code": 235, "message": "Sorry we could not fetch the image."}, 400)
        return await self.show(
            request,
            wish.get("description", ""),
            lambda post: says(_shown(post), 201),
            alt=wish.get("alt_text", ""),
            image=kept.sha256,
        )

    async def _delete(self, request: Request) -> Response:
        found = self.remove(request.path_params["id"])
        return Response(status_code=204) if found else says({"code": 50, "message": "Pin not found."}, 404)


def _shown(post: Visible) -> dict[str, Any]:
    at = post.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return {"id": post.id, "description": post.text, "alt_text": post.alt, "created_at": at}
