"""A draw: one event of a lottery, what each source said of it, and what we hold true."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

Value = int | str
"""One drawn thing: an integer of a number pool, a string of every other (0 is not 00)."""

Numbers = Mapping[str, tuple[Value, ...]]
"""Pool name → values; unordered pools ascending, ordered pools as drawn. Which pools there are, the era says."""

Seen = Mapping[str, tuple[Value | None, ...]]
"""Pool name → values as one source shows them; `None` is a place whose value the source does not tell."""


class Status(StrEnum):
    """How far we hold a draw true; the words are public."""

    SCHEDULED = "scheduled"
    PARTIAL = "partial"
    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    HELD = "held"
    VOID = "void"


@dataclass(frozen=True, order=True)
class DrawKey:
    """Names one draw for ever: lottery, local calendar day, and a label that tells draws of one day apart."""

    lottery: str
    date: date
    label: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.lottery, self.date.isoformat(), self.label)))

    @classmethod
    def parse(cls, text: str) -> "DrawKey":
        """Reads `<lottery>/<date>[/<label>]`, so that each draw has one text; raises ValueError with a sentence."""
        sentence = f"“{text}” is not a draw; write lottery/YYYY-MM-DD or lottery/YYYY-MM-DD/label."
        parts = re.fullmatch(r"([^/]+)/([0-9]{4}-[0-9]{2}-[0-9]{2})(?:/([^/]+))?", text)
        if parts is None:
            raise ValueError(sentence)
        try:
            return cls(parts[1], date.fromisoformat(parts[2]), parts[3] or "")
        except ValueError:
            raise ValueError(sentence) from None


@dataclass(frozen=True)
class Money:
    """An amount in the currency's main unit."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Prize:
    """One tier as the source tells it; what it does not tell is None."""

    tier: str
    winners: int | None = None
    amount: Money | None = None


@dataclass(frozen=True)
class Observation:
    """What one source said of one draw, weighed against the lottery's rules but against no other source."""

    key: DrawKey
    source: str
    origin: str
    official: bool
    numbers: Seen
    observed_at: datetime
    page: str
    """SHA-256 of the page it was read from."""
    parser: int = 1
    drawn: Seen | None = None
    """Values in drawn order, for the pools whose `numbers` are sorted."""
    serial: str | None = None
    jackpot: Money | None = None
    prizes: tuple[Prize, ...] = ()
    objections: tuple[str, ...] = ()
    drawn_at: datetime | None = None
    """When the source says it was drawn; the calendar's word counts more."""


@dataclass(frozen=True)
class Evidence:
    """One source's say in a verdict, kept with the result and shown to everyone."""

    source: str
    official: bool
    origin: str
    numbers: Seen
    agrees: bool
    observed_at: datetime
    page: str
    objections: tuple[str, ...] = ()


class Act(StrEnum):
    """What a person can rule of a draw."""

    HOLD = "hold"
    APPROVE = "approve"
    CORRECT = "correct"
    VOID = "void"


@dataclass(frozen=True)
class Ruling:
    """A person's word on a draw: in force until the next one, whatever sources say; see `lotto.draws.verdict`."""

    kind: Act
    by: str
    """Who; kept and never published, empty in what leaves the ledger."""
    at: datetime
    reason: str
    numbers: Numbers = field(default_factory=dict)
    """Of `approve` and `correct`: the values to be published."""
    seen: Mapping[str, Seen] = field(default_factory=dict)
    """What each source showed when the person decided: only what is new since can speak against it."""


@dataclass(frozen=True)
class Draw:
    """A draw as we hold it now: the whole of it, as events carry it and the API serves it.

    `revision` counts published values: 0 while nothing is published, 1 at first, more only after a correction, and when
    they are taken back since the draw is void.
    `update` rises with everything else worth telling and never falls. Instants are aware, UTC.
    """

    key: DrawKey
    status: Status
    drawn_at: datetime
    revision: int = 0
    update: int = 0
    numbers: Numbers = field(default_factory=dict)
    """What we publish; empty while nothing is."""
    drawn: Numbers = field(default_factory=dict)
    seen: Seen = field(default_factory=dict)
    """What is seen of a draw under way; empty once it is whole."""
    serial: str | None = None
    jackpot: Money | None = None
    prizes: tuple[Prize, ...] = ()
    reason: str = ""
    """Why the status is what it is, one plain sentence."""
    sources: tuple[Evidence, ...] = ()
    replaces: Numbers = field(default_factory=dict)
    """The values of the revision before, when this one corrects it."""
    observed_at: datetime | None = None
    """When we first saw any of it."""
    decided_at: datetime | None = None
    """When the values now published were decided."""
    updated_at: datetime | None = None
    ruling: Ruling | None = None
    """The person's word in force, if any was given."""
