"""The figures of a lottery's draws."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from lotto.api import schemas, views
from lotto.api.day import AnyDay
from lotto.api.room import Here
from lotto.draws import matrix
from lotto.draws.matrix import BadSpan
from lotto.draws.statistics import statistics
from lotto.ledger import tallies
from lotto.ledger.tallies import NotCounted

router = APIRouter(prefix="/lotteries", tags=["Statistics"])


@router.get("/{lottery}/statistics")
async def figures(
    lottery: str,
    room: Here,
    since: Annotated[AnyDay | None, Query(alias="from", description="the first day, as 2024-01-01")] = None,
    until: Annotated[AnyDay | None, Query(alias="to", description="the last day, that day included")] = None,
) -> schemas.Statistics:
    """What was drawn how often in a span of local days, beside what fair draws give.

    A span lies within the days in which the pools were the same; without days it is those of today's pools. Draws are
    independent: the figures foretell nothing.
    """
    known = room.lottery(lottery)
    try:
        drum, first, last = matrix.span(known, since, until)
        async with room.ledger.reading() as conn:
            counted = await tallies.of_span(conn, known, drum, first, last)
    except BadSpan as error:
        raise HTTPException(422, str(error)) from None
    except NotCounted as error:
        raise HTTPException(503, str(error), {"Retry-After": "5"}) from None
    return views.statistics(known, first, last, statistics(drum, counted))
