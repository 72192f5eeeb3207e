"""Wishes: cards that no result asked for by itself, what became of each, and the looks they can be drawn in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from lotto import wire
from lotto.events import Among, Card, Event
from lotto.ledger import inbox, outbox
from lotto.ledger.connection import Connection, Ledger

CONSUMER = "imaker"


@dataclass(frozen=True)
class Answer:
    """What became of a wish."""

    cards: tuple[Card, ...]
    reason: str
    """Why there are none; empty when there are."""


async def looks(conn: Connection) -> dict[str, str]:
    """The version of every look that the image maker has, by name; empty when there never was an image maker."""
    rows = await conn.execute("SELECT name, version FROM look ORDER BY name")
    return {row["name"]: row["version"] async for row in rows}


async def know(ledger: Ledger, versions: Mapping[str, str], now: datetime) -> None:
    """Keeps which looks there are from now on, and in which version."""
    async with ledger.transaction() as conn:
        await conn.execute("DELETE FROM look WHERE name <> ALL(%s)", [list(versions)])
        async with conn.cursor() as cursor:
            await cursor.executemany(
                """INSERT INTO look (name, version, known_at) VALUES (%s, %s, %s)
                   ON CONFLICT (name) DO UPDATE SET version = excluded.version, known_at = excluded.known_at
                   WHERE look.version <> excluded.version""",
                [(name, version, now) for name, version in versions.items()],
            )


async def answered(conn: Connection, event_id: UUID) -> Answer | None:
    """What became of the wish of that `card_wanted`; None while it waits, or was never said."""
    rows = await conn.execute("SELECT cards, reason FROM wish WHERE event_id = %s", [event_id])
    row = await rows.fetchone()
    return Answer(msgspec.convert(row["cards"], tuple[Card, ...]), row["reason"]) if row else None


async def say(ledger: Ledger, event: Event, most: int) -> bool:
    """Leaves a `card_wanted` to be said; False where so many wait already that one more would wait too long."""
    async with ledger.transaction() as conn:
        if await outbox.envelope(conn, str(event.id)) is None:
            rows = await conn.execute(
                """SELECT count(*) AS n FROM outbox WHERE type = %s AND NOT settled
                   AND NOT EXISTS (SELECT FROM wish WHERE wish.event_id = outbox.event_id)""",
                [Among.CARD_WANTED],
            )
            row = await rows.fetchone()
            if row and row["n"] >= most:
                return False
            await outbox.say(conn, event)
    return True


async def answer(ledger: Ledger, event: Event, cards: Sequence[Card], reason: str, now: datetime) -> bool:
    """Keeps what became of a wish and leaves `card_ready` to be said; False when that was done before."""
    async with ledger.transaction() as conn:
        if not await inbox.take(conn, CONSUMER, event.id, now):
            return False
        await refuse(conn, event, reason, now, cards)
    return True


async def prune(conn: Connection, before: datetime, most: int = 500) -> int:
    """Forgets so many wishes answered before that instant, and what was said of them; says how many.

    Who asks again then says a new wish, which is granted as the first one was. Where something still waits to be said
    or heard, or was buried and no person has looked, it stays.
    """
    rows = await conn.execute(
        """SELECT wish.event_id FROM wish LEFT JOIN outbox AS wanted USING (event_id)
           WHERE answered_at < %s AND coalesce(settled, true)
             AND NOT EXISTS (SELECT FROM dead WHERE dead.event_id = wish.event_id::text AND replayed_at IS NULL)
           ORDER BY answered_at LIMIT %s""",
        [before, most],
    )
    old = [row["event_id"] async for row in rows]
    await conn.execute(
        """DELETE FROM outbox AS ready USING outbox AS wanted
           WHERE wanted.event_id = ANY(%s) AND ready.type = %s
             AND (ready.lottery, ready.date, ready.label) = (wanted.lottery, wanted.date, wanted.label)
             AND ready.envelope->'data'->>'cause' = wanted.event_id::text""",
        [old, Among.CARD_READY],
    )
    for table in ("outbox", "inbox", "wish"):
        await conn.execute(f"DELETE FROM {table} WHERE event_id = ANY(%s)", [old])  # noqa: S608 - named above
    return len(old)


async def refuse(conn: Connection, event: Event, reason: str, now: datetime, cards: Sequence[Card] = ()) -> None:
    """Keeps that answer, within a transaction of the caller's."""
    await conn.execute(
        """INSERT INTO wish (event_id, cards, reason, answered_at) VALUES (%s, %s, %s, %s)
           ON CONFLICT (event_id) DO UPDATE
           SET cards = excluded.cards, reason = excluded.reason, answered_at = excluded.answered_at""",
        [event.id, Jsonb(wire.plain(tuple(cards))), reason, now],
    )
    ready = Event(Among.CARD_READY, event.draw, now, tuple(cards), reason, cause=event.id, wish=event.wish)
    await outbox.say(conn, ready)
