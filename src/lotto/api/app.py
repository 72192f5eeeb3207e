"""The API as one ASGI app."""

from functools import partial

from fastapi import APIRouter, FastAPI

from lotto.api import cursor, problems
from lotto.api.compression import Compressed
from lotto.api.description import description
from lotto.api.etag import ETag
from lotto.api.head import Head
from lotto.api.limits import Limited
from lotto.api.origins import AnyOrigin
from lotto.api.room import Room
from lotto.api.routes import (
    cards,
    check,
    collections,
    described,
    draws,
    events,
    health,
    latency,
    lotteries,
    odds,
    posts,
    results,
    search,
    signed,
    sources,
    statistics,
)


def create_app(room: Room) -> FastAPI:
    """The API over this room: /api/v1, and beside it /cards, /healthz, /readyz and /metrics."""
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
    app.state.room = room
    v1 = APIRouter(prefix="/api/v1", responses=problems.RESPONSES)
    for part in (
        lotteries,
        latency,
        draws,
        signed,
        statistics,
        odds,
        results,
        collections,
        search,
        sources,
        posts,
        check,
        events,
        described,
    ):
        v1.include_router(part.router)
    app.include_router(v1)
    app.include_router(cards.router)
    app.include_router(health.router)
    app.add_exception_handler(cursor.BadCursor, cursor.refused)
    problems.install(app)
    app.openapi = partial(description, app)  # type: ignore[method-assign] # as FastAPI wants it
    for wrapper in (Limited, ETag, Compressed, Head, AnyOrigin):  # from the inside out
        app.add_middleware(wrapper)
    return app
