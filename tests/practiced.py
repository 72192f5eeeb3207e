"""Practice networks with the rules of real ones, and an account of ours at each."""

import asyncio
import importlib
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import msgspec

from lotto.door import Door
from lotto.house import wall_clock
from lotto.publisher import networks
from lotto.publisher.networks.network import Network, Outside
from lotto.replay import rules
from lotto.replay.networks import serving
from lotto.replay.rules.rules import Rules
from lotto.replay.rules.x import CREDENTIALS
from lotto.shelf import standing
from stage import meanwhile

HOOK = "https://discord.example/api/webhooks/5/practice"

APPS = {"client_id": "app", "client_secret": "secret", "refresh_token": "practice-refresh"}

ACCOUNTS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "bluesky": ({"server": "{at}", "handle": "lotto.test"}, {"app_password": "practice"}),
    "discord": ({"server": "{at}", "channel": "42"}, {"bot_token": "practice"}),
    "discord_webhook": ({"server": "{at}"}, {"webhook": HOOK}),
    "facebook": ({"server": "{at}", "page": "175154750010052"}, {"page_token": "practice"}),
    "instagram": ({"server": "{at}", "user": "17841400000000001"}, {"access_token": "practice"}),
    "linkedin": (
        {"server": "{at}", "organization": "5583111"},
        {"access_token": "practice", "client_id": "app", "client_secret": "secret"},
    ),
    "mastodon": ({"server": "{at}"}, {"access_token": "practice"}),
    "pinterest": (
        {"server": "{at}", "board": "549755885175"},
        {"app_id": "app", "app_secret": "secret", "refresh_token": "practice-refresh"},
    ),
    "reddit": ({"server": "{at}", "subreddit": "lotto"}, APPS),
    "slack": ({"server": "{at}", "channel": "C012AB3CD"}, {"bot_token": "practice"}),
    "telegram": ({"server": "{at}", "channel": "@lotto"}, {"bot_token": "practice"}),
    "threads": ({"server": "{at}"}, {"access_token": "practice"}),
    "wordpress": ({"site": "{at}", "user": "lotto"}, {"application_password": "practice"}),
    "x": ({"server": "{at}"}, CREDENTIALS),
}
"""What the accounts file says of an account at each, and what it must know to get in."""


@dataclass
class Practiced:
    """The practice networks while they run."""

    address: str
    rules: Mapping[str, Rules]
    folder: Path
    clock: Callable[[], datetime]

    def open(self, name: str, door: Door, **secrets: str) -> Network:
        """That network as our account sees it; with other `secrets` than those that let in, if any are given."""
        told, known = ACCOUNTS[name]
        server = f"{self.address}/{name}"
        table = {"network": name, **{key: one.format(at=server) for key, one in told.items()}}
        facts = msgspec.convert(table, standing(networks, Network)[name].facts)
        return facts.open(name, {**known, **secrets}, Outside(door, self.folder, "https://lotto.example", self.clock))

    def fresh(self, name: str) -> Rules:
        """That network's rules, with no troubles, nothing revoked and no lag."""
        ours = self.rules[name]
        ours.troubles, ours.revoked, ours.pictures, ours.lag, ours.paced = {}, False, None, (0.0, 0.0), False
        return ours


def _rules() -> dict[str, type[Rules]]:
    """The rules of every network that has some, by the file's name."""
    found = {name: importlib.import_module(f"{rules.__name__}.{name}") for name in ACCOUNTS}
    return {name: getattr(module, name.title().replace("_", "")) for name, module in found.items()}


@contextmanager
def practiced(folder: Path, clock: Callable[[], datetime] = wall_clock) -> Iterator[Practiced]:
    """All of them on one server of this machine, by that clock."""
    known = {name: one(folder / f"{name}.jsonl", clock, chance=random.Random(name)) for name, one in _rules().items()}
    ready = Event()
    found: dict[str, str] = {}

    async def serve() -> None:
        async with serving(known) as found["address"]:
            ready.set()
            await asyncio.Event().wait()

    with meanwhile(serve()):
        ready.wait()
        yield Practiced(found["address"], known, folder, clock)
