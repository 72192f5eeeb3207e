"""A layout: a face set in type, and the page that is painted from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import Template

from lotto.imaker.face import Correction, Face, Group, Kind
from lotto.imaker.typesetter import Setting


@dataclass(frozen=True)
class Line:
    """A lottery's line on a digest, set in type."""

    hue: int
    chroma: float
    initials: str
    name: Setting
    note: Setting
    lines: tuple[tuple[Group, ...], ...]
    scale: float
    """Its balls against those of the others: many numbers are shown smaller, on more lines."""
    more: bool


@dataclass(frozen=True)
class Layout:
    """A face set in type: all that a template is given, as `card`."""

    face: Face
    kind: Kind
    format: str
    logo: bool
    text: Mapping[str, Setting]
    """The setting of every slot that has a text; empty where there is nothing to say."""
    titles: Mapping[str, Setting]
    """The setting of every pool's title."""
    lines: tuple[tuple[Group, ...], ...] = ()
    dense: bool = False
    """There are so many numbers that a pool's title must be small and stand before its balls."""
    single: bool = False
    """There are several pools of one ball each, whose titles stand below them in every format."""
    mark: Setting | None = None
    """The type of the correction mark; None where nothing is corrected."""
    corrections: tuple[Correction, ...] = ()
    columns: tuple[Setting, ...] = ()
    rows: tuple[tuple[Setting, ...], ...] = ()
    entries: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Page:
    """A card ready to be painted."""

    layout: Layout
    ball: int
    """The diameter of a ball, in pixels."""
    template: Template = field(repr=False)

    @property
    def html(self) -> str:
        """The page itself."""
        return self.template.render(card=self.layout)

    @property
    def css(self) -> str:
        """What the stylesheet could not know: the size of a ball."""
        return diameter(self.ball)


def diameter(ball: int) -> str:
    """CSS that gives balls this diameter, in pixels."""
    return f".card {{ --u: {ball}px }}"
