"""Live events: every listener hears everything once and in order, whatever breaks, and none is a burden to another."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta

import pytest

from conftest import run
from listeners import Listener
from lotto.api import live as words
from lotto.api import streamed
from lotto.api.live import Live
from lotto.api.routes import events as route
from lotto.api.streamed import Streamed
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.events import Event, Type
from lotto.house import House, Practice, wall_clock
from lotto.ledger import outbox
from lotto.ledger.connection import Ledger
from lotto.relay.service import Relay
from lotto.serving import serving
from lotto.settings import Settings
from lotto.streams.connect import connect

FULL = os.environ.get("LOTTO_CHAOS") == "full"
LISTENERS = 1_000 if FULL else 120
RESULTS = 200
SEED = 18
AT = datetime(2024, 11, 3, 3, 10, tzinfo=UTC)


def event(number: int, lottery: str = "us_powerball", kind: Type = Type.NEW_RESULT) -> Event:
    """The event of a draw; another number is another draw."""
    key = DrawKey(lottery, date(2020, 1, 1) + timedelta(days=number))
    return Event(kind, Draw(key, Status.CONFIRMED, AT, 1), AT + timedelta(seconds=number))


async def say(ledger: Ledger, *events: Event) -> None:
    """Has the events said, each under the next position, without waking anybody."""
    async with ledger.alone() as conn, conn.transaction():
        for one in events:
            await outbox.say(conn, one)
        await outbox.said(conn, {one.id: "1-1" for one in events}, AT)


async def until(true: Callable[[], object], seconds: float = 20) -> None:
    """Waits until that is true; fails when it does not become so."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


@pytest.fixture
def house(database_url, redis_url, tmp_path, clock) -> House:
    own = Settings(data_dir=tmp_path, public_url="https://lotto.example")
    return House(own, database_url=database_url, redis_url=redis_url, practice=Practice("http://127.0.0.1:1", clock))


@asynccontextmanager
async def served(house: House) -> AsyncIterator[int]:
    """A process of the API, as far as it knows, on its port."""
    async with house.api() as app, serving(app, "127.0.0.1", 0) as port:
        yield port


