"""Alerts: what is in trouble and since when, what the operator was told, and what of that has reached him."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from lotto.ledger.connection import Connection
from lotto.ledger.text import storable


@dataclass(frozen=True)
class Alert:
    """One trouble that is not over."""

    id: int
    kind: str
    about: str
    words: str
    """How it stood when it was last seen, a sentence."""
    since: datetime
    begun_at: datetime
    """When it was first seen."""
    seen_at: datetime
    told_at: datetime | None
    """When the operator was last told of it; None before the first time."""

    @property
    def key(self) -> tuple[str, str]:
        """What it is about: of one thing there is one alert at a time."""
        return self.kind, self.about


@dataclass(frozen=True)
class Delivery:
    """A notice on its way to one target."""

    notice: UUID
    target: str
    attempts: int
    made_at: datetime
    body: object


@dataclass(frozen=True)
class Undelivered:
    """What has not reached a target."""

    target: str
    count: int
    oldest_at: datetime
    note: str
    """Why the last try failed; empty before the first."""


_OPEN = "SELECT id, kind, about, words, since, begun_at, seen_at, told_at FROM alert WHERE over_at IS NULL"


async def standing(conn: Connection) -> list[Alert]:
    """Every alert that is not over, the oldest first."""
    rows = await conn.execute(f"{_OPEN} ORDER BY since, id")
    return [Alert(**row) async for row in rows]


async def begin(conn: Connection, kind: str, about: str, words: str, since: datetime, now: datetime) -> None:
    """Keeps a trouble that is seen for the first time."""
    await conn.execute(
        "INSERT INTO alert (kind, about, words, since, begun_at, seen_at) VALUES (%s, %s, %s, %s, %s, %s)",
        [kind, storable(about), storable(words), since, now, now],
    )


async def seen(conn: Connection, number: int, words: str, now: datetime) -> None:
    """It lasts, and this is how it stands."""
    await conn.execute("UPDATE alert SET words = %s, seen_at = %s WHERE id = %s", [storable(words), now, number])


async def over(conn: Connection, numbers: Collection[int], now: datetime) -> None:
    """These are over."""
    await conn.execute("UPDATE alert SET over_at = %s WHERE id = ANY(%s)", [now, list(numbers)])


async def tell(
    conn: Connection,
    keys: Collection[tuple[str, str]],
    notice: UUID,
    body: object,
    targets: Sequence[str],
    now: datetime,
) -> None:
    """Leaves a notice for each target, and notes that the open alerts of these keys were told."""
    for kind, about in keys:
        await conn.execute(
            "UPDATE alert SET told_at = %s WHERE kind = %s AND about = %s AND over_at IS NULL",
            [now, kind, storable(about)],
        )
    if targets:
        await conn.execute("INSERT INTO notice (id, made_at, body) VALUES (%s, %s, %s)", [notice, now, Jsonb(body)])
        await conn.execute(
            "INSERT INTO delivery (notice, target, due_at) SELECT %s, unnest(%s::text[]), %s",
            [notice, list(targets), now],
        )


async def due(conn: Connection, target: str, now: datetime) -> Delivery | None:
    """What is to be brought to that target now, the oldest first; None when there is nothing."""
    row = await (
        await conn.execute(
            """SELECT notice, target, attempts, made_at, body FROM delivery JOIN notice ON notice.id = notice
               WHERE target = %s AND delivered_at IS NULL AND given_up_at IS NULL AND due_at <= %s
               ORDER BY made_at, notice LIMIT 1""",
            [target, now],
        )
    ).fetchone()
    return Delivery(**row) if row else None


async def delivered(conn: Connection, one: Delivery, now: datetime) -> None:
    """It arrived."""
    await conn.execute(
        "UPDATE delivery SET delivered_at = %s, attempts = attempts + 1, note = '' WHERE notice = %s AND target = %s",
        [now, one.notice, one.target],
    )


async def put_off(conn: Connection, one: Delivery, note: str, due_at: datetime) -> None:
    """It did not arrive, or may not have, and is to be tried again."""
    await conn.execute(
        "UPDATE delivery SET attempts = attempts + 1, due_at = %s, note = %s WHERE notice = %s AND target = %s",
        [due_at, storable(note)[:2000], one.notice, one.target],
    )


async def give_up(conn: Connection, one: Delivery, note: str, now: datetime) -> None:
    """It is not tried any more."""
    await conn.execute(
        """UPDATE delivery SET attempts = attempts + 1, given_up_at = %s, note = %s
           WHERE notice = %s AND target = %s""",
        [now, storable(note)[:2000], one.notice, one.target],
    )


async def undelivered(conn: Connection) -> list[Undelivered]:
    """What waits to reach each target."""
    rows = await conn.execute(
        """SELECT target, count(*) AS count, min(made_at) AS oldest_at,
                  coalesce((array_agg(note ORDER BY due_at DESC) FILTER (WHERE note <> ''))[1], '') AS note
           FROM delivery JOIN notice ON notice.id = notice
           WHERE delivered_at IS NULL AND given_up_at IS NULL GROUP BY target ORDER BY target"""
    )
    return [Undelivered(**row) async for row in rows]


async def prune(conn: Connection, before: datetime) -> int:
    """Forgets what was over, and notices that were settled, before that instant; says how many alerts."""
    await conn.execute(
        """DELETE FROM delivery USING notice
           WHERE notice.id = delivery.notice AND made_at < %(before)s
             AND (delivered_at < %(before)s OR given_up_at < %(before)s)""",
        {"before": before},
    )
    await conn.execute(
        "DELETE FROM notice WHERE made_at < %s AND NOT EXISTS (SELECT FROM delivery WHERE delivery.notice = notice.id)",
        [before],
    )
    return (await conn.execute("DELETE FROM alert WHERE over_at < %s", [before])).rowcount
