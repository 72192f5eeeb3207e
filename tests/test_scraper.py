"""The scraper: asked when due, read as it is, and whatever a source does wrong yields nothing."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from conftest import run
from lotto.door import Answer
from lotto.draws.draw import DrawKey, Money, Prize, Status
from lotto.house import House, Practice
from lotto.ledger import fetches, queries
from lotto.ledger.fetches import Asked
from lotto.ledger.queries import Heard
from lotto.replay.chapters import CHAPTERS
from lotto.replay.clock import WorldClock
from lotto.replay.server import serving
from lotto.replay.world import World
from lotto.scraper import reading
from lotto.scraper.refusal import refusal
from lotto.scraper.shelf import shelf
from lotto.scraper.sources.source import Amount, Ask, Payout, Reading
from lotto.settings import Settings
from lotto.watch import asks as watch
from lotto.watch.state import Watched

TEXAS = shelf()["us_texas"]
BOARD = shelf()["do_loteriasdominicanas"]
PACE = timedelta(seconds=60)
LONGEST = PACE * (1 + watch.JITTER)
"""The longest that a pace can become: everyone waits a little more, and each another bit."""
WHOLE = {"main": (10, 45, 48, 58, 61), "bonus": (2,)}


@pytest.fixture
def powerball(known):
    return known.lotteries["us_powerball"]


@pytest.fixture
def drawn(powerball) -> datetime:
    """A Saturday's draw; between it and the one before lie three days."""
    return powerball.drawn_at(DrawKey("us_powerball", date(2024, 11, 2)))


def watched(source) -> Watched:
    return Watched(source.name, PACE)


def due(lottery, now, heard=(), asked=None, source=TEXAS, **went) -> list[str]:
    last = {"Powerball": Asked(asked, **went)} if asked else {}
    return [ask.name for ask in watch.due(watched(source), [lottery], heard, last, now)]


def told(lottery, at, numbers=WHOLE, objected=False) -> list[Heard]:
    """The source has told every draw of the last week by then, this one last."""
    keys = [key for _, key in lottery.draws(at - timedelta(days=8), at)]
    return [Heard(key, numbers if key == keys[-1] else WHOLE, objected and key == keys[-1], at) for key in keys]


def test_a_draw_is_asked_for_from_the_moment_it_can_be_known_and_not_before(powerball, drawn):
    earlier = told(powerball, drawn - timedelta(days=3, hours=-1))
    settled = drawn - timedelta(minutes=5)
    assert due(powerball, drawn + powerball.not_before - timedelta(seconds=1), earlier, settled) == []
    assert due(powerball, drawn + powerball.not_before + PACE * watch.JITTER, earlier, settled) == ["Powerball"]


def test_a_silent_source_is_asked_at_its_pace_and_less_often_the_later_it_is(powerball, drawn):
    now = drawn + timedelta(minutes=10)
    assert due(powerball, now, asked=now - timedelta(seconds=59)) == []
    assert due(powerball, now, asked=now - LONGEST) == ["Powerball"]
    late = drawn + timedelta(hours=20)
    assert due(powerball, late, asked=late - timedelta(minutes=30)) == []
    assert due(powerball, late, asked=late - timedelta(minutes=90)) == ["Powerball"]


@pytest.mark.parametrize("after", watch.LOOK_AGAIN)
def test_what_was_told_is_looked_at_again_once_at_each_of_the_set_times(powerball, drawn, after):
    seen = drawn + timedelta(minutes=9)
    heard = told(powerball, seen)
    mark = seen + after
    others = [key for key in heard if key.key.date < date(2024, 11, 2)]
    heard = [one for one in heard if one not in others]
    if mark < drawn + timedelta(days=2):
        assert due(powerball, mark - timedelta(seconds=1), heard + others, mark - timedelta(minutes=2)) == []
    assert due(powerball, mark + timedelta(seconds=1), heard + others, mark - timedelta(minutes=2)) == ["Powerball"]


