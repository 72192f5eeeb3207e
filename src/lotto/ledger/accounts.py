"""Our accounts at networks: who may post for one now, whether it rests, and its sealed credentials."""

from dataclasses import dataclass, field
from datetime import datetime

from lotto.ledger.connection import Connection


@dataclass(frozen=True)
class Standing:
    """What the ledger knows of an account."""

    name: str
    network: str
    credentials: bytes | None = field(repr=False)
    """Sealed; None while there are none."""
    worker: str | None
    """Who works for it."""
    lease_until: datetime | None
    """Until when it is his."""
    resting: str
    """Why it posts nothing at present; empty when it does."""
    ends_at: datetime | None
    """When its credentials end, by its network's word; None when they last, or that is not known."""


async def enrol(conn: Connection, name: str, network: str) -> None:
    """Makes the account known; harmless when it is."""
    await conn.execute(
        "INSERT INTO account (name, network) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET network = %s",
        [name, network, network],
    )


async def claim(
    conn: Connection, name: str, worker: str, now: datetime, until: datetime, *, heir: bool = True
) -> int | None:
    """Takes the account until then and returns the new fence; None while another worker holds it.

    An `heir` takes over at once from a worker of its own name, which it believes dead: itself before a restart.
    Only the holder of the newest fence can write the outcome of a post, so a slow old worker changes nothing.
    """
    row = await (
        await conn.execute(
            """UPDATE account SET fence = fence + 1, worker = %(worker)s, lease_until = %(until)s
               WHERE name = %(name)s
                 AND (worker IS NULL OR (worker = %(worker)s AND %(heir)s) OR lease_until < %(now)s)
               RETURNING fence""",
            {"name": name, "worker": worker, "now": now, "until": until, "heir": heir},
        )
    ).fetchone()
    return int(row["fence"]) if row else None


async def hold(conn: Connection, name: str, fence: int, until: datetime) -> bool:
    """Keeps the account until then; False when it went to another worker."""
    done = await conn.execute(
        "UPDATE account SET lease_until = %s WHERE name = %s AND fence = %s", [until, name, fence]
    )
    return done.rowcount == 1


async def leave(conn: Connection, name: str, fence: int) -> None:
    """Gives the account up, so that another worker need not wait for the lease."""
    await conn.execute("UPDATE account SET worker = NULL WHERE name = %s AND fence = %s", [name, fence])


async def listed(conn: Connection) -> dict[str, Standing]:
    """Every account that ever posted, rested or was given credentials, by name."""
    rows = await conn.execute(
        "SELECT name, network, credentials, worker, lease_until, resting, ends_at FROM account ORDER BY name"
    )
    return {row["name"]: Standing(**row) async for row in rows}


async def keep_credentials(conn: Connection, name: str, network: str, credentials: bytes) -> None:
    """Keeps sealed credentials, in the place of earlier ones; publishers that run take them up."""
    await enrol(conn, name, network)
    await conn.execute(
        "UPDATE account SET credentials = %s, changes = changes + 1 WHERE name = %s", [credentials, name]
    )


async def changes(conn: Connection) -> int:
    """How often credentials were kept, of all accounts: it rises with each."""
    row = await (await conn.execute("SELECT coalesce(sum(changes), 0)::bigint AS count FROM account")).fetchone()
    return int(row["count"]) if row else 0


async def rest(conn: Connection, name: str, network: str, reason: str) -> None:
    """From now on the account posts nothing, and its posts wait; an empty reason wakes it."""
    await enrol(conn, name, network)
    await conn.execute("UPDATE account SET resting = %s WHERE name = %s", [reason, name])


async def ends(conn: Connection, name: str, at: datetime | None) -> None:
    """Keeps when the account's credentials end; None when they last."""
    await conn.execute("UPDATE account SET ends_at = %s WHERE name = %s", [at, name])
