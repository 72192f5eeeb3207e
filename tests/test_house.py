"""The whole house on the practice world, under fire: whoever dies, nothing is lost and nothing goes out twice."""

import asyncio
import json
import random
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx2
import psycopg
import pytest

from audit import Audit, named
from conftest import run
from live_page import LivePage
from lotto.draws.draw import Act, DrawKey
from lotto.engines import Engines
from lotto.house import House, wall_clock
from lotto.ledger import inbox, outbox, posts, webhooks
from lotto.ledger.ruling import rule
from lotto.ledger.webhooks import Wants, Webhook
from lotto.replay.networks import PracticeNetwork, serving
from lotto.seal import Seal
from lotto.services import Services
from lotto.webhooks.secrets import Secrets
from receiver import Receiver, receiving
from stage import DRAW, HEARER, Service, Stage, free_port, listening, living, meanwhile, until
from test_webhooks import event

SERVICES = ("scraper", "relay", "imaker", "publisher", "api")

DRAWS = 36
"""Played in the kill test."""

SEED = 18
"""Who is killed in which order and when."""


def visible(stage: Stage, draw: str) -> bool:
    """Whether a post of that draw went out."""
    return any(line["draw"] == draw for line in Audit(stage.database_url, stage.folder).journal())


def test_services_that_were_stopped_work_off_what_they_missed(stage: Stage) -> None:
    stage.start(*SERVICES)
    stage.play(2)
    stage.until_quiet()
    stage.stop("imaker", "publisher")
    missed = stage.play(5)
    until(lambda: stage.told() >= set(missed), "the results are told without imaker and publisher")
    until(lambda: not stage.unsaid() and stage.waiting("new_result") == 5, "the results wait for the imaker")
    found = stage.audit()
    for draw in missed:
        assert f"lost: {draw} has no og card" in found
        assert f"lost: 0 posts of {draw} in the journal" in found
        assert f"lost: the API does not show {draw}" not in found
    assert not any("as the latest" in one for one in found)
    stage.start("imaker", "publisher")
    stage.until_quiet()
    assert stage.audit() == []
    stage.stop(*SERVICES)


def test_one_event_is_followed_by_its_id_from_recorded_to_posted_through_every_log(stage: Stage) -> None:
    stage.start(*SERVICES)
    (draw,) = stage.play()
    stage.until_quiet()
    (told,) = stage.ask(f"SELECT event_id::text FROM outbox WHERE type = 'new_result' AND {DRAW} = %s", draw)
    (answer,) = stage.ask(f"SELECT event_id::text FROM outbox WHERE type = 'image_ready' AND {DRAW} = %s", draw)

    def lines(service: str, event_id: str) -> list[tuple[str, dict[str, str]]]:
        """What that service said of that event, or of what answers it, and with which fields."""
        said = [line for line in stage.services[service].said.splitlines() if f"={event_id}" in line]
        return [
            (line.partition("] ")[2].split("  ")[0].partition(" account=")[0], dict(re.findall(r"(\w+)=(\S+)", line)))
            for line in said
        ]

    followed = [
        (service, *line) for service in ("scraper", "relay", "imaker", "publisher") for line in lines(service, told)
    ]
    assert [(service, words) for service, words, _ in followed] == [
        ("scraper", "recorded"),
        ("relay", "said"),
        ("imaker", "cards ready"),
        ("publisher", "planned"),
        ("publisher", "posted"),
    ]
    assert all(fields["draw"] == draw and "event_id" in fields for _, _, fields in followed)
    assert all(fields["account"] == "paper" for service, _, fields in followed if service == "publisher")
    planned = next(fields for _, words, fields in followed if words == "planned")
    assert (planned["event_id"], planned["cause"]) == (answer, told)
    assert [words for words, _ in lines("relay", answer)] == ["said"]
    stage.stop(*SERVICES)