@pytest.mark.parametrize("lack", [{"numbers": {"main": (10, 45)}}, {"objected": True}])
def test_a_part_or_an_objection_keeps_a_draw_due(powerball, drawn, lack):
    now = drawn + timedelta(minutes=5)
    assert due(powerball, now, told(powerball, now), now - timedelta(minutes=2)) == []
    assert due(powerball, now, told(powerball, now, **lack), now - timedelta(minutes=2)) == ["Powerball"]


def test_a_source_is_not_asked_for_lotteries_that_are_not_its_own(powerball, drawn):
    assert due(powerball, drawn + timedelta(minutes=5), source=BOARD) == []


def test_news_is_what_is_three_days_old_at_the_most(powerball, drawn):
    key = DrawKey("us_powerball", date(2024, 11, 2))
    assert watch.is_news(powerball, key, drawn + timedelta(days=2, hours=23))
    assert not watch.is_news(powerball, key, drawn + timedelta(days=3, hours=1))


def shown(known, source, *readings: Reading):
    return reading.sort(known, source, readings, "ab", datetime(2024, 11, 3, 4, tzinfo=UTC))


def test_texts_become_values_of_their_pool_in_the_order_we_keep(known):
    numbers = {"main": ("58", "10", "61", "45", "48"), "bonus": ("02",), "multiplier": ("3",)}
    found = shown(known, TEXAS, Reading("Powerball", date(2024, 11, 2), numbers, drawn_order=True))
    (one,) = found.ours["us_powerball"]
    assert one.numbers == {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}
    assert one.drawn == {"main": (58, 10, 61, 45, 48)}
    assert (one.source, one.origin, one.official) == ("us_texas", TEXAS.origin, True)


def test_digits_stay_texts_and_an_open_place_stays_open(known):
    board = Reading("Nacional / Gana Más", date(2025, 8, 6), {"main": ("00", None, "07")})
    (one,) = shown(known, BOARD, board).ours["do_gana_mas"]
    assert one.numbers == {"main": ("00", None, "07")}


def test_a_word_where_a_number_should_be_is_kept_for_the_rules_to_object_to(known, powerball):
    numbers = {"main": ("10", "45", "48", "58", "Verde"), "bonus": ("2",)}
    (one,) = shown(known, TEXAS, Reading("Powerball", date(2024, 11, 2), numbers)).ours["us_powerball"]
    assert powerball.objections(one.key, one.numbers, one.observed_at)


def test_names_that_the_catalogue_does_not_know_are_counted(known):
    found = shown(known, TEXAS, Reading("Bingo", date(2024, 11, 2), {"main": ("1",)}))
    assert (found.ours, found.others) == ({}, 1)


def test_a_label_of_the_catalogue_goes_before_the_page_s_own(known):
    board = Reading("La Primera / Primera Noche", date(2025, 8, 6), {"main": ("01", "02", "03")})
    (one,) = shown(known, BOARD, board).ours["do_la_primera"]
    assert one.key.label == known.named("do_loteriasdominicanas", "La Primera / Primera Noche")[0][1] != ""


@pytest.fixture
def practising(database_url, redis_url, tmp_path):
    """Runs a story in the practice world of May 2022, its history loaded: `world`, `clock`, `house`, `scrape`."""

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


NEW_YORK_AND_TEXAS = ("us_ny_data", "us_texas")


def next_powerball(it) -> tuple[datetime, DrawKey]:
    """When both sources have the next Powerball of the world."""
    at, key = it.powerball.next_draw(it.clock.now())
    return at + timedelta(hours=1), key


async def stands(it, key):
    async with it.ledger.reading() as conn:
        return await queries.draw(conn, key)


async def last(it, source):
    async with it.ledger.reading() as conn:
        return (await fetches.newest(conn, [source]))[source]


