"""The demo: the whole house on a practice world, in one process. It differs from the real thing in addresses, pace
and clock, and in nothing else.
"""

import asyncio

from lotto.house import House, Practice
from lotto.replay import pace
from lotto.replay.chapters import CHAPTERS
from lotto.replay.clock import WorldClock
from lotto.replay.server import serving
from lotto.replay.world import World
from lotto.services import SERVICES, Services
from lotto.settings import Settings


async def run(settings: Settings, database_url: str, redis_url: str, *, every: float, chapters: str) -> None:
    """Loads the history, then plays a draw every so many seconds, until cancelled."""
    world = World(CHAPTERS[chapters])
    clock = WorldClock(world.starts_at, settings.data_dir / "world.json")
    async with serving(world, clock) as address:
        house = House(settings, database_url=database_url, redis_url=redis_url, practice=Practice(address, clock.now))
        await asyncio.to_thread(house.prepare)
        await Services(house).load_history()
        async with asyncio.TaskGroup() as group:
            group.create_task(Services(house).run(SERVICES))
            group.create_task(pace.run(world, clock, every))
