"""Subscribers: a newsletter over a real mail server, and notifications that a real receiver decrypts."""

import asyncio
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qs, urlsplit

import http_ece
import httpx2
import msgspec
import psycopg
import pytest
import structlog
from aiosmtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientRefused, SMTPSenderRefused
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from conftest import Clock, run
from lotto import accounts as ours
from lotto.commands.status import _print_status
from lotto.draws.draw import Draw, DrawKey, Money, Numbers, Observation
from lotto.events import Card, Event, Type
from lotto.front import Front
from lotto.house import House, Practice, wall_clock
from lotto.ledger import accounts, messages, outbox, posts, subscribers, switch
from lotto.ledger.connection import Away
from lotto.ledger.record import record
from lotto.mail import InDoubt, Nobody, Server
from lotto.publisher import service
from lotto.publisher.postman import Postman
from lotto.publisher.readers import Readers
from lotto.publisher.sender import Sender
from lotto.publisher.service import Publisher
from lotto.seal import Seal
from lotto.settings import Settings
from lotto.store import address
from receiver import receiving
from test_alerts import Postman as Mailbox
from test_alerts import mail_server
from test_publisher import NUMBERS, PICTURE

SITE = "https://lotto.example"
CANARY = "canary-9c41"
POWERBALL = DrawKey("us_powerball", date(2024, 11, 2))
AFTER = datetime.fromisoformat("2024-11-03T04:00:00+00:00")

ACCOUNTS = """
[accounts.letters]
network = "email"
sender = "results@example.org"
title = "Lotto results"

[accounts.browsers]
network = "webpush"
contact = "mailto:ops@example.org"
"""


class Later:
    """The machine's clock, set on by a story."""

    def __init__(self) -> None:
        self.by = timedelta()

    def __call__(self) -> datetime:
        return wall_clock() + self.by


@dataclass
class Scene:
    """A house with a newsletter and a push account, its API and pages, and what its publisher does, step by step."""

    house: House
    ledger: Any
    client: httpx2.AsyncClient
    publisher: Publisher
    postman: Postman
    mail: Mailbox
    clock: Later
    lottery: Any
    read: int = 0
    browser: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    async def comes_out(self, key: DrawKey = POWERBALL, numbers: Numbers = NUMBERS, jackpot: int = 0) -> Draw:
        """The sources tell that draw and its card is drawn; it is posted, and brought to whoever wants it."""
        money = Money(Decimal(jackpot), "USD") if jackpot else None
        said = [
            Observation(key, one, one, True, numbers, AFTER, "ab", jackpot=money) for one in ("us_texas", "us_ny_data")
        ]
        draw = (await record(self.ledger, self.lottery, said, AFTER)).changes[-1].draw
        await self.house.store().put(address("cards", PICTURE, "png"), PICTURE, "image/png")
        card = Card(
            "og", "en", "gradient", address("cards", PICTURE, "png"), "ab", "image/png", 1200, 630, 9, "The <card>"
        )
        told = Event(Type.IMAGE_READY, draw, AFTER, (card,))
        async with self.ledger.transaction() as conn:
            await outbox.say(conn, told)
        await self.publisher.handle(told)
        async with asyncio.timeout(30):
            while any(one.state not in ("sent", "held") for one in await self.posts()):
                await asyncio.sleep(0.02)
        await self.brings()
        return draw

    async def posts(self) -> list[posts.Post]:
        async with self.ledger.reading() as conn:
            return await posts.listed(conn, 100)

    async def brings(self) -> None:
        """The postman goes round until nothing is due."""
        while await self.postman.round():
            pass

    async def counted(self, account: str) -> dict[str, int]:
        async with self.ledger.reading() as conn:
            return dict(await messages.counted(conn, account))

    def letters(self) -> list[EmailMessage]:
        """What came since one last looked."""
        new = self.mail.taken[self.read :]
        self.read = len(self.mail.taken)
        return [message_from_bytes(one.content, policy=policy.default) for one in new]  # type: ignore[arg-type]

    async def asks(self, path: str, wish: dict[str, Any]) -> int:
        return (await self.client.post(f"/api/v1{path}", json=wish)).status_code

    async def subscribes(self, email: str = "ana@example.org", **wish: Any) -> str:
        """Asks, and reads the token in the letter that comes."""
        assert await self.asks("/newsletters/letters", {"email": email, **wish}) == 202
        await self.brings()
        (letter,) = self.letters()
        (link,) = re.findall(r"https://lotto.example/\S+", letter.get_content())
        assert urlsplit(link).path.endswith("/newsletter/confirm")
        return parse_qs(urlsplit(link).query)["token"][0]

    async def wants_push(self, url: str, **wish: Any) -> int:
        point = self.browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": base64(point), "auth": base64(b"0123456789abcdef")}
        return await self.asks("/push/browsers", {"endpoint": url, "keys": keys, **wish})

    def decrypted(self, body: bytes) -> dict[str, Any]:
        """A message as a browser reads it, by a library of others."""
        plain = http_ece.decrypt(body, private_key=self.browser, auth_secret=b"0123456789abcdef", version="aes128gcm")
        found: dict[str, Any] = msgspec.json.decode(plain)
        return found


