"""Loads the catalogue: our own files, and those of an operator beside or over them."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from lotto.catalogue.collection import Collection, collection
from lotto.catalogue.document import BadFile, Document
from lotto.catalogue.lottery import lottery
from lotto.draws.lottery import Lottery

OURS = Path(__file__).parent


@dataclass(frozen=True)
class Catalogue:
    """Every lottery and every collection, by id."""

    lotteries: Mapping[str, Lottery]
    collections: Mapping[str, Collection]
    _named: Mapping[tuple[str, str], tuple[Lottery, str]] = field(repr=False)

    def named(self, source: str, name: str) -> list[tuple[Lottery, str]]:
        """The lottery that this source calls so, with the draw's label (empty: the reading carries it); or nothing."""
        found = self._named.get((source, name))
        return [found] if found else []

    def told_by(self, sources: Set[str]) -> "Catalogue":
        """What is left of it where only these sources are: their lotteries, and the collections that hold any."""
        lotteries = {
            name: replace(one, sources={source: names for source, names in one.sources.items() if source in sources})
            for name, one in self.lotteries.items()
            if not sources.isdisjoint(one.sources)
        }
        collections = {
            name: replace(one, lotteries=kept)
            for name, one in self.collections.items()
            if (kept := tuple(lottery for lottery in one.lotteries if lottery in lotteries))
        }
        named = {
            place: (lotteries[one.id], label) for place, (one, label) in self._named.items() if place[0] in sources
        }
        return Catalogue(lotteries, collections, named)


def load(directory: Path | None = None) -> Catalogue:
    """The catalogue, read anew; raises BadFile at the first file that is not in order.

    `directory` is an operator's own, with `lotteries` or `collections` in it: a file there adds to ours, and one of
    the same name takes the place of ours.
    """
    if directory and not any((directory / shelf).is_dir() for shelf in ("lotteries", "collections")):
        raise BadFile(directory, None, "This is no catalogue; put a folder “lotteries” or “collections” into it.")
    lotteries: dict[str, Lottery] = {}
    named: dict[tuple[str, str], tuple[Lottery, str]] = {}
    for document in _documents("lotteries", directory):
        one = lotteries[document.id] = lottery(document)
        for source, names in one.sources.items():
            for name, label in names.items():
                if (source, name) in named:
                    other = named[source, name][0].id
                    raise document.bad(
                        ("sources", source, name), f"{source}'s “{name}” is already {other}'s; keep one."
                    )
                named[source, name] = one, label
    collections = {document.id: collection(document, lotteries) for document in _documents("collections", directory)}
    return Catalogue(lotteries, collections, named)


def _documents(shelf: str, directory: Path | None) -> list[Document]:
    files: dict[str, Path] = {}
    for place in filter(None, (OURS, directory)):
        files |= {file.stem: file for file in (place / shelf).glob("*.toml")}
    return [Document(files[name]) for name in sorted(files)]
