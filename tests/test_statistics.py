"""Statistics: they are what a count by hand gives, always of what is published now, and judge fair draws as fair."""

import math
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import RECORDINGS, Clock, run
from lotto import catalogue
from lotto.draws import matrix, odds, probability, tally
from lotto.draws.draw import Act, DrawKey, Observation
from lotto.draws.lottery import Lottery
from lotto.draws.matrix import BadSpan, Matrix
from lotto.draws.pool import Kind, Pool, Shape
from lotto.draws.statistics import INDEPENDENT, PoolStatistics, statistics
from lotto.house import House, Practice
from lotto.ledger import queries, tallies
from lotto.ledger.connection import Ledger
from lotto.ledger.fetches import Fetch
from lotto.ledger.record import load, record
from lotto.ledger.ruling import rule
from lotto.scraper.counter import Counter as DrawCounter
from lotto.scraper.reading import sort
from lotto.scraper.shelf import shelf
from lotto.settings import Settings
from pages import page_of, readings_of, script

KNOWN = catalogue.load()
POWERBALL = KNOWN.lotteries["us_powerball"]
NOW = datetime(2026, 11, 1, tzinfo=UTC)
DAY = date(2024, 1, 1)


def on_recordings(test: Callable[..., None]) -> Callable[..., None] | None:
    """A test that is collected only where the recordings are."""
    return test if RECORDINGS.is_dir() else None


@pytest.fixture(scope="module", autouse=True)
def _loaded_once() -> Iterator[None]:
    """Each house and each command would load the catalogue again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "load", lambda *_: KNOWN)
        yield


# --- by hand ---


def by_hand(
    drawn: Sequence[Sequence[Any]], universe: Sequence[Any], size: Callable[[Any], int] | None
) -> dict[str, Any]:
    """The figures of these draws, given in order, each by looking through all of them for every value."""
    held = [[n for n, values in enumerate(drawn) if one in values] for one in universe]
    found: dict[str, Any] = {
        "count": [sum(list(values).count(one) for values in drawn) for one in universe],
        "since": [len(drawn) - 1 - days[-1] if days else None for days in held],
        "longest": [max(b - a - 1 for a, b in zip([-1, *days], [*days, len(drawn)], strict=True)) for days in held],
        "pairs": Counter(pair for values in drawn for pair in combinations(sorted(values), 2)),
    }
    if size:
        middle = len(universe) // 2
        found["sums"] = Counter(sum(map(size, values)) for values in drawn)
        found["odd"] = Counter(sum(size(one) % 2 for one in values) for values in drawn)
        found["low"] = Counter(sum(universe.index(one) < middle for one in values) for values in drawn)
    return found


def tail_by_hand(statistic: float, degrees: int) -> float:
    """The chi-square tail by Simpson's rule over the density."""
    steps, end = 4_000, statistic + 60 * math.sqrt(2 * degrees) + 200
    width = (end - statistic) / steps
    scale = degrees / 2 * math.log(2) + math.lgamma(degrees / 2)

    def density(x: float) -> float:
        return math.exp((degrees / 2 - 1) * math.log(x) - x / 2 - scale) if x > 0 else 0.0

    inner = sum((4 if n % 2 else 2) * density(statistic + n * width) for n in range(1, steps))
    return (density(statistic) + inner + density(end)) * width / 3


@cache
def band_by_hand(trials: int, chance: Fraction) -> tuple[int, int]:
    """The band by whole numbers: no tail beyond its ends is more than one fortieth of all there is."""
    yes, no = chance.numerator, chance.denominator - chance.numerator
    whole = chance.denominator**trials
    weights = [math.comb(trials, n) * yes**n * no ** (trials - n) for n in range(trials + 1)]

    def end(numbers: Sequence[int]) -> int:
        beyond = 0
        for n in numbers:
            beyond += weights[n]
            if 40 * beyond > whole:
                return n
        raise AssertionError

    return end(range(trials + 1)), end(range(trials, -1, -1))


# --- probability ---


