"""The jury: puts a page before the rules, the verdict and the pen as the services do, beside honest witnesses.

A page's word goes in with that of a mirror (another source of the same origin that shows just the same) and of
witnesses of other origins: real recordings where other sources have the draw, else one that tells what an independent
reader found on the unharmed page. Right is what an independent reader found for that draw, and nothing else.
"""

import random
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cache
from typing import Any

from conftest import RECORDINGS
from lotto import catalogue
from lotto.draws.draw import Draw, DrawKey, Observation, Status
from lotto.draws.lottery import UNLIKELY, Lottery
from lotto.draws.verdict import weigh
from lotto.ledger.step import PUBLISHED, step
from lotto.ledger.word import judge, newest
from lotto.scraper.reading import sort
from lotto.scraper.shelf import shelf
from lotto.scraper.sources.source import Page, Reading, Source, SourceError
from mutants import Original
from pages import EXPECTED, body_of, own_cases, readings_of, script

KNOWN = catalogue.load()
SHELF = shelf()

OUTCOMES = (
    "refused",
    "nothing told",
    "objected",
    "partial",
    "untold",
    "held",
    "provisional-wrong",
    "confirmed-right",
    "confirmed-wrong",
)
"""What can become of a mutant, from harmless to the worst; of several draws on it the worst counts."""


@dataclass(frozen=True)
class Law:
    """The rules by which a trial is held; the controls switch one of them off."""

    origins: bool = True
    """Sources of one origin count once."""
    objections: bool = True
    agree: int | None = None
    """What the policy asks, where it is another than the lottery's own."""


@dataclass
class Trial:
    """What became of one page."""

    outcome: str
    told_wrong: bool = False
    """The page's reader told a whole draw wrongly, and no rule objected."""
    findings: list[str] = field(default_factory=list)
    confirmed: int = 0
    """Draws that stand confirmed, and right, in the end."""
    draws: int = 0


Told = dict[DrawKey, Observation]


def as_reading(listed: Sequence[Any]) -> Reading:
    """A reading in the form of `expected/`, as sources yield it; of money nothing."""
    on, label, name, drawn_order, pools, *more = listed
    serial = more[0].get("serial") if more else None
    at = time.fromisoformat(more[0]["at"]) if more and "at" in more[0] else None
    numbers = {pool: tuple(texts) for pool, texts in pools.items()}
    return Reading(name, date.fromisoformat(on), numbers, label, drawn_order, serial, at)


def told_by(source: Source, readings: Iterable[Reading], at: datetime) -> Told:
    """The draws of ours among these readings."""
    sorted_ = sort(KNOWN, source, readings, "", at)
    return {one.key: one for lottery in sorted_.ours.values() for one in lottery}


@cache
def recorded(folder: str) -> tuple[Original, ...]:
    """The recorded pages of a folder that show draws."""
    found = []
    for case in script("make").cases(RECORDINGS, folder):
        if case.get("readings"):
            body = (RECORDINGS / folder / case["file"]).read_bytes()
            found.append(Original(case["source"], case, body, case["readings"], strangers(case["source"])))
    return tuple(found)


@cache
def strangers(to: str) -> tuple[bytes, ...]:
    """A page of ours of every other source."""
    return tuple(body for source, body in pages_of_ours().items() if source != to)


@cache
def pages_of_ours() -> dict[str, bytes]:
    """The first of our own pages of every source."""
    found: dict[str, bytes] = {}
    for source, case in own_cases():
        found.setdefault(source, body_of(source, case))
    return found


@cache
def ours() -> tuple[Original, ...]:
    """Our own pages that show draws."""
    return tuple(
        Original(source, case, body_of(source, case), case["readings"], strangers(source))
        for source, case in own_cases()
        if case.get("readings")
    )


@cache
def folders_of(source: str) -> tuple[str, ...]:
    """Where a source's recordings are."""
    return tuple(folder for folder, cases in EXPECTED.items() if any(case["source"] == source for case in cases))


@cache
def on_record(source: str) -> Told:
    """Every draw that an independent reader found in the recordings of a source; of two words the later one."""
    pages = [one for folder in folders_of(source) for one in recorded(folder) if one.source == source]
    found: Told = {}
    for one in sorted(pages, key=lambda one: one.page.at):
        found |= told_by(SHELF[source], map(as_reading, one.readings), one.page.at)
    return found


