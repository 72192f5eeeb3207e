"""Draws, as the API answers them."""

import datetime as dt
from dataclasses import dataclass

from lotto.draws.draw import Act, Draw, DrawKey, Evidence, Money, Numbers, Prize, Ruling, Seen, Status
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Pool
from lotto.web.answers.lottery import Game, Name, Next


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
