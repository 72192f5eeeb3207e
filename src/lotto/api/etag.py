"""ETags for every read: a body is known by its hash, and a reader who has it is told so.

They are weak: they stand for what a body says, so that one holds for all its encodings, here and behind any proxy.
"""

import hashlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]

KEPT: Headers = [(b"cache-control", b"public, max-age=0, must-revalidate")]
"""How a body with an ETag of ours is kept: by everybody, to be asked about each time."""

VARIES = (b"vary", b"Accept-Encoding")
"""What a 304 says as the 200 did: compression, which says it of bodies, sees none here."""

NOT_KEPT: Headers = [(b"cache-control", b"no-store")]
"""How everything else is that does not say so itself: errors, answers to questions, the state of this moment."""

UNDER = "/api/"


class ETag:
    """Wraps an app: whole JSON and text to GET under /api gets an ETag, and who has that body already gets a 304.

    An answer that bears an ETag of its own (a card) keeps it. Streams (live events) pass through as they come.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = dict(scope["headers"]).get(b"if-none-match", b"")
        start: Message | None = None

        async def tagged(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_whole(scope, message):
                start = message  # held back: its headers depend on the body
            elif message["type"] == "http.response.start":
                await send({**message, "headers": _with(message["headers"], NOT_KEPT)})
            elif start is None:
                await send(message)
            else:
                headers = _tagged(start["headers"], message.get("body", b""))
                if _knows(asked, dict(headers)[b"etag"]):
                    kept = [pair for pair in headers if pair[0] not in (b"content-length", b"content-type")]
                    await send({"type": "http.response.start", "status": 304, "headers": [*kept, VARIES]})
                    await send({"type": "http.response.body", "body": b""})
                else:
                    await send({**start, "headers": headers})
                    await send(message)

        await self._app(scope, receive, tagged)


def is_tagged(path: str, media: str) -> bool:
    """Whether what an address answers to GET with that media type gets an ETag here."""
    return path.startswith(UNDER) and media.startswith(("application/json", "text/plain"))


def _is_whole(scope: Scope, start: Message) -> bool:
    given = dict(start["headers"])
    media = given.get(b"content-type", b"").decode("latin-1")
    is_read = scope["method"] == "GET" and start["status"] == 200
    return is_read and (is_tagged(scope["path"], media) or b"etag" in given)


def _tagged(headers: Headers, body: bytes) -> Headers:
    if b"etag" in dict(headers):
        return headers
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    return [*_with(headers, KEPT), (b"etag", tag.encode())]


def _with(headers: Headers, usual: Headers) -> Headers:
    """The headers, and those of the usual ones that they do not say themselves."""
    said = dict(headers)
    return [*headers, *(pair for pair in usual if pair[0] not in said)]


def _knows(asked: bytes, tag: bytes) -> bool:
    """Whether If-None-Match names that ETag; both compared weakly, as RFC 9110 has it for this field."""
    known = {part.strip().removeprefix(b"W/") for part in asked.split(b",")}
    return asked.strip() == b"*" or tag.removeprefix(b"W/") in known
