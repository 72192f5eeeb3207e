"""What a player's lines won."""

from datetime import date

from fastapi import APIRouter, HTTPException

from lotto.api import schemas, views
from lotto.api.room import Here
from lotto.draws import checking
from lotto.draws.checking import BadLine
from lotto.ledger import queries

router = APIRouter(prefix="/check", tags=["Checking"])

MOST = 20_000
"""Draws that one question may look at; a span with more is asked for in parts."""


@router.post("")
async def check(asked: schemas.CheckQuestion, room: Here) -> schemas.Checked:
    """What these lines won in every published draw of a span, each by the rules of its day.

    A line with more values than the game takes is a system: all the lines that they make.
    """
    lottery = room.lottery(asked.lottery)
    first, last = asked.from_ or date.min, asked.to or date.max
    async with room.ledger.reading() as conn:
        drawn = await queries.published(conn, lottery.id, first, last, MOST + 1)
    if len(drawn) > MOST:
        raise HTTPException(422, f"That span has more than {MOST} draws: ask for a part of it with from and to.")
    lines = [{pool: [*map(str, values)] for pool, values in line.items()} for line in asked.lines]
    try:
        return views.checked(lottery, checking.check(lottery, lines, drawn))
    except BadLine as error:
        raise HTTPException(422, str(error)) from None
