"""Subjects: the draws that a card of a draw to come, or of a collection's day, is about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from lotto.draws.draw import Draw, Status
from lotto.draws.lottery import Lottery
from lotto.ledger import queries
from lotto.ledger.connection import Connection


async def coming(conn: Connection, lottery: Lottery, now: datetime) -> Draw | None:
    """The lottery's next draw, with its jackpot where that is known; None when its calendar knows none."""
    found = lottery.next_draw(now)
    if found is None:
        return None
    at, key = found
    known = await queries.draw(conn, key)
    plain = Draw(key, Status.SCHEDULED, lottery.held_at(key, at))
    return (
        plain if known is None else replace(plain, jackpot=known.jackpot, revision=known.revision, update=known.update)
    )


async def of_day(conn: Connection, lotteries: Sequence[str], day: date) -> list[Draw]:
    """What was published of these lotteries on that local day, in their order."""
    found = [one async for one in queries.all_published(conn, lotteries, day, day)]
    order = {name: place for place, name in enumerate(lotteries)}
    return sorted(found, key=lambda one: (order[one.key.lottery], one.drawn_at, one.key.label))
