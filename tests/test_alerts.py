"""The alerts: what needs a person is told when it begins, daily while it lasts, and when it is over; lost never."""

import asyncio
import hmac
import json
import ssl
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from hashlib import sha256
from uuid import uuid4

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from structlog.testing import capture_logs

from conftest import Clock, run
from lotto.alerts import targets
from lotto.alerts.look import Look, look
from lotto.alerts.notice import MOST, Line, Notice
from lotto.alerts.rules import CALM, DAILY, GATHER, change
from lotto.alerts.service import GIVE_UP, LONGEST_WAIT, Alerts, trial
from lotto.alerts.target import BadTarget, NotDelivered, Target, Unwanted
from lotto.house import House, Practice
from lotto.ledger import alerts, dead
from lotto.ledger.alerts import Alert
from lotto.ledger.record import record
from lotto.report.figures import Posts, Report
from lotto.report.verdict import Kind, Trouble
from lotto.sentence import clean
from lotto.settings import Settings
from lotto.watch.state import Standing, State
from lotto.webhooks import signature
from test_door import Site, certificate, door, local, page, silence, site, trusting
from test_ledger import SEEN_AT, VALUES, said

__all__ = ["certificate"]  # a fixture

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DOWN = Trouble(Kind.SOURCE, "us_texas/blocked", "The source us_texas is blocked: It answered 403.")
LATE = Trouble(Kind.LATE, "us_powerball", "us_powerball is late.")
WELL = Report(NOON, "live", "9", "9", speaker=True)
HOUSE = {"site": "https://lotto.example"}


def alert(trouble: Trouble, **more) -> Alert:
    """The alert of a trouble that began at noon, was seen then, and is told unless it says otherwise."""
    return replace(Alert(1, trouble.kind, trouble.about, trouble.words, NOON, NOON, NOON, NOON), **more)


# What is told when


def test_what_lasts_a_minute_is_told_and_what_passes_sooner_is_not():
    fresh = alert(DOWN, told_at=None)
    soon, late = NOON + GATHER / 2, NOON + GATHER
    assert not change([], Look([DOWN]), NOON).is_news
    assert not change([fresh], Look([DOWN]), soon).is_news
    assert change([fresh], Look([DOWN]), late).begun == [DOWN]
    passed = change([fresh], Look([]), NOON + CALM)
    assert (passed.ended, passed.is_news) == ([fresh], False)


def test_what_was_told_is_told_again_each_day_and_not_before():
    assert not change([alert(DOWN)], Look([DOWN]), NOON + DAILY - timedelta(seconds=1)).is_news
    assert change([alert(DOWN)], Look([DOWN]), NOON + DAILY).still == [DOWN]


def test_what_lasts_is_told_in_one_message_a_day():
    afternoon = alert(LATE, told_at=NOON + timedelta(hours=6))
    assert change([alert(DOWN), afternoon], Look([DOWN, LATE]), NOON + DAILY).still == [DOWN, LATE]


def test_what_comes_and_goes_is_one_trouble():
    known = alert(DOWN)
    assert not change([known], Look([]), NOON + CALM / 2).ended
    assert change([known], Look([]), NOON + CALM).over == [known]


def test_what_cannot_be_seen_is_not_over():
    known = alert(Trouble(Kind.SERVICE, "imaker", "3 results wait for imaker."))
    assert not change([known], Look([], {"service"}), NOON + timedelta(days=2)).ended


def test_twenty_sources_that_go_down_one_after_the_other_are_one_message():
    down = [Trouble(Kind.SOURCE, f"s{n}/silent", f"The source s{n} is silent.") for n in range(20)]
    told, known = [], []
    for n in range(40):
        now = NOON + timedelta(seconds=5 * n)
        changed = change(known, Look(down[: n + 1]), now)
        told += [changed.begun] if changed.begun else []
        known = [replace(one, seen_at=now) for one in known]
        known += [alert(one, id=n, begun_at=now, told_at=None) for one in changed.new]
        known = [replace(one, told_at=now) if changed.begun and one.told_at is None else one for one in known]
    assert [len(one) for one in told] == [13, 7]  # a minute after the first, and a minute after the next
    at_once = change([alert(one, told_at=None) for one in down], Look(down), NOON + GATHER)
    assert at_once.begun == down


