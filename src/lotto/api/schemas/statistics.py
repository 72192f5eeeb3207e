"""Statistics as the world sees them: what came how often, beside what fair draws give."""

from datetime import date

from pydantic import Field

from lotto.api.schemas.schema import Schema


class Count(Schema):
    """How many there were; beside it what fair draws give, and the band in which 95 % of them lie.

    `expected`, `low` and `high` are null where nothing is expected: chances that are not equal.
    """

    count: int
    expected: float | None
    low: int | None
    high: int | None


class ValueCount(Count):
    """A value, how often it was drawn, and how long it stays away."""

    value: int | str
    since: int | None = Field(description="draws held since the last that had it; null when none had it")
    longest: int = Field(description="the most draws running without it")
    last_on: date | None = Field(description="the day of the last draw that had it")


class PlaceValueCount(Count):
    """A value, and how often it was drawn in one place."""

    value: int | str


class Uniformity(Schema):
    """How well the counts fit equal chances: Pearson's chi-square, corrected for values drawn without putting back.

    `p` is the chance that fair draws are at least as uneven; where that would mean nothing it is null, and `why`.
    """

    chi_square: float | None
    degrees: int
    p: float | None
    why: str


class Place(Schema):
    """One place of a pool whose places count; the first is 1."""

    place: int
    values: list[PlaceValueCount]
    uniformity: Uniformity


class PairCount(Count):
    """Two values, and how many draws had both."""

    values: list[int | str]


class Pairs(Schema):
    """The pairs that came together most often and least often, ten of each."""

    most: list[PairCount]
    least: list[PairCount]


class SumCount(Schema):
    """How many draws had this sum of their values."""

    sum: int
    count: int


class Sums(Schema):
    """The sum of a draw's values: mean and standard deviation, those of fair draws, and every sum that came."""

    mean: float | None
    deviation: float | None
    expected_mean: float
    expected_deviation: float
    counts: list[SumCount]


class Share(Count):
    """How many draws had so many values of a kind (`of` odd ones, or `of` low ones)."""

    of: int


class PoolStatistics(Schema):
    """The figures of one pool; one that cannot be counted has no figures, and `why`."""

    pool: str
    title: str
    why: str = Field(description="why there are no figures, or nothing is expected of them; else empty")
    draws: int = Field(description="the draws that tell this pool")
    wait: float | None = Field(description="from one draw with a certain value to the next, on average so many draws")
    values: list[ValueCount]
    outside: int = Field(description="values whose count is outside its band; of fair draws about one in twenty is")
    uniformity: Uniformity | None
    places: list[Place] = Field(description="where places count; else empty")
    pairs: Pairs | None
    sums: Sums | None
    odd: list[Share]
    low: list[Share]
    low_to: int | str | None = Field(description="the highest value that counts as low")


class Statistics(Schema):
    """The figures of a lottery's published draws in a span of local days, all drawn from the same pools."""

    lottery: str
    since: date = Field(description="the first day of the span")
    until: date | None = Field(description="the last day of the span; null while those pools are in force")
    draws: int
    first_on: date | None = Field(description="the day of the first draw counted")
    last_on: date | None = Field(description="the day of the last draw counted")
    note: str = Field(description="what goes with these figures wherever they are shown")
    pools: list[PoolStatistics]
