"""A year of many lotteries on a clock that steps, told with faults: nothing wrong is ever confirmed."""

import logging
import os
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

import psycopg
import pytest
import structlog

from conftest import Clock, run
from lotto.catalogue import Catalogue
from lotto.draws.calendar import Slot
from lotto.draws.draw import DrawKey
from lotto.draws.lottery import Policy
from lotto.ledger.connection import Ledger
from lotto.scraper.service import Scraper
from lotto.store import Store
from year import MIRROR, SOURCES, Truth, YearDoor, beginning, chosen, kept, sources

FULL = os.environ.get("LOTTO_FUZZ") == "full"
DAYS = int(os.environ.get("LOTTO_YEAR_DAYS", "3"))
"""How long the full run goes on from the last day of the year; 366 is the whole year, and takes hours."""
STEP = timedelta(minutes=30)


@dataclass
class Report:
    """What the ledger holds, against what was drawn."""

    draws: int = 0
    decided: int = 0
    wrong_confirmed: list[str] = field(default_factory=list)
    wrong_provisional: int = 0
    lasted: list[str] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        share = self.decided / max(1, self.draws)
        return (
            f"{self.draws} draws, {self.decided} decided ({share:.3%}), {len(self.wrong_confirmed)} wrong confirmed, "
            f"{self.wrong_provisional} wrong provisional of which {len(self.lasted)} lasted, {len(self.held)} held"
        )


async def live(url, folder, truth: Truth, told, begin: datetime, end: datetime) -> YearDoor:
    """Lets the scraper watch from `begin` to `end`: every source is looked at once a step."""
    clock = Clock(begin)
    door = YearDoor(truth, clock)
    async with Ledger(url, "year", "practice") as ledger:
        scraper = Scraper(ledger, Store.open(f"file://{folder}"), door, truth.catalogue, told, clock)
        while clock.at < end:
            for name in SOURCES:
                await scraper.look(name)
            clock.at += STEP
    return door


async def check(url, truth: Truth, until: datetime) -> Report:
    """Reads results and observations row by row, and asks no rule what to think of them."""
    report = Report()
    async with Ledger(url, "year", "practice") as ledger, ledger.reading() as conn:
        rows = await conn.execute("SELECT lottery, date, label, body FROM result ORDER BY seq")
        history: dict[DrawKey, list[dict]] = {}
        async for row in rows:
            history.setdefault(DrawKey(row["lottery"], row["date"], row["label"]), []).append(row["body"])
        rows = await conn.execute(
            "SELECT lottery, date, label, objected, observed_at, body FROM observation ORDER BY id"
        )
        said: dict[DrawKey, list[tuple[datetime, dict]]] = {}
        async for row in rows:
            if not row["objected"]:
                key = DrawKey(row["lottery"], row["date"], row["label"])
                said.setdefault(key, []).append((row["observed_at"], row["body"]["numbers"]))
    real = {held.key: held for all_ in truth.draws.values() for held in all_}
    for key, bodies in history.items():
        lottery = truth.catalogue.lotteries[key.lottery]
        held = real.get(key)
        right = kept(lottery, key, held.numbers) if held else {}
        for n, body in enumerate(bodies):
            if not body.get("numbers") or _same(body["numbers"], right):
                continue
            if body["status"] == "confirmed":
                report.wrong_confirmed.append(f"{key} {body['numbers']} was {right}")
            elif body["status"] == "provisional":
                report.wrong_provisional += 1
                since = datetime.fromisoformat(body["updated_at"])
                shown = [at for at, told in said.get(key, ()) if at > since and _otherwise(body["numbers"], told)]
                after = datetime.fromisoformat(bodies[n + 1]["updated_at"]) if n + 1 < len(bodies) else None
                if shown and (after is None or after > shown[0]):
                    report.lasted.append(f"{key} stood after {shown[0]}")
        if held and datetime.fromisoformat(bodies[-1]["drawn_at"]) != held.at:
            report.misplaced.append(f"{key} at {bodies[-1]['drawn_at']}, was held {held.at}")
        last = bodies[-1]
        if last["status"] == "held":
            report.held[str(key)] = last["reason"]
            if not any(name in last["reason"] for name in SOURCES):
                report.unexplained.append(f"{key}: {last['reason']}")
    for key, held in real.items():
        if not truth.since <= held.at <= until:
            continue
        report.draws += 1
        last = history[key][-1] if key in history else {}
        right = kept(truth.catalogue.lotteries[key.lottery], key, held.numbers)
        if last.get("status") in ("confirmed", "provisional") and _same(last["numbers"], right):
            report.decided += 1
        else:
            report.undecided.append(f"{key} {last.get('status')}: {last.get('reason')} {truth.fault(key)}")
    return report


def _same(ours, theirs) -> bool:
    return {name: list(values) for name, values in ours.items()} == {n: list(v) for n, v in theirs.items()}


