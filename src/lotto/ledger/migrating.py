"""Migrating: the way from the schema that the database has to the one that the code needs.

What does this work is large, and most processes find nothing to do: import this where a schema is changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool, text

from lotto.ledger.schema import HEAD, LOCK, version_now


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
