"""A plate: all of a card that the lottery's next draw shows again, painted once; the values and the day are its ink.

A page is prepared twice, with other digits and a longer day. Where both are laid out alike the ink moves nothing, and
the card is the plate with its ink printed on it; where not (tickets as wide as their digits), it is painted whole. That
is settled by the page without its ink alone, so the same draw gives the same bytes whatever was drawn before.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape, unescape
from typing import Any

from PIL import Image

from lotto.imaker.composer import RIGHT_TO_LEFT
from lotto.imaker.face import Kind
from lotto.imaker.layout import Layout, Page
from lotto.imaker.png import Frame
from lotto.words import speak

INKED = ("ball", "date")
"""Classes of what holds ink: a drawn value, the day."""
DIGITS = ("0", "1")
"""The widest and the narrowest."""
DAYS = (date(2023, 5, 1), date(2026, 9, 30))
"""A short one and a long one, in most languages."""

UNSEEN = "background: none; border-color: transparent; box-shadow: none; outline: none"
"""Of what is painted on the plate already."""
WITHIN = f"{UNSEEN}; position: static; padding: 0; margin: 0; clip-path: none"
"""Of what ink stands within."""
ROOM = 6
"""Pixels around a box that a letter may reach into."""

TAG = re.compile(r"<(/?)(\w+)((?:[^>\"]|\"[^\"]*\")*)>")
STYLE = re.compile(r' style="([^"]*)"')
CLASS = re.compile(r' class="([^"]*)"')

Measure = Callable[[str, str], Mapping[str, Any]]
"""(page, further CSS) → the tree of laid-out boxes."""
Whole = Callable[[str, str], Image.Image]
"""(page, further CSS) → the card as RGB, its ground behind."""
Paint = Callable[[str, str, int], Image.Image]
"""(page, further CSS, height in pixels) → the page alone as RGBA, as wide as the format."""


@dataclass(frozen=True)
class Blank:
    """A page without its ink, and the ink in the order of the page."""

    page: Page
    texts: tuple[str, ...]
    """What stands in the page in the place of each ink."""
    inks: tuple[str, ...]

    @classmethod
    def of(cls, page: Page) -> "Blank | None":
        """That page without its ink; None where it is a card whose other texts change with every draw as well."""
        layout = page.layout
        if layout.kind is not Kind.RESULT or layout.corrections:
            return None
        blanked = _blanked(layout, DIGITS[0], DAYS[0])
        return cls(replace(page, layout=blanked), _inks(blanked), _inks(layout))


@dataclass(frozen=True)
class Plate:
    """A painted plate, and the page its ink is printed by."""

    frame: Frame
    """The picture without its ink, and from where to where down the card there is any."""
    pieces: tuple[str, ...]
    """The page of the ink: its texts stand between these."""
    places: tuple[int, ...]
    """Which ink each of those texts is."""
    css: str

    @property
    def size(self) -> int:
        """Bytes of the picture."""
        return self.frame.picture.width * self.frame.picture.height * 4

    @classmethod
    def made(cls, blank: Blank, measure: Measure, whole: Whole) -> "Plate | None":
        """The plate of that page; None where its ink moves what stands around it."""
        page = blank.page
        tree, other = _Tree(page.html), replace(page, layout=_blanked(page.layout, DIGITS[1], DAYS[1]))
        boxes, moved = (list(_boxes(measure(one.html, one.css))) for one in (page, other))
        inked = [at for at, node in enumerate(tree.nodes) if INKED[0] in node.classes or INKED[1] in node.classes]
        if not len(boxes) == len(moved) == len(tree.nodes) or not tree.alike(boxes, moved, inked):
            return None
        slots = tree.slots(inked)
        # The day stands before or after the values, as the look has it; ink is told with the values first.
        order = sorted(slots, key=lambda slot: not slot.ball)
        if [tree.text(slot) for slot in order] != [*blank.texts]:
            return None
        top = max(0, min(boxes[at].top for at in inked) - ROOM)
        bottom = max(boxes[at].bottom for at in inked) + ROOM
        picture = whole(tree.without_ink(slots), page.css)
        return cls(
            frame=Frame.of(picture, top, min(bottom, picture.height)),
            pieces=tree.ink(slots, boxes, top),
            places=tuple(order.index(slot) for slot in slots),
            css=page.css,
        )

    def printed(self, inks: Sequence[str], paint: Paint) -> Image.Image:
        """The rows of the card that have ink, as RGB."""
        texts = [escape(inks[place]) for place in self.places]
        html = "".join(piece + text for piece, text in zip(self.pieces, [*texts, ""], strict=True))
        frame = self.frame
        ink = paint(html, self.css, frame.bottom - frame.top)
        rows = frame.picture.crop((0, frame.top, frame.picture.width, frame.bottom))
        rows.paste(ink, (0, 0), ink)
        return rows


@dataclass(frozen=True)
class _Box:
    left: int
    top: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        return self.top + self.height


@dataclass(frozen=True)
class _Node:
    """An element of a page: where its opening tag stands, what it is within, and how far its subtree goes."""

    opening: tuple[int, int]
    classes: tuple[str, ...]
    parent: int | None
    end: int
    """The place after its last descendant."""
    closing: int
    """Where its content ends."""


@dataclass(frozen=True)
class _Slot:
    """A text that is ink: the element around it, and the ball or day that holds it."""

    around: int
    holder: int
    ball: bool


class _Tree:
    """The elements of a page, in its order; the engine's boxes come in the same."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.right_to_left = RIGHT_TO_LEFT in html
        self.nodes: list[_Node] = []
        open_: list[int] = []
        for tag in TAG.finditer(html):
            if tag[1]:
                at = open_.pop()
                self.nodes[at] = replace(self.nodes[at], end=len(self.nodes), closing=tag.start())
                continue
            found = CLASS.search(tag[3])
            classes = tuple(found[1].split()) if found else ()
            parent = open_[-1] if open_ else None
            self.nodes.append(_Node(tag.span(), classes, parent, len(self.nodes) + 1, tag.end()))
            if tag[2] != "img":
                open_.append(len(self.nodes) - 1)

    def alike(self, boxes: Sequence[_Box], moved: Sequence[_Box], inked: Sequence[int]) -> bool:
        """Whether all stands in its place in both, but the ink itself within what holds it."""
        free = {at for holder in inked for at in range(holder + 1, self.nodes[holder].end)}
        for at, (box, other) in enumerate(zip(boxes, moved, strict=True)):
            if at in free or box == other:
                continue
            if INKED[1] not in self.nodes[at].classes or (box.top, box.height) != (other.top, other.height):
                return False
            # The day may be longer, but must start where it did, on either hand.
            right = self.right_to_left
            if (box.left + box.width * right) != (other.left + other.width * right):
                return False
        return True

    def slots(self, inked: Sequence[int]) -> list[_Slot]:
        """The texts within what holds ink, in the order of the page."""
        return [
            slot
            for holder in inked
            for at in range(holder, self.nodes[holder].end)
            if at + 1 == self.nodes[at].end
            and self.text(slot := _Slot(at, holder, ball=INKED[0] in self.nodes[holder].classes))
        ]

    def text(self, slot: _Slot) -> str:
        """What stands there."""
        node = self.nodes[slot.around]
        return unescape(self.html[node.opening[1] : node.closing].strip())

    def without_ink(self, slots: Sequence[_Slot]) -> str:
        """The page with its ink there, and unseen."""
        unseen = {slot.around for slot in slots}
        return self._written(dict.fromkeys(unseen, "color: transparent"))

    def ink(self, slots: Sequence[_Slot], boxes: Sequence[_Box], top: int) -> tuple[str, ...]:
        """The page of the ink alone, its upper edge at `top`, in pieces between which its texts go."""
        pieces, root = [], self.nodes[0]
        piece = _styled(self.html[slice(*root.opening)], f"{UNSEEN}; padding: 0; min-height: 0; height: 100%")
        within = [0]
        for slot in slots:
            chain = self._chain(slot.around)
            shared = 0
            while shared < min(len(chain), len(within)) and chain[shared] == within[shared]:
                shared += 1
            piece += "</div>" * (len(within) - shared)
            for at in chain[shared:]:
                style = WITHIN if at < slot.holder else ""
                if at == slot.holder:
                    style = self._held(slot, boxes[at], boxes[0].width, top)
                piece += _styled(self.html[slice(*self.nodes[at].opening)], style)
            pieces.append(piece)
            within, piece = chain, ""
        return (*pieces, "</div>" * len(within))

    def _held(self, slot: _Slot, box: _Box, width: int, top: int) -> str:
        """The style that puts what holds ink where it is on the card; the day begins there, on either hand."""
        size = f"; width: {box.width}px; height: {box.height}px" if slot.ball else ""
        left, right = f"left: {box.left}px", f"right: {width - box.left - box.width}px"
        side = right if self.right_to_left and not slot.ball else left
        return f"{UNSEEN}; clip-path: none; margin: 0; position: absolute; {side}; top: {box.top - top}px{size}"

    def _chain(self, at: int) -> list[int]:
        """The element and all that it is within, the outermost first."""
        chain: list[int] = []
        place: int | None = at
        while place is not None:
            chain.insert(0, place)
            place = self.nodes[place].parent
        return chain

    def _written(self, styles: Mapping[int, str]) -> str:
        written, last = "", 0
        for at in sorted(styles):
            start, end = self.nodes[at].opening
            written += self.html[last:start] + _styled(self.html[start:end], styles[at])
            last = end
        return written + self.html[last:]


