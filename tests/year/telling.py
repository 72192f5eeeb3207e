"""What each source shows of a draw, and when: the draw in time as a rule, or one of the faults that sources have."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from lotto.draws.lottery import Lottery
from year.lotteries import Role
from year.numbers import Told, drawn, mistaken, swapped
from year.truth import Held, Truth

FAULTS = (
    "typo",  # one value told wrong; now and then for ever
    "swapped",  # two values in each other's place; the mirror shows just the same
    "lone",  # the operator tells it wrong hours before anyone else tells it, and puts it right
    "miscopied",  # the mirror alone has a value wrong
    "stale",  # the draw before it once more, under the new date
    "partial",  # a value is missing
    "tomorrow",  # under the date of the day after
    "back",  # shown, taken away, and shown again
    "test",  # made-up values since the night before the draw
    "tests",  # the same made-up values at every source
)
"""What one origin may tell of a draw that is not so, for a while as a rule."""

LATE, MISSING = "late", "missing"
SILENCES = {MISSING: 0.002, LATE: 0.02}
"""What may come on top of it, and with how many draws: the agency never tells it, or someone tells it hours late."""

LASTING = (timedelta(minutes=20), timedelta(hours=2), timedelta(hours=20), timedelta(hours=46))
FOR_EVER = timedelta(days=400)


@dataclass(frozen=True)
class Row:
    """A draw as a page shows it."""

    date: date
    label: str
    numbers: Told


Show = tuple[datetime, Row | None]
"""From then on a page shows this of the draw; None is nothing."""


@dataclass(frozen=True)
class Fault:
    """What is told wrong of a draw, by whom, and for how long."""

    kind: str = ""
    whose: Role = Role.OFFICIAL
    lasts: timedelta = timedelta(0)

    def __str__(self) -> str:
        return f"{self.kind} of the {self.whose}, for {self.lasts}" if self.kind else "nothing"


@dataclass(frozen=True)
class Telling:
    """How sources tell the truth: `faulty` is the share of draws that one origin tells wrong, in one of these ways."""

    truth: Truth
    faulty: float = 0.08
    faults: Sequence[str] = FAULTS
    silences: Mapping[str, float] = field(default_factory=lambda: SILENCES)

    def fault(self, held: Held) -> Fault:
        """What is told wrong of that draw."""
        dice = self.truth.chance("fault", held.key)
        if dice.random() >= self.faulty:
            return Fault()
        kind, whose, lasts = dice.choice(self.faults), dice.choice((Role.OFFICIAL, Role.AGENCY)), dice.choice(LASTING)
        if kind in ("typo", "stale") and dice.random() < 0.03:
            lasts = FOR_EVER
        fixed = {"lone": Role.OFFICIAL, "swapped": Role.AGENCY, "miscopied": Role.MIRROR}
        return Fault(kind, fixed.get(kind, whose), lasts)

    def silence(self, role: Role, held: Held) -> str:
        """Whether that source is late with the draw, or never tells it."""
        dice = self.truth.chance("silence", role, held.key).random()
        for kind, share in self.silences.items():
            if (dice := dice - share) < 0:
                return kind if kind != MISSING or role is Role.AGENCY else ""
        return ""

    def shows(self, role: Role, held: Held, before: Held | None) -> list[Show]:
        """What that source shows of the draw, oldest first; `before` is the draw before it."""
        lottery, fault = self.truth.world.real[held.key.lottery], self.fault(held)
        if role is Role.MIRROR:
            copied = self.shows(Role.AGENCY, held, before)
            lag = timedelta(minutes=self.truth.chance("copy", held.key).uniform(2, 10))
            shown = [(at + lag, row) for at, row in copied]
            if fault.kind == "miscopied" and shown:
                return _wrong(shown[0][0], held, fault, mistaken_in(lottery))
            return shown
        dice = self.truth.chance("pace", role, held.key)
        out = held.at + lottery.not_before + timedelta(minutes=dice.choice((1, 1, 1, 3, 15)) * dice.random())
        match self.silence(role, held):
            case "missing":
                return []
            case "late":
                out += timedelta(hours=dice.uniform(1, 30))
        if fault.kind == "lone":
            early = held.at + lottery.not_before + timedelta(minutes=1)
            if role is Role.OFFICIAL:
                return _wrong(early, held, fault, mistaken_in(lottery))
            out = max(out, early + timedelta(hours=dice.uniform(1, 5)))
        if fault.kind == "tests" or (fault.kind == "test" and fault.whose is role):
            return [*self._test(held), (out, _row(held))]
        if fault.whose is not role:
            return [(out, _row(held))]
        match fault.kind:
            case "typo":
                return _wrong(out, held, fault, mistaken_in(lottery))
            case "swapped":
                return _wrong(out, held, fault, lambda held: swapped(held.numbers))
            case "stale" if before is not None and before.numbers.keys() == held.numbers.keys():
                return _wrong(out, held, fault, lambda _: before.numbers)
            case "partial":
                return _wrong(out, held, fault, _short)
            case "tomorrow":
                row = replace(_row(held), date=held.key.date + timedelta(days=1))
                return [(out, row), (out + fault.lasts, _row(held))]
            case "back":
                away = out + timedelta(minutes=30)
                return [(out, _row(held)), (away, None), (away + fault.lasts, _row(held))]
        return [(out, _row(held))]

    def _test(self, held: Held) -> list[Show]:
        """Shown since the night before, and taken away a minute before the draw is held."""
        lottery = self.truth.world.real[held.key.lottery]
        numbers = drawn(lottery, held.key, self.truth.chance("test", held.key))
        opens = min(held.at, lottery.drawn_at(held.key) or held.at)
        return [(opens - timedelta(hours=20), _row(held, numbers)), (opens - timedelta(minutes=1), None)]


def mistaken_in(lottery: Lottery) -> Callable[[Held], Told]:
    """A slip of the hand in a draw of that lottery."""
    return lambda held: mistaken(lottery, held.key, held.numbers)


def _short(held: Held) -> Told:
    name, values = next(iter(held.numbers.items()))
    return {**held.numbers, name: values[:-1]}


def _row(held: Held, numbers: Told | None = None) -> Row:
    return Row(held.key.date, held.key.label, held.numbers if numbers is None else numbers)


def _wrong(out: datetime, held: Held, fault: Fault, tell: Callable[[Held], Told]) -> list[Show]:
    return [(out, _row(held, tell(held))), (out + fault.lasts, _row(held))]
