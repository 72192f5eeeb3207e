"""Signed results: what we hold true of a draw, in a note that can be checked wherever it is carried."""

from base64 import urlsafe_b64encode
from datetime import date

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from lotto.api import schemas
from lotto.api.day import Day
from lotto.api.problems import Responses, missing
from lotto.api.room import Here, Room
from lotto.draws.draw import DrawKey
from lotto.keyfile import KeyFileError
from lotto.ledger import queries
from lotto.proof import statement
from lotto.proof.note import Signer

router = APIRouter(tags=["Proof"])

NOTE: Responses = {200: {"content": {statement.MEDIA: {"schema": {"type": "string"}}}}}


@router.get("/keys")
async def signing_keys(room: Here) -> schemas.Page[schemas.SigningKey]:
    """The public keys that results are signed with: keep them, and check by them what you are given later."""
    verifier = _signer(room).verifier
    jwk = schemas.Jwk(x=urlsafe_b64encode(verifier.key).decode().rstrip("="))
    return schemas.Page(items=[schemas.SigningKey(verifier=str(verifier), jwk=jwk)], next=None)


@router.get("/lotteries/{lottery}/signed/{day}", response_class=PlainTextResponse, responses=NOTE)
async def signed_draw(lottery: str, day: Day, room: Here) -> PlainTextResponse:
    """What we hold true of a published draw, signed: a signed note with an Ed25519 signature."""
    return await _note(room, lottery, day, "")


@router.get("/lotteries/{lottery}/signed/{day}/{label}", response_class=PlainTextResponse, responses=NOTE)
async def signed_labelled_draw(lottery: str, day: Day, label: str, room: Here) -> PlainTextResponse:
    """The same of one of several draws of a day."""
    return await _note(room, lottery, day, label)


async def _note(room: Room, lottery: str, day: date, label: str) -> PlainTextResponse:
    known = room.lottery(lottery)
    signer = _signer(room)
    async with room.ledger.reading() as conn:
        # PostgreSQL takes no NUL, and no label holds one.
        history = await queries.history(conn, DrawKey(known.id, day, label)) if label.isprintable() else []
    if not history or not history[-1].draw.revision:
        raise missing(f"Nothing that could be signed was published of such a draw of {known.name}.")
    newest = history[-1]
    text = statement.statement(room.ledger.environment, newest.draw, newest.hash)
    return PlainTextResponse(signer.signed(text))


def _signer(room: Room) -> Signer:
    try:
        return room.signer()
    except KeyFileError:
        raise missing("This site signs nothing: it has no signing key.") from None
