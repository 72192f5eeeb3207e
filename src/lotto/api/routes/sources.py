"""Sources: where results come from, and how they fare."""

from fastapi import APIRouter

from lotto.api import schemas
from lotto.api.problems import missing
from lotto.api.room import Here
from lotto.ledger import fetches

router = APIRouter(prefix="/sources", tags=["Sources"])

ASKS = 20
"""How many of the last asks are told of one source."""


@router.get("")
async def every_source(room: Here) -> schemas.Page[schemas.Source]:
    """Every source: what it is up to, the last time it was asked with what came of it, and when it is asked next."""
    async with room.ledger.reading() as conn:
        found = (await room.lookout.look(conn)).sources
        last = await fetches.newest(conn, [one.source.name for one in found])
    return schemas.Page(items=[room.views.source(one, last.get(one.source.name)) for one in found], next=None)


@router.get("/{source}")
async def one_source(source: str, room: Here) -> schemas.SourceDetail:
    """One source, with how it was asked the last times."""
    async with room.ledger.reading() as conn:
        known = {one.source.name: one for one in (await room.lookout.look(conn)).sources}
        if source not in known:
            raise missing(f"There is no source “{source[:60]}”; /api/v1/sources lists them all.")
        asks = await fetches.last(conn, source, ASKS)
    return room.views.asked(known[source], asks)
