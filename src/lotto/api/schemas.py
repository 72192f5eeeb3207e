"""What the world sees: the JSON of the API, field by field. The tables behind it are nobody's business."""

from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["scheduled", "partial", "provisional", "confirmed", "held", "void"]
Values = list[int | str | None]
Item = TypeVar("Item")


class Schema(BaseModel):
    """Immutable, and exactly what is declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Money(Schema):
    """An amount in the currency's main unit, as a decimal text."""

    amount: Decimal
    currency: str


class Pool(Schema):
    """A set that values are taken from; `shape` tells how to show one.

    Numbers and digits lie from `lowest` to `highest`; `words` are all there are, each with what people call it; a
    ticket is `written` so. A pool that varies takes `fewest` to `take` values.
    """

    name: str
    title: str
    take: int
    fewest: int | None = None
    kind: Literal["number", "digit", "word", "ticket"]
    shape: Literal["main", "bonus", "star", "times", "place", "digit", "animal", "ticket"]
    lowest: int
    highest: int
    words: dict[str, str] = {}
    written: str = ""
    ordered: bool
    repeats: bool
    optional: bool
    rest_of: str = ""
    among: str = ""


class Slot(Schema):
    """A draw that the calendar repeats: local time, weekdays (0 is Monday) and days of the month, and its label.

    With `every` it is a rhythm: a draw at `at`, and so many minutes after each other until `until`.
    """

    label: str
    at: str
    days: list[int]
    dates: list[int] = []
    every: int = 0
    until: str = ""


class Tier(Schema):
    """A way to win: how many values of each pool a ticket must match; `one_in` so many tickets does."""

    name: str
    match: dict[str, list[int]]
    pick: dict[str, int]
    pays: Decimal | None
    one_in: Decimal | None


class Era(Schema):
    """Rules valid from a day. With `any_day` no calendar tells when it is drawn."""

    starts_on: date
    pools: list[Pool]
    calendar: list[Slot]
    any_day: bool = False
    tiers: list[Tier] = []


class NextDraw(Schema):
    """The first draw the calendar foresees from now."""

    date: date
    label: str
    drawn_at: datetime


class LotterySummary(Schema):
    """A lottery as lists and draws name it."""

    id: str
    name: str
    country: str
    region: str
    operator: str
    zone: str
    currency: str
    language: str
    hue: int
    chroma: float


SourceState = Literal["blocked", "changed", "silent", "disagreeing", "late", "well", "resting"]


class Standing(Schema):
    """One thing that a source is up to."""

    state: SourceState = Field(
        description="`blocked`: it does not let us in; `changed`: its page is not the one we can read; `silent`: it "
        "has given nothing for an hour or longer; `disagreeing`: its word on a recent draw is contradicted; `late`: "
        "it should have shown a draw by now; `well`; `resting`: it is not asked at present"
    )
    since: datetime | None = Field(description="null where nobody can tell")
    why: str = Field(description="a sentence")
    lottery: str | None = Field(description="the lottery it is about; null when it is the source as a whole")


class Source(Schema):
    """Where results come from, what it is up to, and how it last went."""

    id: str
    publisher: str
    official: bool
    origin: str
    home: str
    lotteries: list[str]
    state: SourceState = Field(description="the worst of `standings`")
    since: datetime | None = Field(description="since when it is in that state; null where nobody can tell")
    why: str = Field(description="why it is, a sentence")
    standings: list[Standing] = Field(description="everything it is up to, the worst first; at least one")
    asked_at: datetime | None
    next_at: datetime | None = Field(description="when it is asked next, as far as is known; null when it is not asked")
    outcome: str | None = Field(
        description="of the last page asked for: read, objected, unchanged, not_yet, changed, failed or blocked; null "
        "before the first ask"
    )
    note: str = Field("", description="what there is to say of that outcome")


class Lottery(LotterySummary):
    """A lottery with the history of its rules."""

    eras: list[Era]
    sources: list[str]
    next_draw: NextDraw | None


class Evidence(Schema):
    """What one source says of a draw."""

    source: str
    publisher: str
    official: bool
    origin: str
    home: str
    numbers: dict[str, Values]
    agrees: bool
    objections: list[str]
    observed_at: datetime
    sha256: str = Field(description="hash of the page as we read it")


class Prize(Schema):
    """One prize tier."""

    tier: str
    winners: int | None
    amount: Money | None


