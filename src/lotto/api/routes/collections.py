"""Collections: named sets of lotteries."""

from fastapi import APIRouter

from lotto.api import schemas
from lotto.api.problems import missing
from lotto.api.room import Here

router = APIRouter(prefix="/collections", tags=["Collections"])


@router.get("")
async def every_collection(room: Here) -> schemas.Page[schemas.Collection]:
    """Every collection."""
    return schemas.Page(items=[room.views.collection(one) for one in room.catalogue.collections.values()], next=None)


@router.get("/{collection}")
async def one_collection(collection: str, room: Here) -> schemas.Collection:
    """One collection."""
    found = room.catalogue.collections.get(collection)
    if found is None:
        raise missing(f"There is no collection “{collection[:60]}”; /api/v1/collections lists them all.")
    return room.views.collection(found)