def base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.fixture
def scene(database_url, redis_url, tmp_path, known, monkeypatch) -> Callable:
    monkeypatch.setattr(service, "POLL", 0.02)
    (tmp_path / "accounts.toml").write_text(ACCOUNTS)
    own = Settings(data_dir=tmp_path, public_url=SITE)
    house = House(
        own, database_url=database_url, redis_url=redis_url, practice=Practice("http://127.0.0.1:1", Clock(AFTER))
    )

    @asynccontextmanager
    async def opened(mail: Mailbox | None = None) -> AsyncIterator[Scene]:
        mail, clock = mail or Mailbox(), Later()
        async with (
            mail_server(mail) as port,
            house.ledger("publisher") as ledger,
            house.networks_door("practice") as door,
            house.api() as api,
            house.web(api) as web,
        ):
            await ours.add(house, house.accounts.entry("letters"), {"smtp_url": f"smtp://127.0.0.1:{port}"})
            async with ledger.reading() as conn:
                standing = await accounts.listed(conn)
            outside = house.accounts.outside(door, door, Readers(ledger, clock))
            opened = house.accounts.open(house.accounts.entries(), standing, outside)
            lotteries, store = known.lotteries, house.store()
            publisher = Publisher(ledger, store, lotteries, opened, clock, worker="one", public_url=SITE)
            sender = Sender(ledger, store, lotteries, clock, SITE)
            seal = Seal.made(own.secret_key)
            postman = Postman(ledger, sender, opened, seal, clock, chance=lambda: 0.5)
            await postman.enrol()
            await opened[1].network.check()  # the key to push is made
            way = httpx2.ASGITransport(app=Front(api, web))
            working = asyncio.ensure_future(publisher.run())
            try:
                async with httpx2.AsyncClient(transport=way, base_url=SITE) as client:
                    yield Scene(house, ledger, client, publisher, postman, mail, clock, lotteries["us_powerball"])
            finally:
                publisher.leave()
                await working

    return opened


