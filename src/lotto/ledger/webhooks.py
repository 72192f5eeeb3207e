"""Webhooks: who is to be told which events, and where. What is on its way there is in `lotto.ledger.deliveries`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg import sql

from lotto.ledger.connection import Connection
from lotto.ledger.text import storable

RestedBy = Literal["owner", "receiver", "publisher"]
"""Who had it rest: its owner, the server that is told, by saying that it is gone, or we, since nothing was taken."""


@dataclass(frozen=True)
class Wants:
    """Which events a webhook is told. Several values of one filter widen it; different filters narrow each other."""

    lotteries: Sequence[str] = ()
    countries: Sequence[str] = ()
    """Two letters, upper case."""
    collections: Sequence[str] = ()
    types: Sequence[str] = ()
    statuses: Sequence[str] = ()
    """Of the draw, as the event tells it."""


@dataclass(frozen=True)
class Webhook:
    """A server that is told events."""

    id: UUID
    owner: str | None
    """The name of the key whose it is; None for the operator's own."""
    url: str = field(repr=False)
    note: str
    """What its owner knows it by."""
    wants: Wants
    secret: bytes = field(repr=False)
    """Sealed: what its messages are signed with, and what they were signed with before."""
    old_until: datetime | None
    """Until then they are signed with both."""
    position: int
    """It is told what was said after that, and what was said until then is planned."""
    made_at: datetime
    resting: str = ""
    """Why it is told nothing at present, a sentence; empty when it is told."""
    rested_by: RestedBy | None = None
    rested_at: datetime | None = None
    failures: int = 0
    """Tries in a row that were not taken."""
    failing_since: datetime | None = None
    """Since when nothing was taken."""


_WANTS = tuple(one.name for one in fields(Wants))
COLUMNS = (
    "webhook.id, owner, url, note, lotteries, countries, collections, types, statuses, secret, old_until, "
    "webhook.position, made_at, resting, rested_by, rested_at, failures, failing_since"
)
"""What `read` reads."""


def read(row: Mapping[str, Any]) -> Webhook:
    """A webhook, of a row that has its columns."""
    own = {one.name: row[one.name] for one in fields(Webhook) if one.name != "wants"}
    return Webhook(wants=Wants(**{name: tuple(row[name]) for name in _WANTS}), **own)


async def add(conn: Connection, one: Webhook, most: int | None = None) -> bool:
    """Keeps a new webhook; False when its owner has `most` already."""
    done = await conn.execute(
        """INSERT INTO webhook (id, environment, owner, url, note, lotteries, countries, collections, types, statuses,
                                secret, position, made_at, due_at)
           SELECT %(id)s, environment, %(owner)s, %(url)s, %(note)s, %(lotteries)s, %(countries)s, %(collections)s,
                  %(types)s, %(statuses)s, %(secret)s, %(position)s, %(made_at)s, %(made_at)s
           FROM instance
           WHERE %(most)s::int IS NULL
              OR (SELECT count(*) FROM webhook WHERE owner IS NOT DISTINCT FROM %(owner)s) < %(most)s""",
        {
            "id": one.id,
            "owner": one.owner,
            "url": one.url,
            "note": storable(one.note),
            **_filters(one.wants),
            "secret": one.secret,
            "position": one.position,
            "made_at": one.made_at,
            "most": most,
        },
    )
    return done.rowcount == 1


async def listed(conn: Connection, owner: str | None = None, *, everybodys: bool = False) -> list[Webhook]:
    """The webhooks of that owner, or everybody's, oldest first."""
    rows = await conn.execute(
        f"SELECT {COLUMNS} FROM webhook WHERE %s OR owner IS NOT DISTINCT FROM %s ORDER BY made_at, id",  # noqa: S608
        [everybodys, owner],
    )
    return [read(row) async for row in rows]


async def find(conn: Connection, id: UUID) -> Webhook | None:  # noqa: A002 - what it is
    """The webhook of that id, whosever it is."""
    row = await (await conn.execute(f"SELECT {COLUMNS} FROM webhook WHERE id = %s", [id])).fetchone()  # noqa: S608
    return read(row) if row else None


async def change(
    conn: Connection,
    id: UUID,  # noqa: A002 - what it is
    *,
    url: str | None = None,
    note: str | None = None,
    wants: Wants | None = None,
) -> None:
    """Changes what is given. What was planned before goes where it points now."""
    given: dict[str, Any] = {"url": url, "note": None if note is None else storable(note)}
    given |= _filters(wants) if wants is not None else {}
    given = {name: value for name, value in given.items() if value is not None}
    if given:
        sets = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in given
        )
        await conn.execute(sql.SQL("UPDATE webhook SET {} WHERE id = %(id)s").format(sets), {**given, "id": id})


async def reseal(conn: Connection, id: UUID, secret: bytes, old_until: datetime) -> None:  # noqa: A002
    """Keeps new secrets; until then messages are signed with the old one as well."""
    await conn.execute("UPDATE webhook SET secret = %s, old_until = %s WHERE id = %s", [secret, old_until, id])


async def rest(conn: Connection, id: UUID, why: str, by: RestedBy, now: datetime) -> bool:  # noqa: A002
    """From now on it is told nothing, and what is planned waits; False when it rested already."""
    done = await conn.execute(
        "UPDATE webhook SET resting = %s, rested_by = %s, rested_at = %s WHERE id = %s AND resting = ''",
        [storable(why), by, now, id],
    )
    return done.rowcount == 1


async def wake(conn: Connection, id: UUID, now: datetime) -> None:  # noqa: A002
    """It is told again: what waited goes out now, each message with as much time as a new one, and what was said
    meanwhile is planned."""
    await conn.execute(
        """WITH awake AS (
               UPDATE webhook SET resting = '', rested_by = NULL, rested_at = NULL, failures = 0, failing_since = NULL,
                                  due_at = %(now)s WHERE id = %(id)s AND resting <> '' RETURNING id)
           UPDATE webhook_delivery SET due_at = %(now)s, tries = 0, trying_since = NULL
           FROM awake WHERE webhook = awake.id AND state = 'waiting'""",
        {"now": now, "id": id},
    )


async def rest_all_of(conn: Connection, owner: str, why: str, now: datetime) -> int:
    """None of that owner's is told any more; returns how many were."""
    done = await conn.execute(
        """UPDATE webhook SET resting = %s, rested_by = 'owner', rested_at = %s WHERE owner = %s AND resting = ''""",
        [why, now, owner],
    )
    return done.rowcount


async def remove(conn: Connection, id: UUID) -> bool:  # noqa: A002
    """Forgets it and all that was on its way; False when there is none."""
    return (await conn.execute("DELETE FROM webhook WHERE id = %s", [id])).rowcount == 1


def _filters(wants: Wants) -> dict[str, list[str]]:
    return {name: list(getattr(wants, name)) for name in _WANTS}