@pytest.mark.parametrize(
    ("degrees", "tail", "statistic"),
    [
        (1, 0.05, 3.841), (1, 0.001, 10.828), (2, 0.10, 4.605), (9, 0.05, 16.919), (10, 0.99, 2.558),
        (25, 0.025, 40.646), (48, 0.05, 65.171), (50, 0.01, 76.154), (89, 0.95, 68.249), (100, 0.05, 124.342),
    ],
)  # fmt: skip
def test_the_chi_square_tail_is_that_of_the_published_tables(degrees, tail, statistic):
    """NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4, critical values to three places."""
    slope = 0.001 * tail_by_hand(statistic - 0.0005, degrees) + 0.0005
    assert probability.chi_square_tail(statistic, degrees) == pytest.approx(tail, abs=slope)


@given(st.integers(1, 60), st.floats(0, 400))
def test_the_chi_square_tail_of_even_degrees_is_a_sum(half, statistic):
    x = statistic / 2
    wanted = sum(math.exp(n * math.log(x) - x - math.lgamma(n + 1)) if x else float(n == 0) for n in range(half))
    assert probability.chi_square_tail(statistic, 2 * half) == pytest.approx(wanted, rel=1e-9, abs=1e-12)


@given(st.integers(1, 300), st.integers(1, 19))
def test_a_band_is_that_of_the_whole_numbers(trials, share):
    assert probability.band(trials, share / 20) == band_by_hand(trials, Fraction(share, 20))


def test_the_test_of_uniformity_is_right_for_values_drawn_without_putting_back():
    """Of fair histories one in twenty is as uneven as p = 0.05; by the plain statistic hardly any is: the control."""
    pool = Pool("main", 6, 1, 12)
    drum = Matrix(date.min, date.max, (pool,))
    dice = random.Random(12)
    sums, few, few_by_the_plain = 0.0, 0, 0
    for _ in range(300):
        drawn = [(DAY, {"main": tuple(sorted(dice.sample(range(1, 13), 6)))}) for _ in range(50)]
        found = statistics(drum, tally.count(drum, drawn)).pools[0].uniformity
        assert found is not None
        assert found.chi_square is not None
        assert found.p is not None
        plain = found.chi_square * (12 - 6) / (12 - 1)
        sums += found.chi_square
        few += found.p < 0.05
        few_by_the_plain += probability.chi_square_tail(plain, 11) < 0.05
    assert sums / 300 == pytest.approx(11, abs=0.8)
    assert 6 <= few <= 26
    assert few_by_the_plain <= 1


# --- tallies ---

POOLS = (
    Pool("lotto", 3, 1, 9),
    Pool("beside", 1, 1, 9, rest_of="lotto", optional=True),
    Pool("digits", 3, 0, 9, kind=Kind.DIGIT, ordered=True, repeats=True),
    Pool("dice", 3, 1, 6, repeats=True),
    Pool("animal", 2, kind=Kind.WORD, words={"0": "Delfín", "00": "Ballena", "1": "Carnero"}, shape=Shape.ANIMAL),
    Pool("times", 1, 2, 10, shape=Shape.TIMES),
    Pool("keno", 20, 1, 80),
    Pool("ticket", 1, kind=Kind.TICKET, written="#####"),
)
DRUM = Matrix(date.min, date.max, POOLS)


def a_draw(dice: random.Random) -> dict[str, tuple[Any, ...]]:
    """Values of all pools, the optional one now and then."""
    lotto = dice.sample(range(1, 10), 4)
    found: dict[str, tuple[Any, ...]] = {
        "lotto": tuple(sorted(lotto[:3])),
        "digits": tuple(dice.choice("0123456789") for _ in range(3)),
        "dice": tuple(sorted(dice.randint(1, 6) for _ in range(3))),
        "animal": tuple(sorted(dice.sample(["0", "00", "1"], 2))),
        "times": (dice.choice([2, 2, 2, 3, 10]),),
        "keno": tuple(sorted(dice.sample(range(1, 81), 20))),
        "ticket": ("12345",),
    }
    return found | ({"beside": (lotto[3],)} if dice.random() < 0.5 else {})


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.integers(0, 8), min_size=1, max_size=5))
def test_stretches_joined_are_the_tally_of_all_their_draws(seed, sizes):
    dice = random.Random(seed)
    stretches = [[(DAY + timedelta(days=n), a_draw(dice)) for n in range(size)] for size in sizes]
    whole = [draw for stretch in stretches for draw in stretch]
    joined = tally.join([tally.count(DRUM, stretch) for stretch in stretches])
    assert joined == tally.count(DRUM, whole)
    told = statistics(DRUM, joined)
    assert told.draws == len(whole)
    for pool, one in zip(POOLS, told.pools, strict=True):
        if pool.kind is not Kind.TICKET:
            drawn = [numbers[pool.name] for _, numbers in whole if pool.name in numbers]
            agrees(one, drawn, int if pool.kind is not Kind.WORD and pool.take > 1 else None)


