"""The comparison of all that was said of one lottery. Pure: observations go in, findings and figures come out."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations

from lotto.audit.finding import Finding, Kind, Said, Tally
from lotto.audit.line import Line, neighbours
from lotto.audit.witness import Witness, contradict, same_draw, witnesses
from lotto.draws.draw import DrawKey, Observation
from lotto.draws.lottery import REPEATED, Lottery

SETTLED = timedelta(days=1)
"""So long after a draw a place that is still open is a finding; before, the draw may be under way."""

SERIALS = timedelta(days=31)
"""Two draws with one serial are the same where they are no farther apart; some games count anew every year."""


@dataclass(frozen=True)
class Audited:
    """What the comparison of one lottery came to."""

    lottery: str
    findings: tuple[Finding, ...]
    tally: Tally


def compare(
    lottery: Lottery,
    observations: Iterable[Observation],
    *,
    by_page: bool = False,
    since: date = date.min,
    until: date = date.max,
) -> Audited:
    """Compares everything these observations of one lottery say, and tells what is about draws from `since` to `until`.

    With `by_page` every page speaks for itself as well: what it lacks is told though another page of its source has it,
    and its source's word is that of the page read last. Observations beyond the span help to see what it holds.
    """
    return _Comparison(lottery, witnesses(lottery, observations, by_page=by_page)).audited(since, until)


class _Comparison:
    """One lottery being compared. A draw that is told as moved or repeated is not told as a gap or a contradiction."""

    def __init__(self, lottery: Lottery, heard: list[Witness]) -> None:
        self._lottery = lottery
        self._witnesses = heard
        self._line = Line(lottery, heard)
        self._shown: dict[DrawKey, list[Witness]] = defaultdict(list)
        for one in heard:
            for key in one.words:
                self._shown[key].append(one)
        self._missing = {id(one): list(self._line.missing(one, self._certain)) for one in heard}
        self._explained: set[tuple[int, DrawKey]] = set()
        """Who and what a moved or repeated draw already accounts for."""

    def audited(self, since: date, until: date) -> Audited:
        findings = [*self._moved(), *self._contradictions(), *self._rules(), *self._open(), *self._gaps()]
        kept = {(one.kind, one.key, one.source, one.shown_at, one.words): one for one in reversed(findings)}
        ours = [one for one in kept.values() if one.key.date <= until and (one.until or one.key).date >= since]
        ours.sort(key=lambda one: (self._line.place(one.key), one.kind, one.source))
        return Audited(self._lottery.id, tuple(ours), self._tally(ours, since, until))

    @cached_property
    def _certain(self) -> dict[DrawKey, list[Witness]]:
        """The draws that a witness shows and no rule objects to."""
        objected = self._objected
        found: dict[DrawKey, list[Witness]] = {}
        for key, shown in self._shown.items():
            if sound := [one for one in shown if (id(one), key) not in objected]:
                found[key] = sound
        return found

    @cached_property
    def _objected(self) -> dict[tuple[int, DrawKey], tuple[str, ...]]:
        """What the rules hold against whose word on which draw; the draw before is what the same witness shows."""
        found: dict[tuple[int, DrawKey], tuple[str, ...]] = {}
        for witness in self._witnesses:
            before = None
            for key in self._line.ordered(witness.words):
                one = witness.words[key]
                words = self._lottery.objections(key, one.numbers, one.observed_at, before, one.drawn_at)
                if every := tuple(dict.fromkeys((*one.objections, *words))):
                    found[id(witness), key] = every
                before = one.numbers
        return found

    def _latest(self, key: DrawKey) -> dict[str, Witness]:
        """Source → the witness that tells its last word on the draw."""
        found: dict[str, Witness] = {}
        for one in self._shown.get(key, ()):
            last = found.get(one.source)
            if last is None or last.words[key].observed_at <= one.words[key].observed_at:
                found[one.source] = one
        return found

    def _said(self, key: DrawKey, shown: Iterable[Witness]) -> tuple[Said, ...]:
        return tuple(Said.of(one.words[key], one.page) for one in shown)

    # --- the same draw in another place ---

    def _moved(self) -> Iterator[Finding]:
        # The word of the page read last is the last to be taken for odd, and so is a day that the calendar knows.
        for foreseen in (True, False):
            for witness in sorted(self._witnesses, key=lambda one: max(w.observed_at for w in one.words.values())):
                for run in self._missing[id(witness)]:
                    for key in run:
                        if self._line.is_expected(key) is foreseen and (id(witness), key) not in self._explained:
                            yield from self._elsewhere(witness, key)
        for key in self._line.ordered(self._shown):
            shown = self._shown[key]
            for witness in shown if len(shown) > 1 else ():
                if any(contradict(self._lottery, witness.words[key], other.words[key]) for other in shown):
                    yield from self._taken_for_another(witness, key)

    def _elsewhere(self, witness: Witness, key: DrawKey) -> Iterator[Finding]:
        """The draw that the witness lacks, where it has it in another place."""
        others = self._shown.get(key, [])
        for there in self._near(witness, key, others):
            if there in self._certain and any(
                other is not witness and not contradict(self._lottery, other.words[there], witness.words[there])
                for other in self._certain[there]
            ):
                continue
            alike = [other for other in others if self._alike(witness.words[there], other.words[key])]
            guessed = not others and self._is_uncalled(witness, there)
            if alike or guessed:
                self._explain(witness, key, there)
                words = "" if alike else "The calendar foresees it here, and none where the source has it."
                said = (*self._said(there, [witness]), *self._said(key, alike[:3]))
                yield Finding(Kind.MOVED, key, witness.source, said, words, there)
                return

    def _near(self, witness: Witness, key: DrawKey, others: Collection[Witness]) -> Iterator[DrawKey]:
        """Where the witness may have that draw instead: a day off at most, or farther under the same serial."""
        near = [there for day in neighbours(key.date) for there in witness.days.get(day, ())]
        yield from near
        for serial in {serial for other in others if (serial := other.words[key].serial)}:
            for there in self._serials(witness).get(serial, ()):
                if there not in near and abs(there.date - key.date) <= SERIALS:
                    yield there

    def _serials(self, witness: Witness) -> dict[str, list[DrawKey]]:
        found: dict[str, list[DrawKey]] = self._by_serial.get(id(witness), {})
        if not found:
            for key, one in witness.words.items():
                if one.serial:
                    found.setdefault(one.serial, []).append(key)
            self._by_serial[id(witness)] = found
        return found

    @cached_property
    def _by_serial(self) -> dict[int, dict[str, list[DrawKey]]]:
        return {}

    def _alike(self, one: Observation, other: Observation) -> bool:
        """Two words in different places that are about one draw."""
        if same_draw(self._lottery, one, other):
            return True
        return bool(one.serial) and one.serial == other.serial and not contradict(self._lottery, one, other)

    def _is_uncalled(self, witness: Witness, key: DrawKey) -> bool:
        """Whether the rules know no draw there, and nobody else shows one."""
        era = self._lottery.era(key.date)
        foreseen = self._line.is_expected(key) or era is None or era.labels_are_free
        return not foreseen and self._shown[key] == [witness]

    def _explain(self, witness: Witness, key: DrawKey, there: DrawKey) -> None:
        self._explained |= {(id(witness), key), (id(witness), there)}
        for other in self._witnesses:
            if other is not witness and there not in other.words:
                self._explained.add((id(other), there))

    def _taken_for_another(self, witness: Witness, key: DrawKey) -> Iterator[Finding]:
        """A contradicted draw whose values are those of a neighbour: shown again, or shown in its place."""
        one = witness.words[key]
        for there in self._beside(key):
            shown = [other for other in self._certain.get(there, ()) if other is not witness]
            own = witness.words.get(there)
            if own is not None and same_draw(self._lottery, one, own):
                self._explained.add((id(witness), key))
                others = [other for other in self._shown[key] if other is not witness]
                said = (*self._said(key, [witness]), *self._said(key, others[:3]))
                yield Finding(Kind.REPEATED, key, witness.source, said, "", there)
                return
            alike = [other for other in shown if same_draw(self._lottery, one, other.words[there])]
            if alike and (own is None or contradict(self._lottery, own, alike[0].words[there])):
                self._explained |= {(id(witness), key), (id(witness), there)}
                said = (*self._said(key, [witness]), *self._said(there, alike[:3]))
                yield Finding(Kind.MOVED, there, witness.source, said, "", key)
                return

    def _beside(self, key: DrawKey) -> Iterator[DrawKey]:
        """The draws of the day, of the days before and after, and of the same row just before."""
        seen = {key}
        for witness in self._witnesses:
            for day in neighbours(key.date):
                for there in witness.days.get(day, ()):
                    if there not in seen:
                        seen.add(there)
                        yield there
        before = self._line.before(key)
        if before is not None and before not in seen:
            yield before

    # --- contradictions ---

    def _contradictions(self) -> Iterator[Finding]:
        for key, shown in self._shown.items():
            latest = self._latest(key)
            words = [one for one in latest.values() if (id(one), key) not in self._explained]
            if any(contradict(self._lottery, a.words[key], b.words[key]) for a, b in combinations(words, 2)):
                yield Finding(Kind.DIFFER, key, "", self._said(key, latest.values()), self._odd_one(key, latest))
            for witness in shown:
                last = latest[witness.source]
                unsaid = [Said.of(one, witness.page) for one in witness.unsaid.get(key, ())]
                if witness is not last and contradict(self._lottery, witness.words[key], last.words[key]):
                    unsaid += self._said(key, [witness])
                if unsaid and (id(witness), key) not in self._explained:
                    yield Finding(Kind.CHANGED, key, witness.source, (*unsaid, *self._said(key, [last])))

    def _odd_one(self, key: DrawKey, latest: dict[str, Witness]) -> str:
        """Who stands alone against at least two origins that agree, in a sentence; empty when nothing tells."""
        for one in latest.values():
            others = [other for other in latest.values() if other is not one]
            origins = {other.words[key].origin for other in others}
            if len(origins) < 2 or any(
                contradict(self._lottery, a.words[key], b.words[key]) for a, b in combinations(others, 2)
            ):
                continue
            if all(contradict(self._lottery, one.words[key], other.words[key]) for other in others):
                return f"{one.source} stands alone against {len(origins)} origins."
        return ""

    # --- what one witness shows ---

    def _rules(self) -> Iterator[Finding]:
        witness_of = {id(one): one for one in self._witnesses}
        for (whose, key), sentences in self._objected.items():
            if (whose, key) in self._explained:
                continue
            witness = witness_of[whose]
            kind = Kind.REPEATED if sentences == (REPEATED,) else Kind.RULE
            yield Finding(kind, key, witness.source, self._said(key, [witness]), " ".join(sentences))

    def _open(self) -> Iterator[Finding]:
        asked = self._told_pools()
        for witness in self._witnesses:
            for key, one in witness.words.items():
                era = self._lottery.era(key.date)
                pools = [
                    pool.name
                    for pool in (era.pools if era else ())
                    if not pool.optional
                    and pool.name in asked[witness.source]
                    and (len(values := one.numbers.get(pool.name, ())) < pool.least or None in values)
                ]
                if pools and self._is_settled(key, one):
                    others = [other for other in self._latest(key).values() if other is not witness]
                    said = self._said(key, [witness, *others])
                    yield Finding(Kind.OPEN, key, witness.source, said, f"It leaves open: {', '.join(pools)}.")

    def _told_pools(self) -> dict[str, set[str]]:
        """Source → the pools it tells of any draw, or shows with open places: what it may be asked for."""
        found: dict[str, set[str]] = defaultdict(set)
        for witness in self._witnesses:
            for one in witness.words.values():
                found[witness.source].update(one.numbers)
        return found

    def _is_settled(self, key: DrawKey, one: Observation) -> bool:
        """Whether all of it could be known: a day was over, or somebody had shown all of it."""
        if one.observed_at >= self._line.place(key)[0] + SETTLED:
            return True
        others = (other.words[key] for other in self._shown[key])
        return any(self._lottery.is_whole(key, o.numbers) and o.observed_at <= one.observed_at for o in others)

    def _gaps(self) -> Iterator[Finding]:
        unseen: dict[DrawKey, set[str]] = defaultdict(set)
        for witness in self._witnesses:
            for run in self._missing[id(witness)]:
                left = [key for key in run if (id(witness), key) not in self._explained]
                for key in left:
                    if key not in self._shown:
                        unseen[key].add(witness.source)
                if known := [key for key in left if key in self._certain]:
                    yield self._gap(witness, known)
        for run in self._line.runs(unseen):
            names = sorted({name for key in run for name in unseen[key]})
            words = f"The calendar foresees {'it' if len(run) == 1 else 'them'}; not in {', '.join(names)}."
            yield Finding(Kind.UNSEEN, run[0], words=words, run=tuple(run))

    def _gap(self, witness: Witness, run: list[DrawKey]) -> Finding:
        """A run of draws that the witness has not and others have."""
        names = dict.fromkeys(self._name(other, witness) for key in run for other in self._certain[key])
        words = f"{', '.join(names)} {'have' if len(names) > 1 else 'has'} {'it' if len(run) == 1 else 'them'}"
        said = self._said(run[0], self._latest(run[0]).values()) if len(run) == 1 else ()
        words += f", not in {witness.page}." if witness.page else "."
        return Finding(Kind.GAP, run[0], witness.source, said, words, run=tuple(run))

    def _name(self, other: Witness, witness: Witness) -> str:
        return other.page if other.source == witness.source else other.source

    # --- figures ---

    def _origins(self, key: DrawKey) -> int:
        """How many origins show all of the draw."""
        words = (one.words[key] for one in self._shown[key])
        return len({one.origin for one in words if self._lottery.is_whole(key, one.numbers)})

    def _tally(self, findings: Collection[Finding], since: date, until: date) -> Tally:
        ours = [key for key in self._shown if since <= key.date <= until]
        compared = {key for key in ours if self._origins(key) > 1}
        against = {one.key for one in findings if one.kind in (Kind.DIFFER, Kind.CHANGED, Kind.MOVED)}
        against |= {one.key for one in findings if one.kind is Kind.REPEATED and len(one.said) > 1}
        gaps: Counter[str] = Counter()
        for one in findings:
            if one.kind is Kind.GAP:
                gaps[one.source] += one.count
        unseen = sum(one.count for one in findings if one.kind is Kind.UNSEEN)
        sources = tuple(sorted({one.source for one in self._witnesses}))
        return Tally(len(ours), len(compared), len(compared - against), len(against), dict(gaps), unseen, sources)
