"""Web push: a browser subscribes to notifications, and leaves again. Its endpoint is what it is known by."""

from uuid import uuid4

from fastapi import APIRouter, HTTPException

from lotto import subscriptions
from lotto.api import schemas
from lotto.api.problems import missing
from lotto.api.room import Here
from lotto.api.routes.newsletters import known_lotteries
from lotto.api.secrets import push_key, seal
from lotto.ledger import subscribers
from lotto.ledger.connection import Connection
from lotto.ledger.subscribers import Subscriber, Wants
from lotto.webhooks import address
from lotto.webpush import BadKeys, keys
from lotto.words import speak

router = APIRouter(prefix="/push", tags=["Push"])

NETWORK = "webpush"


@router.get("")
async def push(room: Here) -> schemas.Push:
    """How a browser subscribes, and to what."""
    async with room.ledger.reading() as conn:
        found = await subscribers.accounts(conn, NETWORK)
    return schemas.Push(key=push_key(room), accounts=found)


@router.post("/{account}", status_code=204)
async def subscribe_browser(account: str, asked: schemas.NewBrowser, room: Here) -> None:
    """Has a browser told; once more with other wishes takes the place of those before."""
    try:
        keys(asked.keys.p256dh, asked.keys.auth)
        endpoint = (address.of_this_machine if room.site.practice else address.of_anybody)(asked.endpoint)
    except BadKeys as error:
        raise HTTPException(422, f"keys: {error}.") from None
    except address.BadAddress:
        raise HTTPException(422, "endpoint: it is no address of a push service on the internet.") from None
    jackpot = asked.jackpot
    wants = Wants(
        known_lotteries(room, asked.lotteries),
        jackpot.amount if jackpot else None,
        jackpot.currency if jackpot else None,
    )
    own = seal(room)
    mark = subscriptions.mark(own, account, endpoint)
    async with room.ledger.reading() as conn:
        await _exists(conn, account)
        before = next((one for one in await subscribers.marked(conn, mark) if one.account == account), None)
        number = before.id if before else uuid4()
        kept = {"endpoint": endpoint, "p256dh": asked.keys.p256dh, "auth": asked.keys.auth}
        sealed = subscriptions.close(own, number, kept)
        consent = speak(asked.lang).say("letter.push_consent")
        await subscribers.keep(conn, Subscriber(number, account, mark, sealed, asked.lang, wants, consent, room.wall()))


@router.post("/{account}/leave", status_code=204)
async def unsubscribe_browser(account: str, asked: schemas.Browser, room: Here) -> None:
    """Nothing is known of the browser any more; as often as one likes."""
    mark = subscriptions.mark(seal(room), account, asked.endpoint)
    async with room.ledger.reading() as conn:
        await _exists(conn, account)
        for one in await subscribers.marked(conn, mark):
            await subscribers.erase(conn, one.id)


async def _exists(conn: Connection, account: str) -> None:
    if account not in await subscribers.accounts(conn, NETWORK):
        raise missing("Nothing of that name may be subscribed to; /api/v1/push tells what may.")
