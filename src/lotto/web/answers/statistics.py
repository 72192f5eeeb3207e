"""Statistics, as the API answers them."""

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = int | str


@dataclass(frozen=True, kw_only=True)
class CountAnswer:
    """How many there were; beside it what fair draws give, and the band in which 95 % of them lie."""

    count: int
    expected: float | None
    low: int | None
    high: int | None

    @property
    def outside(self) -> bool:
        """Whether it lies outside its band."""
        return self.low is not None and self.high is not None and not self.low <= self.count <= self.high


@dataclass(frozen=True, kw_only=True)
class PlaceValueAnswer(CountAnswer):
    """A value, and how often it came in one place."""

    value: Value


@dataclass(frozen=True, kw_only=True)
class ValueAnswer(CountAnswer):
    """A value, how often it was drawn, and how many draws it stays away."""

    value: Value
    since: int | None
    longest: int
    last_on: dt.date | None


@dataclass(frozen=True, kw_only=True)
class UniformityAnswer:
    """How well the counts fit equal chances; where `p` would mean nothing it is None."""

    chi_square: float | None
    p: float | None


@dataclass(frozen=True, kw_only=True)
class PlaceAnswer:
    """One place of a pool whose places count; the first is 1."""

    place: int
    values: tuple[PlaceValueAnswer, ...]
    uniformity: UniformityAnswer


@dataclass(frozen=True, kw_only=True)
class PairAnswer(CountAnswer):
    """Two values, and how many draws had both."""

    values: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True)
class PairsAnswer:
    """The pairs that came together most often and least often."""

    most: tuple[PairAnswer, ...]
    least: tuple[PairAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class SumAnswer:
    """How many draws had this sum of their values."""

    sum: int
    count: int


@dataclass(frozen=True, kw_only=True)
class SumsAnswer:
    """The sum of a draw's values, beside that of fair draws."""

    mean: float | None
    deviation: float | None
    expected_mean: float
    expected_deviation: float
    counts: tuple[SumAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class ShareAnswer(CountAnswer):
    """How many draws had so many values of a kind (`of` odd ones, or `of` low ones)."""

    of: int


@dataclass(frozen=True, kw_only=True)
class PoolFiguresAnswer:
    """The figures of one pool; one that cannot be counted has none, and `why`."""

    pool: str
    title: str
    why: str
    draws: int
    wait: float | None
    values: tuple[ValueAnswer, ...]
    outside: int
    uniformity: UniformityAnswer | None
    places: tuple[PlaceAnswer, ...]
    pairs: PairsAnswer | None
    sums: SumsAnswer | None
    odd: tuple[ShareAnswer, ...]
    low: tuple[ShareAnswer, ...]
    low_to: Value | None


@dataclass(frozen=True, kw_only=True)
class StatisticsAnswer:
    """The figures of a lottery's published draws in a span of days, all drawn from the same pools."""

    lottery: str
    since: dt.date
    until: dt.date | None
    draws: int
    first_on: dt.date | None
    last_on: dt.date | None
    pools: tuple[PoolFiguresAnswer, ...]
