"""A trial: some lotteries, a time, the ways in which it is told, and the law by which it is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache

from conftest import run
from lotto import catalogue
from lotto.draws.lottery import Policy
from year.life import hurry, live
from year.lotteries import world
from year.report import Report, check
from year.source import YearSource, sources
from year.telling import FAULTS, SILENCES, Telling
from year.trouble import MOMENTS, OF_A_PAGE, OF_A_SOURCE, Trouble
from year.truth import SURPRISES, Truth, beginning

KNOWN = cache(catalogue.load)
"""The catalogue, read once a process."""

Shares = Mapping[str, float]
"""What may happen → how likely it is."""


@dataclass(frozen=True)
class Trial:
    """So many lotteries for so many days, told with everything that may happen; controls leave out or switch off."""

    count: int
    first: date
    days: int
    tail: int = 4
    """Days more, in which what was late or wrong in the last days may come right."""
    part: int = 0
    parts: int = 1
    seed: int = 2026
    faulty: float = 0.08
    faults: Sequence[str] = FAULTS
    silences: Shares = field(default_factory=lambda: SILENCES)
    surprises: Shares = field(default_factory=lambda: SURPRISES)
    of_a_source: Shares = field(default_factory=lambda: OF_A_SOURCE)
    of_a_page: Shares = field(default_factory=lambda: OF_A_PAGE)
    moments: Shares = field(default_factory=lambda: MOMENTS)
    policy: Policy | None = None
    """Another than that of the lotteries."""
    mirrors_count: bool = False
    """Mirrors count as origins of their own."""
    reader: type[YearSource] = YearSource

    def of_part(self, part: int) -> "Trial":
        """One of its parts."""
        return replace(self, part=part)

    def held(self, url: str) -> Report:
        """Lives through the days and the tail in an empty ledger, and judges what was drawn in the days."""
        of = world(KNOWN(), self.count, self.first, part=self.part, parts=self.parts, policy=self.policy)
        begin = beginning(self.first)
        end = begin + timedelta(days=self.days)
        last = end + timedelta(days=self.tail)
        truth = Truth(of, begin, last, self.seed, self.surprises)
        telling = Telling(truth, self.faulty, self.faults, self.silences)
        trouble = Trouble(truth, self.of_a_source, self.of_a_page, self.moments)
        told = sources(of.catalogue, mirrors_count=self.mirrors_count, kind=self.reader)
        hurry(url)
        door = run(live(url, telling, trouble, told, begin, last))
        return run(check(url, telling, door, end))
