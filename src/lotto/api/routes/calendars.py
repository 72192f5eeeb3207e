"""Calendars: when a lottery, a collection or a country is drawn, and what was drawn."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from lotto.api.asked import SCOPES
from lotto.api.calendars import ical
from lotto.api.calendars.compose import AHEAD, BEFORE, Composer
from lotto.api.room import Here
from lotto.api.scope import Scope
from lotto.api.spoken import Lang
from lotto.ledger import cards, queries
from lotto.words import speak

router = APIRouter(tags=["Feeds"])


def _calendar(scope: Callable[..., Scope]) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def calendar(room: Here, of: Annotated[Scope, Depends(scope)], lang: Lang = "en") -> Response:
        """Draws of the last month and the coming two, to be subscribed to by a calendar program.

        Each draw is an event with a UID for ever. Once it is held the event has the numbers; a correction raises its
        SEQUENCE; a draw that is void, or is not held on a day on which it would be, is CANCELLED.
        """
        now = room.clock()
        slow = [one for one in of.lotteries if not room.catalogue.lotteries[one].is_quick(now)]
        async with room.ledger.reading() as conn:
            held = await queries.held_between(conn, slow, now - BEFORE, now + AHEAD)
            pictures = await cards.of(conn, [one.key for one in held])
        composer = Composer(room.site, room.catalogue.lotteries, speak(lang), now)
        known = {one.key: one for one in held}
        body = await asyncio.to_thread(lambda: ical.written(composer.calendar(of, known, pictures)))
        return Response(body, media_type=ical.MEDIA)

    return calendar


for place, scope in SCOPES.items():
    router.add_api_route(
        f"{place}/calendar.ics",
        _calendar(scope),
        response_class=Response,
        responses={200: {"content": {ical.MEDIA: {}}}},
        name=f"{scope.__name__.removeprefix('of_')}_calendar",
    )
