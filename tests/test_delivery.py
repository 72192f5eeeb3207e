"""Delivery at scale: results at six accounts of every guard, while answers are lost and the publisher is killed.

`make chaos` (LOTTO_CHAOS=full) tells a thousand results at each; the story is the same when it is short.
"""

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from nostr_sdk import Keys

from audit import draw_of
from conftest import new_database
from lotto import accounts as ours
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.engines import Engines
from lotto.events import Event, Type
from lotto.house import wall_clock
from lotto.ledger import accounts, outbox
from lotto.publisher import sender
from lotto.publisher.sender import Sender
from lotto.publisher.service import Publisher
from lotto.replay.networks import Trouble
from practiced import ACCOUNTS, Practiced, practiced
from servers import local_relay, losing_wire
from stage import Stage, meanwhile, until
from storm import notes

FULL = os.environ.get("LOTTO_CHAOS") == "full"
SEED = int(os.environ.get("LOTTO_SEED", "2026"))

AT = datetime(2024, 11, 3, 3, 10, tzinfo=UTC)
NUMBERS = {"main": (5, 17, 23, 41, 60), "bonus": (9,)}

KEYED = ("bluesky", "nostr")
LOOKED = ("mastodon", "slack")
BLIND = ("telegram", "discord_webhook")
SIX = (*KEYED, *LOOKED, *BLIND)

TROUBLES = {Trouble.LOST: 0.2, Trouble.ERROR: 0.2, Trouble.HANG: 0.002}
"""Of every post that is sent; a Nostr relay has lost answers alone."""


@dataclass
class Delivery:
    """The six networks, and the stage whose publisher posts there."""

    stage: Stage
    world: Practiced
    relay: str
    wire: int = 0
    secret: str = field(default_factory=lambda: Keys.generate().secret_key().to_hex())
    doubtful: set[str] = field(default_factory=set)
    """Posts of blind accounts that were being sent when their publisher was killed."""

    def write(self) -> None:
        """The accounts file of all six."""
        tables = []
        for name in SIX:
            told = ACCOUNTS[name][0] if name in ACCOUNTS else {"relays": [f"ws://127.0.0.1:{self.wire}"]}
            at = f"{self.world.address}/{name}"
            lines = [f'network = "{name}"', 'rate = "1000/s"']  # what is proved is not how slowly they are to go
            for key, one in told.items():
                lines.append(f"{key} = {json.dumps(one.format(at=at) if isinstance(one, str) else one)}")
            tables.append("\n".join([f"[accounts.{name}]", *lines]))
        (self.stage.folder / "accounts.toml").write_text("\n\n".join(tables))

    def admit(self) -> None:
        """Gives every account what it must know."""
        house = self.stage.house()
        for name in SIX:
            secrets = ACCOUNTS[name][1] if name in ACCOUNTS else {"secret_key": self.secret}
            asyncio.run(ours.add(house, house.accounts.entry(name), secrets))

    async def plan(self, events: Sequence[Event]) -> None:
        """Has every account plan a post of each of these results."""
        house = self.stage.house()
        async with house.ledger("publisher") as ledger, house.networks_door(ledger.environment) as door:
            async with ledger.reading() as conn:
                known = await accounts.listed(conn)
            publisher = Publisher(
                ledger,
                house.store(),
                house.catalogue.lotteries,
                house.accounts.open(house.accounts.entries(), known, house.accounts.outside(door)),
                wall_clock,
                worker="planner",
                public_url="https://lotto.example",
            )
            for event in events:
                async with ledger.transaction() as conn:
                    await outbox.say(conn, event)
                await publisher.handle(event)

    def kill(self, chance: random.Random) -> None:
        """Kills the publisher when it has got something done, at a moment of chance, and starts it again."""
        before = self.settled()
        until(lambda: self.settled() > before, "the publisher has got something done", 120)
        asyncio.run(asyncio.sleep(chance.uniform(0.0, 0.3)))
        self.stage.services["publisher"].kill()
        until(lambda: not self.stage.count(_WRITING), "what the publisher had asked of the ledger is done")
        self.doubtful.update(self.stage.ask(_IN_DOUBT, list(BLIND)))
        self.stage.start("publisher")

    def settled(self) -> int:
        return self.stage.count("SELECT count(*) FROM post WHERE state IN ('sent', 'held')")

    def lost(self) -> dict[str, set[str]]:
        """The draws whose post took effect and was not answered, by the blind account."""
        kinds = (Trouble.LOST, Trouble.ERROR, Trouble.HANG)
        return {name: {draw_of(text) for kind in kinds for text in self.world.rules[name].made[kind]} for name in BLIND}

    def stands(self) -> dict[str, Counter[str]]:
        """How often each draw stands at each account."""
        seen = {name: [post.text for post in self.world.rules[name].posts] for name in SIX if name in ACCOUNTS}
        seen["nostr"] = asyncio.run(notes(self.relay, self.secret))
        return {name: Counter(map(draw_of, texts)) for name, texts in seen.items()}


_WRITING = """SELECT count(*) FROM pg_stat_activity
              WHERE datname = current_database() AND application_name = 'lotto publisher'"""
_IN_DOUBT = """SELECT account || ' ' || lottery || '/' || date FROM post
               WHERE account = ANY(%s) AND state IN ('sending', 'unknown')"""