def agrees(one: PoolStatistics, drawn: list[tuple[Any, ...]], size: Callable[[Any], int] | None) -> None:
    """The figures of a pool are those of a count by hand."""
    pool, universe = one.pool, tally.values(one.pool)
    hand = by_hand(drawn, universe, size)
    assert one.draws == len(drawn)
    assert [some.times.count for some in one.values] == hand["count"]
    assert [some.since for some in one.values] == hand["since"]
    assert [some.longest for some in one.values] == hand["longest"]
    for n, place in enumerate(one.places):
        assert [times.count for _, times in place.values] == [
            sum(values[n] == value for values in drawn) for value in universe
        ]
    if pool.repeats or pool.take == 1:
        assert one.together == ()
    else:
        order = {value: n for n, value in enumerate(universe)}
        for pair in (*one.together, *one.apart):
            assert pair.times.count == sum(set(pair.values) <= set(values) for values in drawn)
            assert order[pair.values[0]] < order[pair.values[1]]
        counts = sorted((hand["pairs"][pair] for pair in combinations(sorted(universe), 2)), reverse=True)
        assert [pair.times.count for pair in one.together] == counts[:10]
        assert [pair.times.count for pair in one.apart] == counts[::-1][:10]
    if size:
        assert one.sums is not None
        assert dict(one.sums.counts) == hand["sums"]
        assert [some.count for some in one.odd] == [hand["odd"][n] for n in range(pool.take + 1)]
        assert [some.count for some in one.low] == [hand["low"][n] for n in range(pool.take + 1)]


def test_what_is_expected_of_odd_low_and_sums_is_the_mean_of_all_outcomes():
    for pool in (Pool("main", 3, 2, 10), Pool("main", 2, 0, 9, kind=Kind.DIGIT, ordered=True, repeats=True)):
        drum = Matrix(date.min, date.max, (pool,))
        values = tally.values(pool)
        every = list(combinations(values, 3)) if not pool.repeats else [(a, b) for a in values for b in values]
        (one,) = statistics(drum, tally.count(drum, [(DAY, {"main": outcome}) for outcome in every])).pools
        for count in (*one.odd, *one.low, *(some.times for some in one.values)):
            assert count.expected == pytest.approx(count.count)
        assert one.sums is not None
        assert one.sums.mean == pytest.approx(one.sums.expected_mean)
        assert one.sums.deviation == pytest.approx(one.sums.expected_deviation)
        assert one.uniformity is not None
        assert one.uniformity.chi_square == pytest.approx(0)


def test_a_pool_that_cannot_be_counted_or_judged_says_why():
    pools = (
        Pool("codes", 3, 1, 9, fewest=1, optional=True),
        Pool("four", 3, 0, 9999, kind=Kind.DIGIT, repeats=True),
        *POOLS,
    )
    drum = Matrix(date.min, date.max, pools)
    told = {one.pool.name: one for one in statistics(drum, tally.count(drum, [])).pools}
    assert "not the same number of values" in told["codes"].why
    assert "10000 values" in told["four"].why
    assert "written to a pattern" in told["ticket"].why
    assert "different chances" in told["times"].why
    assert told["times"].uniformity is None
    assert told["lotto"].uniformity is not None
    assert "prove nothing" in told["lotto"].uniformity.why
    assert all(one.values == () for one in told.values() if one.pool.name in ("codes", "four", "ticket"))


def test_every_pool_of_every_lottery_makes_sense_or_says_why_not():
    for lottery in KNOWN.lotteries.values():
        for drum in matrix.matrices(lottery):
            for one in statistics(drum, tally.count(drum, [])).pools:
                assert one.why or (one.values and one.uniformity)


