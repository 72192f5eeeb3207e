"""WordPress's rules: application passwords, slugs that are made unique, a media library.

Source: WordPress REST API, `wp/v2/posts`, `wp/v2/media`, `wp/v2/users/me`.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lotto.replay.networks import Visible
from lotto.replay.rules.rules import Rules, Upload, says, told

LARGEST = 8_388_608


@dataclass
class Wordpress(Rules):
    """A site, and an author of it."""

    user: str = "lotto"
    slugs: dict[str, str] = field(default_factory=dict)
    """What each slug stands for."""
    titles: dict[str, str] = field(default_factory=dict)

    def called(self, number: int) -> str:
        return f"{100_000 + number}"

    def denied(self) -> Response:
        return _no("incorrect_password", "The provided password is an invalid application password.", 401)

    def busy(self, seconds: float = 1.0) -> Response:
        return _no("too_many_requests", "Slow down.", 429)

    def lets_in(self, request: Request) -> bool:
        login = b64encode(f"{self.user}:{self.token}".encode()).decode()
        return request.headers.get("authorization") == f"Basic {login}"

    def routes(self) -> list[BaseRoute]:
        base = "/wp-json/wp/v2"
        return [
            self.route(f"{base}/users/me", self._me),
            self.route(f"{base}/media", self._library),
            self.route(f"{base}/media", self._file, "POST"),
            self.route(f"{base}/media/{{id}}", self._words, "POST"),
            self.route(f"{base}/posts", self._listed),
            self.route(f"{base}/posts", self._post, "POST"),
            self.route(f"{base}/posts/{{id}}", self._edit, "POST"),
            self.route(f"{base}/posts/{{id}}", self._delete, "DELETE"),
        ]

    async def _me(self, request: Request) -> Response:
        return says({"id": 1, "name": "Lotto", "capabilities": {"publish_posts": True, "upload_files": True}})

    async def _library(self, request: Request) -> Response:
        found = self.slugs.get(request.query_params.get("slug", ""))
        return says([{"id": int(found)}] if found else [])

    async def _file(self, request: Request) -> Response:
        image = await request.body()
        if len(image) > LARGEST:
            return _no("rest_upload_file_too_big", "This file is too big.", 413)
        kept = self.upload(image)
        if not kept.media or "filename=" not in request.headers.get("content-disposition", ""):
            return _no("rest_upload_sideload_error", "Sorry, you are not allowed to upload this file type.", 500)
        return says({"id": int(kept.id)}, 201)

    async def _words(self, request: Request) -> Response:
        wish = await told(request)
        kept = self.uploads.get(request.path_params["id"])
        if kept is None:
            return _no("rest_post_invalid_id", "Invalid post ID.", 404)
        self.uploads[kept.id] = Upload(kept.id, kept.sha256, kept.media, kept.size, wish.get("alt_text", ""))
        self.slugs[wish["slug"]] = kept.id
        return says({"id": int(kept.id)})

    async def _listed(self, request: Request) -> Response:
        asked = request.query_params
        if "slug" in asked:
            post = self.standing(self.slugs.get(asked["slug"], ""))
            return says([self._shown(post)] if post else [])
        after = datetime.fromisoformat(asked["after"])
        found = [post for post in self.listed() if asked["search"] in self.titles[post.id] and post.at > after]
        return says([self._shown(post) for post in found])

    async def _post(self, request: Request) -> Response:
        wish = await told(request)
        wrong, picture = self._featured(wish)
        if wrong is not None:
            return wrong

        def answer(post: Visible) -> Response:
            slug, number = wish.get("slug", post.id), 1
            while slug in self.slugs:
                number += 1
                slug = f"{wish['slug']}-{number}"
            self.slugs[slug] = post.id
            self.titles[post.id] = wish["title"]
            return says(self._shown(post), 201)

        # The slug is taken with the post, whether or not an answer arrives.
        return await self.show(
            request,
            wish["content"],
            answer,
            alt=picture.alt if picture else "",
            image=picture.sha256 if picture else "",
        )

    async def _edit(self, request: Request) -> Response:
        wish = await told(request)
        wrong, picture = self._featured(wish)
        if wrong is not None:
            return wrong
        name = request.path_params["id"]
        kept = (picture.alt, picture.sha256) if picture else ("", "")
        if not self.edit(name, wish["content"], *kept):
            return _no("rest_post_invalid_id", "Invalid post ID.", 404)
        self.titles[name] = wish["title"]
        post = self.standing(name)
        return says(self._shown(post)) if post else _no("rest_post_invalid_id", "Invalid post ID.", 404)

    async def _delete(self, request: Request) -> Response:
        name = request.path_params["id"]
        return says({"id": int(name)}) if self.remove(name) else _no("rest_post_invalid_id", "Invalid post ID.", 404)

    def _featured(self, wish: Mapping[str, Any]) -> tuple[Response | None, Upload | None]:
        if not wish.get("title") and not wish.get("content"):
            return _no("empty_content", "Content, title, and excerpt are empty.", 400), None
        wanted = str(wish.get("featured_media", ""))
        if wanted and wanted not in self.uploads:
            return _no("rest_invalid_featured_media", "Invalid featured media ID.", 400), None
        return None, self.uploads.get(wanted)

    def _shown(self, post: Visible) -> dict[str, Any]:
        return {
            "id": int(post.id),
            "link": f"https://news.example/{post.id}/",
            "title": {"raw": self.titles.get(post.id, "")},
            "content": {"raw": post.text},
        }


def _no(code: str, why: str, status: int) -> Response:
    return says({"code": code, "message": why, "data": {"status": status}}, status)
