"""The typesetter: makes text that our fonts can draw, and sizes it to its box."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from lotto.imaker.font import Font

LONGEST = 160
"""More characters than this never fit a card legibly; the rest is cut before anything is measured."""
ELLIPSIS = "…"
UNKNOWN = "?"
"""Stands for a run of characters that none of our fonts can draw: an honest mark, never an empty box."""
NARROW = str.maketrans("￥￦￡", "¥₩£")
"""Signs of money that are as wide as an ideograph stand apart from their amount."""
MARKS = 2
"""So many marks (vowel, tone) a letter bears at most; more is a prank that would leave the line."""
VARIANTS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""Ask for another form of the character before: ours have one."""
ABOVE = 230
"""Unicode's combining class of marks that stand above their letter."""
EM = 100
"""Widths are measured at this size in pixels; type scales linearly."""


@dataclass(frozen=True)
class Box:
    """The room a look gives a text: pixels wide, type from `largest` down to `smallest`, on so many lines at most.

    `height` bounds the lines together where there may be two.
    """

    width: int
    largest: int
    smallest: int
    lines: int = 1
    height: int = 0


@dataclass(frozen=True)
class Setting:
    """A text as it is set: its lines, and one type size in pixels."""

    lines: tuple[str, ...]
    size: int


Measure = Callable[[str, str], float]
"""(style class, text) → its width in pixels, on one line, at `EM`."""


class Typesetter:
    """Sets text in given fonts. The same text, class and box always give the same setting."""

    def __init__(self, fonts: Iterable[Font], measure: Measure) -> None:
        # Where a family lacks a character in one weight, the engine takes it from another that has it.
        self._known = frozenset().union(*(font.covers for font in fonts))
        self._measure = lru_cache(maxsize=4096)(measure)

    def clean(self, text: str) -> str:
        """The text on one line with only what our fonts can draw.

        Control and formatting characters vanish, runs of blanks become one; a character we lack is replaced by its
        compatible or unaccented form where there is one, else its whole run becomes one question mark.
        """
        text = unicodedata.normalize("NFC", text[: LONGEST * 4]).translate(NARROW)
        return " ".join("".join(self._drawable(text)).split())[:LONGEST]

    def _drawable(self, text: str) -> Iterator[str]:
        lost, marks, base = False, MARKS, ""
        for char in text:
            kind = unicodedata.category(char)
            if kind in {"Cf", "Cs", "Me"} or char in VARIANTS:
                continue
            if kind == "Mn":
                # Vowels and tones of scripts that write them so; elsewhere what composed with no letter is left out.
                marks += 1
                if marks <= MARKS and char in self._known and _script(char) == _script(base):
                    yield char
                continue
            marks, base = 0, char
            known = " " if char.isspace() or kind == "Cc" else self._alike(char)
            if not known and lost:
                continue
            lost = not known
            yield known or UNKNOWN

    def _alike(self, char: str) -> str:
        """The character, or what is nearest to it among those we have; empty when nothing is."""
        if char in self._known:
            return char
        near = unicodedata.normalize("NFKD", char)
        return "".join(c for c in near if c in self._known and (c.isalnum() or unicodedata.category(c) == "Sc"))

    def fit(self, style: str, text: str, box: Box) -> Setting:
        """The text at the largest size its box allows; what does not fit at the smallest is cut with an ellipsis."""
        text = self.clean(text)
        setting = self._largest(style, text, box)
        if setting.size >= box.smallest:
            return setting
        short, long = 0, len(text)
        while long - short > 1:
            middle = (short + long) // 2
            if self._largest(style, _cut(text, middle), box).size >= box.smallest:
                short = middle
            else:
                long = middle
        return Setting(self._largest(style, _cut(text, short), box).lines, box.smallest)

    def width(self, style: str, text: str) -> float:
        """How wide the text is on one line at `EM`, in pixels."""
        return self._measure(style, self.clean(text)) if text else 0

    def size(self, style: str, text: str, box: Box) -> int:
        """The largest size at which the text stands on one line of the box; it may be below the box's smallest."""
        return self._size(style, (text,), box)

    def _largest(self, style: str, text: str, box: Box) -> Setting:
        best = Setting((text,), self._size(style, (text,), box))
        if box.lines > 1 and best.size < box.largest:
            for lines in _halves(text):
                setting = Setting(lines, self._size(style, lines, box))
                if setting.size > best.size:
                    best = setting
        return best

    def _size(self, style: str, lines: tuple[str, ...], box: Box) -> int:
        """The largest whole size at which these lines stay in the box."""
        widest = max((self._measure(style, line) for line in lines if line), default=0)
        sizes = [box.largest, int(box.width * EM / widest) if widest else box.largest]
        if len(lines) > 1:
            sizes.append(box.height // len(lines))
        return min(sizes)


def towers(text: str) -> bool:
    """Whether a letter of it bears a mark upon a mark, as Vietnamese has them (ổ, ầ)."""
    decomposed = (unicodedata.normalize("NFD", char) for char in text)
    return any(sum(unicodedata.combining(mark) == ABOVE for mark in marks) > 1 for marks in decomposed)


def from_right(text: str) -> bool:
    """Whether there is a letter in it that is read from the right."""
    return any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text)


def _script(char: str) -> str:
    """The first word of its Unicode name, which tells the scripts that we set apart."""
    return unicodedata.name(char, "").partition(" ")[0]


def _halves(text: str) -> list[tuple[str, str]]:
    """The text broken in two at a space, the three most even ways."""
    spaces = [index for index, char in enumerate(text) if char == " "]
    spaces.sort(key=lambda index: abs(len(text) - 1 - 2 * index))
    return [(text[:index], text[index + 1 :]) for index in spaces[:3]]


def _cut(text: str, length: int) -> str:
    return text[:length].rstrip(" ,.;:-–—") + ELLIPSIS
