"""Webhooks: whoever has a key for it subscribes a server of his to events, and sees how telling it goes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, HTTPException, Query, Request

from lotto.api import cursor as cursors
from lotto.api import schemas, views
from lotto.api.asked import of_collection, of_country, of_lottery
from lotto.api.asker import Asker
from lotto.api.problems import Responses, described, missing
from lotto.api.room import Here, Room
from lotto.api.secrets import seal
from lotto.ledger import delivered, deliveries, queries, webhooks
from lotto.ledger.connection import Connection
from lotto.ledger.deliveries import Delivery
from lotto.ledger.webhooks import Wants, Webhook
from lotto.seal import SealError
from lotto.webhooks import address
from lotto.webhooks.secrets import Secrets

router = APIRouter(prefix="/webhooks", tags=["Webhooks"])

MOST = 20
"""Webhooks of one key."""

TOO_MANY: Responses = {409: described("Your key has as many webhooks as it may have.")}
UNREADABLE: Responses = {409: described("Its secret cannot be read here any more.")}

FILTERS = ("lotteries", "countries", "collections", "types", "statuses")


@router.post("", status_code=201, responses=TOO_MANY)
async def make_webhook(asked: schemas.NewWebhook, asker: Asker, room: Here) -> schemas.MadeWebhook:
    """A new webhook: it is told what is said from now on. The answer shows its secret, this once."""
    wants = _wants(room, {name: getattr(asked, name) for name in FILTERS})
    new, secrets = uuid4(), Secrets.made()
    url, sealed = _address(room, asked.url), secrets.sealed(seal(room), new)
    async with room.ledger.reading() as conn:
        at = await queries.position(conn)
        one = Webhook(new, asker, url, asked.note, wants, sealed, None, at, room.wall())
        if not await webhooks.add(conn, one, MOST):
            raise HTTPException(409, f"This key has {MOST} webhooks, and more it may not have: remove one of them.")
    return views.made_webhook(one, secrets.new)


@router.get("")
async def every_webhook(asker: Asker, room: Here) -> schemas.Page[schemas.Webhook]:
    """The webhooks of your key, oldest first."""
    async with room.ledger.reading() as conn:
        found = await webhooks.listed(conn, asker)
    return schemas.Page(items=[views.webhook(one) for one in found], next=None)


@router.get("/{webhook}")
async def one_webhook(webhook: UUID, asker: Asker, room: Here) -> schemas.Webhook:
    """One of them."""
    async with room.ledger.reading() as conn:
        return views.webhook(await _own(conn, webhook, asker))


@router.patch("/{webhook}")
async def change_webhook(webhook: UUID, asked: schemas.WebhookChange, asker: Asker, room: Here) -> schemas.Webhook:
    """Changes it, has it rest, or wakes it. A filter that is given takes the place of the one before.

    Woken, it is told all that it was not told while it rested, in order.
    """
    async with room.ledger.transaction() as conn:
        own = await _own(conn, webhook, asker)
        given = {name: value for name in FILTERS if (value := getattr(asked, name)) is not None}
        wants = _wants(room, {name: given.get(name, getattr(own.wants, name)) for name in FILTERS}) if given else None
        url = None if asked.url is None else _address(room, asked.url)
        await webhooks.change(conn, own.id, url=url, note=asked.note, wants=wants)
        if asked.rests is True:
            await webhooks.rest(conn, own.id, "Its owner has it rest.", "owner", room.wall())
        elif asked.rests is False:
            await webhooks.wake(conn, own.id, room.wall())
        return views.webhook(await _own(conn, webhook, asker))


@router.delete("/{webhook}", status_code=204)
async def remove_webhook(webhook: UUID, asker: Asker, room: Here) -> None:
    """Removes it, with its log and all that was on its way."""
    async with room.ledger.transaction() as conn:
        await webhooks.remove(conn, (await _own(conn, webhook, asker)).id)


@router.post("/{webhook}/rotate", responses=UNREADABLE)
async def rotate_secret(
    webhook: UUID, asker: Asker, room: Here, asked: schemas.Rotation | None = None
) -> schemas.NewSecret:
    """A new secret, shown this once. For a while messages are signed with both, so none is refused meanwhile."""
    until = room.wall() + timedelta(hours=(asked or schemas.Rotation()).overlap_hours)
    own_seal = seal(room)
    async with room.ledger.transaction() as conn:
        own = await _own(conn, webhook, asker)
        try:
            secrets = Secrets.opened(own_seal, own.id, own.secret).rotated()
        except SealError:
            raise HTTPException(409, "Its secret cannot be read here any more: remove it and make another.") from None
        await webhooks.reseal(conn, own.id, secrets.sealed(own_seal, own.id), until)
    return schemas.NewSecret(secret=secrets.new, old_secret_until=until)


@router.post("/{webhook}/test", status_code=202)
async def test_webhook(webhook: UUID, asker: Asker, room: Here) -> schemas.Delivery:
    """Sends a message that tells of nothing, once, also while it rests. What came of it, the delivery says."""
    async with room.ledger.transaction() as conn:
        own = await _own(conn, webhook, asker)
        return await _delivery(conn, own, await deliveries.plan_test(conn, own.id, room.wall()))


@router.post("/{webhook}/replay", status_code=202)
async def replay_events(webhook: UUID, asked: schemas.Replay, asker: Asker, room: Here) -> schemas.Webhook:
    """Tells everything once more from there on, also what was said before it was made, each under the id it had."""
    async with room.ledger.transaction() as conn:
        own = await _own(conn, webhook, asker)
        after = asked.after if asked.since is None else await delivered.position_at(conn, asked.since)
        await delivered.replay_after(conn, own.id, after, room.wall())
        return views.webhook(await _own(conn, webhook, asker))


@router.get("/{webhook}/deliveries")
async def every_delivery(
    request: Request,
    webhook: UUID,
    asker: Asker,
    room: Here,
    state: Annotated[list[schemas.DeliveryState], Query(description="only those in these states")] = [],  # noqa: B006
    limit: Annotated[int, Query(ge=1, le=200, description="how many at the most")] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="from `next` of the page before")] = None,
) -> schemas.Page[schemas.Delivery]:
    """What was or will be told to it, newest first, with every try. What is settled is kept for 30 days."""
    async with room.ledger.reading() as conn:
        own = await _own(conn, webhook, asker)
        found = await delivered.listed(conn, own.id, limit + 1, _before(cursor) if cursor else None, state)
        tries = await delivered.tries(conn, [one.id for one in found])
    shown = found[:limit]
    return schemas.Page(
        items=[views.delivery(one, tries[one.id]) for one in shown],
        next=cursors.following(request, _cursor(shown[-1])) if len(found) > limit else None,
    )


@router.get("/{webhook}/deliveries/{delivery}")
async def one_delivery(webhook: UUID, delivery: UUID, asker: Asker, room: Here) -> schemas.Delivery:
    """One of them."""
    async with room.ledger.reading() as conn:
        return await _delivery(conn, await _own(conn, webhook, asker), delivery)


@router.post("/{webhook}/deliveries/{delivery}/replay", status_code=202)
async def replay_delivery(webhook: UUID, delivery: UUID, asker: Asker, room: Here) -> schemas.Delivery:
    """Sends it once more, under the id that it has."""
    async with room.ledger.transaction() as conn:
        own = await _own(conn, webhook, asker)
        await _delivery(conn, own, delivery)
        await delivered.replay(conn, delivery, room.wall())
        return await _delivery(conn, own, delivery)


async def _own(conn: Connection, webhook: UUID, asker: str) -> Webhook:
    """That webhook, if it is the asker's; else a 404, whosever it is."""
    found = await webhooks.find(conn, webhook)
    if found is None or found.owner != asker:
        raise missing("Your key has no such webhook; /api/v1/webhooks lists those it has.")
    return found


