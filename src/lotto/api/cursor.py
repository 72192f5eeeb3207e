"""Cursors: where a page of a list ended, as an opaque text that the next page is asked for with."""

import base64
from datetime import datetime

from fastapi import Request, Response

from lotto.api.problems import answer


class BadCursor(ValueError):
    """The cursor is none of ours."""


def write(at: datetime, name: str) -> str:
    """The cursor of an entry: its instant, and what tells it from others of the same instant."""
    return base64.urlsafe_b64encode(f"{at.isoformat()} {name}".encode()).decode()


def read(cursor: str) -> tuple[datetime, str]:
    """The instant and the name that were written; raises BadCursor."""
    try:
        at, _, name = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode().partition(" ")
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise BadCursor from error
    if moment.tzinfo is None or not name.isprintable():
        raise BadCursor
    return moment, name


def following(request: Request, cursor: str) -> str:
    """The address of the next page of this list, for `next`."""
    url = request.url.include_query_params(cursor=cursor)
    return f"{url.path}?{url.query}"


async def refused(_: Request, __: Exception) -> Response:
    """The answer to a cursor that is none of ours."""
    return answer(422, "cursor: this is not one of ours; take the address in `next`, or leave it out.")
