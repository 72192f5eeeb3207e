"""A lottery's draws: all of them, some of them, one of them and what became of it."""

from collections.abc import Sequence
from datetime import UTC, date
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request

from lotto.api import cursor as cursors
from lotto.api import schemas
from lotto.api.day import AnyDay, Day
from lotto.api.problems import missing
from lotto.api.room import Here, Room
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.draws.lottery import Lottery
from lotto.draws.sought import sought
from lotto.ledger import browse, cards, detail, queries
from lotto.ledger.browse import Place, Wanted
from lotto.ledger.detail import Detail

router = APIRouter(prefix="/lotteries/{lottery}/draws", tags=["Draws"])

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

WEEKDAYS: Sequence[Weekday] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@router.get("")
async def draws(
    lottery: str,
    request: Request,
    room: Here,
    since: Annotated[AnyDay | None, Query(alias="from", description="first local day")] = None,
    until: Annotated[AnyDay | None, Query(alias="to", description="last local day")] = None,
    label: Annotated[str | None, Query(max_length=60, description="the draw of a day that is called so")] = None,
    weekday: Annotated[list[Weekday], Query(max_length=7, description="local weekdays, any of them")] = [],  # noqa: B006
    contains: Annotated[
        list[str],
        Query(max_length=10, description="published values, all of them: `7` in any pool, `bonus:7` in that one"),
    ] = [],  # noqa: B006
    status: Annotated[schemas.Status | None, Query(description="how the draw stands")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="how many at the most")] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="from `next` of the page before")] = None,
) -> schemas.Page[schemas.Draw]:
    """A lottery's draws, newest first.

    A page takes the same time however many draws there are, so it looks at so many for what is asked: it may hold fewer
    than `limit`, or none, while `next` says that there is more to look at. Only a `next` of null is the end.
    """
    known = room.lottery(lottery)
    if since and until and since > until:
        raise HTTPException(422, f"from: {since} is after {until}, the day in `to`.")
    wanted = Wanted(
        since,
        until,
        _stored(label, "label"),
        sorted({WEEKDAYS.index(day) for day in weekday}),
        Status(status) if status else None,
        _values(known, contains),
    )
    async with room.ledger.reading() as conn:
        found = await browse.page(conn, known.id, limit, wanted, _place(cursor) if cursor else None)
        pictures = await cards.of(conn, [one.key for one in found.draws])
    return schemas.Page(
        items=[room.views.draw(one, pictures.get(one.key, ())) for one in found.draws],
        next=cursors.following(request, _cursor(found.end)) if found.end else None,
    )


@router.get("/{day}")
async def one_draw(lottery: str, day: Day, room: Here) -> schemas.DrawDetail:
    """One draw of a lottery that holds one a day."""
    return await _one(room, room.lottery(lottery), day, "")


@router.get("/{day}/revisions")
async def revisions(lottery: str, day: Day, room: Here) -> schemas.Page[schemas.Revision]:
    """Everything we ever held of a draw of a lottery that holds one a day, newest first."""
    return await _revisions(room, lottery, day, "")


@router.get("/{day}/{label}")
async def one_labelled_draw(lottery: str, day: Day, label: str, room: Here) -> schemas.DrawDetail:
    """One of several draws of a day, by its label."""
    return await _one(room, room.lottery(lottery), day, label)


@router.get("/{day}/{label}/revisions")
async def labelled_revisions(lottery: str, day: Day, label: str, room: Here) -> schemas.Page[schemas.Revision]:
    """Everything we ever held of one of several draws of a day, newest first."""
    return await _revisions(room, lottery, day, label)


async def _one(room: Room, lottery: Lottery, day: date, label: str) -> schemas.DrawDetail:
    """That draw of a lottery; raises a 404 where neither the ledger nor the calendar has it."""
    key = DrawKey(lottery.id, day, label)
    async with room.ledger.reading() as conn:
        # PostgreSQL takes no NUL, and no label holds one.
        held = (await detail.of(conn, [key])).get(key) if label.isprintable() else None
        if held is None:
            draw = _scheduled(lottery, key)
            before, after = await queries.neighbours(conn, draw)
            held = Detail(draw, (), (), before, after)
    return room.views.detail(held)


async def _revisions(room: Here, lottery: str, day: date, label: str) -> schemas.Page[schemas.Revision]:
    known = room.lottery(lottery)
    key = DrawKey(known.id, day, label)
    async with room.ledger.reading() as conn:
        history = await queries.history(conn, key) if label.isprintable() else []
    if not history:
        _scheduled(known, key)
    return schemas.Page(items=room.views.revisions(history), next=None)


def _scheduled(lottery: Lottery, key: DrawKey) -> Draw:
    """A draw of the calendar that nothing is known of yet; a 404 where the calendar has none."""
    at = lottery.drawn_at(key)
    if at is None:
        labels = ", ".join(slot.label for slot in lottery.slots(key.date) if slot.label)
        hint = f"; that day's draws are {labels}" if labels else ""
        raise missing(f"{lottery.name} holds no such draw on {key.date}{hint}.")
    return Draw(key, Status.SCHEDULED, at.astimezone(UTC), reason="Nothing can be told of this draw yet.")


def _stored(text: str | None, name: str) -> str | None:
    """The text as the ledger could hold it: PostgreSQL takes no NUL and no half of a character."""
    if text is not None and not text.isprintable():
        raise HTTPException(422, f"{name}: there are signs in it that cannot be printed; leave them out.")
    return text


def _values(lottery: Lottery, asked: Sequence[str]) -> list[tuple[tuple[str, str], ...]]:
    """Where each value may stand, the rarest first."""
    try:
        found = [sought(lottery, text) for text in dict.fromkeys(asked)]
    except ValueError as error:
        raise HTTPException(422, f"contains: {error}.") from None
    return [one.places for one in sorted(found, key=lambda one: one.share)]


def _cursor(end: Place) -> str:
    return cursors.write(end.drawn_at, f"{end.date} {end.label}")


def _place(cursor: str) -> Place:
    drawn_at, name = cursors.read(cursor)
    day, _, label = name.partition(" ")
    try:
        return Place(date.fromisoformat(day), drawn_at, label)
    except ValueError as error:
        raise cursors.BadCursor from error
