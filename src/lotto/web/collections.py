"""Collections: which there are, and what their games drew last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from lotto.web.answers import CollectionAnswer, LotteryAnswer
from lotto.words import Words

MOST_NAMES = 6
"""So many games are named beside a collection."""


@dataclass(frozen=True)
class Shelf:
    """One collection in the list of all."""

    path: str
    """Below a language."""
    name: str
    games: str
    """How many games it holds."""
    names: str
    """Some of them."""


def shelves(
    words: Words, collections: Iterable[CollectionAnswer], lotteries: Sequence[LotteryAnswer]
) -> tuple[Shelf, ...]:
    """Every collection that holds a game we know, by name."""
    called = {one.id: one.name for one in lotteries}
    made = (_shelf(words, one, [called[held] for held in one.lotteries if held in called]) for one in collections)
    return tuple(sorted((one for one in made if one.names), key=lambda one: one.name.casefold()))


def collection_path(collection: str) -> str:
    """Where a collection stands below a language."""
    return f"collections/{quote(collection, safe='')}"


def _shelf(words: Words, one: CollectionAnswer, names: Sequence[str]) -> Shelf:
    told = " · ".join(dict.fromkeys(names[:MOST_NAMES])) + (" …" if names[MOST_NAMES:] else "")
    return Shelf(collection_path(one.id), one.name, words.say("page.collection.games", count=len(names)), told)
