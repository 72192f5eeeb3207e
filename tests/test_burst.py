"""A burst: results come all at once, and go out at every network that has rules here as fast as those let them.

On a clock that stands still while anything is done and leaps to the next instant at which something may be. `make
chaos` (LOTTO_CHAOS=full) tells five hundred results; the story is the same when it is short.
"""

import asyncio
import json
import os
import re
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from conftest import run
from lotto.door import Door
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.events import Card, Event, Type
from lotto.house import LOOPBACK
from lotto.ledger import outbox, sending
from lotto.ledger.connection import Connection, Ledger
from lotto.publisher import service, timing
from lotto.publisher.accounts import Account
from lotto.publisher.gathering import Times
from lotto.publisher.service import Publisher
from lotto.publisher.timing import Rate
from lotto.replay.rules.rules import Limit
from lotto.store import Store, address
from practiced import ACCOUNTS, Practiced, practiced

COUNT = 500 if os.environ.get("LOTTO_CHAOS") == "full" else 35
BEGIN = datetime(2026, 11, 30, tzinfo=UTC)
AT = datetime(2024, 11, 3, 3, 10, tzinfo=UTC)
NUMBERS = {"main": (5, 17, 23, 41, 60), "bonus": (9,)}
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"

pytestmark = pytest.mark.timeout(3000 if COUNT == 500 else 300)


@dataclass
class Leaping:
    """A clock that is told to go on."""

    at: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Burst:
    """Practice networks that keep to their published limits, and accounts of ours there."""

    world: Practiced
    clock: Leaping
    rates: Sequence[Rate] | None = None
    """The accounts' own, in the place of those that their networks declare."""
    accounts: list[Account] = field(default_factory=list)

    def open(self, names: Sequence[str], door: Door) -> None:
        for name in names:
            self.accounts.append(Hurried(name, self.world.open(name, door), hurry=self.rates))


@dataclass(frozen=True)
class Hurried(Account):
    """An account that heeds these rates alone."""

    hurry: Sequence[Rate] | None = None

    @property
    def rates(self) -> Sequence[Rate]:
        return super().rates if self.hurry is None else self.hurry


