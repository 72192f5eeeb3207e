"""A year of a hundred lotteries on a clock that jumps, told with every fault: nothing wrong is ever confirmed.

`make test` lives through some days of a few lotteries, `make fuzz` (LOTTO_FUZZ=full) through the whole year.
LOTTO_SEED repeats another run than the usual one.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from unittest.mock import patch
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest

from conftest import Servers, run
from lotto.draws.calendar import Slot
from lotto.draws.lottery import Lottery, Policy
from lotto.draws.pool import Pool
from lotto.ledger import record
from lotto.ledger.step import PUBLISHED, step
from year.life import hurry, live
from year.lotteries import Role, World, known_as
from year.report import Report
from year.source import Credulous, sources
from year.telling import FAULTS, LATE, MISSING, Telling
from year.trial import Trial
from year.trouble import MOMENTS, TROUBLES, Trouble
from year.truth import DELAYED, EXTRA, MOVED, SURPRISES, Truth, beginning

FULL = os.environ.get("LOTTO_FUZZ") == "full"
SEED = int(os.environ.get("LOTTO_SEED", "2026"))

pytestmark = pytest.mark.timeout(1200 if FULL else 120)

PARTS = 8
"""The year's lotteries are lived in so many parts, two at a time, each in a ledger of its own."""
YEAR = Trial(100, date(2025, 1, 1), 366, parts=PARTS, seed=SEED)
SAMPLE = Trial(5, date(2024, 12, 24), 9, seed=SEED)


@pytest.fixture(scope="module")
def new_ledger(servers: Servers) -> Iterator[Callable[[], str]]:
    """Makes an empty ledger, and another one each time; they go with the engines."""
    with psycopg.connect(servers.database_url, autocommit=True) as conn:

        def made() -> str:
            name = f"year_{uuid4().hex}"
            conn.execute(f"CREATE DATABASE {name} TEMPLATE pattern")
            return servers.database(name)

        yield made


@pytest.fixture(scope="module")
def report(new_ledger: Callable[[], str]) -> Report:
    """What became of the sample, or of the whole year."""
    trials = [YEAR.of_part(part) for part in range(PARTS)] if FULL else [SAMPLE]
    urls = [new_ledger() for _ in trials]
    found = Report()
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        for one in pool.map(Trial.held, trials, urls) if FULL else map(Trial.held, trials, urls):
            found.add(one)
    return found


def test_nothing_wrong_is_confirmed_in_a_year_of_faults(report, capsys) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{report}\n" if FULL else "")
    assert report.draws > (15_000 if FULL else 30)
    assert report.wrong_confirmed == []


def test_what_was_provisional_and_wrong_is_corrected_or_held_at_the_next_look_that_shows_it(report) -> None:
    assert report.wrong_provisional.total() > 0
    assert report.lasted == []


def test_nearly_every_draw_is_decided_without_a_person_and_every_held_one_is_explained(report) -> None:
    assert report.decided >= 0.99 * report.draws
    assert report.unexplained == []


def test_every_draw_stands_at_the_instant_at_which_it_was_held(report) -> None:
    assert report.misplaced == []
    days = ("the turn of the year", "the day clocks change", "a special day")
    for one in days if FULL else days[:1]:
        assert report.special[one] > 0
        assert report.special[f"{one}, right"] >= 0.97 * report.special[one]


@pytest.mark.skipif(not FULL, reason="some days of a few lotteries hold none of these")
def test_what_neither_rules_nor_calendar_foresaw_is_right_or_waits_for_a_person(report) -> None:
    for one in ("the month after a reform", DELAYED, MOVED, EXTRA):
        found = {state: report.special[f"{one}, {state}"] for state in ("right", "held")}
        assert report.special[one] > 0
        assert sum(found.values()) >= 0.97 * report.special[one], (one, found)


def test_every_fault_was_met(report) -> None:
    met = {*report.told_wrong, *report.met, *report.special}
    assert {*FAULTS, *MOMENTS, *TROUBLES, *(one for one in SURPRISES if one != "cancelled")} <= met or not FULL


NIGHTS = [
    ("Europe/Berlin", "2025-03-30", "2025-03-30T01:30Z"),  # there is no half past two: clocks show half past three
    ("Europe/Berlin", "2025-10-26", "2025-10-26T00:30Z"),  # there are two: the first counts
    ("America/New_York", "2025-11-02", "2025-11-02T07:30Z"),  # an hour after clocks went back
    ("Australia/Sydney", "2025-04-06", "2025-04-05T15:30Z"),  # twice, in the southern autumn
    ("Australia/Sydney", "2025-10-05", "2025-10-04T16:30Z"),  # never, in the southern spring
]


