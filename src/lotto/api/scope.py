"""A scope: what a feed, a calendar, an export or a listener's filter is of: a lottery, a collection or a country."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Path

from lotto.api.problems import missing
from lotto.api.room import Here

Kind = Literal["lottery", "collection", "country"]


@dataclass(frozen=True)
class Scope:
    """Some lotteries that are asked for by one name."""

    kind: Kind
    id: str
    """As addresses write it; a country's two letters are lower case."""
    title: str
    """What people call it; a country's code, which each language has its own name for."""
    lotteries: tuple[str, ...]

    @property
    def path(self) -> str:
        """Its address below /api/v1."""
        return f"{PLACES[self.kind]}/{self.id}"


PLACES = {"lottery": "lotteries", "collection": "collections", "country": "countries"}


def of_lottery(lottery: Annotated[str, Path(description="the id of a lottery")], room: Here) -> Scope:
    """That lottery alone, or a 404."""
    found = room.lottery(lottery)
    return Scope("lottery", found.id, found.name, (found.id,))


def of_collection(collection: Annotated[str, Path(description="the id of a collection")], room: Here) -> Scope:
    """The lotteries of a collection in its order, or a 404."""
    found = room.catalogue.collections.get(collection)
    if found is None:
        raise missing(f"There is no collection “{collection[:60]}”; /api/v1/collections lists them all.")
    return Scope("collection", found.id, found.name, found.lotteries)


def of_country(country: Annotated[str, Path(description="two letters, ISO 3166-1")], room: Here) -> Scope:
    """The lotteries of a country, or a 404."""
    code = country.upper()
    found = tuple(one.id for one in room.catalogue.lotteries.values() if one.country == code)
    if not found:
        known = ", ".join(sorted({one.country for one in room.catalogue.lotteries.values()}))
        raise missing(f"There is no lottery of the country “{country[:20]}”; there are those of {known}.")
    return Scope("country", code.lower(), code, found)
