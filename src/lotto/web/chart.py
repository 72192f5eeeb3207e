"""A chart: bars beside what fair draws give, laid out as plain figures that a template writes into SVG."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

WIDE, NARROW, HEIGHT = 760, 380, 220
LEFT, TOP, BOTTOM = 34, 18, 24
"""Room for the figures at the side, for labels above the highest bar, and for those below."""

TICKS = 3

FEW = 14
"""So many bars stand in the narrow picture, which no phone must scroll."""


@dataclass(frozen=True)
class Point:
    """What one bar shows: how many, what is expected, and the band; None where nothing is expected."""

    label: str
    count: float
    expected: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def outside(self) -> bool:
        """Whether it lies outside its band."""
        return self.low is not None and self.high is not None and not self.low <= self.count <= self.high


@dataclass(frozen=True)
class Bar:
    """One bar in the picture's units, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    label: str
    outside: bool
    centre: float
    named: bool
    """Its label stands below it; there is no room for all."""


@dataclass(frozen=True)
class Stretch:
    """A run of bars of which the same is expected."""

    x: float
    width: float
    middle: float | None
    top: float | None
    height: float


@dataclass(frozen=True)
class Tick:
    """A figure at the side."""

    y: float
    figure: int


@dataclass(frozen=True)
class Chart:
    """The whole picture."""

    bars: tuple[Bar, ...]
    stretches: tuple[Stretch, ...]
    ticks: tuple[Tick, ...]
    ground: float
    width: int
    height: int = HEIGHT
    left: int = LEFT

    @property
    def narrow(self) -> bool:
        """Whether it is the picture of a few bars."""
        return self.width == NARROW


def chart(points: Sequence[Point]) -> Chart:
    """The chart of these points, in their order."""
    ceiling = max((max(one.count, one.high or 0, one.expected or 0) for one in points), default=0) or 1
    ground = HEIGHT - BOTTOM
    scale = (ground - TOP) / ceiling
    width = NARROW if len(points) <= FEW else WIDE
    step = (width - LEFT) / max(len(points), 1)

    def height(value: float) -> float:
        return round(ground - value * scale, 1)

    return Chart(
        bars=tuple(_bars(points, step, ground, scale)),
        stretches=tuple(_stretches(points, step, height)),
        ticks=tuple(Tick(height(figure), figure) for figure in _figures(ceiling)),
        ground=ground,
        width=width,
    )


def _bars(points: Sequence[Point], step: float, ground: float, scale: float) -> Iterable[Bar]:
    # A label is up to four signs wide, and needs about 26 units.
    every = max(1, -(-26 // step))
    gap = min(6.0, step * 0.22)
    for place, one in enumerate(points):
        x, tall = LEFT + place * step, one.count * scale
        yield Bar(
            x=round(x + gap / 2, 1),
            y=round(ground - tall, 1),
            width=round(step - gap, 1),
            height=round(tall, 1),
            label=one.label,
            outside=one.outside,
            centre=round(x + step / 2, 1),
            named=place % every == 0,
        )


def _stretches(points: Sequence[Point], step: float, height: Callable[[float], float]) -> Iterable[Stretch]:
    place = 0
    for (expected, low, high), run in groupby(points, key=lambda one: (one.expected, one.low, one.high)):
        many = len(list(run))
        if expected is not None:
            banded = low is not None and high is not None
            yield Stretch(
                x=round(LEFT + place * step, 1),
                width=round(many * step, 1),
                middle=height(expected),
                top=height(high) if banded else None,
                height=round(height(low) - height(high), 1) if banded else 0,
            )
        place += many


def _figures(ceiling: float) -> list[int]:
    """Round figures for the side, none above the highest bar."""
    rough = ceiling / TICKS
    magnitude = 10 ** (len(str(int(rough))) - 1)
    step = next((many * magnitude for many in (1, 2, 5, 10) if many * magnitude >= rough), 10 * magnitude)
    return list(range(0, int(ceiling) + 1, max(step, 1)))
