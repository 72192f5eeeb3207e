"""A choice among all lotteries: those of a country, those of a collection, or those of both."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from lotto.web.answers import CollectionAnswer, Game
from lotto.words import Words


@dataclass(frozen=True)
class Choice:
    """What is chosen; empty is everything."""

    country: str = ""
    collection: str = ""

    @property
    def query(self) -> str:
        """As an address writes it, with its question mark."""
        asked = {name: one for name, one in (("country", self.country), ("collection", self.collection)) if one}
        return f"?{urlencode(asked)}" if asked else ""

    @property
    def scope(self) -> str:
        """Where its feeds, calendars and exports stand below /api/v1; a collection before a country, else empty."""
        if self.collection:
            return f"collections/{quote(self.collection, safe='')}"
        return f"countries/{quote(self.country.lower(), safe='')}" if self.country else ""

    def holds(self, game: Game, collections: Iterable[CollectionAnswer]) -> bool:
        """Whether that lottery is chosen."""
        members = [one.lotteries for one in collections if one.id == self.collection]
        return self.country in ("", game.country) and (not self.collection or any(game.id in one for one in members))


@dataclass(frozen=True)
class Chip:
    """One thing that may be chosen, and the query that chooses it."""

    name: str
    query: str
    chosen: bool


@dataclass(frozen=True)
class Chooser:
    """All that may be chosen; a row is empty where there is nothing to choose between."""

    countries: tuple[Chip, ...]
    collections: tuple[Chip, ...]
    choice: Choice


def chooser(words: Words, games: Iterable[Game], collections: Sequence[CollectionAnswer], choice: Choice) -> Chooser:
    """What may be chosen of these lotteries: one row chosen, the other stays as it is."""
    seen = {one.id: one for one in games}
    countries = sorted({one.country for one in seen.values()}, key=words.country)
    named = [(code, words.country(code)) for code in countries]
    useful = [(one.id, one.name) for one in collections if one.id == choice.collection or _tells_apart(one, seen)]
    return Chooser(
        countries=tuple(_row(words.say("page.board.everywhere"), named, choice, "country")) if named[1:] else (),
        collections=tuple(_row(words.say("page.board.any"), useful, choice, "collection")) if useful else (),
        choice=choice,
    )


def _tells_apart(collection: CollectionAnswer, seen: dict[str, Game]) -> bool:
    """Whether it holds some of them and not all, and not just those of a country, which is chosen by its own row."""
    held = {one for one in collection.lotteries if one in seen}
    countries = {seen[one].country for one in held}
    same_country = {one.id for one in seen.values() if one.country in countries}
    return 0 < len(held) < len(seen) and not (len(countries) == 1 and held == same_country)


def _row(whole: str, named: Iterable[tuple[str, str]], choice: Choice, what: str) -> Iterator[Chip]:
    chosen = getattr(choice, what)
    for value, name in (("", whole), *named):
        yield Chip(name, replace(choice, **{what: value}).query, chosen == value)
