"""Posts: what was published where."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from lotto.api import cursor as cursors
from lotto.api import schemas
from lotto.api.room import Here
from lotto.ledger import posts

router = APIRouter(prefix="/posts", tags=["Posts"])


@router.get("")
async def every_post(
    request: Request,
    room: Here,
    state: Annotated[list[schemas.PostState], Query(description="only posts in these states")] = [],  # noqa: B006
    limit: Annotated[int, Query(ge=1, le=200, description="how many at the most")] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="from `next` of the page before")] = None,
) -> schemas.Page[schemas.Post]:
    """What was or will be published, newest first."""
    async with room.ledger.reading() as conn:
        found = await posts.listed(conn, limit + 1, _before(cursor) if cursor else None, states=state)
    shown = found[:limit]
    return schemas.Page(
        items=[room.views.post(one) for one in shown],
        next=cursors.following(request, _cursor(shown[-1])) if len(found) > limit else None,
    )


def _cursor(last: posts.Post) -> str:
    return cursors.write(last.planned_at, str(last.id))


def _before(cursor: str) -> tuple[datetime, UUID]:
    at, name = cursors.read(cursor)
    try:
        return at, UUID(name)
    except ValueError as error:
        raise cursors.BadCursor from error
