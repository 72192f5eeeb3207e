"""Headers every answer carries: what a browser may do with it, which is little."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "cross-origin-opener-policy": "same-origin",
}


def policy(cards_at: str, *, ancestors: str = "'none'", frames: str = "'none'") -> str:
    """What a page may load, and from where: everything from here, and pictures from where the cards are.

    `ancestors` may show it in a frame, and it may show `frames`. No text becomes a script or markup: the one trusted
    type is the address of the service worker (frontend/src/install.ts).
    """
    parts = urlsplit(cards_at)
    pictures = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self'{pictures}",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"frame-src {frames}",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
            "require-trusted-types-for 'script'",
            "trusted-types lotto",
        )
    )


class Safety:
    """Middleware that puts the headers on whatever is answered, an error included; a page may have a policy of its own.

    `cards_at` is the address that cards are read from, empty when that is our own.
    """

    def __init__(self, app: ASGIApp, *, https: bool, cards_at: str) -> None:
        self._app = app
        self._headers = dict(HEADERS) | {"content-security-policy": policy(cards_at)}
        self._headers |= {"strict-transport-security": "max-age=31536000"} if https else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the call on."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)
