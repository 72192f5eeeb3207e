"""Turns: of several processes one at a time does a thing; PostgreSQL ends the turn of one that dies."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lotto.ledger.connection import Connection

FAMILY = 4_155
"""First half of the advisory locks used for turns; the second is made of what is to be done."""


@asynccontextmanager
async def turn(conn: Connection, what: str) -> AsyncIterator[bool]:
    """Whether it is this process's turn to do `what`, until the end of the block.

    `conn` is a connection of the process's own (`Ledger.alone`), which may hold many turns; when it is lost, so are
    they, and somebody else may begin: what is done in a turn must be harmless when done twice.
    """
    row = await (await conn.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s)) AS mine", [FAMILY, what])).fetchone()
    mine = bool(row and row["mine"])
    try:
        yield mine
    finally:
        if mine and not conn.closed:
            await conn.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [FAMILY, what])


async def wait(conn: Connection, what: str) -> None:
    """Waits for the turn to do `what` and keeps it until the connection ends."""
    await conn.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [FAMILY, what])
