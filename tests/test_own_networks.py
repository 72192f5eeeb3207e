"""Every network whose real server can run here, or that needs none: the claims of `test_every_network`."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import uuid4

import http_ece
import pytest
from aiosmtplib import SMTPAuthenticationError
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nostr_sdk import Keys

from conftest import run
from lotto.door import Door
from lotto.house import wall_clock
from lotto.mail import Server
from lotto.publisher import networks
from lotto.publisher.dialects.subscribed import Receiver, Subscribed
from lotto.publisher.networks.email import Email, EmailFacts
from lotto.publisher.networks.handshare import Handshare
from lotto.publisher.networks.matrix import Matrix
from lotto.publisher.networks.network import Barred, Guard, Network, Outside, Refused, Sheet
from lotto.publisher.networks.nostr import Nostr
from lotto.publisher.networks.paper import Paper
from lotto.publisher.networks.practice import Practice
from lotto.publisher.networks.webpush import Webpush
from lotto.replay.networks import PracticeNetwork, serving
from lotto.shelf import standing
from lotto.vapid import Vapid
from practiced import ACCOUNTS
from receiver import receiving
from servers import Homeserver, local_relay
from test_alerts import Postman as Mailbox
from test_alerts import mail_server
from test_every_network import SCRIPTS, filled, sheet
from test_networks import notes, telling
from test_subscribers import base64


@dataclass(frozen=True)
class Seen:
    """A post as whoever reads it sees it."""

    text: str
    picture: str = ""
    """Its hash, or its address; empty where there is none."""


@dataclass
class Host:
    """A network at its server: our account there, and what was seen of a post."""

    network: Network
    seen: Callable[[Sheet], Awaitable[list[Seen]]]
    expired: Network | None = None
    """Our account with credentials that have ended; None where there are none that could."""
    receiver: Receiver = field(default_factory=lambda: Receiver(uuid4(), {"email": "ana@example.org"}, "en", "token"))

    async def tell(self, ours: Sheet) -> None:
        if isinstance(self.network, Subscribed):
            await self.network.deliver(self.receiver, ours)
        else:
            await self.network.post(ours)


Opened = Callable[[Any, Door, Path], AbstractAsyncContextManager[Host]]


@asynccontextmanager
async def paper(_: Any, door: Door, folder: Path) -> AsyncIterator[Host]:
    network = Paper(folder, "http://wall", wall_clock)

    async def seen(ours: Sheet) -> list[Seen]:
        lines = [line for line in network.journal() if line["key"] == ours.key]
        return [
            Seen(one["text"], _hash((folder / one["image"]).read_bytes()) if "image" in one else "") for one in lines
        ]

    yield Host(network, seen)


@asynccontextmanager
async def handshare(_: Any, door: Door, folder: Path) -> AsyncIterator[Host]:
    async def seen(ours: Sheet) -> list[Seen]:
        return await asyncio.to_thread(_kits, folder, ours)

    yield Host(Handshare(folder, wall_clock), seen)


def _kits(folder: Path, ours: Sheet) -> list[Seen]:
    kits = list(folder.glob(f"* {ours.key[:8]}"))
    pictures = {kit: [_hash(one.read_bytes()) for one in kit.glob("picture.*")] for kit in kits}
    return [Seen((kit / "text.txt").read_text(), "".join(pictures[kit])) for kit in kits]


@asynccontextmanager
async def practice(_: Any, door: Door, folder: Path) -> AsyncIterator[Host]:
    rules = PracticeNetwork(folder / "journal.jsonl", wall_clock)

    async def seen(ours: Sheet) -> list[Seen]:
        return [Seen(one.text) for one in rules.posts if one.text == ours.text]

    async with serving({"here": rules}) as address:
        yield Host(Practice(f"{address}/here", Guard.LOOK_BACK, 0.0, door), seen)


@asynccontextmanager
async def nostr(_: Any, door: Door, folder: Path) -> AsyncIterator[Host]:
    secret = Keys.generate().secret_key().to_hex()
    async with local_relay() as relay:

        async def seen(ours: Sheet) -> list[Seen]:
            found = [one for one in await notes(door, relay.address, secret) if one["content"].startswith(ours.text)]
            return [Seen(ours.text, one["content"].removeprefix(ours.text).strip()) for one in found]

        # A key does not end: what a relay can do is to take notes from it no more, which is tried on relays.
        yield Host(Nostr([relay.address], secret, door), seen)


@asynccontextmanager
async def matrix(home: Homeserver, door: Door, folder: Path) -> AsyncIterator[Host]:
    async def seen(ours: Sheet) -> list[Seen]:
        return await asyncio.to_thread(_events, home, ours)

    gone = Matrix(home.address, home.room, "syt_that_has_ended", door)
    yield Host(Matrix(home.address, home.room, home.token, door), seen, gone)


def _events(home: Homeserver, ours: Sheet) -> list[Seen]:
    found = []
    for event in home.under(ours.key):
        content, picture = event["content"], ""
        if "url" in content:
            media = content["url"].removeprefix("mxc://")
            picture = _hash(home.raw("GET", f"/_matrix/client/v1/media/download/{media}", home.boss).content)
        found.append(Seen(content["body"], picture))
    return found


class LockedOut(Server):
    """A mail server of which our password has ended."""

    async def _client(self, *_: object) -> Any:
        raise SMTPAuthenticationError(535, "5.7.8 Bad credentials")


class Ended(Email):
    """A newsletter whose server does not let us in any more."""

    def _server(self) -> Server:
        return LockedOut("127.0.0.1", 25, "lotto", "old", tls=False)


@asynccontextmanager
async def email(_: Any, door: Door, folder: Path) -> AsyncIterator[Host]:
    mail = Mailbox()
    facts = EmailFacts(network="email", sender="results@example.org")

    async def seen(ours: Sheet) -> list[Seen]:
        found = []
        for one in mail.taken:
            letter: Any = message_from_bytes(one.content, policy=policy.default)  # type: ignore[arg-type]
            text = letter.get_body(("plain",)).get_content().replace("\r\n", "\n").partition("\n\n-- \n")[0]
            pictures = [_hash(part.get_content()) for part in letter.walk() if part.get_content_maintype() == "image"]
            if ours.key in letter["Message-ID"]:
                found.append(Seen(text, "".join(pictures)))
        return found

    async with mail_server(mail) as port:
        outside = Outside(door, folder, "https://lotto.example", wall_clock)
        network = facts.open("letters", {"smtp_url": f"smtp://127.0.0.1:{port}"}, outside)
        ended = Ended(network._sender, "en", "", outside)  # type: ignore[attr-defined]
        yield Host(network, seen, ended)


@asynccontextmanager
async def webpush(_: Any, door: Door, folder: Path) -> AsyncIterator[Host]:
    browser = ec.generate_private_key(ec.SECP256R1())
    point = browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = b"0123456789abcdef"
    async with receiving(usual=201) as here:

        async def seen(ours: Sheet) -> list[Seen]:
            shown = [
                json.loads(http_ece.decrypt(one.body, private_key=browser, auth_secret=secret, version="aes128gcm"))
                for one in here.came
            ]
            return [
                Seen("\n".join(filter(None, [one["title"], one["body"]])), one.get("image", ""))
                for one in shown
                if one["tag"] == ours.key
            ]

        made = Vapid.made(folder / "push.key")
        outside = Outside(door, folder, "https://lotto.example", wall_clock, vapid=lambda: made)
        host = Host(Webpush("mailto:ops@example.org", "en", outside), seen)
        address = {"endpoint": here.url, "p256dh": base64(point), "auth": base64(secret)}
        host.receiver = Receiver(uuid4(), address, "en", "token")
        yield host


HERE: dict[str, Opened] = {
    "email": email,
    "handshare": handshare,
    "matrix": matrix,
    "nostr": nostr,
    "paper": paper,
    "practice": practice,
    "webpush": webpush,
}
EVERY = pytest.mark.parametrize("name", sorted(HERE))
NO_CREDENTIALS = ("handshare", "nostr", "paper", "practice", "webpush")
"""A folder, a server of this machine, and keys of our own, which do not end."""


def test_every_network_that_there_is_stands_here_or_among_those_with_rules() -> None:
    """A network that is added is held to the claims, or this fails."""
    assert {*HERE, *ACCOUNTS} == set(standing(networks, Network))
    assert not {*HERE} & {*ACCOUNTS}


def _hash(image: bytes) -> str:
    return hashlib.sha256(image).hexdigest()


@pytest.fixture
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str, Callable[[Host], Any]], None]:
    """Tells a story at the network of that name."""

    def tell(name: str, story: Callable[[Host], Any]) -> None:
        home = request.getfixturevalue("home") if name == "matrix" else None

        async def opened(door: Door) -> None:
            async with HERE[name](home, door, tmp_path) as host:
                await story(host)

        run(telling(opened))

    return tell


@EVERY
def test_the_longest_text_is_taken_whole(told, name: str) -> None:
    async def story(host: Host) -> None:
        ours = sheet(host.network, filled(host.network, "word ", host.network.longest), picture=False)
        assert host.network.length(ours.text) == host.network.longest
        await host.tell(ours)
        assert await host.seen(ours) == [Seen(ours.text)]

    told(name, story)


@EVERY
def test_emoji_and_other_scripts_are_counted_so_that_a_full_text_is_taken_whole(told, name: str) -> None:
    async def story(host: Host) -> None:
        for piece in SCRIPTS:
            text = filled(host.network, piece, min(host.network.longest, 3_000)).rstrip()
            ours = sheet(host.network, text, picture=False)
            await host.tell(ours)
            assert await host.seen(ours) == [Seen(text)], piece

    told(name, story)


@EVERY
def test_the_biggest_picture_is_taken_whole(told, name: str) -> None:
    async def story(host: Host) -> None:
        takes = host.network.images
        if takes is None:
            assert name == "practice", "it shows no pictures"
            return
        start = sheet(host.network).image or b""
        biggest = start + bytes(takes.bytes - len(start))
        ours = sheet(host.network, "Powerball 1 2 3", image=biggest)
        await host.tell(ours)
        assert await host.seen(ours) == [Seen(ours.text, ours.card_url if takes.by_address else _hash(biggest))]

    told(name, story)


@EVERY
def test_a_missing_picture_costs_a_post_only_its_picture(told, name: str) -> None:
    async def story(host: Host) -> None:
        ours = sheet(host.network, "Powerball 1 2 3", picture=False)
        await host.tell(ours)
        assert await host.seen(ours) == [Seen(ours.text)]

    told(name, story)


@EVERY
def test_credentials_that_have_ended_bar_the_account_and_post_nothing(told, name: str) -> None:
    async def story(host: Host) -> None:
        assert (host.expired is None) == (name in NO_CREDENTIALS)
        if host.expired is None:
            return
        ours = sheet(host.network)
        ended = Host(host.expired, host.seen, receiver=host.receiver)
        with pytest.raises(Barred):
            await ended.tell(ours)
        with pytest.raises(Refused):
            await host.expired.check()
        assert await host.seen(ours) == []

    told(name, story)
