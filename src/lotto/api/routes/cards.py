"""Cards: the pictures themselves, by the hash of their bytes; and by a signed address, drawn when asked for."""

import asyncio
import re
from contextlib import suppress

from fastapi import APIRouter, HTTPException, Response

from lotto.api import problems
from lotto.api.room import Here, Room
from lotto.api.wished import Wished, standing
from lotto.events import Event
from lotto.keyfile import KeyFileError
from lotto.ledger import wishes
from lotto.ledger.wishes import Answer
from lotto.store import NotInStore

router = APIRouter(tags=["Cards"])


KEY = re.compile(r"cards/[0-9a-f]{2}/[0-9a-f]{64}\.(png|webp|jpg)")
MEDIA = {"png": "image/png", "webp": "image/webp", "jpg": "image/jpeg"}

PATIENCE = 3.0
"""Seconds that a card which is being drawn is waited for; after that the asker is told to come again."""
LOOK = 0.05
"""Seconds from one look into the ledger to the next."""
WAITING = 200
"""Cards that may wait to be drawn at a time, ten a second and more are; who asks for one more must come again."""
FRESH = "public, max-age=60"
"""For so long a card that was asked for may be shown without asking again whether it is another one now."""

ANSWERS: problems.Responses = {200: {"content": {media: {} for media in MEDIA.values()}}, **problems.RESPONSES}


@router.get("/cards/{shard}/{name}", response_class=Response, responses=ANSWERS)
async def card(shard: str, name: str, room: Here) -> Response:
    """A card, as its suffix tells. Its address holds the hash of its bytes, so it never changes."""
    key = f"cards/{shard}/{name}"
    try:
        data = await room.store.get(key) if KEY.fullmatch(key) else None
    except NotInStore:
        data = None
    if data is None:
        raise problems.missing("There is no such card; a draw's `cards` list the ones there are.")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{name[:64]}"'}
    return Response(data, media_type=MEDIA[name.rpartition(".")[2]], headers=headers)


@router.get("/cards/asked/{mark}/{address:path}", response_class=Response, responses=ANSWERS)
async def asked_card(mark: str, address: str, room: Here) -> Response:
    """A card of any kind, look, format and language, by an address that this site has signed (`lotto cards address`).

    It is drawn when it is first asked for, and anew when the draw or the look has changed since.
    """
    try:
        signed = room.signature().holds(address, mark)
    except KeyFileError:
        signed = False
    if not signed:
        raise problems.missing(
            "This address is not signed with the key of this site; `lotto cards address` writes one."
        )
    try:
        asked = Wished.read(address)
    except ValueError as error:
        raise HTTPException(422, str(error)) from None
    answer = await _answer(room, asked)
    if answer.reason:
        raise HTTPException(422, answer.reason)
    if asked.page > len(answer.cards):
        raise problems.missing(f"This digest has {len(answer.cards)} cards.")
    card = answer.cards[asked.page - 1]
    data = await room.store.get(card.key)
    return Response(data, media_type=card.media, headers={"Cache-Control": FRESH, "ETag": f'"{card.sha256}"'})


async def _answer(room: Room, asked: Wished) -> Answer:
    """What became of that wish, which is said if nobody has; a 503 where there is no answer in good time."""
    event, answer = await standing(room, asked)
    if answer:
        return answer
    if not await wishes.say(room.ledger, event, WAITING):
        raise _later("So many cards are asked for that this one would have to wait too long; ask again shortly.", 30)
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            return await _awaited(room, event)
    raise _later("This card is not drawn yet: the image maker is busy, or away. Ask again shortly.", 5)


async def _awaited(room: Room, event: Event) -> Answer:
    """The answer, as soon as there is one."""
    while True:
        async with room.ledger.reading() as conn:
            if answer := await wishes.answered(conn, event.id):
                return answer
        await asyncio.sleep(LOOK)


def _later(why: str, seconds: int) -> HTTPException:
    return HTTPException(503, why, {"Retry-After": str(seconds)})
