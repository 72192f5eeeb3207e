"""A scope: what a feed, a calendar, an export or a listener's filter is of: a lottery, a collection or a country."""

from dataclasses import dataclass
from typing import Literal

from lotto.words import Words

PLACES = {"lottery": "lotteries", "collection": "collections", "country": "countries"}


@dataclass(frozen=True)
class Scope:
    """Some lotteries that are asked for by one name."""

    kind: Literal["lottery", "collection", "country"]
    id: str
    """As addresses write it; a country's two letters are lower case."""
    name: str
    """What people call it; empty for a country, which each language calls otherwise."""
    lotteries: tuple[str, ...]

    @property
    def path(self) -> str:
        """Its address below /api/v1."""
        return f"{PLACES[self.kind]}/{self.id}"

    def called(self, words: Words) -> str:
        """What people call it in that language."""
        return self.name or words.country(self.id)
