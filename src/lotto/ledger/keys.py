"""Keys of those who read the API. What a key is, only its owner knows: here is its hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lotto.ledger.connection import Connection


@dataclass(frozen=True)
class Key:
    """Somebody's key: the scopes in which it lifts the limits, and to how many questions a minute."""

    name: str
    hint: str
    """How it begins, to know it by."""
    scopes: Sequence[str]
    per_minute: int
    made_at: datetime
    revoked_at: datetime | None = None


async def add(conn: Connection, key: Key, hash: bytes) -> bool:  # noqa: A002 - what it is
    """Keeps a new key; False when there is one of that name, in force or revoked."""
    done = await conn.execute(
        """INSERT INTO api_key (name, hint, hash, scopes, per_minute, made_at) VALUES (%s, %s, %s, %s, %s, %s)
           ON CONFLICT (name) DO NOTHING""",
        [key.name, key.hint, hash, list(key.scopes), key.per_minute, key.made_at],
    )
    return done.rowcount == 1


async def revoke(conn: Connection, name: str, now: datetime) -> bool:
    """Takes the key out of force for ever; False when there is none of that name in force."""
    done = await conn.execute("UPDATE api_key SET revoked_at = %s WHERE name = %s AND revoked_at IS NULL", [now, name])
    return done.rowcount == 1


async def listed(conn: Connection) -> list[Key]:
    """Every key there ever was, by name."""
    rows = await conn.execute("SELECT name, hint, scopes, per_minute, made_at, revoked_at FROM api_key ORDER BY name")
    return [Key(**row) async for row in rows]


async def in_force(conn: Connection, hash: bytes) -> Key | None:  # noqa: A002 - what it is
    """The key of that hash, if it is in force."""
    row = await (
        await conn.execute(
            """SELECT name, hint, scopes, per_minute, made_at, revoked_at FROM api_key
               WHERE hash = %s AND revoked_at IS NULL""",
            [hash],
        )
    ).fetchone()
    return Key(**row) if row else None
