"""Chaos: everything dies, forgets and loses answers, over and over; an audit that knows no code of ours looks on.

`make test` runs each story short, `make chaos` (LOTTO_CHAOS=full) as long as the promise says. LOTTO_SEED repeats one.
"""

import asyncio
import json
import os
import random
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import psycopg
import pytest
import redis as redis_sync
from redis.asyncio import Redis

from audit import Audit, draw_of, named
from conftest import new_database, past
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.engines import Engines
from lotto.events import Event, Type
from lotto.house import wall_clock
from lotto.ledger import accounts, outbox
from lotto.ledger.connection import Ledger, prepare
from lotto.publisher import sender
from lotto.publisher.networks.paper import Paper
from lotto.publisher.sender import Sender
from lotto.publisher.service import Publisher
from lotto.relay.service import Relay
from lotto.replay.networks import Trouble
from lotto.services import Services
from lotto.streams import say
from lotto.streams.connect import connect
from lotto.streams.hear import Hearing
from lotto.streams.heard import Heard
from servers import losing_wire
from stage import HEARER, Stage, meanwhile, until
from storm import Blows, Networks, busy_disk, networks, settle_in, until_settled, until_told

FULL = os.environ.get("LOTTO_CHAOS") == "full"
SEED = int(os.environ.get("LOTTO_SEED", "2026"))

SERVICES = ("scraper", "relay", "imaker", "publisher", "api")
AT = datetime(2024, 11, 3, 3, 10, tzinfo=UTC)
NUMBERS = {"main": (5, 17, 23, 41, 60), "bonus": (9,)}
VICTIMS = (*SERVICES, "valkey", "postgres")


@pytest.fixture(scope="module")
def before_the_storm(mortal: Engines) -> str:
    """The name of a ledger with all that was drawn before the storm."""
    return past(mortal, "storm")


@pytest.fixture
def sea(mortal: Engines, before_the_storm: str) -> Iterator[Stage]:
    """A stage at the beginning of two thousand draws."""
    with TemporaryDirectory(prefix="lotto-storm-") as folder:
        stage = Stage(mortal, new_database(mortal, like=before_the_storm), Path(folder), "storm")
        with stage.broker() as broker:
            broker.flushall()
        with stage.open():
            yield stage


@pytest.fixture
def shore() -> Iterator[Networks]:
    """Networks of every guard."""
    with TemporaryDirectory(prefix="lotto-shore-") as folder, networks(Path(folder), SEED) as theirs:
        yield theirs


def findings(stage: Stage, theirs: Networks, doubtful: set[str]) -> list[str]:
    """What is found wrong, in words."""
    audit = Audit(stage.database_url, stage.folder, timelines=theirs.timelines(), doubtful=doubtful)
    return [str(one) for one in audit.findings(stage.played)]


