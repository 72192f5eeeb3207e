"""Which consumer has worked off which event: what makes hearing twice harmless."""

from datetime import datetime
from uuid import UUID

from lotto.ledger.connection import Connection


async def take(conn: Connection, consumer: str, event_id: UUID, now: datetime) -> bool:
    """Whether the event is new to this consumer, which has it from now on; call it in the transaction of the work."""
    done = await conn.execute(
        "INSERT INTO inbox (consumer, event_id, heard_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        [consumer, event_id, now],
    )
    return done.rowcount == 1


async def has(conn: Connection, consumer: str, event_id: UUID) -> bool:
    """Whether this consumer has worked it off: asked before costly work, never instead of `take`."""
    row = await conn.execute("SELECT FROM inbox WHERE consumer = %s AND event_id = %s", [consumer, event_id])
    return await row.fetchone() is not None