def test_a_newsletter_goes_to_who_confirmed_and_ends_with_one_click(scene, database_url) -> None:
    async def story() -> None:
        async with scene() as it:
            assert await it.asks("/newsletters/letters", {"email": "ana"}) == 422
            assert await it.asks("/newsletters/other", {"email": "ana@example.org"}) == 404
            token = await it.subscribes(lang="es")
            assert await it.asks("/newsletters/letters", {"email": "Ana@example.org"}) == 202
            await it.brings()
            assert it.letters() == [], "a stranger's mailbox is not flooded"
            await it.comes_out(replace(POWERBALL, date=date(2024, 10, 30)), {**NUMBERS, "bonus": (3,)})
            assert it.letters() == [], "he has not confirmed"

            page = await it.client.get(f"/es/newsletter/confirm?token={token}")
            assert (page.status_code, "Confirma tu suscripción" in page.text) == (200, True)
            assert (await it.client.post(f"/es/newsletter/confirm?token={token}")).status_code == 200
            await it.comes_out()
            (letter,) = it.letters()
            assert (letter["To"], letter["From"]) == ("ana@example.org", "Lotto results <results@example.org>")
            assert letter["Subject"] == "Powerball, Saturday 2 November 2024"
            text = letter.get_body(("plain",)).get_content()
            assert "10, 45, 48, 58, 61, Powerball 2" in text
            assert "Darse de baja: https://lotto.example/es/newsletter/unsubscribe?token=" in text
            html = letter.get_body(("html", "related"))
            picture = next(part for part in letter.walk() if part.get_content_type() == "image/png")
            assert picture.get_content() == PICTURE
            whole = next(part for part in letter.walk() if part.get_content_type() == "text/html").get_content()
            assert f'src="cid:{picture["Content-ID"].strip("<>")}" alt="The &lt;card&gt;"' in whole
            assert html is not None

            (post,) = [one for one in await it.posts() if (one.account, one.key) == ("letters", POWERBALL)]
            async with it.ledger.reading() as conn:
                await messages.hand_over(conn, post.id, wall_clock())
            await it.brings()
            assert it.letters() == []
            await it.comes_out(numbers={**NUMBERS, "bonus": (9,)})
            (correction,) = it.letters()
            assert correction["Subject"].startswith("Corrected: Powerball")

            kept = (await it.client.post("/api/v1/subscriptions/export", json={"token": token})).json()
            assert (kept["email"], kept["lang"], bool(kept["consent"])) == ("ana@example.org", "es", True)
            link = letter["List-Unsubscribe"].strip("<>")
            assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            one_click = {"content-type": "application/x-www-form-urlencoded"}
            gone = await it.client.post(
                link.removeprefix(SITE), content="List-Unsubscribe=One-Click", headers=one_click
            )
            assert gone.status_code == 200
            await it.comes_out(replace(POWERBALL, date=date(2024, 10, 28)), {**NUMBERS, "bonus": (7,)})
            assert it.letters() == []
            with psycopg.connect(database_url) as conn:
                ((address,),) = conn.execute("SELECT address FROM subscriber").fetchall()
                assert address is None, "who has left has no address here"
            assert await it.asks("/subscriptions/erase", {"token": token}) == 204
            assert await it.asks("/subscriptions/export", {"token": token}) == 404
            assert await it.asks("/subscriptions/confirm", {"token": token[:-3] + "AAA"}) == 404

    run(story())


def test_addresses_and_secrets_stand_nowhere_in_the_clear(scene, database_url, capfd) -> None:
    async def story() -> None:
        async with scene() as it:
            with structlog.testing.capture_logs() as logs:
                token = await it.subscribes(f"{CANARY}@example.org")
                await it.asks("/subscriptions/confirm", {"token": token})
                await it.wants_push(f"http://127.0.0.1:1/{CANARY}")
                it.mail.answer = f"550 No {CANARY}@example.org here"
                await it.comes_out()
            with psycopg.connect(database_url) as conn:
                for table in ("subscriber", "subscriber_message", "account", "post", "decision"):
                    rows = conn.execute(f"SELECT row_to_json(one)::text FROM {table} AS one").fetchall()
                    said = [row[0] for row in rows]
                    assert said or table == "decision"
                    if table != "subscriber_message":  # what a server said of a mailbox is kept with its message
                        assert CANARY not in " ".join(said)
            assert CANARY not in "".join(capfd.readouterr())
            assert token not in repr(logs)

    run(story())


def test_a_letter_whose_answer_is_lost_is_not_sent_again_and_one_refused_for_now_is(scene, monkeypatch) -> None:
    async def story() -> None:
        async with scene() as it:
            token = await it.subscribes()
            await it.asks("/subscriptions/confirm", {"token": token})
            it.mail.answer = "451 Later"
            await it.comes_out()
            assert await it.counted("letters") == {"waiting": 1}
            it.mail.answer = "250 OK"
            it.clock.by += timedelta(hours=1)
            await it.brings()
            assert await it.counted("letters") == {"sent": 1}

            async def lost(*_: object) -> None:
                raise InDoubt("The connection broke.")

            monkeypatch.setattr(Server, "hand_in", lost)
            await it.comes_out(replace(POWERBALL, date=date(2024, 10, 30)), {**NUMBERS, "bonus": (3,)})
            monkeypatch.undo()
            it.clock.by += timedelta(hours=1)
            it.letters()
            await it.brings()
            assert it.letters() == []
            assert await it.counted("letters") == {"sent": 1, "doubt": 1}

    run(story())