# What is in trouble


def test_trouble_is_what_the_report_and_the_watch_tell():
    report = replace(WELL, dead={"imaker": 2}, posts=(Posts("ours", "held", 1, 10.0, 10.0),), held=("a/2024-01-01",))
    standings = [
        Standing("us_texas", State.BLOCKED, NOON, "It answered 403."),
        Standing("us_ny_data", State.CHANGED, NOON, "No table.", "us_powerball"),
        Standing("fr_fdj", State.SILENT, NOON, "No connection."),
        Standing("at_win2day", State.LATE, NOON, "Late alone.", "at_lotto"),
        Standing("at_win2day", State.WELL, NOON, "It is read and agrees."),
        Standing("", State.LATE, NOON, "So it is with every source.", "de_lotto"),
    ]
    found = look(report, standings, ["a/2024-01-01"])
    assert {(one.kind, one.about): one.since for one in found.troubles} == {
        ("post", "ours/held"): None,
        ("dead", "imaker"): None,
        ("held", "a/2024-01-01"): None,
        ("source", "us_texas/blocked"): NOON,
        ("source", "us_ny_data/changed/us_powerball"): NOON,
        ("source", "fr_fdj/silent"): NOON,
        ("late", "de_lotto"): NOON,
    }


def test_while_the_queue_is_away_nobody_is_told_that_services_are_back():
    found = look(replace(WELL, queue_away="refused"), [], [])
    assert [one.kind for one in found.troubles] == ["queue"]
    assert set(found.blind) == {"service", "relay"}


@pytest.fixture
def house(database_url, redis_url, tmp_path) -> House:
    """A house of a practice world where it is the morning after the draw of the tests."""
    now = SEEN_AT + timedelta(hours=1)
    settings = Settings(data_dir=tmp_path)
    practice = Practice("http://127.0.0.1:1", lambda: now)
    return House(settings, database_url=database_url, redis_url=redis_url, practice=practice)


def test_a_held_draw_and_a_dead_letter_of_the_ledger_are_trouble_until_they_are_settled(house, open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            await record(ledger, known.lotteries["us_powerball"], [said("us_texas")], SEEN_AT)
            other = said("us_ny_data", {**VALUES, "main": (1, 2, 3, 4, 5)})
            await record(ledger, known.lotteries["us_powerball"], [other], SEEN_AT)
            async with ledger.transaction() as conn:
                await dead.bury(
                    conn,
                    consumer="imaker",
                    stream="new_result",
                    event_id="x",
                    envelope=b"{}",
                    reason="no",
                    deliveries=8,
                    now=SEEN_AT,
                )
            first = await house.trouble([])
            assert first is not None
            kinds = {one.kind: one.about for one in first.troubles}
            assert kinds["held"] == "us_powerball/2024-11-02"
            assert kinds["dead"] == "imaker"
            # Long after the report stopped telling of it, the draw is still held.
            much_later = SEEN_AT + timedelta(days=30)
            house.world = lambda: much_later
            later = await house.trouble([alert(one) for one in first.troubles])
            assert ("held", "us_powerball/2024-11-02") in {one.key for one in later.troubles}
            forgotten = await house.trouble([])
            assert "held" not in {one.kind for one in forgotten.troubles}

    run(story())


# What is written, and brought


class Box:
    """A target that keeps what it is brought, and fails as it is told before or after it took it."""

    def __init__(self, *mishaps: tuple[str, Exception], name: str = "box") -> None:
        self.name = name
        self.mishaps = list(mishaps)
        self.taken: list[Notice] = []

    async def bring(self, notice: Notice) -> None:
        when, error = self.mishaps.pop(0) if self.mishaps else ("never", None)
        if when == "before" and error:
            raise error
        self.taken.append(notice)
        if when == "after" and error:
            raise error


class Scene:
    """Alerts on the test's ledger, under a clock to set and a world to put in trouble."""

    def __init__(self, ledger, clock: Clock, *boxes: Target) -> None:
        self.ledger, self.clock, self.boxes = ledger, clock, boxes
        self.wrong: list[Trouble] = []
        self.start()

    def start(self, **options) -> Alerts:
        """A new process."""

        async def find(_: Sequence[Alert]) -> Look:
            return Look(self.wrong)

        self.alerts = Alerts(self.ledger, find, self.boxes, self.clock, **HOUSE, **options)
        return self.alerts

    async def go(self, every: float = 1.0, **by: float) -> None:
        """Time passes, with a look after so many minutes, and what is due is brought."""
        until = self.clock.at + timedelta(**by)
        while self.clock.at < until:
            self.clock.go(minutes=every)
            await self.alerts.look()
            for box in self.boxes:
                while await self.alerts.bring(box):
                    pass


@pytest.fixture
def scene(open_ledger, clock) -> Callable:
    @asynccontextmanager
    async def opened(*boxes: Target) -> AsyncIterator[Scene]:
        async with open_ledger() as ledger:
            yield Scene(ledger, clock, *boxes)

    return opened


def test_a_trouble_is_told_once_daily_and_when_it_is_over_though_the_process_dies_in_between(scene):
    async def story():
        box = Box()
        async with scene(box) as here:
            here.wrong = [DOWN]
            for _ in range(40):
                here.start()
                await here.go(hours=1, every=30)
            here.wrong = []
            for _ in range(40):
                here.start()
                await here.go(minutes=1)
            return [(len(one.begun), len(one.still), len(one.over)) for one in box.taken]

    assert run(story()) == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]


