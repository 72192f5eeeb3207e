"""What may stand in the files of the catalogue, table by table. `docs/add-a-lottery.md` explains it to people."""

from datetime import date, time
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from lotto.draws.pool import Kind, Shape

Text = Annotated[str, Meta(pattern="[^ ]")]
Word = Annotated[str, Meta(pattern="^[a-z][a-z0-9_-]*$")]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$")]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Language = Annotated[str, Meta(pattern="^[a-z]{2,3}$")]
SAID = {
    "[^ ]": "a text that is not empty",
    "^[a-z][a-z0-9_-]*$": "a word of small letters, digits, - and _",
    "^[A-Z]{2}$": "two capital letters (ISO 3166)",
    "^[A-Z]{3}$": "three capital letters (ISO 4217)",
    "^[a-z]{2,3}$": "two or three small letters (ISO 639)",
}
"""What each pattern asks for, in words."""

Count = Annotated[int, Meta(ge=1)]

Table = dict[str, Any]
"""Read by a form of its own, so that every error knows its exact place."""


class Form(Struct, forbid_unknown_fields=True):
    """A table with exactly these keys."""


class LotteryForm(Form):
    """A lottery."""

    name: Text
    country: Country
    operator: Text
    zone: Text
    currency: Currency
    sources: Table
    eras: list[Table]
    region: str = ""
    language: Language = "en"
    not_before_minutes: Annotated[int, Meta(ge=0)] = 0
    colour: Table | None = None
    initials: Annotated[str, Meta(max_length=3)] = ""
    policy: Table | None = None
    moved: list[Table] = []
    extra: list[Table] = []
    rests: list[date | Table] = []


class ColourForm(Form):
    """The colour people know a lottery by, in OKLCH."""

    hue: Annotated[int, Meta(ge=0, lt=360)]
    chroma: Annotated[float, Meta(ge=0, le=0.4)]


class PolicyForm(Form):
    """How much it takes to be told."""

    agree: Annotated[int, Meta(ge=2)] = 2
    provisional: bool = False


class EraForm(Form):
    """Rules from a day on; what is left out stays as it was in the era before."""

    starts_on: date = field(name="from")
    calendar: list[Table] | str | None = None
    pools: Table = {}
    without: list[str] = []
    """Pools that end with this era."""
    tiers: list[Table] | None = None


class PoolForm(Form):
    """A pool, all of it."""

    take: Any
    """A count, or the fewest and the most."""
    of: Any = None
    """A range, a list or table of words, or the pattern of a ticket."""
    kind: Kind | None = None
    shape: Shape | None = None
    title: str = ""
    ordered: bool = False
    repeats: bool = False
    optional: bool = False
    rest_of: str = ""
    among: str = ""


class TierForm(Form):
    """A way to win."""

    name: Text
    match: Table
    pick: dict[str, Count] = {}
    pays: Annotated[float, Meta(ge=0)] | None = None


class SlotForm(Form):
    """A draw of the calendar."""

    at: time
    days: Text = "Mon Tue Wed Thu Fri Sat Sun"
    label: Word | None = None
    dates: list[Annotated[int, Meta(ge=1, le=31)]] = []
    every_minutes: Count | None = None
    until: time | None = None


class MoveForm(Form):
    """A draw that was held on another day than the calendar's, or at another time, or both."""

    was: date = field(name="from")
    held: date | None = field(name="to", default=None)
    at: time | None = None
    label: Word | None = None


class ExtraForm(Form):
    """A draw beside those of the calendar."""

    date: date
    at: time
    label: Word | None = None


class RestForm(Form):
    """Days on which nothing is drawn, both ends included."""

    first: date = field(name="from")
    last: date = field(name="to")


class CollectionForm(Form):
    """A named set of lotteries: picked by hand, or all that answer to a query."""

    name: Text
    lotteries: list[str] = []
    country: Country | list[Country] | None = None
    operator: Text | None = None
    region: Text | None = None
    ids: list[Text] = []
    """Ids, or patterns of ids with stars in them: `us_ny_*`, `*_keno`."""
