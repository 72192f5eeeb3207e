"""Deliveries of webhooks: planned once for an event and a webhook, tried until they are taken or given up.

An event is planned when the relay has given it its position: each webhook has a position up to which all is planned,
and what is planned and that it is are written in one transaction. So none is left out and none is planned twice,
whatever is killed in between. Whoever works for a webhook holds its newest fence, and nobody else writes what came of
a try. What became of all of them is in `lotto.ledger.delivered`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4, uuid5

from lotto.draws.draw import DrawKey
from lotto.events import NAMESPACE
from lotto.ledger import webhooks
from lotto.ledger.connection import Connection
from lotto.ledger.text import storable
from lotto.ledger.webhooks import Webhook

State = Literal["waiting", "delivered", "failed"]


@dataclass(frozen=True)
class Told:
    """An event that was said, as webhooks are told of it."""

    id: UUID
    position: int
    type: str
    key: DrawKey
    revision: int
    update: int
    status: str
    """Of the draw, when this was said."""
    at: datetime


@dataclass(frozen=True)
class Delivery:
    """An event on its way to a webhook, or there; a test where there is no event."""

    id: UUID
    webhook: UUID
    told: Told | None
    state: State
    tries: int
    """Since it was planned, or planned again."""
    trying_since: datetime | None
    """When the first of them was."""
    planned_at: datetime
    due_at: datetime
    """When it is tried next, if it waits."""
    settled_at: datetime | None


@dataclass(frozen=True)
class Try:
    """One time that it was sent, and what came of it."""

    at: datetime
    milliseconds: int
    status: int | None
    """What the server answered; None when it answered nothing."""
    words: str
    """What came of it, a sentence."""


@dataclass(frozen=True)
class Claim:
    """A webhook that is a worker's, as long as its fence is the newest."""

    webhook: Webhook
    fence: int


def delivery_id(webhook: UUID, event_id: UUID) -> UUID:
    """The one id of that event at that webhook, by which its receiver knows it when it comes again."""
    return uuid5(NAMESPACE, f"webhook|{webhook}|{event_id}")


async def behind(conn: Connection, most: int) -> list[Webhook]:
    """Webhooks that are not planned up to what was said last, those furthest behind first, locked until the
    transaction ends; one that another process plans, or somebody changes, is left out."""
    rows = await conn.execute(
        f"""SELECT {webhooks.COLUMNS} FROM webhook
            WHERE resting = '' AND position < (SELECT coalesce(max(position), 0) FROM outbox)
            ORDER BY position, id LIMIT %s FOR UPDATE SKIP LOCKED""",  # noqa: S608
        [most],
    )
    return [webhooks.read(row) async for row in rows]


async def said_after(conn: Connection, position: int, most: int) -> list[Told]:
    """What was said after that position, in order."""
    rows = await conn.execute(
        f"SELECT {_TOLD} FROM outbox WHERE position > %s ORDER BY position LIMIT %s",  # noqa: S608
        [position, most],
    )
    return [_told(row) async for row in rows]


async def plan(conn: Connection, webhook: UUID, told: Sequence[Told], position: int, now: datetime) -> int:
    """Plans these events for the webhook, which is then planned up to that position; returns how many were new."""
    ids = [delivery_id(webhook, one.id) for one in told]
    done = await conn.execute(
        """INSERT INTO webhook_delivery (id, webhook, event_id, position, planned_at, due_at)
           SELECT id, %s, event_id, position, %s, %s
           FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[]) AS told (id, event_id, position)
           ON CONFLICT DO NOTHING""",
        [webhook, now, now, ids, [one.id for one in told], [one.position for one in told]],
    )
    await conn.execute("UPDATE webhook SET position = %s WHERE id = %s", [position, webhook])
    return done.rowcount


async def plan_test(conn: Connection, webhook: UUID, now: datetime) -> UUID:
    """Plans a message that tells of nothing; it goes out also while the webhook rests, and is tried once."""
    new = uuid4()
    await conn.execute(
        "INSERT INTO webhook_delivery (id, webhook, planned_at, due_at) VALUES (%s, %s, %s, %s)",
        [new, webhook, now, now],
    )
    return new


async def inherit(conn: Connection, worker: str) -> None:
    """What a worker of that name held is free: it was this one, before it was started again."""
    await conn.execute(
        "UPDATE webhook SET worker = NULL, lease_until = NULL, fence = fence + 1 WHERE worker = %s", [worker]
    )


async def claim(
    conn: Connection, worker: str, now: datetime, until: datetime, most: int, only: UUID | None = None
) -> list[Claim]:
    """Takes webhooks until then that have something due and are nobody's; or that one only, if it has and is."""
    rows = await conn.execute(
        f"""UPDATE webhook SET worker = %(worker)s, lease_until = %(until)s, fence = fence + 1
            WHERE id IN (SELECT id FROM webhook AS free
                         WHERE (lease_until IS NULL OR lease_until < %(now)s)
                           AND (%(only)s::uuid IS NULL OR id = %(only)s)
                           AND EXISTS (SELECT FROM webhook_delivery AS one
                                       WHERE one.webhook = free.id AND {_IS_DUE.format(webhook="free")})
                         ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
            RETURNING fence, {webhooks.COLUMNS}""",  # noqa: S608
        {"worker": worker, "now": now, "until": until, "most": most, "only": only},
    )
    return [Claim(webhooks.read(row), row["fence"]) async for row in rows]


