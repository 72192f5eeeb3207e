"""ETags for every read: a body is known by its hash."""

import hashlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CACHE = b"public, max-age=0, must-revalidate"

UNDER = "/api/"

WHOLE = (
    "application/json",
    "application/feed+json",
    "application/atom+xml",
    "application/rss+xml",
    "text/calendar",
    "text/xml",
)
"""Media types of answers that are made whole."""


class ETag:
    """Wraps an app: whole answers to GET under /api get an ETag.

    An answer that bears an ETag of its own (a card, an export) keeps it. Streams pass through untouched.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(UNDER):
            await self._app(scope, receive, send)
            return
        start: Message | None = None

        async def tagged(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_whole(message):
                start = message  # held back: its headers depend on the body
                return
            if start is not None:
                tag = hashlib.sha256(message.get("body", b"")).hexdigest()[:32]
                added = [(b"etag", f'"{tag}"'.encode()), (b"cache-control", CACHE)]
                await send({**start, "headers": [*start["headers"], *added]})
                start = None
            await send(message)

        await self._app(scope, receive, tagged)


def _is_whole(start: Message) -> bool:
    given = dict(start["headers"])
    is_data = given.get(b"content-type", b"").decode("latin-1").startswith(WHOLE)
    return start["status"] == 200 and is_data and b"etag" not in given
