"""What became of deliveries of webhooks: their log, and what is to go out once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lotto.ledger.connection import Connection
from lotto.ledger.deliveries import COLUMNS, DELIVERIES, Delivery, State, Try, read


@dataclass(frozen=True)
class Tally:
    """How it stands with all webhooks."""

    awake: int
    resting: int
    waiting: int
    """Deliveries on their way to those that do not rest."""
    overdue: timedelta
    """How long the most overdue of them should have been tried."""
    failed: int
    """Deliveries given up that are still in the log."""


async def find(conn: Connection, webhook: UUID, delivery: UUID) -> Delivery | None:
    """That delivery of that webhook."""
    row = await (
        await conn.execute(
            f"SELECT {COLUMNS} FROM {DELIVERIES} WHERE one.webhook = %s AND one.id = %s",  # noqa: S608
            [webhook, delivery],
        )
    ).fetchone()
    return read(row) if row else None


async def listed(
    conn: Connection,
    webhook: UUID,
    most: int,
    before: tuple[datetime, UUID] | None = None,
    states: Sequence[State] = (),
) -> list[Delivery]:
    """The deliveries of a webhook, newest first; with `before` those after that one in the list."""
    rows = await conn.execute(
        f"""SELECT {COLUMNS} FROM {DELIVERIES}
            WHERE one.webhook = %(webhook)s AND (%(states)s::text[] = '{{}}' OR one.state = ANY(%(states)s))
              AND (%(at)s::timestamptz IS NULL OR (one.planned_at, one.id) < (%(at)s, %(id)s))
            ORDER BY one.planned_at DESC, one.id DESC LIMIT %(most)s""",  # noqa: S608
        {
            "webhook": webhook,
            "states": list(states),
            "at": before[0] if before else None,
            "id": before[1] if before else None,
            "most": most,
        },
    )
    return [read(row) async for row in rows]


async def tries(conn: Connection, deliveries: Sequence[UUID]) -> dict[UUID, list[Try]]:
    """Every try of these deliveries, oldest first."""
    rows = await conn.execute(
        "SELECT delivery, at, milliseconds, status, words FROM webhook_try WHERE delivery = ANY(%s) ORDER BY id",
        [list(deliveries)],
    )
    found: dict[UUID, list[Try]] = {one: [] for one in deliveries}
    async for row in rows:
        found[row["delivery"]].append(Try(row["at"], row["milliseconds"], row["status"], row["words"]))
    return found


async def replay(conn: Connection, delivery: UUID, now: datetime) -> None:
    """It goes out once more, with as much time as a new one and under the id that it has."""
    await conn.execute(
        """UPDATE webhook_delivery SET state = 'waiting', settled_at = NULL, tries = 0, trying_since = NULL, due_at = %s
           WHERE id = %s""",
        [now, delivery],
    )


async def position_at(conn: Connection, since: datetime) -> int:
    """The position before everything that happened from that instant on."""
    row = await (
        await conn.execute("SELECT coalesce(max(position), 0) AS last FROM outbox WHERE created_at < %s", [since])
    ).fetchone()
    return int(row["last"]) if row else 0


async def replay_after(conn: Connection, webhook: UUID, position: int, now: datetime) -> None:
    """All that was said after that position goes out once more; call it in a transaction."""
    await conn.execute("UPDATE webhook SET position = least(position, %s) WHERE id = %s", [position, webhook])
    await conn.execute(
        """UPDATE webhook_delivery SET state = 'waiting', settled_at = NULL, tries = 0, trying_since = NULL, due_at = %s
           WHERE webhook = %s AND position > %s""",
        [now, webhook, position],
    )


async def prune(conn: Connection, before: datetime) -> int:
    """Forgets what was settled before that instant, with its tries; returns how many deliveries."""
    done = await conn.execute("DELETE FROM webhook_delivery WHERE state <> 'waiting' AND settled_at < %s", [before])
    return done.rowcount


async def tally(conn: Connection, now: datetime) -> Tally:
    """How it stands with all webhooks."""
    row = await (
        await conn.execute(
            """SELECT count(*) FILTER (WHERE resting = '') AS awake, count(*) FILTER (WHERE resting <> '') AS resting
               FROM webhook"""
        )
    ).fetchone()
    own = await (
        await conn.execute(
            """SELECT count(*) FILTER (WHERE state = 'waiting' AND resting = '') AS waiting,
                      count(*) FILTER (WHERE state = 'failed') AS failed,
                      min(greatest(one.due_at, webhook.due_at)) FILTER (
                          WHERE state = 'waiting' AND resting = ''
                            AND coalesce(lease_until, %(now)s) <= %(now)s) AS due_at
               FROM webhook_delivery AS one JOIN webhook ON webhook.id = one.webhook WHERE state <> 'delivered'""",
            {"now": now},
        )
    ).fetchone()
    assert row is not None  # noqa: S101 - an aggregate is always one row
    assert own is not None  # noqa: S101
    late = now - own["due_at"] if own["due_at"] else timedelta()
    return Tally(row["awake"], row["resting"], own["waiting"], max(late, timedelta()), own["failed"])
