"""What is to go: an address says by itself since when it is deprecated, when it goes and what to use instead.

    @router.get("/old")
    @going(since=…, until=…, instead="/api/v1/new")
    async def old(room: Here) -> …

From this its answers bear `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link`, the description marks it, and after
the last instant it answers 410.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final, TypeVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lotto.api import problems

NOTICE: Final = timedelta(days=365)
"""So long before it goes it is announced, at the least."""

Route = TypeVar("Route", bound=Callable[..., Any])


@dataclass(frozen=True)
class Going:
    """An address that goes."""

    since: datetime
    until: datetime
    instead: str
    """An address of ours."""

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """What its answers bear."""
        return [
            (b"deprecation", b"@%d" % self.since.timestamp()),
            (b"sunset", format_datetime(self.until.astimezone(UTC), usegmt=True).encode()),
            (b"link", f'<{self.instead}>; rel="deprecation"'.encode()),
        ]


def going(*, since: datetime, until: datetime, instead: str) -> Callable[[Route], Route]:
    """Says of a route that it goes; raises ValueError where that is announced too late."""
    if until - since < NOTICE:
        raise ValueError(f"What goes is announced {NOTICE.days} days ahead.")

    def mark(route: Route) -> Route:
        route.going = Going(since, until, instead)  # type: ignore[attr-defined] # a function takes what it is given
        return route

    return mark


def of(route: object) -> Going | None:
    """What a route says of itself."""
    return getattr(route, "going", None)


class Announced:
    """Wraps the routes: answers of what goes say so, and what is gone is a 410. It is to stand next to them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        gone = False

        async def told(message: Message) -> None:
            nonlocal gone
            found = of(scope.get("endpoint"))
            if gone:
                return
            if found is None or message["type"] != "http.response.start":
                await send(message)
                return
            now = scope["app"].state.room.wall()
            if now >= found.until:
                gone = True
                answer = problems.answer(410, f"This is gone since {found.until:%Y-%m-%d}: ask {found.instead}.")
                answer.raw_headers.extend(found.headers)
                await answer(scope, receive, send)
            else:
                await send({**message, "headers": [*message["headers"], *found.headers]})

        await self._app(scope, receive, told)