async def hold(conn: Connection, claim: Claim, until: datetime) -> Webhook | None:
    """Keeps the webhook until then, locked in a transaction until that ends; None when it is another's, or gone."""
    row = await (
        await conn.execute(
            f"UPDATE webhook SET lease_until = %s WHERE id = %s AND fence = %s RETURNING {webhooks.COLUMNS}",  # noqa: S608
            [until, claim.webhook.id, claim.fence],
        )
    ).fetchone()
    return webhooks.read(row) if row else None


async def leave(conn: Connection, claim: Claim) -> None:
    """Gives the webhook up, so that another worker need not wait for the lease."""
    await conn.execute(
        "UPDATE webhook SET worker = NULL, lease_until = NULL WHERE id = %s AND fence = %s",
        [claim.webhook.id, claim.fence],
    )


async def due(conn: Connection, webhook: UUID, now: datetime) -> Delivery | None:
    """What is to be sent to that webhook now, what is due longest first; None when nothing is."""
    row = await (
        await conn.execute(
            f"""SELECT {COLUMNS} FROM {DELIVERIES} JOIN webhook AS whose ON whose.id = one.webhook
                WHERE one.webhook = %(webhook)s AND {_IS_DUE.format(webhook="whose")}
                ORDER BY one.due_at, one.position LIMIT 1""",  # noqa: S608
            {"webhook": webhook, "now": now},
        )
    ).fetchone()
    return read(row) if row else None


async def note(
    conn: Connection, delivery: UUID, one: Try, state: State, now: datetime, due_at: datetime | None = None
) -> None:
    """Keeps what came of a try, counts it, and how the delivery stands by it; one that waits is tried then."""
    await conn.execute(
        """WITH tried AS (INSERT INTO webhook_try (delivery, at, milliseconds, status, words)
                          VALUES (%(delivery)s, %(at)s, %(milliseconds)s, %(status)s, %(words)s))
           UPDATE webhook_delivery
           SET tries = tries + 1, trying_since = coalesce(trying_since, %(at)s), state = %(state)s,
               settled_at = CASE %(state)s WHEN 'waiting' THEN NULL ELSE %(now)s::timestamptz END,
               due_at = coalesce(%(due_at)s, due_at)
           WHERE id = %(delivery)s""",
        {
            "delivery": delivery,
            "at": one.at,
            "milliseconds": one.milliseconds,
            "status": one.status,
            "words": storable(one.words)[:500],
            "state": state,
            "now": now,
            "due_at": due_at,
        },
    )


async def took(conn: Connection, webhook: UUID, back: bool, now: datetime) -> None:
    """The webhook has taken something; if it is `back` after an outage, all that waits goes out now."""
    await conn.execute(
        "UPDATE webhook SET failures = 0, failing_since = NULL, due_at = %s WHERE id = %s AND failures > 0",
        [now, webhook],
    )
    if back:
        await conn.execute(
            "UPDATE webhook_delivery SET due_at = %s WHERE webhook = %s AND state = 'waiting' AND due_at > %s",
            [now, webhook, now],
        )


async def missed(conn: Connection, webhook: UUID, now: datetime, due_at: datetime) -> None:
    """The webhook did not take what it was sent; it is sent nothing before `due_at`."""
    await conn.execute(
        """UPDATE webhook SET failures = failures + 1, failing_since = coalesce(failing_since, %s), due_at = %s
           WHERE id = %s""",
        [now, due_at, webhook],
    )


_IS_DUE = """one.state = 'waiting' AND one.due_at <= %(now)s
             AND (SELECT on_air FROM publishing)
             AND (one.event_id IS NULL OR ({webhook}.resting = '' AND {webhook}.due_at <= %(now)s))"""
"""A test is due also while its webhook rests or is left alone for a while."""

_TOLD = """event_id, outbox.position, type, lottery, date, label, revision, update, created_at,
           envelope->'data'->'draw'->>'status' AS status"""
COLUMNS = f"""one.id, one.webhook, one.state, one.tries, one.trying_since, one.planned_at, one.due_at, one.settled_at,
               {_TOLD.replace("event_id", "outbox.event_id", 1)}"""
"""What `read` reads."""

DELIVERIES = "webhook_delivery AS one LEFT JOIN outbox ON outbox.event_id = one.event_id"


def _told(row: Mapping[str, Any]) -> Told:
    key = DrawKey(row["lottery"], row["date"], row["label"])
    return Told(
        row["event_id"],
        row["position"],
        row["type"],
        key,
        row["revision"],
        row["update"],
        row["status"],
        row["created_at"],
    )


def read(row: Mapping[str, Any]) -> Delivery:
    """A delivery, of a row that has its columns."""
    return Delivery(
        row["id"],
        row["webhook"],
        _told(row) if row["event_id"] else None,
        row["state"],
        row["tries"],
        row["trying_since"],
        row["planned_at"],
        row["due_at"],
        row["settled_at"],
    )
