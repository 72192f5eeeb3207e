"""Mastodon's rules: a key is known for an hour, a picture belongs to one status, links count 23.

Source: docs.joinmastodon.org, and the answers of a real server (recordings/social/mastodon).
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lotto.publisher.counting import linked
from lotto.replay.networks import Visible
from lotto.replay.rules.rules import Limit, Rules, parted, says, told


@dataclass
class Mastodon(Rules):
    """An instance with one account."""

    limits = (Limit(300, timedelta(minutes=5), "request"), Limit(30, timedelta(minutes=30), "picture"))
    """Source: docs.joinmastodon.org, “Rate limits”."""
    longest: int = 500
    picture: int = 16_777_216
    keys: dict[str, str] = field(default_factory=dict)
    """The status that each key made."""

    def called(self, number: int) -> str:
        return f"1170{number:014}"

    def denied(self) -> Response:
        return says({"error": "The access token was revoked"}, 401)

    def busy(self, seconds: float = 1.0) -> Response:
        reset = {
            "x-ratelimit-remaining": "0",
            "x-ratelimit-reset": (self.clock() + timedelta(seconds=seconds)).isoformat(),
        }
        return says({"error": "Too many requests"}, 429, reset)

    def routes(self) -> list[BaseRoute]:
        return [
            self.route("/api/v2/instance", self._instance),
            self.route("/api/v1/accounts/verify_credentials", self._me),
            self.route("/api/v1/accounts/1/statuses", self._timeline),
            self.route("/api/v2/media", self._media, "POST"),
            self.route("/api/v1/statuses", self._post, "POST"),
            self.route("/api/v1/statuses/{id}", self._edit, "PUT"),
            self.route("/api/v1/statuses/{id}", self._delete, "DELETE"),
        ]

    async def _instance(self, request: Request) -> Response:
        media = {"supported_mime_types": ["image/jpeg", "image/png", "video/mp4"], "image_size_limit": self.picture}
        statuses = {"max_characters": self.longest, "max_media_attachments": 4, "characters_reserved_per_url": 23}
        return says({"configuration": {"statuses": statuses, "media_attachments": media}})

    async def _me(self, request: Request) -> Response:
        return says({"id": "1", "acct": "lotto"})

    async def _timeline(self, request: Request) -> Response:
        size = min(int(request.query_params.get("limit", 20)), 40)
        return says([self._shown(post) for post in self.listed(request.query_params.get("max_id"), size)])

    async def _media(self, request: Request) -> Response:
        slow = self.too_fast("picture")
        if slow is not None:
            return slow
        fields, files = await parted(request)
        image = files.get("file", b"")
        if len(image) > self.picture:
            return _invalid(f"File must be less than {self.picture // 1_048_576} MB")
        kept = self.upload(image, fields.get("description", ""))
        if not kept.media:
            return _invalid("File content type is invalid, File is invalid")
        if len(kept.alt) > 1_500:
            return _invalid("Description is too long (maximum is 1500 characters)")
        return says({"id": kept.id, "type": "image", "description": kept.alt})

    async def _post(self, request: Request) -> Response:
        key = request.headers.get("idempotency-key", "")
        known = self.standing(self.keys.get(key, ""))
        if known is not None:
            return says(self._shown(known))
        wish = await told(request)
        wrong = self._wrong(wish)
        if wrong is not None:
            return wrong
        alt, image = self._attached(wish)

        def answer(post: Visible) -> Response:
            self.keys[key] = post.id
            return says(self._shown(post))

        return await self.show(
            request, wish["status"], answer, alt=alt, image=image, answers=wish.get("in_reply_to_id"), key=key
        )

    async def _edit(self, request: Request) -> Response:
        wish = await told(request)
        wrong = self._wrong(wish)
        if wrong is not None:
            return wrong
        name = request.path_params["id"]
        if not self.edit(name, wish["status"], *self._attached(wish)):
            return says({"error": "Record not found"}, 404)
        post = self.standing(name)
        return says(self._shown(post)) if post else says({"error": "Record not found"}, 404)

    async def _delete(self, request: Request) -> Response:
        if not self.remove(request.path_params["id"]):
            return says({"error": "Record not found"}, 404)
        return says({"id": request.path_params["id"]})

    def _wrong(self, wish: dict[str, Any]) -> Response | None:
        if not wish.get("status") and not wish.get("media_ids"):
            return _invalid("Text can't be blank")
        if linked(wish.get("status", ""), 23) > self.longest:
            return _invalid(f"Text character limit of {self.longest} exceeded")
        if len(wish.get("media_ids", [])) > 4:
            return _invalid("Cannot attach more than 4 files")
        if any(one not in self.uploads for one in wish.get("media_ids", [])):
            return _invalid("Media not found")
        return None

    def _attached(self, wish: dict[str, Any]) -> tuple[str, str]:
        """The words and the hashes of the pictures, which belong to that status from now on."""
        kept = [self.uploads.pop(one) for one in wish.get("media_ids", [])]
        return "\n".join(one.alt for one in kept), " ".join(one.sha256 for one in kept)

    def _shown(self, post: Visible) -> dict[str, Any]:
        return {
            "id": post.id,
            "created_at": post.at.isoformat(),
            "content": _html(post.text),
            "url": f"https://mastodon.example/@lotto/{post.id}",
        }


def _html(text: str) -> str:
    """As a real server lays it out: lines by <br />, of a link's middle only is shown."""
    link = r'<a href="\1\2\3"><span class="invisible">\1</span><span>\2</span><span class="invisible">\3</span></a>'
    shown = re.sub(r"(https?://)([^\s<]{1,30})([^\s<]*)", link, escape(text, quote=False))
    return f"<p>{shown.replace(chr(10), '<br />')}</p>"


def _invalid(why: str) -> Response:
    return says({"error": f"Validation failed: {why}"}, 422)
