"""oEmbed for the pages of this site."""

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query, Response

from lotto.api.oembed import embed, page_of, told, xml
from lotto.api.problems import missing
from lotto.api.room import Here
from lotto.ledger import cards, queries
from lotto.words import speak

router = APIRouter(prefix="/oembed", tags=["Feeds"])

MEDIA = {"json": "application/json", "xml": "text/xml"}

Most = Annotated[int, Query(ge=1, le=10_000, description="pixels that there is room for")]


@router.get("", response_class=Response, responses={200: {"content": {media: {} for media in MEDIA.values()}}})
async def oembed(
    room: Here,
    url: Annotated[str, Query(max_length=2_000, description="the address of a page of this site")],
    format: Annotated[Literal["json", "xml"], Query(description="how it is written")] = "json",  # noqa: A002
    maxwidth: Most = 10_000,
    maxheight: Most = 10_000,
) -> Response:
    """What to show in the place of a link to a draw or a lottery of this site, in the language of that page.

    It is of the type `rich`: text and a link, no script. A form that we do not write is a 422 like every question that
    is not well put; oEmbed's own 501 would call it a fault of ours.
    """
    page = page_of(url, room.site.address)
    if page is None or page.lottery not in room.catalogue.lotteries:
        raise missing(f"That is no page of a lottery here; they begin with {room.site.address}/en/.")
    async with room.ledger.reading() as conn:
        if page.draw is None:
            found = next(iter(await queries.newest_published(conn, [page.lottery], 1)), None)
        else:
            found = await queries.draw(conn, page.draw) if page.draw.label.isprintable() else None
        if found is None:
            raise missing("Nothing is known of that draw yet; once something is, its page can be embedded.")
        pictures = await cards.of(conn, [found.key])
    words = speak(page.lang)
    shown = embed(
        room.catalogue.lotteries[page.lottery],
        found,
        words,
        room.site.draw(found.key, page.lang),
        room.site.address,
        room.site.picture(pictures.get(found.key, ()), page.lang),
        maxwidth,
        maxheight,
    )
    body = xml(shown) if format == "xml" else msgspec.json.encode(told(shown))
    return Response(body, media_type=MEDIA[format])
