"""The API as one ASGI app."""

from functools import partial

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp

from lotto.api import cursor, problems
from lotto.api.description import description
from lotto.api.direct import Direct
from lotto.api.etag import ETag
from lotto.api.going import Announced
from lotto.api.head import Head
from lotto.api.limits import Limited
from lotto.api.origins import AnyOrigin
from lotto.api.room import Room
from lotto.api.routes import (
    calendars,
    cards,
    check,
    collections,
    coming,
    described,
    draws,
    events,
    exports,
    feeds,
    health,
    latency,
    lotteries,
    newsletters,
    odds,
    oembed,
    posts,
    push,
    results,
    search,
    signed,
    sources,
    statistics,
    told,
    webhooks,
)
from lotto.asgi.compression import Compressed
from lotto.asgi.ready import Ready

READS = (lotteries, latency, draws, signed, statistics, odds, results, collections, coming, search, sources, posts)
BESIDE = (check, events, webhooks, newsletters, push, exports, feeds, calendars, oembed, described)


def create_app(room: Room) -> ASGIApp:
    """The API over this room: /api/v1, and beside it /cards, /healthz, /readyz and /metrics.

    Each layer stands around FastAPI, not inside it: ready bytes go out without it, in a tenth of its time.
    """
    routes = addresses()
    routes.state.room = room
    routes.add_middleware(Announced)
    made = AnyOrigin(Compressed(ETag(Direct(routes, room))), routes)
    return Head(Limited(Ready(made, room.pulse), room.limits))


def addresses() -> FastAPI:
    """The API's addresses and their description, without a house to answer from."""
    app = FastAPI(
        title="Lotto",
        version="1",
        summary="Lottery results: what was drawn, how we know, and what became of it.",
        description="The examples are answers over a ledger of known draws; of a list they show the first entry.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    v1 = APIRouter(prefix="/api/v1", responses=problems.RESPONSES)
    for part in (*READS, *BESIDE):
        v1.include_router(part.router)
    app.include_router(v1)
    app.include_router(cards.router)
    app.include_router(health.router)
    app.webhooks.include_router(told.router)
    app.add_exception_handler(cursor.BadCursor, cursor.refused)
    problems.install(app)
    app.openapi = partial(description, app)  # type: ignore[method-assign] # as FastAPI wants it
    return app
