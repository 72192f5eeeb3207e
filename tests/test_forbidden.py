"""No way leads out but to the internet: every forbidden address through every way there is, and not one connection.

Whatever this process connects to, it reaches a real listener on the loopback instead, which counts. An address of the
internet is tried by every way first, and counted.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address
from typing import Any
from urllib.parse import quote

import pytest

from conftest import run
from lotto.alerts.mail import Mail
from lotto.alerts.service import trial
from lotto.alerts.target import BadTarget, NotDelivered
from lotto.alerts.webhook import Webhook
from lotto.door import Door, DoorError, Limits
from lotto.mail import Server
from lotto.publisher.networks.matrix import Matrix
from lotto.publisher.networks.network import Refused, Sheet, TryLater, Unknown
from lotto.publisher.networks.nostr import Nostr
from lotto.webhooks import address
from lotto.webhooks.post import NotTaken, post
from test_door import PUBLIC, door

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PUBLIC6 = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
HOME = "lottery.example"
SHEET = Sheet("key", "text", None, "", "", "en", None, "", planned_at=NOON, since=NOON)
TRIAL = trial("https://lotto.example", "live", NOON)
TRUST = ssl.create_default_context()  # made once, which takes longer than all the rest
BRIEF = Limits(connect=2.0, read=2.0, total=3.0)

IPV4 = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.254", "100.64.0.1", "100.100.100.200", "100.127.255.254"),
    *("127.0.0.1", "127.0.0.2", "127.255.255.254", "168.63.129.16", "169.254.0.1", "169.254.169.254", "169.254.170.2"),
    *("172.16.0.1", "172.31.255.254", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1"),
    *("192.168.255.254", "198.18.0.1", "198.19.255.254", "198.51.100.1", "203.0.113.1", "224.0.0.1", "224.0.0.251"),
    *("239.255.255.250", "240.0.0.1", "255.255.255.254", "255.255.255.255"),
]
IPV6 = [
    *("::", "::1", "0:0:0:0:0:0:0:1", "::2", "100::1", "64:ff9b:1::1", "64:ff9b:1::a9fe:a9fe", "2001::1", "2001:10::1"),
    *("2001:20::1", "2001:db8::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fd20:ce::254"),
    *("fe80::1", "fe80::a9fe:a9fe", "fe80::1%lo", "fe80::1%25eth0", "::1%25lo", "febf::1", "fec0::1", "ff01::1"),
    *("ff02::1", "ff05::1:3", "ff0e::1", "2001:0:4136:e378:8000:63bf:80ff:fffe"),
]
NAMES = [
    *("localhost", "LOCALHOST", "LocalHost", "localhost.", "localhost.localdomain", "x.localhost", "ip6-localhost"),
    *("metadata", "metadata.google.internal", "instance-data.ec2.internal", "host.docker.internal", "printer.local"),
    *("router.lan", "kubernetes.default.svc", "db", "redis", "127.0.0.1.nip.example", "private.example", "loopback."),
]
MISREAD = [
    *("lottery.example@127.0.0.1", "lottery.example:80@127.0.0.1", "lottery.example%40127.0.0.1", "@127.0.0.1"),
    *("lottery.example\\@127.0.0.1", "127.0.0.1\\.lottery.example", "127.0.0.1%00.lottery.example"),
    *("127.0.0.1\x00.lottery.example", "127.0.0.1 .lottery.example", "lottery.example%0d%0aHost:127.0.0.1"),
    *("①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "loc\u00adalhost", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ"),
    *("127.1", "127.0.1", "0", "0x0", "00", "127.0.0.01", "127.0.0.256", "127.0.0.0.1", "127..0.0.1", ".127.0.0.1"),
    *("[127.0.0.1]", "[::1", "::1]", "[lottery.example]", "[v1.fe80::1]", "٠", "١٢٧.٠.٠.١", "१२७.०.०.१"),
]


def spellings(text: str) -> Iterator[str]:
    """One IPv4 address in all the ways that some resolver, library or network somewhere takes for it."""
    one = IPv4Address(text)
    a, b, c, d = one.packed
    number = int(one)
    yield text
    yield f"{text}."
    yield str(number)
    yield f"{number + 2**32}"
    yield hex(number)
    yield f"0{number:o}"
    yield ".".join(hex(part) for part in one.packed)
    yield ".".join(f"0{part:o}" for part in one.packed)
    yield f"{a}.{b}.{c * 256 + d}"
    yield f"{a}.{(b * 256 + c) * 256 + d}"
    yield f"{a:#x}.{b}.0{c:o}.{d}"
    yield text.translate({ord("0") + n: ord("０") + n for n in range(10)})
    yield text.replace(".", "%2e")
    yield quote(text[0]).replace(text[0], f"%{ord(text[0]):02x}") + text[1:]
    yield f"[::ffff:{text}]"
    yield f"[::ffff:{a:x}{b:02x}:{c:x}{d:02x}]"
    yield f"[::ffff:0:{text}]"
    yield f"[::{text}]"
    yield f"[64:ff9b::{text}]"
    yield f"[64:ff9b:1::{text}]"
    yield f"[2002:{a:x}{b:02x}:{c:x}{d:02x}::1]"


HOSTS = list(
    dict.fromkeys([*(one for text in IPV4 for one in spellings(text)), *(f"[{one}]" for one in IPV6), *NAMES, *MISREAD])
)


@dataclass
class Counter:
    """Where every connection of this process ends, and what they were meant for."""

    port: int = 0
    meant: list[str] = field(default_factory=list)
    accepted: int = 0
    location: str = ""
    """Where a page at /away, and robots.txt of the host `moved.example`, redirect to."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        try:
            async with asyncio.timeout(0.2):  # who waits to be greeted is not waited for
                head = await reader.readuntil(b"\r\n\r\n")
            away = head.startswith(b"GET /away ") or b"\r\nHost: moved.example\r\n" in head
            status = f"302 Found\r\nLocation: {self.location}" if away else "200 OK"
            writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError, OSError):
            pass  # it spoke no HTTP; that it came is counted
        finally:
            writer.close()


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    """Diverts every connection to the listener of the test's loop; the machine's resolver is never asked."""
    here = Counter()
    connect = socket.socket.connect

    def diverted(self: socket.socket, address: Any) -> None:
        if self.family == socket.AF_UNIX:
            connect(self, address)
            return
        here.meant.append(str(address[0]))
        connect(self, ("::1" if self.family == socket.AF_INET6 else "127.0.0.1", here.port))

    monkeypatch.setattr(socket.socket, "connect", diverted)
    return here