async def _delivery(conn: Connection, own: Webhook, delivery: UUID) -> schemas.Delivery:
    found = await delivered.find(conn, own.id, delivery)
    if found is None:
        raise missing("There is no such delivery of this webhook, or it is no longer kept.")
    tries = await delivered.tries(conn, [found.id])
    return views.delivery(found, tries[found.id])


def _wants(room: Room, given: dict[str, Sequence[str]]) -> Wants:
    """The filters, all of whose names are known; else a 422."""
    try:
        for find, name in ((of_lottery, "lotteries"), (of_country, "countries"), (of_collection, "collections")):
            for one in given[name]:
                find(one, room)
    except HTTPException as error:
        raise HTTPException(422, error.detail) from None
    kept = {name: tuple(dict.fromkeys(map(str, values))) for name, values in given.items()}
    return Wants(**kept | {"countries": tuple(one.upper() for one in kept["countries"])})


def _address(room: Room, url: str) -> str:
    try:
        return (address.of_this_machine if room.site.practice else address.of_anybody)(url)
    except address.BadAddress as error:
        raise HTTPException(422, f"url: {error}.") from None


def _cursor(last: Delivery) -> str:
    return cursors.write(last.planned_at, str(last.id))


def _before(cursor: str) -> tuple[datetime, UUID]:
    at, name = cursors.read(cursor)
    try:
        return at, UUID(name)
    except ValueError as error:
        raise cursors.BadCursor from error