# --- spans ---


def test_a_span_lies_within_the_days_of_one_drum():
    drums = matrix.matrices(POWERBALL)
    assert [era.starts_on for era in POWERBALL.eras][-1] > drums[-1].starts_on  # a new day of the week is no new drum
    assert matrix.span(POWERBALL, None, None) == (drums[-1], drums[-1].starts_on, date.max)
    assert matrix.span(POWERBALL, None, date(2016, 1, 1))[:2] == (drums[-1], drums[-1].starts_on)
    assert matrix.span(POWERBALL, date(2012, 3, 1), None)[2] == drums[-3].ends_on
    for since, until, words in (
        (date(2015, 1, 1), date(2016, 1, 1), "drawn from other pools from 2015-10-07 on"),
        (date(1950, 1, 1), None, "has no rules for 1950-01-01"),
        (date(2020, 1, 2), date(2020, 1, 1), "ends on 2020-01-01, before that"),
    ):
        with pytest.raises(BadSpan, match=words):
            matrix.span(POWERBALL, since, until)


# --- in the ledger ---


def said(key: DrawKey, numbers: dict[str, tuple[Any, ...]], at: datetime, source: str = "us_texas") -> Observation:
    return Observation(key, source, source, True, numbers, at, "ab" * 32)


def a_powerball(dice: random.Random) -> dict[str, tuple[Any, ...]]:
    main = tuple(sorted(dice.sample(range(1, 70), 5)))
    return {"main": main, "bonus": (dice.randint(1, 26),)} | ({"multiplier": (2,)} if dice.random() < 0.5 else {})


async def now_published(ledger: Ledger, lottery: Lottery, drum: Matrix, first: date, last: date) -> tally.Tally:
    """The tally counted here and now from every published draw."""
    async with ledger.reading() as conn:
        draws = [one async for one in queries.all_published(conn, [lottery.id], first, min(last, date(2100, 1, 1)))]
    ordered = sorted(draws, key=lambda one: (one.key.date, one.drawn_at, len(one.key.label), one.key.label))
    return tally.count(drum, [(one.key.date, one.numbers) for one in ordered])


async def as_kept(ledger: Ledger, lottery: Lottery, drum: Matrix, first: date, last: date) -> tally.Tally:
    async with ledger.reading() as conn:
        return await tallies.of_span(conn, lottery, drum, first, last)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_recorded_corrected_or_void_the_figures_are_those_of_what_is_published_now(open_ledger, seed):
    dice = random.Random(seed)
    (drum, first, last) = matrix.span(POWERBALL, None, None)
    begin = datetime(2023, 11, 10, tzinfo=UTC)
    keys = [key for _, key in POWERBALL.draws(begin, begin + timedelta(days=90))]

    async def story() -> None:
        done: dict[DrawKey, int] = {}
        async with open_ledger() as ledger:
            counter = DrawCounter(ledger, KNOWN.lotteries)
            for step in range(40):
                key, at = dice.choice(keys), NOW + timedelta(minutes=step)
                what = dice.random()
                if key in done and what < 0.15:
                    await rule(ledger, POWERBALL, key, Act.VOID, by="Ana", reason="a ball was lost", now=at)
                elif key in done and what < 0.4:
                    values = a_powerball(dice)
                    choose = lambda _, values=values: values  # noqa: E731
                    words = {"by": "Ana", "reason": "the operator said so", "now": at, "choose": choose}
                    await rule(ledger, POWERBALL, key, Act.CORRECT, **words)
                else:
                    numbers = a_powerball(dice)
                    both = [said(key, numbers, at, source) for source in ("us_texas", "us_ny_data")]
                    await record(ledger, POWERBALL, both, at)
                done[key] = step
                if dice.random() < 0.3:
                    await counter.count()
                begun = first if dice.random() < 0.5 else dice.choice(keys).date
                ended = max(begun, dice.choice([last, dice.choice(keys).date]))
                told = await as_kept(ledger, POWERBALL, drum, begun, ended)
                assert told == await now_published(ledger, POWERBALL, drum, begun, ended)
            await counter.count()
            months = [one async for one in tallies.recount(ledger, POWERBALL)]
            assert len(months) >= 3
            assert all(one.was_kept and one.agrees for one in months)

    run(story())


