"""The composer: sets a face in one format of a look; all is as large as it can be, and nothing overflows."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from lotto.imaker.brand import Brand
from lotto.imaker.face import Correction, Entry, Face, Group, Kind
from lotto.imaker.font import Font
from lotto.imaker.layout import Layout, Line, Page, diameter
from lotto.imaker.look import Look, Sheet
from lotto.imaker.rows import alike, lined
from lotto.imaker.typesetter import ELLIPSIS, EM, Setting, Typesetter, towers

BETTER = 1.2
"""A less preferred way to stand balls in lines must make them larger by this much."""

CROWDED = 0.6
"""How small the balls of a lottery with many numbers are on a digest, against the others'."""

MANY = 10
"""More balls than these fill the card's breadth first."""

DENSE = 24
"""More balls than these, and every pixel goes to them."""

HUNG = 6
"""Pixels by which a large first letter may be hung out into the margin, for the white on its own side."""

GAP = 0.3
SPACE = 0.12
"""Between two groups and between two balls, in diameters, as parts.css has them."""
WIDER = 0.26
"""By how many diameters a third and every further sign make a ball wider, at most."""

ROUNDED = 1
"""Pixels by which a text may pass its box, since boxes are whole and type is not."""

RIGHT_TO_LEFT = 'dir="rtl"'

MAKEUPS = 512
"""So many make-ups of cards are remembered."""

TOWERING = 0.78
"""How large a name may be whose marks stand upon marks, against others: they would reach the line above."""

SLOTS = ("name", "by", "date", "when", "check", "play", "help", "over", "label", "amount")
"""The texts of a face that a look has a box for."""

FINE = ("check", "play", "help")
"""Those of the fine print, which are set in one size."""

NOTHING = Setting(("",), 0)
"""How a text that is not there is set."""

MARKED = 2
"""So many rows of a table make room for the mark of a correction."""

LONGEST_VALUE = 24
"""A longer value is none of a ball's, and a number is never cut."""

Measure = Callable[[str, str], Mapping[str, Any]]
"""(page, further CSS) → the tree of laid-out boxes; as high as its content, as wide as the format."""