class Card(Schema):
    """A picture of the draw."""

    format: str
    lang: str
    url: str
    alt: str
    width: int
    height: int


class Decision(Schema):
    """A person's word on a draw. Who gave it is kept, and not published."""

    kind: Literal["hold", "approve", "correct", "void"]
    at: datetime
    reason: str


class Draw(Schema):
    """One draw. `numbers` is empty unless published; `seen` shows a draw under way."""

    lottery: str
    date: date
    label: str
    serial: str | None
    drawn_at: datetime
    status: Status
    revision: int
    update: int
    reason: str
    decision: Decision | None = Field(None, description="the person's word in force, if any was given")
    numbers: dict[str, list[int | str]]
    drawn: dict[str, list[int | str]]
    seen: dict[str, Values]
    replaces: dict[str, list[int | str]] = Field(description="values this revision corrects")
    prizes: list[Prize]
    jackpot: Money | None
    sources: list[Evidence]
    cards: list[Card]
    observed_at: datetime | None
    decided_at: datetime | None
    updated_at: datetime | None


class Revision(Schema):
    """One link of a draw's history."""

    revision: int
    update: int
    status: Status
    reason: str
    numbers: dict[str, list[int | str]]
    updated_at: datetime
    hash: str
    previous_hash: str


class DrawDetail(Draw):
    """One draw with its lottery's rules of that day, its history and its neighbours."""

    game: LotterySummary
    pools: list[Pool]
    revisions: list[Revision]
    decisions: list[Decision] = Field([], description="every word of a person on this draw, newest first")
    previous: str | None = Field(description="`date[/label]` of the draw before")
    next: str | None = Field(description="`date[/label]` of the draw after")


class LatestDraw(Draw):
    """The newest draw of a lottery, with what a board needs around it."""

    game: LotterySummary
    pools: list[Pool]
    next_draw: NextDraw | None


PostState = Literal["planned", "sending", "sent", "unknown", "failed", "held", "folded"]


class Post(Schema):
    """What was published to a network. After an outage many late results may be told by one post, a digest."""

    account: str
    network: str
    lottery: str
    date: date
    label: str
    revision: int
    kind: Literal["create", "edit", "follow_up", "remove"]
    state: PostState = Field(description="`folded`: the digest of another post tells this draw")
    url: str | None = Field(description="where it stands; of a folded post, where the digest stands")
    text: str
    image: str | None
    alt: str
    sent_at: datetime | None
    tells: int = Field(1, description="how many draws it tells; more than one: it is a digest")
    folded_into: str | None = Field(None, description="`lottery/date[/label]` of the draw whose post tells this one")


class Collection(Schema):
    """A named set of lotteries."""

    id: str
    name: str
    lotteries: list[str]


class CheckQuestion(Schema):
    """Lines to check in a span of local days, both included; without them, in every draw there is."""

    lottery: str = Field(max_length=60)
    lines: list[dict[str, list[int | str]]] = Field(
        min_length=1, max_length=100, description="pool → the values chosen, as they are written"
    )
    from_: date | None = Field(None, alias="from")
    to: date | None = None


class Won(Schema):
    """A draw in which a line won; of a system, `count` of its lines did."""

    date: date
    label: str
    line: int = Field(description="which of the lines, from 0")
    tier: str
    count: int
    prize: Money | None = Field(description="of each of them, where it is known")


class Checked(Schema):
    """What lines won, the newest draw first."""

    lottery: str
    draws: int = Field(description="how many were looked at")
    unplayable: int = Field(description="of them, those whose rules took no such line")
    won: list[Won]


class Check(Schema):
    """One thing that was looked at."""

    well: bool
    says: str
    oldest_seconds: float | None = None
    """Of what waits: since when the oldest does."""


class Ready(Schema):
    """Reads can be served; and how the rest is, by name."""

    status: Literal["ready"]
    version: str = Field(serialization_alias="schema")
    checks: dict[str, Check]


class Malformed(Schema):
    """A part of a question that is not written as the API's description says."""

    where: str = Field(description="the parameter, or the way to it through the body")
    why: str


class Problem(Schema):
    """An error (RFC 9457): what is wrong and what to do."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Malformed] = Field([], description="of a question that is not well put: every part that is not")


class Page(BaseModel, Generic[Item]):
    """A list; `next` is the address of the following page, or null."""

    items: list[Item]
    next: str | None
