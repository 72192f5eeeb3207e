"""The schema's version: which the database has, and which the code needs."""

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import DictRow

HEAD = "0023"
"""The migration this code is written for."""

LOCK = 4_155_001
"""Advisory lock: one process migrates, the others wait and find it done."""


def version_now(conn: psycopg.Connection) -> str:
    """The migration the database is at; empty when it has never seen one."""
    row = conn.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchone()
    row = conn.execute("SELECT version_num FROM alembic_version").fetchone() if row and row[0] else None
    return str(row[0]) if row else ""


async def version(conn: AsyncConnection[DictRow]) -> str:
    """The migration the database is at; empty when it has never seen one."""
    row = await (await conn.execute("SELECT to_regclass('alembic_version') IS NOT NULL AS known")).fetchone()
    if not (row and row["known"]):
        return ""
    row = await (await conn.execute("SELECT version_num FROM alembic_version")).fetchone()
    return str(row["version_num"]) if row else ""


async def misfit(conn: AsyncConnection[DictRow]) -> str:
    """Why this code cannot work on the database's schema, a sentence that says what to do; empty when it can.

    A newer schema serves older code until a migration takes away what that needs: so versions change one process at a
    time.
    """
    at = await version(conn)
    if at == HEAD:
        return ""
    row = await (await conn.execute("SELECT to_regclass('serves') IS NOT NULL AS known")).fetchone()
    if row and row["known"]:
        served = await conn.execute("SELECT FROM serves WHERE revision = %s", [HEAD])
        if await served.fetchone() is not None:
            return ""
        if at > HEAD:
            return f"The ledger's schema is {at}, newer than this Lotto, which needs {HEAD}: install the newer Lotto."
    return f"The ledger's schema is {at or 'empty'} and this Lotto needs {HEAD}: run `lotto migrate`."
