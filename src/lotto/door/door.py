"""The door itself: `get` a page, `send` a request, `connect` a stream, and a `websocket` over one."""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Self

import httpcore2
import httpx2
import stamina
import structlog

from lotto.door.answer import Answer
from lotto.door.body import CODING
from lotto.door.errors import NotSent, Refused, Shut
from lotto.door.guard import STREAMS, Guard, Resolver, Way, system_resolver
from lotto.door.limits import USUAL, Limits
from lotto.door.network import PinnedNetwork
from lotto.door.pace import Pace
from lotto.door.robots import LIMITS as ROBOTS
from lotto.door.robots import Robots
from lotto.door.transport import Transport
from lotto.door.websocket import Websocket

log = structlog.get_logger()

_REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 502, 503, 504})


class _Busy(Exception):
    """The server is there and cannot serve us now. Carries its answer through the retries."""

    def __init__(self, host: str, answer: Answer) -> None:
        super().__init__(f"{host} answered {answer.status}.")
        self.answer = answer


class Door:
    """The only way out to the internet. An async context manager; made by `house`.

    `allow` lists what may be reached although it is not public (`s3.lan:9000`, `10.0.0.0/8`, `127.0.0.1:*`; without
    a port the usual ones). `reroute` sends a host's requests to another base in its stead, keeping the Host header
    and the URL in the answer; that base is thereby allowed. A `closed` door leads nowhere else than to those two.
    `interval` is the least time between two pages of one host, more where its robots.txt wants more; `at_once` the
    most requests to it under way.
    A page is asked for `attempts` times at most, first again after about `first_wait` seconds, or when Retry-After
    says, if that is within `longest_wait`. `resolve`, `dial` and `trust` are the machine's own unless a test or an
    operator with a private authority says otherwise.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        clock: Callable[[], datetime],
        allow: Sequence[str] = (),
        reroute: Mapping[str, str] | None = None,
        closed: bool = False,
        limits: Limits = USUAL,
        interval: float = 1.0,
        at_once: int = 4,
        attempts: int = 3,
        first_wait: float = 0.5,
        longest_wait: float = 30.0,
        resolve: Resolver = system_resolver,
        dial: httpcore2.AsyncNetworkBackend | None = None,
        trust: Callable[[], ssl.SSLContext] = httpx2.create_ssl_context,
    ) -> None:
        self._user_agent = user_agent
        self._clock = clock
        self._limits = limits
        self._attempts = attempts
        self._first_wait = first_wait
        self._longest_wait = longest_wait
        self._guard = Guard(allow, reroute or {}, closed, resolve)
        self._transport = Transport(PinnedNetwork(self._guard, dial or httpcore2.AnyIOBackend()), trust())
        self._trust = trust
        self._pace = Pace(interval, at_once)
        token = re.match(r"[A-Za-z_-]+", user_agent)
        if token is None:
            raise ValueError("The user agent does not begin with a product name; write it like Lotto/1.0 (+https://…).")
        self._robots = Robots(token[0], self._read_robots)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.aclose()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        headers: Mapping[str, str] | None = None,
        robots: bool = True,
        limits: Limits | None = None,
    ) -> Answer:
        """The page at `url`, after at most five redirects, whatever its status; raises a DoorError.

        With the `etag` or `last_modified` of an earlier answer the server may say `unchanged`. Asked again when no
        connection came about or the server was busy (429, 502, 503, 504); the last busy answer is returned as it is.
        `headers` go to the URL's own host and port only, never to where it redirects.
        """
        asked = self._guard.way(url)
        carried = dict(headers or {})
        if etag is not None:
            carried["If-None-Match"] = etag
        if last_modified is not None:
            carried["If-Modified-Since"] = last_modified

        async def ask() -> Answer:
            return await self._follow(asked, carried, limits or self._limits, robots=robots, page=True)

        return await self._again(asked.host, ask, self._attempts)

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        attempts: int = 1,
        limits: Limits | None = None,
    ) -> Answer:
        """Sends one request, without robots.txt, and returns the answer, whatever its status; redirects are answers.

        NotSent means that surely nothing arrived, Unclear that it may have. Sent again only when told by `attempts`,
        and then only after NotSent or a busy answer. Neither log nor error shows more of the URL than its host:
        addresses of webhooks and bots hold a secret in their path.
        """
        way = self._guard.way(url)

        async def ask() -> Answer:
            return await self._ask(method, way, headers or {}, content, limits or self._limits, page=False)

        return await self._again(way.host, ask, attempts)

    async def connect(
        self, host: str, port: int, *, tls: bool = True, limits: Limits | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A stream to what is not HTTP, to a checked address like any other; raises Refused or NotSent.

        Ports 443, 465, 587 and those of the allow-list. With `tls` the server's certificate must be for `host`.
        """
        within = (limits or self._limits).connect
        name = host.lower()
        found = await self._guard.pinned(name, port, STREAMS, within)
        failure: Exception | None = None
        for address in found:
            try:
                async with asyncio.timeout(within / len(found)):
                    return await asyncio.open_connection(
                        address, port, ssl=self._trust() if tls else None, server_hostname=name if tls else None
                    )
            except OSError as error:  # TimeoutError and TLS errors among them
                failure = error
        raise _unreached(name, port, failure) from failure

    async def plug(self, host: str, port: int, *, limits: Limits | None = None) -> tuple[socket.socket, ssl.SSLContext]:
        """A connected socket for who speaks a protocol of its own, and whom to trust on it; raises Refused or NotSent.

        The same addresses and ports as for `connect`. Whoever begins TLS on it asks for a certificate of `host`.
        """
        within = (limits or self._limits).connect
        name = host.lower()
        found = await self._guard.pinned(name, port, STREAMS, within)
        failure: Exception | None = None
        for address in found:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            plug = socket.socket(family, socket.SOCK_STREAM)
            plug.setblocking(False)
            try:
                async with asyncio.timeout(within / len(found)):
                    await asyncio.get_running_loop().sock_connect(plug, (address, port))
            except OSError as error:  # TimeoutError among them
                plug.close()
                failure = error
            except BaseException:
                plug.close()
                raise
            else:
                return plug, self._trust()
        raise _unreached(name, port, failure) from failure

    @asynccontextmanager
    async def websocket(self, url: str, *, limits: Limits | None = None) -> AsyncIterator[Websocket]:
        """A websocket at a `wss://` address, or at an allow-listed `ws://` one; raises Refused or NotSent.

        What breaks once it is open is Unclear. Limits hold for each step; how long it may all take, says who opens it.
        """
        scheme, _, rest = url.partition("://")
        if scheme not in ("ws", "wss"):
            raise Refused("The URL does not begin with ws:// or wss:// and a host.")
        way = self._guard.way(f"{scheme.replace('ws', 'http')}://{rest}")
        secure, host, port = way.to
        async with self._pace.turn(way.host, spaced=False):
            reader, writer = await self.connect(host, port, tls=secure == "https", limits=limits)
            socket = Websocket(way, reader, writer, limits or self._limits)
            try:
                await socket.greet(self._user_agent)
                yield socket
            finally:
                await socket.close()

    async def _again(self, host: str, ask: Callable[[], Awaitable[Answer]], attempts: int) -> Answer:
        """Asks until there is an answer worth having, `attempts` times at most."""

        def worth_it(error: Exception) -> bool | float:
            if not isinstance(error, _Busy):
                return isinstance(error, NotSent) and not isinstance(error, Shut)
            wait = error.answer.retry_after
            if wait is None:
                return True
            return max(wait, self._first_wait) if wait <= self._longest_wait else False

        async def once() -> Answer:
            answer = await ask()
            if answer.status in _BUSY:
                raise _Busy(host, answer)
            return answer

        patience = stamina.AsyncRetryingCaller(
            attempts=attempts,
            timeout=None,
            wait_initial=self._first_wait,
            wait_max=self._longest_wait,
            wait_jitter=self._first_wait,
        )
        try:
            return await patience(worth_it, once)
        except _Busy as busy:
            return busy.answer

    async def _follow(
        self, asked: Way, headers: Mapping[str, str], limits: Limits, *, robots: bool, page: bool
    ) -> Answer:
        """GET over redirects, each hop under the same rules as the first."""
        way, carried = asked, headers
        for _ in range(1 + _REDIRECTS):
            wish = await self._robots.permit(way) if robots else 0.0
            answer = await self._ask("GET", way, carried, None, limits, page=page, wish=wish)
            location = answer.headers.get("location")
            if answer.status not in _MOVED or location is None:
                return replace(answer, url=asked.url)
            onward = self._guard.onward(way, location)
            if onward.origin != way.origin:
                carried = {}
            way = onward
        raise Refused(f"{asked.host} redirects more than {_REDIRECTS} times.")

    async def _read_robots(self, url: str) -> Answer:
        """Without waiting for the pace: it precedes a page that does."""
        return await self._follow(self._guard.way(url), {}, ROBOTS, robots=False, page=False)

    async def _ask(
        self,
        method: str,
        way: Way,
        headers: Mapping[str, str],
        content: bytes | None,
        limits: Limits,
        *,
        page: bool,
        wish: float = 0.0,
    ) -> Answer:
        """One request, when it is the host's turn. A page keeps its distance, and its path may stand in the log."""
        usual = {"User-Agent": self._user_agent, "Accept": "*/*", "Accept-Encoding": CODING}
        given = {name.lower() for name in headers}
        sent = {name: value for name, value in usual.items() if name.lower() not in given} | dict(headers)
        async with self._pace.turn(way.host, spaced=page, wish=wish):
            asked_at, begun = self._clock(), monotonic()
            reply = await self._transport.exchange(method, way, sent, content, limits)
            answered_at = self._clock()
        log.debug(
            "answered",
            method=method,
            host=way.host,
            path=way.path if page else "",
            status=reply.status,
            size=len(reply.body),
            seconds=round(monotonic() - begun, 3),
        )
        return Answer(way.url, reply.status, reply.body, reply.headers, asked_at, answered_at)


def _unreached(host: str, port: int, failure: Exception | None) -> NotSent:
    reason = "no connection in time" if isinstance(failure, TimeoutError) else str(failure)
    return NotSent(f"{host} port {port} could not be reached ({reason}); nothing was sent.")
