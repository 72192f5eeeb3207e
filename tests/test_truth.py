"""The truth under attack: broken pages, races and old news, through the services as they are put together."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from conftest import run
from lotto.api.views import Views
from lotto.draws.draw import DrawKey, Observation, Status
from lotto.draws.verdict import weigh
from lotto.house import House, Practice
from lotto.ledger import fetches, queries
from lotto.ledger.connection import Away
from lotto.ledger.record import record
from lotto.ledger.step import step
from lotto.replay.chapters import CHAPTERS
from lotto.replay.clock import WorldClock
from lotto.replay.server import serving
from lotto.replay.world import World
from lotto.scraper.sources.source import Page
from lotto.settings import Settings
from lotto.watch import asks as watch


@pytest.fixture
def practising(database_url, redis_url, tmp_path):
    """Runs a story in the practice world of May 2022; what the world holds of Powerball's past is loaded."""

    def tell(story: Callable[[SimpleNamespace], Awaitable[None]]) -> None:
        async def whole() -> None:
            world = World(CHAPTERS["disagreement"])
            clock = WorldClock(world.starts_at)
            async with serving(world, clock) as address:
                house = House(
                    Settings(data_dir=tmp_path, port=8400),
                    database_url=database_url,
                    redis_url=redis_url,
                    practice=Practice(address, clock.now),
                )
                powerball = house.catalogue.lotteries["us_powerball"]
                async with house.ledger("test") as ledger, house.scraper() as scraper:
                    await scraper.backfill([powerball])
                    await story(SimpleNamespace(**locals()))

        run(whole())

    return tell


def next_draw(it) -> DrawKey:
    """Goes on to when both sources have the next Powerball of the world, which is returned."""
    at, key = it.powerball.next_draw(it.clock.now())
    it.clock.jump(at + timedelta(hours=1))
    return key


async def stands(it, key):
    async with it.ledger.reading() as conn:
        return await queries.draw(conn, key)


@contextlib.asynccontextmanager
async def watching(it):
    """The scraper at its work, which must not end by itself."""
    task = asyncio.ensure_future(it.scraper.run())
    try:
        async with asyncio.timeout(30):
            yield task
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.wait([task])


def nul_in_the_file(source, monkeypatch) -> None:
    """The source answers with a file in which a NUL stands, as a disk fault leaves it."""
    read = type(source).read

    def broken(page: Page):
        return read(source, Page(page.url, b"Power\0ball,5,9,2022,1,2,3,4,5,6,2\n", page.at, page.media))

    monkeypatch.setattr(source, "read", broken, raising=False)


def bug_in_the_reader(source, monkeypatch) -> None:
    def broken(page: Page):
        raise IndexError("list index out of range")

    monkeypatch.setattr(source, "read", broken, raising=False)


@pytest.mark.parametrize(
    ("breaks", "words"),
    [(nul_in_the_file, "a sign in it is U+0000"), (bug_in_the_reader, "IndexError: list index out of range")],
)
def test_a_page_that_breaks_its_reader_is_noted_and_stops_no_other_source(practising, monkeypatch, breaks, words):
    async def story(it):
        key = next_draw(it)
        breaks(it.house.sources["us_texas"], monkeypatch)
        async with watching(it) as task:
            while not task.done():
                async with it.ledger.reading() as conn:
                    found = await fetches.newest(conn, ["us_texas"])
                    rows = await conn.execute("SELECT source FROM observation WHERE date = %s", [key.date])
                    told = {row["source"] async for row in rows}
                if found["us_texas"].outcome == "changed" and told == {"us_ny_data"}:
                    break
                await asyncio.sleep(0.05)
            assert words in found["us_texas"].note

    practising(story)


def test_a_source_in_trouble_does_not_stop_the_watch(practising, monkeypatch):
    """Whatever it is, such as a store that is full: the others go on, and it is asked again."""

    async def story(it):
        next_draw(it)
        put, troubles = it.scraper._store.put, []

        async def full(key: str, data: bytes, media: str) -> bool:
            if len(troubles) < 2:
                troubles.append(key)
                raise OSError("no space left")
            return await put(key, data, media)

        monkeypatch.setattr(it.scraper._store, "put", full)
        async with watching(it) as task:
            while not task.done() and len(troubles) < 2:
                await asyncio.sleep(0.05)

    practising(story)