@asynccontextmanager
async def listening(here: Counter) -> AsyncIterator[None]:
    """The listener, on both loopbacks under one port."""
    first = await asyncio.start_server(here.serve, "127.0.0.1", 0)
    here.port = first.sockets[0].getsockname()[1]
    async with first, await asyncio.start_server(here.serve, "::1", here.port):
        yield


class Resolver:
    """Knows the hosts of the internet that the tests name; every other name is one of ours, by `others`."""

    def __init__(self, *others: str) -> None:
        self.others = others

    async def __call__(self, host: str) -> Sequence[str]:
        return [PUBLIC] if host in (HOME, "moved.example") else list(self.others)


def out(*others: str, **options: Any) -> Door:
    """A door with an allow-list that opens none of the table, and ws:// to where the tests may go."""
    allow = [f"{HOME}:80", "s3.lan:9000", "10.9.8.7", "172.20.0.0/16:9000", "[fd12::1]:443"]
    return door(
        resolve=Resolver(*others), limits=BRIEF, attempts=1, trust=lambda: TRUST, **({"allow": allow} | options)
    )


Way = Callable[[Door, Counter, str], Awaitable[object]]


def _bare(host: str) -> str:
    """A host as it is given outside a URL: an address of IPv6 without brackets."""
    return host.strip("[]") if ":" in host else host


async def page(door: Door, _: Counter, host: str) -> object:
    return await door.get(f"http://{host}/", robots=False)


async def secure_page(door: Door, _: Counter, host: str) -> object:
    return await door.get(f"https://{host}/", robots=False)


async def robots(door: Door, _: Counter, host: str) -> object:
    return await door.get(f"http://{host}/")


async def redirect(door: Door, here: Counter, host: str) -> object:
    here.location = f"http://{host}/"
    return await door.get(f"http://{HOME}/away", robots=False)


async def redirected_robots(door: Door, here: Counter, host: str) -> object:
    here.location = f"//{host}/robots.txt"
    async with out(*door_others(door)) as fresh:  # it remembers what a robots.txt said
        return await fresh.get("http://moved.example/")


async def request(door: Door, _: Counter, host: str) -> object:
    return await door.send("POST", f"http://{host}/", content=b"x")


async def stream(door: Door, _: Counter, host: str) -> object:
    reader, writer = await door.connect(_bare(host), 443, tls=False)
    writer.close()
    return reader


async def plug(door: Door, _: Counter, host: str) -> object:
    plugged, _context = await door.plug(_bare(host), 587)
    plugged.close()
    await asyncio.sleep(0.01)
    return plugged


async def websocket(door: Door, _: Counter, host: str) -> object:
    async with door.websocket(f"ws://{host}/") as opened:
        return opened


async def secure_websocket(door: Door, _: Counter, host: str) -> object:
    async with door.websocket(f"wss://{host}/") as opened:
        return opened


async def matrix(door: Door, _: Counter, host: str) -> object:
    return await Matrix(f"http://{host}", "!room:x", "token", door).post(SHEET)


