"""The schema's version: which the database has, which the code needs, and the way from one to the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import AsyncConnection
from psycopg.rows import DictRow
from sqlalchemy import create_engine, pool, text

HEAD = "0022"
"""The migration this code is written for."""

LOCK = 4_155_001
"""Advisory lock: one process migrates, the others wait and find it done."""


@dataclass(frozen=True)
class Change:
    """A change of the schema under way; what is done on `conn` belongs to its transaction."""

    conn: psycopg.Connection
    config: Config

    def to(self, version: str) -> None:
        """Brings the database up to that migration; harmless when it is there or beyond, by newer code too."""
        at = version_now(self.conn)
        if not at or self.knows(at):
            command.upgrade(self.config, version)

    def knows(self, version: str) -> bool:
        """Whether this code has that migration."""
        return any(one.revision == version for one in ScriptDirectory.from_config(self.config).walk_revisions())


def migrate(url: str) -> None:
    """Brings the database at `url` to HEAD; harmless when it is there, and when newer code has brought it further."""
    with changing(url) as change:
        change.to(HEAD)


@contextmanager
def changing(url: str) -> Iterator[Change]:
    """One transaction in which the schema of the database at `url` is changed: all of it, or nothing."""
    with (
        psycopg.connect(url) as own,
        as_file(files("lotto.ledger") / "migrations") as scripts,
        create_engine("postgresql+psycopg://", creator=lambda: own, poolclass=pool.StaticPool).begin() as connection,
    ):
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config = Config()
        config.set_main_option("script_location", str(scripts).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        yield Change(own, config)


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
