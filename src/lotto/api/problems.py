"""Errors as the world sees them: problem+json (RFC 9457), one sentence that says what is wrong and what to do."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException as StarletteHTTPException

from lotto.api.schemas import Problem
from lotto.store import StoreError

log = structlog.get_logger()

UNSAID = {
    404: "There is nothing here; /api/v1/openapi.json names every address.",
    405: "This address is not asked so: read with GET or HEAD; /api/v1/check takes POST.",
}
"""What the framework leaves unsaid."""

MEDIA = "application/problem+json"

Responses = dict[int | str, dict[str, Any]]

RESPONSES: Responses = {
    status: {"description": description, "content": {MEDIA: {"schema": Problem.model_json_schema()}}}
    for status, description in (
        (404, "There is no such thing; `detail` says what to ask for instead."),
        (422, "The question is not well put; `detail` says what is wrong with it."),
        (503, "What is asked for cannot be reached now; ask again shortly."),
    )
}
"""What any address may answer instead of what was asked for, as the API's description tells it."""


def missing(detail: str) -> HTTPException:
    """A 404 with a sentence."""
    return HTTPException(404, detail)


def answer(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The problem document."""
    title = HTTPStatus(status).phrase
    body = Problem(type="about:blank", title=title, status=status, detail=detail)
    when = {"Retry-After": "5"} if status == 503 else {}
    return JSONResponse(body.model_dump(), status, when | dict(headers or {}), media_type=MEDIA)


def install(app: FastAPI) -> None:
    """Makes every error of the app a problem document."""

    @app.exception_handler(StarletteHTTPException)
    async def refused(_: Request, error: StarletteHTTPException) -> JSONResponse:
        plain = error.detail == HTTPStatus(error.status_code).phrase
        said = UNSAID.get(error.status_code, error.detail) if plain else error.detail
        return answer(error.status_code, said, error.headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        why = first["msg"].removeprefix("Value error, ").rstrip(".")
        return answer(422, f"{where}: {why}.")

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeout)
    async def away(request: Request, error: Exception) -> JSONResponse:
        log.warning("ledger away", path=request.url.path, why=str(error))
        return answer(503, "The ledger cannot be reached now; ask again shortly.")

    @app.exception_handler(StoreError)
    async def closed(request: Request, error: StoreError) -> JSONResponse:
        log.warning("store away", path=request.url.path, why=str(error))
        return answer(503, "The store of cards cannot be reached now; ask again shortly.")

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        log.error("request failed", path=request.url.path, exc_info=error)
        return answer(500, "Something of ours is broken; it has been logged.")
