"""Live events: server-sent, resumable by `Last-Event-ID`.

The id is the position the relay gave. Redis only wakes: what there is to tell is looked up in the ledger, so nothing
is missed while Redis is away, only told a little later.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated

import msgspec
import structlog
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from psycopg import OperationalError

from lotto.api.room import Here, Room
from lotto.ledger import queries
from lotto.ledger.queries import Said
from lotto.streams.wake import listen

log = structlog.get_logger()

router = APIRouter(tags=["Live"])

MEDIA = "text/event-stream"

LIVE = "live"
"""The channel on which the relay wakes live pages."""

TICK = 2.0
"""Seconds until the ledger is looked at even when nothing woke us; also the heartbeat."""

POSITION = re.compile("[0-9]{1,18}")

RETRY = 2000
"""Milliseconds after which a browser connects again."""

HEARTBEAT = b": still here\n\n"


@router.get("/events", response_class=StreamingResponse, responses={200: {"content": {MEDIA: {}}}})
async def events(
    room: Here,
    last_event_id: Annotated[str | None, Header(description="as a browser sends it when it connects again")] = None,
    since: Annotated[int | None, Query(ge=0, description="position to resume after; the header comes first")] = None,
) -> StreamingResponse:
    """Events as they are told, as text/event-stream; without a position, or with none of ours, from now on."""
    start = int(last_event_id) if last_event_id and POSITION.fullmatch(last_event_id) else since
    return StreamingResponse(
        _tell(room, start),
        media_type=MEDIA,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _tell(room: Room, start: int | None) -> AsyncIterator[bytes]:
    """The stream of one reader. It outlives an absence of the ledger: browsers do not come back to a 503."""
    yield b"retry: %d\n\n" % RETRY
    at: int | None = None
    async with aclosing(_looks(room)) as looks:
        async for _ in looks:
            try:
                if at is None:
                    at = await _begin(room, start)
                    yield b"id: %d\n\n" % at
                said = await _after(room, at)
            except OperationalError as error:
                log.warning("ledger away", path="/api/v1/events", why=str(error))
                said = []
            for one in said:
                at = one.position
                yield _frame(one)
            if not said:
                yield HEARTBEAT


async def _looks(room: Room) -> AsyncGenerator[None]:
    """Goes off whenever there may be something to tell: at once, when the relay wakes us, and at every tick."""
    yield
    async with aclosing(listen(room.redis, LIVE, tick=TICK)) as words:
        async for _ in words:
            yield


async def _begin(room: Room, start: int | None) -> int:
    """The position to tell from: the one asked for, if the ledger has come so far."""
    async with room.ledger.reading() as conn:
        newest = await queries.position(conn)
    return newest if start is None else min(start, newest)


async def _after(room: Room, position: int) -> list[Said]:
    async with room.ledger.reading() as conn:
        return await queries.said_after(conn, position)


def _frame(one: Said) -> bytes:
    data = {
        "type": one.type,
        "lottery": one.key.lottery,
        "date": one.key.date,
        "label": one.key.label,
        "revision": one.revision,
        "update": one.update,
    }
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (one.position, one.type.encode(), msgspec.json.encode(data))
