"""Instagram's rules: containers of JPEG pictures that it fetches itself, 2,200 characters, a quota a day.

Source: Instagram Platform, “Content Publishing”; shapes in recordings/social/instagram.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lotto.replay.networks import Visible
from lotto.replay.rules.graph import Container, Graph, instant, no, page_of
from lotto.replay.rules.rules import Limit, says, told

PICTURE = 8_388_608
HASHTAGS = 30


@dataclass
class Instagram(Graph):
    """A professional account."""

    limits = (Limit(50, timedelta(days=1)),)
    """Source: Instagram Platform, “IG User Content Publishing Limit”: currently 50 in a moving day."""
    user: str = "17841400000000001"

    def called(self, number: int) -> str:
        return f"1792{number:013}"

    def routes(self) -> list[BaseRoute]:
        base = f"/v25.0/{self.user}"
        return [
            self.route("/v25.0/debug_token", self.debug_token),
            self.route(base, self._about),
            self.route(f"{base}/content_publishing_limit", self._quota),
            self.route(f"{base}/media", self._listed),
            self.route(f"{base}/media", self._make, "POST"),
            self.route(f"{base}/media_publish", self._publish, "POST"),
            self.route("/v25.0/{id}/comments", self._comment, "POST"),
            self.route("/v25.0/{id}/comments", self._comments),
            self.route("/v25.0/{id}", self._look),
        ]

    async def _about(self, request: Request) -> Response:
        return says({"id": self.user, "username": "lotto"})

    async def _quota(self, request: Request) -> Response:
        config = {"quota_total": 50, "quota_duration": 86_400}
        return says({"data": [{"quota_usage": len(self.posts), "config": config}]})

    async def _listed(self, request: Request) -> Response:
        return page_of(self, request, self._shown, lambda post: post.answers is None)

    async def _comments(self, request: Request) -> Response:
        def comment(post: Visible) -> dict[str, Any]:
            return {"id": post.id, "text": post.text, "timestamp": instant(post)}

        return page_of(self, request, comment, lambda post: post.answers == request.path_params["id"])

    async def _make(self, request: Request) -> Response:
        wish = await told(request)
        caption, alt = wish.get("caption", ""), wish.get("alt_text", "")
        if len(caption) > 2_200 or caption.count("#") > HASHTAGS:
            return no(36004, "The caption was too long. The maximum number of characters is 2200", subcode=2207010)
        if len(alt) > 1_000:
            return no(100, "alt_text is too long")
        picture = self.fetch(wish.get("image_url", ""))
        if picture is None:
            return no(9004, "The media could not be fetched from this URI", subcode=2207052)
        wrong = ""
        if picture.media != "image/jpeg":
            wrong = "The image format is not supported. Only JPEG is"
        elif picture.size > PICTURE:
            wrong = "The image is too large to download. It should be less than 8 MiB"
        if wrong:
            return no(36001, wrong, subcode=2207005)
        kept = Container(self.new_name(), caption, alt, wish["image_url"], None, self.slow)
        self.containers[kept.id] = kept
        return says({"id": kept.id})

    async def _publish(self, request: Request) -> Response:
        return await self.publish_container(request, await told(request))

    async def _comment(self, request: Request) -> Response:
        message = (await told(request)).get("message", "")
        post = request.path_params["id"]
        if self.standing(post) is None:
            return no(100, "Unsupported post request. Object does not exist", subcode=33)
        if not 0 < len(message) <= 2_200:
            return no(100, "The comment is too long")
        return await self.show(request, message, lambda made: says({"id": made.id}), answers=post)

    async def _look(self, request: Request) -> Response:
        name = request.path_params["id"]
        container = self.looked_at(name, "status_code")
        if container is not None:
            return container
        post = self.standing(name)
        return says(self._shown(post)) if post else no(100, "Object does not exist", subcode=33)

    def _shown(self, post: Visible) -> dict[str, Any]:
        at = f"https://www.instagram.com/p/{post.id}/"
        return {"id": post.id, "caption": post.text, "timestamp": instant(post), "permalink": at}
