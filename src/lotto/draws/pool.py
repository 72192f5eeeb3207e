"""A pool: what values are taken from in a draw, how a text becomes one, and what values cannot be true."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from math import comb, perm

from lotto.draws.draw import Value

COUNTED = 10_000
"""Values of a pool, at most, that are kept as a set."""


class Kind(StrEnum):
    """What a pool holds: integers to count, digits to spell, words of a list, or tickets written to a pattern."""

    NUMBER = "number"
    DIGIT = "digit"
    WORD = "word"
    TICKET = "ticket"


class Shape(StrEnum):
    """How a value is shown, so that no reader needs colour to tell pools apart."""

    MAIN = "main"
    BONUS = "bonus"
    STAR = "star"
    TIMES = "times"
    PLACE = "place"
    DIGIT = "digit"
    ANIMAL = "animal"
    TICKET = "ticket"


@dataclass(frozen=True)
class Pool:
    """A set that values are taken from in one draw.

    Numbers and digits have `lowest` and `highest`, words their list, tickets the pattern they are written to.
    """

    name: str
    take: int
    """How many values a draw takes; of a pool that varies, the most."""
    lowest: int = 0
    highest: int = 0
    kind: Kind = Kind.NUMBER
    shape: Shape = Shape.MAIN
    title: str = ""
    """What people call it (“Mega Ball”); empty for the main pool."""
    ordered: bool = False
    """Positions count (1st, 2nd, 3rd pay differently), so values stay as drawn."""
    repeats: bool = False
    optional: bool = False
    """A draw is whole without it (a multiplier that not every source gives)."""
    fewest: int | None = None
    """The fewest values of a pool that varies (raffle codes); None where every draw takes the same."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Every word there is → what people call it (“00” → “Ballena”), empty where the word says it itself."""
    written: str = ""
    """How a ticket is written: `#` a digit, `A` a letter, `+` one or more of it, spaces and hyphens as they stand."""
    rest_of: str = ""
    """The pool whose rest it is drawn from: the two never share a value."""
    among: str = ""
    """The pool among whose drawn values this one's are (the king number of a keno)."""

    @property
    def width(self) -> int:
        """Digits a value of a digit pool is written with: 00 to 99 takes two."""
        return len(str(self.highest))

    def value(self, text: str) -> Value:
        """The value a source wrote as `text`; raises ValueError with a sentence when it is none of this pool.

        A word is known by its name too, whatever its accents and capitals; a ticket with or without its spaces.
        """
        text = text.strip()
        match self.kind:
            case Kind.WORD:
                return self._word(text)
            case Kind.TICKET:
                return self._ticket(text)
        if not (text.isascii() and text.isdigit()):
            raise self._stranger(text)
        if not self.lowest <= int(text) <= self.highest:
            raise ValueError(f"{text[:12]} is outside {self.lowest} to {self.highest} of the {self.name} pool")
        if self.kind is Kind.NUMBER:
            return int(text)
        if len(text) != self.width:
            raise ValueError(f"{text[:12]} is not written with {self.width} digits")
        return text

    def called(self, value: Value) -> str:
        """What people call a word; empty where it says so itself, and for every other value."""
        return self.words.get(str(value), "")

    def arranged(self, values: Sequence[Value | None]) -> tuple[Value | None, ...]:
        """The values as we keep them: as drawn where positions count, else ascending with the unknown last."""
        if self.ordered:
            return tuple(values)
        return tuple(sorted(values, key=lambda v: (v is None, isinstance(v, str), v)))

    @cached_property
    def least(self) -> int:
        """How many values it takes for the pool to be whole."""
        return self.take if self.fewest is None else self.fewest

    def is_whole(self, values: Sequence[Value | None]) -> bool:
        """Every place is known, and there is none too many."""
        return self.least <= len(values) <= self.take and None not in values

    @property
    def size(self) -> int:
        """How many values there are to take from; of tickets with a part of any length, of the shortest."""
        if self.kind is Kind.TICKET:
            return int(10 ** self.written.count("#") * 26 ** self.written.count("A"))
        return len(self.words) if self.kind is Kind.WORD else self.highest - self.lowest + 1

    @property
    def outcomes(self) -> int:
        """In how many ways this pool can come out."""
        return self.outcomes_of(self.size)

    def outcomes_of(self, size: int) -> int:
        """In how many ways it can come out of so many values."""
        if self.repeats:
            return int(size**self.least)
        return perm(size, self.least) if self.ordered else comb(size, self.least)

    def objections(self, values: Sequence[Value | None]) -> Iterator[str]:
        """What the pool holds against these values, a sentence each. Too few are no objection: more may come."""
        known = [value for value in values if value is not None]
        different = set(known)
        if len(values) > self.take:
            yield f"The {self.name} pool takes {self.take}, not {len(values)}."
        if not self.repeats and len(different) < len(known):
            yield f"A value of the {self.name} pool comes twice."
        if different <= self._all:
            return
        for value in known:
            try:
                fits = self.value(str(value)) == value
            except ValueError as error:
                yield f"{str(error)[0].upper()}{str(error)[1:]}."
            else:
                if not fits:
                    yield f"{value!r} is not a {self.kind} of the {self.name} pool."

    @cached_property
    def _all(self) -> frozenset[Value]:
        """Every value there is, made once; none of a pool with too many to count out, whose values are read each."""
        if self.kind is Kind.TICKET or self.size > COUNTED:
            return frozenset()
        if self.kind is Kind.WORD:
            return frozenset(self.words)
        every = range(self.lowest, self.highest + 1)
        return frozenset(every if self.kind is Kind.NUMBER else (str(one).zfill(self.width) for one in every))

    def _word(self, text: str) -> str:
        if text in self.words:
            return text
        told = _folded(text)
        found = [word for word, name in self.words.items() if told and told in (_folded(word), _folded(name))]
        if len(found) != 1:
            raise self._stranger(text)
        return found[0]

    def _ticket(self, text: str) -> str:
        found = _pattern(self.written).fullmatch(text.upper())
        if found is None:
            raise ValueError(f"“{text[:40]}” is not written like {self.written}, a ticket of the {self.name} pool")
        parts = iter(found.groups())
        return "".join(sign if sign in " -/" else next(parts) for sign in self.written if sign != "+")

    def _stranger(self, text: str) -> ValueError:
        return ValueError(f"“{text[:40]}” is not a {self.kind} of the {self.name} pool")


@cache
def _pattern(written: str) -> re.Pattern[str]:
    """Matches a ticket with its spaces, hyphens and slashes or without; a group for each letter and digit."""
    signs = {"#": "([0-9]{})", "A": "([A-Z]{})", " ": "[ ]?", "-": "[-]?", "/": "[/]?"}
    return re.compile("".join(signs[sign].format(more) for sign, more in re.findall(r"([#A /-])(\+?)", written)))


def _folded(text: str) -> str:
    """Without what writers differ in: accents, capitals, spaces."""
    bare = (char for char in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(char))
    return "".join("".join(bare).split())