def test_a_trouble_that_comes_back_is_a_new_one(scene):
    async def story():
        box = Box()
        async with scene(box) as here:
            for wrong in ([DOWN], [], [DOWN]):
                here.wrong = wrong
                await here.go(minutes=10)
            return [[len(one.begun), len(one.over)] for one in box.taken]

    assert run(story()) == [[1, 0], [0, 1], [1, 0]]


def test_what_is_not_delivered_is_tried_again_with_the_same_words_and_id(scene):
    async def story():
        box = Box(("before", NotDelivered("No.")), ("after", NotDelivered("Unclear.")))
        async with scene(box) as here, here.ledger.reading() as conn:
            here.wrong = [DOWN]
            await here.go(minutes=3)
            waiting = await alerts.undelivered(conn)
            here.wrong = [replace(DOWN, words="Otherwise by now.")]
            here.start()
            await here.go(minutes=10)
            return box.taken, waiting, await alerts.undelivered(conn)

    taken, (waiting,), left = run(story())
    assert (waiting.target, waiting.count, left) == ("box", 1, [])
    first, second = taken  # the first may have arrived, so it came again
    assert (first.id, first.text(), first.subject()) == (second.id, second.text(), second.subject())


def test_a_target_that_asks_for_time_gets_it_and_one_that_is_gone_is_left_alone(scene):
    async def story():
        patient, gone = Box(("before", NotDelivered("Later.", 7200.0)), name="patient"), Box(name="gone")
        gone.mishaps = [("before", Unwanted("It answered 410.")), ("before", AssertionError("asked again"))]
        async with scene(patient, gone) as here:
            here.wrong = [DOWN]
            await here.go(minutes=110, every=10)
            early = list(patient.taken)
            await here.go(minutes=30, every=10)
            return early, patient.taken, gone.taken

    early, later, gone = run(story())
    assert (early, len(later), gone) == ([], 1, [])