def test_two_sources_confirm_a_draw_and_its_pages_are_kept_by_their_hash(practising):
    async def story(it):
        after, key = next_powerball(it)
        it.clock.jump(after)
        await it.scraper.scrape(it.powerball)
        draw = await stands(it, key)
        assert (draw.status, draw.revision) == (Status.CONFIRMED, 1)
        assert {one.source for one in draw.sources} == set(NEW_YORK_AND_TEXAS)
        kept = await it.house.store().list("raw")
        assert all(any(one.page in name for name in kept) for one in draw.sources)

    practising(story)


def test_an_unchanged_page_is_asked_for_and_writes_nothing(practising):
    async def story(it):
        await it.scraper.scrape(it.powerball)
        assert await it.scraper.scrape(it.powerball) == []
        assert (await last(it, "us_texas")).outcome == "unchanged"

    practising(story)


def test_a_wrong_number_at_one_source_holds_the_draw(practising):
    async def story(it):
        after, key = next_powerball(it)
        it.clock.jump(after)
        it.world.faults.add("us_texas", "wrong")
        await it.scraper.scrape(it.powerball)
        draw = await stands(it, key)
        assert (draw.status, draw.numbers, draw.revision) == (Status.HELD, {}, 0)

    practising(story)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [("error", "failed"), ("deny", "blocked"), ("block", "blocked"), ("redesign", "changed"), ("reset", "failed")],
)
def test_a_source_that_fails_yields_nothing_and_the_other_goes_on(practising, fault, outcome):
    async def story(it):
        after, key = next_powerball(it)
        it.clock.jump(after)
        it.world.faults.add("us_texas", fault)
        await it.scraper.scrape(it.powerball)
        failed = await last(it, "us_texas")
        assert failed.outcome == outcome
        assert failed.note
        draw = await stands(it, key)
        assert draw is None or {one.source for one in draw.sources} == {"us_ny_data"}
        if outcome == "changed":
            assert any(failed.sha256 in name for name in await it.house.store().list("raw"))
        it.world.faults.clear()
        await it.scraper.scrape(it.powerball)
        assert (await stands(it, key)).status is Status.CONFIRMED

    practising(story)


def test_a_source_that_shows_yesterday_s_file_says_nothing_of_the_new_draw(practising):
    async def story(it):
        after, key = next_powerball(it)
        it.clock.jump(after)
        it.world.faults.add("us_texas", "yesterday")
        await it.scraper.scrape(it.powerball)
        draw = await stands(it, key)
        assert draw is None or draw.status is not Status.CONFIRMED

    practising(story)


def test_a_source_that_hangs_delays_no_other(practising):
    async def story(it):
        after, key = next_powerball(it)
        it.world.faults.add("us_texas", "slow", amount=20.0)
        it.clock.jump(after)
        watching = asyncio.ensure_future(it.scraper.run())
        try:
            async with asyncio.timeout(15):
                while (await _said(it, key)) != {"us_ny_data"}:
                    await asyncio.sleep(0.1)
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    practising(story)


def test_a_source_that_wants_us_to_wait_is_asked_for_nothing_more_until_then(practising):
    """Not for its other names, and by no other scraper: the wish stands in the ledger."""

    async def story(it):
        after, _ = next_powerball(it)
        it.clock.jump(after)
        it.world.faults.add("us_texas", "busy", amount=90.0)
        both = [it.powerball, it.house.catalogue.lotteries["us_mega_millions"]]
        texas = it.house.sources["us_texas"]
        await it.scraper._ask(texas, [Ask(next(iter(one.sources["us_texas"])), after.date()) for one in both], never)
        asked_at = it.clock.now()
        async with it.ledger.reading() as conn:
            asked = await fetches.asked(conn, "us_texas", asked_at + timedelta(hours=1))
            count = await (
                await conn.execute("SELECT count(*) AS n FROM page_fetch WHERE outcome = 'blocked'")
            ).fetchone()
        assert count["n"] == 1
        (one,) = [one for one in asked.values() if one.outcome == "blocked"]
        assert timedelta(seconds=89) <= one.wait_until - one.asked_at <= timedelta(seconds=95)
        watched = next(one for one in it.house.watched() if one.name == "us_texas")
        coming = list(watch.coming(watched, both, [], asked, asked_at))
        assert len(coming) == 2
        assert min(due.at for due in coming) == one.wait_until

    practising(story)