@pytest.fixture
def delivery(mortal: Engines) -> Iterator[Delivery]:
    """Six accounts at six networks that make troubles, and a stage with nothing on it."""
    with (
        TemporaryDirectory(prefix="lotto-delivery-") as folder,
        TemporaryDirectory(prefix="lotto-networks-") as theirs,
        practiced(Path(theirs)) as world,
    ):
        stage = Stage(mortal, new_database(mortal), Path(folder))
        found: dict[str, str] = {}
        wired: dict[str, int] = {}

        async def nostr() -> None:
            async with relayed(400 if FULL else 20) as (found["relay"], wired["port"]):
                await asyncio.Event().wait()

        with meanwhile(nostr()), stage.open():
            stage.house().prepare()
            until(lambda: wired, "the relay answers")
            made = Delivery(stage, world, found["relay"], wired["port"])
            made.write()
            made.admit()
            yield made


@asynccontextmanager
async def relayed(losing: int) -> AsyncIterator[tuple[str, int]]:
    """A relay's address, and the port of a wire to it that loses so many answers."""
    async with local_relay() as relay:
        port = int(relay.address.rpartition(":")[2].strip("/"))
        async with losing_wire(port, b'["OK"', losing) as wire:
            yield relay.address, wire.port


def results(count: int) -> list[Event]:
    """So many results, told without pictures."""
    days = (date(2021, 1, 1) + timedelta(days=n) for n in range(count))
    draws = (Draw(DrawKey("us_powerball", day), Status.CONFIRMED, AT, 1, numbers=NUMBERS) for day in days)
    return [Event(Type.IMAGE_FAILED, draw, AT, reason="no picture") for draw in draws]


@pytest.mark.timeout(3000 if FULL else 300)
def test_six_accounts_tell_every_result_once_whatever_is_lost_and_killed(delivery: Delivery) -> None:
    """Held is exactly what a blind network took without an answer, or was being given when its publisher died."""
    count, kills = (1_000, 100) if FULL else (40, 4)
    chance = random.Random(SEED)
    for rules in delivery.world.rules.values():
        rules.troubles = TROUBLES
        rules.lag = (0.0, 10.0)
    events = results(count)
    delivery.stage.start("publisher")
    for n in range(kills):
        asyncio.run(delivery.plan(events[count * n // kills : count * (n + 1) // kills]))
        delivery.kill(chance)
    left = "SELECT count(*) FROM post WHERE state NOT IN ('sent', 'held')"
    until(lambda: not delivery.stage.count(left), "every post is sent or held", 1200 if FULL else 200)
    draws = {str(event.draw.key) for event in events}
    stands = delivery.stands()
    for name in (*KEYED, *LOOKED):
        assert stands[name] == Counter(draws), f"{name} does not show every draw once"
    held = set(delivery.stage.ask("SELECT account || ' ' || lottery || '/' || date FROM post WHERE state = 'held'"))
    lost = {f"{name} {draw}" for name, theirs in delivery.lost().items() for draw in theirs}
    for name in BLIND:
        missing = {f"{name} {draw}" for draw in draws - set(stands[name])}
        assert max(stands[name].values()) == 1, f"{name} shows a draw twice"
        assert missing <= held & delivery.doubtful, "what a blind network does not show is held, not forgotten"
    assert lost <= held <= lost | delivery.doubtful
    if FULL:
        made = Counter(
            {kind: sum(len(rules.made[kind]) for rules in delivery.world.rules.values()) for kind in Trouble}
        )
        assert made[Trouble.LOST] + 400 >= 1_000
        assert made[Trouble.ERROR] >= 900


@pytest.mark.timeout(200)
def test_without_their_guards_they_tell_results_twice(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: whatever is in doubt is sent again."""

    async def blindly(*_: object) -> bool:
        return True

    monkeypatch.setattr(sender, "SETTLE", timedelta(seconds=0.1))
    monkeypatch.setattr(Sender, "_settled", blindly)
    for name in (*LOOKED, *BLIND):
        delivery.world.rules[name].troubles = {Trouble.LOST: 0.5}

    async def story() -> None:
        await delivery.plan(results(12))
        house = delivery.stage.house()
        async with house.ledger("publisher") as ledger, house.networks_door(ledger.environment) as door:
            async with ledger.reading() as conn:
                known = await accounts.listed(conn)
            entries = house.accounts.entries()
            publisher = Publisher(
                ledger,
                house.store(),
                house.catalogue.lotteries,
                house.accounts.open(entries, known, house.accounts.outside(door)),
                wall_clock,
                worker="one",
                public_url="https://lotto.example",
            )
            working = asyncio.ensure_future(publisher.run())
            left = "SELECT count(*) FROM post WHERE account = ANY(%s) AND state <> 'sent'"
            try:
                async with asyncio.timeout(100):
                    while await asyncio.to_thread(delivery.stage.count, left, ["telegram", "slack"]):
                        await asyncio.sleep(0.2)
            finally:
                working.cancel()
                await asyncio.wait([working])

    asyncio.run(story())
    stands = delivery.stands()
    assert max(stands["telegram"].values()) > 1
    assert max(stands["slack"].values()) > 1