def test_what_could_not_be_brought_for_three_days_is_given_up(scene):
    async def story():
        box = Box(*[("before", NotDelivered("No."))] * 10_000)
        async with scene(box) as here, here.ledger.reading() as conn:
            here.wrong = [DOWN]
            await here.go(minutes=5)
            here.wrong = []
            for _ in range(4):
                here.clock.go(hours=GIVE_UP / timedelta(hours=4))
                await here.go(minutes=1)
            for _ in range(8):
                here.clock.at += LONGEST_WAIT
                await here.go(minutes=1)
            rows = await conn.execute("SELECT given_up_at IS NOT NULL AS given_up FROM delivery ORDER BY due_at")
            return [row["given_up"] async for row in rows]

    assert True in run(story())


def test_a_target_that_breaks_its_contract_is_tried_again_like_any_other(scene):
    async def story():
        box = Box(("before", KeyError("oops")))
        async with scene(box) as here:
            here.wrong = [DOWN]
            await here.go(minutes=5)
            return box.taken

    with capture_logs():
        assert len(run(story())) == 1


def test_a_target_that_hangs_holds_up_nobody_and_of_two_processes_one_tells(scene):
    class Hung(Box):
        async def bring(self, notice: Notice) -> None:
            await asyncio.Event().wait()

    async def story():
        box = Box()
        async with scene(Hung(name="hung"), box) as here:
            here.wrong = [DOWN]
            working = [asyncio.ensure_future(here.start(every=0.02, poll=0.02).run()) for _ in range(2)]
            try:
                async with asyncio.timeout(20):
                    while not box.taken:
                        here.clock.go(seconds=40)
                        await asyncio.sleep(0.05)
                    await asyncio.sleep(0.3)
            finally:
                for one in working:
                    one.cancel()
                await asyncio.gather(*working, return_exceptions=True)
            return len([one for one in box.taken if one.begun])

    assert run(story()) == 1


def test_without_a_target_the_log_tells_it_once(scene):
    async def story():
        async with scene() as here:
            here.wrong = [DOWN]
            await here.go(hours=2, every=10)
            here.wrong = []
            await here.go(hours=2, every=10)

    with capture_logs() as logs:
        run(story())
    assert [(one["event"], one["log_level"]) for one in logs] == [("trouble", "warning"), ("trouble is over", "info")]
    assert logs[0]["why"] == DOWN.words


# The words


def test_nothing_a_source_said_steers_a_header_a_terminal_or_the_direction_of_writing():
    nasty = "It said:\r\nBcc: all@evil.example\x1b[2J\u202egnp\u0000 " + "x" * 10_000
    notice = Notice(uuid4(), NOON, "https://lotto.example", "live", begun=[Line("source", nasty, nasty)])
    for text in (notice.subject(), clean(nasty), notice.body()["data"]["begun"][0]["about"]):
        assert all(sign.isprintable() for sign in text)
    assert len(notice.subject()) <= 120
    assert len(notice.text()) < 1500
    assert "\nBcc" not in notice.text()


def test_a_flood_is_told_by_number_and_reads_the_same_after_it_was_kept():
    lines = [Line("held", f"a/{n}", f"Sources disagree about a/{n}.", NOON) for n in range(MOST + 20)]
    notice = Notice(uuid4(), NOON, "https://lotto.example", "live", begun=lines)
    kept = Notice.read(notice.id, json.loads(json.dumps(notice.body())))
    assert "- and 20 more" in notice.text()
    assert (kept.text(), kept.subject(), kept.body()) == (notice.text(), notice.subject(), notice.body())


# Webhooks


