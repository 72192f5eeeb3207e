"""The way to PostgreSQL: a pool of connections that services are handed."""

import asyncio
import select
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Literal

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from lotto.ledger import schema

Environment = Literal["live", "practice"]
Connection = AsyncConnection[DictRow]

Away = psycopg.OperationalError
"""Raised while the database cannot be asked; waiting mends it, and what was asked last may have been done."""

KEEPALIVE = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
"""So the server notices within a minute that a machine is gone, and frees the pen or the speaker's lock it held."""

PATIENCE = 5.0
"""Seconds to wait for a connection while the database is away; then psycopg_pool.PoolTimeout, an OperationalError."""


class LedgerError(Exception):
    """The ledger cannot be used; the message is a sentence for the operator."""


class Ledger:
    """A pool of connections to one ledger; rows come as dictionaries.

    `name` tells PostgreSQL which service is asking. `environment` is what the ledger must be marked as; None, for who
    only looks, takes it as it is. Use it as an async context manager.
    """

    def __init__(self, url: str, name: str, environment: Environment | None, size: int = 8) -> None:
        self.url = url
        self._wanted = environment
        self._name = name
        kwargs: dict[str, Any] = {
            "autocommit": True,
            "row_factory": dict_row,
            "application_name": f"lotto {name}",
            "options": f"-c timezone=UTC {KEEPALIVE}",
        }
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            connection_class=AsyncConnection[DictRow],
            kwargs=kwargs,
            min_size=1,
            max_size=size,
            timeout=PATIENCE,
            open=False,
            check=_sound,
            name=name,
        )
        self._kwargs = kwargs
        self.environment: Environment

    async def __aenter__(self) -> "Ledger":
        await self._pool.open()
        try:
            async with self.reading() as conn:
                await self._belongs(conn)
        except BaseException:
            await self._pool.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection for statements that each stand alone."""
        with heeding():
            async with self._pool.connection() as conn:
                yield conn

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection in one transaction: all of it or nothing."""
        async with self._pool.connection() as conn, conn.transaction():
            yield conn

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[Connection]:
        """A connection of its own outside the pool, to hold a lock or to listen on."""
        with heeding():
            own = await AsyncConnection.connect(self.url, **self._kwargs)
        async with own as conn:
            yield conn

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[Connection]:
        """A connection of its own that cannot write, also to a ledger that is not of this code's schema."""
        kwargs = {**self._kwargs, "options": f"{self._kwargs['options']} -c default_transaction_read_only=on"}
        async with await AsyncConnection.connect(self.url, connect_timeout=int(PATIENCE), **kwargs) as conn:
            yield conn

    async def _belongs(self, conn: Connection) -> None:
        if misfit := await schema.misfit(conn):
            raise LedgerError(misfit)
        has = await environment(conn)
        if not has or has != (self._wanted or has):
            raise LedgerError(
                f"This ledger is {has or 'unmarked'} and may not be opened as {self._wanted}: use another one."
            )
        self.environment = has


async def _sound(conn: Connection) -> None:
    """Raises when the connection is broken: the kernel knows at once when its server went away, so only a connection
    with something to tell is asked, and the others cost no question before each use."""
    poll = select.poll()
    poll.register(conn.fileno(), select.POLLIN)
    if poll.poll(0):
        await AsyncConnectionPool.check_connection(conn)


def stopped() -> bool:
    """Whether this task was told to stop: for loops that ask the ledger, in the place of True.

    In Python 3.11 a cancellation that comes as an answer does is swallowed by asyncio.wait_for, by which psycopg waits.
    Not for a task that waits for a TaskGroup: until 3.13 one that fails leaves its parent marked as told to stop.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


@contextmanager
def heeding() -> Iterator[None]:
    """Raises, at the end of a block that asks the ledger, the cancellation that came within it and was swallowed."""
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    yield
    if task is not None and task.cancelling() > before:
        raise asyncio.CancelledError


async def environment(conn: Connection) -> Environment | Literal[""]:
    """What the ledger is marked as; empty when it is not."""
    row = await (await conn.execute("SELECT environment FROM instance")).fetchone()
    return row["environment"] if row else ""


def prepare(url: str, environment: Environment) -> None:
    """Brings the schema to this code's and marks the ledger; harmless when both are done.

    Raises LedgerError when the ledger is marked otherwise: practice data never mix with real ones.
    """
    with psycopg.connect(url, autocommit=True) as conn:
        at = schema.version_now(conn)
    if at != schema.HEAD:
        from lotto.ledger.migrating import migrate  # it takes longer to import than all of a service

        migrate(url)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("INSERT INTO instance (environment) VALUES (%s) ON CONFLICT DO NOTHING", [environment])
        row = conn.execute("SELECT environment FROM instance").fetchone()
    if row is None or row[0] != environment:
        raise LedgerError(f"This ledger is {row and row[0]} and may not be opened as {environment}: use another one.")
