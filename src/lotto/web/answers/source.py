"""Sources, as the API answers them."""

import datetime as dt
from dataclasses import dataclass


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
