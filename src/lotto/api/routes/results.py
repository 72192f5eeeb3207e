"""The newest results of all lotteries."""

from typing import Annotated

from fastapi import APIRouter, Query

from lotto.api import schemas
from lotto.api.country import Country
from lotto.api.room import Here
from lotto.ledger import cards, queries

router = APIRouter(prefix="/results", tags=["Results"])


@router.get("/latest")
async def latest(
    room: Here,
    country: Country = None,
    collection: Annotated[str | None, Query(max_length=60)] = None,
    lottery: Annotated[list[str], Query(max_length=200, description="only of these lotteries")] = [],  # noqa: B006
) -> schemas.Page[schemas.LatestDraw]:
    """The newest draw of each lottery, the newest of all first."""
    wanted = list(room.collection(collection).lotteries if collection is not None else room.catalogue.lotteries)
    if lottery:
        named = {room.lottery(one).id for one in lottery}
        wanted = [one for one in wanted if one in named]
    if country is not None:
        wanted = [one for one in wanted if room.catalogue.lotteries[one].country == country]
    async with room.ledger.reading() as conn:
        found = await queries.latest(conn, wanted)
        pictures = await cards.of(conn, [one.key for one in found])
    now = room.clock()
    return schemas.Page(items=[room.views.latest(one, pictures.get(one.key, ()), now) for one in found], next=None)
