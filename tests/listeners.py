"""Listeners: live pages by the hundred, each a socket and a task, that note what they hear, and when."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Told:
    """One event as it was heard; `at` is on this machine's monotonic clock."""

    position: int
    type: str
    data: dict[str, Any]
    at: float


@dataclass
class Listener:
    """A live page. It comes back to the id it was told last, unless it is `forgetful`."""

    ports: list[int]
    """Where it is told; it goes on to the next one each time it comes back."""
    query: str = ""
    since: int | None = 0
    forgetful: bool = False
    heard: list[Told] = field(default_factory=list)
    beats: int = 0
    position: int | None = None
    """The id it was told last."""
    lines: int = 0
    """How often it was connected."""
    _writer: asyncio.StreamWriter | None = None

    def drop(self) -> None:
        """Loses its connection."""
        if self._writer is not None:
            self._writer.transport.abort()

    async def listen(self) -> None:
        """Listens until it is cancelled, and comes back whenever its line breaks."""
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self.hear_once()
            await asyncio.sleep(0.02)

    async def hear_once(self) -> None:
        """Listens until the line breaks."""
        port = self.ports[self.lines % len(self.ports)]
        start = self.since if self.position is None else self.position
        known = "" if start is None or (self.forgetful and self.lines) else f"Last-Event-ID: {start}\r\n"
        self.lines += 1
        reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            # HTTP/1.0, so that the stream comes as it is, in no chunks.
            asked = f"GET /api/v1/events{self.query} HTTP/1.0\r\nHost: lotto\r\n{known}\r\n"
            self._writer.write(asked.encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in head.partition(b"\r\n")[0], head
            while frame := await reader.readuntil(b"\n\n"):
                self._note(frame.decode())
        finally:
            self._writer.transport.abort()

    def _note(self, frame: str) -> None:
        fields = dict(line.partition(": ")[::2] for line in frame.splitlines())
        self.beats += "" in fields
        if "id" in fields:
            self.position = int(fields["id"])
        if "data" in fields:
            told = Told(int(fields["id"]), fields["event"], json.loads(fields["data"]), time.monotonic())
            self.heard.append(told)
