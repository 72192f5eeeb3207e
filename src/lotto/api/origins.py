"""Origins: pages of any site may read what is public here. There is no cookie and no account to protect."""

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lotto.api.methods import allowed

OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After, RateLimit, RateLimit-Policy, Deprecation, Sunset, Link"),
]

ASKED = [(b"access-control-allow-headers", b"*, Authorization"), (b"access-control-max-age", b"86400")]
"""What browsers are told that ask before they send JSON, beside the methods."""


class AnyOrigin:
    """Wraps an app: every answer says that any origin may read it, asked or not, so shared caches keep one answer.

    `routes` know which methods an address takes.
    """

    def __init__(self, app: ASGIApp, routes: Starlette) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and (methods := allowed(self._routes, scope).encode()):
            told = [(b"allow", methods), (b"access-control-allow-methods", methods)]
            await send({"type": "http.response.start", "status": 204, "headers": [*told, *OPEN, *ASKED]})
            await send({"type": "http.response.body"})
            return

        await self._app(scope, receive, opened(send))


def opened(send: Send) -> Send:
    """Sends the same, and that any origin may read it."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *OPEN]}
        await send(message)

    return told
