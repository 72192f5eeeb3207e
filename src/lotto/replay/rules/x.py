"""X's rules: signed requests, 280 weighted characters, no words twice, links that are shortened, a listing that lags.

Source: X API v2 (openapi.json 2.167), twitter-text v3, RFC 5849.
"""

import hmac
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lotto.publisher.counting import LINK, weighted
from lotto.publisher.networks.x import signature
from lotto.replay.networks import Visible
from lotto.replay.rules.rules import Limit, Rules, Upload, says, told

CREDENTIALS = {
    "consumer_key": "practice-key",
    "consumer_secret": "practice-secret",
    "access_token": "practice-token",
    "access_token_secret": "practice-token-secret",
}

PICTURE = 5_242_880
REMEMBERED = 20
"""How many of the newest posts' words are not taken again."""


@dataclass
class X(Rules):
    """An account, and an app that may write for it."""

    limits = (Limit(100, timedelta(minutes=15)), Limit(10_000, timedelta(days=1)))
    """Source: docs.x.com, “Rate limits”, POST /2/tweets: by user and by app."""
    credentials: Mapping[str, str] = field(default_factory=lambda: dict(CREDENTIALS))

    def called(self, number: int) -> str:
        return f"1995{number:015}"

    def denied(self) -> Response:
        return says({"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}, 401)

    def busy(self, seconds: float = 1.0) -> Response:
        reset = str(ceil(self.clock().timestamp() + seconds))
        headers = {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}
        return says({"title": "Too Many Requests", "status": 429, "detail": "Too Many Requests"}, 429, headers)

    def lets_in(self, request: Request) -> bool:
        """Whether the signature is that of the app and the account, computed here from what arrived."""
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        pairs = (one.strip().split("=", 1) for one in rest.split(",") if "=" in one)
        given = {key: unquote(value.strip('"')) for key, value in pairs}
        if scheme != "OAuth" or given.get("oauth_consumer_key") != self.credentials["consumer_key"]:
            return False
        at = datetime.fromtimestamp(int(given["oauth_timestamp"]), UTC)
        if abs((self.clock() - at).total_seconds()) > 300:
            return False
        ours = signature(request.method, str(request.url), self.credentials, at, given["oauth_nonce"])
        return hmac.compare_digest(ours, request.headers["authorization"])

    def routes(self) -> list[BaseRoute]:
        return [
            self.route("/2/users/me", self._me),
            self.route("/2/users/7/tweets", self._timeline),
            self.route("/2/media/upload", self._media, "POST"),
            self.route("/2/media/metadata", self._words, "POST"),
            self.route("/2/tweets", self._post, "POST"),
            self.route("/2/tweets/{id}", self._delete, "DELETE"),
        ]

    async def _me(self, request: Request) -> Response:
        return says({"data": {"id": "7", "name": "Lotto", "username": "lotto"}})

    async def _timeline(self, request: Request) -> Response:
        asked = request.query_params
        size, since = int(asked.get("max_results", 10)), datetime.fromisoformat(asked["start_time"])
        page = [post for post in self.listed(asked.get("pagination_token"), size) if post.at >= since]
        meta: dict[str, Any] = {"result_count": len(page)}
        if len(page) == size:
            meta["next_token"] = page[-1].id
        return says({"data": [_shown(post) for post in page], "meta": meta} if page else {"meta": meta})

    async def _media(self, request: Request) -> Response:
        wish = await told(request)
        kept = self.upload(b64decode(wish.get("media", "")))
        if not kept.media or wish.get("media_category") != "tweet_image":
            return _invalid("media type unrecognized.")
        if kept.size > PICTURE:
            return _invalid("File size exceeds 5242880 bytes.")
        return says({"data": {"id": kept.id, "media_key": f"3_{kept.id}", "expires_after_secs": 86_400}})

    async def _words(self, request: Request) -> Response:
        wish = await told(request)
        kept = self.uploads.get(wish.get("id", ""))
        words = wish["metadata"]["alt_text"]["text"]
        if kept is None or not 0 < len(words) <= 1_000:
            return _invalid("alt_text is not valid.")
        self.uploads[kept.id] = Upload(kept.id, kept.sha256, kept.media, kept.size, words)
        return says({"data": {"id": kept.id, "associated_metadata": wish["metadata"]}})

    async def _post(self, request: Request) -> Response:
        wish = await told(request)
        text = str(wish.get("text", ""))
        media = wish.get("media", {}).get("media_ids", [])
        if weighted(text) > 280:
            return _forbidden("Your Tweet text is too long.")
        if any(post.text == text for post in self.posts[-REMEMBERED:]):
            return _forbidden("You are not allowed to create a Tweet with duplicate content.")
        if any(one not in self.uploads for one in media):
            return _invalid("Your media IDs are invalid.")
        if len(media) > 4:
            return _invalid("You can attach up to 4 photos.")
        kept = [self.uploads[one] for one in media]
        return await self.show(
            request,
            text,
            lambda post: says({"data": {"id": post.id, "text": _shown(post)["text"]}}, 201),
            alt="\n".join(one.alt for one in kept),
            image=" ".join(one.sha256 for one in kept),
            answers=wish.get("reply", {}).get("in_reply_to_tweet_id"),
        )

    async def _delete(self, request: Request) -> Response:
        if not self.remove(request.path_params["id"]):
            return says({"title": "Not Found Error", "status": 404, "detail": "No such Tweet."}, 404)
        return says({"data": {"deleted": True}})


def _shown(post: Visible) -> dict[str, Any]:
    """As X tells it: links shortened, one at the end for the picture, and what they stand for beside it."""
    urls: list[dict[str, str]] = []

    def short(link: str) -> str:
        urls.append({"url": f"https://t.co/{len(urls):010}", "expanded_url": link})
        return urls[-1]["url"]

    text = LINK.sub(lambda found: short(found[0]), post.text.replace("&", "&amp;").replace("<", "&lt;"))
    if post.image:
        text += f" {short(f'https://x.com/lotto/status/{post.id}/photo/1')}"
    at = post.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"id": post.id, "text": text, "created_at": at, "entities": {"urls": urls}}


def _forbidden(why: str) -> Response:
    return says({"title": "Forbidden", "type": "about:blank", "status": 403, "detail": why}, 403)


def _invalid(why: str) -> Response:
    return says({"title": "Invalid Request", "status": 400, "detail": why}, 400)
