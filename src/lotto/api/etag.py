"""ETags for every read: a body is known by its hash, and a reader who has it is told so."""

import hashlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CACHE = b"public, max-age=0, must-revalidate"

UNDER = "/api/"


class ETag:
    """Wraps an app: whole JSON answers to GET under /api get an ETag, and who has that body already gets a 304.

    An answer that bears an ETag of its own (a card) keeps it. Streams (live events) pass through untouched.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        asked = dict(scope["headers"]).get(b"if-none-match", b"")
        start: Message | None = None

        async def tagged(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_whole(scope["path"], message):
                start = message  # held back: its headers depend on the body
            elif start is None:
                await send(message)
            else:
                headers = _tagged(start["headers"], message.get("body", b""))
                if _knows(asked, dict(headers)[b"etag"]):
                    kept = [pair for pair in headers if pair[0] not in (b"content-length", b"content-type")]
                    await send({"type": "http.response.start", "status": 304, "headers": kept})
                    await send({"type": "http.response.body", "body": b""})
                else:
                    await send({**start, "headers": headers})
                    await send(message)

        await self._app(scope, receive, tagged)


def is_tagged(path: str, media: str) -> bool:
    """Whether what an address answers with that media type gets an ETag here."""
    return path.startswith(UNDER) and media.startswith("application/json")


def _is_whole(path: str, start: Message) -> bool:
    given = dict(start["headers"])
    return start["status"] == 200 and (
        is_tagged(path, given.get(b"content-type", b"").decode("latin-1")) or b"etag" in given
    )


def _tagged(headers: list[tuple[bytes, bytes]], body: bytes) -> list[tuple[bytes, bytes]]:
    if b"etag" in dict(headers):
        return headers
    return [*headers, (b"etag", b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()), (b"cache-control", CACHE)]


def _knows(asked: bytes, tag: bytes) -> bool:
    return asked.strip() == b"*" or tag in (part.strip().removeprefix(b"W/") for part in asked.split(b","))
