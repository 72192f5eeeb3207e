"""A receiver: a real HTTP server on the loopback that takes webhooks, and fails as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

Way = int | float | Literal["cut", "hang"] | tuple[int, dict[str, str]]
"""How a message is answered: a status, with headers where there are any; a fraction: 204, after so many seconds;
`cut`: taken, and the answer is lost; `hang`: no answer at all."""


@dataclass(frozen=True)
class Message:
    """One message as it came."""

    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """Takes what comes; `ways` are used up one by one, and then `usual` is how it answers."""

    usual: Way = 204
    ways: list[Way] = field(default_factory=list)
    refuses: int | None = None
    """The event at that position is answered 500."""
    came: list[Message] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def positions(self) -> list[int]:
        return [one.event["data"]["position"] for one in self.came]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:  # a connection is kept open, as servers do
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.strip().split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                self.came.append(Message(first.split(" ")[1], headers, body))
                way = self.ways.pop(0) if self.ways else self.usual
                if self.refuses is not None and self.came[-1].event["data"].get("position") == self.refuses:
                    way = 500
                if way == "cut":
                    return
                if way == "hang":
                    await asyncio.Event().wait()
                if isinstance(way, float):
                    await asyncio.sleep(way)
                    way = 204
                status, more = way if isinstance(way, tuple) else (way, {})
                told = "".join(f"{name}: {value}\r\n" for name, value in more.items())
                writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\n{told}\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def receiving(*ways: Way, usual: Way = 204, port: int = 0) -> AsyncIterator[Receiver]:
    """A receiver while the block runs."""
    here = Receiver(usual, list(ways))
    tasks: set[asyncio.Task[None]] = set()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(here.serve(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", port)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