def _boxes(node: Mapping[str, Any]) -> Iterator[_Box]:
    left, top = node["transform"][4:]
    yield _Box(int(left), int(top), int(node["width"]), int(node["height"]))
    for child in node["children"]:
        yield from _boxes(child)


def _styled(tag: str, more: str) -> str:
    """The opening tag with that at the end of its own style."""
    if not more:
        return tag
    found = STYLE.search(tag)
    if found:
        return f"{tag[: found.end(1)]}; {more}{tag[found.end(1) :]}"
    return f'{tag[:-1]} style="{more}">'


def _inks(layout: Layout) -> tuple[str, ...]:
    """The values in the order of the page, then the day."""
    values = [ball.text for line in layout.lines for group in line for ball in group.balls]
    return (*values, *filter(None, layout.text["date"].lines))


def _blanked(layout: Layout, digit: str, day: date) -> Layout:
    told, shown = layout.text["date"], speak(layout.face.lang).date(day)
    lines = tuple(
        tuple(
            replace(group, balls=tuple(replace(ball, text=re.sub(r"[0-9]", digit, ball.text)) for ball in group.balls))
            for group in line
        )
        for line in layout.lines
    )
    lasting = replace(told, lines=tuple(shown if line else "" for line in told.lines))
    return replace(layout, lines=lines, text={**layout.text, "date": lasting})
