"""What persons decided where the house could not: append-only, with how things stood before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from lotto.ledger.connection import Connection
from lotto.ledger.text import storable


@dataclass(frozen=True)
class Decision:
    """One word of a person on one thing."""

    made_at: datetime
    made_by: str
    """The name the person gave; not empty."""
    verdict: str
    reason: str
    subject: str
    """What it is about, as `post/<id>` or `draw/<lottery>/<date>[/<label>]`."""
    before: Mapping[str, Any]
    """What of the thing was changed, as it was; JSON's own types."""
    after: Mapping[str, Any]
    seq: int | None = None
    """Of a decision on a draw: the result in the chain that carries it."""


async def keep(conn: Connection, one: Decision) -> None:
    """Keeps a decision, in the transaction that carries it out."""
    await conn.execute(
        """INSERT INTO decision (made_at, made_by, verdict, reason, subject, before, after, seq)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            one.made_at,
            storable(one.made_by),
            one.verdict,
            storable(one.reason),
            one.subject,
            Jsonb(one.before),
            Jsonb(one.after),
            one.seq,
        ],
    )


async def about(conn: Connection, subject: str) -> list[Decision]:
    """Every decision about that thing, oldest first."""
    rows = await conn.execute(
        """SELECT made_at, made_by, verdict, reason, subject, before, after, seq FROM decision
           WHERE subject = %s ORDER BY id""",
        [subject],
    )
    return [Decision(**row) async for row in rows]