@asynccontextmanager
async def at_work(*work) -> AsyncIterator[None]:
    """All this goes on while the block runs; what fails, fails the block."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def write_late(ledger: Ledger, events: Sequence[Event], chance: random.Random) -> None:
    """Leaves events to be said, a few in a transaction that takes its time to commit."""
    left = list(events)
    while left:
        some, left = left[:5], left[5:]
        async with ledger.transaction() as conn:
            for one in some:
                await outbox.say(conn, one)
            await asyncio.sleep(chance.uniform(0.0, 0.3))


@pytest.mark.timeout(900 if FULL else 120)
def test_every_listener_hears_every_result_once_and_in_order_though_lines_break_and_commits_come_late(house):
    """Two processes of the API, four writers, and a relay. Every third listener is dropped again and again, and comes
    back to the other process. The control: who comes back without a position misses something."""
    chance = random.Random(SEED)
    said = [event(n) for n in range(RESULTS)]

    async def story() -> None:
        redis = connect(house.redis_url)
        async with house.ledger("relay") as relaying, house.ledger("writers") as writing, served(house) as one:
            relay = Relay(relaying, redis, {"new_result": ("imaker",)}, wall_clock)
            async with served(house) as other:
                everyone = [Listener([one, other] if n % 2 else [other, one]) for n in range(LISTENERS)]
                forgetful = [Listener([one, other], forgetful=True) for _ in range(5)]
                async with at_work(relay.run(), *(listener.listen() for listener in (*everyone, *forgetful))):
                    await until(lambda: all(one.position is not None for one in (*everyone, *forgetful)), 60)
                    writers = [write_late(writing, said[n::4], chance) for n in range(4)]
                    async with asyncio.TaskGroup() as group:
                        group.create_task(drop_now_and_then(everyone, forgetful, chance))
                        for writer in writers:
                            group.create_task(writer)
                    await until(lambda: all(len(one.heard) >= RESULTS for one in everyone), 300)
        await redis.aclose()
        for listener in everyone:
            assert [told.position for told in listener.heard] == list(range(1, RESULTS + 1))
            assert {told.data["date"] for told in listener.heard} == {str(one.draw.key.date) for one in said}
        assert sum(listener.lines > 1 for listener in everyone) >= LISTENERS // 3
        assert any(len(listener.heard) < RESULTS for listener in forgetful), "the control missed nothing"

    run(story())


async def drop_now_and_then(everyone: Sequence[Listener], forgetful: Sequence[Listener], chance: random.Random) -> None:
    """Drops every third listener a few times while events come; the forgetful ones until each has missed something."""
    first = everyone[0]
    for share in (0.2, 0.4, 0.6, 0.8):
        await until(lambda share=share: len(first.heard) >= RESULTS * share, 120)
        for listener in (*everyone[1::3], *forgetful):
            if listener.forgetful or chance.random() < 0.8 or share == 0.2:
                listener.drop()


def test_a_listener_hears_only_what_it_asks_for(house):
    asked = {
        "?lottery=us_powerball": {1, 4, 5},
        "?lottery=us_powerball&lottery=do_leidsa": {1, 3, 4, 5},
        "?country=us": {1, 2, 4, 5},
        "?country=do": {3},
        "?collection=do_quinielas": {3},
        "?type=result_corrected": {4},
        "?type=result_corrected&type=result_voided": {4, 5},
        "?country=us&type=new_result": {1, 2},
        "?country=do&lottery=us_powerball": set(),
        "": {1, 2, 3, 4, 5, 6},
    }

    async def story() -> None:
        async with house.ledger("test") as ledger, served(house) as port:
            everyone = {query: Listener([port], query) for query in asked}
            async with at_work(*(one.listen() for one in everyone.values())):
                await until(lambda: all(one.position is not None for one in everyone.values()))
                await say(
                    ledger,
                    event(1),
                    event(2, "us_ny_take5"),
                    event(3, "do_leidsa"),
                    event(4, kind=Type.RESULT_CORRECTED),
                    event(5, kind=Type.RESULT_VOIDED),
                    event(6, "a_lottery_that_was_taken_away"),
                )
                await until(lambda: len(everyone[""].heard) == 6)
                await until(lambda: all(len(one.heard) >= len(asked[query]) for query, one in everyone.items()))
                for query, listener in everyone.items():
                    assert {told.position for told in listener.heard} == asked[query], query

    run(story())


@pytest.mark.parametrize(
    ("query", "status"),
    [("lottery=nowhere", 404), ("country=xx", 404), ("collection=nowhere", 404), ("type=gossip", 422)],
)
def test_a_filter_of_what_there_is_not_is_told(house, query, status):
    async def story() -> None:
        async with served(house) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET /api/v1/events?{query} HTTP/1.0\r\nHost: lotto\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
            assert f" {status} ".encode() in answer.partition(b"\r\n")[0]
            assert b"application/problem+json" in answer

    run(story())


def test_a_heartbeat_carries_on_the_id_of_who_is_told_nothing(house, monkeypatch):
    monkeypatch.setattr(route, "BEAT", 0.2)
    monkeypatch.setattr(words, "TICK", 0.1)

    async def story() -> None:
        async with house.ledger("test") as ledger, served(house) as port:
            listener = Listener([port], "?type=result_voided", since=None)
            async with at_work(listener.listen()):
                await until(lambda: listener.beats >= 1)
                await say(ledger, *(event(n) for n in range(7)))
                await until(lambda: listener.position == 7)
                assert listener.heard == []

    run(story())


def test_who_takes_nothing_holds_nobody_up_and_costs_nothing_and_still_misses_nothing(house, monkeypatch):
    monkeypatch.setattr(words, "WINDOW", 40)
    monkeypatch.setattr(words, "AT_ONCE", 20)
    monkeypatch.setattr(words, "TICK", 0.05)

    async def story() -> None:
        redis = connect(house.redis_url)
        async with house.ledger("test") as ledger, Live(ledger, redis).hearing() as live:

            def telling() -> aclosing:
                return aclosing(route._tell(live, 0, lambda _: True))

            async with telling() as slow, telling() as quick:
                for told in (slow, quick):
                    assert [await anext(told), await anext(told)] == [b"retry: 2000\n\n", b"id: 0\n\n"]
                heard = b""
                for first in range(0, 300, 10):
                    await say(ledger, *(event(n) for n in range(first, first + 10)))
                    while f"id: {first + 10}\n".encode() not in heard:
                        heard += await anext(quick)
                    assert len(live._words) <= 60
                behind = b""
                while b"id: 300\n" not in behind:
                    behind += await anext(slow)
                assert behind == heard
                assert behind.count(b"event: ") == 300
        await redis.aclose()

    run(story())


def test_a_reader_who_takes_nothing_is_let_go_and_so_is_what_was_held_for_him(monkeypatch):
    monkeypatch.setattr(streamed, "STALLED", 0.05)
    let_go = []

    async def body():
        try:
            while True:
                yield b"more"
        finally:
            let_go.append(True)

    async def story() -> list[dict]:
        sent: list[dict] = []

        async def send(message: dict) -> None:
            sent.append(message)
            if len(sent) > 3:
                await asyncio.Event().wait()

        await Streamed(body(), "text/plain").stream_response(send)
        return sent

    sent = run(story())
    assert let_go == [True]
    assert all(message.get("more_body", True) for message in sent), "a part is not taken for the whole"


def test_what_is_heard_goes_on_after_a_fault_of_ours(house, monkeypatch):
    monkeypatch.setattr(words, "TICK", 0.05)
    read = Live._read
    faults = iter([RuntimeError("ours"), RuntimeError("ours")])

    async def faulty(self: Live) -> None:
        for fault in faults:
            raise fault
        await read(self)

    monkeypatch.setattr(Live, "_read", faulty)

    async def story() -> None:
        async with house.ledger("test") as ledger, served(house) as port:
            listener = Listener([port])
            async with at_work(listener.listen()):
                await say(ledger, event(1))
                await until(lambda: len(listener.heard) == 1)

    run(story())
