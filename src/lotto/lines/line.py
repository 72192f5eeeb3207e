"""A published draw as one line of an export: everything told of it, and what each source said."""

from datetime import UTC, date, datetime
from typing import Annotated

import msgspec

from lotto.draws.draw import Draw, DrawKey, Evidence, Money, Numbers, Prize

Short = Annotated[str, msgspec.Meta(max_length=100)]
"""What names something; nobody's name is longer."""


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """One draw. Amounts are decimal texts; instants are UTC; a number is a number, every other value a text."""

    lottery: Short
    date: date
    label: Short
    drawn_at: datetime
    status: str
    revision: int
    numbers: Numbers
    drawn: Numbers
    serial: str | None
    jackpot: Money | None
    prizes: tuple[Prize, ...]
    reason: str
    sources: tuple[Evidence, ...]
    observed_at: datetime | None
    decided_at: datetime | None
    updated_at: datetime | None

    @property
    def key(self) -> DrawKey:
        """Which draw it is."""
        return DrawKey(self.lottery, self.date, self.label)


COLUMNS = tuple(Line.__struct_fields__)


def line_of(draw: Draw) -> Line:
    """The line of a draw."""
    return Line(
        draw.key.lottery,
        draw.key.date,
        draw.key.label,
        draw.drawn_at.astimezone(UTC),
        str(draw.status),
        draw.revision,
        draw.numbers,
        draw.drawn,
        draw.serial,
        draw.jackpot,
        draw.prizes,
        draw.reason,
        draw.sources,
        draw.observed_at,
        draw.decided_at,
        draw.updated_at,
    )
