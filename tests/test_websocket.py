"""Websockets through the door: the same rules as every other way out, and an end to everything."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    Pong,
    RejectConnection,
    Request,
    TextMessage,
)

from conftest import run
from lotto.door import Door, Limits, NotSent, Refused, Unclear
from test_door import CERTIFICATE, PUBLIC, Names, door, trusting

Answer = Callable[[Event], list[Event]]


def echo(event: Event) -> list[Event]:
    match event:
        case Request():
            return [AcceptConnection()]
        case TextMessage():
            return [TextMessage(event.data, message_finished=event.message_finished)]
        case CloseConnection():
            return [event.response()]
    return []


def once_open(*events: Event) -> Answer:
    """Accepts, and says this at once."""
    return lambda event: [AcceptConnection(), *events] if isinstance(event, Request) else []


@asynccontextmanager
async def speaking(answer: Answer, certificate: Path | None = None) -> AsyncIterator[int]:
    """A websocket server that answers each event with others; its port."""
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = WSConnection(ConnectionType.SERVER)
        with suppress(OSError):
            while data := await reader.read(65_536):
                wire.receive_data(data)
                for event in wire.events():
                    for said in answer(event):
                        writer.write(wire.send(said))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]


def telling(story: Callable[[Door, str], Awaitable[Any]], answer: Answer, **options: Any) -> Any:
    """Tells a story with a door and the address of a server that answers so."""

    async def told() -> Any:
        async with speaking(answer) as port, door(allow=[f"127.0.0.1:{port}"], **options) as out:
            return await story(out, f"ws://127.0.0.1:{port}/x")

    return run(told())


async def first_word(out: Door, address: str) -> str:
    async with out.websocket(address) as socket:
        return await socket.receive()


def test_texts_go_to_and_fro_whole_and_in_order() -> None:
    async def story(out: Door, address: str) -> list[str]:
        async with out.websocket(address) as socket:
            for text in ("a", "ñ" * 200_000, "c"):
                await socket.send(text)
            return [await socket.receive() for _ in range(3)]

    assert telling(story, echo) == ["a", "ñ" * 200_000, "c"]


def test_a_certificate_must_be_for_the_name_while_the_checked_address_is_dialled(tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.pem"
    certificate.write_text(CERTIFICATE)

    async def story(host: str) -> str:
        async with speaking(once_open(TextMessage("hello")), certificate) as port:
            names = Names(["127.0.0.1"], ["10.0.0.1"])
            options: dict[str, Any] = {"allow": [f"{host}:*"], "resolve": names, "trust": trusting(certificate)}
            async with door(**options) as out:
                said = await first_word(out, f"wss://{host}:{port}/")
            assert names.questions == [host]
            return said

    assert run(story("lottery.example")) == "hello"
    with pytest.raises(NotSent):
        run(story("another.example"))


@pytest.mark.parametrize(
    ("address", "found", "says"),
    [
        ("ws://127.0.0.1/", [PUBLIC], "not on the public internet"),
        ("wss://relay.example/", ["10.0.0.1"], "not on the public internet"),
        ("wss://relay.example:7777/", [PUBLIC], "Port 7777"),
        ("ws://relay.example/", [PUBLIC], "Port 80 of relay.example is not open"),
        ("wss://user:secret@relay.example/", [PUBLIC], "credentials"),
        ("https://relay.example/", [PUBLIC], "ws:// or wss://"),
        ("relay.example", [PUBLIC], "ws:// or wss://"),
    ],
)
def test_a_websocket_to_elsewhere_is_refused(address: str, found: list[str], says: str) -> None:
    async def story() -> None:
        async with door(resolve=Names(found)) as out:
            await first_word(out, address)

    with pytest.raises(Refused, match=says) as told:
        run(story())
    assert "secret" not in str(told.value)


def test_where_no_websocket_is_opened_surely_nothing_was_sent() -> None:
    with pytest.raises(NotSent, match="it answered 403"):
        telling(first_word, lambda _: [RejectConnection(status_code=403)])
    with pytest.raises(NotSent, match="it went silent"):
        telling(first_word, lambda _: [], limits=Limits(read=0.1))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([CloseConnection(1000)], "closed the websocket"),
        ([BytesMessage(b"\x00")], "not text"),
        ([TextMessage("x" * 2_000)], "longer than the 1000"),
        ([TextMessage("x" * 600, message_finished=False), TextMessage("x" * 600)], "longer than the 1000"),
        ([], "went silent"),
    ],
)
def test_what_breaks_off_once_it_is_open_is_unclear(said: list[Event], why: str) -> None:
    def answer(event: Event) -> list[Event]:
        return [AcceptConnection()] if isinstance(event, Request) else said if isinstance(event, TextMessage) else []

    async def story(out: Door, address: str) -> str:
        async with out.websocket(address) as socket:
            await socket.send("go on")
            return await socket.receive()

    with pytest.raises(Unclear, match=why):
        telling(story, answer, limits=Limits(read=2.0, body=1_000))


def test_a_ping_is_answered_meanwhile() -> None:
    def answer(event: Event) -> list[Event]:
        match event:
            case Request():
                return [AcceptConnection(), Ping(b"there?")]
            case Pong():
                return [TextMessage(event.payload.decode())]
        return []

    assert telling(first_word, answer) == "there?"
