"""Coming draws of all lotteries: the calendar of the next days."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query

from lotto.api import schemas, views
from lotto.api.country import Country
from lotto.api.room import Here
from lotto.draws.draw import DrawKey
from lotto.draws.lottery import Lottery

router = APIRouter(prefix="/coming", tags=["Lotteries"])


@router.get("")
async def every_coming(
    room: Here,
    country: Country = None,
    collection: Annotated[str | None, Query(max_length=60)] = None,
    days: Annotated[int, Query(ge=1, le=31, description="so many times 24 hours from now")] = 7,
) -> schemas.Page[schemas.ComingDraw]:
    """The draws the calendar foresees, the first one first.

    Of a lottery that is drawn every few minutes only the next one is told.
    """
    wanted = room.collection(collection).lotteries if collection is not None else tuple(room.catalogue.lotteries)
    lotteries = [room.catalogue.lotteries[one] for one in wanted]
    now = room.clock()
    found = [
        schemas.ComingDraw(**views.foreseen(at, key).model_dump(), game=views.summary(one))
        for one in lotteries
        if country in (None, one.country)
        for at, key in _ahead(one, now, now + timedelta(days=days))
    ]
    return schemas.Page(items=sorted(found, key=lambda one: (one.drawn_at, one.game.name, one.label)), next=None)


def _ahead(lottery: Lottery, now: datetime, until: datetime) -> Iterator[tuple[datetime, DrawKey]]:
    draws = lottery.draws(now, until)
    return islice(draws, 1) if lottery.is_quick(now) else draws
