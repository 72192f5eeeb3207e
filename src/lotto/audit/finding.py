"""A finding: one thing that is not as it should be, with what each witness shows; and the figures of a lottery."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lotto.draws.draw import DrawKey, Observation, Seen


class Kind(StrEnum):
    """What is not as it should be; the words are public."""

    DIFFER = "differ"
    """Two sources contradict each other."""
    CHANGED = "changed"
    """One source says two things that contradict: at two times, or on two of its pages."""
    MOVED = "moved"
    """A source has the draw, on a neighbouring day or under another label."""
    REPEATED = "repeated"
    """A source shows the values of the draw before it."""
    RULE = "rule"
    """The lottery's own rules object."""
    OPEN = "open"
    """A source leaves open what it tells of other draws, long after this one."""
    GAP = "gap"
    """A source has no such draw, though it has earlier and later ones, and another has it."""
    UNSEEN = "unseen"
    """The calendar foresees the draw, and none has it of those who have earlier and later ones."""


@dataclass(frozen=True)
class Said:
    """What one witness shows of a draw. `page` names the recorded page; it is empty for a source's word in a ledger."""

    source: str
    origin: str
    official: bool
    page: str
    numbers: Seen
    observed_at: datetime

    @classmethod
    def of(cls, one: Observation, page: str) -> "Said":
        """What that observation shows, on that page."""
        return cls(one.source, one.origin, one.official, page, one.numbers, one.observed_at)


@dataclass(frozen=True)
class Finding:
    """One finding about a draw, or about a run of them.

    `source` is whose word is odd; it is empty where two contradict and nothing tells which of them is right.
    `words` is a sentence where there is more to tell, and `shown_at` where a moved or repeated draw stands instead.
    """

    kind: Kind
    key: DrawKey
    source: str = ""
    said: tuple[Said, ...] = ()
    words: str = ""
    shown_at: DrawKey | None = None
    run: tuple[DrawKey, ...] = ()
    """All draws it tells of, `key` first; empty where it is the one."""

    @property
    def until(self) -> DrawKey | None:
        """The last draw of a run; None where there is but one."""
        return self.run[-1] if len(self.run) > 1 else None

    @property
    def count(self) -> int:
        """Of how many draws it tells."""
        return max(1, len(self.run))


@dataclass(frozen=True)
class Tally:
    """The figures of one lottery. A draw is compared when sources of two origins show all of it."""

    draws: int = 0
    compared: int = 0
    agreeing: int = 0
    """Compared draws that nobody contradicts."""
    disagreeing: int = 0
    """Draws that sources, or one source's own words, contradict each other about; moved and repeated ones are here."""
    gaps: Mapping[str, int] = field(default_factory=dict)
    """Source → how many draws it has not that another has."""
    unseen: int = 0
    """Draws of the calendar that none has."""
    sources: tuple[str, ...] = ()
