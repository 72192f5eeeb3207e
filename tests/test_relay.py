"""The relay: everything the ledger has left to say is said, and said again when the queue lost it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import redis as redis_sync

from conftest import run
from lotto import wire
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.events import Event, Type
from lotto.house import wall_clock
from lotto.ledger import inbox, outbox, queries
from lotto.relay.service import Relay
from lotto.streams import say as streams
from lotto.streams.connect import connect
from lotto.streams.position import positions

AT = datetime(2024, 11, 3, 3, 10, tzinfo=UTC)
ENROLLED = {"new_result": ("imaker",), "image_ready": ("publisher",)}


def event(n: int, kind: Type = Type.NEW_RESULT) -> Event:
    draw = Draw(DrawKey("us_powerball", date(2024, 1, 1) + timedelta(days=n)), Status.CONFIRMED, AT, 1)
    return Event(kind, draw, AT + timedelta(seconds=n))


@pytest.fixture
def broker(redis_url) -> Iterator[redis_sync.Redis]:
    """The emptied broker, for looking at."""
    with redis_sync.from_url(redis_url) as client:
        yield client


@pytest.fixture
def relayed(open_ledger, redis_url):
    """Runs a story with a ledger, a client of the broker, and a maker of relays."""

    def told(story: Callable[..., Awaitable[None]]) -> None:
        async def whole() -> None:
            redis = connect(redis_url, "test")
            try:
                async with open_ledger() as ledger:

                    def relay(reconcile: float = 0.0, **more) -> Relay:
                        more.setdefault("grace", timedelta())
                        return Relay(ledger, redis, ENROLLED, wall_clock, poll=0.05, reconcile=reconcile, **more)

                    await story(ledger, redis, relay)
            finally:
                await redis.aclose()

        run(whole())

    return told


async def leave(ledger, *events: Event) -> None:
    for one in events:
        async with ledger.transaction() as conn:
            await outbox.say(conn, one)


@contextlib.asynccontextmanager
async def running(relay: Relay):
    task = asyncio.ensure_future(relay.run())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(what: Callable[[], Awaitable[bool]], seconds: float = 15.0) -> None:
    async with asyncio.timeout(seconds):
        while not await what():
            await asyncio.sleep(0.02)


def ids(broker: redis_sync.Redis, stream: str = "new_result") -> list[str]:
    return [fields[b"id"].decode() for _, fields in broker.xrange(stream)]


def test_each_letter_is_said_once_in_order_with_its_event_and_numbered(relayed, broker):
    async def story(ledger, redis, relay):
        events = [event(n) for n in range(5)]
        await leave(ledger, *events)
        assert await relay().carry() == 5
        assert await relay().carry() == 0
        assert ids(broker) == [str(one.id) for one in events]
        assert [wire.decode(fields[b"event"]) for _, fields in broker.xrange("new_result")] == events
        async with ledger.reading() as conn:
            assert [one.position for one in await queries.said_after(conn, 0)] == [1, 2, 3, 4, 5]
            assert await outbox.depth(conn) == 0

    relayed(story)


def test_what_is_left_while_the_relay_runs_is_said_by_itself(relayed, broker):
    async def story(ledger, redis, relay):
        async with running(relay(reconcile=60)):
            await leave(ledger, event(1), event(2, Type.IMAGE_READY))

            async def both() -> bool:
                return bool(ids(broker)) and bool(ids(broker, "image_ready"))

            await until(both)

    relayed(story)


def test_a_relay_that_dies_between_saying_and_marking_says_it_again_under_the_same_id(relayed, broker, monkeypatch):
    async def story(ledger, redis, relay):
        await leave(ledger, event(1))
        with monkeypatch.context() as broken:
            broken.setattr(outbox, "said", lambda *_: (_ for _ in ()).throw(SystemError("killed")))
            with pytest.raises(SystemError):
                await relay().carry()
        await relay().carry()
        assert ids(broker) == [str(event(1).id)] * 2

    relayed(story)


def test_after_a_wipe_of_the_queue_what_was_not_heard_is_said_again_and_only_that(relayed, broker):
    async def story(ledger, redis, relay):
        heard, unheard = event(1, Type.IMAGE_READY), event(2, Type.IMAGE_READY)
        await leave(ledger, heard, unheard)
        await relay().carry()
        async with ledger.transaction() as conn:
            await inbox.take(conn, "publisher", heard.id, AT)
        broker.flushall()
        assert await relay().reconcile() == 1
        assert ids(broker, "image_ready") == [str(unheard.id)]
        async with ledger.reading() as conn:
            assert [one.position for one in await queries.said_after(conn, 0)] == [1, 2]

    relayed(story)


def test_an_entry_that_waits_for_a_stopped_consumer_is_left_alone(relayed, broker):
    async def story(ledger, redis, relay):
        await leave(ledger, event(1))
        await relay().carry()
        for _ in range(3):
            assert await relay().reconcile() == 0
        assert len(ids(broker)) == 1

    relayed(story)


def test_what_was_just_said_is_given_its_grace(relayed, broker):
    async def story(ledger, redis, relay):
        await leave(ledger, event(1))
        await relay().carry()
        broker.flushall()
        assert await relay(grace=timedelta(hours=1)).reconcile() == 0
        assert await relay().reconcile() == 1

    relayed(story)


def test_groups_are_there_before_the_first_word_and_again_after_a_wipe(relayed, broker):
    async def story(ledger, redis, relay):
        await relay().reconcile()
        assert [one.group for one in await positions(redis, "new_result")] == ["imaker"]
        broker.flushall()
        await relay().reconcile()
        assert [one.group for one in await positions(redis, "image_ready")] == ["publisher"]

    relayed(story)


def test_of_two_relays_one_speaks_and_the_other_takes_over(relayed, broker):
    async def story(ledger, redis, relay):
        async with running(relay(reconcile=60)) as first, running(relay(reconcile=60)):
            await leave(ledger, event(1))

            async def noted(*positions: int) -> bool:
                async with ledger.reading() as conn:
                    return [one.position for one in await queries.said_after(conn, 0)] == list(positions)

            await until(lambda: noted(1))
            first.cancel()
            await leave(ledger, event(2))
            await until(lambda: noted(1, 2))
        assert ids(broker) == [str(event(1).id), str(event(2).id)]

    relayed(story)


def test_a_broker_that_is_away_is_waited_for(open_ledger, tmp_path):
    async def story():
        redis = connect(f"unix://{tmp_path}/nobody.sock", "test")
        async with open_ledger() as ledger:
            await leave(ledger, event(1))
            async with running(Relay(ledger, redis, ENROLLED, wall_clock, poll=0.05, reconcile=60)) as task:
                await asyncio.sleep(0.5)
                assert not task.done()
            async with ledger.reading() as conn:
                assert await outbox.depth(conn) == 1
        await redis.aclose()

    run(story())


def test_a_result_whose_cards_were_lost_is_heard_anew(relayed, broker):
    async def story(ledger, redis, relay):
        await leave(ledger, event(1))
        await relay().carry()
        async with ledger.transaction() as conn:
            await inbox.take(conn, "imaker", event(1).id, AT)
        assert await relay().reconcile() == 1
        async with ledger.reading() as conn:
            assert not await inbox.has(conn, "imaker", event(1).id)
        assert ids(broker) == [str(event(1).id)] * 2

    relayed(story)


def test_a_stream_is_never_trimmed_before_its_group_has_heard(relayed, broker):
    async def story(ledger, redis, relay):
        await leave(ledger, *(event(n) for n in range(20)))
        await relay().carry()
        await streams.enrol(redis, "new_result", "imaker")
        await relay().reconcile()
        assert len(ids(broker)) == 20

    relayed(story)
