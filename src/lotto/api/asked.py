"""What is asked for: the scope that an address names, or a 404 that says what to ask for instead."""

from typing import Annotated

from fastapi import Path

from lotto.api.problems import missing
from lotto.api.room import Here
from lotto.api.scope import Scope


def of_lottery(lottery: Annotated[str, Path(description="the id of a lottery")], room: Here) -> Scope:
    """That lottery alone."""
    found = room.lottery(lottery)
    return Scope("lottery", found.id, found.name, (found.id,))


def of_collection(collection: Annotated[str, Path(description="the id of a collection")], room: Here) -> Scope:
    """The lotteries of a collection, in its order."""
    found = room.collection(collection)
    return Scope("collection", found.id, found.name, found.lotteries)


def of_country(country: Annotated[str, Path(description="two letters, ISO 3166-1")], room: Here) -> Scope:
    """The lotteries of a country."""
    found = tuple(one.id for one in room.catalogue.lotteries.values() if one.country == country.upper())
    if not found:
        known = ", ".join(sorted({one.country for one in room.catalogue.lotteries.values()}))
        raise missing(f"There is no lottery of the country “{country[:20]}”; there are those of {known}.")
    return Scope("country", country.lower(), "", found)


SCOPES = {
    "/lotteries/{lottery}": of_lottery,
    "/collections/{collection}": of_collection,
    "/countries/{country}": of_country,
}
"""The address of each kind of scope, and what finds it."""
