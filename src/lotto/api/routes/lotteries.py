"""Lotteries and their draws."""

from datetime import UTC, date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from lotto.api import cursor as cursors
from lotto.api import schemas, views
from lotto.api.problems import missing
from lotto.api.room import Here
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.ledger import cards, queries

router = APIRouter(prefix="/lotteries", tags=["Lotteries"])


Day = Annotated[schemas.Day, Path(description="the day in the lottery's own zone, as 2024-11-02")]
"""A route's parameter of this type is the local day of a draw."""


@router.get("")
async def every_lottery(room: Here) -> schemas.Page[schemas.Lottery]:
    """Every lottery in the catalogue, with the history of its rules and its next draw."""
    now = room.clock()
    return schemas.Page(items=[views.lottery(one, now) for one in room.catalogue.lotteries.values()], next=None)


@router.get("/{lottery}")
async def one_lottery(lottery: str, room: Here) -> schemas.Lottery:
    """One lottery."""
    return views.lottery(room.lottery(lottery), room.clock())


@router.get("/{lottery}/draws")
async def draws(
    lottery: str,
    request: Request,
    room: Here,
    limit: Annotated[int, Query(ge=1, le=200, description="how many at the most")] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="from `next` of the page before")] = None,
) -> schemas.Page[schemas.Draw]:
    """A lottery's draws, newest first."""
    known = room.lottery(lottery)
    async with room.ledger.reading() as conn:
        found = await queries.draws(conn, known.id, limit + 1, cursors.read(cursor) if cursor else None)
        pictures = await cards.of(conn, [one.key for one in found])
    shown = found[:limit]
    return schemas.Page(
        items=[room.views.draw(one, pictures.get(one.key, ())) for one in shown],
        next=cursors.following(request, _cursor(shown[-1])) if len(found) > limit else None,
    )


@router.get("/{lottery}/draws/{day}")
async def one_draw(lottery: str, day: Day, room: Here) -> schemas.DrawDetail:
    """One draw of a lottery that holds one a day."""
    return await _one(room, lottery, day, "")


@router.get("/{lottery}/draws/{day}/{label}")
async def one_labelled_draw(lottery: str, day: Day, label: str, room: Here) -> schemas.DrawDetail:
    """One of several draws of a day, by its label."""
    return await _one(room, lottery, day, label)


async def _one(room: Here, lottery: str, day: date, label: str) -> schemas.DrawDetail:
    known = room.lottery(lottery)
    key = DrawKey(known.id, day, label)
    async with room.ledger.reading() as conn:
        # PostgreSQL takes no NUL, and no label holds one.
        draw = await queries.draw(conn, key) if label.isprintable() else None
        if draw is None:
            draw = _scheduled(room, key)
        pictures = await cards.of(conn, [key])
        history = await queries.history(conn, key)
        around = await queries.neighbours(conn, draw)
    return room.views.detail(draw, pictures.get(key, ()), history, around)


def _scheduled(room: Here, key: DrawKey) -> Draw:
    """A draw of the calendar that nothing is known of yet."""
    lottery = room.lottery(key.lottery)
    at = lottery.drawn_at(key)
    if at is None:
        labels = ", ".join(slot.label for slot in lottery.slots(key.date) if slot.label)
        hint = f"; that day's draws are {labels}" if labels else ""
        raise missing(f"{lottery.name} holds no such draw on {key.date}{hint}.")
    return Draw(key, Status.SCHEDULED, at.astimezone(UTC), reason="Nothing can be told of this draw yet.")


def _cursor(last: Draw) -> str:
    return cursors.write(last.drawn_at, last.key.label)
