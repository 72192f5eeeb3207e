"""Bluesky's rules, as a real PDS keeps them: keys that are TIDs, `swapRecord`, 300 graphemes, blobs by their content.

Source: AT Protocol lexicons, and what `@atproto/pds` answers: `tests/test_bluesky.py` asks both the same.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lotto.publisher.counting import graphemes
from lotto.replay.networks import Trouble, answered
from lotto.replay.rules.rules import Limit, Rules, says, told

POST = "app.bsky.feed.post"
PICTURE = 1_000_000
BLOB = 5_242_880

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TID = re.compile(r"[234567abcdefghij][234567a-z]{12}")


@dataclass
class Bluesky(Rules):
    """A server with one account."""

    limits = (Limit(1_666, timedelta(hours=1)), Limit(11_666, timedelta(days=1)))
    """Source: docs.bsky.app, “Rate Limits”: 5,000 points an hour and 35,000 a day, 3 for a record."""
    handle: str = "lotto.test"
    did: str = "did:plc:practice"
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What stands under each key."""
    wished: str = ""
    """The name of the next post: a record is called as its author wishes."""

    def called(self, number: int) -> str:
        return self.wished

    def denied(self) -> Response:
        return says({"error": "ExpiredToken", "message": "Token has been revoked"}, 400)

    def busy(self, seconds: float = 1.0) -> Response:
        reset = {"ratelimit-remaining": "0", "ratelimit-reset": str(ceil(self.clock().timestamp() + seconds))}
        return says({"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, 429, reset)

    def lets_in(self, request: Request) -> bool:
        return request.headers.get("authorization") == "Bearer session"

    def routes(self) -> list[BaseRoute]:
        base = "/xrpc/com.atproto"
        return [
            Route(f"{base}.server.createSession", self._enter, methods=["POST"]),
            self.route(f"{base}.repo.uploadBlob", self._blob, "POST"),
            self.route(f"{base}.repo.putRecord", self._put, "POST"),
            self.route(f"{base}.repo.getRecord", self._get),
            self.route(f"{base}.repo.listRecords", self._listed),
            self.route(f"{base}.repo.deleteRecord", self._delete, "POST"),
        ]

    async def _enter(self, request: Request) -> Response:
        wish = await told(request)
        if self.revoked or (wish.get("identifier"), wish.get("password")) != (self.handle, self.token):
            return says({"error": "AuthenticationRequired", "message": "Invalid identifier or password"}, 401)
        return says({"did": self.did, "handle": self.handle, "accessJwt": "session", "refreshJwt": "renewal"})

    async def _blob(self, request: Request) -> Response:
        kept = self.upload(await request.body())
        if kept.size > BLOB:
            return says({"error": "PayloadTooLarge", "message": "request entity too large"}, 413)
        # Whatever type the request tells: what it is, is seen from its bytes.
        self.uploads[kept.sha256] = kept
        blob = {"$type": "blob", "ref": {"$link": kept.sha256}, "mimeType": kept.media, "size": kept.size}
        return says({"blob": blob})

    async def _put(self, request: Request) -> Response:
        wish = await told(request)
        record, key = wish["record"], str(wish.get("rkey", ""))
        wrong = self._wrong(wish, record, key)
        if wrong is not None:
            return wrong
        if key in self.records:
            if self.records[key] == record:
                return says({"uri": self._uri(key), "cid": f"cid-{key}"})
            if "swapRecord" in wish and wish["swapRecord"] is None:
                return says({"error": "InvalidSwap", "message": f"Record was at cid-{key}"}, 400)
        shown = record.get("embed", {}).get("images", [])
        if len(shown) > 4:
            return says({"error": "InvalidRequest", "message": "images must not have more than 4 elements"}, 400)
        slow = self.too_fast("post")
        if slow is not None:
            return slow
        trouble = self.trouble()
        if trouble is not None:
            self.made[trouble].append(record["text"])
        if trouble is Trouble.BUSY:
            return self.busy()
        if trouble is Trouble.REVOKED:
            self.revoked = True
            return self.denied()
        image = " ".join(one["image"]["ref"]["$link"] for one in shown)
        alt = "\n".join(one.get("alt", "") for one in shown)
        if key in self.records:
            self.edit(self._uri(key), record["text"], alt, image)
        else:
            self.wished = self._uri(key)
            to = record.get("reply", {}).get("parent", {}).get("uri")
            self.publish(record["text"], alt, to, image)
        self.records[key] = record
        return await answered(request, trouble, says({"uri": self._uri(key), "cid": f"cid-{key}", "commit": {}}))

    async def _get(self, request: Request) -> Response:
        key = request.query_params.get("rkey", "")
        if key not in self.records:
            return says({"error": "RecordNotFound", "message": f"Could not locate record: {self._uri(key)}"}, 400)
        return says({"uri": self._uri(key), "cid": f"cid-{key}", "value": self.records[key]})

    async def _listed(self, request: Request) -> Response:
        asked = request.query_params
        shown = {post.id for post in self.listed(None, len(self.posts))}
        keys = [key for key in sorted(self.records, reverse=True) if self._uri(key) in shown]
        page = [key for key in keys if key < asked.get("cursor", "~")][: int(asked.get("limit", 50))]
        records = [{"uri": self._uri(key), "cid": f"cid-{key}", "value": self.records[key]} for key in page]
        return says({"records": records, **({"cursor": page[-1]} if page else {})})

    async def _delete(self, request: Request) -> Response:
        key = (await told(request)).get("rkey", "")
        self.records.pop(key, None)
        self.remove(self._uri(key))
        return says({})

    def _wrong(self, wish: dict[str, Any], record: dict[str, Any], key: str) -> Response | None:
        if wish.get("repo") not in (self.did, self.handle) or wish.get("collection") != POST:
            return _invalid("Invalid repo or collection")
        if not _TID.fullmatch(key):
            return _invalid("Invalid record key: expected a TID")
        text = record.get("text", "")
        if len(text.encode()) > 3_000:
            return _invalid("Record/text must not be longer than 3000 characters")
        if graphemes(text) > 300:
            return _invalid("Record/text must not be longer than 300 graphemes")
        if not _INSTANT.fullmatch(str(record.get("createdAt", ""))):
            return _invalid("Record/createdAt must be an valid atproto datetime")
        for shown in record.get("embed", {}).get("images", []):
            if shown["image"]["ref"]["$link"] not in self.uploads:
                return _invalid("Could not find blob")
            if shown["image"]["size"] > PICTURE:
                return says({"error": "BlobTooLarge", "message": f"blob too big (maximum {PICTURE})"}, 400)
        return None

    def _uri(self, key: str) -> str:
        return f"at://{self.did}/{POST}/{key}"


def _invalid(why: str) -> Response:
    return says({"error": "InvalidRequest", "message": why}, 400)