@pytest.mark.parametrize(("zone", "night", "instant"), NIGHTS)
def test_a_draw_in_the_night_in_which_clocks_change_is_there_once(known, database_url, zone, night, instant) -> None:
    one = next(iter(known.lotteries.values()))
    era = replace(one.eras[-1], starts_on=date(2000, 1, 1), calendar=(Slot(time(2, 30)),), any_day=False)
    names = {f"xx_{role}_night": {one.id: ""} for role in Role}
    one = replace(one, zone=ZoneInfo(zone), eras=(era,), special_days={}, sources=names, policy=Policy(2, True))
    begin = beginning(date.fromisoformat(night) - timedelta(days=1))
    end = begin + timedelta(days=3)
    of = World(known_as({one.id: one}), {one.id: one}, {})
    truth = Truth(of, begin, end, surprises={})
    hurry(database_url)
    run(live(database_url, Telling(truth, faulty=0.0), Trouble(truth, {}, {}, {}), sources(of.catalogue), begin, end))
    with psycopg.connect(database_url) as conn:
        found = conn.execute("SELECT drawn_at FROM draw WHERE date = %s", [night]).fetchall()
    assert [at.astimezone(UTC) for (at,) in found] == [datetime.fromisoformat(instant)]


CALM = Trial(
    3, date(2025, 3, 3), 3, 1, faulty=0.0, silences={}, surprises={}, of_a_source={}, of_a_page={}, moments={}, seed=7
)
"""Some days in which all is told as it is; each control puts one fault into them."""


def told(*faults: str, **more: object) -> Trial:
    """Most draws are told wrong, in these ways."""
    return replace(CALM, faulty=0.9, faults=faults, **more)


def without(*rules: str) -> ExitStack:
    """The product with these rules switched off."""
    off = {
        "objections": lambda: patch.object(Lottery, "objections", lambda *_: ()),
        "is_whole": lambda: patch.object(Pool, "is_whole", lambda *_: True),
        "opens_at": lambda: patch.object(Lottery, "opens_at", lambda *_: datetime(2000, 1, 1, tzinfo=UTC)),
        "corrections": lambda: patch.object(record, "step", corrects_nothing),
    }
    stack = ExitStack()
    for rule in rules:
        stack.enter_context(off[rule]())
    return stack


def corrects_nothing(lottery, key, head, *more):
    """A step that leaves alone what is published."""
    return (None, None) if head is not None and head.status in PUBLISHED else step(lottery, key, head, *more)


ONE = {"policy": Policy(1)}
"""A lone unofficial source is believed."""
MIRRORS = {"mirrors_count": True}
"""A mirror is a witness."""

CONTROLS = [
    ("one is enough", told("typo"), ONE, ()),
    ("a mirror counts", told("swapped", silences={LATE: 0.7}), MIRRORS, ()),
    ("a reader reads anything", replace(CALM, days=8, of_a_source={"redesign": 1.0}), ONE | {"reader": Credulous}, ()),
    ("a repeat is believed", told("stale"), ONE, ("objections",)),
    ("a part is the whole", told("partial"), ONE, ("is_whole",)),
    ("tomorrow is believed", told("tomorrow"), ONE, ("objections", "opens_at")),
    ("a test is a draw", told("tests"), ONE, ("objections", "opens_at")),
    ("a lone test is a draw", told("test"), ONE, ("objections", "opens_at")),
    ("another zone's day is believed", replace(CALM, days=8, of_a_page={"zone": 1.0}), ONE, ("objections", "opens_at")),
]


@pytest.mark.parametrize(
    ("trial", "law", "off"), [pytest.param(*one, id=name) for name, *one in (CONTROLS if FULL else CONTROLS[:2])]
)
def test_with_a_rule_switched_off_wrong_results_are_confirmed(new_ledger, trial, law, off) -> None:
    """The controls: it is these rules that keep the lies out, and the report sees when one gets through."""
    with without(*off):
        assert replace(trial, **law).held(new_ledger()).wrong_confirmed
    assert not trial.held(new_ledger()).wrong_confirmed


def test_a_wrong_provisional_that_is_left_to_stand_is_noticed(database_url) -> None:
    with without("corrections"):
        assert told("lone", policy=Policy(2, provisional=True)).held(database_url).lasted


NEVER = [
    *((one, replace(CALM, moments={one: 1.0})) for one in MOMENTS),
    (MISSING, replace(CALM, silences={MISSING: 1.0}, policy=Policy(2))),
    ("miscopied", told("miscopied", tail=0)),
    (MOVED, replace(CALM, surprises={MOVED: 1.0})),
]


@pytest.mark.parametrize("trial", [pytest.param(one, id=name) for name, one in (NEVER if FULL else NEVER[-1:])])
def test_draws_that_nobody_can_decide_are_counted(database_url, trial) -> None:
    report = trial.held(database_url)
    assert report.draws > 0
    assert report.decided < 0.99 * report.draws
    assert len(report.undecided) == report.draws - report.decided


def test_a_draw_on_a_day_of_none_is_held_and_told_why(database_url) -> None:
    report = replace(CALM, surprises={EXTRA: 1.0}).held(database_url)
    assert len(report.held) >= report.special[EXTRA] > 0
    assert all("The calendar has no draw on" in one for one in report.held)
    assert report.unexplained == []