def others_of(source: str, lottery: Lottery) -> Iterator[str]:
    """The lottery's sources of other origins."""
    for name in lottery.sources:
        if SHELF[name].origin != SHELF[source].origin:
            yield name


class Jury:
    """Tries the mutants of one page. With `real` witnesses the recordings of other sources are heard first."""

    def __init__(self, original: Original, *, real: bool) -> None:
        self.original = original
        self.source = SHELF[original.source]
        self._real = real
        self._unharmed = {(one.name, one.date, one.label): one for one in readings_of(self.source, original.page)}
        self.right = told_by(self.source, map(as_reading, original.readings), original.page.at)
        self._days: dict[str, list[DrawKey]] = {}
        for key in sorted(self.right):
            self._days.setdefault(key.lottery, []).append(key)

    def unharmed(self, chance: random.Random, most: int) -> Trial:
        """The page as it is: some of the whole draws on it, each weighed."""
        keys = [
            key for key, one in sorted(self.right.items()) if KNOWN.lotteries[key.lottery].is_whole(key, one.numbers)
        ]
        chosen = keys if len(keys) <= most else chance.sample(keys, most)
        observed = told_by(self.source, self._unharmed.values(), self.original.page.at)
        missing = [str(key) for key in chosen if key not in observed]
        told = {key: observed[key] for key in chosen if key in observed}
        trial = self._trial(told, self.original.page.at, chance, Law())
        trial.findings += [f"{key} is not told" for key in missing]
        return trial

    def hear(self, page: Page, chance: random.Random, law: Law, *, ally: bool = False) -> Trial:
        """What becomes of this page; with an `ally`, a source of another origin has fallen for the same."""
        try:
            readings = readings_of(self.source, page)
        except SourceError:
            return Trial("refused")
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            return Trial("refused", findings=[f"{type(error).__name__}: {str(error)[:100]}"])
        fresh = [one for one in readings if self._unharmed.get((one.name, one.date, one.label)) != one]
        same = len(readings) - len(fresh)
        try:
            changed = told_by(self.source, fresh if page.at >= self.original.page.at else readings, page.at)
        except Exception as error:  # noqa: BLE001
            return Trial("refused", findings=[f"sorting: {type(error).__name__}: {str(error)[:100]}"])
        if not changed:
            return Trial("confirmed-right" if same else "nothing told")
        return self._trial(changed, page.at, chance, law, ally=ally)

    def _trial(self, told: Told, at: datetime, chance: random.Random, law: Law, *, ally: bool = False) -> Trial:
        trial = Trial("nothing told", draws=len(told))
        outcomes = []
        for lottery_id in sorted({key.lottery for key in told}):
            lottery = KNOWN.lotteries[lottery_id]
            if law.agree is not None:
                lottery = replace(lottery, policy=replace(lottery.policy, agree=law.agree))
            judged = self._judged(lottery, told, law)
            outcomes += [self._weighed(lottery, one, at, chance, law, trial, ally=ally) for one in judged]
        trial.confirmed = outcomes.count("confirmed-right")
        if outcomes:
            trial.outcome = max(outcomes, key=OUTCOMES.index)
            if trial.outcome == "confirmed-right" and (rest := [one for one in outcomes if one != trial.outcome]):
                trial.outcome = max(rest, key=OUTCOMES.index)
        return trial

    def _judged(self, lottery: Lottery, told: Told, law: Law) -> list[Observation]:
        """The page's observations of one lottery with what its rules object to, as the pen makes them."""
        mine = [one for key, one in told.items() if key.lottery == lottery.id]
        if not law.objections:
            return [replace(one, objections=()) for one in mine]
        days = self._days.get(lottery.id, [])
        before = {key for one in mine for key in days[: bisect_left(days, one.key)][-9:]}
        beside = [self.right[key] for key in before if key not in told]
        everything = newest([*(replace(one, observed_at=mine[0].observed_at) for one in beside), *mine])
        judged = judge(lottery, everything, [(one.source, one.key) for one in mine], {})
        return [word.said for word in judged]

    def _weighed(
        self,
        lottery: Lottery,
        one: Observation,
        at: datetime,
        chance: random.Random,
        law: Law,
        trial: Trial,
        *,
        ally: bool,
    ) -> str:
        key = one.key
        witnesses = self._witnesses(lottery, key, at, bare=chance.random() < 0.3)
        right = self._is_right(key, one.numbers, witnesses, at)
        whole = not one.objections and lottery.is_whole(key, one.numbers)
        if whole and self._tells_wrong(lottery, key, one.numbers):
            trial.told_wrong = True
        mirror = replace(one, source="mirror", origin=one.origin if law.origins else "mirror")
        band = [one, mirror]
        if ally and self._all_may_fall_for(lottery, one, at):
            band.append(replace(one, source="ally", origin="ally", official=False))
        chance.shuffle(band)
        worst = "nothing told"
        for order in ([*band, *witnesses], [*witnesses, *band]):
            heard: dict[str, Observation] = {}
            head: Draw | None = None
            for word in order:
                heard[word.source] = word
                after, _ = step(lottery, key, head, weigh(lottery, key, heard.values()), at)
                head = after or head
                if head is None or head.status not in PUBLISHED or self._is_right(key, head.numbers, witnesses, at):
                    continue
                worst = max(worst, f"{head.status}-wrong", key=OUTCOMES.index)
                if head.status is Status.CONFIRMED:
                    trial.findings.append(f"{key}: confirmed {dict(head.numbers)} by {sorted(heard)}")
        if worst != "nothing told":
            return worst
        if right and head is not None and head.status is Status.CONFIRMED:
            return "confirmed-right"
        if one.objections:
            return "objected"
        if head is None or head.status is Status.SCHEDULED:
            return "untold"
        if head.status is Status.HELD:
            return "held"
        if not whole:
            return "partial"
        return "untold" if head.status is Status.PROVISIONAL else "confirmed-right"

    def _witnesses(self, lottery: Lottery, key: DrawKey, at: datetime, *, bare: bool) -> list[Observation]:
        """Who else tells the draw: nobody before it was held."""
        if at < lottery.opens_at(key):
            return []
        found: list[Observation] = []
        if self._real:
            words = [on_record(name).get(key) for name in others_of(self.original.source, lottery)]
            found = [replace(word, observed_at=max(word.observed_at, at)) for word in words if word is not None]
        if not found and (word := self.right.get(key)) is not None:
            era = lottery.era(key.date)
            optional = {pool.name for pool in era.pools if pool.optional} if era and bare else set()
            numbers = {pool: values for pool, values in word.numbers.items() if pool not in optional}
            found = [replace(word, source="witness", origin="witness", official=False, numbers=numbers)]
        return found

    def _is_right(self, key: DrawKey, numbers: Mapping[str, Any], witnesses: list[Observation], at: datetime) -> bool:
        if at < KNOWN.lotteries[key.lottery].opens_at(key):
            return False
        words = [one.numbers for one in witnesses]
        if key in self.right:
            words.append(self.right[key].numbers)
        return bool(words) and all(any(word.get(pool) == values for word in words) for pool, values in numbers.items())

    def _tells_wrong(self, lottery: Lottery, key: DrawKey, numbers: Mapping[str, Any]) -> bool:
        """Whether a whole pool of it is another than on the unharmed page; what that leaves open is not known."""
        era = lottery.era(key.date)
        right = self.right.get(key)
        if era is None or right is None:
            return True
        whole = {pool.name: numbers[pool.name] for pool in era.pools if pool.is_whole(numbers.get(pool.name, ()))}
        return any(
            (known := right.numbers.get(pool)) is None or (None not in known and known != values)
            for pool, values in whole.items()
        )

    def _all_may_fall_for(self, lottery: Lottery, one: Observation, at: datetime) -> bool:
        """Whether a rule has to see it: a draw not held yet, or the numbers of the draw before it."""
        if at < lottery.opens_at(one.key):
            return True
        days = self._days.get(lottery.id, [])
        place = bisect_left(days, one.key)
        if not place or not all(era.outcomes >= UNLIKELY for era in lottery.eras):
            return False
        return self.right[days[place - 1]].numbers == one.numbers