def test_the_signature_is_that_of_standard_webhooks():
    at = datetime.fromtimestamp(1614265330, UTC)
    made = signature.headers([signature.key(SECRET)], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def webhook(here: Site, out, path: str = "/hook") -> Target:
    (found,) = targets.read([local(here, path)], out, lambda: NOON, secret=SECRET)
    return found


def test_a_webhook_is_posted_signed_and_known_again_by_its_id():
    async def story():
        async with site(hook=page(status=204)) as here, door(here) as out:
            target = webhook(here, out)
            notice = Notice(uuid4(), NOON, "https://lotto.example", "live", begun=[Line("late", "a", "a is late.")])
            await target.bring(notice)
            await target.bring(notice)
            return here.asked, notice

    (one, two), notice = run(story())
    signed = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode() + one.content
    expected = hmac.new(b64decode(SECRET.removeprefix("whsec_")), signed, sha256).digest()
    # The test's server writes headers in lower case.
    assert one.headers["webhook-signature"] == f"v1,{b64encode(expected).decode()}".lower()
    assert one.headers["webhook-id"] == two.headers["webhook-id"] == f"msg_{notice.id.hex}"
    assert (one.method, one.headers["content-type"]) == ("POST", "application/json")
    assert json.loads(one.content)["data"]["begun"][0]["words"] == "a is late."


@pytest.mark.parametrize(
    ("handler", "error", "wait"),
    [
        (page(status=500), NotDelivered, None),
        (page(status=404), NotDelivered, None),
        (page(status=302, location="http://127.0.0.1/"), NotDelivered, None),
        (page(status=429, retry_after="120"), NotDelivered, 120.0),
        (page(status=410), Unwanted, None),
        (silence, NotDelivered, None),
    ],
)
def test_only_a_2xx_of_a_webhook_is_an_arrival(handler, error, wait):
    async def story():
        async with site(s3cret=handler) as here, door(here) as out:
            target = webhook(here, out, "/s3cret")
            with pytest.raises(error) as failed:
                await target.bring(trial("https://lotto.example", "live", NOON))
            return failed.value, len(here.asked), target

    failed, asked, target = run(story())
    assert (failed.wait, asked, type(failed)) == (wait, 1, error)
    assert "s3cret" not in f"{failed} {target!r} {target.name}"


# Mail


class Postman:
    """The handler of a mail server: keeps what it takes, or says what it is told to say."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.taken: list[Envelope] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.in_the_clear: list[bool] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        self.taken.append(envelope)
        self.in_the_clear.append(session.ssl is None)
        return self.answer

    def login(self, _: SMTP, session: Session, __: Envelope, mechanism: str, data) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"s3cret word", handled=False)


@asynccontextmanager
async def mail_server(postman: Postman, certificate=None, *, starttls: bool = True, wrapped: bool = False):
    """A real SMTP server on the loopback; its port."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    class Served(SMTP):
        def connection_made(self, transport) -> None:
            transports.append(transport)
            super().connection_made(transport)

    transports: list[asyncio.Transport] = []

    def made() -> SMTP:
        return Served(
            postman,
            hostname="mail.test",
            tls_context=context if starttls and not wrapped else None,
            authenticator=postman.login,
            auth_require_tls=False,
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0, ssl=context if wrapped else None)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for transport in transports:
            transport.abort()
        await asyncio.sleep(0.01)


def posted(postman: Postman, url: str, notice: Notice, certificate=None, **options):
    """Brings a notice by mail to a server; `PORT` in the URL is its port. Returns the failure, if there is one."""

    async def story():
        trust = {"trust": trusting(certificate)} if certificate else {}
        async with (
            mail_server(postman, certificate, **options) as port,
            door(allow=["127.0.0.1:*", "localhost:*"], **trust) as out,
        ):
            (target,) = targets.read(
                ["mailto:ops@example.org"],
                out,
                lambda: NOON,
                smtp=url.replace("PORT", str(port)),
                sender="lotto@example.org",
            )
            try:
                await target.bring(notice)
            except NotDelivered as error:
                return str(error)
            return None

    return run(story())


def test_a_letter_arrives_whole_over_starttls_and_with_the_password(certificate):
    postman = Postman()
    nasty = Line("source", "s", "It said\r\nBcc: all@evil.example")
    notice = Notice(uuid4(), NOON, "https://lotto.example", "live", begun=[nasty, Line("late", "ö", "ö is late.")])
    assert posted(postman, "smtp://lotto:s3cret%20word@127.0.0.1:PORT", notice, certificate) is None
    (envelope,) = postman.taken
    letter = message_from_bytes(envelope.content, policy=policy.default)
    assert (postman.logins, postman.in_the_clear) == ([(b"lotto", b"s3cret word")], [False])
    assert (envelope.mail_from, envelope.rcpt_tos) == ("lotto@example.org", ["ops@example.org"])
    assert letter["Subject"] == "[Lotto] It said Bcc: all@evil.example (and 1 more)"
    assert letter["Message-ID"] == f"<{notice.id}@example.org>"
    assert (letter["Bcc"], letter["Auto-Submitted"]) == (None, "auto-generated")
    assert "- ö is late." in letter.get_content()


def test_a_letter_goes_over_tls_from_the_first_byte(certificate):
    postman = Postman()
    notice = trial("https://lotto.example", "live", NOON)
    assert posted(postman, "smtps://lotto:s3cret%20word@127.0.0.1:PORT", notice, certificate, wrapped=True) is None
    assert len(postman.taken) == 1


def test_a_server_of_this_machine_without_password_takes_it_in_the_clear():
    postman = Postman()
    assert posted(postman, "smtp://127.0.0.1:PORT", trial("https://lotto.example", "live", NOON)) is None
    assert postman.in_the_clear == [True]


@pytest.mark.parametrize("trusted", [True, False])
def test_a_password_is_never_said_where_somebody_may_listen(certificate, tmp_path, trusted):
    postman = Postman()
    notice = trial("https://lotto.example", "live", NOON)
    url = "smtp://lotto:s3cret%20word@127.0.0.1:PORT"
    if trusted:  # a server without STARTTLS, or somebody who took it away
        failed = posted(postman, url, notice, starttls=False)
    else:  # a certificate that nobody vouches for
        failed = posted(postman, url.replace("127.0.0.1", "localhost"), notice, certificate)
    assert failed
    assert "s3cret" not in failed
    assert (postman.logins, postman.taken) == ([], [])


@pytest.mark.parametrize(
    ("url", "answer", "says"),
    [
        ("smtp://lotto:wrong@127.0.0.1:PORT", "250 OK", "127.0.0.1 answered 535"),
        ("smtp://lotto:s3cret%20word@127.0.0.1:PORT", "550 We know s3cret word", "127.0.0.1 answered 550: We know …"),
        ("smtp://lotto:s3cret%20word@127.0.0.1:PORT", "451 Later", "127.0.0.1 answered 451"),
        ("smtp://127.0.0.1:1", "", "127.0.0.1 port 1 could not be reached"),
    ],
)
def test_what_a_mail_server_refuses_is_told_without_the_password(certificate, url, answer, says):
    failed = posted(Postman(answer), url, trial("https://lotto.example", "live", NOON), certificate)
    assert failed
    assert failed.startswith(says)
    assert "s3cret" not in failed


# What the operator writes


@pytest.mark.parametrize(
    ("entry", "settings", "says"),
    [
        ("ftp://x", {}, "Entry 1 of LOTTO_ALERTS is neither"),
        ("https://hooks.example/s3cret", {}, "LOTTO_ALERTS_SECRET is not set"),
        ("https://hooks.example/s3cret", {"secret": "s3cret"}, "LOTTO_ALERTS_SECRET cannot be used: it is not whsec_"),
        ("https://hooks.example/s3cret", {"secret": "whsec_czNjcmV0"}, "LOTTO_ALERTS_SECRET cannot be used"),
        ("http://hooks.example/s3cret", {"secret": SECRET}, "the webhook at hooks.example is not https"),
        ("http://93.184.215.14/s3cret", {"secret": SECRET}, "the webhook at 93.184.215.14 is not https"),
        ("https://ops:s3cret@hooks.example/", {"secret": SECRET}, "without user and fragment"),
        ("https:///s3cret", {"secret": SECRET}, "is written like https://host/path"),
        ("mailto:ops@example.org", {}, "LOTTO_SMTP_URL is not set"),
        ("mailto:ops@example.org", {"smtp": "smtp://mail"}, "LOTTO_ALERTS_FROM is not set"),
        ("mailto:ops@example.org", {"smtp": "smtp://mail", "sender": "s3cret"}, "LOTTO_ALERTS_FROM is not set"),
        ("mailto:ops", {"smtp": "smtp://a%40b.example:s3cret@mail"}, "a mailbox is written like"),
        ("mailto:ops@example.org?cc=x@y.example", {"smtp": "smtp://a%40b.example:s3cret@mail"}, "a mailbox is written"),
        ("mailto:o\r\nBcc: x@y.example", {"smtp": "smtp://a%40b.example:s3cret@mail"}, "a mailbox is written like"),
        ("mailto:ops@example.org", {"smtp": "https://u:s3cret@mail"}, "LOTTO_SMTP_URL cannot be used"),
        ("mailto:ops@example.org", {"smtp": "smtp://u:s3cret@mail:99999"}, "LOTTO_SMTP_URL cannot be used"),
        ("mailto:ops@example.org", {"smtp": "smtp://s3cret@mail"}, "LOTTO_SMTP_URL cannot be used"),
    ],
)
def test_a_target_that_cannot_be_used_is_told_in_a_sentence_without_a_secret(entry, settings, says):
    with pytest.raises(BadTarget) as bad:
        targets.read([entry], door(), lambda: NOON, **settings)
    assert says in str(bad.value)
    assert "s3cret" not in str(bad.value).replace("ops:s3cret", "")
    assert str(bad.value).endswith(".")


def test_settings_show_no_secret():
    settings = Settings(
        alerts=("https://hooks.example/s3cret",), alerts_secret="whsec_s3cret", smtp_url="smtps://u:s3cret@mail.example"
    )
    assert "s3cret" not in f"{settings!r} {settings}"


# The commands


def test_alerts_lists_what_is_open_and_what_has_not_arrived(lotto, scene):
    assert lotto("alerts") == (0, "Nothing is open.\n", "")

    async def story():
        box = Box(*[("before", NotDelivered("It answered 500."))] * 9)
        async with scene(box) as here:
            here.wrong = [DOWN]
            await here.go(minutes=3)

    with capture_logs():
        run(story())
    code, out, err = lotto("alerts")
    assert (code, err) == (0, "")
    assert "The source us_texas is blocked: It answered 403.  2024-11-03 04:01  2024-11-03 04:02" in out
    assert "1 message has not reached box yet. It answered 500." in out
    told = json.loads(lotto("alerts", "--json")[1])
    assert [one["about"] for one in told["open"]] == ["us_texas/blocked"]
    assert [one["count"] for one in told["undelivered"]] == [1]


def test_alerts_test_says_how_it_went(lotto, monkeypatch):
    monkeypatch.delenv("LOTTO_ALERTS", raising=False)
    code, _, err = lotto("alerts", "test")
    assert (code, err) == (1, "lotto: LOTTO_ALERTS is not set: there is nobody to tell.\n")
    monkeypatch.setenv("LOTTO_ALERTS", '["http://127.0.0.1:1/s3cret"]')
    monkeypatch.setenv("LOTTO_ALLOW", '["127.0.0.1:1"]')
    code, _, err = lotto("alerts", "test")
    assert code == 1
    assert err.startswith("lotto: LOTTO_ALERTS_SECRET is not set")
    monkeypatch.setenv("LOTTO_ALERTS_SECRET", SECRET)
    code, out, err = lotto("alerts", "test")
    assert (code, err) == (1, "")
    assert out.startswith("✗ webhook 127.0.0.1 #")
    assert "127.0.0.1 could not be reached" in out
    assert "s3cret" not in out


def test_the_doctor_says_who_is_told(lotto, monkeypatch):
    monkeypatch.delenv("LOTTO_ALERTS", raising=False)
    assert "nobody is told what needs a person" in lotto("doctor")[1]
    monkeypatch.setenv("LOTTO_ALERTS", '["https://hooks.example/s3cret"]')
    monkeypatch.setenv("LOTTO_ALERTS_SECRET", SECRET)
    out = lotto("doctor")[1]
    assert "webhook hooks.example #" in out
    assert "s3cret" not in out
    assert SECRET not in out
