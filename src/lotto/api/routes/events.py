"""Live events: server-sent, resumable by `Last-Event-ID`.

The id is the position the relay gave. Redis only wakes: what there is to tell is looked up in the ledger, so nothing
is missed while Redis is away, only told a little later.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from psycopg import OperationalError

from lotto.api.asked import of_collection, of_country, of_lottery
from lotto.api.live import TICK, Live, Word
from lotto.api.room import Here, Room
from lotto.api.streamed import Streamed

log = structlog.get_logger()

router = APIRouter(tags=["Live"])

MEDIA = "text/event-stream"

BEAT = 4.0
"""Seconds of silence after which a listener is told that we are still there: many a client waits for five, no more."""

POSITION = re.compile("[0-9]{1,18}")

RETRY = 2000
"""Milliseconds after which a browser connects again."""

HEARTBEAT = b": still here\n\n"

Kind = Literal["new_result", "result_updated", "result_corrected", "result_voided", "image_ready", "image_failed"]

Wanted = Callable[[Word], bool]


@router.get("/events", response_class=StreamingResponse, responses={200: {"content": {MEDIA: {}}}})
async def events(
    room: Here,
    last_event_id: Annotated[str | None, Header(description="as a browser sends it when it connects again")] = None,
    since: Annotated[int | None, Query(ge=0, description="position to resume after; the header comes first")] = None,
    lottery: Annotated[list[str], Query(description="only of these lotteries")] = [],  # noqa: B006
    country: Annotated[list[str], Query(description="only of these countries, ISO 3166-1")] = [],  # noqa: B006
    collection: Annotated[list[str], Query(description="only of lotteries in these collections")] = [],  # noqa: B006
    type: Annotated[list[Kind], Query(description="only of these types")] = [],  # noqa: A002, B006
) -> StreamingResponse:
    """Events as they are told, as text/event-stream; without a position, or with none of ours, from now on.

    Several values of one filter widen it; different filters narrow each other. A listener that comes again with the id
    it heard last is told all that it missed, in order. A heartbeat is a comment, and may carry a newer id.
    """
    wanted = _wanted(room, lottery, country, collection, type)
    start = int(last_event_id) if last_event_id and POSITION.fullmatch(last_event_id) else since
    # It outlives an absence of the ledger: browsers do not come back to a 503.
    return Streamed(_tell(room.live, start, wanted), MEDIA, {"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def _wanted(room: Room, lottery: list[str], country: list[str], collection: list[str], types: list[Kind]) -> Wanted:
    """Whether a word passes all filters; raises a 404 for what there is not."""
    asked = (
        [of_lottery(one, room) for one in lottery],
        [of_country(one, room) for one in country],
        [of_collection(one, room) for one in collection],
    )
    ours = [frozenset(name for scope in some for name in scope.lotteries) for some in asked if some]
    named = frozenset(types)
    return lambda word: (not named or word.type in named) and all(word.lottery in some for some in ours)


async def _tell(live: Live, start: int | None, wanted: Wanted) -> AsyncGenerator[bytes]:
    """The stream of one listener."""
    yield b"retry: %d\n\n" % RETRY
    at: int | None = None
    while at is None:
        try:
            at = await live.begin(start)
        except OperationalError as error:
            log.warning("ledger away", path="/api/v1/events", why=str(error))
            yield HEARTBEAT
            await _rings(live.news, TICK)
    yield b"id: %d\n\n" % at
    told = at
    clock = asyncio.get_running_loop().time
    silent_since = clock()
    while True:
        news = live.news
        try:
            words = await live.after(at)
        except OperationalError as error:
            log.warning("ledger away", path="/api/v1/events", why=str(error))
            words = []
        if words:
            at = words[-1].position
            if frames := b"".join(word.frame for word in words if wanted(word)):
                yield frames
                told, silent_since = at, clock()
            continue
        behind = at < (live.newest or 0)
        left = silent_since + BEAT - clock()
        if left <= 0:
            # What the filter left out needs not be looked through again by who comes back.
            yield HEARTBEAT if at == told else b"id: %d\n%s" % (at, HEARTBEAT)
            told, silent_since = at, clock()
        else:
            await _rings(news, min(left, TICK) if behind else left)


async def _rings(news: asyncio.Event, seconds: float) -> bool:
    """Whether it rings within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            return await news.wait()
    except TimeoutError:
        return False