def test_a_ledger_that_is_away_while_letters_go_out_costs_nobody_his_letter(scene, monkeypatch) -> None:
    """One mailbox is gone: what is written of it must not take the others' letters with it."""

    async def story() -> None:
        async with scene() as it:
            for name in ("ana", "bob", "eve"):
                token = await it.subscribes(f"{name}@example.org")
                assert (await it.client.post(f"/en/newsletter/confirm?token={token}")).status_code == 200
            taken, reading, leaves = Server.hand_in, subscribers.leave, [Away("cut"), Away("cut")]

            async def hand_in(server, door, letter, sender, to):
                if to == "bob@example.org":
                    raise Nobody("no such mailbox", lasting=True)
                await asyncio.sleep(0.3)  # still on its way when the ledger is away
                await taken(server, door, letter, sender, to)

            async def leave(conn, id, now):  # noqa: A002 - as it is called
                if leaves:
                    raise leaves.pop()
                await reading(conn, id, now)

            monkeypatch.setattr(Server, "hand_in", hand_in)
            monkeypatch.setattr(subscribers, "leave", leave)
            await it.comes_out()
            assert sorted(one["To"] for one in it.letters()) == ["ana@example.org", "eve@example.org"]
            assert await it.counted("letters") == {"sent": 2, "failed": 1}

    run(story())