def test_a_tally_that_is_not_what_was_drawn_is_found_and_mended(open_ledger, lotto):
    """The control of the rebuild: a kept figure, and a mark, that somebody put out of order."""

    async def story(act: str) -> None:
        async with open_ledger() as ledger:
            if act == "record":
                for day in (date(2024, 1, 1), date(2024, 2, 3), date(2024, 3, 2)):
                    key = DrawKey("us_powerball", day)
                    both = [
                        said(key, {"main": (1, 2, 3, 4, 5), "bonus": (6,)}, NOW, s) for s in ("us_texas", "us_ny_data")
                    ]
                    await record(ledger, POWERBALL, both, NOW)
                assert await DrawCounter(ledger, KNOWN.lotteries).count() == 3
                assert await DrawCounter(ledger, KNOWN.lotteries).count() == 0
            else:
                async with ledger.reading() as conn:
                    await conn.execute(
                        "UPDATE tally SET body = replace(body::text, '\"draws\":1', '\"draws\":2')::json "
                        "WHERE month = '2024-02-01'"
                    )

    run(story("record"))
    code, words, _ = lotto("recount", "us_powerball")
    assert (code, words.splitlines()) == (
        0,
        ["3 draws of 3 months counted; 0 months had not been counted yet.", "What was kept is the same."],
    )
    run(story("spoil"))
    code, _, words = lotto("recount", "us_powerball")
    assert code == 1
    assert "wrong for us_powerball 2024-02; they are right now" in words

    async def mended() -> bool:
        async with open_ledger() as ledger:
            return all([one.was_kept and one.agrees async for one in tallies.recount(ledger, POWERBALL)])

    assert run(mended())


def test_a_correction_is_in_the_figures_with_its_own_transaction_and_without_the_trigger_it_would_not_be(open_ledger):
    key = DrawKey("us_powerball", date(2024, 1, 1))
    (drum, first, last) = matrix.span(POWERBALL, None, None)

    async def story() -> None:
        async with open_ledger() as ledger:

            async def told(*main: int) -> list[int]:
                numbers = {"main": main, "bonus": (6,)}
                await record(
                    ledger,
                    POWERBALL,
                    [said(key, numbers, NOW + timedelta(minutes=main[-1]), s) for s in ("us_texas", "us_ny_data")],
                    NOW + timedelta(minutes=main[-1]),
                )
                counted = await as_kept(ledger, POWERBALL, drum, first, last)
                return [n for n, count in enumerate(counted.pools["main"].counts, 1) if count]

            assert await told(1, 2, 3, 4, 5) == [1, 2, 3, 4, 5]
            await DrawCounter(ledger, KNOWN.lotteries).count()
            assert await told(1, 2, 3, 4, 6) == [1, 2, 3, 4, 6]
            await DrawCounter(ledger, KNOWN.lotteries).count()
            async with ledger.reading() as conn:
                await conn.execute("ALTER TABLE draw DISABLE TRIGGER draw_changes_tally")
            assert await told(1, 2, 3, 4, 7) == [1, 2, 3, 4, 6]

    run(story())


def test_news_that_change_no_values_have_nothing_counted_again(open_ledger):
    key = DrawKey("us_powerball", date(2024, 1, 1))
    numbers = {"main": (1, 2, 3, 4, 5), "bonus": (6,)}

    async def story() -> None:
        async with open_ledger() as ledger:
            counter = DrawCounter(ledger, KNOWN.lotteries)
            await record(ledger, POWERBALL, [said(key, numbers, NOW)], NOW)
            await record(ledger, POWERBALL, [said(key, numbers, NOW, "us_ny_data")], NOW)
            assert await counter.count() == 1
            later = replace(said(key, numbers, NOW + timedelta(hours=1)), serial="17")
            assert len((await record(ledger, POWERBALL, [later], later.observed_at)).changes) == 1
            assert await counter.count() == 0
            told = numbers | {"multiplier": (3,)}
            more = [said(key, told, NOW + timedelta(hours=2), source) for source in ("us_texas", "us_ny_data")]
            (change,) = (await record(ledger, POWERBALL, more, NOW + timedelta(hours=2))).changes
            assert change.draw.revision == 1  # a pool that was not told before is no correction, and is counted
            assert await counter.count() == 1

    run(story())


