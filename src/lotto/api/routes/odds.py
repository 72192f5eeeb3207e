"""The odds of a lottery."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from lotto.api import schemas, views
from lotto.api.room import Here

router = APIRouter(prefix="/lotteries", tags=["Statistics"])


@router.get("/{lottery}/odds")
async def odds(
    lottery: str,
    room: Here,
    on: Annotated[date | None, Query(description="by the rules of that day, as 2024-01-01; else by today's")] = None,
) -> schemas.Odds:
    """The exact chance of each way to win, counted from the pools that were drawn from on that day."""
    known = room.lottery(lottery)
    day = on or room.clock().astimezone(known.zone).date()
    era = known.era(day)
    if era is None:
        starts_on = known.eras[0].starts_on
        raise HTTPException(422, f"{known.name} has no rules for {day}; its first era starts on {starts_on}.")
    return views.odds_of(known, era, day)
