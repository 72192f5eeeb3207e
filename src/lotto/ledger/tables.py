"""The ledger as a whole: every table, row by row, out of one moment of it and into an empty one.

Which tables there are, and in which order they can be filled, is asked of the database: a later migration's table is
carried along as it is. Columns the database fills by itself are left to it. Rows travel as PostgreSQL's own text.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter

import psycopg
from psycopg import sql

from lotto.ledger import chain, schema
from lotto.ledger.connection import LedgerError

OPTIONS = "-c timezone=UTC -c datestyle=ISO -c client_encoding=UTF8"


@dataclass(frozen=True)
class Table:
    """A table and the columns that hold what somebody wrote."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """What a ledger says of itself: schema, environment, and the end of its chain."""

    schema: str
    environment: str
    count: int
    hash: str


@contextmanager
def snapshot(url: str) -> Iterator[psycopg.Connection]:
    """A connection that sees one moment of the ledger for as long as it lasts, and keeps migrations out."""
    with psycopg.connect(url, options=OPTIONS) as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        conn.read_only = True
        conn.execute("SELECT pg_advisory_xact_lock_shared(%s)", [schema.LOCK])
        yield conn


def mark(conn: psycopg.Connection) -> Mark:
    """What this ledger says of itself; raises LedgerError when it is none."""
    at = schema.version_now(conn)
    if not at:
        raise LedgerError("There is no ledger in this database yet: nothing is to be saved.")
    row = conn.execute("SELECT environment FROM instance").fetchone()
    if row is None:
        raise LedgerError("This ledger is not marked as live or practice: run `lotto migrate`.")
    end = conn.execute("SELECT count(*), (array_agg(hash ORDER BY seq DESC))[1] FROM result").fetchone() or (0, None)
    return Mark(at, row[0], end[0], end[1] or chain.GENESIS)


def tables(conn: psycopg.Connection) -> list[Table]:
    """Every table, each after those it refers to; but those that migrations fill or the ledger counts by itself."""
    found = conn.execute(
        """SELECT relname, array(SELECT attname::text FROM pg_attribute
                                 WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
                                   AND attgenerated = '' ORDER BY attnum)
           FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
             AND relname NOT IN ('alembic_version', 'serves', 'draw_value', 'tally') ORDER BY relname"""
    ).fetchall()
    needs: dict[str, set[str]] = {name: set() for name, _ in found}
    for name, other in conn.execute(
        """SELECT one.relname, other.relname FROM pg_constraint
           JOIN pg_class AS one ON one.oid = conrelid JOIN pg_class AS other ON other.oid = confrelid
           WHERE contype = 'f' AND connamespace = current_schema()::regnamespace AND conrelid <> confrelid"""
    ):
        needs[name].add(other)
    columns: dict[str, list[str]] = dict(found)
    return [Table(name, tuple(columns[name])) for name in TopologicalSorter(needs).static_order()]


def count(conn: psycopg.Connection, table: Table) -> int:
    """How many rows it has."""
    row = conn.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.name))).fetchone()
    return int(row[0]) if row else 0


def rows(conn: psycopg.Connection, table: Table) -> Iterator[bytes]:
    """Its rows, one at a time."""
    with conn.cursor() as cursor, cursor.copy(_copy(table, "TO STDOUT")) as copy:
        for row in copy:
            yield bytes(row)


def fill(conn: psycopg.Connection, table: Table, data: Iterable[bytes]) -> int:
    """Puts these rows into it, in pieces of any size; says how many they were."""
    with conn.cursor() as cursor:
        with cursor.copy(_copy(table, "FROM STDIN")) as copy:
            for piece in data:
                copy.write(piece)
        return cursor.rowcount


def empty(conn: psycopg.Connection, all_of: Sequence[Table], environment: str) -> None:
    """Keeps every writer out until the transaction ends and sees that nothing is there but the ledger's own mark.

    Raises LedgerError when there is something, or the mark is another one.
    """
    for table in all_of:
        conn.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(sql.Identifier(table.name)))
    for table in all_of:
        if table.name != "instance" and count(conn, table):
            raise LedgerError(
                f"This ledger is not empty (there are rows in {table.name}): restore into a new database, "
                "and what is here stays as it is."
            )
    row = conn.execute("SELECT environment FROM instance").fetchone()
    if row is not None and row[0] != environment:
        raise LedgerError(f"This ledger is {row[0]} and the archive is {environment}: they never mix.")
    conn.execute("DELETE FROM instance")


def sequences(conn: psycopg.Connection) -> dict[str, int]:
    """The number each sequence gave last, of those that gave any."""
    found = conn.execute(
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() AND last_value > 0"
    )
    return dict(found.fetchall())


def go_on(conn: psycopg.Connection, last: Mapping[str, int]) -> None:
    """Lets these sequences go on after those numbers."""
    for name, number in last.items():
        conn.execute("SELECT setval(%s::regclass, %s)", [sql.Identifier(name).as_string(conn), number])


def kept(conn: psycopg.Connection, page_key: Callable[[str], str]) -> Iterator[str]:
    """The key of everything in the store that this ledger refers to, each once, in order; pages are kept by hash."""
    with conn.cursor(name="kept") as cursor:
        cursor.execute(
            """SELECT body->>'key' AS key, NULL FROM card UNION SELECT image, NULL FROM post WHERE image IS NOT NULL
               UNION SELECT NULL, page FROM observation WHERE page <> '' ORDER BY 1, 2"""
        )
        for key, page in cursor:
            yield key or page_key(page)


def _copy(table: Table, way: str) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    return sql.SQL("COPY {} ({}) " + way).format(sql.Identifier(table.name), columns)
