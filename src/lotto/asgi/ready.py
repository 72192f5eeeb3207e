"""Ready bytes: what was answered once is answered again without asking anyone, until what it tells of changes."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lotto.asgi.conditional import NOTHING, knows, unchanged
from lotto.asgi.left import LEFT, Served

FRESH = 1.0
"""Seconds that an answer is good for while the pulse tells of no change: what it says of the clock (the next draw) and
of what moves without a notice (posts, sources) is no older."""

LARGEST = 1 << 20
"""Bytes; a body that is larger is not kept."""

MOST = 64 << 20
"""Bytes of all that is kept; what was asked for longest ago goes first."""

STALE = (b"warning", b'110 - "Response is stale: what it is made of cannot be reached"')
"""RFC 9111 has done away with it, and readers still know it; the age beside it says the same in numbers."""

AT_ONCE = (b"max-age=0", b"no-cache")
"""In a reader's Cache-Control: he takes nothing that was made before he asked."""

Key = tuple[str, bytes, bytes]
"""Path, query, and the encodings that the reader takes."""


class Pulse(Protocol):
    """What is known at this moment of that which answers are made of."""

    turn: int
    """Rises whenever it may have changed: what was made before is old then."""
    beats: bool
    """Whether it can be reached."""


class Silent:
    """The pulse of what changes and does not tell: an answer is good for FRESH, and no longer."""

    turn = 0
    beats = True


@dataclass(slots=True)
class Kept:
    """An answer as it was sent."""

    start: Message
    body: Message
    tag: bytes
    unchanged: Message
    turn: int
    """Of the pulse, before the answer was made."""
    made: float
    """When, by this machine's monotonic clock."""
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.body.get("body", b""))

    async def give(self, send: Send, known: bytes) -> None:
        """Sends it, or to a reader who knows it only that it stands."""
        if known and knows(known, self.tag):
            await send(self.unchanged)
            await send(NOTHING)
        else:
            await send(self.start)
            await send(self.body)

    def stale(self, now: float) -> "Kept":
        """The same, marked as old."""
        marks = [(b"age", b"%d" % round(now - self.made)), STALE]
        start, short = ({**one, "headers": [*one["headers"], *marks]} for one in (self.start, self.unchanged))
        return Kept(start, self.body, self.tag, short, self.turn, self.made)


class Ready:
    """Wraps an app: keeps its public answers to GET and gives them again while they are true.

    An answer is true until the pulse tells of a change, and no longer than FRESH. One that was begun before a change
    is never given after it. Of many who ask for the same at once, one asks the app and all hear the answer. While what
    answers are made of is away, the last one is given with its age and a warning.

    Who takes nothing old (a page that has just heard of a change) is given nothing that was begun before he asked; all
    who ask so at once are given one answer too.
    """

    def __init__(self, app: ASGIApp, pulse: Pulse) -> None:
        self._app = app
        self._pulse = pulse
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._size = 0
        self._making: dict[Key, asyncio.Future[None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        known = takes = b""
        since = None
        for name, value in scope["headers"]:
            if name == b"if-none-match":
                known = value
            elif name == b"accept-encoding":
                takes = value
            elif name == b"cache-control" and any(one in value for one in AT_ONCE):
                since = monotonic()
        key = (scope["path"], scope["query_string"], takes)
        while True:
            kept = self._kept.get(key)
            if kept is not None:
                if kept.turn == self._pulse.turn and kept.made >= (monotonic() - FRESH if since is None else since):
                    await kept.give(send, known)
                    return
                if not self._pulse.beats:
                    await kept.stale(monotonic()).give(send, known)
                    return
            making = self._making.get(key)
            if making is None:
                await self._make(key, known, scope, receive, send)
                return
            await asyncio.shield(making)
            if self._kept.get(key) is kept:  # it was nothing to keep: everyone asks for himself
                await self._ask(key, known, scope, receive, send)
                return

    async def _make(self, key: Key, known: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Asks the app for all who ask for the same meanwhile; they wait until there is an answer or there is none."""
        making = self._making[key] = asyncio.get_running_loop().create_future()
        try:
            await self._ask(key, known, scope, receive, send, making)
        finally:
            self._done(key, making)

    async def _ask(
        self,
        key: Key,
        known: bytes,
        scope: Scope,
        receive: Receive,
        send: Send,
        making: "asyncio.Future[None] | None" = None,
    ) -> None:
        """Asks the app, sends its answer on, and keeps it where it may be kept."""
        turn, made = self._pulse.turn, monotonic()
        last = self._kept.get(key)
        start: Message | None = None
        told = False

        async def heard(message: Message) -> None:
            nonlocal start, told
            if message["type"] != "http.response.start":
                if message.get("more_body"):
                    # A body in parts comes as fast as its reader takes it: nobody is to wait for that.
                    start = None
                    if making is not None:
                        self._done(key, making)
                    if told:
                        raise Served
                elif start is not None:
                    self._keep(key, start, message, turn, made)
                if not told:
                    await send(message)
                return
            headers = dict(message["headers"])
            if message["status"] == 200 and _is_to_keep(headers):
                start = message
            elif making is not None:
                self._done(key, making)
            if message["status"] == 503 and last is not None:
                told = True
                await last.stale(monotonic()).give(send, known)
            elif known and message["status"] == 200 and knows(known, headers.get(b"etag", b'""')):
                told = True
                await send(unchanged(message["headers"]))
                await send(NOTHING)
            else:
                await send(message)

        plain = [pair for pair in scope["headers"] if pair[0] != b"if-none-match"]  # asked of us, and answered by us
        try:
            await self._app({**scope, "headers": plain}, receive, heard)
        except LEFT:
            if not told:
                raise

    def _keep(self, key: Key, start: Message, body: Message, turn: int, made: float) -> None:
        headers = start["headers"]
        kept = Kept(start, body, dict(headers)[b"etag"], unchanged(headers), turn, made)
        if kept.size > LARGEST:
            return
        before = self._kept.pop(key, None)
        self._size += kept.size - (before.size if before else 0)
        self._kept[key] = kept
        while self._size > MOST:
            _, oldest = self._kept.popitem(last=False)
            self._size -= oldest.size

    def _done(self, key: Key, making: "asyncio.Future[None]") -> None:
        if self._making.get(key) is making:
            del self._making[key]
        if not making.done():
            making.set_result(None)


def _is_to_keep(headers: dict[bytes, bytes]) -> bool:
    """Whether an answer is the same for everyone who takes the same encodings, and known by its tag."""
    varies = headers.get(b"vary", b"accept-encoding").lower()
    return b"etag" in headers and b"public" in headers.get(b"cache-control", b"") and varies == b"accept-encoding"
