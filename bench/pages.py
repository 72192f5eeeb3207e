"""How long a page takes to read: every recorded one as it is, and a few mutants of each, in time of the processor.

A page that keeps its reader busy keeps every other source of that service waiting. Time of the processor is what counts
here, since the machine may have other work. The limits are for reading; sorting into lotteries is told beside it. The
percentile is over all pages of up to `SMALL` bytes as `make fuzz` breaks them: a mutant of each kind of each is
measured, and stands for its share of those that are made there. Pages are read as in a running service, which has read
nearly the same one before.
"""

import gc
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conftest import RECORDINGS
from jury import SHELF, recorded, told_by
from lotto.scraper.sources.source import Page, SourceError
from mutants import EFFORT, KINDS, MOST, Original, mutant
from pages import EXPECTED, readings_of

SLOWEST = 1000.0
"""Milliseconds that reading any page may take."""
SLOW = 50.0
"""Milliseconds that reading 99 of 100 pages of up to `SMALL` bytes may take."""
SMALL = 500_000


@dataclass(frozen=True)
class Measured:
    """One reading of one page, in milliseconds."""

    name: str
    size: int
    read: float
    sorted_: float
    share: float = 1.0
    """Of so many mutants."""


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


def broken(original: Original, name: str) -> list[Measured]:
    """Its mutants, one of each kind, each with the share it stands for."""
    chance = random.Random(name)
    pages = {kind: page for kind in KINDS if (page := mutant(original, kind, chance)) is not None}
    share = original.worth(EFFORT, MOST) / max(1, len(pages))
    return [replace(measured(original, page, f"{name}, {kind}"), share=share) for kind, page in pages.items()]


def percentile(those: Sequence[Measured], percent: float) -> float:
    """Milliseconds within which so many of 100 are read."""
    left = sum(one.share for one in those) * percent / 100
    for one in sorted(those, key=lambda one: one.read):
        left -= one.share
        if left <= 0:
            return one.read
    raise ValueError("There is nothing of which to tell a percentile.")


def main() -> None:
    """Prints the slowest pages and how the limits are kept."""
    if not RECORDINGS.is_dir():
        sys.exit(f"There are no recorded pages at {RECORDINGS}: set LOTTO_RECORDINGS.")
    mutants, as_they_are = [], []
    for folder in EXPECTED:
        for original in recorded(folder):
            name = f"{original.source}/{original.case['file']}"
            as_they_are.append(
                min((measured(original, original.page, name) for _ in range(3)), key=lambda one: one.read)
            )
            if len(original.body) <= SMALL:
                mutants += broken(original, name)
    slowest = sorted([*as_they_are, *mutants], key=lambda one: one.read, reverse=True)
    print("pages: milliseconds of the processor to read, and to sort into our lotteries")
    for one in slowest[:8]:
        print(f"  {one.read:7.1f} {one.sorted_:7.1f}  {one.size:9,} bytes  {one.name}")
    for title, those in (("recorded", as_they_are), ("mutants", mutants)):
        small = [one for one in those if one.size <= SMALL]
        print(
            f"  {sum(one.share for one in small):,.0f} pages up to {SMALL:,} bytes, {title}: "
            f"median {percentile(small, 50):.1f}, p99 {percentile(small, 99):.1f}, "
            f"slower than {SLOW:.0f}: {sum(one.share for one in small if one.read > SLOW):.0f}"
        )
    p99 = percentile(small, 99)
    print(f"  p99 of the mutants {p99:.1f} (limit {SLOW:.0f}) {'kept' if p99 <= SLOW else 'EXCEEDED'}")
    worst = slowest[0].read
    print(f"  slowest {worst:.0f} (limit {SLOWEST:.0f}) {'kept' if worst <= SLOWEST else 'EXCEEDED'}")
