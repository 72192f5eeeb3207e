"""A year of a hundred lotteries on a clock that jumps, told with every fault: nothing wrong is ever confirmed.

`make test` lives through some days of a few lotteries, `make fuzz` (LOTTO_FUZZ=full) through the whole year.
"""

import os
import sys
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from time import process_time

import pytest

from conftest import run
from year.life import hurry, live
from year.lotteries import World, world
from year.report import Report, check
from year.source import YearSource, sources
from year.telling import Telling
from year.trouble import Trouble
from year.truth import Truth, beginning

FULL = os.environ.get("LOTTO_FUZZ") == "full"
SEED = int(os.environ.get("LOTTO_SEED", "2026"))

DAYS = int(os.environ.get("LOTTO_YEAR_DAYS", "366")) if FULL else 9
LOTTERIES = 100 if FULL else 5
PARTS = 2 if FULL else 1
"""Lived one beside the other, each in a ledger of its own."""
FIRST = date(2025, 1, 1) if FULL else date(2024, 12, 24)
TAIL = timedelta(days=4)
"""In which what was late or wrong in the last days may come right."""


@dataclass(frozen=True)
class Told:
    """How a world is told; what is left out is told as it is."""

    faulty: float = 0.0
    faults: tuple[str, ...] = ()
    silences: dict[str, float] = field(default_factory=dict)
    surprises: dict[str, float] = field(default_factory=dict)
    of_a_source: dict[str, float] = field(default_factory=dict)
    of_a_page: dict[str, float] = field(default_factory=dict)
    mirrors_count: bool = False
    kind: type[YearSource] = YearSource

    def live(self, url: str, of: World, begin: datetime, end: datetime) -> Report:
        """Lives through that time and the tail, and judges what was drawn in that time."""
        truth = Truth(of, begin, end + TAIL, SEED, self.surprises)
        telling = Telling(truth, self.faulty, self.faults, tuple(self.silences.items()))
        trouble = Trouble(truth, self.of_a_source, self.of_a_page, {})
        told = sources(of.catalogue, mirrors_count=self.mirrors_count, kind=self.kind)
        return lived(url, telling, trouble, told, begin, end)


def lived(url, telling, trouble, told, begin, end) -> Report:
    hurry(url)
    door = run(live(url, telling, trouble, told, begin, end + TAIL))
    return run(check(url, telling, door, end))


@pytest.mark.timeout(1200 if FULL else 120)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_year_told_with_every_fault_confirms_nothing_wrong(known, database_url, part) -> None:
    of = world(known, LOTTERIES, FIRST, part=part, parts=PARTS)
    begin = beginning(FIRST)
    end = begin + timedelta(days=DAYS)
    truth = Truth(of, begin, end + TAIL, SEED)
    began = process_time()
    report = lived(database_url, Telling(truth), Trouble(truth), sources(of.catalogue), begin, end)
    sys.stdout.write(f"\n{report}\n{process_time() - began:.0f} s of CPU\n")
    if folder := os.environ.get("LOTTO_YEAR_REPORT"):
        Path(folder, f"year-{part}.txt").write_text(f"{report}\n{process_time() - began:.0f} s of CPU\n")
    assert report.draws > 0
    assert report.wrong_confirmed == []
    assert report.lasted == []
    assert report.unexplained == []
    assert report.misplaced == []
    assert report.decided >= 0.99 * report.draws
