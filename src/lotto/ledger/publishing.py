"""Publishing as a whole: whether anything goes out, which is the last decision on it (`lotto.ledger.switch`)."""

from dataclasses import dataclass
from datetime import datetime

from lotto.ledger.connection import Connection

SUBJECT = "publishing"


@dataclass(frozen=True)
class Stop:
    """The word by which nothing goes out."""

    by: str
    at: datetime
    reason: str


async def stopped(conn: Connection) -> Stop | None:
    """The word by which publishing is stopped; None while it goes on."""
    row = await (
        await conn.execute(
            """SELECT made_by, made_at, reason, verdict FROM decision
               WHERE subject = %s ORDER BY id DESC LIMIT 1""",
            [SUBJECT],
        )
    ).fetchone()
    return Stop(row["made_by"], row["made_at"], row["reason"]) if row and row["verdict"] == "stop" else None
