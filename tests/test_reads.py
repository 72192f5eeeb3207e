"""The reads of the API: which draws a question finds, page by page, and how long each took on its way."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from types import SimpleNamespace

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import flood
from conftest import drop, run
from lotto.draws.draw import Act, Draw, Status
from lotto.draws.sought import sought
from lotto.draws.steps import Percentiles, Step, Steps, paces
from lotto.ledger import browse, queries
from lotto.ledger.browse import Wanted
from lotto.ledger.connection import Ledger, prepare
from lotto.ledger.migrating import changing
from lotto.ledger.record import record
from lotto.ledger.ruling import rule
from test_api import AT, POWERBALL, at_api, at_rest, drawn, house, is_problem, opened, said  # noqa: F401 - fixtures among them

TAKE_5 = "us_ny_take5"

FILLED_BY_HAND = """SELECT lottery, pool, value, date, drawn_at, label FROM draw_value
                    EXCEPT SELECT draw.lottery, told.pool, told.value, draw.date, draw.drawn_at, draw.label
                    FROM draw JOIN result USING (seq) CROSS JOIN published_values(result.body) AS told"""
LEFT_OUT = """SELECT draw.lottery, told.pool, told.value, draw.date, draw.drawn_at, draw.label
              FROM draw JOIN result USING (seq) CROSS JOIN published_values(result.body) AS told
              EXCEPT SELECT lottery, pool, value, date, drawn_at, label FROM draw_value"""


def values_stand_as_the_draws_do(conn: psycopg.Connection) -> bool:
    """Whether the values that draws are found by are those they publish, all of them and no others."""
    return not conn.execute(FILLED_BY_HAND).fetchall() and not conn.execute(LEFT_OUT).fetchall()


@pytest.fixture(scope="module")
def shelf(servers, known) -> Iterator[SimpleNamespace]:
    """A hundred draws of Take 5, two a day: most provisional, some confirmed, held, corrected or void."""
    lottery = known.lotteries[TAKE_5]
    keys = [key for _, key in lottery.draws(AT - timedelta(days=50), AT)]

    def shown(source: str, n: int, shift: int = 0):
        values = {"main": tuple(sorted((n * 7 + place * 5 + shift) % 39 + 1 for place in range(5)))}
        return said(source, values, keys[n], AT, source == "us_ny_data")

    async def fill(ledger: Ledger) -> list[Draw]:
        other = "do_loteriasdominicanas_api"
        await record(ledger, lottery, [shown("us_ny_data", n) for n in range(len(keys))], AT)
        await record(ledger, lottery, [shown(other, n, shift=n % 10 == 0) for n in range(0, len(keys), 5)], AT)
        for n in (3, 40):
            change = shown("us_ny_data", n, shift=2)
            await record(
                ledger, lottery, [replace(change, observed_at=AT + timedelta(hours=1))], AT + timedelta(hours=1)
            )
        await rule(ledger, lottery, keys[50], Act.VOID, by="Ana", reason="The machine was broken.", now=AT)
        async with ledger.reading() as conn:
            return [one async for one in queries.whole(conn, TAKE_5)]

    with psycopg.connect(servers.database_url, autocommit=True) as conn, asyncio.Runner() as runner:
        conn.execute("CREATE DATABASE shelf TEMPLATE pattern")
        ledger = Ledger(servers.database("shelf"), "test", "practice")
        runner.run(ledger.__aenter__())
        draws = runner.run(fill(ledger))
        yield SimpleNamespace(
            ledger=ledger, lottery=lottery, draws=draws, run=runner.run, url=servers.database("shelf")
        )
        runner.run(ledger.__aexit__(None, None, None))
        drop(conn, "shelf")


DAYS = st.none() | st.dates(date(2024, 9, 1), date(2024, 11, 10))
QUESTIONS = st.builds(
    Wanted,
    since=DAYS,
    until=DAYS,
    label=st.sampled_from([None, None, "midday", "evening", "night"]),
    weekdays=st.just(()) | st.lists(st.integers(0, 6), max_size=3, unique=True),
    status=st.sampled_from([None, None, *Status]),
    values=st.lists(st.integers(1, 39).map(lambda n: (("bonus", str(n)), ("main", str(n)))), max_size=3, unique=True),
)


def fits(draw: Draw, wanted: Wanted) -> bool:
    """What a question means, said as plainly as can be."""
    shown = {(pool, str(value)) for pool, values in draw.numbers.items() for value in values}
    return (
        (wanted.since is None or draw.key.date >= wanted.since)
        and (wanted.until is None or draw.key.date <= wanted.until)
        and (wanted.label is None or draw.key.label == wanted.label)
        and (not wanted.weekdays or draw.key.date.weekday() in wanted.weekdays)
        and (wanted.status is None or draw.status is wanted.status)
        and all(shown & set(places) for places in wanted.values)
    )


@pytest.mark.parametrize("little", [True, False], ids=["looking at few draws a page", "looking at many"])
def test_every_question_finds_the_draws_that_fit_newest_first_without_gap_or_repeat(shelf, little, monkeypatch):
    if little:
        monkeypatch.setattr(browse, "LOOKED_AT", 7)
        monkeypatch.setattr(browse, "TRIED", 3)
    ordered = sorted(shelf.draws, key=lambda one: (one.key.date, one.drawn_at, one.key.label), reverse=True)

    async def pages(wanted: Wanted, most: int) -> list[Draw]:
        found: list[Draw] = []
        async with shelf.ledger.reading() as conn:
            page = await browse.page(conn, TAKE_5, most, wanted)
            found += page.draws
            while page.end:
                assert len(page.draws) <= most
                page = await browse.page(conn, TAKE_5, most, wanted, page.end)
                found += page.draws
        return found

    @settings(max_examples=60, deadline=None)
    @given(QUESTIONS, st.integers(1, 60))
    def asked(wanted: Wanted, most: int) -> None:
        assert shelf.run(pages(wanted, most)) == [one for one in ordered if fits(one, wanted)]

    asked()


def test_the_shelf_holds_draws_of_every_fate(shelf):
    found = {one.status for one in shelf.draws}
    assert {Status.PROVISIONAL, Status.CONFIRMED, Status.HELD, Status.VOID} <= found
    assert any(one.revision > 1 and one.numbers for one in shelf.draws)


def test_the_values_follow_the_draws_through_corrections_and_voids(shelf):
    with psycopg.connect(shelf.url, autocommit=True) as conn:
        assert values_stand_as_the_draws_do(conn)
        # The control: a value that is taken away is missed.
        conn.execute("BEGIN")
        conn.execute("DELETE FROM draw_value WHERE ctid = (SELECT ctid FROM draw_value LIMIT 1)")
        assert not values_stand_as_the_draws_do(conn)
        conn.execute("ROLLBACK")


def test_the_values_of_a_ledger_from_before_they_were_kept_are_there(servers, known):
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        conn.execute("CREATE DATABASE before_values TEMPLATE template1")
        url = servers.database("before_values")
        with changing(url) as change:
            change.to("0010")
            change.conn.execute("INSERT INTO instance (environment) VALUES ('live')")
        flood.fill(url, 60, known, ["us_texas"])
        prepare(url, "live")
        with psycopg.connect(url, autocommit=True) as own:
            assert own.execute("SELECT count(*) FROM draw_value").fetchone()[0] > 60
            assert values_stand_as_the_draws_do(own)
        drop(conn, "before_values")


@pytest.mark.parametrize(
    ("lottery", "text", "places"),
    [
        ("us_powerball", "7", {("main", "7"), ("bonus", "7"), ("multiplier", "7")}),
        ("us_powerball", "07", {("main", "7"), ("bonus", "7"), ("multiplier", "7")}),
        ("us_powerball", "bonus:7", {("bonus", "7")}),
        ("us_powerball", "69", {("main", "69")}),
        ("us_ny_numbers", "7", {("main", "7")}),
    ],
)
def test_a_value_is_sought_as_each_pool_writes_it(known, lottery, text, places):
    assert set(sought(known.lotteries[lottery], text).places) == places


@pytest.mark.parametrize("text", ["70", "main:0", "bonus:46", "seven", "", ":", "main:", "7 8", "٧"])
def test_what_no_pool_takes_is_refused_with_the_pools_there_are(known, text):
    with pytest.raises(ValueError, match="is a value of no pool of Powerball; its pools are main, bonus, multiplier"):
        sought(known.lotteries["us_powerball"], text)


def test_draws_are_found_by_what_is_asked(at_rest):  # noqa: F811
    questions = {
        "contains=45": 1,
        "contains=45&contains=bonus:2": 1,
        "contains=bonus:69": None,
        "contains=46": 0,
        "weekday=sat": 1,
        "weekday=sun&weekday=mon": 0,
        "from=2024-11-02&to=2024-11-02": 1,
        "from=2024-11-03": 0,
        "to=2024-11-01": 0,
        "status=confirmed": 1,
        "status=held": 0,
        "label=": 1,
        "label=midday": 0,
    }

    async def story(client, _):
        for question, count in questions.items():
            answer = await client.get(f"/api/v1/lotteries/us_powerball/draws?{question}")
            if count is None:
                assert "bonus:69” is a value of no pool of Powerball" in is_problem(answer, 422)
                continue
            assert answer.json()["next"] is None
            assert len(answer.json()["items"]) == count, question

    at_rest(story)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("lotteries/us_powerball/draws?from=2024-11-02&to=2024-11-01", "from: 2024-11-02 is after 2024-11-01"),
        ("lotteries/us_powerball/draws?from=yesterday", "from: “yesterday” is not a day; write it like 2024-11-02."),
        ("lotteries/us_powerball/draws?to=2024-02-30", "to: “2024-02-30” is not a day"),
        ("lotteries/us_powerball/draws?weekday=someday", "weekday.0: Input should be 'mon', 'tue'"),
        ("lotteries/us_powerball/draws?status=lost", "status: Input should be "),
        (
            "lotteries/us_powerball/draws?contains=99",
            "contains: “99” is a value of no pool of Powerball; its pools are",
        ),
        ("lotteries/us_powerball/draws?label=%00", "label: there are signs in it that cannot be printed"),
        ("lotteries/us_powerball/draws?" + "&".join(["contains=1"] * 11), "contains: "),
        # A cursor from before days were in it.
        ("lotteries/us_powerball/draws?cursor=MjAyNC0xMS0wM1QwMjo1OTowMCswMDowMCA=", "cursor: this is not one of ours"),
        ("search", "Say what to look for: a name, a country, a value or a date."),
        ("search?name=%20", "Say what to look for"),
        ("search?country=usa", "country: "),
        ("search?value=no+such+thing", "value: “no such thing” is a value of none of these lotteries."),
        ("search?date=today", "date: “today” is not a day"),
        ("search?value=7&cursor=MjAyNC0xMS0wM1QwMjo1OTowMCswMDowMCA=", "cursor: this is not one of ours"),
        ("lotteries/us_powerball/coming?limit=0", "limit: "),
        ("lotteries/us_powerball/latency?draws=1001", "draws: "),
    ],
)
def test_a_question_not_well_put_says_what_is_wrong(at_rest, query, words):  # noqa: F811
    async def story(client, _):
        sentence = is_problem(await client.get(f"/api/v1/{query}"), 422)
        assert words in sentence
        assert "Value error" not in sentence

    at_rest(story)


def test_what_is_not_there_says_where_to_look(at_rest):  # noqa: F811
    places = {
        "sources/nobody": "There is no source “nobody”; /api/v1/sources lists them all.",
        "results/latest?lottery=us_powerball&lottery=nope": "There is no lottery “nope”; /api/v1/lotteries lists them",
        "lotteries/us_powerball/draws/2024-11-01/revisions": "Powerball holds no such draw on 2024-11-01.",
        "lotteries/us_powerball/draws/2024-10-30/latency": "Nothing is known of such a draw of Powerball yet;",
    }

    async def story(client, _):
        for place, words in places.items():
            assert words in is_problem(await client.get(f"/api/v1/{place}"), 404)
        # A draw of the calendar that nothing is known of has no revisions, and is none the less a draw.
        assert (await client.get("/api/v1/lotteries/us_powerball/draws/2024-10-30/revisions")).json()["items"] == []

    at_rest(story)


def test_the_newest_draws_are_told_of_the_lotteries_one_names(at_rest):  # noqa: F811
    async def story(client, _):
        for question, found in (
            ("lottery=us_powerball", ["us_powerball"]),
            ("lottery=us_ny_numbers&lottery=us_powerball", ["us_powerball"]),
            ("lottery=us_ny_numbers", []),
            ("lottery=us_powerball&country=de", []),
        ):
            items = (await client.get(f"/api/v1/results/latest?{question}")).json()["items"]
            assert [one["lottery"] for one in items] == found

    at_rest(story)


def test_what_the_calendar_foresees_is_told_in_order(at_rest):  # noqa: F811
    async def story(client, _):
        found = (await client.get("/api/v1/lotteries/us_ny_numbers/coming?limit=3")).json()["items"]
        assert [(one["date"], one["label"]) for one in found] == [
            ("2024-11-03", "midday"),
            ("2024-11-03", "evening"),
            ("2024-11-04", "midday"),
        ]
        one = (await client.get("/api/v1/lotteries/us_ny_numbers")).json()
        assert one["next_draw"] == found[0]
        others = (await client.get("/api/v1/lotteries?country=do")).json()["items"]
        assert others
        assert {one["country"] for one in others} == {"DO"}

    at_rest(story)


def test_lotteries_are_found_by_name_and_draws_by_value_and_day(at_rest):  # noqa: F811
    async def story(client, _):
        async def found(question: str) -> list[dict]:
            return (await client.get(f"/api/v1/search?{question}")).json()["items"]

        (one,) = await found("name=POWERball")
        assert (one["game"]["id"], one["draw"]) == ("us_powerball", None)
        assert {hit["game"]["country"] for hit in await found("country=do")} == {"DO"}
        assert await found("name=powerball&country=do") == []
        for question in ("value=45", "date=2024-11-02", "value=045&date=2024-11-02&name=power&country=us"):
            (hit,) = [one for one in await found(question) if one["game"]["id"] == "us_powerball"]
            assert hit["draw"]["numbers"]["main"] == [10, 45, 48, 58, 61]
        assert await found("value=bonus:45&date=2024-11-02&country=us") == []
        assert await found("value=45&date=2024-11-03") == []

    at_rest(story)


def test_draws_of_many_lotteries_are_paged_to_the_end_without_gap_or_repeat(at_api, known):  # noqa: F811
    names = [TAKE_5, "us_ny_numbers"]
    days = 4

    async def story(client, ledger):
        for name in names:
            lottery = known.lotteries[name]
            values = {"main": (3, 4, 5, 6, 7)} if name == TAKE_5 else {"main": ("3", "4", "5")}
            keys = [key for _, key in lottery.draws(AT - timedelta(days=days), AT)]
            shown = [replace(said("us_ny_data", values, key), drawn=None) for key in keys]
            for one in shown:  # one by one: the same again is objected to in a page of many
                await record(ledger, lottery, [one], AT)
        async with ledger.reading() as conn:
            held = [one for name in names for one in [one async for one in queries.whole(conn, name)] if one.numbers]
        assert len(held) > days
        for question, limit in product(("value=3", "date=2024-11-01"), (1, 3, 200)):
            seen, path = [], f"/api/v1/search?{question}&limit={limit}"
            while path:
                page = (await client.get(path)).json()
                assert len(page["items"]) <= limit
                seen += [(hit["draw"]["date"], hit["draw"]["drawn_at"], hit["game"]["id"]) for hit in page["items"]]
                path = page["next"]
            assert len(seen) == len(set(seen))
            assert seen == sorted(seen, reverse=True)
            assert len(seen) == (len(held) if "value" in question else 4)

    at_api(story)


def test_a_source_is_told_with_how_it_was_asked(at_rest):  # noqa: F811
    async def story(client, _):
        one = (await client.get("/api/v1/sources/us_texas")).json()
        assert [(ask["outcome"], ask["status"]) for ask in one["asks"]] == [("read", None)]
        assert one["asked_at"] == one["asks"][0]["asked_at"]
        every = (await client.get("/api/v1/sources")).json()["items"]
        (listed,) = [other for other in every if other["id"] == "us_texas"]
        assert listed == {name: value for name, value in one.items() if name != "asks"}

    at_rest(story)


def test_the_revisions_of_a_draw_are_those_in_its_detail(at_rest):  # noqa: F811
    async def story(client, _):
        place = "/api/v1/lotteries/us_powerball/draws/2024-11-02"
        detail, alone = (await client.get(place)).json(), (await client.get(f"{place}/revisions")).json()
        assert alone == {"items": detail["revisions"], "next": None}
        assert alone["items"]

    at_rest(story)


# How long it took.


def test_a_draw_of_one_clock_is_timed_from_step_to_step(drawn, monkeypatch):  # noqa: F811
    """In a practice world cards and posts are timed by another clock, and so are not told."""

    async def story() -> None:
        async with opened(drawn) as (client, _):
            place = "/api/v1/lotteries/us_powerball"
            drawn_at = datetime(2024, 11, 3, 2, 59, tzinfo=UTC)
            late = (AT - drawn_at).total_seconds()
            found = (await client.get(f"{place}/draws/2024-11-02/latency")).json()
            assert [one["step"] for one in found["steps"]] == ["drawn", "seen", "decided"]
        monkeypatch.setattr("lotto.house.wall_clock", drawn.world)
        async with opened(drawn) as (client, _):
            found = (await client.get(f"{place}/draws/2024-11-02/latency")).json()
            steps = [(one["step"], one["since_drawn"], one["took"]) for one in found["steps"]]
            assert steps == [
                ("drawn", 0.0, None),
                ("seen", late, late),
                ("decided", late, 0.0),
                ("card", late, 0.0),
            ]
            over_all = (await client.get(f"{place}/latency")).json()
            assert (over_all["lottery"], over_all["draws"]) == ("us_powerball", 1)
            seen, decided, card, posted = over_all["steps"]
            assert seen["since_drawn"] == {"p50": late, "p90": late, "p99": late, "longest": late}
            assert [one["draws"] for one in (seen, decided, card, posted)] == [1, 1, 1, 0]
            assert posted["since_drawn"] is None

    run(story())


def test_what_was_loaded_from_the_past_is_not_timed(at_api, known):  # noqa: F811
    async def story(client, ledger):
        lottery = known.lotteries["us_powerball"]
        for source in ("us_texas", "us_ny_data"):
            await record(ledger, lottery, [said(source)], AT, news=lambda _: False)
        place = "/api/v1/lotteries/us_powerball"
        assert (await client.get(f"{place}/draws/2024-11-02/latency")).json()["steps"] == []
        assert (await client.get(f"{place}/latency")).json()["draws"] == 0

    at_api(story)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300))
def test_a_percentile_is_the_least_within_which_so_many_are(seconds):
    found = Percentiles.of(seconds)
    for share, within in ((50, found.p50), (90, found.p90), (99, found.p99), (100, found.longest)):
        assert within in seconds
        assert 100 * sum(one <= within for one in seconds) >= share * len(seconds)
        assert 100 * sum(one < within for one in seconds) < share * len(seconds)


def test_a_step_nobody_timed_counts_for_none():
    times = {Step.SEEN: AT, Step.DECIDED: AT + timedelta(seconds=2)}
    seen, decided, card, posted = paces([Steps(POWERBALL, times), Steps(POWERBALL, {Step.DECIDED: AT})])
    assert (seen.draws, decided.draws, card.draws, posted.draws) == (1, 2, 0, 0)
    assert seen.took is None
    assert decided.since_drawn is None
    assert decided.took == Percentiles(2.0, 2.0, 2.0, 2.0)
