"""Real pages gone wrong in every way that pages do: whatever a page says, no wrong result is ever confirmed.

`make test` tries a sample, `make fuzz` (LOTTO_FUZZ=full) more than 20,000 mutants of every recorded page that shows
draws. LOTTO_SEED repeats another run than the usual one.
"""

import multiprocessing
import os
import random
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from conftest import RECORDINGS, run
from jury import KNOWN, OUTCOMES, SHELF, Jury, Law, as_reading, folders_of, others_of, ours, recorded, told_by
from lotto.draws.draw import DrawKey, Status
from lotto.ledger import queries
from lotto.ledger.record import record
from lotto.scraper.sources.source import SourceError
from mutants import EFFORT, KINDS, MAY_LIE, MOST, Original, mutant
from pages import EXPECTED, readings_of

FULL = os.environ.get("LOTTO_FUZZ") == "full"
SEED = os.environ.get("LOTTO_SEED", "2026")

FELL_FOR_IT = ("the draw before once more", "before the draw")
"""What two independent sources may show at once, since both wait for the same draw: the rules have to see it."""

WORTH = (EFFORT, MOST) if FULL else (5, 5)
"""What the mutants of one page may cost, and how many there may be."""
OF_OURS = 28 if FULL else 4
"""Mutants of a page of ours."""
SMALL = 150_000
"""Bytes of a folder whose pages the sample takes."""
ENOUGH = 20_000 if FULL else 500


@dataclass
class Tally:
    """What became of the mutants of some pages."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By kind and outcome."""
    lied: Counter[str] = field(default_factory=Counter)
    """By kind: the reader told a whole draw wrongly and no rule objected."""
    findings: list[str] = field(default_factory=list)
    recorded: Counter[str] = field(default_factory=Counter)
    """Mutants by recorded page."""
    draws: int = 0
    """Whole draws of unharmed recorded pages that were tried."""
    confirmed: int = 0

    def add(self, other: "Tally") -> None:
        """Takes in another one."""
        self.outcomes += other.outcomes
        self.lied += other.lied
        self.findings += other.findings
        self.recorded += other.recorded
        self.draws += other.draws
        self.confirmed += other.confirmed

    def table(self) -> str:
        """A line for each kind."""
        lines = [[kind, *(self.outcomes[kind, one] for one in OUTCOMES), self.lied[kind]] for kind in KINDS]
        sums = [sum(self.outcomes[kind, one] for kind in KINDS) for one in OUTCOMES]
        rows = [["", *OUTCOMES, "told wrongly"], *lines, ["all", *sums, self.lied.total()]]
        return "\n".join(f"{row[0]:42}" + "".join(f"{cell!s:>18}" for cell in row[1:]) for row in rows)

    def __str__(self) -> str:
        return (
            f"{self.table()}\n{self.outcomes.total():,} mutants, {self.recorded.total():,} of them of "
            f"{len(self.recorded)} recorded pages; of {self.draws:,} unharmed draws {self.confirmed:,} confirmed"
        )


def chance_of(original: Original) -> random.Random:
    """The same for the same page in every run of one seed."""
    return random.Random(f"{SEED} {original.source} {original.case['file']}")


def tried(original: Original, count: int, law: Law = Law(), *, real: bool, kinds: Iterable[str] = KINDS) -> Tally:  # noqa: B008 - frozen
    """So many mutants of one page, one kind after the other; and under the law as it is, the page itself."""
    tally = Tally()
    jury = Jury(original, real=real)
    chance = chance_of(original)
    order = list(kinds)
    chance.shuffle(order)
    where = f"{original.source}/{original.case['file']}"
    if law == Law():
        unharmed = jury.unharmed(chance, 200)
        tally.draws, tally.confirmed = unharmed.draws, unharmed.confirmed
        tally.findings += [f"{where}, unharmed: {finding}" for finding in unharmed.findings]
    for n in range(count):
        kind = order[n % len(order)]
        page = mutant(original, kind, chance)
        if page is None:
            continue
        trial = jury.hear(page, chance, law, ally=kind in FELL_FOR_IT)
        tally.recorded[where] += 1
        tally.outcomes[kind, trial.outcome] += 1
        tally.lied[kind] += trial.told_wrong
        tally.findings += [f"{where}, mutant {n}, {kind}: {finding}" for finding in trial.findings]
        if trial.told_wrong and kind not in MAY_LIE:
            tally.findings.append(f"{where}, mutant {n}, {kind}: the reader told a draw wrongly")
    return tally


def tried_of_ours() -> Tally:
    """The mutants of all pages of ours."""
    found = Tally()
    for original in ours():
        found.add(tried(original, OF_OURS, real=False))
    found.recorded.clear()
    found.draws = found.confirmed = 0
    return found


def tried_of(folder: str, n: int) -> Tally:
    """The mutants of one recorded page."""
    original = recorded(folder)[n]
    return tried(original, original.worth(*WORTH), real=FULL or is_light(original))


