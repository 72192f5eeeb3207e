"""Search: lotteries by name and country, and their draws by value and day."""

import unicodedata
from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request

from lotto.api import cursor as cursors
from lotto.api import schemas, views
from lotto.api.country import Country
from lotto.api.day import AnyDay
from lotto.api.room import Here
from lotto.draws.draw import Draw
from lotto.draws.lottery import Lottery
from lotto.draws.sought import sought
from lotto.ledger import cards, found
from lotto.ledger.found import Source, Spot

router = APIRouter(prefix="/search", tags=["Search"])


@router.get("")
async def search(
    request: Request,
    room: Here,
    name: Annotated[
        str | None,
        Query(
            max_length=100,
            description="words of a lottery's name, region, operator or id, all of them",
            examples=["powerball"],
        ),
    ] = None,
    country: Country = None,
    value: Annotated[
        str | None, Query(max_length=60, description="a published value: `7` in any pool, `bonus:7` in that one")
    ] = None,
    day: Annotated[AnyDay | None, Query(alias="date", description="the local day of a draw")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="how many at the most")] = 50,
    cursor: Annotated[str | None, Query(max_length=250, description="from `next` of the page before")] = None,
) -> schemas.Page[schemas.Hit]:
    """Lotteries by name and country, in the order of their names; with a value or a day their draws, newest first."""
    if not (name and name.strip()) and not country and not value and not day:
        raise HTTPException(422, "Say what to look for: a name, a country, a value or a date.")
    lotteries = [
        one for one in room.catalogue.lotteries.values() if _named(one, name or "") and country in (None, one.country)
    ]
    before = _spot(cursor) if cursor else None
    async with room.ledger.reading() as conn:
        if value:
            draws = await found.holding(conn, _sources(lotteries, value), day, limit + 1, before)
        elif day:
            draws = await found.on_day(conn, [one.id for one in lotteries], day, limit + 1, before)
        else:
            hits = sorted(lotteries, key=lambda one: (one.name, one.id))
            return schemas.Page(items=[schemas.Hit(game=views.summary(one), draw=None) for one in hits], next=None)
        shown = draws[:limit]
        pictures = await cards.of(conn, [one.key for one in shown])
    return schemas.Page(
        items=[
            schemas.Hit(
                game=views.summary(room.catalogue.lotteries[one.key.lottery]),
                draw=room.views.draw(one, pictures.get(one.key, ())),
            )
            for one in shown
        ],
        next=cursors.following(request, _cursor(shown[-1])) if len(draws) > limit else None,
    )


def _named(lottery: Lottery, words: str) -> bool:
    """Whether all these words are in what the lottery is called, whatever their accents and capitals."""
    called = _plain(f"{lottery.name} {lottery.region} {lottery.operator} {lottery.id}")
    return all(word in called for word in _plain(words).split())


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def _sources(lotteries: list[Lottery], value: str) -> list[Source]:
    """Every place where one of these lotteries may show this value; a 422 when no lottery ever did."""
    places: list[Source] = []
    for one in lotteries:
        try:
            places += [Source(one.id, pool, written) for pool, written in sought(one, value).places]
        except ValueError:
            continue  # not a value of this one
    if lotteries and not places:
        raise HTTPException(422, f"value: “{value[:40]}” is a value of none of these lotteries.")
    return places


def _cursor(last: Draw) -> str:
    return cursors.write(last.drawn_at, f"{last.key.date} {last.key.lottery} {last.key.label}")


def _spot(cursor: str) -> Spot:
    drawn_at, name = cursors.read(cursor)
    day, _, rest = name.partition(" ")
    lottery, _, label = rest.partition(" ")
    try:
        return Spot(date.fromisoformat(day), drawn_at, label, lottery)
    except ValueError as error:
        raise cursors.BadCursor from error