class Composer:
    """Composes cards of one look in one format. The same face always gives the same page."""

    def __init__(
        self, look: Look, form: str, size: tuple[int, int], brand: Brand, fonts: Iterable[Font], measure: Measure
    ) -> None:
        self._look = look
        self._format = form
        self._size = size
        self._brand = brand
        self._measure = measure
        self._typesetter = Typesetter(fonts, self._width)
        self._known: dict[str, tuple[int, int] | None] = {}

    def compose(self, face: Face) -> Page:
        """The page of that face; raises ValueError with a sentence when its numbers cannot be shown whole."""
        layout, sheet = self._set(face), self.sheet(face.kind)
        if not face.groups and not face.entries:
            return Page(layout, sheet.smallest, self._look.template)
        best = self._best_way(layout, sheet)
        if best is None:
            raise ValueError(f"A card of the look “{self._look.name}” in {self._format} has no room for these numbers.")
        way, ball = best
        return Page(self._ways(layout, sheet)[way], ball, self._look.template)

    def sheet(self, kind: Kind) -> Sheet:
        """How the look fills this format with that kind of card."""
        return self._look.sheets[self._format, kind]

    def _html(self, layout: Layout) -> str:
        return self._look.template.render(card=layout)

    @staticmethod
    def _ways(layout: Layout, sheet: Sheet) -> list[Layout]:
        """The ways in which the balls may stand, the best one first."""
        if layout.entries:
            return [layout]
        many = sum(len(group.balls) for group in layout.face.groups) > MANY
        return [
            replace(layout, lines=lined(layout.face.groups, across, beside=sheet.beside, dense=layout.dense))
            for across in (sorted(sheet.across, reverse=True) if many else sheet.across)
        ]

    def _best_way(self, layout: Layout, sheet: Sheet) -> tuple[int, int] | None:
        """Which of the ways is best and how large a ball is in it; None when the balls find room in none.

        What is found is kept for every card of the same make-up, which its first way, masked, tells.
        """
        ways = [_masked(way) for way in self._ways(layout, sheet)]
        makeup = self._html(ways[0])
        if makeup not in self._known:
            best = None
            for place, way in enumerate(ways):
                least = int(best[1] * BETTER) + 1 if best else sheet.smallest
                most = self._reaching(way, sheet)
                if ball := self._largest_ball(self._html(way) if place else makeup, sheet, least, most):
                    best = (place, ball)
            if len(self._known) >= MAKEUPS:
                self._known.clear()
            self._known[makeup] = best
        return self._known[makeup]

    # Type

    def _set(self, face: Face) -> Layout:
        sheet, fit = self.sheet(face.kind), self._fit
        texts = {slot: getattr(face, slot) for slot in SLOTS} | {"site": self._brand.name}
        if not any(char.isalnum() for char in self._typesetter.clean(face.name)):
            texts["name"] = face.lottery  # a name in a script our fonts lack: its id still tells the game
        corrections, mark = self._marked(face)
        columns, rows = self._table(face)
        return Layout(
            face=replace(face, groups=tuple(map(self._legible, face.groups))),
            kind=face.kind,
            format=self._format,
            logo=self._brand.logo is not None,
            text=_even({slot: fit(sheet, slot, text) for slot, text in texts.items()}),
            titles={group.title: fit(sheet, "title", group.title) for group in face.groups},
            dense=sum(len(group.balls) for group in face.groups) > DENSE,
            single=alike(face.groups) and len(face.groups[0].balls) == 1,
            mark=mark,
            corrections=corrections,
            columns=columns,
            rows=rows,
            entries=tuple(self._entry(entry) for entry in face.entries),
        )

    def _fit(self, sheet: Sheet, slot: str, text: str) -> Setting:
        box = sheet.boxes[slot]
        if slot == "name" and towers(text):
            box = replace(box, largest=max(box.smallest, int(box.largest * TOWERING)))
        return self._typesetter.fit(slot, text, box) if text else NOTHING

    def _table(self, face: Face) -> tuple[tuple[Setting, ...], tuple[tuple[Setting, ...], ...]]:
        """The head of the table and as many rows as there is room for; all of a column in one size."""
        sheet = self.sheet(face.kind)
        cells = [("tier", "prize", "winners")[place] for place in range(len(face.columns))]
        # The mark of a correction stands in the place of rows, unless the table has a column of its own.
        rows = sheet.rows - (MARKED if face.corrections and not sheet.reach else 0)
        shown = [[getattr(row, cell) for cell in cells] for row in face.rows[:rows]]
        head = tuple(self._fit(sheet, "column", column) for column in face.columns)
        smallest = min((one.size for one in head), default=0)
        columns = [
            self._alike([self._fit(sheet, cell, row[place]) for row in shown]) for place, cell in enumerate(cells)
        ]
        return tuple(replace(one, size=smallest) for one in head), tuple(zip(*columns, strict=True))

    @staticmethod
    def _alike(settings: Sequence[Setting]) -> list[Setting]:
        """The same texts, all in the smallest of their sizes."""
        size = min((one.size for one in settings if one is not NOTHING), default=0)
        return [replace(one, size=size) for one in settings]

    def _entry(self, entry: Entry) -> Line:
        sheet = self.sheet(Kind.DIGEST)
        (across,) = sheet.across
        clean = self._typesetter.clean
        name = entry.name if any(char.isalnum() for char in clean(entry.name)) else entry.lottery
        groups = tuple(map(self._legible, entry.groups))
        many = sum(len(group.balls) for group in groups) > across
        return Line(
            hue=entry.hue,
            chroma=entry.chroma,
            initials=clean(entry.initials)[:3],
            name=self._typesetter.fit("entry-name", name, sheet.boxes["entry"]),
            note=self._fit(sheet, "note", entry.note),
            lines=lined(groups, int(across / CROWDED) if many else across, beside=True),
            scale=CROWDED if many else 1,
            more=entry.more,
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
        box, clean = self.sheet(face.kind).boxes["mark"], self._typesetter.clean
        told = tuple(Correction(clean(one.title), clean(one.old), clean(one.new)) for one in face.corrections)
        for count in range(len(told), 0, -1):
            marked = told if count == len(told) else (*told[:count], Correction("", "", ELLIPSIS))
            text = " ".join([face.corrected, *(f"+ {one.title} {one.old} {one.new}" for one in marked)])
            size = self._typesetter.size("mark", text, box)
            if size >= box.smallest:
                return marked, Setting((face.corrected,), size)
        return (), Setting((face.corrected,), box.largest)

    def _width(self, slot: str, text: str) -> float:
        kind = f"{slot} towers" if towers(text) else slot
        line = f'<div class="{kind}" style="display: block; font-size: {EM}px; white-space: pre">{escape(text)}</div>'
        laid = self._measure(f'<div class="card {self._format}">{line}</div>', diameter(0))
        return float(sum(run["width"] for run in laid["children"][0]["runs"]))

    # Balls

    def _reaching(self, layout: Layout, sheet: Sheet) -> int:
        """The largest diameter at which no line of balls reaches what stands beside them."""
        ball = sheet.largest
        if sheet.reach:
            while ball and max(self._length(layout, line, ball) for line in layout.lines) > sheet.reach:
                ball -= 1
        return ball

    def _length(self, layout: Layout, line: Sequence[Group], ball: int) -> float:
        """How long that line comes out, in pixels; rather too long than too short."""
        length = (len(line) - 1) * ball * GAP
        for group in line:
            balls = sum(ball * (1 + SPACE + WIDER * max(0, len(one.text) - 2)) for one in group.balls)
            title = layout.titles.get(group.title, NOTHING)
            length += max(balls, self._typesetter.width("title", group.title) * title.size / EM)
        return length

    def _largest_ball(self, page: str, sheet: Sheet, least: int, most: int) -> int:
        """The largest diameter at which that page stays within the card and its margins; 0 when it is below `least`."""
        small, large = least, most
        if small > large or not self._holds(page, small, sheet):
            return 0
        while small < large:
            middle = (small + large + 1) // 2
            small, large = (middle, large) if self._holds(page, middle, sheet) else (small, middle - 1)
        return small

    def _holds(self, page: str, ball: int, sheet: Sheet) -> bool:
        width, height = self._size
        laid = self._measure(page, diameter(ball))
        before, after = (ROUNDED, HUNG) if RIGHT_TO_LEFT in page else (HUNG, ROUNDED)
        edges = list(_edges(laid))
        return bool(
            laid["height"] <= height
            and max((right for _, right in edges), default=0) <= width - sheet.margin + after
            and min((left for left, _ in edges), default=width) >= sheet.margin - before
        )


def _even(text: Mapping[str, Setting]) -> dict[str, Setting]:
    """The same settings, the fine print all of one size."""
    size = min((text[slot].size for slot in FINE if text[slot] is not NOTHING), default=0)
    return {slot: replace(one, size=size) if slot in FINE and one is not NOTHING else one for slot, one in text.items()}


def _masked(layout: Layout) -> Layout:
    """The same layout with its texts blanked where they change nothing about the room that balls have.

    What is measured once then serves every draw of that make-up, and a size depends on nothing but what was measured.
    """
    return replace(
        layout,
        text={slot: _blank(setting) for slot, setting in layout.text.items()},
        lines=tuple(map(_masked_line, layout.lines)),
        corrections=(),
        columns=tuple(map(_blank, layout.columns)),
        rows=tuple(tuple(map(_blank, row)) for row in layout.rows),
        entries=tuple(
            replace(
                entry,
                hue=0,
                chroma=0,
                initials="",
                name=_blank(entry.name),
                note=_blank(entry.note),
                lines=tuple(map(_masked_line, entry.lines)),
            )
            for entry in layout.entries
        ),
    )


def _blank(setting: Setting) -> Setting:
    """As high as it was; a text keeps to its box by itself."""
    return Setting(tuple("0" if line else "" for line in setting.lines), setting.size)


def _masked_line(line: tuple[Group, ...]) -> tuple[Group, ...]:
    return tuple(
        replace(group, balls=tuple(replace(b, text=re.sub(r"\d", "0", b.text), corrected=False) for b in group.balls))
        for group in line
    )


def _edges(node: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """Where texts begin and end within a laid-out node, and the boxes that hold any; what holds none is decoration."""
    for run in node["runs"]:
        left = node["transform"][4] + run["x"]
        yield left, left + run["width"]
    for child in node["children"]:
        inside = list(_edges(child))
        if inside:
            yield child["transform"][4], child["transform"][4] + child["width"]
        yield from inside
