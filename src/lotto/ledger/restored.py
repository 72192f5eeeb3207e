"""A ledger that was restored from a backup: what it cannot know of the time in between, and how it goes on.

The world may know more than this ledger: what was posted after the backup is not in it. So whatever may have gone out
in that time is in doubt, and each network's guard settles it, as it does after any crash. Nothing settles who left a
list in that time: so such lists rest until a person wakes them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import psycopg

from lotto.ledger.connection import Connection

MARGIN = timedelta(minutes=10)
"""How far the clock of the lost instance may have been ahead of ours."""

GAP = 1_000_000
"""The lost instance said fewer events than that after the backup. It numbered them, and readers remember numbers."""


RESTS = "It was restored from a backup: who has left this list since is on it again."
"""Why an account rests that tells people."""


def mark(conn: psycopg.Connection, now: datetime) -> Sequence[str]:
    """Marks the ledger as restored at this instant of the world, in the transaction that fills it.

    What was to be sent is left as by a worker that died while it called the network: the next holder of the account
    settles it, no sooner than the network can show it. Events go on behind every number the world may have heard.
    Accounts that tell people rest; returns them, by name.
    """
    conn.execute("UPDATE instance SET restored_at = %s", [now])
    conn.execute("UPDATE post SET state = 'sending' WHERE state IN ('planned', 'unknown')")
    conn.execute("UPDATE subscriber_message SET state = 'sending' WHERE state = 'waiting'")
    conn.execute(
        """UPDATE outbox SET position = position + %s
           WHERE position = (SELECT max(position) FROM outbox)""",
        [GAP],
    )
    rest = conn.execute(
        """UPDATE account SET resting = %s
           WHERE EXISTS (SELECT FROM subscriber WHERE account = name AND confirmed_at IS NOT NULL AND left_at IS NULL)
           RETURNING name""",
        [RESTS],
    )
    return sorted(row[0] for row in rest)


async def leaves_in_doubt(conn: Connection, open_since: datetime) -> bool:
    """Whether another life of this ledger may have published what could be known from that instant on."""
    row = await (await conn.execute("SELECT restored_at FROM instance")).fetchone()
    return bool(row and row["restored_at"] and open_since <= row["restored_at"] + MARGIN)
