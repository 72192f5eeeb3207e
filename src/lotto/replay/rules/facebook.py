"""Facebook's rules for a Page: unpublished photos, posts that show them, no words twice, a listing that lags.

Source: Graph API v25.0, Page `feed`, `photos`, `published_posts`; shapes in recordings/social/facebook.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lotto.replay.networks import Visible
from lotto.replay.rules.graph import Graph, instant, no, page_of
from lotto.replay.rules.rules import Limit, parted, says, told

PHOTO = 4_194_304
REMEMBERED = 20
"""How many of the newest posts' words are not taken again."""


@dataclass
class Facebook(Graph):
    """A Page."""

    limits = (Limit(4_800, timedelta(days=1), "request"),)
    """Source: Graph API, “Rate Limits”: 4,800 calls a day for each who engaged with the Page; here that is one."""
    page: str = "175154750010052"

    def called(self, number: int) -> str:
        return f"{self.page}_{number:015}"

    def routes(self) -> list[BaseRoute]:
        base = f"/v25.0/{self.page}"
        return [
            self.route("/v25.0/debug_token", self.debug_token),
            self.route(base, self._about),
            self.route(f"{base}/published_posts", self._published),
            self.route(f"{base}/photos", self._photo, "POST"),
            self.route(f"{base}/feed", self._post, "POST"),
            self.route("/v25.0/{id}/comments", self._comment, "POST"),
            self.route("/v25.0/{id}/comments", self._comments),
            self.route("/v25.0/{id}", self.delete, "DELETE"),
        ]

    async def _about(self, request: Request) -> Response:
        return says({"id": self.page, "name": "Lotto"})

    async def _published(self, request: Request) -> Response:
        return page_of(self, request, _shown, lambda post: post.answers is None)

    async def _comments(self, request: Request) -> Response:
        return page_of(self, request, _shown, lambda post: post.answers == request.path_params["id"])

    async def _photo(self, request: Request) -> Response:
        fields, files = await parted(request)
        image = files.get("source", b"")
        if fields.get("published") != "false":
            return no(100, "This practice Page takes photos unpublished only.")
        if len(image) > PHOTO:
            return no(1, "Please reduce the amount of data you're asking for, then retry your request", 400)
        kept = self.upload(image, fields.get("alt_text_custom", ""))
        if not kept.media:
            return no(324, "Missing or invalid image file")
        return says({"id": kept.id})

    async def _post(self, request: Request) -> Response:
        wish = await told(request)
        attached = wish.get("attached_media[0]")
        photo = msgspec.json.decode(attached, type=dict[str, str])["media_fbid"] if attached else ""
        if any(post.text == wish.get("message") for post in self.posts[-REMEMBERED:]):
            return no(506, "Duplicate status message")
        return await self._say(request, wish, photo, None)

    async def _comment(self, request: Request) -> Response:
        wish = await told(request)
        if self.standing(request.path_params["id"]) is None:
            return no(100, "Unsupported post request. Object does not exist", subcode=33)
        return await self._say(request, wish, wish.get("attachment_id", ""), request.path_params["id"])

    async def _say(self, request: Request, wish: dict[str, Any], photo: str, answers: str | None) -> Response:
        message = wish.get("message", "")
        if not message and not photo:
            return no(100, "The parameter message is required")
        if len(message) > 63_206:
            return no(100, "Param message must be at most 63206 characters long")
        if photo and photo not in self.uploads:
            return no(100, "Invalid parameter: media_fbid")
        kept = self.uploads.pop(photo, None)
        return await self.show(
            request,
            message,
            lambda post: says({"id": post.id}),
            alt=kept.alt if kept else "",
            image=kept.sha256 if kept else "",
            answers=answers,
        )


def _shown(post: Visible) -> dict[str, Any]:
    return {"id": post.id, "message": post.text, "created_time": instant(post)}
