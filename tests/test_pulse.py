"""The pulse: every commit that changes a draw or a card is felt, whoever made it, and no lost connection hides one."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, date, datetime

import psycopg
import pytest

from conftest import run
from lotto.draws.draw import DrawKey, Observation
from lotto.events import Card, Event, Type
from lotto.ledger import cards, queries
from lotto.ledger.connection import Ledger
from lotto.ledger.pulse import Pulse
from lotto.ledger.record import record

AT = datetime(2024, 11, 3, 3, 10, tzinfo=UTC)
KEY = DrawKey("us_powerball", date(2024, 11, 2))
NUMBERS = {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}
CARD = Card("og", "en", "gradient", "cards/ab", "ab", "image/png", 1200, 630, 9, "alt words")

Change = Callable[[Ledger], Awaitable[object]]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


@pytest.fixture
def observed(known) -> Change:
    """Somebody records a result."""

    async def change(ledger: Ledger) -> None:
        for source in ("us_texas", "us_ny_data"):
            said = Observation(KEY, source, source, True, NUMBERS, AT, "ab" * 32)
            await record(ledger, known.lotteries["us_powerball"], [said], AT)

    return change


async def draw_a_card(ledger: Ledger) -> None:
    async with ledger.reading() as conn:
        draw = await queries.draw(conn, KEY)
    assert draw is not None
    await cards.ready(ledger, Event(Type.NEW_RESULT, draw, AT), [CARD], AT)


async def by_hand(ledger: Ledger) -> None:
    async with ledger.transaction() as conn:
        await conn.execute("UPDATE draw SET told = told")


def test_every_change_is_felt_by_all(open_ledger, observed):
    async def story():
        async with open_ledger() as ledger, Pulse.of(ledger) as pulse, Pulse.of(ledger) as another:
            await until(lambda: pulse.beats and another.beats)
            for change in (observed, draw_a_card, by_hand):
                before = pulse.turn, another.turn
                await change(ledger)
                await until(lambda before=before: pulse.turn > before[0] and another.turn > before[1])

    run(story())


def test_a_look_and_what_was_not_committed_are_not_felt(open_ledger):
    class Undone(Exception):
        pass

    async def story():
        async with open_ledger() as ledger, Pulse.of(ledger) as pulse:
            await until(lambda: pulse.beats)
            before = pulse.turn
            async with ledger.reading() as conn:
                await queries.draw(conn, KEY)
            with suppress(Undone):
                async with ledger.transaction() as conn:
                    await conn.execute("UPDATE draw SET told = told")
                    raise Undone
            await by_hand(ledger)
            await until(lambda: pulse.turn > before)
            assert pulse.turn == before + 1

    run(story())


def test_a_lost_connection_counts_as_a_change(open_ledger, database_url):
    async def story():
        async with open_ledger() as ledger, Pulse.of(ledger) as pulse:
            await until(lambda: pulse.beats)
            before = pulse.turn
            with psycopg.connect(database_url, autocommit=True) as conn:
                conn.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^(LISTEN|SELECT$)'")
            await until(lambda: pulse.turn > before and pulse.beats)

    run(story())