@pytest.fixture
def burst(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable:
    monkeypatch.setattr(service, "POLL", 0.02)
    sleep = asyncio.sleep

    async def hardly(seconds: float, result: object = None) -> object:
        return await sleep(min(seconds, 0.01), result)

    monkeypatch.setattr(asyncio, "sleep", hardly)

    @contextmanager
    def opened(rates: Sequence[Rate] | None = None) -> Iterator[Burst]:
        clock = Leaping()
        with practiced(tmp_path, clock) as world:
            for name in world.rules:
                world.fresh(name).paced = True
            yield Burst(world, clock, rates)

    return opened


def day_of(text: str) -> date:
    """The draw's day by the link to it, or as our words tell it where links are left out."""
    if link := re.search(r"us_powerball/(\d{4}-\d\d-\d\d)", text):
        return date.fromisoformat(link[1])
    return (
        datetime.strptime(text.splitlines()[0].partition(", ")[2].partition(" · ")[0], "%A %d %B %Y")
        .replace(tzinfo=UTC)
        .date()
    )


def results(count: int) -> list[Event]:
    """So many results with their pictures."""
    key = address("cards", JPEG, "jpg")
    card = Card("og", "en", "gradient", key, "ab", "image/jpeg", 120, 63, len(JPEG), "Powerball: 5, 17, 23, 41, 60; 9")
    days = (date(2021, 1, 1) + timedelta(days=n) for n in range(count))
    draws = (Draw(DrawKey("us_powerball", day), Status.CONFIRMED, AT, 1, numbers=NUMBERS) for day in days)
    return [Event(Type.IMAGE_READY, draw, AT, (card,)) for draw in draws]


async def told(burst: Burst, names: Sequence[str], open_ledger: Callable, known, folder: Path, count: int) -> None:
    """Has each of these accounts tell so many results that come at once."""
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # none of them speaks TLS
    allow = [f"{host}:*" for host in LOOPBACK]
    async with (
        open_ledger() as ledger,
        Door(user_agent="Lotto/test", clock=burst.clock, allow=allow, closed=True, trust=lambda: nobody) as door,
    ):
        burst.open(names, door)
        store = Store.open(f"file://{folder}/store")
        await store.put(address("cards", JPEG, "jpg"), JPEG, "image/jpeg")
        publisher = Watched(
            ledger,
            store,
            known.lotteries,
            burst.accounts,
            burst.clock,
            worker="one",
            public_url="https://lotto.example",
        )
        for event in results(count):
            async with ledger.transaction() as conn:
                await outbox.say(conn, event)
            await publisher.handle(event)
        publisher.idle = set()
        working = asyncio.ensure_future(publisher.run())
        try:
            await _through(burst, publisher, ledger, count)
        finally:
            publisher.leave()
            await working


async def _through(burst: Burst, publisher: "Watched", ledger: Ledger, count: int) -> None:
    """Lets the clock leap whenever no account has anything to do any more, until every post is sent."""
    while True:
        await asyncio.sleep(0.01)
        if not publisher.rests():
            continue
        async with ledger.reading() as conn:
            rows = await conn.execute(
                """SELECT account, state, count(*) AS count, min(due_at) AS due_at FROM post GROUP BY account, state"""
            )
            stands = [dict(row) async for row in rows]
            states: Counter[str] = Counter()
            for row in stands:
                states[row["state"]] += row["count"]
            assert not states["failed"] + states["held"], stands
            if states["sent"] == count * len(burst.accounts):
                return
            if states["sending"]:
                continue
            due = {row["account"]: row["due_at"] for row in stands if row["state"] != "sent"}
            nexts = [await _next(conn, publisher, one, due[one.name]) for one in burst.accounts if one.name in due]
        publisher.idle.clear()
        burst.clock.at = max(burst.clock.at + timedelta(milliseconds=1), min(nexts))


async def _next(conn: Connection, publisher: "Watched", account: Account, due_at: datetime) -> datetime:
    """When that account may go on that has a post due then."""
    now = publisher._clock()
    told = await sending.begun(conn, account.name, now - timedelta(days=2), COUNT)
    return max(timing.free_at(account.rates, told, now), due_at, publisher._sender._pauses.get(account.name, now))


class Watched(Publisher):
    """A publisher of which one sees whether it has anything to do at this instant."""

    idle: set[str]

    async def _step(self, account: Account, fence: int, times: Times) -> bool:
        self.idle.discard(account.name)
        done = await super()._step(account, fence, times)
        if not done and times.now == self._clock():
            self.idle.add(account.name)
        return done

    def rests(self) -> bool:
        """Whether every account looked at this instant, and found nothing that may go out."""
        return all(one.name in self.idle or self._sender.pauses(one) for one in self._accounts)


def instants(world: Practiced, name: str) -> list[datetime]:
    """When each post became visible there, by the network's journal."""
    lines = world.rules[name].journal.read_text().splitlines()
    return [datetime.fromisoformat(json.loads(line)["at"]) for line in lines]


def most_within(at: Sequence[datetime], limit: Limit) -> int:
    """The most of these instants that lie in one span of the limit's length."""
    return max(
        sum(first <= one < first + limit.span for one in at[n : n + limit.most + 1]) for n, first in enumerate(at)
    )


def test_a_burst_goes_out_within_every_network_s_published_limits_and_each_result_once(
    burst: Callable, open_ledger: Callable, known, tmp_path: Path
) -> None:
    """The limits are those that the practice networks keep, which know nothing of what ours declare."""
    with burst() as ours:
        names = sorted(ACCOUNTS)
        run(told(ours, names, open_ledger, known, tmp_path, COUNT))
        for name in names:
            rules = ours.world.rules[name]
            draws = Counter(day_of(post.text) for post in rules.posts)
            assert len(draws) == COUNT, f"{name} does not show every result"
            assert set(draws.values()) == {1}, f"{name} shows a result twice"
            assert all(post.image for post in rules.posts), f"{name} shows a result without its picture"
            at = instants(ours.world, name)
            assert len(at) == COUNT
            for limit in rules.limits:
                seen = at if limit.of == "post" else rules.taken[limit.of]
                assert most_within(seen, limit) <= limit.most, f"{name} was told more than {limit}"
            assert rules.refused == [], f"{name} had to ask us to slow down"


def test_who_knows_no_limits_is_asked_to_slow_down_and_loses_and_doubles_nothing_all_the_same(
    burst: Callable, open_ledger: Callable, known, tmp_path: Path
) -> None:
    """The control: without what our networks declare, theirs refuse; what they say of when is heeded."""
    names, count = ["discord", "mastodon", "slack", "telegram"], 40
    with burst(rates=()) as ours:
        run(told(ours, names, open_ledger, known, tmp_path, count))
        for name in names:
            rules = ours.world.rules[name]
            assert Counter(Counter(day_of(post.text) for post in rules.posts).values()) == {1: count}
            assert rules.refused, f"{name} is as fast as we are"
            assert len(rules.refused) <= count, f"{name} was asked again before the time it said"
            for limit in rules.limits:
                seen = instants(ours.world, name) if limit.of == "post" else rules.taken[limit.of]
                assert most_within(seen, limit) <= limit.most
