"""What a storm needs: networks of every guard with accounts at them, a busy disk, and blows of the services."""

import asyncio
import json
import random
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nostr_sdk import Keys

from lotto import accounts
from lotto.door import Door
from lotto.house import wall_clock
from lotto.replay.networks import PracticeNetwork, serving
from servers import Homeserver, Relay, local_relay, synapse
from stage import Stage, meanwhile, until

ACCOUNTS = """
[accounts.matrix]
network = "matrix"
server = "{matrix}"
room = "{room}"

[accounts.nostr]
network = "nostr"
relays = ["{nostr}"]

[accounts.timeline]
network = "practice"
server = "{practice}/timeline"
lag = 10

[accounts.blind]
network = "practice"
server = "{practice}/blind"
blind = true
"""
"""One account at a network of each guard: two with a key, one to look back at, one that shows nothing."""


@dataclass
class Networks:
    """The four networks while they run."""

    matrix: Homeserver
    nostr: Relay
    practice: Mapping[str, PracticeNetwork]
    address: str
    secret: str = field(default_factory=lambda: Keys.generate().secret_key().to_hex())

    def accounts(self, **ways: str) -> str:
        """The accounts file; `ways` lead to a network by another address, through a wire that loses answers."""
        addresses = {"matrix": self.matrix.address, "nostr": self.nostr.address, "practice": self.address}
        return ACCOUNTS.format(**addresses | ways, room=self.matrix.room)

    @property
    def credentials(self) -> dict[str, dict[str, str]]:
        """What an account must know, by the account."""
        return {"matrix": {"access_token": self.matrix.token}, "nostr": {"secret_key": self.secret}}

    def timelines(self) -> dict[str, list[str]]:
        """Every text that the world sees, by the account."""
        return {
            "matrix": [event["content"]["body"] for event in self.matrix.timeline()],
            "nostr": asyncio.run(notes(self.nostr.address, self.secret)),
            **{name: [post.text for post in network.posts] for name, network in self.practice.items()},
        }


async def notes(relay: str, secret: str) -> list[str]:
    """What the relay holds of that account; a page at a time, since a relay has a most that it tells in one go."""
    author = Keys.parse(secret).public_key().to_hex()
    found: dict[str, str] = {}
    until_second = None
    async with Door(user_agent="Lotto/test", clock=wall_clock, allow=["127.0.0.1:*"], closed=True) as door:
        while True:
            page = [event async for event in _events(door, relay, author, until_second)]
            new = {event["id"]: event["content"] for event in page if event["id"] not in found}
            if not new:
                return list(found.values())
            found |= new
            until_second = min(event["created_at"] for event in page)


async def _events(door: Door, relay: str, author: str, until_second: int | None) -> AsyncIterator[dict[str, Any]]:
    wanted: dict[str, Any] = {"authors": [author], "kinds": [1], "limit": 500}
    if until_second is not None:
        wanted["until"] = until_second
    async with door.websocket(relay) as socket:
        await socket.send(json.dumps(["REQ", "look", wanted]))
        while (answer := json.loads(await socket.receive()))[0] != "EOSE":
            if answer[0] == "EVENT":
                yield answer[2]


@contextmanager
def networks(folder: Path, seed: int) -> Iterator[Networks]:
    """Networks of every guard on this machine; the timeline's lag and all troubles come from that seed."""
    lags = {"timeline": (0.0, 10.0), "blind": None}
    practice = {
        name: PracticeNetwork(folder / f"{name}.jsonl", wall_clock, lag=lag, chance=random.Random(f"{seed} {name}"))
        for name, lag in lags.items()
    }
    home = folder / "matrix"
    home.mkdir()
    ready = threading.Event()
    found: dict[str, Any] = {}

    async def serve() -> None:
        async with serving(practice) as found["address"], local_relay() as found["relay"]:
            ready.set()
            await asyncio.Event().wait()

    with synapse(home) as matrix, meanwhile(serve()):
        ready.wait()
        yield Networks(matrix, found["relay"], practice, found["address"])


def settle_in(stage: Stage, theirs: Networks) -> None:
    """Gives the stage accounts at those networks."""
    (stage.folder / "accounts.toml").write_text(theirs.accounts())
    house = stage.house()
    for name, secrets in theirs.credentials.items():
        asyncio.run(accounts.add(house, house.accounts.entry(name), secrets))


@contextmanager
def busy_disk(folder: Path) -> Iterator[None]:
    """Something else writes and flushes the same disk all the time."""
    stop = threading.Event()

    def write() -> None:
        with (folder / "load").open("wb") as file:
            while not stop.is_set():
                file.seek(0)
                file.write(random.randbytes(4 * 2**20))
                file.flush()
                stop.wait(0.05)

    thread = threading.Thread(target=write, name="busy disk")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@dataclass
class Blows:
    """Kills services and engines of a stage, and knows what that left in doubt."""

    stage: Stage
    chance: random.Random
    dealt: Counter[str] = field(default_factory=Counter)
    doubtful: set[str] = field(default_factory=set)
    """Posts of the blind account that were being sent when their publisher died: nobody knows whether they went out."""

    def deal(self, victim: str) -> None:
        """Kills that one at a moment of chance; it is started again at once."""
        self.dealt[victim] += 1
        threading.Event().wait(self.chance.uniform(0.0, 0.6))
        if victim in ("valkey", "postgres"):
            self.stage.replace_engine(victim)
        elif victim == "publisher":
            self.stage.services[victim].kill()
            until(lambda: not self._still_writing(), "what the publisher had asked of the ledger is done")
            asked = "SELECT id::text FROM post WHERE account = 'blind' AND state IN ('sending', 'unknown')"
            until(lambda: self._note(self.stage.ask(asked)), "the ledger tells what was being sent")
            self.stage.start(victim)
        else:
            self.stage.replace(victim)

    def _still_writing(self) -> int:
        return self.stage.count(
            """SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND application_name = 'lotto publisher'"""
        )

    def _note(self, posts: list[str]) -> bool:
        self.doubtful.update(posts)
        return True


def unsettled(stage: Stage) -> list[str]:
    """What is still on its way: nothing when every result is told and worked off, and every post sent or held."""
    left = [f"{draw} is not told" for draw in set(stage.played) - stage.told()]
    left += stage.ask(
        """SELECT type || ' of ' || lottery || '/' || date || ' is not worked off' FROM outbox
           WHERE published_at IS NULL
              OR event_id NOT IN (SELECT event_id FROM inbox WHERE consumer IN ('imaker', 'publisher'))"""
    )
    left += stage.ask(
        "SELECT account || ' has a post ' || state || ': ' || note FROM post WHERE state NOT IN ('sent', 'held')"
    )
    return left


def until_told(stage: Stage, seconds: float = 120.0) -> None:
    """Waits until of every draw played a result is told."""
    try:
        until(lambda: stage.told() >= set(stage.played), "every draw is told", seconds)
    except AssertionError as error:
        logs = "\n".join(f"--- {name}\n{service.said[-1500:]}" for name, service in stage.services.items())
        raise AssertionError(f"{error}: {sorted(set(stage.played) - stage.told())}\n{logs}") from None


def until_settled(stage: Stage, seconds: float = 120.0, most: int = 0) -> None:
    """Waits until nothing, or no more than that, is on its way."""
    left: list[str] = []

    def settled() -> bool:
        left[:] = unsettled(stage)
        return len(left) <= most

    try:
        until(settled, "all is settled", seconds)
    except AssertionError as error:
        raise AssertionError(f"{error}: {len(left)} left, {left[:5]}") from None