@contextmanager
def held_up(stage: Stage, table: str, when: str) -> Iterator[None]:
    """Nothing is written to that table where `when` holds; who waits to write at the end is cut off."""
    with psycopg.connect(stage.database_url, autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(1)")
        conn.execute(
            """CREATE OR REPLACE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$"""
        )
        conn.execute(
            f"""CREATE TRIGGER held_up BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW WHEN ({when})
                EXECUTE FUNCTION wait_for_test()"""
        )
        yield
        conn.execute(
            """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event = 'advisory'"""
        )
        conn.execute(f"DROP TRIGGER held_up ON {table}")


def strike_scraper(stage: Stage, _: LivePage) -> None:
    """Killed when a draw is out that it has not seen."""
    stage.services["scraper"].freeze()
    (draw,) = stage.play()
    assert draw not in stage.told()
    stage.replace("scraper")


def strike_relay(stage: Stage, _: LivePage) -> None:
    """Killed when it has events to say."""
    stage.services["relay"].freeze()
    stage.play()
    until(stage.unsaid, "an event waits for the relay")
    stage.replace("relay")


def strike_relay_at_work(stage: Stage, _: LivePage) -> None:
    """Killed when it has said an event and the ledger does not know: the event is worked off, and said once more."""
    with held_up(stage, "outbox", "NEW.published_at IS NOT NULL"):
        stage.play()
        until(stage.heard_unsaid, "an event is worked off and not noted as said")
        stage.services["relay"].kill()
    assert stage.heard_unsaid() == 1
    stage.start("relay")


def strike_imaker(stage: Stage, _: LivePage) -> None:
    """Killed when it has a result in hand."""
    stage.services["imaker"].freeze()
    stage.play()
    until(lambda: stage.waiting("new_result"), "a result waits for the imaker")
    stage.replace("imaker")


def strike_imaker_at_work(stage: Stage, _: LivePage) -> None:
    """Killed when the pictures are in the store and the ledger does not know them yet."""
    with held_up(stage, "inbox", "NEW.consumer = 'imaker'"):
        stored = stage.pictures()
        stage.play()
        until(lambda: stage.pictures() == stored + 2, "the pictures are in the store")
        stage.services["imaker"].kill()
    assert stage.pending("new_result") == 1
    stage.start("imaker")


def strike_publisher(stage: Stage, _: LivePage) -> None:
    """Killed when it has cards in hand."""
    stage.services["publisher"].freeze()
    stage.play()
    until(lambda: stage.waiting("image_ready"), "cards wait for the publisher")
    stage.replace("publisher")


def strike_publisher_at_work(stage: Stage, _: LivePage) -> None:
    """Killed when a post is out and the ledger does not know: it must find it, and not send it again."""
    with held_up(stage, "post", "NEW.state = 'sent'"):
        (draw,) = stage.play()
        until(lambda: visible(stage, draw), "the post is out")
        stage.services["publisher"].kill()
    assert stage.ask("SELECT state FROM post WHERE state <> 'sent'") == ["sending"]
    stage.start("publisher")


def strike_api(stage: Stage, page: LivePage) -> None:
    """Killed when it has not told a live page the newest event."""
    stage.services["api"].freeze()
    stage.play()
    until(lambda: stage.position() > page.position, "an event was said that the page has not heard")
    stage.replace("api")


def strike_valkey(stage: Stage, _: LivePage) -> None:
    """Killed when an event lies in it; the event must lie in it when it is back."""
    stage.services["imaker"].freeze()
    stage.play()
    until(lambda: stage.waiting("new_result"), "a result waits for the imaker")
    stage.replace_engine("valkey")
    until(lambda: stage.waiting("new_result"), "the result is still there")
    stage.services["imaker"].thaw()


def strike_postgres(stage: Stage, _: LivePage) -> None:
    """Killed when it holds an event that nobody has said; it must hold it when it is back."""
    stage.services["relay"].freeze()
    stage.play()
    until(stage.unsaid, "an event waits for the relay")
    stage.replace_engine("postgres")
    until(stage.unsaid, "the event is still there")
    stage.services["relay"].thaw()


def wipe(stage: Stage, _: LivePage) -> None:
    """The queue forgets everything when on either stream an event lies that its hearer was never given."""
    imaker, publisher = stage.services["imaker"], stage.services["publisher"]
    publisher.freeze()
    stage.play(2)  # the first may be on its way to the publisher already, who then has it whatever the queue forgets
    until(lambda: stage.unread("image_ready"), "cards wait that were not handed out")
    imaker.freeze()
    stage.play(2)
    until(lambda: stage.unread("new_result"), "a result waits that was not handed out")
    with stage.broker() as broker:
        broker.flushall()
    imaker.thaw()
    publisher.thaw()


def hand_out_again(stage: Stage, _: LivePage) -> None:
    """The queue gives out everything from its beginning, on top of what waits."""
    stage.services["publisher"].freeze()
    stage.play()
    until(lambda: stage.waiting("image_ready"), "cards wait for the publisher")
    with stage.broker() as broker:
        for stream, hearer in HEARER.items():
            broker.xgroup_setid(stream, hearer, "0")
    stage.services["publisher"].thaw()


@pytest.mark.timeout(400)
def test_whoever_is_killed_nothing_is_lost_and_nothing_goes_out_twice(stage: Stage) -> None:
    chance = random.Random(SEED)
    strikes: list[Callable[[Stage, LivePage], None]] = [
        strike_scraper,
        strike_relay,
        strike_relay_at_work,
        strike_imaker,
        strike_imaker_at_work,
        strike_publisher,
        strike_publisher_at_work,
        strike_api,
        strike_valkey,
        strike_postgres,
        wipe,
        hand_out_again,
    ]
    chance.shuffle(strikes)
    stage.start(*SERVICES)
    with LivePage(stage.port) as page:
        for strike in strikes:
            stage.play(2)
            stage.until_quiet()
            until(lambda: page.position == stage.position(), "the live page has heard everything")
            strike(stage, page)
        stage.until_quiet()
        while len(stage.played) < DRAWS:
            stage.play(4)
            for victim in chance.sample([*SERVICES, "valkey"], 2):
                time.sleep(chance.uniform(0.0, 0.5))  # no waiting for anything: the blow falls where it falls
                if victim == "valkey":
                    stage.replace_engine(victim)
                else:
                    stage.replace(victim)
            stage.until_quiet()
        hear_everything_again(stage)
        until(lambda: page.position == stage.position(), "the live page has heard everything")
    assert stage.audit() == []
    assert len(stage.played) >= DRAWS
    assert [position for position, _ in page.heard] == list(range(1, stage.position() + 1))
    assert {draw for _, draw in page.heard} >= set(stage.played)
    assert page.lines > 1
    stage.stop(*SERVICES)


def hear_everything_again(stage: Stage) -> None:
    """Says every event once more, all of which were worked off before, and sees each handed out again."""
    assert stage.unfinished() == []
    with stage.broker() as broker:
        for stream in HEARER:
            events = stage.events(stream)
            assert len(events) >= len(stage.played)
            before = broker.xinfo_stream(stream)["last-generated-id"]
            for event_id, document in events:
                broker.xadd(stream, {"id": event_id, "event": document})
            until(lambda stream=stream: not stage.waiting(stream), f"everything on {stream} was heard")
            again = {fields["id"] for _, fields in broker.xrange(stream, min=f"({before}")}
            assert again >= {event_id for event_id, _ in events}


def test_a_standby_speaks_when_the_speaker_dies(stage: Stage) -> None:
    stage.start("scraper")
    stage.start("relay", named="first")
    until(stage.speaker, "the first relay speaks")
    stage.start("relay", named="second")
    speakers = [stage.speaker()]
    for speaking, standby in (("first", "second"), ("second", "first")):
        until(stage.standbys, "the other relay asks for its turn")
        stage.services[speaking].freeze()
        draws = stage.play(2)
        until(lambda draws=draws: stage.told() >= set(draws) and stage.unsaid() >= 2, "the events wait")
        assert stage.speaker() == speakers[-1]
        stage.services[speaking].kill()
        until(lambda: not stage.unsaid(), "the standby has said them")
        speakers.append(stage.speaker())
        assert stage.services[standby].lives
        stage.start("relay", named=speaking)
    assert len(set(speakers)) == 3
    told = stage.ask("SELECT position FROM outbox ORDER BY published_at, position")
    assert told == list(range(1, len(told) + 1))
    entries = stage.ask("SELECT entry_id FROM outbox ORDER BY position")
    assert entries == sorted(entries, key=lambda entry: tuple(map(int, entry.split("-"))))


@pytest.mark.parametrize("reconciles", [True, False])
def test_a_wiped_queue_loses_what_waits_in_it_only_without_a_reconciler(stage: Stage, reconciles: bool) -> None:
    house = stage.house(reconcile_seconds=0.5 if reconciles else 86_400)
    with meanwhile(Services(house).run(["scraper", "relay"])):
        lost = stage.play(3)
        until(lambda: stage.told() >= set(lost) and not stage.unsaid(), "the results were said")
        assert stage.unread("new_result") >= 3
        with stage.broker() as broker:
            broker.flushall()
        with meanwhile(Services(house).run(["imaker", "publisher"])):
            if reconciles:
                stage.until_quiet()
                assert stage.audit(api=False) == []
                return
            (later,) = stage.play()
            until(lambda: stage.posted(later) and not stage.waiting("image_ready"), "the next draw is posted")
    found = stage.audit(api=False)
    for draw in lost:
        assert f"lost: {draw} has no og card" in found
        assert f"lost: 0 posts of {draw} in the journal" in found
    assert not any(later in one for one in found)


def test_cards_that_the_ledger_lost_are_drawn_again_though_the_queue_is_wiped_meanwhile(stage: Stage) -> None:
    house = stage.house(reconcile_seconds=0.5)
    with meanwhile(Services(house).run(["scraper", "relay"])):
        with meanwhile(Services(house).run(["imaker", "publisher"])):
            stage.play()
            stage.until_quiet()
        stage.tell("DELETE FROM card")
        stage.tell("DELETE FROM outbox WHERE type = 'image_ready'")
        until(lambda: stage.waiting("new_result"), "the result is said again")
        with stage.broker() as broker:
            broker.flushall()
        with meanwhile(Services(house).run(["imaker", "publisher"])):
            stage.until_quiet()
    assert stage.audit(api=False) == []


@pytest.mark.parametrize("inbox_remembers", [True, False])
@pytest.mark.parametrize("posts_are_unique", [True, False])
def test_what_is_heard_twice_goes_out_twice_only_without_inbox_and_unique_posts(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, inbox_remembers: bool, posts_are_unique: bool
) -> None:
    if not inbox_remembers:
        forget_what_was_heard(monkeypatch)
    if not posts_are_unique:
        forget_what_was_posted(monkeypatch)
        stage.tell("DROP INDEX post_once")
        stage.tell("ALTER TABLE post DROP CONSTRAINT post_once_a_revision")
    with meanwhile(Services(stage.house()).run(["scraper", "relay", "imaker", "publisher"])):
        draws = stage.play(2)
        stage.until_quiet()
        assert stage.audit(api=False) == []
        hear_everything_again(stage)
        stage.until_quiet()
    found = stage.audit(api=False)
    if inbox_remembers or posts_are_unique:
        assert found == []
    else:
        for draw in draws:
            assert f"twice: 2 posts of {draw} in the journal" in found


def forget_what_was_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the memory out of the inbox: whatever comes is new to everyone."""
    take = inbox.take

    async def new(*row: Any) -> bool:
        await take(*row)
        return True

    async def unheard(*_: Any) -> bool:
        return False

    monkeypatch.setattr(inbox, "take", new)
    monkeypatch.setattr(inbox, "has", unheard)


def forget_what_was_posted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives every post a key of its own, and lets nobody look for the first one of a draw."""

    async def unposted(*_: Any) -> None:
        return None

    monkeypatch.setattr(posts, "post_id", lambda *_: uuid4())
    monkeypatch.setattr(posts, "first", unposted)


@dataclass
class Demo:
    """`lotto demo` in one process, at home in a folder, on a port."""

    home: Path
    port: int
    runs: list[Service] = field(default_factory=list)

    def start(self, **environment: str) -> Service:
        """Starts it, or starts it again."""
        environment = {"LOTTO_DATA_DIR": str(self.home), "LOTTO_PORT": str(self.port), **environment}
        arguments = ["demo", "--chapters", "bench", "--every", "1"]
        self.runs.append(Service(arguments, environment, self.home / f"run{len(self.runs)}.log"))
        return self.runs[-1]

    def stop(self, run: Service) -> None:
        """Ctrl-C, after which nobody and nothing may be left of it."""
        family = run.family()
        ports = listening(family)
        assert len(family) > 2
        assert self.port in ports or not Path("/proc/net/tcp").exists()
        run.interrupt()
        assert run.wait(10.0) == 0, run.said
        assert "Traceback" not in run.said
        assert living(family) == set()
        for left in {self.port, *ports}:
            with socket.socket() as probe:
                assert probe.connect_ex(("127.0.0.1", left)) != 0
        assert [path for path in self.home.rglob("*") if path.is_socket()] == []

    def posted(self) -> list[str]:
        """The draws that went out, in order."""
        journal = self.home / "bench" / "paper" / "journal.jsonl"
        lines = journal.read_text().split("\n") if journal.exists() else []
        return [json.loads(line)["text"].rpartition("/en/")[2] for line in lines if line]

    def moment(self) -> datetime:
        """The instant that its world stands at."""
        return datetime.fromisoformat(json.loads((self.home / "bench" / "world.json").read_text())["at"])


@pytest.fixture
def demo() -> Iterator[Demo]:
    """A demo that was never started."""
    with TemporaryDirectory(prefix="lotto-demo-") as folder:
        Path(folder).chmod(0o755)  # the engines may run under another account, which must get in
        demo = Demo(Path(folder), free_port())
        yield demo
        for run in demo.runs:
            if run.lives:
                run.kill()


def test_the_demo_stops_in_time_and_goes_on_where_it_was(demo: Demo) -> None:
    run = demo.start()
    until(lambda: len(demo.posted()) >= 3, "the demo has posted three draws")
    demo.stop(run)
    before, at = demo.posted(), demo.moment()
    run = demo.start()
    until(lambda: len(demo.posted()) >= len(before) + 3, "the demo has posted three more")
    assert demo.moment() > at
    with httpx2.Client(base_url=f"http://127.0.0.1:{demo.port}", trust_env=False) as site:
        shown = {named(post) for post in site.get("/api/v1/posts?limit=200").json()["items"]}
        assert shown >= set(before)
    demo.stop(run)
    after = demo.posted()
    assert after[: len(before)] == before
    assert len(set(after)) == len(after)
    with Engines(demo.home / "bench" / "engines", valkey=False) as engines:
        assert engines.database_url
        found = Audit(engines.database_url, demo.home / "bench").findings(before)
    # The last draw may have been on its way when the demo was stopped; all before it went through.
    unfinished = {one.words for one in found if one.kind == "lost"}
    assert [one for one in found if one.kind != "lost"] == []
    assert not any(draw in words for words in unfinished for draw in before)


def test_a_demo_that_cannot_have_its_place_says_so_in_a_sentence(demo: Demo) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", demo.port))
        taken.listen()
        refused = demo.start()
        assert refused.wait(60.0) == 1
    assert f"lotto: Port {demo.port} of 127.0.0.1 cannot be used" in refused.said
    assert "set LOTTO_PORT to another" in refused.said
    run = demo.start()
    until(demo.posted, "the demo has posted a draw")
    second = demo.start(LOTTO_PORT=str(free_port()))
    assert second.wait(30.0) == 1
    assert f"is in use by process {run.pid}: stop that one first" in second.said
    assert run.lives
    demo.stop(run)
    for one in demo.runs:
        assert "Traceback" not in one.said
        assert one.alone


def say(stage: Stage, draw: str, act: Act, **more: Any) -> None:
    """A person's word on that draw."""

    async def said() -> None:
        house = stage.house()
        lottery, key = house.catalogue.lotteries[draw.split("/")[0]], DrawKey.parse(draw)
        async with house.look("test") as ledger:
            await rule(ledger, lottery, key, act, by="Ana", reason="A ball was missing.", now=stage.clock.now(), **more)

    asyncio.run(said())


def test_a_void_takes_posts_down_where_that_can_be_and_is_told_below_them_elsewhere(stage: Stage) -> None:
    lags = {"timeline": (0.0, 0.0), "blind": None}
    theirs = {name: PracticeNetwork(stage.folder / f"{name}.jsonl", wall_clock, lag=lag) for name, lag in lags.items()}
    address = free_port()

    async def serve() -> None:
        async with serving(theirs, address):
            await asyncio.Event().wait()

    def done(kind: str) -> Callable[[], bool]:
        return lambda: (
            set(stage.ask("SELECT account FROM post WHERE kind = %s AND state = 'sent'", kind)) >= posted[kind]
        )

    posted = {"create": {"timeline", "blind"}, "remove": {"timeline"}, "follow_up": {"blind"}}
    (stage.folder / "accounts.toml").write_text(
        f"""[accounts.timeline]
            network = "practice"
            server = "http://127.0.0.1:{address}/timeline"
            [accounts.blind]
            network = "practice"
            server = "http://127.0.0.1:{address}/blind"
            blind = true
        """
    )
    stage.environment["LOTTO_ACCOUNTS_FILE"] = str(stage.folder / "accounts.toml")
    with meanwhile(serve()):
        stage.start("scraper", "relay", "imaker", "publisher")
        (draw,) = stage.play()
        until(done("create"), f"{draw} is posted")
        say(stage, draw, Act.VOID)
        until(done("remove"), f"the post of {draw} is taken down")
        until(done("follow_up"), f"the blind network is told that {draw} is void")
        assert theirs["timeline"].posts == []
        first, second = theirs["blind"].posts
        assert second.answers == first.id
        assert second.text.startswith("Void: ")
        assert stage.count("SELECT count(*) FROM card") == stage.count("SELECT count(*) FROM card WHERE revision = 1")
        say(stage, draw, Act.APPROVE, choose=lambda said: dict(said[0].numbers))
        posted["follow_up"] = {"timeline", "blind"}
        until(done("follow_up"), f"{draw} is posted again")
        assert [post.answers for post in theirs["timeline"].posts] == [None]
        stage.stop("scraper", "relay", "imaker", "publisher")


@pytest.mark.timeout(300)
def test_a_publisher_that_is_killed_and_a_queue_that_dies_lose_no_message(stage: Stage) -> None:
    """At most the message in hand comes twice, and it is known by its id."""
    events = 40
    here: list[Receiver] = []

    async def receive() -> None:
        async with receiving(usual=0.05) as one:
            here.append(one)
            await asyncio.Event().wait()

    async def subscribed(house: House) -> None:
        async with house.ledger("test") as ledger, ledger.reading() as conn:
            new = uuid4()
            sealed = Secrets.made().sealed(Seal.made(house.settings.secret_key), new)
            await webhooks.add(conn, Webhook(new, None, here[0].url, "", Wants(), sealed, None, 0, wall_clock()))

    async def written(house: House, first: int) -> None:
        async with house.ledger("test") as ledger, ledger.transaction() as conn:
            for n in range(first, first + events // 2):
                await outbox.say(conn, event(n))

    with meanwhile(receive()):
        until(lambda: here, "the receiver listens")
        run(subscribed(stage.house()))
        stage.start("relay", "publisher")
        run(written(stage.house(), 0))
        until(lambda: len(here[0].came) >= 3, "some are told", 120.0)
        stage.replace("publisher")
        stage.replace_engine("valkey")
        run(written(stage.house(), events // 2))
        told = "SELECT count(*) FROM webhook_delivery WHERE state = 'delivered'"
        until(lambda: stage.count(told) == events, "all are told", 120.0)
        assert stage.count("SELECT count(*) FROM webhook_delivery") == events
        came = here[0].came
        assert sorted({one.event["data"]["update"] for one in came}) == [*range(events)]
        assert len({one.id for one in came}) == events
        assert len(came) <= events + 1