async def nostr(door: Door, _: Counter, host: str) -> object:
    return await Nostr([f"wss://{host}/"], "1" * 64, door).post(SHEET)


async def webhook(door: Door, _: Counter, host: str) -> object:
    return await Webhook.read(f"https://{host}/", b"k" * 32, door, lambda: NOON).bring(TRIAL)


async def message(door: Door, _: Counter, host: str) -> object:
    """As the courier posts: whatever address once got into a subscription, the door judges it."""
    return await post(door, f"https://{host}/", [b"k" * 32], "msg_1", NOON, b"{}")


async def mail(door: Door, _: Counter, host: str) -> object:
    server = Server(_bare(host), 587, "", "", tls=False)
    return await Mail("ops@example.org", "lotto@example.org", server, door).bring(TRIAL)


WAYS: list[Way] = [
    page, secure_page, robots, redirect, redirected_robots, request, stream, plug, websocket, secure_websocket, matrix,
    nostr, webhook, message, mail,
]  # fmt: skip
ENDS = (DoorError, Refused, TryLater, Unknown, NotDelivered, BadTarget, NotTaken)


def door_others(door: Door) -> tuple[str, ...]:
    resolver = door._guard._resolve
    assert isinstance(resolver, Resolver)
    return resolver.others


def test_there_are_enough_of_them() -> None:
    assert len(HOSTS) >= 600
    assert len(WAYS) == 15


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_forbidden_address_is_connected_to(way: Way, counter: Counter) -> None:
    async def story() -> None:
        async with listening(counter):
            async with out("127.0.0.1") as shut:
                with suppress(*ENDS):  # what is at the end is no mail server and no relay, but the way there is open
                    await way(shut, counter, HOME)
                assert counter.meant, "the counter does not see this way"
                for host in HOSTS:
                    with pytest.raises(ENDS):
                        await way(shut, counter, host)
            await asyncio.sleep(0.02)

    run(story())
    assert set(counter.meant) == {PUBLIC}
    assert counter.accepted == len(counter.meant)
    if "redirect" not in way.__name__:
        assert counter.accepted <= 2  # the control alone: with robots.txt it asks twice


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("others", [("{}",), (PUBLIC, "{}"), ("{}", PUBLIC)], ids=["alone", "second", "first"])
def test_no_name_that_resolves_to_one_is_connected_to(way: Way, others: tuple[str, ...], counter: Counter) -> None:
    async def story() -> None:
        async with listening(counter):
            for address in [*IPV4, *(one for one in IPV6 if "%" not in one)]:
                async with out(*(one.format(address) for one in others)) as shut:
                    with pytest.raises(ENDS):
                        await way(shut, counter, "rebound.example")

    run(story())
    assert set(counter.meant) <= {PUBLIC}
    assert (counter.meant == []) is ("redirect" not in way.__name__)


def test_a_name_that_turns_inward_after_it_was_checked_is_not_followed(counter: Counter) -> None:
    """Rebinding: only the first answer is of the internet; each connection asks and checks anew."""

    class Turning:
        asked = 0

        async def __call__(self, host: str) -> Sequence[str]:
            self.asked += 1
            return [PUBLIC] if self.asked == 1 else ["169.254.169.254"]

    async def story() -> None:
        turning = Turning()
        async with listening(counter), door(resolve=turning, limits=BRIEF, attempts=1, trust=lambda: TRUST) as shut:
            assert (await shut.get("http://rebound.example/", robots=False)).status == 200
            for way in (page, request, stream, plug, websocket, matrix, webhook, message, mail, robots):
                with pytest.raises(ENDS):
                    await way(shut, counter, "rebound.example")

    run(story())
    assert counter.meant == [PUBLIC]


def test_the_door_of_a_practice_world_leads_to_this_machine_alone(counter: Counter) -> None:
    async def story() -> None:
        allow = ["127.0.0.0/8:*", "localhost:*", "[::1]:*"]
        loopback = {"127.0.0.1", "127.0.0.2", "127.255.255.254"}
        async with listening(counter), out(PUBLIC, allow=allow, closed=True) as shut:
            for host in [HOME, PUBLIC, f"[{PUBLIC6}]", *(one for one in IPV4 if one not in loopback), *NAMES[3:]]:
                with pytest.raises(ENDS):
                    await page(shut, counter, host)
            assert counter.meant == []
            assert (await shut.get("http://127.0.0.1:8400/", robots=False)).status == 200

    run(story())
    assert counter.meant == ["127.0.0.1"]


def test_nobody_subscribes_a_number_that_is_not_of_the_internet() -> None:
    for host in [*IPV4, *(f"[{one}]" for one in IPV6), "localhost", "db", "metadata"]:
        with pytest.raises(address.BadAddress):
            address.of_anybody(f"https://{host}/")
    assert address.of_anybody(f"https://{PUBLIC}/")
