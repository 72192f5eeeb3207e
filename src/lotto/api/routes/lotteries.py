"""Lotteries: their rules, their ways to win, their calendar."""

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query

from lotto.api import schemas, views
from lotto.api.country import Country
from lotto.api.room import Here

router = APIRouter(prefix="/lotteries", tags=["Lotteries"])


@router.get("")
async def every_lottery(room: Here, country: Country = None) -> schemas.Page[schemas.Lottery]:
    """Every lottery in the catalogue, with the history of its rules and its next draw."""
    now = room.clock()
    found = [one for one in room.catalogue.lotteries.values() if country in (None, one.country)]
    return schemas.Page(items=[views.lottery(one, now) for one in found], next=None)


@router.get("/{lottery}")
async def one_lottery(lottery: str, room: Here) -> schemas.Lottery:
    """One lottery."""
    return views.lottery(room.lottery(lottery), room.clock())


@router.get("/{lottery}/coming")
async def coming(
    lottery: str, room: Here, limit: Annotated[int, Query(ge=1, le=200, description="how many at the most")] = 10
) -> schemas.Page[schemas.NextDraw]:
    """The next draws the calendar foresees, the first one first, within two months; none where it cannot know."""
    found = islice(room.lottery(lottery).coming(room.clock()), limit)
    return schemas.Page(items=[views.foreseen(at, key) for at, key in found], next=None)
