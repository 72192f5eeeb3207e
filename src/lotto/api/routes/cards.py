"""Cards: the pictures themselves, by the hash of their bytes."""

import re

from fastapi import APIRouter, Response

from lotto.api import problems
from lotto.api.room import Here
from lotto.store import NotInStore

router = APIRouter(tags=["Cards"])


KEY = re.compile(r"cards/[0-9a-f]{2}/[0-9a-f]{64}\.(png|webp|jpg)")
MEDIA = {"png": "image/png", "webp": "image/webp", "jpg": "image/jpeg"}

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
