"""What is to be said: rows written with the facts they tell of, taken by the relay, numbered as they are said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lotto import wire
from lotto.draws.draw import DrawKey
from lotto.events import Among, Event
from lotto.ledger.connection import Connection

CHANNEL = "outbox"
"""PostgreSQL notifies it at every commit that left something to say."""

SPEAKER = 4_155_002
"""Advisory lock: one relay speaks at a time."""


@dataclass(frozen=True)
class Letter:
    """An event as it lies in the outbox."""

    event_id: UUID
    stream: str
    draw: DrawKey
    envelope: bytes
    entry_id: str | None = None


@dataclass(frozen=True)
class Unsaid:
    """How many letters of one stream wait to be said, and since when the oldest does, by the clock of its writer."""

    count: int
    oldest_at: datetime


async def say(conn: Connection, event: Event) -> None:
    """Leaves the event to be said, in the transaction of what it tells of; the same event twice is one."""
    key = event.draw.key
    await conn.execute(
        """INSERT INTO outbox (event_id, type, stream, lottery, date, label, revision, update, envelope, created_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::json, %s) ON CONFLICT (event_id) DO NOTHING""",
        [
            event.id,
            event.type,
            event.stream,
            key.lottery,
            key.date,
            key.label,
            event.draw.revision,
            event.draw.update,
            wire.encode(event).decode(),
            event.at,
        ],
    )


async def envelope(conn: Connection, event_id: str) -> bytes | None:
    """What the ledger says under that id; None when it never said it, or it is no id."""
    try:
        asked = UUID(event_id)
    except ValueError:
        return None
    row = await (
        await conn.execute("SELECT envelope::text AS envelope FROM outbox WHERE event_id = %s", [asked])
    ).fetchone()
    return row["envelope"].encode() if row else None


async def lead(conn: Connection) -> bool:
    """Whether this session is now the one relay that speaks; it stays so until the connection ends."""
    row = await (await conn.execute("SELECT pg_try_advisory_lock(%s) AS mine", [SPEAKER])).fetchone()
    return bool(row and row["mine"])


async def speaks(conn: Connection) -> bool:
    """Whether any session is the one relay that speaks."""
    row = await (
        await conn.execute(
            """SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = %s
                              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                             ) AS held""",
            [SPEAKER],
        )
    ).fetchone()
    return bool(row and row["held"])


async def waiting(conn: Connection, most: int) -> list[Letter]:
    """Up to so many letters not said yet, oldest first, locked until the transaction ends.

    There is no cursor: a row that commits late is simply seen the next time.
    """
    rows = await conn.execute(
        """SELECT event_id, stream, lottery, date, label, envelope::text AS envelope, entry_id FROM outbox
           WHERE published_at IS NULL
           ORDER BY created_at, event_id LIMIT %s FOR UPDATE SKIP LOCKED""",
        [most],
    )
    return [letter(row) async for row in rows]


async def said(conn: Connection, entries: Mapping[UUID, str], now: datetime) -> int:
    """Marks letters as said under these stream entries and numbers the new ones on; returns the highest of theirs."""
    # What services tell only each other bears no number: who reads on by numbers is not told of it.
    rows = await conn.execute(
        """UPDATE outbox
           SET published_at = %s, entry_id = entry.id,
               position = CASE WHEN outbox.type <> ALL(%s) THEN coalesce(outbox.position, last.position + entry.n) END
           FROM (SELECT coalesce(max(position), 0) AS position FROM outbox) AS last,
                unnest(%s::uuid[], %s::text[]) WITH ORDINALITY AS entry (event_id, id, n)
           WHERE outbox.event_id = entry.event_id RETURNING outbox.position""",
        [now, [*Among], list(entries.keys()), list(entries.values())],
    )
    return max([row["position"] or 0 async for row in rows], default=0)


async def said_again(conn: Connection, entries: Mapping[UUID, str]) -> None:
    """Notes the new stream entries of letters that were said once more, to be looked after; their positions stay."""
    async with conn.cursor() as cursor:
        await cursor.executemany(
            "UPDATE outbox SET entry_id = %s, settled = false WHERE event_id = %s",
            [(entry, event_id) for event_id, entry in entries.items()],
        )


async def settle(conn: Connection, enrolled: Mapping[str, Sequence[str]]) -> int:
    """Marks as settled what every enrolled consumer of its stream has worked off or buried; says how many."""
    count = 0
    for stream, consumers in enrolled.items():
        done = await conn.execute(
            """UPDATE outbox SET settled = true
               WHERE NOT settled AND published_at IS NOT NULL AND stream = %s AND NOT EXISTS (
                   SELECT FROM unnest(%s::text[]) AS enrolled (name)
                   WHERE NOT EXISTS (SELECT FROM inbox
                                     WHERE inbox.consumer = enrolled.name AND inbox.event_id = outbox.event_id)
                     AND NOT EXISTS (SELECT FROM dead WHERE dead.consumer = enrolled.name
                                     AND dead.event_id = outbox.event_id::text AND dead.replayed_at IS NULL))""",
            [stream, list(consumers)],
        )
        count += done.rowcount
    return count


async def unsettled(conn: Connection, before: datetime, most: int = 1000) -> list[Letter]:
    """Letters said before that instant which some enrolled consumer has not worked off yet, oldest first."""
    rows = await conn.execute(
        """SELECT event_id, stream, lottery, date, label, envelope::text AS envelope, entry_id FROM outbox
           WHERE NOT settled AND published_at < %s ORDER BY published_at LIMIT %s""",
        [before, most],
    )
    return [letter(row) async for row in rows]


async def unsaid(conn: Connection) -> dict[str, Unsaid]:
    """What waits to be said, by stream."""
    rows = await conn.execute(
        """SELECT stream, count(*) AS count, min(created_at) AS oldest_at FROM outbox
           WHERE published_at IS NULL GROUP BY stream"""
    )
    return {row["stream"]: Unsaid(row["count"], row["oldest_at"]) async for row in rows}


async def depth(conn: Connection) -> int:
    """How many letters wait to be said."""
    row = await (await conn.execute("SELECT count(*) AS n FROM outbox WHERE published_at IS NULL")).fetchone()
    return int(row["n"]) if row else 0


def letter(row: Mapping[str, Any]) -> Letter:
    """A letter, of a row that has its columns."""
    key = DrawKey(row["lottery"], row["date"], row["label"])
    return Letter(row["event_id"], row["stream"], key, row["envelope"].encode(), row["entry_id"])
