"""ETags for every read: a body is known by its hash.

They are weak: they stand for what a body says, so that one holds for all its encodings, here and behind any proxy.
"""

import hashlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]

CACHE = b"public, max-age=0, must-revalidate"
"""How a body with an ETag of ours is kept: by everybody, to be asked about each time."""

NOT_KEPT = b"no-store"
"""How everything else is that does not say so itself: errors, answers to questions, the state of this moment."""

UNDER = "/api/"

WHOLE = (
    "application/json",
    "application/feed+json",
    "application/atom+xml",
    "application/rss+xml",
    "text/calendar",
    "text/plain",
    "text/xml",
)
"""Media types of answers that are made whole."""


class ETag:
    """Wraps an app: whole answers to GET under /api get an ETag, and every answer says how long it keeps.

    An answer that bears an ETag of its own (a card, an export) keeps it. Streams pass through as they come.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message | None = None

        async def tagged(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                if _is_whole(scope, message):
                    start = message  # held back: its headers depend on the body
                else:
                    await send({**message, "headers": _keeping(message["headers"], NOT_KEPT)})
                return
            if start is not None:
                tag = hashlib.sha256(message.get("body", b"")).hexdigest()[:32]
                headers = [*_keeping(start["headers"], CACHE), (b"etag", f'W/"{tag}"'.encode())]
                head, start = {**start, "headers": headers}, None
                await send(head)
            await send(message)

        await self._app(scope, receive, tagged)


def is_tagged(path: str, media: str) -> bool:
    """Whether what an address answers to GET with that media type gets an ETag here."""
    return path.startswith(UNDER) and media.startswith(WHOLE)


def _is_whole(scope: Scope, start: Message) -> bool:
    given = dict(start["headers"])
    is_read = scope["method"] == "GET" and start["status"] == 200 and b"etag" not in given
    return is_read and is_tagged(scope["path"], given.get(b"content-type", b"").decode("latin-1"))


def _keeping(headers: Headers, usual: bytes) -> Headers:
    """The headers, with the usual word on how long this keeps where they have none of their own."""
    return headers if b"cache-control" in dict(headers) else [*headers, (b"cache-control", usual)]
