"""A figure: one draw as one source tells it, and since when."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Figure:
    """What a source publishes of one draw, as texts in its own order and spelling.

    `game` is the source's name for it; one source's `(game, date)` names a draw. A board that shows two numbers and a
    minute later three has two figures of that draw, and the later one stands in the place of the earlier.
    """

    source: str
    game: str
    date: date
    numbers: tuple[str, ...]
    """An empty text is a place the source leaves open."""
    published_at: datetime
    """The instant from which the source shows it, aware."""
    shown: str = ""
    """The time of day printed beside it, where the page prints one."""
    extra: str = ""
    """What stands beside the numbers and was not drawn from the pool: the multiplier."""

    @property
    def whole(self) -> bool:
        """Every place is filled."""
        return all(self.numbers)
