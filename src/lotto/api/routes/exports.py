"""Exports: every published draw of a lottery, a collection or a country as one file, in a span of days."""

from collections.abc import Callable, Coroutine
from datetime import date
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends, HTTPException, Query, Response

from lotto.api.asked import SCOPES
from lotto.api.day import AnyDay
from lotto.api.problems import RESPONSES, Responses
from lotto.api.room import Here
from lotto.api.scope import Scope
from lotto.api.streamed import Streamed
from lotto.ledger import queries
from lotto.lines.form import Format

router = APIRouter(tags=["Exports"])

MEDIA: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}

TITLES: dict[Format, str] = {"csv": "CSV", "jsonl": "JSON Lines", "parquet": "Parquet"}

TOO_MANY: Responses = {
    429: {**RESPONSES[422], "description": "Too many exports are under way; Retry-After says when to come."}
}

TAGGED: Responses = {304: {"description": "It is the file of your If-None-Match."}}

First = Annotated[AnyDay | None, Query(alias="from", description="the first local day")]
Last = Annotated[AnyDay | None, Query(description="the last local day")]


def _export(scope: Callable[..., Scope], how: Format) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def export(
        room: Here, of: Annotated[Scope, Depends(scope)], since: First = None, to: Last = None
    ) -> Response:
        first, last = since or date.min, to or date.max
        if first > last:
            raise HTTPException(422, f"The span ends on {last}, before it begins on {first}.")
        async with room.ledger.reading() as conn:
            state = await queries.newest_hash(conn, of.lotteries)
        body = await room.exports.begin(of.lotteries, first, last, how)
        headers = {
            "ETag": f'W/"{state[:32] or "empty"}"',
            # Not public: what is streamed is kept by nobody, so that no reader waits for another.
            "Cache-Control": "no-cache",
            "Content-Disposition": f'attachment; filename="{of.id}.{how}"',
        }
        return Streamed(body, MEDIA[how], headers)

    export.__doc__ = f"""Every published draw in this span, as {TITLES[how]}: lottery by lottery, oldest first.

    All are of one moment. The file is written while it is read; one that is broken off lacks the mark of its end.
    """
    return export


for place, scope in SCOPES.items():
    for how in get_args(Format):
        router.add_api_route(
            f"{place}/draws.{how}",
            _export(scope, how),
            response_class=Response,
            responses={200: {"content": {MEDIA[how].partition(";")[0]: {}}}, **TOO_MANY, **TAGGED},
            name=f"{scope.__name__.removeprefix('of_')}_draws_{how}",
        )
