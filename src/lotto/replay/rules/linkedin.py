"""LinkedIn's rules: versioned requests, little text, images in two steps, the same words refused with their address.

Source: LinkedIn Marketing API 202609, “Posts API”, “Images API”.
"""

import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lotto.publisher.counting import utf16
from lotto.replay.networks import Visible
from lotto.replay.rules.rules import Rules, says, told

REMEMBERED = 20
"""How many of the newest posts' words are not taken again."""

_UNMEANT = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")
_BARE = re.compile(r"(?<!\\)[|{}@\[\]()<>*_~]")
"""A character of little text that is not escaped."""


@dataclass
class Linkedin(Rules):
    """An organization's page."""

    organization: str = "5583111"
    ends: int = 0
    """When the token ends, in seconds since 1970; 0 when that is not told."""

    @property
    def author(self) -> str:
        """The page's own name."""
        return f"urn:li:organization:{self.organization}"

    def called(self, number: int) -> str:
        return f"urn:li:share:74{number:017}"

    def denied(self) -> Response:
        return says({"status": 401, "code": "REVOKED_ACCESS_TOKEN", "message": "The token has been revoked"}, 401)

    def busy(self, seconds: float = 1.0) -> Response:
        return says({"status": 429, "code": "TOO_MANY_REQUESTS", "message": "Resource level throttle"}, 429)

    def routes(self) -> list[BaseRoute]:
        return [
            self.route(f"/rest/organizations/{self.organization}", self._about),
            self.route("/rest/images", self._image, "POST"),
            self.route("/upload/{id}", self._file, "PUT"),
            self.route("/rest/posts", self._post, "POST"),
            self.route("/rest/posts", self._listed),
            self.route("/rest/posts/{id}", self._delete, "DELETE"),
            self.route("/rest/socialActions/{id}/comments", self._comment, "POST"),
            self.route("/rest/socialActions/{id}/comments", self._comments),
            self.route("/oauth/v2/introspectToken", self._introspect, "POST"),
            self.route("/oauth/v2/accessToken", self._refresh, "POST"),
        ]

    def lets_in(self, request: Request) -> bool:
        """The token; whether it is good may be asked without it, and for another."""
        return request.url.path.endswith(("/introspectToken", "/accessToken")) or super().lets_in(request)

    async def _about(self, request: Request) -> Response:
        return says({"id": int(self.organization), "localizedName": "Lotto"})

    async def _introspect(self, request: Request) -> Response:
        wish = await told(request)
        if not wish.get("client_id") or not wish.get("client_secret"):
            return says({"error": "invalid_client"}, 401)
        return says({"active": not self.revoked, **({"expires_at": self.ends} if self.ends else {})})

    async def _refresh(self, request: Request) -> Response:
        wish = await told(request)
        if wish.get("grant_type") != "refresh_token" or not wish.get("client_secret"):
            return says({"error": "invalid_request"}, 400)
        if wish.get("refresh_token") != "practice-refresh":
            return says({"error": "invalid_grant", "error_description": "The refresh token is not valid"}, 400)
        given = {"access_token": "renewed", "expires_in": 5_184_000, "refresh_token": "practice-refresh"}
        return says({**given, "refresh_token_expires_in": 31_000_000})

    async def _image(self, request: Request) -> Response:
        owner = (await told(request)).get("initializeUploadRequest", {}).get("owner")
        if request.query_params.get("action") != "initializeUpload" or owner != self.author:
            return says({"status": 400, "message": "Invalid owner"}, 400)
        name = self.new_name()
        home, _, _ = str(request.url).partition("/rest/")
        return says({"value": {"uploadUrl": f"{home}/upload/{name}", "image": f"urn:li:image:{name}"}})

    async def _file(self, request: Request) -> Response:
        kept = self.upload(await request.body())
        if not kept.media:
            return says({"status": 400, "message": "Not an image"}, 400)
        self.uploads[f"urn:li:image:{request.path_params['id']}"] = kept
        return Response(status_code=201)

    async def _post(self, request: Request) -> Response:
        if request.headers.get("linkedin-version", "") < "202601" or not request.headers.get(
            "x-restli-protocol-version"
        ):
            return says(
                {"status": 426, "code": "NONEXISTENT_VERSION", "message": "Requested version is not active"}, 426
            )
        wish = await told(request)
        written = wish.get("commentary", "")
        if wish.get("author") != self.author or wish.get("lifecycleState") != "PUBLISHED":
            return _invalid("author or lifecycleState is not valid")
        if utf16(written) > 3_000:
            return _invalid("commentary is too long, maximum 3000 characters")
        if _BARE.search(written):
            return _invalid("commentary is no valid little text")
        text = _UNMEANT.sub(r"\1", written)
        twice = next((post for post in self.posts[-REMEMBERED:] if post.text == text and not post.answers), None)
        if twice is not None:
            return _invalid(f"Content is a duplicate of {twice.id}")
        media = wish.get("content", {}).get("media", {})
        kept = self.uploads.get(media.get("id", ""))
        if media and kept is None:
            return _invalid("media is not valid")

        def answer(post: Visible) -> Response:
            return Response(status_code=201, headers={"x-restli-id": post.id})

        return await self.show(request, text, answer, alt=media.get("altText", ""), image=kept.sha256 if kept else "")

    async def _listed(self, request: Request) -> Response:
        if request.headers.get("x-restli-method") != "FINDER":
            return says({"status": 400, "message": "This is asked for by a finder"}, 400)
        if request.query_params.get("q") != "author" or request.query_params.get("author") != self.author:
            return says({"status": 400, "message": "Invalid author"}, 400)
        start, size = int(request.query_params.get("start", 0)), int(request.query_params.get("count", 10))
        found = [post for post in self.listed(None, len(self.posts)) if not post.answers][start : start + size]
        return says({"elements": [self._shown(post) for post in found]})

    async def _delete(self, request: Request) -> Response:
        found = self.remove(request.path_params["id"])
        return Response(status_code=204) if found else says({"status": 404, "message": "Not found"}, 404)

    async def _comment(self, request: Request) -> Response:
        wish = await told(request)
        post = request.path_params["id"]
        if self.standing(post) is None:
            return says({"status": 404, "message": "Not found"}, 404)
        if wish.get("actor") != self.author or wish.get("object") != post:
            return _invalid("actor or object is not valid")

        def answer(made: Visible) -> Response:
            return says({"commentUrn": _comment(made)}, 201)

        return await self.show(request, wish["message"]["text"], answer, answers=post)

    async def _comments(self, request: Request) -> Response:
        found = [post for post in self.listed() if post.answers == request.path_params["id"]]
        shown = [{"actor": self.author, "message": {"text": post.text}, "commentUrn": _comment(post)} for post in found]
        return says({"elements": shown})

    def _shown(self, post: Visible) -> dict[str, Any]:
        written = re.sub(r"([\\|{}@\[\]()<>#*_~])", r"\\\1", post.text)
        return {"id": post.id, "commentary": written, "createdAt": int(post.at.timestamp() * 1000)}


def _comment(post: Visible) -> str:
    return f"urn:li:comment:({post.answers},{post.id.rpartition(':')[2]})"


def _invalid(why: str) -> Response:
    return says({"status": 422, "code": "UNPROCESSABLE_ENTITY", "message": why}, 422)
