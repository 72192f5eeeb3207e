"""The switch of publishing: a person stops all that goes out, and starts it again; nothing that waits is lost.

Who threw it, when and why is a decision like any other, kept for good.
"""

from datetime import datetime

from lotto.ledger import decisions, publishing
from lotto.ledger.connection import Connection, LedgerError
from lotto.ledger.decisions import Decision


async def throw(conn: Connection, *, on: bool, by: str, reason: str, now: datetime) -> None:
    """Stops publishing, or starts it again; call it in a transaction. Raises LedgerError when it stands so already."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [publishing.SUBJECT])
    stop = await publishing.stopped(conn)
    if on and stop is None:
        raise LedgerError("Publishing is not stopped: nothing is to be started.")
    if not on and stop is not None:
        raise LedgerError(f"Publishing is stopped already, by {stop.by}: {stop.reason}")
    before, verdict = {"on": stop is None}, "start" if on else "stop"
    await decisions.keep(conn, Decision(now, by, verdict, reason, publishing.SUBJECT, before, {"on": on}))