CHALLENGE = b"<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/h/b/orchestrate'></script>"


@pytest.mark.parametrize(
    ("status", "headers", "body", "is_page", "said"),
    [
        (403, {}, b"Forbidden", False, "It does not let us in: it answered 403."),
        (403, {"cf-mitigated": "challenge"}, b"", False, "It does not let us in: it answered 403, by Cloudflare."),
        (503, {}, CHALLENGE, False, "It does not let us in: Cloudflare answered in its place."),
        (200, {}, CHALLENGE, True, "It does not let us in: Cloudflare answered in its place."),
        (200, {}, CHALLENGE, False, ""),
        (200, {"x-datadome": "protected"}, b"<h1>Results</h1>", True, ""),
        (404, {}, b"Not found", False, ""),
        (503, {}, b"Busy", False, ""),
    ],
)
def test_who_does_not_let_us_in_is_told_from_who_merely_fails(drawn, status, headers, body, is_page, said):
    """Ordinary pages bear a guard's scripts too: only of one that its reader did not know are they a sign."""
    answer = Answer("https://one.example/", status, body, headers, drawn, drawn)
    assert refusal(answer, is_page=is_page) == said


def never(lottery, key) -> bool:
    return False


async def _said(it, key) -> set[str]:
    async with it.ledger.reading() as conn:
        rows = await conn.execute("SELECT source FROM observation WHERE date = %s", [key.date])
        return {row["source"] async for row in rows}


def test_a_rhythms_draw_is_heard_by_its_time_whatever_its_serial(known):
    keno = known.lotteries["cz_keno"]
    source = shelf()["cz_sazka"]
    now = datetime(2023, 9, 8, 12, 4, tzinfo=UTC)
    numbers = {"main": tuple(range(1, 13))}
    since = now - watch.NEWS - timedelta(days=2)
    heard = [
        Heard(DrawKey(keno.id, key.date, f"99{n}"), numbers, False, now, at.astimezone(UTC))
        for n, (at, key) in enumerate(keno.draws(since, now))
    ]
    asked = {"keno": Asked(now - timedelta(minutes=2))}
    assert list(watch.due(watched(source), [keno], heard, asked, now)) == []
    assert [ask.name for ask in watch.due(watched(source), [keno], heard[:-1], asked, now)] == ["keno"]


def test_a_game_of_any_day_is_asked_about_now_and_then(known):
    sena = known.lotteries["br_mega_sena"]
    now = datetime(2023, 9, 8, 12, tzinfo=UTC)
    for minutes, times in ((59, 0), (60, 1)):
        asked = {"Mega-Sena": Asked(now - timedelta(minutes=minutes))}
        assert len(list(watch.due(watched(shelf()["br_caixa"]), [sena], [], asked, now))) == times


def test_what_a_source_tells_of_money_and_time_becomes_values_or_an_objection(known):
    one = Reading(
        "keno",
        date(2023, 8, 28),
        {"main": ("07", "1")},
        label="2032939",
        at=time(13, 0),
        prizes=(Payout("10", "3", Amount("90860.40")), Payout("9", "many"), Payout("8", None, Amount("1,5", "EUR"))),
        jackpot=Amount("500000", "EUR"),
    )
    [seen] = reading.sort(known, shelf()["cz_sazka"], [one], "ab", datetime(2023, 8, 29, tzinfo=UTC)).ours["cz_keno"]
    assert seen.drawn_at == datetime(2023, 8, 28, 11, tzinfo=UTC)
    assert seen.prizes == (Prize("10", 3, Money(Decimal("90860.40"), "CZK")), Prize("8"))
    assert seen.jackpot == Money(Decimal(500000), "EUR")
    assert seen.objections == ("“many” is not a number of winners of 9.", "“1,5” is not an amount of money.")