REFUSALS = {
    "a password that has ended": (SMTPAuthenticationError(535, "5.7.8 Bad credentials"), True, "waiting"),
    "a sender that may not send": (SMTPSenderRefused(550, "5.7.1 Not from you", "x@y"), True, "waiting"),
    "a letter that is taken for spam": (SMTPDataError(554, "5.7.1 Spam"), False, "failed"),
    "a server that does not like ours": (SMTPRecipientRefused(550, "5.7.1 Blocked", "x@y"), False, "failed"),
    "a mailbox that is none": (SMTPRecipientRefused(550, "5.1.1 No such user", "x@y"), False, "failed"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_a_refusal_that_is_about_us_costs_nobody_his_subscription(scene, monkeypatch, what) -> None:
    """Only who is not there is written off. Where no letter is taken at all, the account rests and they wait."""
    error, rests, state = REFUSALS[what]

    async def story() -> None:
        async with scene() as it:
            token = await it.subscribes()
            assert (await it.client.post(f"/en/newsletter/confirm?token={token}")).status_code == 200

            async def refused(*_: object) -> None:
                raise error

            monkeypatch.setattr(Server, "_client", refused)
            await it.comes_out()
            assert await it.counted("letters") == {state: 1}
            async with it.ledger.reading() as conn:
                standing = await accounts.listed(conn)
                (tally,) = await subscribers.tallies(conn) or [subscribers.Tally("letters", 0, 0)]
            assert bool(standing["letters"].resting) is rests
            assert tally.told == (0 if what == "a mailbox that is none" else 1)
            monkeypatch.undo()
            it.clock.by += timedelta(hours=1)
            async with it.ledger.reading() as conn:
                await accounts.rest(conn, "letters", "email", "")
            await it.brings()
            assert len(it.letters()) == (1 if rests else 0)

    run(story())


def test_a_browser_is_told_by_a_message_that_only_it_can_read(scene) -> None:
    async def story() -> None:
        async with scene() as it, receiving(500, "cut", usual=201) as here:
            told = (await it.client.get("/api/v1/push")).json()
            assert told["accounts"] == ["browsers"]
            assert (
                await it.asks("/push/browsers", {"endpoint": here.url, "keys": {"p256dh": "AA", "auth": "AA"}}) == 422
            )
            assert await it.wants_push("https://push.example/1") == 422, "a practice world tells this machine only"
            assert await it.wants_push(here.url, lotteries=["us_powerball"]) == 204
            await it.comes_out()
            for _ in range(2):  # an error, then a lost answer: it is sent again, and seen once by its tag
                assert (await it.counted("browsers")) == {"waiting": 1}
                it.clock.by += timedelta(hours=1)
                await it.brings()
            assert (await it.counted("browsers")) == {"sent": 1}
            assert len(here.came) == 3
            shown = [it.decrypted(one.body) for one in here.came]
            assert shown[0] == shown[1] == shown[2]
            assert shown[0]["title"] == "Powerball, Saturday 2 November 2024"
            assert shown[0]["body"] == "10, 45, 48, 58, 61, Powerball 2, Power Play ×3"
            assert shown[0]["url"] == f"{SITE}/en/us_powerball/2024-11-02"
            assert len({one.headers["topic"] for one in here.came}) == 1
            headers = here.came[0].headers
            assert (headers["content-encoding"], headers["ttl"]) == ("aes128gcm", "86400")
            assert is_signed(headers["authorization"], told["key"], f"http://127.0.0.1:{here.port}")

            await it.comes_out(numbers={**NUMBERS, "bonus": (9,)})
            corrected = it.decrypted(here.came[-1].body)
            assert corrected["tag"] == shown[0]["tag"], "it takes the place of what it corrects"
            assert corrected["title"].startswith("Corrected: ")

    run(story())


def is_signed(header: str, key: str, audience: str) -> bool:
    """Whether a push service takes that header (RFC 8292)."""
    found = re.fullmatch(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)", header)
    assert found is not None
    head, claims, signed, shown = found.groups()
    told = msgspec.json.decode(raw(claims))
    assert (told["aud"], told["sub"], shown) == (audience, "mailto:ops@example.org", key)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(key))
    r, s = (int.from_bytes(half) for half in (raw(signed)[:32], raw(signed)[32:]))
    public.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    return True


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_who_is_gone_is_forgotten_and_who_wants_larger_jackpots_or_nothing_is_left_alone(scene) -> None:
    async def story() -> None:
        async with scene() as it, receiving(410, usual=201) as here:
            await it.wants_push(here.url)
            await it.comes_out()
            assert await it.counted("browsers") == {"failed": 1}
            await it.comes_out(replace(POWERBALL, date=date(2024, 10, 30)), {**NUMBERS, "bonus": (4,)})
            assert len(here.came) == 1, "who is gone is told nothing more"

            much = {"amount": "100000000", "currency": "USD"}
            await it.wants_push(here.url, jackpot=much)
            days = [replace(POWERBALL, date=date(2024, 10, day)) for day in (28, 26, 23)]
            await it.comes_out(days[0], {**NUMBERS, "bonus": (5,)}, jackpot=20_000_000)
            assert len(here.came) == 1
            await it.comes_out(days[1], {**NUMBERS, "bonus": (6,)}, jackpot=300_000_000)
            assert len(here.came) == 2
            assert await it.asks("/push/browsers/leave", {"endpoint": here.url}) == 204
            await it.comes_out(days[2], {**NUMBERS, "bonus": (7,)}, jackpot=300_000_000)
            assert len(here.came) == 2

    run(story())


def test_after_a_restore_a_letter_that_may_have_gone_out_is_held_and_a_notification_is_shown_once(scene) -> None:
    """Who got the letter knows of it, and our ledger, which knew too, is of before that."""

    async def story() -> None:
        async with scene() as it, receiving(usual=201) as here:
            token = await it.subscribes()
            assert (await it.client.post(f"/en/newsletter/confirm?token={token}")).status_code == 200
            await it.wants_push(here.url)
            async with it.ledger.transaction() as conn:
                await conn.execute("UPDATE instance SET restored_at = %s", [AFTER])
            await it.comes_out()
            states = {one.account: (one.state, one.note) for one in await it.posts()}
            assert states["letters"] == ("held", "It may have gone out: a person must look.")
            assert states["browsers"][0] == "sent"
            assert it.letters() == []
            assert len(here.came) == 1

    run(story())


def test_the_status_tells_how_many_are_told_and_who_they_are_nowhere(scene, capsys) -> None:
    async def story() -> None:
        async with scene() as it:
            token = await it.subscribes()
            assert (await it.client.post(f"/en/newsletter/confirm?token={token}")).status_code == 200
            await it.subscribes("bob@example.org")
            await it.wants_push("http://127.0.0.1:1/push")
            report = await it.house.report(AFTER)
            told = [(one.account, one.told, one.asked) for one in report.subscribers]
            assert told == [("browsers", 1, 0), ("letters", 1, 1)]
            _print_status(report, [])
            printed = capsys.readouterr().out
            assert re.search(r"^ *letters +1 +1 *$", printed, re.MULTILINE)
            assert "example.org" not in printed + repr(report)

    run(story())


def test_while_publishing_is_stopped_no_message_goes_out(scene) -> None:
    async def story() -> None:
        async with scene() as it, receiving(usual=201) as here:
            await it.wants_push(here.url)
            await it.comes_out()
            async with it.ledger.transaction() as conn:
                await switch.throw(conn, on=False, by="Ana", reason="wrong", now=wall_clock())
                (one,) = [post for post in await it.posts() if post.account == "browsers"]
                await conn.execute("UPDATE subscriber_message SET state = 'waiting', settled_at = NULL")
                assert one.state == "sent"
            await it.brings()
            assert len(here.came) == 1
            async with it.ledger.transaction() as conn:
                await switch.throw(conn, on=True, by="Ana", reason="right", now=wall_clock())
            await it.brings()
            assert len(here.came) == 2

    run(story())
