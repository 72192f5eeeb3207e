"""Errors as the world sees them: problem+json (RFC 9457), one sentence that says what is wrong and what to do."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException as StarletteHTTPException

from lotto.api.methods import allowed
from lotto.api.schemas import Malformed, Problem
from lotto.asgi.left import LEFT
from lotto.store import StoreError

log = structlog.get_logger()

NOTHING_HERE = "There is nothing here; /api/v1/openapi.json names every address."

MEDIA = "application/problem+json"

MOST = 20
"""So many of a question's errors are told."""

Responses = dict[int | str, dict[str, Any]]


def described(description: str) -> dict[str, Any]:
    """An answer that is a problem document, as the API's description tells it."""
    return {"description": description, "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


RESPONSES: Responses = {
    status: described(description)
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


def unknown_key() -> JSONResponse:
    """The answer to a key that is not in force."""
    told = {"WWW-Authenticate": 'Bearer realm="lotto", error="invalid_token"'}
    return answer(401, "This key is not in force: ask whoever runs this site for another, or ask without one.", told)


def too_often(most: int, seconds: int) -> JSONResponse:
    """The answer to who has asked enough for this minute."""
    detail = f"That is more than {most} questions in a minute: ask again in {seconds} s; a key lifts this limit."
    return answer(429, detail, {"Retry-After": str(seconds)})


def answer(
    status: int, detail: str, headers: Mapping[str, str] | None = None, errors: Sequence[Malformed] = ()
) -> JSONResponse:
    """The problem document."""
    title = HTTPStatus(status).phrase
    body = Problem(type="about:blank", title=title, status=status, detail=detail, errors=list(errors))
    usual = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if status == 503 else {})
    return JSONResponse(body.model_dump(), status, usual | dict(headers or {}), media_type=MEDIA)


def install(app: FastAPI) -> None:
    """Makes every error of the app a problem document."""

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> JSONResponse:
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            methods = allowed(app, request.scope)
            return answer(405, f"This address is not asked so: it takes {methods}.", {"Allow": methods})
        unsaid = error.detail == HTTPStatus.NOT_FOUND.phrase
        return answer(error.status_code, NOTHING_HERE if unsaid else error.detail, error.headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        errors = [_malformed(one) for one in error.errors()[:MOST]]
        return answer(422, f"{errors[0].where}: {errors[0].why}", errors=errors)

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
        if not isinstance(error, LEFT):
            log.error("request failed", path=request.url.path, exc_info=error)
        return answer(500, "Something of ours is broken; it has been logged.")


def _malformed(error: Mapping[str, Any]) -> Malformed:
    where = ".".join(str(part) for part in error["loc"][1:])
    why = error["msg"].removeprefix("Value error, ").rstrip(".")
    return Malformed(where=where, why=f"{why}.")
