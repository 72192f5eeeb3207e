"""How long draws take from step to step: drawn, seen, decided, card, posted."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from lotto.api import schemas, views
from lotto.api.day import Day
from lotto.api.problems import missing
from lotto.api.room import Here
from lotto.draws.draw import DrawKey
from lotto.draws.lottery import Lottery
from lotto.draws.steps import Step, Steps
from lotto.ledger import queries, steps

router = APIRouter(tags=["Latency"])

OF_EACH = 20
"""Draws of each lottery, of which the whole house is told."""


@router.get("/latency")
async def of_house(room: Here) -> schemas.HousePaces:
    """How long the newest draws of all lotteries took from step to step: half of them, 90 %, 99 %, and the slowest.

    It counts the newest 20 draws of each. In a practice world, whose clock is not that of the machine, cards and posts
    are left out.
    """
    lotteries = room.catalogue.lotteries
    async with room.ledger.reading() as conn:
        found = await steps.newest_of_each(conn, list(lotteries), OF_EACH)
    return views.house_paces([_measurable(room, lotteries[one.key.lottery], one) for one in found])


@router.get("/lotteries/{lottery}/latency")
async def of_lottery(
    lottery: str, room: Here, draws: Annotated[int, Query(ge=1, le=1000, description="of so many newest draws")] = 100
) -> schemas.Paces:
    """How long a lottery's newest draws took from step to step: half of them, 90 %, 99 %, and the slowest.

    In a practice world, whose clock is not that of the machine, cards and posts are left out.
    """
    known = room.lottery(lottery)
    async with room.ledger.reading() as conn:
        found = await steps.newest(conn, known.id, draws)
    return views.paces(known.id, [_measurable(room, known, one) for one in found])


@router.get("/lotteries/{lottery}/draws/{day}/latency")
async def of_draw(lottery: str, day: Day, room: Here) -> schemas.Latency:
    """When each step of a draw was made, of a lottery that holds one a day."""
    return await _of(room, lottery, day, "")


@router.get("/lotteries/{lottery}/draws/{day}/{label}/latency")
async def of_labelled_draw(lottery: str, day: Day, label: str, room: Here) -> schemas.Latency:
    """When each step of one of several draws of a day was made."""
    return await _of(room, lottery, day, label)


async def _of(room: Here, lottery: str, day: date, label: str) -> schemas.Latency:
    known = room.lottery(lottery)
    key = DrawKey(known.id, day, label)
    async with room.ledger.reading() as conn:
        if not label.isprintable() or await queries.draw(conn, key) is None:
            raise missing(f"Nothing is known of such a draw of {known.name} yet; its `draws` list those that are.")
        found = await steps.of_draw(conn, key)
    return views.latency(key, found and _measurable(room, known, found))


def _measurable(room: Here, lottery: Lottery, one: Steps) -> Steps:
    """Without what cannot be measured: a draw whose time nobody knows, and what another clock timed."""
    timed = lottery.drawn_at(one.key) is not None
    ours = room.clock is room.wall
    left_out = {*([] if timed else [Step.DRAWN]), *([] if ours else [Step.CARD, Step.POSTED])}
    return replace(one, at={step: at for step, at in one.at.items() if step not in left_out})
