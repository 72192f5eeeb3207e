"""Sources: where results come from, and how they fare."""

from fastapi import APIRouter

from lotto.api import schemas
from lotto.api.room import Here
from lotto.ledger import fetches

router = APIRouter(prefix="/sources", tags=["Sources"])


@router.get("")
async def every_source(room: Here) -> schemas.Page[schemas.Source]:
    """Every source: what it is up to, the last time it was asked with what came of it, and when it is asked next."""
    async with room.ledger.reading() as conn:
        found = (await room.lookout.look(conn)).sources
        last = await fetches.newest(conn, [one.source.name for one in found])
    return schemas.Page(items=[room.views.source(one, last.get(one.source.name)) for one in found], next=None)