def test_other_rules_in_the_catalogue_have_everything_counted_anew(open_ledger):
    key = DrawKey("us_powerball", date(2024, 1, 1))
    era = POWERBALL.eras[-1]
    wider = replace(era, pools=(replace(era.pools[0], highest=70), *era.pools[1:]))
    changed = replace(POWERBALL, eras=(*POWERBALL.eras[:-2], replace(POWERBALL.eras[-2], pools=wider.pools), wider))

    async def story() -> None:
        async with open_ledger() as ledger:
            numbers = {"main": (1, 2, 3, 4, 5), "bonus": (6,)}
            await record(ledger, POWERBALL, [said(key, numbers, NOW, s) for s in ("us_texas", "us_ny_data")], NOW)
            assert await DrawCounter(ledger, {"us_powerball": POWERBALL}).count() == 1
            (drum, first, last) = matrix.span(changed, None, None)
            assert len((await as_kept(ledger, changed, drum, first, last)).pools["main"].counts) == 70
            assert await DrawCounter(ledger, {"us_powerball": changed}).count() == 1

    run(story())


# --- in public ---


@pytest.fixture
def house(database_url, redis_url, tmp_path) -> House:
    own = Settings(data_dir=tmp_path, public_url="https://lotto.example")
    practice = Practice("http://127.0.0.1:1", Clock(NOW))
    house = House(own, database_url=database_url, redis_url=redis_url, practice=practice)
    house.catalogue = KNOWN  # of a practice world it is a part
    return house


@asynccontextmanager
async def opened(house: House) -> AsyncIterator[tuple[httpx2.AsyncClient, Ledger]]:
    """A reader of the real app, and the ledger behind it."""
    async with house.api() as app, house.ledger("test") as ledger:
        way = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=way, base_url="http://lotto/api/v1/lotteries/") as client:
            yield client, ledger


RECORDED = {
    "hu_otoslotto": ("szerencsejatek.hu", "otos.csv", [""], 747),
    "hu_hatoslotto": ("szerencsejatek.hu", "hatos.csv", [""], 747),
    "za_powerball": ("nationallottery.co.za", "powerball.csv", [""], 247),
    "cr_tres_monazos": ("www.jps.go.cr", "resultados-2026-01-10.html", ["midday", "afternoon", "night"], 172),
}
"""Lottery → where its history lies, the labels of a day in order, and how many draws there are."""


