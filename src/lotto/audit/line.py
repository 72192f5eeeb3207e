"""The line of a witness's draws, and the draws that should stand in it and do not."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from lotto.audit.witness import Witness, row
from lotto.draws.draw import DrawKey
from lotto.draws.lottery import Lottery


class Line:
    """All draws that the calendar or any witness knows of a lottery, each row of labels in the order of its draws."""

    def __init__(self, lottery: Lottery, witnesses: Collection[Witness]) -> None:
        told: dict[DrawKey, datetime | None] = {}
        for one in witnesses:
            for key, word in one.words.items():
                told[key] = told.get(key) or word.drawn_at
        self._lottery = lottery
        self._told = told
        self._expected = self._calendar(told)
        self._witnessed = frozenset(told)
        for key in self._expected:
            told.setdefault(key, None)
        self._places = {key: (self.moment(key), _number(key.label), key.label) for key in told}
        self._all = sorted(told, key=self._places.__getitem__)
        rows: dict[str, list[DrawKey]] = defaultdict(list)
        for key in self._all:
            rows[row(lottery, key)].append(key)
        self._rows = rows
        self._expected -= {key for one in witnesses for key in self._unheld(one)} - self._witnessed

    def moment(self, key: DrawKey) -> datetime:
        """When the draw is held, in UTC: by the calendar, else as a source told, else at the end of its local day."""
        at = self._lottery.drawn_at(key) or self._told.get(key)
        return (at or datetime.combine(key.date, time(23, 59), self._lottery.zone)).astimezone(UTC)

    def place(self, key: DrawKey) -> tuple[datetime, int, str]:
        """What draws are put in order by: the moment, then the serial or the label."""
        return self._places.get(key) or (self.moment(key), _number(key.label), key.label)

    def is_expected(self, key: DrawKey) -> bool:
        """Whether the calendar foresees it."""
        return key in self._expected

    def ordered(self, keys: Collection[DrawKey]) -> list[DrawKey]:
        """These draws, oldest first."""
        return sorted(keys, key=self.place)

    def before(self, key: DrawKey) -> DrawKey | None:
        """The draw of the same row just before it that anyone shows."""
        line = self._rows[row(self._lottery, key)]
        place = bisect_left(line, self.place(key), key=self.place) - 1
        while place >= 0 and line[place] not in self._witnessed:
            place -= 1
        return line[place] if place >= 0 else None

    def missing(self, witness: Witness, known: Mapping[DrawKey, object]) -> Iterator[list[DrawKey]]:
        """The runs of draws the witness has not, between its first and its last of their row.

        Those that the calendar foresees, that others show (`known`), or whose serial lies between two of its own.
        """
        ours: dict[str, list[DrawKey]] = defaultdict(list)
        for key in witness.words:
            ours[row(self._lottery, key)].append(key)
        for label, keys in ours.items():
            keys.sort(key=self.place)
            line = self._rows[label]
            places = [self.place(key) for key in line]
            first, last = bisect_left(places, self.place(keys[0])), bisect_right(places, self.place(keys[-1]))
            run: list[DrawKey] = []
            for key in line[first:last]:
                if key in witness.words:
                    if run:
                        yield run
                    run = []
                elif key in self._expected or key in known:
                    run.append(key)
            yield from self._unserialled(keys, known)

    def runs(self, keys: Collection[DrawKey]) -> list[list[DrawKey]]:
        """These draws in runs that no draw interrupts which anyone shows."""
        runs: list[list[DrawKey]] = [[]]
        for key in self._all if self._places.keys() >= set(keys) else self.ordered({*self._all, *keys}):
            if key in keys:
                runs[-1].append(key)
            elif key in self._witnessed and runs[-1]:
                runs.append([])
        return [run for run in runs if run]

    def _unheld(self, witness: Witness) -> Iterator[DrawKey]:
        """What lies between two draws of one row whose serials follow each other: there was none."""
        numbered: dict[str, list[tuple[DrawKey, int]]] = defaultdict(list)
        for key, one in witness.words.items():
            if one.serial and one.serial.isdecimal():
                numbered[row(self._lottery, key)].append((key, int(one.serial)))
        for label, keys in numbered.items():
            keys.sort(key=lambda one: self.place(one[0]))
            line = self._rows[label]
            places = {key: n for n, key in enumerate(line)}
            for (before, serial), (after, following) in pairwise(keys):
                if following == serial + 1 and self._is_regular(before) and self._is_regular(after):
                    yield from line[places[before] + 1 : places[after]]

    def _is_regular(self, key: DrawKey) -> bool:
        """Whether the draw stands where the calendar has it, or where it can tell nothing."""
        era = self._lottery.era(key.date)
        return key in self._expected or (era is not None and era.labels_are_free)

    def _calendar(self, told: Mapping[DrawKey, object]) -> set[DrawKey]:
        """What the calendar foresees from the first to the last day; of rhythms and of any day it can tell nothing."""
        if not told:
            return set()
        found: set[DrawKey] = set()
        day, last = min(key.date for key in told), max(key.date for key in told)
        while day <= last:
            era = self._lottery.era(day)
            if era is not None and not era.labels_are_free:
                found.update(DrawKey(self._lottery.id, day, slot.label) for slot in self._lottery.slots(day))
            day += timedelta(days=1)
        return found

    def _unserialled(self, keys: list[DrawKey], known: Mapping[DrawKey, object]) -> Iterator[list[DrawKey]]:
        """The serials between two neighbours, where labels are serials that rise by one."""
        for before, after in pairwise(keys):
            if not (before.label.isdecimal() and after.label.isdecimal()):
                continue
            step, days = int(after.label) - int(before.label), after.date - before.date
            if step > 1 and days <= timedelta(days=1) and step <= 2 * len(self._lottery.slots(after.date)):
                serials = [str(n).zfill(len(before.label)) for n in range(int(before.label) + 1, int(after.label))]
                run = [DrawKey(before.lottery, after.date, serial) for serial in serials]
                # Those that another shows are told already, with their own days.
                run = [key for key in run if not {key, replace(key, date=before.date)} & known.keys()]
                if run:
                    yield run


def _number(label: str) -> int:
    return int(label) if label.isdecimal() else 0


def neighbours(day: date) -> tuple[date, date, date]:
    """The day before, the day, the day after."""
    return day - timedelta(days=1), day, day + timedelta(days=1)
