"""What a source is up to, in one word, with since when and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """The words are public; the worst comes first."""

    BLOCKED = "blocked"
    """It does not let us in: 401, 403, 429, 451, its robots.txt, or a page that asks for proof of a person."""
    CHANGED = "changed"
    """Its page is not the one we can read: a person must look."""
    SILENT = "silent"
    """It has given nothing for a while: no connection, no answer in time, errors, empty pages."""
    DISAGREEING = "disagreeing"
    """Its word on a recent draw is contradicted, by other sources or by the lottery's own rules."""
    LATE = "late"
    """It should have shown a draw by now and has not."""
    WELL = "well"
    RESTING = "resting"
    """We do not ask it at present."""

    @property
    def needs_a_person(self) -> bool:
        """Whether it will hardly mend by itself; what is late or contradicted may well."""
        return self in (State.BLOCKED, State.CHANGED, State.SILENT)


ORDER = tuple(State)
"""The states, the worst first."""


@dataclass(frozen=True)
class Standing:
    """One thing a source is up to.

    A source has several standings where several things are wrong with it, else one: well, or resting. Without a
    `source` it is the lottery's own standing: it is late with all its sources, or they disagree.
    """

    source: str
    state: State
    since: datetime | None
    """Aware; None where nobody can tell: it was never asked, or it rests."""
    why: str
    """A sentence."""
    lottery: str | None = None
    """The lottery it is about; None when it is the source as a whole."""


@dataclass(frozen=True)
class Watched:
    """What the watch must know of a source."""

    name: str
    pace: timedelta
    """Between two asks for one name, at the fastest."""
    resting: str = ""
    """Why it is not asked; empty when it is."""


def worst(standings: Sequence[Standing]) -> Standing:
    """The standing that tells most: of the worst state, that of the whole source before that of one lottery."""
    return min(standings, key=lambda one: (ORDER.index(one.state), one.lottery or ""))