@on_recordings
@pytest.mark.parametrize("name", RECORDED)
def test_the_published_statistics_of_a_whole_recorded_history_are_those_of_an_independent_count(house, name):
    """The draws are those an independent reader finds in the file; every figure is counted here by looking for it."""
    folder, file, labels, count = RECORDED[name]
    lottery = KNOWN.lotteries[name]
    case = next(one for one in script("make").cases(RECORDINGS, folder) if one["file"] == file)
    source = shelf()[case["source"]]
    ours = lottery.sources[source.name]
    readings = [one for one in case["readings"] if one[2] in ours]
    order = {label: n for n, label in enumerate(labels)}
    readings.sort(key=lambda one: (one[0], order[one[1] or ours[one[2]]]))
    assert len(readings) == count

    async def story() -> None:
        async with opened(house) as (client, ledger):
            body = (RECORDINGS / folder / file).read_bytes()
            at = datetime.fromisoformat(case["at"]).astimezone(UTC)
            found = sort(KNOWN, source, readings_of(source, page_of(case, body)), "ab" * 32, at)
            mark = Fetch(source.name, case["url"], at, "read", at, None, "ab" * 32, len(body))
            changes = await load(ledger, [(lottery, found.ours[name])], mark)
            assert changes is not None
            drums = matrix.matrices(lottery)
            days = [(one.starts_on, min(one.ends_on, NOW.date())) for one in drums]
            middle = date.fromisoformat(readings[-len(readings) // 4][0])
            days.append((middle, min(middle + timedelta(days=400), matrix.span(lottery, middle, None)[2])))
            before = [(await client.get(f"{name}/statistics", params={"from": a, "to": b})).json() for a, b in days]
            await DrawCounter(ledger, KNOWN.lotteries).count()
            for (since, until), uncounted in zip(days, before, strict=True):
                told = (await client.get(f"{name}/statistics", params={"from": since, "to": until})).json()
                assert told == uncounted
                ours = [one for one in readings if since.isoformat() <= one[0] <= until.isoformat()]
                assert (told["draws"], told["note"]) == (len(ours), INDEPENDENT)
                if ours:
                    assert (told["first_on"], told["last_on"]) == (ours[0][0], ours[-1][0])
                for pool in told["pools"]:
                    in_public(
                        pool, lottery.era(since), [one[4][pool["pool"]] for one in ours if pool["pool"] in one[4]]
                    )
            assert sum(one["draws"] for one in before[:-1]) == count

    run(story())


def in_public(told: dict[str, Any], era: Any, texts: list[list[str]]) -> None:
    """The JSON of a pool, against a count by hand of what the file shows: numbers, or digits whose places count."""
    pool = era.pool(told["pool"])
    digits = pool.kind is Kind.DIGIT
    universe: list[Any] = list("0123456789") if digits else list(range(pool.lowest, pool.highest + 1))
    drawn = [one if digits else [int(text) for text in one] for one in texts]
    n, k, size = len(texts), pool.take, len(universe)
    hand = by_hand(drawn, universe, int)
    trials, share = (n * k, Fraction(1, size)) if digits else (n, Fraction(k, size))
    low, high = band_by_hand(trials, share)
    for one, value in zip(told["values"], universe, strict=True):
        assert (one["value"], one["low"], one["high"]) == (value, low, high)
        assert one["expected"] == pytest.approx(float(trials * share), abs=1e-5)
    for what in ("count", "since", "longest"):
        assert [one[what] for one in told["values"]] == hand[what]
    assert told["outside"] == sum(not low <= count <= high for count in hand["count"])
    expected = n * k / size
    if expected >= 5:
        corrected = sum((count - expected) ** 2 for count in hand["count"]) / expected
        corrected *= 1 if digits else (size - 1) / (size - k)
        assert told["uniformity"]["chi_square"] == pytest.approx(corrected, abs=1e-5)
        assert told["uniformity"]["p"] == pytest.approx(tail_by_hand(corrected, size - 1), abs=2e-6)
    else:
        assert told["uniformity"]["p"] is None
    for n, place in enumerate(told["places"]):
        assert [one["count"] for one in place["values"]] == [
            sum(one[n] == value for one in drawn) for value in universe
        ]
    assert len(told["places"]) == (k if digits else 0)
    if k > 1 and not digits:
        every = sorted((hand["pairs"][pair] for pair in combinations(universe, 2)), reverse=True)
        assert [one["count"] for one in told["pairs"]["most"]] == every[:10]
        assert [one["count"] for one in told["pairs"]["least"]] == every[::-1][:10]
        assert all(hand["pairs"][tuple(one["values"])] == one["count"] for one in told["pairs"]["most"])
    if k > 1:
        assert {one["sum"]: one["count"] for one in told["sums"]["counts"]} == hand["sums"]
        for what in ("odd", "low"):
            assert [one["count"] for one in told[what]] == [hand[what][m] for m in range(k + 1)]


def test_a_question_that_has_no_figures_is_answered_in_a_sentence(house):
    async def story() -> None:
        async with opened(house) as (client, _):
            for path, status, words in (
                ("nobody/statistics", 404, "There is no lottery “nobody”"),
                ("us_powerball/statistics?from=2015-01-01&to=2016-01-01", 422, "from 2015-10-07 on"),
                ("us_powerball/statistics?from=1900-01-01", 422, "has no rules for 1900-01-01"),
                ("us_powerball/statistics?from=x", 422, "from: "),
                ("us_powerball/odds?on=1900-01-01", 422, "has no rules for 1900-01-01"),
                ("us_powerball/statistics?to=9998-12-31", 200, ""),
                ("us_powerball/statistics?from=9998-12-31", 200, ""),
                ("us_powerball/statistics?to=9999-12-31", 422, "to: "),
                ("vn_xsmb/statistics", 200, ""),
            ):
                answer = await client.get(path)
                assert (answer.status_code, words in answer.json().get("detail", "")) == (status, True), path
                if path == "vn_xsmb/statistics":
                    assert all(pool["why"] and not pool["values"] for pool in answer.json()["pools"])

    run(story())


def test_what_is_too_much_to_count_on_the_way_is_answered_with_a_wait(house, monkeypatch):
    monkeypatch.setattr(tallies, "MOST", 1)

    async def story() -> None:
        async with opened(house) as (client, ledger):
            for day in (date(2024, 1, 1), date(2024, 1, 3)):
                numbers = {"main": (1, 2, 3, 4, 5), "bonus": (day.day,)}
                both = [said(DrawKey("us_powerball", day), numbers, NOW, s) for s in ("us_texas", "us_ny_data")]
                await record(ledger, POWERBALL, both, NOW)
            answer = await client.get("us_powerball/statistics")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            await DrawCounter(ledger, KNOWN.lotteries).count()
            assert (await client.get("us_powerball/statistics")).json()["draws"] == 2

    run(story())


def test_the_command_tells_the_figures_and_that_they_foretell_nothing(open_ledger, lotto):
    async def story() -> None:
        async with open_ledger() as ledger:
            numbers = {"main": (1, 2, 3, 4, 5), "bonus": (6,), "multiplier": (2,)}
            both = [
                said(DrawKey("us_powerball", date(2024, 1, 1)), numbers, NOW, s) for s in ("us_texas", "us_ny_data")
            ]
            await record(ledger, POWERBALL, both, NOW)

    run(story())
    code, words, _ = lotto("statistics", "us_powerball", "--from", "2024-01-01")
    assert code == 0
    assert words.startswith("Powerball: 1 draws, 2024-01-01 to 2024-01-01.")
    assert words.rstrip().endswith(INDEPENDENT)
    assert "different chances" in words
    code, words, _ = lotto("statistics", "us_powerball", "--json")
    assert (code, '"draws": 1' in words) == (0, True)
    code, _, words = lotto("statistics", "us_powerball", "--from", "2015-01-01", "--to", "2016-01-01")
    assert (code, "from 2015-10-07 on" in words) == (1, True)


# --- odds ---


PRINTED = (
    ("us_powerball", date(2024, 1, 1), "24.87"),
    ("us_cash4life", date(2024, 1, 1), "7.76"),
    ("us_mega_millions", date(2024, 1, 1), "24"),
    ("us_mega_millions", date(2026, 1, 1), "23"),
    ("de_eurojackpot", date(2023, 1, 1), "32"),
    ("fr_euromillions", date(2023, 1, 1), "13"),
)
"""“Overall odds of winning a prize”, one in so many, as the operators print them."""


def test_the_chance_to_win_anything_is_what_operators_publish(house):
    async def story() -> None:
        async with opened(house) as (client, _):
            for name, on, printed in PRINTED:
                told = (await client.get(f"{name}/odds", params={"on": on})).json()
                (one,) = told["any"]
                places = len(printed.partition(".")[2])
                assert f"{float(one['one_in']):.{places}f}" == printed, name
                assert sum(Fraction(tier["chance"]) for tier in told["tiers"]) == Fraction(one["chance"])

    run(story())


def test_the_odds_are_exact_and_those_that_cannot_be_counted_say_why(house):
    async def story() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        async with opened(house) as (client, _):
            return tuple([(await client.get(f"{one}/odds")).json() for one in ("us_powerball", "se_keno", "de_keno")])  # type: ignore[return-value]

    powerball, king, keno = run(story())
    assert powerball["tiers"][0]["chance"] == "1/292201338"
    assert powerball["tiers"][0]["one_in"] == "292201338.00"
    assert any("by hand" in tier["why"] and tier["chance"] is None for tier in king["tiers"])
    assert [one["pick"]["main"] for one in keno["any"]] == [10, 9, 8, 7, 6, 5, 4, 3, 2]
    assert all(one["chance"] for one in keno["any"])


def test_ways_to_win_that_overlap_are_counted_once():
    era = POWERBALL.eras[-1]
    tier = era.tiers[0]
    five = replace(tier, name="five", match={"main": (5,)})
    overlapping = replace(era, tiers=(tier, five))
    assert odds.any_tier(overlapping) == [({}, odds.chance(era, five))]
