"""A correction: every surface of every process follows it, and none goes on showing what was never drawn."""

import asyncio

import psycopg
import pytest

from conftest import Servers, drop, run
from listeners import Listener
from lotto import catalogue
from lotto.house import wall_clock
from lotto.ledger.connection import Ledger
from surfaces import correct, newest, processes, publish, relaying, settle, shown, surfaces

GAME = catalogue.load().lotteries["us_powerball"]


@pytest.fixture
def ledger_url(servers: Servers):
    """A ledger of the real world, in which calendars go by the clock on the wall."""
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        conn.execute("CREATE DATABASE surfaces TEMPLATE pattern")
        with psycopg.connect(servers.database("surfaces")) as empty:
            empty.execute("UPDATE instance SET environment = 'live'")
        yield servers.database("surfaces")
        drop(conn, "surfaces")


def test_every_surface_of_two_processes_shows_a_correction_and_nothing_but_it(ledger_url, redis_url, tmp_path):
    """How soon they do is measured by `make bench`."""
    key = newest(GAME, wall_clock())
    places = surfaces(key)

    async def story(ports: list[int]) -> None:
        async with Ledger(ledger_url, "test", "live") as ledger, relaying(ledger_url, redis_url):
            await publish(ledger, GAME, key, wall_clock())
            listeners = [Listener([port]) for port in ports]
            tasks = [asyncio.ensure_future(one.listen()) for one in listeners]
            before = await shown(ports, places)
            assert set(before.values()) == {2}, "what shows no number at all would follow every correction"
            since = await correct(ledger, GAME, key, 26, wall_clock())
            async with asyncio.timeout(60):
                took = await settle(ports, places, 26, since)
                while not all(any(told.type == "result_corrected" for told in one.heard) for one in listeners):
                    await asyncio.sleep(0.02)
            assert took.keys() == before.keys()
            assert set((await shown(ports, places)).values()) == {26}
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            for one in listeners:
                (told,) = [told for told in one.heard if told.type == "result_corrected"]
                assert (told.data["lottery"], told.data["date"], told.data["revision"]) == (GAME.id, str(key.date), 2)

    with processes(ledger_url, redis_url, tmp_path) as ports:
        run(story(ports))
