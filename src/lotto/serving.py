"""Serving: an ASGI app on a port, in this process's own event loop, from `async with` to the end of its block."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.types import ASGIApp, Receive, Scope, Send

GRACE = 1.0
"""Seconds that answers under way get when the block ends; live pages, which never end, are cut off then."""

AT_ONCE = 16_384
"""Requests under way; a live page is one for as long as it is open, and the server's own limit is 128."""

WAITING = 1_024
"""Connections that wait to be taken: after a break all live pages come back at once."""

WITHIN = 10.0
"""Seconds until a server that does not answer counts as failed."""


class PortTaken(OSError):
    """Somebody else listens there; the message says what to do."""


class _UnderWay:
    """Knows the requests under way, so that they can be ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._tasks: set[asyncio.Task[object]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("A request is served in a task of its own.")
        self._tasks.add(task)
        try:
            await self._app(scope, receive, send)
        finally:
            self._tasks.discard(task)

    async def end(self) -> None:
        """Waits for what is under way, then ends it."""
        if self._tasks:
            _, left = await asyncio.wait(self._tasks, timeout=GRACE)
            for task in left:
                task.cancel()


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int) -> AsyncIterator[int]:
    """The app on that port (a free one if 0) while the block runs; yields the port. Raises PortTaken."""
    port = _reserved(host, port)
    under_way = _UnderWay(app)
    server = Server(
        under_way,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        log_enabled=False,
        websockets=False,
        backlog=WAITING,
        backpressure=AT_ONCE,
    )
    task = asyncio.create_task(server.serve(), name=f"server on port {port}")
    try:
        await _answering(host, port, task)
        yield port
    finally:
        server.stop()  # type: ignore[no-untyped-call] # granian's own
        await under_way.end()
        # A connection whose other end takes nothing, neither bytes nor leave, would be waited for without end.
        done, _ = await asyncio.wait((task,), timeout=GRACE)
        if done:
            task.result()
        else:
            task.cancel()


def _reserved(host: str, port: int) -> int:
    """A port that is free now. The server itself would quietly share one that another of its kind listens on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = f"Port {port} of {host} cannot be used ({error.strerror})"
            raise PortTaken(f"{why}: set LOTTO_PORT to another, or stop what uses it.") from None
        found: int = probe.getsockname()[1]
        return found


async def _answering(host: str, port: int, task: asyncio.Task[None]) -> None:
    """Waits until the server takes connections."""
    near = "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104 - compared, not bound
    async with asyncio.timeout(WITHIN):
        while True:
            if task.done():
                await task
            try:
                _, writer = await asyncio.open_connection(near, port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                await writer.wait_closed()
                return