def size_of(folder: str) -> int:
    """Bytes of a folder of recordings."""
    return sum(file.stat().st_size for file in (RECORDINGS / folder).iterdir())


def is_light(original: Original) -> bool:
    """Whether the recordings of all who tell the same lotteries are small."""
    beside = {
        other
        for one in KNOWN.lotteries.values()
        if original.source in one.sources
        for other in others_of(original.source, one)
    }
    return all(size_of(folder) <= SMALL for other in beside for folder in folders_of(other))


def jobs() -> list[tuple[str, int]]:
    """The recorded pages that show draws, of the sample those in small folders; the largest first."""
    if not RECORDINGS.is_dir():
        return []
    found = []
    for folder, cases in EXPECTED.items():
        if FULL or size_of(folder) <= SMALL:
            found += [(folder, n) for n in range(sum(bool(one.get("readings") or one.get("count")) for one in cases))]
    return sorted(found, key=lambda job: size_of(job[0]), reverse=True)


@pytest.fixture(scope="module")
def tally() -> Tally:
    """What became of the pages of ours and of the recorded ones; of the sample, or of all."""
    found = Tally()
    if not FULL:
        for one in (tried_of_ours(), *(tried_of(*job) for job in jobs())):
            found.add(one)
        return found
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        for job in [pool.submit(tried_of, *job) for job in jobs()] + [pool.submit(tried_of_ours)]:
            found.add(job.result())
    return found


@pytest.mark.timeout(1500 if FULL else 120)
def test_no_mutant_of_a_page_is_confirmed_wrongly_and_none_breaks_its_reader(tally, capsys):
    if FULL:
        with capsys.disabled():
            sys.stdout.write(f"\n{tally}\n")
    assert tally.findings == []


def test_unharmed_pages_are_confirmed(tally):
    assert tally.confirmed >= 0.99 * tally.draws


def test_the_mutants_are_as_many_as_is_said(tally):
    assert (tally.recorded if FULL else tally.outcomes).total() >= ENOUGH
    assert len(tally.recorded) >= 60 or not FULL


@pytest.mark.parametrize(
    ("law", "kinds"),
    [
        (Law(origins=False), ("a number is off by one",)),
        (Law(objections=False), FELL_FOR_IT[:1]),
        (Law(agree=1), ("a number is off by one",)),
    ],
    ids=["a mirror counts", "no rule objects", "one is enough"],
)
def test_with_one_rule_switched_off_wrong_results_are_confirmed(law, kinds):
    """The controls: it is these rules that keep the lies out, and the jury sees when one gets through."""

    def wrong(law: Law) -> int:
        return sum(
            tried(original, 2, law, real=False, kinds=kinds).outcomes[kind, "confirmed-wrong"]
            for original in ours()
            for kind in kinds
        )

    assert wrong(law) > 0
    assert wrong(Law()) == 0


@pytest.mark.timeout(300)
def test_no_mutant_is_confirmed_wrongly_in_the_ledger(open_ledger, known):
    """The same through the pen itself: the mutant's word, its mirror's, then that of an honest witness.

    Every draw is tried once: our pages show some draws twice, whole and in parts.
    """
    chance = random.Random(SEED)
    tried_before: set[DrawKey] = set()

    async def story() -> tuple[int, list[str]]:
        tried_, wrong = 0, []
        async with open_ledger() as ledger:
            for n, original in enumerate(ours()):
                if not FULL and n % 6:
                    continue
                page = mutant(original, chance.choice(KINDS), chance)
                if page is None:
                    continue
                source = SHELF[original.source]
                try:
                    told = told_by(source, readings_of(source, page), page.at)
                except SourceError:
                    continue
                tried_ += 1
                right = told_by(source, map(as_reading, original.readings), original.page.at)
                now = max(page.at, original.page.at) + timedelta(days=1)
                for lottery_id in sorted({key.lottery for key in told}):
                    lottery = known.lotteries[lottery_id]
                    words, honest = (
                        [one for key, one in said.items() if key.lottery == lottery_id and key not in tried_before]
                        for said in (told, right)
                    )
                    witness = [replace(one, source="witness", origin="witness", official=False) for one in honest]
                    for said in (words, [replace(one, source="mirror") for one in words], witness):
                        await record(ledger, lottery, said, now)
                        async with ledger.reading() as conn:
                            for key in {one.key for one in words}:
                                stands = await queries.draw(conn, key)
                                if stands is None or stands.status is not Status.CONFIRMED:
                                    continue
                                truth = right[key].numbers if key in right else {}
                                if any(truth.get(pool) != values for pool, values in stands.numbers.items()):
                                    wrong.append(f"{original.source}/{original.case['file']}: {key}")
                tried_before.update(told, right)
        return tried_, wrong

    tried_, wrong = run(story())
    assert tried_ > 10
    assert wrong == []
