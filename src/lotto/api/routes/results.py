"""The newest results of all lotteries."""

from typing import Annotated

from fastapi import APIRouter, Query

from lotto.api import schemas
from lotto.api.problems import missing
from lotto.api.room import Here
from lotto.ledger import cards, queries

router = APIRouter(prefix="/results", tags=["Results"])


@router.get("/latest")
async def latest(
    room: Here,
    country: Annotated[str | None, Query(pattern="^[A-Za-z]{2}$", description="two letters, ISO 3166-1")] = None,
    collection: Annotated[str | None, Query(max_length=60)] = None,
) -> schemas.Page[schemas.LatestDraw]:
    """The newest draw of each lottery, the newest of all first."""
    wanted = list(room.catalogue.lotteries)
    if collection is not None:
        known = room.catalogue.collections.get(collection)
        if known is None:
            raise missing(f"There is no collection “{collection}”; /api/v1/collections lists them all.")
        wanted = list(known.lotteries)
    if country is not None:
        wanted = [one for one in wanted if room.catalogue.lotteries[one].country == country.upper()]
    async with room.ledger.reading() as conn:
        found = await queries.latest(conn, wanted)
        pictures = await cards.of(conn, [one.key for one in found])
    now = room.clock()
    return schemas.Page(items=[room.views.latest(one, pictures.get(one.key, ()), now) for one in found], next=None)
