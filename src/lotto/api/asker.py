"""The asker: the key by which somebody asks for what is his own, or an answer that says what is missing."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response

from lotto.api.limits import bearer
from lotto.api.room import Here

SCOPE = "webhooks"


async def _asker(request: Request, response: Response, room: Here) -> str:
    """What he is answered is for nobody else to keep."""
    given = bearer(request.scope)
    if given is None:
        raise HTTPException(
            401,
            "Webhooks are their owner's alone: ask with a key, as Authorization: Bearer lotto_….",
            {"WWW-Authenticate": 'Bearer realm="lotto"'},
        )
    key = await room.limits.key(given)
    if key is None:
        raise HTTPException(
            401,
            "This key is not in force: ask whoever runs this site for another.",
            {"WWW-Authenticate": 'Bearer realm="lotto", error="invalid_token"'},
        )
    if SCOPE not in key.scopes:
        raise HTTPException(
            403,
            f"This key is not for webhooks: whoever runs this site makes one with `lotto key add … --scope {SCOPE}`.",
            {"WWW-Authenticate": f'Bearer realm="lotto", error="insufficient_scope", scope="{SCOPE}"'},
        )
    response.headers["Cache-Control"] = "private, no-store"
    return key.name


Asker = Annotated[str, Depends(_asker)]
"""A route's parameter of this type is the name of the key that asks, and the route is for such keys alone."""
