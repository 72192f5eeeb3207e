"""The contract of a format: where a source is found, what it knows and when, and how it writes that down."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from lotto.replay.figure import Figure


class Format:
    """One source of the practice world. Pure: a page is made of the figures it is given and of nothing else."""

    source: ClassVar[str]
    """Its registry name, which is its file's name."""
    host: ClassVar[str]
    zone: ClassVar[ZoneInfo]
    """In which its days begin and its hours are written."""
    media: ClassVar[str]
    addresses: ClassVar[Mapping[str, tuple[str, ...]]]
    """Path → the games told there, as the figures call them; none means every game."""
    redesigned: ClassVar[str]
    """What it would answer after a redesign: the right page, and no number in it."""

    def figures(self) -> Iterator[Figure]:
        """Every figure of this source with its instant of publication, in any order."""
        raise NotImplementedError

    def page(self, path: str, told: Sequence[Figure], now: datetime) -> str:
        """The page at `path` once `told` is published (oldest first), as it looks at `now`."""
        raise NotImplementedError

    def tells(self, path: str, game: str) -> bool:
        """The page at `path` shows draws of that game."""
        return not self.addresses[path] or game in self.addresses[path]
