"""What the API answers, as far as pages need it, turned into the house's own nouns.

Fields we do not know are ignored, so an API that learns something new breaks no page.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from lotto.draws.calendar import Slot
from lotto.draws.draw import Act, Draw, DrawKey, Evidence, Money, Numbers, Prize, Ruling, Seen, Status
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Pool

Item = TypeVar("Item")

Hue = Annotated[int, msgspec.Meta(ge=0, le=360)]
Chroma = Annotated[float, msgspec.Meta(ge=0, le=0.4)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]+$")]
"""A lottery's id: it stands in addresses and in a style sheet, so it may hold nothing that ends either."""


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """A list, and the address of the one that follows."""

    items: tuple[Item, ...]
    next: str | None = None


@dataclass(frozen=True, kw_only=True)
class Next:
    """The first draw the calendar foresees."""

    date: dt.date
    label: str
    drawn_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Game:
    """A lottery as lists and draws name it."""

    id: Name
    name: str
    country: str
    region: str
    operator: str
    zone: str
    currency: str
    language: str
    hue: Hue
    chroma: Chroma

    def under(self, eras: Iterable[Era]) -> Lottery:
        """The lottery of the domain with these rules."""
        return Lottery(
            id=self.id,
            name=self.name,
            country=self.country,
            operator=self.operator,
            zone=ZoneInfo(self.zone),
            currency=self.currency,
            eras=tuple(eras),
            sources={},
            language=self.language,
            region=self.region,
            hue=self.hue,
            chroma=self.chroma,
        )


@dataclass(frozen=True, kw_only=True)
class SlotAnswer:
    """A draw that the calendar repeats."""

    label: str
    at: str
    days: tuple[int, ...]
    dates: tuple[int, ...] = ()
    every: int = 0
    until: str = ""

    @property
    def slot(self) -> Slot:
        """The slot of the domain."""
        until = dt.time.fromisoformat(self.until or self.at)
        at = dt.time.fromisoformat(self.at)
        return Slot(at, frozenset(self.days), self.label, frozenset(self.dates), self.every, until)


@dataclass(frozen=True, kw_only=True)
class EraAnswer:
    """Rules valid from a day."""

    starts_on: dt.date
    pools: tuple[Pool, ...]
    calendar: tuple[SlotAnswer, ...]
    any_day: bool = False

    @property
    def era(self) -> Era:
        """The era of the domain."""
        return Era(self.starts_on, self.pools, tuple(one.slot for one in self.calendar), any_day=self.any_day)


@dataclass(frozen=True, kw_only=True)
class LotteryAnswer(Game):
    """A lottery with the history of its rules."""

    eras: tuple[EraAnswer, ...]
    next_draw: Next | None

    @property
    def lottery(self) -> Lottery:
        """The lottery of the domain."""
        return self.under(era.era for era in self.eras)


@dataclass(frozen=True, kw_only=True)
class Witness:
    """What one source says of a draw."""

    source: str
    publisher: str
    official: bool
    origin: str
    home: str
    numbers: Seen
    agrees: bool
    objections: tuple[str, ...]
    observed_at: dt.datetime
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A card of the draw."""

    format: str
    lang: str
    url: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class DecisionAnswer:
    """A person's word on a draw."""

    kind: Act
    at: dt.datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class DrawAnswer:
    """One draw."""

    lottery: Name
    date: dt.date
    label: str
    serial: str | None
    drawn_at: dt.datetime
    status: Status
    revision: int
    update: int
    reason: str
    numbers: Numbers
    drawn: Numbers
    seen: Seen
    replaces: Numbers
    prizes: tuple[Prize, ...]
    jackpot: Money | None
    sources: tuple[Witness, ...]
    cards: tuple[Picture, ...]
    observed_at: dt.datetime | None
    decided_at: dt.datetime | None
    updated_at: dt.datetime | None
    decision: DecisionAnswer | None = None

    @property
    def key(self) -> DrawKey:
        """Names the draw."""
        return DrawKey(self.lottery, self.date, self.label)

    @property
    def draw(self) -> Draw:
        """The draw of the domain, which is what `words` speak about."""
        return Draw(
            key=self.key,
            status=self.status,
            drawn_at=self.drawn_at,
            revision=self.revision,
            update=self.update,
            numbers=self.numbers,
            drawn=self.drawn,
            seen=self.seen,
            serial=self.serial,
            jackpot=self.jackpot,
            prizes=self.prizes,
            reason=self.reason,
            sources=tuple(
                Evidence(
                    source=one.source,
                    official=one.official,
                    origin=one.origin,
                    numbers=one.numbers,
                    agrees=one.agrees,
                    observed_at=one.observed_at,
                    page=one.sha256,
                    objections=one.objections,
                )
                for one in self.sources
            ),
            replaces=self.replaces,
            observed_at=self.observed_at,
            decided_at=self.decided_at,
            updated_at=self.updated_at,
            ruling=Ruling(self.decision.kind, "", self.decision.at, self.decision.reason) if self.decision else None,
        )


@dataclass(frozen=True, kw_only=True)
class LatestAnswer(DrawAnswer):
    """The newest draw of a lottery, with what a board needs around it."""

    game: Game
    pools: tuple[Pool, ...]
    next_draw: Next | None

    @property
    def rules(self) -> Lottery:
        """The lottery with the rules of that day alone."""
        return self.game.under((Era(self.date, self.pools, ()),))


@dataclass(frozen=True, kw_only=True)
class RevisionAnswer:
    """One link of a draw's history."""

    revision: int
    update: int
    status: Status
    reason: str
    numbers: Numbers
    updated_at: dt.datetime
    hash: str
    previous_hash: str


@dataclass(frozen=True, kw_only=True)
class DetailAnswer(DrawAnswer):
    """One draw with its lottery, its history and its neighbours (`date[/label]`)."""

    game: Game
    pools: tuple[Pool, ...]
    revisions: tuple[RevisionAnswer, ...]
    previous: str | None
    next: str | None

    @property
    def rules(self) -> Lottery:
        """The lottery with the rules of that day alone."""
        return self.game.under((Era(self.date, self.pools, ()),))


@dataclass(frozen=True, kw_only=True)
class PostAnswer:
    """What was published to a network."""

    account: str
    network: str
    lottery: Name
    date: dt.date
    label: str
    revision: int
    kind: str
    state: str
    url: str | None
    text: str
    image: str | None
    alt: str
    sent_at: dt.datetime | None
    tells: int = 1

    @property
    def key(self) -> DrawKey:
        """Names the draw it tells."""
        return DrawKey(self.lottery, self.date, self.label)


@dataclass(frozen=True, kw_only=True)
class StandingAnswer:
    """One thing that a source is up to."""

    state: str
    since: dt.datetime | None
    why: str
    lottery: str | None


@dataclass(frozen=True, kw_only=True)
class SourceAnswer:
    """Where results come from, what it is up to, and how it last went."""

    id: str
    publisher: str
    official: bool
    origin: str
    home: str
    lotteries: tuple[str, ...]
    standings: tuple[StandingAnswer, ...]
    asked_at: dt.datetime | None
    next_at: dt.datetime | None
    outcome: str | None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ProblemAnswer:
    """An error: what is wrong and what to do."""

    title: str = ""
    status: int = 0
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class NewsletterAnswer:
    """A newsletter that anybody may subscribe to."""

    id: str


@dataclass(frozen=True, kw_only=True)
class PushAnswer:
    """How a browser subscribes to notifications: by which key, and to what; without a key not at all."""

    key: str | None
    accounts: tuple[str, ...]
