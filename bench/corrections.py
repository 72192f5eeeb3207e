"""How long any surface of the API goes on showing a number after it was corrected, with two processes of it.

A person corrects a draw over and over; every surface of both processes is asked at once until it shows the new number.
What is told includes the making of all those answers: nobody could have seen the old number later than that.
"""

import asyncio
import logging
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from lotto import catalogue
from lotto.engines import Engines
from lotto.house import wall_clock
from lotto.ledger.connection import Ledger, prepare
from surfaces import LIMIT, correct, newest, processes, publish, relaying, settle, surfaces

CORRECTIONS = 10


async def measure(database_url: str, redis_url: str, ports: list[int]) -> list[dict[str, float]]:
    """For each correction, after how many seconds each surface showed it."""
    game = catalogue.load().lotteries["us_powerball"]
    key = newest(game, wall_clock())
    places = surfaces(key)
    async with Ledger(database_url, "bench", "live") as ledger, relaying(database_url, redis_url):
        await publish(ledger, game, key, wall_clock())
        await settle(ports, places, 2, 0.0)
        found = []
        for bonus in range(3, 3 + CORRECTIONS):
            since = await correct(ledger, game, key, bonus, wall_clock())
            found.append(await settle(ports, places, bonus, since))
    return found


def main() -> None:
    """Measures and prints the slowest surfaces."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with TemporaryDirectory(prefix="lotto-bench-") as folder, Engines(Path(folder)) as engines:
        database_url, redis_url = engines.database_url or "", engines.redis_url or ""
        prepare(database_url, "live")
        with processes(database_url, redis_url, Path(folder)) as ports:
            found = asyncio.run(measure(database_url, redis_url, ports))
    worst = {name.partition("/")[2]: 0.0 for name in found[0]}
    for took in found:
        for name, seconds in took.items():
            worst[name.partition("/")[2]] = max(worst[name.partition("/")[2]], seconds)
    rounds = [max(took.values()) for took in found]
    print(f"Corrections: {CORRECTIONS} of them, {len(worst)} surfaces of 2 processes, until each shows the new number")
    for name, seconds in sorted(worst.items(), key=lambda one: -one[1])[:5]:
        print(f"  {seconds:6.3f}s  /{name}")
    print(f"  all of them: median {statistics.median(rounds):.3f}s, longest {max(rounds):.3f}s")
    print(f"  longest / limit of {LIMIT:g}s: {max(rounds) / LIMIT:.2f}")
