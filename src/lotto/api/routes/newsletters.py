"""Newsletters: whoever wants one says so, confirms it by a letter, and leaves again as easily.

Nobody can learn here whether a mailbox is subscribed: asking is answered alike in every case.
"""

from uuid import UUID, uuid4

from fastapi import APIRouter, HTTPException, Response

from lotto import subscriptions
from lotto.api import schemas
from lotto.api.problems import missing
from lotto.api.room import Here, Room
from lotto.api.secrets import seal
from lotto.ledger import subscribers
from lotto.ledger.connection import Connection
from lotto.ledger.subscribers import Subscriber, Wants
from lotto.mail import BadMail, mailbox
from lotto.seal import SealError
from lotto.words import speak

router = APIRouter(tags=["Newsletters"])

NETWORK = "email"


@router.get("/newsletters")
async def every_newsletter(room: Here) -> schemas.Page[schemas.Newsletter]:
    """The newsletters that anybody may subscribe to."""
    async with room.ledger.reading() as conn:
        found = await subscribers.accounts(conn, NETWORK)
    return schemas.Page(items=[schemas.Newsletter(id=one) for one in found], next=None)


@router.post("/newsletters/{newsletter}", status_code=202, response_class=Response)
async def subscribe(newsletter: str, asked: schemas.NewSubscriber, room: Here) -> Response:
    """Asks for a newsletter: a letter goes to that mailbox, and nothing more before its owner confirms there."""
    try:
        address = mailbox(asked.email.strip())
    except BadMail as error:
        raise HTTPException(422, f"email: {error}.") from None
    wants, own, new = Wants(known_lotteries(room, asked.lotteries)), seal(room), uuid4()
    mark = subscriptions.mark(own, newsletter, address.lower())
    async with room.ledger.reading() as conn:
        if newsletter not in await subscribers.accounts(conn, NETWORK):
            raise missing("There is no such newsletter; /api/v1/newsletters lists them.")
        # Who subscribed before keeps his id: it is in the letters that he has.
        before = next((one for one in await subscribers.marked(conn, mark) if one.account == newsletter), None)
        number = before.id if before else new
        sealed = subscriptions.close(own, number, {"email": address})
        consent = speak(asked.lang).say("letter.consent")
        one = Subscriber(number, newsletter, mark, sealed, asked.lang, wants, consent, room.wall())
        await subscribers.ask(conn, one)
    return Response(status_code=202)


@router.post("/subscriptions/confirm", status_code=204)
async def confirm(asked: schemas.Token, room: Here) -> None:
    """It was he who subscribed: from now on he is told."""
    async with room.ledger.reading() as conn:
        if not await subscribers.confirm(conn, _whose(room, asked), room.wall()):
            raise missing("This subscription has ended: subscribe again.")


@router.post("/subscriptions/leave", status_code=204)
async def unsubscribe(asked: schemas.Token, room: Here) -> None:
    """He is told nothing any more, and his address is erased; as often as one likes."""
    async with room.ledger.transaction() as conn:
        await subscribers.leave(conn, _whose(room, asked), room.wall())


@router.post("/subscriptions/erase", status_code=204)
async def erase(asked: schemas.Token, room: Here) -> None:
    """Everything that is kept of him is erased, also that he ever subscribed."""
    async with room.ledger.reading() as conn:
        await subscribers.erase(conn, _whose(room, asked))


@router.post("/subscriptions/export")
async def export_subscription(asked: schemas.Token, room: Here) -> schemas.Subscription:
    """Everything that is kept of him."""
    async with room.ledger.reading() as conn:
        one = await _found(conn, _whose(room, asked))
    try:
        address = subscriptions.open_(seal(room), one.id, one.address) if one.address else {}
    except SealError:
        raise HTTPException(503, "The address cannot be read here now: whoever runs this site must look.") from None
    return schemas.Subscription(
        newsletter=one.account,
        email=address.get("email"),
        lang=one.lang,
        lotteries=list(one.wants.lotteries),
        consent=one.consent,
        asked_at=one.asked_at,
        confirmed_at=one.confirmed_at,
        left_at=one.left_at,
    )


async def _found(conn: Connection, subscriber: UUID) -> Subscriber:
    one = await subscribers.find(conn, subscriber)
    if one is None:
        raise missing("Nothing is kept of this subscriber.")
    return one


def _whose(room: Room, asked: schemas.Token) -> UUID:
    try:
        return subscriptions.subscriber_of(seal(room), asked.token)
    except subscriptions.BadToken:
        raise missing("This link is not one of ours, or not whole: use it as it stands in the letter.") from None


def known_lotteries(room: Room, lotteries: list[str]) -> tuple[str, ...]:
    """The lotteries, each of which is known; else a 422."""
    for one in lotteries:
        if one not in room.catalogue.lotteries:
            raise HTTPException(422, f"lotteries: there is no lottery “{one[:60]}”; /api/v1/lotteries lists them all.")
    return tuple(dict.fromkeys(lotteries))
