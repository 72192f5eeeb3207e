"""Lotteries: their rules, their ways to win, their calendar."""

from fastapi import APIRouter

from lotto.api import schemas, views
from lotto.api.room import Here

router = APIRouter(prefix="/lotteries", tags=["Lotteries"])


@router.get("")
async def every_lottery(room: Here) -> schemas.Page[schemas.Lottery]:
    """Every lottery in the catalogue, with the history of its rules and its next draw."""
    now = room.clock()
    return schemas.Page(items=[views.lottery(one, now) for one in room.catalogue.lotteries.values()], next=None)


@router.get("/{lottery}")
async def one_lottery(lottery: str, room: Here) -> schemas.Lottery:
    """One lottery."""
    return views.lottery(room.lottery(lottery), room.clock())
