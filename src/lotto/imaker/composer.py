"""The composer: sets a face in one format of a look; all is as large as it can be, and nothing overflows."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any

from lotto.imaker.face import Correction, Face, Group
from lotto.imaker.font import Font
from lotto.imaker.look import Look, Sheet
from lotto.imaker.typesetter import ELLIPSIS, EM, Setting, Typesetter

BETTER = 1.12
"""A less preferred way to stand balls in lines must make them larger by this much."""

LONGEST_VALUE = 24
"""A longer value is none of a ball's, and a number is never cut."""

Measure = Callable[[str, str], Mapping[str, Any]]
"""(page, further CSS) → the tree of laid-out boxes; as high as its content, as wide as the format."""


@dataclass(frozen=True)
class Layout:
    """A face set in type: all that a template is given, as `card`."""

    face: Face
    format: str
    text: Mapping[str, Setting]
    titles: Mapping[str, Setting]
    """The setting of every pool's title."""
    lines: tuple[tuple[Group, ...], ...]
    mark: Setting | None
    """The type of the correction mark; None where nothing is corrected."""
    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class Page:
    """A card ready to be painted."""

    html: str
    css: str
    """What the stylesheet could not know: the size of a ball."""


class Composer:
    """Composes cards of one look in one format. The same face always gives the same page."""

    def __init__(self, look: Look, form: str, size: tuple[int, int], fonts: Iterable[Font], measure: Measure) -> None:
        self._look = look
        self._format = form
        self._size = size
        self._measure = measure
        self._typesetter = Typesetter(fonts, self._width)
        self._ball = lru_cache(maxsize=1024)(self._largest_ball)

    def compose(self, face: Face) -> Page:
        """The page of that face; raises ValueError with a sentence when its numbers cannot be shown whole."""
        layout = self._set(face)
        best, chosen = 0, layout
        for across in self._sheet.across:
            tried = replace(layout, lines=_lines(layout.face.groups, across, beside=self._sheet.beside))
            ball = self._ball(self._html(_masked(tried)))
            if ball > best * BETTER:
                best, chosen = ball, tried
        if not best:
            raise ValueError(f"A card of the look “{self._look.name}” in {self._format} has no room for these numbers.")
        return Page(self._html(chosen), _diameter(best))

    @property
    def _sheet(self) -> Sheet:
        return self._look.sheets[self._format]

    def _html(self, layout: Layout) -> str:
        return self._look.template.render(card=layout)

    # Type

    def _set(self, face: Face) -> Layout:
        boxes, typesetter = self._sheet.boxes, self._typesetter
        texts = {"name": face.name, "by": face.by, "date": face.date, "when": face.when, "check": face.check}
        if not any(char.isalnum() for char in typesetter.clean(face.name)):
            texts["name"] = face.lottery  # a name in a script our fonts lack: its id still tells the game
        corrections, mark = self._marked(face)
        return Layout(
            face=replace(face, groups=tuple(map(self._legible, face.groups))),
            format=self._format,
            text={slot: typesetter.fit(slot, text, boxes[slot]) for slot, text in texts.items()},
            titles={group.title: typesetter.fit("title", group.title, boxes["title"]) for group in face.groups},
            lines=(),
            mark=mark,
            corrections=corrections,
        )

    def _legible(self, group: Group) -> Group:
        for ball in group.balls:
            if len(ball.text) > LONGEST_VALUE or self._typesetter.clean(ball.text) != ball.text:
                raise ValueError(f"“{ball.text[:40]}” is no value that a ball can show.")
        return group

    def _marked(self, face: Face) -> tuple[tuple[Correction, ...], Setting | None]:
        """The corrections as far as the mark has room for them, and its type; alternative text tells them all."""
        if not face.corrections:
            return (), None
        box, clean = self._sheet.boxes["mark"], self._typesetter.clean
        told = tuple(Correction(clean(one.title), clean(one.old), clean(one.new)) for one in face.corrections)
        for count in range(len(told), 0, -1):
            marked = told if count == len(told) else (*told[:count], Correction("", "", ELLIPSIS))
            text = " ".join([face.corrected, *(f"+ {one.title} {one.old} {one.new}" for one in marked)])
            size = self._typesetter.size("mark", text, box)
            if size >= box.smallest:
                return marked, Setting((face.corrected,), size)
        return (), Setting((face.corrected,), box.largest)

    def _width(self, slot: str, text: str) -> float:
        line = f'<div class="{slot}" style="display: block; font-size: {EM}px; white-space: pre">{escape(text)}</div>'
        laid = self._measure(f'<div class="card {self._format}">{line}</div>', "")
        return float(sum(run["width"] for run in laid["children"][0]["runs"]))

    # Balls

    def _largest_ball(self, page: str) -> int:
        """The largest diameter at which that page stays within the card and its margins; 0 when none does."""
        small, large = self._sheet.smallest, self._sheet.largest
        if not self._holds(page, small):
            return 0
        while small < large:
            middle = (small + large + 1) // 2
            small, large = (middle, large) if self._holds(page, middle) else (small, middle - 1)
        return small

    def _holds(self, page: str, ball: int) -> bool:
        width, height = self._size
        laid = self._measure(page, _diameter(ball))
        return bool(laid["height"] <= height and max(_right_edges(laid)) <= width - self._sheet.margin)


def _diameter(ball: int) -> str:
    return f".card {{ --d: {ball}px }}"


def _lines(groups: Sequence[Group], across: int, *, beside: bool) -> tuple[tuple[Group, ...], ...]:
    """The groups on lines: the first pool in even rows, the others beside its last where they may, else below."""
    first, *others = groups
    lines: list[tuple[Group, ...]] = [(row,) for row in _rows(first, across)]
    if beside and sum(len(group.balls) for group in (*lines[-1], *others)) <= across:
        return (*lines[:-1], (*lines[-1], *others))
    below: list[tuple[Group, ...]] = []
    for row in (row for group in others for row in _rows(group, across)):
        if below and sum(len(group.balls) for group in (*below[-1], row)) <= across:
            below[-1] = (*below[-1], row)
        else:
            below.append((row,))
    return (*lines, *below)


def _rows(group: Group, across: int) -> list[Group]:
    """The group in as few rows as it takes, as even as can be; only the last bears the title."""
    count = -(-len(group.balls) // across)
    share, more = divmod(len(group.balls), count)
    ends = [share * (row + 1) + min(row + 1, more) for row in range(count)]
    return [
        replace(group, balls=group.balls[start:end], title=group.title if end == ends[-1] else "")
        for start, end in zip([0, *ends], ends, strict=False)
    ]


def _masked(layout: Layout) -> Layout:
    """The same layout with its texts blanked where they change nothing about the room that balls have.

    What is measured once then serves every draw of that make-up, and a size depends on nothing but what was measured.
    """
    return replace(
        layout,
        text={slot: Setting(("0",) * len(setting.lines), setting.size) for slot, setting in layout.text.items()},
        lines=tuple(
            tuple(
                replace(
                    group,
                    balls=tuple(replace(b, text=re.sub(r"\d", "0", b.text), corrected=False) for b in group.balls),
                )
                for group in line
            )
            for line in layout.lines
        ),
        corrections=(),
    )


def _right_edges(node: Mapping[str, Any]) -> Iterator[float]:
    """Where texts end within a laid-out node, and the boxes that hold any; what holds none is decoration."""
    for run in node["runs"]:
        yield node["transform"][4] + run["x"] + run["width"]
    for child in node["children"]:
        inside = list(_right_edges(child))
        if inside:
            yield child["transform"][4] + child["width"]
        yield from inside
