"""Dead letters: events a consumer could not work off, kept with the reason until a person replays them."""

from dataclasses import dataclass
from datetime import datetime

from lotto.ledger.connection import Connection
from lotto.ledger.text import storable


@dataclass(frozen=True)
class DeadLetter:
    """An event that was given up on."""

    id: int
    consumer: str
    stream: str
    event_id: str
    envelope: str
    reason: str
    deliveries: int
    buried_at: datetime
    replayed_at: datetime | None


async def bury(
    conn: Connection,
    *,
    consumer: str,
    stream: str,
    event_id: str,
    envelope: bytes,
    reason: str,
    deliveries: int,
    now: datetime,
) -> None:
    """Keeps an event that was given up on; the same one again by the same consumer is kept once."""
    await conn.execute(
        """INSERT INTO dead (consumer, stream, event_id, envelope, reason, deliveries, buried_at)
           SELECT %(consumer)s, %(stream)s, %(event_id)s, %(envelope)s, %(reason)s, %(deliveries)s, %(now)s
           WHERE NOT EXISTS (SELECT FROM dead WHERE consumer = %(consumer)s AND event_id = %(event_id)s
                             AND replayed_at IS NULL)""",
        {
            "consumer": consumer,
            "stream": stream,
            "event_id": storable(event_id),
            "envelope": storable(envelope.decode(errors="replace")),
            "reason": storable(reason)[:2000],
            "deliveries": deliveries,
            "now": now,
        },
    )


async def waiting(conn: Connection) -> list[DeadLetter]:
    """Every dead letter that was not replayed, oldest first."""
    rows = await conn.execute("SELECT * FROM dead WHERE replayed_at IS NULL ORDER BY id")
    return [DeadLetter(**row) async for row in rows]


async def listed(conn: Connection, most: int = 1000) -> list[DeadLetter]:
    """The newest dead letters, those that were replayed too, oldest first."""
    rows = await conn.execute(
        "SELECT * FROM (SELECT * FROM dead ORDER BY id DESC LIMIT %s) AS newest ORDER BY id", [most]
    )
    return [DeadLetter(**row) async for row in rows]


async def counted(conn: Connection) -> dict[str, int]:
    """How many dead letters of each consumer wait."""
    rows = await conn.execute(
        "SELECT consumer, count(*) AS n FROM dead WHERE replayed_at IS NULL GROUP BY consumer ORDER BY consumer"
    )
    return {row["consumer"]: row["n"] async for row in rows}


async def replay_all(conn: Connection, consumer: str, now: datetime) -> list[int]:
    """Leaves the event of every dead letter of that consumer to be said again; returns their numbers."""
    rows = await conn.execute("SELECT id FROM dead WHERE consumer = %s AND replayed_at IS NULL ORDER BY id", [consumer])
    numbers = [row["id"] async for row in rows]
    return [number for number in numbers if await replay(conn, number, now)]


async def replay(conn: Connection, number: int, now: datetime) -> bool:
    """Leaves the event of dead letter `number` to be said again; False when there is no such letter waiting."""
    row = await (
        await conn.execute(
            "UPDATE dead SET replayed_at = %s WHERE id = %s AND replayed_at IS NULL RETURNING event_id, consumer",
            [now, number],
        )
    ).fetchone()
    if row is None:
        return False
    await conn.execute(
        "UPDATE outbox SET published_at = NULL, entry_id = NULL, settled = false WHERE event_id::text = %s",
        [row["event_id"]],
    )
    await conn.execute("SELECT pg_notify('outbox', '')")
    return True