def _otherwise(ours, told) -> bool:
    """What is told has every place of a pool that we publish, with other values."""
    return any(
        name in told and len(told[name]) == len(values) and None not in told[name] and list(told[name]) != list(values)
        for name, values in ours.items()
    )


def hurry(url: str) -> None:
    """What a crash would lose is nothing to this proof: its ledger does not wait for the disk, nor its log for us."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(f"ALTER DATABASE {conn.info.dbname} SET synchronous_commit = off")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def tell(known, url, folder, count, first: date, days: int, *, tail=4, policy=None, origins=None, faulty=0.08):
    """Lives through those days and `tail` more, in which what was late or wrong may come right; judges the first."""
    catalogue = chosen(known, count, first, policy)
    begin = beginning(first)
    end = begin + timedelta(days=days)
    last = end + timedelta(days=tail)
    truth = Truth(catalogue, begin, last, faulty=faulty)
    hurry(url)
    began, cpu = perf_counter(), process_time()
    door = run(live(url, folder, truth, sources(origins), begin, last))
    report = run(check(url, truth, end))
    figures = (
        f"{len(catalogue.lotteries)} lotteries, {days} days: {report}; {door.asks} asks, {dict(truth.met)}, "
        f"{perf_counter() - began:.0f} s, {process_time() - cpu:.0f} s of CPU"
    )
    more = (*report.undecided[:20], *report.unexplained[:5], *report.misplaced[:5])
    sys.stdout.write("\n".join(("", figures, *more, "")))
    return report


def judge(report: Report) -> None:
    assert report.wrong_confirmed == []
    assert report.lasted == []
    assert report.unexplained == []
    assert report.misplaced == []
    assert report.decided >= 0.99 * report.draws


@pytest.mark.timeout(600 * DAYS if FULL else 120)
def test_lotteries_told_with_faults_confirm_nothing_wrong(known, database_url, tmp_path):
    """Around New Year; a few lotteries for some days, or with LOTTO_FUZZ=full all that have a calendar."""
    first = date(2025, 12, 31) if FULL else date(2024, 12, 23)
    report = tell(known, database_url, tmp_path, 100 if FULL else 5, first, DAYS if FULL else 10)
    assert report.draws > 0
    judge(report)


NIGHTS = [
    ("Europe/Berlin", "2025-03-30", "2025-03-30T01:30Z"),  # there is no half past two: clocks show half past three
    ("Europe/Berlin", "2025-10-26", "2025-10-26T00:30Z"),  # there are two: the first counts
    ("America/New_York", "2025-11-02", "2025-11-02T07:30Z"),  # an hour after clocks went back
    ("Australia/Sydney", "2025-04-06", "2025-04-05T15:30Z"),  # twice, in the southern autumn
    ("Australia/Sydney", "2025-10-05", "2025-10-04T16:30Z"),  # never, in the southern spring
]


@pytest.mark.parametrize(("zone", "night", "instant"), NIGHTS)
def test_a_draw_in_the_night_in_which_clocks_change_is_there_once(known, database_url, tmp_path, zone, night, instant):
    one = next(iter(known.lotteries.values()))
    era = replace(one.eras[-1], starts_on=date(2000, 1, 1), calendar=(Slot(time(2, 30)),), any_day=False)
    names = {source: {one.id: ""} for source in SOURCES}
    policy = Policy(2, provisional=True)
    one = replace(
        one, zone=ZoneInfo(zone), eras=(era,), special_days={}, sources=names, policy=policy, not_before=timedelta(0)
    )
    catalogue = Catalogue({one.id: one}, {}, {(source, one.id): (one, "") for source in SOURCES})
    begin = beginning(date.fromisoformat(night) - timedelta(days=1))
    end = begin + timedelta(days=2)
    truth = Truth(catalogue, begin, end + timedelta(days=1), faulty=0.0)
    hurry(database_url)
    run(live(database_url, tmp_path, truth, sources(), begin, end + timedelta(days=1)))
    with psycopg.connect(database_url) as conn:
        found = conn.execute("SELECT drawn_at FROM draw WHERE date = %s", [night]).fetchall()
    assert [at.astimezone(UTC) for (at,) in found] == [datetime.fromisoformat(instant)]


def test_control_one_word_is_not_enough(known, database_url, tmp_path):
    """The proof can fail: who believes a lone unofficial source confirms what is wrong."""
    report = tell(known, database_url, tmp_path, 4, date(2025, 6, 1), 3, tail=0, policy=Policy(1), faulty=0.9)
    assert report.wrong_confirmed


def test_control_a_mirror_is_no_witness(known, database_url, tmp_path):
    """The proof can fail: who counts the mirror as an origin of its own confirms what it copied."""
    lied = {MIRROR: "mirror"}
    report = tell(known, database_url, tmp_path, 4, date(2025, 6, 1), 3, tail=0, origins=lied, faulty=0.9)
    assert report.wrong_confirmed