@pytest.mark.timeout(1500 if FULL else 300)
def test_a_storm_of_kills_loses_nothing_and_doubles_nothing(sea: Stage, shore: Networks) -> None:
    """2,000 results at four networks through 200 kills; the blind network's doubts are held, and nothing else is."""
    kills, results = (200, 2000) if FULL else (14, 60)
    chance = random.Random(SEED)
    settle_in(sea, shore)
    sea.start(*SERVICES)
    blows = Blows(sea, chance)
    victims = [VICTIMS[n % len(VICTIMS)] for n in range(kills)]
    chance.shuffle(victims)
    with busy_disk(sea.folder):
        for n, victim in enumerate(victims, 1):
            sea.play(results * n // kills - len(sea.played))
            blows.deal(victim)
            # Time goes on in days here: what is told three days late would be history, and no news.
            until_told(sea)
            until_settled(sea, 120, most=120)
        until_settled(sea, 60)
    assert len(sea.told()) >= results
    assert blows.dealt.total() == kills
    assert findings(sea, shore, blows.doubtful) == []
    held = set(sea.ask("SELECT id::text FROM post WHERE state = 'held'"))
    assert held == blows.doubtful
    assert sea.count("SELECT count(*) FROM post WHERE state = 'held' AND account <> 'blind'") == 0
    until(lambda: all(service.lives for service in sea.services.values()), "everyone lives")


def forget_everything(stage: Stage) -> None:
    with stage.broker() as broker:
        broker.flushall()


def lose_a_stream(stage: Stage) -> None:
    with stage.broker() as broker:
        broker.delete("new_result")


def lose_the_groups(stage: Stage) -> None:
    with stage.broker() as broker:
        for stream, hearer in HEARER.items():
            broker.xgroup_destroy(stream, hearer)


def lose_the_end_of_its_file(stage: Stage) -> None:
    """As after a power cut with a disk that lied: the last kilobytes that the queue had acknowledged are gone."""
    pid = stage.engines.pids["valkey"]
    os.kill(pid, signal.SIGSTOP)
    (file,) = (stage.engines.directory / "valkey" / "appendonlydir").glob("*.incr.aof")
    with file.open("r+b") as log:
        log.truncate(max(0, file.stat().st_size - 6_000))
    stage.replace_engine("valkey")


AMNESIAS = (forget_everything, lose_a_stream, lose_the_groups, lose_the_end_of_its_file)


@pytest.mark.timeout(900 if FULL else 200)
def test_whatever_the_queue_forgets_comes_back_within_a_minute(stage: Stage) -> None:
    """Each time a result and its cards wait for services that stand still."""
    stage.start(*SERVICES)
    stage.until_at_work(*SERVICES)
    hearers = [stage.services["imaker"], stage.services["publisher"]]
    for n in range(52 if FULL else len(AMNESIAS)):
        stage.services["publisher"].freeze()
        stage.play()
        until(lambda: stage.waiting("image_ready"), "cards wait for the publisher")
        stage.services["imaker"].freeze()
        stage.play()
        until(lambda: stage.waiting("new_result"), "a result waits for the imaker")
        AMNESIAS[n % len(AMNESIAS)](stage)
        for hearer in hearers:
            hearer.thaw()
        stage.until_quiet(60)
    assert stage.audit() == []


@pytest.mark.timeout(200)
def test_what_is_only_shouted_is_lost_on_whoever_sleeps(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same house with Pub/Sub in the place of Streams, and nobody who says it again."""

    async def shout(redis: Redis, stream: str, entries: Sequence[tuple[str, bytes]]) -> list[str]:
        for event_id, _ in entries:
            await redis.publish(stream, event_id)
        return [f"{n}-0" for n, _ in enumerate(entries, 1)]

    async def listen(self: Hearing) -> None:
        async with self.redis.pubsub() as shouts:
            await shouts.subscribe(*self.streams)
            while True:
                message = await shouts.get_message(ignore_subscribe_messages=True, timeout=1.0)
                if message:
                    heard = Heard(message["channel"].decode(), "0-0", message["data"].decode(), b"", 1)
                    await self.handle(heard)

    monkeypatch.setattr("lotto.streams.say.say", shout)
    monkeypatch.setattr(Hearing, "hear", listen)
    house = stage.house(reconcile_seconds=86_400)
    with meanwhile(Services(house).run(["scraper", "relay"])):
        with meanwhile(Services(house).run(["imaker", "publisher"])):
            with stage.broker() as broker:
                until(lambda: dict(broker.pubsub_numsub(*HEARER)) == dict.fromkeys(HEARER, 1), "both listen")
            (heard,) = stage.play()
            until(lambda: stage.posted(heard), "what is heard is posted")
        missed = stage.play(3)
        until(lambda: stage.told() >= set(missed) and not stage.unsaid(), "the results were shouted")
        with meanwhile(Services(house).run(["imaker", "publisher"])):
            with stage.broker() as broker:
                until(lambda: dict(broker.pubsub_numsub(*HEARER)) == dict.fromkeys(HEARER, 1), "both listen again")
            (later,) = stage.play()
            until(lambda: stage.posted(later), "what is heard is posted")
    found = stage.audit(api=False)
    for draw in missed:
        assert f"lost: 0 posts of {draw} in the journal" in found


WRITERS = 8


class Clerk:
    """Leaves events of its own draws in the outbox, a handful in a transaction that takes its time to commit."""

    def __init__(self, url: str, number: int, events: int, patience: float) -> None:
        self._url = url
        self._number = number
        self._events = events
        self._patience = patience
        self._chance = random.Random(SEED + number)
        self.left: list[str] = []

    async def write(self) -> None:
        draws = [DrawKey("us_powerball", date(2020, 1, 1) + timedelta(days=n), str(self._number)) for n in range(20)]
        revisions: Counter[DrawKey] = Counter()
        async with Ledger(self._url, "clerk", "practice", size=1) as ledger:
            while len(self.left) < self._events:
                async with ledger.transaction() as conn:
                    for _ in range(min(50, self._events - len(self.left))):
                        key = self._chance.choice(draws)
                        revisions[key] += 1
                        draw = Draw(key, Status.CONFIRMED, AT, revisions[key])
                        event = Event(Type.NEW_RESULT, draw, wall_clock())
                        await outbox.say(conn, event)
                        self.left.append(str(event.id))
                    await asyncio.sleep(self._chance.uniform(0.0, self._patience))


@pytest.mark.timeout(900 if FULL else 200)
def test_no_event_is_missed_however_late_its_commit_and_no_draw_goes_back(mortal: Engines) -> None:
    """8 writers, commits up to two seconds late; beside the relay a reader by `id > last`, who must miss some."""
    events, patience = (50_000, 2.0) if FULL else (4_000, 0.5)
    url = new_database(mortal)
    prepare(url, "practice")
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("ALTER TABLE outbox ADD COLUMN n bigserial UNIQUE")
    assert mortal.redis_url
    clerks = [Clerk(url, number, events // WRITERS, patience) for number in range(WRITERS)]
    naive: set[str] = set()

    def read_on(last: int) -> int:
        with psycopg.connect(url, autocommit=True) as conn:
            for n, event_id in conn.execute("SELECT n, event_id::text FROM outbox WHERE n > %s ORDER BY n", [last]):
                naive.add(event_id)
                last = n
        return last

    async def relay() -> None:
        async with (
            aclosing(connect(mortal.redis_url or "", "test")) as redis,
            Ledger(url, "relay", "practice") as ledger,
        ):
            await Relay(ledger, redis, {"new_result": ("imaker",)}, wall_clock).run()

    with redis_sync.from_url(mortal.redis_url, decode_responses=True) as broker:
        broker.flushall()
        with meanwhile(relay()), ThreadPoolExecutor(WRITERS) as pool:
            writing = [pool.submit(lambda clerk=clerk: asyncio.run(clerk.write())) for clerk in clerks]
            last = 0
            while wait(writing, timeout=0.05).not_done:
                last = read_on(last)
            for one in writing:
                one.result()
            left = {event_id for clerk in clerks for event_id in clerk.left}
            until(lambda: broker.xlen("new_result") >= len(left), "everything is said", 120)
        said = [fields for _, fields in broker.xrange("new_result")]
    assert len(left) == events
    assert Counter(fields["id"] for fields in said) == Counter(left)
    newest: Counter[str] = Counter()
    for fields in said:
        draw = json.loads(fields["event"])["data"]["draw"]
        key = str(draw["key"])
        assert draw["revision"] == newest[key] + 1
        newest[key] = draw["revision"]
    read_on(last)
    assert left - naive, "the control missed nothing: commits were not late enough to prove anything"


FAILED = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def results(count: int) -> list[Event]:
    """So many results, told without pictures."""
    days = (date(2022, 1, 1) + timedelta(days=n) for n in range(count))
    draws = (Draw(DrawKey("us_powerball", day), Status.CONFIRMED, AT, 1, numbers=NUMBERS) for day in days)
    return [Event(Type.IMAGE_FAILED, draw, AT, reason="no picture") for draw in draws]


async def publish(stage: Stage, events: Sequence[Event], most: float) -> None:
    """Has a publisher of the stage's accounts post those results, until each post is sent or held."""
    house = stage.house()
    async with house.ledger("publisher") as ledger, house.networks_door(ledger.environment) as door:
        async with ledger.reading() as conn:
            known = await accounts.listed(conn)
        ours = house.accounts.open(house.accounts.entries(), known, house.accounts.outside(door))
        publisher = Publisher(
            ledger,
            house.store(),
            house.catalogue.lotteries,
            ours,
            wall_clock,
            worker="one",
            public_url="https://lotto.example",
        )
        for event in events:
            async with ledger.transaction() as conn:
                await outbox.say(conn, event)
            await publisher.handle(event)
        working = asyncio.ensure_future(publisher.run())
        try:
            async with asyncio.timeout(most):
                while not working.done() and await asyncio.to_thread(posts_under_way, stage):
                    await asyncio.sleep(0.2)
        finally:
            working.cancel()
            await asyncio.wait([working])


def posts_under_way(stage: Stage) -> int:
    return stage.count("SELECT count(*) FROM post WHERE state NOT IN ('sent', 'held')")


def standing(stage: Stage, theirs: Networks) -> dict[str, Counter[str]]:
    """How often each draw stands at each account."""
    return {account: Counter(map(draw_of, texts)) for account, texts in theirs.timelines().items()}


@pytest.mark.timeout(900 if FULL else 200)
def test_answers_that_are_lost_after_they_took_effect_double_nothing(
    sea: Stage, shore: Networks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1,000 lost answers and 1,000 errors after the effect, at networks of every guard."""
    count = 520 if FULL else 30
    if not FULL:
        monkeypatch.setattr(sender, "SETTLE", timedelta(seconds=1))
    for network in shore.practice.values():
        # More errors than lost answers: a Nostr relay has no answer that tells of an error, so all of its are lost.
        network.troubles = {Trouble.LOST: 0.4, Trouble.ERROR: 0.6}

    settle_in(sea, shore)

    async def story() -> tuple[int, int]:
        home, note = shore.matrix.port, int(shore.nostr.address.rpartition(":")[2])
        async with (
            losing_wire(home, b"/send/m.room.message/", count // 2) as lost,
            losing_wire(lost.port, b"/send/m.room.message/", count, FAILED) as failed,
            losing_wire(note, b'"OK"', count) as unheard,
        ):
            ways = {"matrix": f"http://127.0.0.1:{failed.port}", "nostr": f"ws://127.0.0.1:{unheard.port}"}
            (sea.folder / "accounts.toml").write_text(shore.accounts(**ways))
            await publish(sea, results(count), 600)
            return lost.lost + unheard.lost, failed.lost

    lost, failed = asyncio.run(story())
    lost += sum(len(network.made[Trouble.LOST]) for network in shore.practice.values())
    failed += sum(len(network.made[Trouble.ERROR]) for network in shore.practice.values())
    assert lost >= (1000 if FULL else 50)
    assert failed >= (1000 if FULL else 50)
    draws = {str(event.draw.key) for event in results(count)}
    stands = standing(sea, shore)
    assert stands == {account: Counter(draws) for account in stands}
    held = sea.ask("SELECT account FROM post WHERE state = 'held'")
    assert Counter(held) == {"blind": count}


@pytest.mark.timeout(200)
def test_answers_that_are_lost_double_posts_where_one_tries_again_blindly(
    sea: Stage, shore: Networks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: whatever is in doubt is sent again, as most tools do."""

    async def blindly(*_: object) -> bool:
        return True

    monkeypatch.setattr(sender, "SETTLE", timedelta(seconds=0.1))
    monkeypatch.setattr(Sender, "_settled", blindly)
    for network in shore.practice.values():
        network.troubles = {Trouble.LOST: 0.5}
    settle_in(sea, shore)
    entries = (sea.folder / "accounts.toml").read_text().replace("lag = 10", "lag = 0")
    (sea.folder / "accounts.toml").write_text(entries)
    asyncio.run(publish(sea, results(12), 120))
    stands = standing(sea, shore)
    assert max(stands["blind"].values()) > 1
    assert max(stands["timeline"].values()) > 1
    assert set(stands["matrix"].values()) == {1}


@pytest.mark.timeout(600 if FULL else 200)
def test_an_imaker_that_was_away_for_a_day_leaves_a_site_that_goes_on_and_one_digest(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed_at_least = 500 if FULL else 60
    rounds = count_reconciling(monkeypatch)
    flood, calm = (Paper(stage.folder / name, "http://wall", wall_clock) for name in ("flood", "calm"))
    limit = timedelta(hours=24)
    (stage.folder / "accounts.toml").write_text(
        """
        [accounts.flood]
        network = "paper"
        [accounts.calm]
        network = "paper"
        age_limit = "24h"
        """
    )
    house = stage.house(reconcile_seconds=0.2)
    with (
        meanwhile(Services(house).run(["relay", "api"])),
        httpx2.Client(base_url=stage.site, trust_env=False) as site,
    ):
        with meanwhile(Services(house).run(["scraper"])):
            for _ in range(missed_at_least // 10):
                draws = stage.play(10)
                until(lambda draws=draws: stage.told() >= set(draws), "the results are told without imaker")
                assert [draw for draw in draws if not shown(site, draw)["numbers"]] == []
        until(lambda: not stage.unsaid(), "all are said")
        missed, begun = stage.told(), len(rounds)
        assert len(missed) >= missed_at_least
        until(lambda: len(rounds) > begun + 10, "the reconciler has looked at all of them many times")
        said = stage.entries("new_result")
        assert len(said) == len(set(said)) == len(stage.events("new_result"))
        too_old = stage.clock.now() - limit
        with meanwhile(Services(house).run(["imaker", "publisher"])):
            stage.until_quiet(240.0)
        answers = {draw: shown(site, draw) for draw in missed}
        posts = listed(site)
    assert {draw for draw, answer in answers.items() if len(answer["cards"]) != 2} == set()
    assert sorted(line["text"].rpartition("/en/")[2] for line in flood.journal()) == sorted(missed)
    lines = calm.journal()
    (digest,) = [line for line in lines if "came in meanwhile" in line["text"]]
    alone = [line["text"].rpartition("/en/")[2] for line in lines if line is not digest]
    folded = {named(post) for post in posts if post["account"] == "calm" and post["state"] == "folded"}
    (carrier,) = [post for post in posts if post["tells"] > 1]
    folded.add(named(carrier))
    assert len(digest["text"]) <= calm.longest
    assert digest["text"].startswith(f"{len(folded)} results came in meanwhile.\n")
    assert sorted([*folded, *alone]) == sorted(missed)
    for draw, answer in answers.items():
        decided_at = datetime.fromisoformat(answer["decided_at"])
        if decided_at < too_old:
            assert draw in folded
        elif decided_at > too_old + timedelta(minutes=10):  # in between, some grew too old while the imaker drew
            assert draw in alone
    assert alone


def test_a_reconciler_that_does_not_look_at_the_stream_lets_it_grow_by_repeats(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: Any) -> set[str]:
        return set()

    monkeypatch.setattr(say, "holds", nothing)
    with meanwhile(Services(stage.house(reconcile_seconds=0.2)).run(["scraper", "relay"])):
        stage.play(3)
        until(lambda: len(stage.entries("new_result")) > len(set(stage.entries("new_result"))), "an event is repeated")


def count_reconciling(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many events each round of the reconciler says again, as the rounds go by."""
    rounds: list[int] = []
    reconcile = Relay.reconcile

    async def counted(relay: Relay) -> int:
        rounds.append(await reconcile(relay))
        return rounds[-1]

    monkeypatch.setattr(Relay, "reconcile", counted)
    return rounds


def shown(site: httpx2.Client, draw: str) -> dict[str, Any]:
    """That draw as the API shows it."""
    lottery, _, place = draw.partition("/")
    answer = site.get(f"/api/v1/lotteries/{lottery}/draws/{place}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def listed(site: httpx2.Client) -> list[dict[str, Any]]:
    """Every post of the API."""
    found: list[dict[str, Any]] = []
    following: str | None = "/api/v1/posts?limit=200"
    while following:
        page = site.get(following).json()
        found += page["items"]
        following = page["next"]
    return found
