"""Draws as the world sees them: values, evidence, prizes, cards, history."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from lotto.api.schemas.lottery import LotterySummary, NextDraw, Pool
from lotto.api.schemas.money import Money
from lotto.api.schemas.schema import Schema

Status = Literal["scheduled", "partial", "provisional", "confirmed", "held", "void"]
Values = list[int | str | None]


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
