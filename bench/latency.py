"""How long a draw takes from a source's answer to the API, to its card and to its post.

The demo's house runs on the practice world, over real HTTP, PostgreSQL and Valkey; from outside, the public API is
asked over and over when it first shows what. A draw's clock starts at the answer of the last source its verdict needed.
"""

import asyncio
import contextlib
import logging
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import structlog

from lotto.draws.draw import DrawKey
from lotto.engines import Engines
from lotto.house import House, Practice
from lotto.replay import pace
from lotto.replay.chapters import CHAPTERS
from lotto.replay.clock import WorldClock
from lotto.replay.server import serving as serving_world
from lotto.replay.world import World
from lotto.services import Services
from lotto.serving import serving
from lotto.settings import Settings

DRAWS = 200
EVERY = 0.8
LOOK = 0.02
"""Seconds between two looks at the API: what is measured is late by half of it on average."""

LIMITS = {"api": 1.0, "card": 2.0, "post": 3.0}
"""Seconds that 95 of 100 draws may take."""


class TimedClock(WorldClock):
    """The world's clock, which remembers its jumps, so that an instant there can be told in seconds here."""

    def __init__(self, at: datetime) -> None:
        self.jumps: list[tuple[datetime, float]] = [(at, time.monotonic())]
        super().__init__(at)

    def jump(self, to: datetime) -> datetime:
        """Moves on and remembers when."""
        at = super().jump(to)
        self.jumps.append((at, time.monotonic()))
        return at

    def here(self, instant: datetime) -> float:
        """When that instant was, on this machine's monotonic clock."""
        at, since = next((at, since) for at, since in reversed(self.jumps) if at <= instant)
        return since + (instant - at).total_seconds()


@dataclass
class Seen:
    """When the outside first saw what of each draw, on the monotonic clock."""

    answered: dict[DrawKey, float] = field(default_factory=dict)
    steps: dict[str, dict[DrawKey, float]] = field(default_factory=lambda: {step: {} for step in LIMITS})

    def note(self, step: str, key: DrawKey) -> None:
        """Notes a first sight."""
        self.steps[step].setdefault(key, time.monotonic())

    def took(self, step: str) -> list[float]:
        """Seconds from the last needed answer to this step, draw by draw."""
        return sorted(at - self.answered[key] for key, at in self.steps[step].items() if key in self.answered)


async def measure() -> Seen:
    """Plays the draws and watches the API; everything is put away at the end."""
    seen = Seen()
    with TemporaryDirectory(prefix="lotto-bench-") as folder, Engines(Path(folder)) as engines:
        world = World(CHAPTERS["bench"])
        clock = TimedClock(world.starts_at)
        settings = Settings(data_dir=Path(folder), port=0)
        async with serving_world(world, clock) as address:
            house = House(
                settings,
                database_url=engines.database_url or "",
                redis_url=engines.redis_url or "",
                practice=Practice(address, clock.now),
            )
            await asyncio.to_thread(house.prepare)
            async with house.scraper() as scraper:
                await scraper.backfill(list(house.catalogue.lotteries.values()))
            async with (
                house.site() as site,
                serving(site, "127.0.0.1", 0) as port,
                _working(house, world, clock),
                httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as api,
            ):
                await _watch(api, clock, seen)
    return seen


@asynccontextmanager
async def _working(house: House, world: World, clock: WorldClock) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(Services(house).keep(one)) for one in ("scraper", "relay", "imaker", "publisher")]
    tasks.append(asyncio.ensure_future(pace.run(world, clock, EVERY)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _watch(api: httpx2.AsyncClient, clock: TimedClock, seen: Seen) -> None:
    """Looks until DRAWS draws are posted."""
    began = _instant(clock)
    while len(seen.steps["post"]) < DRAWS:
        for draw in (await api.get("/api/v1/results/latest")).json()["items"]:
            if draw["revision"] and draw["decided_at"] and datetime.fromisoformat(draw["decided_at"]) > began:
                key = _key(draw)
                seen.note("api", key)
                if draw["cards"] and key not in seen.steps["card"]:
                    picture = await api.get(draw["cards"][0]["url"])
                    if picture.content.startswith(b"\x89PNG"):
                        seen.note("card", key)
                answers = [datetime.fromisoformat(one["observed_at"]) for one in draw["sources"] if one["agrees"]]
                if draw["update"] == 0:
                    seen.answered[key] = clock.here(max(answers))
        for post in (await api.get("/api/v1/posts", params={"limit": 10})).json()["items"]:
            if post["state"] == "sent":
                seen.note("post", _key(post))
        await asyncio.sleep(LOOK)


def _instant(clock: WorldClock) -> datetime:
    return clock.now() - timedelta(seconds=1)


def _key(item: dict[str, Any]) -> DrawKey:
    return DrawKey.parse("/".join(filter(None, (item["lottery"], item["date"], item["label"]))))


def main() -> None:
    """Measures and prints one line a step."""
    logging.disable(logging.INFO)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    seen = asyncio.run(measure())
    print(f"Latency over {len(seen.answered)} draws, from the answer of the last source needed")
    print(f"{'until':6} {'p50':>8} {'p95':>8} {'longest':>8} {'limit':>6}  p95 / limit")
    for step, limit in LIMITS.items():
        took = seen.took(step)
        p95 = statistics.quantiles(took, n=20)[-1]
        print(f"{step:6} {statistics.median(took):7.3f}s {p95:7.3f}s {took[-1]:7.3f}s {limit:5.1f}s  {p95 / limit:.2f}")
