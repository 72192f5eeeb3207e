"""Feeds: the newest results of a lottery, a collection or a country, and what was corrected lately."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from lotto.api.asked import SCOPES
from lotto.api.feeds import atom, jsonfeed, rss
from lotto.api.feeds.compose import Composer
from lotto.api.feeds.feed import Feed
from lotto.api.room import Here
from lotto.api.scope import Scope
from lotto.api.spoken import Lang
from lotto.ledger import cards, queries
from lotto.words import speak

router = APIRouter(tags=["Feeds"])

NEWEST = 50
"""Draws of a feed, by when they were held."""

CORRECTED = 10
"""Of draws longer ago, those that are told again because they were corrected or taken back."""

FORMS = {"atom": atom, "rss": rss, "json": jsonfeed}


def _feed(
    scope: Callable[..., Scope], write: Callable[[Feed], bytes], media: str
) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def feed(room: Here, of: Annotated[Scope, Depends(scope)], lang: Lang = "en") -> Response:
        async with room.ledger.reading() as conn:
            newest = await queries.newest_published(conn, of.lotteries, NEWEST)
            again = await queries.lately_corrected(conn, of.lotteries, CORRECTED)
            draws = list({one.key: one for one in (*newest, *again)}.values())
            pictures = await cards.of(conn, [one.key for one in draws])
        composer = Composer(room.site, room.catalogue.lotteries, speak(lang))
        body = await asyncio.to_thread(lambda: write(composer.feed(of, draws, pictures)))
        return Response(body, media_type=media)

    feed.__doc__ = f"""The newest {NEWEST} results, and those longer ago that were corrected lately.

    An entry keeps its id for ever. A correction is the same entry, updated: its text says what was corrected.
    """
    return feed


for place, scope in SCOPES.items():
    for form, writing in FORMS.items():
        router.add_api_route(
            f"{place}/feed.{form}",
            _feed(scope, writing.written, writing.MEDIA),
            response_class=Response,
            responses={200: {"content": {writing.MEDIA: {}}}},
            name=f"{scope.__name__.removeprefix('of_')}_feed_{form}",
        )
