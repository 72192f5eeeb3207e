"""The direct way to a draw: the same bytes as by the routes, and many who come together ask the ledger little."""

import asyncio
from contextlib import asynccontextmanager

import psycopg
import pytest

from conftest import run
from lotto.api import direct
from lotto.api.direct import MOST, Direct, Gathered
from lotto.draws.draw import DrawKey
from lotto.ledger import detail
from test_api import AT, POWERBALL, at_api, drawn, house, opened, said  # noqa: F401 - fixtures among them

DRAW = "/api/v1/lotteries/us_powerball/draws/2024-11-02"


class Watched:
    """A ledger that counts the times it is read, and may be away."""

    def __init__(self, ledger=None, is_away: bool = False) -> None:
        self.ledger = ledger
        self.is_away = is_away
        self.times = 0

    @asynccontextmanager
    async def reading(self):
        self.times += 1
        await asyncio.sleep(0)
        if self.is_away:
            raise psycopg.OperationalError("away")
        async with self.ledger.reading() as conn:
            yield conn


def test_a_draw_is_answered_to_the_byte_as_the_routes_do(drawn, monkeypatch):  # noqa: F811
    async def answers() -> list:
        async with opened(drawn) as (client, _):
            found = await client.get(DRAW)
            return [found.status_code, found.content, *sorted(found.headers.items())]

    short = run(answers())
    monkeypatch.setattr(Direct, "_asked", lambda *_: None)
    assert short[0] == 200
    assert short == run(answers())


@pytest.mark.parametrize(
    "path",
    ["2024-11-3", "2024-11-03", "20241102", "9999-12-31", "2024-11-02/", "2024-11-02/noon", "2024-11-02/%00", "x/y/z"],
)
def test_what_is_no_draw_of_ours_is_answered_by_the_routes(drawn, monkeypatch, path):  # noqa: F811
    async def answers() -> tuple:
        async with opened(drawn) as (client, _):
            found = await client.get(f"/api/v1/lotteries/us_powerball/draws/{path}")
            return found.status_code, found.json()

    short = run(answers())
    monkeypatch.setattr(Direct, "_asked", lambda *_: None)
    assert short == run(answers())
    assert short[0] in (200, 404, 422)


def test_who_come_together_ask_the_ledger_together(drawn):  # noqa: F811
    async def story():
        async with drawn.ledger("test") as ledger:
            watched = Watched(ledger)
            gathered = Gathered(watched)
            others = [DrawKey("us_powerball", AT.date(), str(n)) for n in range(MOST + 10)]
            found = await asyncio.gather(*(gathered.ask(key) for key in [POWERBALL, *others, POWERBALL]))
            alone = await gathered.ask(POWERBALL)
        return watched.times, found, alone

    times, (first, *others, last), alone = run(story())
    assert times == 3  # those who came together, what one question did not hold, and the one who came after
    assert first.draw.key == POWERBALL
    assert first == last == alone
    assert set(others) == {None}


def test_a_ledger_that_is_away_is_told_to_all_who_asked_and_the_next_ask_anew(drawn):  # noqa: F811
    async def story():
        async with drawn.ledger("test") as ledger:
            watched = Watched(ledger, is_away=True)
            gathered = Gathered(watched)
            told = await asyncio.gather(*(gathered.ask(POWERBALL) for _ in range(3)), return_exceptions=True)
            watched.is_away = False
            return told, await gathered.ask(POWERBALL)

    told, after = run(story())
    assert [type(one) for one in told] == [psycopg.OperationalError] * 3
    assert after.draw.key == POWERBALL


def test_one_who_leaves_takes_the_answer_from_nobody(drawn):  # noqa: F811
    async def story():
        async with drawn.ledger("test") as ledger:
            gathered = Gathered(ledger)
            leaver, stayer = (asyncio.create_task(gathered.ask(POWERBALL)) for _ in range(2))
            await asyncio.sleep(0)
            leaver.cancel()
            return await stayer

    assert run(story()).draw.key == POWERBALL


def test_a_question_that_comes_while_another_is_under_way_is_asked_after_it(drawn, monkeypatch):  # noqa: F811
    """What the first question sees may be old by then."""
    asked: list[list[DrawKey]] = []
    real = detail.of

    async def slowly(conn, keys):
        asked.append(keys)
        await asyncio.sleep(0.02)
        return await real(conn, keys)

    monkeypatch.setattr(direct.detail, "of", slowly)

    async def story():
        async with drawn.ledger("test") as ledger:
            gathered = Gathered(ledger)
            first = asyncio.create_task(gathered.ask(POWERBALL))
            while not asked:
                await asyncio.sleep(0)
            return await asyncio.gather(first, gathered.ask(POWERBALL))

    run(story())
    assert asked == [[POWERBALL], [POWERBALL]]
