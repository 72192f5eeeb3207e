"""Collections: named sets of lotteries."""

from fastapi import APIRouter

from lotto.api import schemas
from lotto.api.room import Here

router = APIRouter(prefix="/collections", tags=["Collections"])


@router.get("")
async def every_collection(room: Here) -> schemas.Page[schemas.Collection]:
    """Every collection."""
    return schemas.Page(items=[room.views.collection(one) for one in room.catalogue.collections.values()], next=None)


@router.get("/{collection}")
async def one_collection(collection: str, room: Here) -> schemas.Collection:
    """One collection."""
    return room.views.collection(room.collection(collection))
