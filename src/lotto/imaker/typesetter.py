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
        fonts = tuple(fonts)
        weights = {font.weight for font in fonts}
        # A character counts as known only when every weight has it: a card sets the same name light and heavy.
        self._known = frozenset.intersection(
            *(frozenset().union(*(font.covers for font in fonts if font.weight == weight)) for weight in weights)
        )
        self._measure = lru_cache(maxsize=4096)(measure)

    def clean(self, text: str) -> str:
        """The text on one line with only what our fonts can draw.

        Control and formatting characters vanish, runs of blanks become one; a character we lack is replaced by its
        compatible or unaccented form where there is one, else its whole run becomes one question mark.
        """
        text = unicodedata.normalize("NFC", text[: LONGEST * 4])
        return " ".join("".join(self._drawable(text)).split())[:LONGEST]

    def _drawable(self, text: str) -> Iterator[str]:
        lost = False
        for char in text:
            kind = unicodedata.category(char)
            if kind in {"Cf", "Cs", "Mn", "Me"}:
                continue  # a mark that composed with no letter would be placed by luck
            if char.isspace() or kind == "Cc":
                known = " "
            elif char in self._known:
                known = char
            else:
                known = "".join(c for c in unicodedata.normalize("NFKD", char) if c in self._known and c.isalnum())
                if not known and lost:
                    continue
            lost = not known
            yield known or UNKNOWN

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


def _halves(text: str) -> list[tuple[str, str]]:
    """The text broken in two at a space, the three most even ways."""
    spaces = [index for index, char in enumerate(text) if char == " "]
    spaces.sort(key=lambda index: abs(len(text) - 1 - 2 * index))
    return [(text[:index], text[index + 1 :]) for index in spaces[:3]]


def _cut(text: str, length: int) -> str:
    return text[:length].rstrip(" ,.;:-–—") + ELLIPSIS