def test_a_ledger_that_goes_away_under_the_watch_is_waited_for(practising, monkeypatch):
    async def story(it):
        key = next_draw(it)
        asked, absences = fetches.asked, []

        async def away(*question):
            if len(absences) < 3:
                absences.append(question)
                raise Away("the server closed the connection")
            return await asked(*question)

        monkeypatch.setattr(fetches, "asked", away)
        async with watching(it) as task:
            while (not task.done() and (found := await stands(it, key)) is None) or len(absences) < 3:
                await asyncio.sleep(0.05)
        assert found.status is Status.CONFIRMED

    practising(story)


def test_a_new_process_reads_pages_anew_since_its_rules_may_be_others(practising):
    """With a lottery new in the catalogue, or a reader mended, an unchanged page has news."""

    async def story(it):
        async with it.ledger.reading() as conn:
            assert (await fetches.newest(conn, ["us_texas"]))["us_texas"].outcome == "read"
        async with it.house.scraper() as another:
            await another.scrape(it.powerball)
            async with it.ledger.reading() as conn:
                assert (await fetches.newest(conn, ["us_texas"]))["us_texas"].outcome == "read"
            await another.scrape(it.powerball)
            async with it.ledger.reading() as conn:
                assert (await fetches.newest(conn, ["us_texas"]))["us_texas"].outcome == "unchanged"

    practising(story)


def test_a_backfill_beside_the_watch_swallows_no_new_result(practising):
    async def story(it):
        key = next_draw(it)
        changes = await it.scraper.backfill([it.powerball], first=False)
        assert {str(one.draw.key): str(one.told) for one in changes}[str(key)] == "new_result"

    practising(story)


def test_a_draw_that_the_calendar_does_not_know_is_news_by_its_day(known):
    lottery = known.lotteries["us_powerball"]
    now = datetime(2024, 11, 4, 12, tzinfo=UTC)
    assert watch.is_news(lottery, DrawKey(lottery.id, date(2024, 11, 3)), now)
    assert not watch.is_news(lottery, DrawKey(lottery.id, date(2020, 11, 3)), now)
    assert not watch.is_news(lottery, DrawKey(lottery.id, date(1990, 1, 1)), now)


@pytest.mark.parametrize("values", [("93", "71", "46", "12"), ("93", "71", "46")])
def test_what_a_lone_source_shows_against_the_rules_is_not_shown_to_the_world(open_ledger, known, values):
    async def story():
        lottery = known.lotteries["do_gana_mas"]
        key = DrawKey(lottery.id, date(2025, 8, 6))
        at = lottery.drawn_at(key) + timedelta(hours=1)
        day_before = DrawKey(lottery.id, date(2025, 8, 5))

        def shows(key: DrawKey, *numbers: str) -> Observation:
            board = "do_loteriasdominicanas"
            return Observation(key, board, board, False, {"main": numbers}, at, "ab")

        async with open_ledger() as ledger:
            # Four values are too many; three are yesterday's again.
            await record(ledger, lottery, [shows(day_before, *values[:3]), shows(key, *values)], at)
            async with ledger.reading() as conn:
                draw = await queries.draw(conn, key)
        assert draw.status is Status.HELD
        (evidence,) = Views(known, {}, "/{}".format).draw(draw, ()).sources
        assert evidence.numbers == {}

    run(story())


def test_no_new_rule_can_publish_a_draw_without_its_numbers(known):
    """Values kept under old rules may be more than today's pool takes: then the draw is not whole."""
    lottery = known.lotteries["us_powerball"]
    key, at = DrawKey(lottery.id, date(2024, 11, 2)), datetime(2024, 11, 3, 4, tzinfo=UTC)
    six = {"main": (1, 2, 3, 4, 5, 6), "bonus": (7,)}
    told = [Observation(key, source, source, True, six, at, "ab") for source in ("us_texas", "us_ny_data")]
    verdict = weigh(lottery, key, told)
    assert verdict.status is not Status.CONFIRMED
    after, _ = step(lottery, key, None, verdict, at)
    assert after is None or after.revision == 0
