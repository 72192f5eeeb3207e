"""The switch of publishing: a person stops all that goes out, and starts it again; nothing that waits is lost.

How it stands is the last decision on it, so who threw it, when and why is kept for good.
"""

from datetime import datetime

from lotto.ledger import decisions
from lotto.ledger.connection import Connection, LedgerError
from lotto.ledger.decisions import Decision

SUBJECT = "publishing"


async def stopped(conn: Connection) -> Decision | None:
    """The decision by which publishing is stopped; None while it goes on."""
    last = next(reversed(await decisions.about(conn, SUBJECT)), None)
    return last if last is not None and last.verdict == "stop" else None


async def throw(conn: Connection, *, on: bool, by: str, reason: str, now: datetime) -> None:
    """Stops publishing, or starts it again; call it in a transaction. Raises LedgerError when it stands so already."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [SUBJECT])
    before = await stopped(conn)
    if on and before is None:
        raise LedgerError("Publishing is not stopped: nothing is to be started.")
    if not on and before is not None:
        raise LedgerError(f"Publishing is stopped already, by {before.made_by}: {before.reason}")
    stands = {"on": before is None}
    await decisions.keep(conn, Decision(now, by, "start" if on else "stop", reason, SUBJECT, stands, {"on": on}))
