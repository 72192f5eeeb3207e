"""A websocket through the door: texts to and fro over one checked connection."""

import asyncio
from contextlib import suppress

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Message, Ping, RejectConnection, Request, TextMessage
from wsproto.utilities import RemoteProtocolError

from lotto.door.errors import NotSent, Unclear
from lotto.door.guard import Way
from lotto.door.limits import Limits

_PIECE = 65_536


class Websocket:
    """Opened by `Door.websocket`. Every wait is bounded by the limits' `read`, every text by their `body`."""

    def __init__(self, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limits: Limits) -> None:
        self._way = way
        self._reader = reader
        self._writer = writer
        self._limits = limits
        self._wire = WSConnection(ConnectionType.CLIENT)
        self._texts: list[str] = []
        self._begun = ""
        self._open = False

    async def greet(self, user_agent: str) -> None:
        """Asks for the websocket; raises NotSent where there is none."""
        try:
            ask = Request(self._way.authority, self._way.target, extra_headers=[(b"User-Agent", user_agent.encode())])
            await self._write(self._wire.send(ask))
            while not self._open:
                await self._read()
        except Unclear as error:
            raise NotSent(f"{self._way.host} opened no websocket ({error}); nothing was sent.") from error

    async def send(self, text: str) -> None:
        """Sends one text; raises Unclear when the connection breaks."""
        await self._write(self._wire.send(TextMessage(text)))

    async def receive(self) -> str:
        """The next text; raises Unclear when none comes whole."""
        while not self._texts:
            await self._read()
        return self._texts.pop(0)

    async def close(self) -> None:
        """Says goodbye where that is still possible, and leaves; never fails."""
        with suppress(Unclear, RemoteProtocolError, OSError):
            if self._open:
                await self._write(self._wire.send(CloseConnection(1000)))
        self._writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1.0):
                await self._writer.wait_closed()

    async def _read(self) -> None:
        """Takes in what comes next."""
        try:
            async with asyncio.timeout(self._limits.read):
                data = await self._reader.read(_PIECE)
        except TimeoutError:
            raise self._broken("it went silent") from None
        except OSError as error:
            raise self._broken(error.strerror or "the connection broke") from error
        try:
            self._wire.receive_data(data or None)
            for event in self._wire.events():
                await self._note(event)
        except RemoteProtocolError as error:
            raise self._broken(str(error).rstrip(".") or "it broke the protocol") from error

    async def _note(self, event: object) -> None:
        match event:
            case AcceptConnection():
                self._open = True
            case RejectConnection():
                raise self._broken(f"it answered {event.status_code}")
            case Ping():
                await self._write(self._wire.send(event.response()))
            case CloseConnection():
                self._open = False
                raise self._broken("it closed the websocket")
            case TextMessage():
                self._begun += event.data
                if len(self._begun) > self._limits.body:
                    raise self._broken(f"its text is longer than the {self._limits.body} bytes that we read")
                if event.message_finished:
                    self._texts.append(self._begun)
                    self._begun = ""
            case Message():
                raise self._broken("it sent what is not text")

    async def _write(self, data: bytes) -> None:
        try:
            self._writer.write(data)
            async with asyncio.timeout(self._limits.read):
                await self._writer.drain()
        except TimeoutError:
            raise self._broken("it takes nothing more") from None
        except OSError as error:
            raise self._broken(error.strerror or "the connection broke") from error

    def _broken(self, reason: str) -> Unclear:
        return Unclear(f"{self._way.host}'s websocket broke off: {reason}.")
