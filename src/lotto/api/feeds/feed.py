"""A feed and its entries, whatever they are written as."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lotto.draws.draw import Draw

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without an entry was updated: it must say something, and always the same."""


@dataclass(frozen=True)
class Picture:
    """The card of an entry; `size` in bytes."""

    url: str
    media: str
    size: int
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Entry:
    """A draw as one entry: `id` is the same for ever, `updated` rises with all that is told of it."""

    id: str
    url: str
    title: str
    text: str
    html: str
    published: datetime
    updated: datetime
    game: str
    draw: Draw
    picture: Picture | None


@dataclass(frozen=True)
class Feed:
    """Entries, what was told last first. `url` is the page for people; `base` is where the feed lies, without a form
    and the language."""

    id: str
    url: str
    base: str
    title: str
    about: str
    lang: str
    entries: Sequence[Entry]

    def address(self, form: str) -> str:
        """Where it lies in that form, in its language."""
        return f"{self.base}.{form}?lang={self.lang}"

    @property
    def updated(self) -> datetime:
        """When anything was last told in it."""
        return max((one.updated for one in self.entries), default=NEVER)
