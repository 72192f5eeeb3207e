"""How long a page takes to read: every recorded one as it is, and a few mutants of each, in time of the processor.

A page that keeps its reader busy keeps every other source of that service waiting. Time of the processor is what counts
here, since the machine may have other work. The limits are for reading; sorting into lotteries is told beside it. The
percentile is over all recorded pages of up to `SMALL` bytes and a mutant of each kind of each of them, broken as
`make fuzz` breaks them.
"""

import gc
import random
import statistics
import sys
import time
from dataclasses import dataclass

from conftest import RECORDINGS
from jury import SHELF, recorded, told_by
from lotto.scraper.sources.source import Page, SourceError
from mutants import KINDS, Original, mutant
from pages import EXPECTED, readings_of

SLOWEST = 1000.0
"""Milliseconds that reading any page may take."""
MOST = 50.0
"""Milliseconds that reading 99 of 100 pages of up to `SMALL` bytes may take."""
SMALL = 500_000


@dataclass(frozen=True)
class Measured:
    """One reading of one page, in milliseconds."""

    name: str
    size: int
    read: float
    sorted_: float


def measured(original: Original, page: Page, name: str) -> Measured:
    """How long this page takes."""
    source = SHELF[original.source]
    gc.freeze()  # what we hold ourselves, so that reading is not charged for it
    began = time.process_time()
    try:
        readings = readings_of(source, page)
    except SourceError:
        readings = []
    read = time.process_time()
    told_by(source, readings, page.at)
    return Measured(name, len(page.body), (read - began) * 1000, (time.process_time() - read) * 1000)


def main() -> None:
    """Prints the slowest pages and how the limits are kept."""
    if not RECORDINGS.is_dir():
        sys.exit(f"There are no recorded pages at {RECORDINGS}: set LOTTO_RECORDINGS.")
    found, as_they_are = [], []
    for folder in EXPECTED:
        for original in recorded(folder):
            name = f"{original.source}/{original.case['file']}"
            as_they_are.append(
                min((measured(original, original.page, name) for _ in range(3)), key=lambda one: one.read)
            )
            if len(original.body) > SMALL:
                continue
            chance = random.Random(name)
            broken = [(kind, page) for kind in KINDS if (page := mutant(original, kind, chance)) is not None]
            found += [measured(original, page, f"{name}, {kind}") for kind, page in broken]
    slowest = sorted([*as_they_are, *found], key=lambda one: one.read, reverse=True)
    print("pages: milliseconds of the processor to read, and to sort into our lotteries")
    for one in slowest[:8]:
        print(f"  {one.read:7.1f} {one.sorted_:7.1f}  {one.size:9,} bytes  {one.name}")
    for title, those in (("recorded", as_they_are), ("mutants", found), ("all of these", [*as_they_are, *found])):
        small = sorted(one.read for one in those if one.size <= SMALL)
        p99 = statistics.quantiles(small, n=100)[98]
        said = f"median {statistics.median(small):.1f}, p99 {p99:.1f}, slower than {MOST:.0f}: "
        print(f"  {len(small):,} pages up to {SMALL:,} bytes, {title}: {said}{sum(one > MOST for one in small)}")
    print(f"  p99 {p99:.1f} (limit {MOST:.0f}) {'kept' if p99 <= MOST else 'EXCEEDED'}")
    worst = slowest[0].read
    print(f"  slowest {worst:.0f} (limit {SLOWEST:.0f}) {'kept' if worst <= SLOWEST else 'EXCEEDED'}")
