"""Every page that was asked for, and how it went: the memory of the watch and the health of the sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lotto.ledger.connection import Connection
from lotto.ledger.text import storable

Outcome = Literal["read", "objected", "unchanged", "not_yet", "changed", "failed", "blocked"]

READ = ("read", "objected", "unchanged", "not_yet")
"""Outcomes of a page that came and was understood."""

IN_VAIN = ("changed", "failed", "blocked")
"""Outcomes of an ask that brought nothing we understand."""


@dataclass(frozen=True)
class Fetch:
    """One ask: when, what came back, what we made of it."""

    source: str
    url: str
    asked_at: datetime
    outcome: Outcome
    answered_at: datetime | None = None
    status: int | None = None
    sha256: str | None = None
    size: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """How a source was last asked for what it calls by one name."""

    asked_at: datetime
    outcome: Outcome | None = None
    """None where nobody noted it."""
    since: datetime | None = None
    """Since when asks go so; all that come to an understood page are alike."""
    failures: int = 0
    """How many asks in a row came to none."""
    note: str = ""
    wait_until: datetime | None = None
    """Before when the server wants no other ask."""


async def add(conn: Connection, fetch: Fetch, *, imported: bool = False) -> None:
    """Keeps one ask; of an imported page the one that somebody else made, which says nothing of how our asking goes."""
    await conn.execute(
        """INSERT INTO page_fetch (source, url, asked_at, answered_at, status, sha256, size, etag, last_modified,
                              outcome, note, imported)
           VALUES (%(source)s, %(url)s, %(asked_at)s, %(answered_at)s, %(status)s, %(sha256)s, %(size)s, %(etag)s,
                   %(last_modified)s, %(outcome)s, %(note)s, %(imported)s)""",
        {name: storable(value) if isinstance(value, str) else value for name, value in vars(fetch).items()}
        | {"imported": imported},
    )


async def imported(conn: Connection, mark: Fetch) -> bool:
    """Whether this page of that instant was imported before."""
    found = await conn.execute(
        """SELECT FROM page_fetch
           WHERE url = %s AND imported AND source = %s AND asked_at = %s AND sha256 = %s LIMIT 1""",
        [storable(mark.url), mark.source, mark.asked_at, mark.sha256],
    )
    return await found.fetchone() is not None


async def last_read(conn: Connection, url: str) -> Fetch | None:
    """The last time that address gave a page that was read with nothing to object to."""
    row = await (
        await conn.execute(
            """SELECT source, url, asked_at, outcome, answered_at, status, sha256, size, etag, last_modified, note
               FROM page_fetch WHERE url = %s AND outcome IN ('read', 'objected') AND NOT imported
               ORDER BY id DESC LIMIT 1""",
            [url],
        )
    ).fetchone()
    return Fetch(**row) if row and row["outcome"] == "read" else None


async def asked(conn: Connection, source: str, now: datetime) -> dict[str, Asked]:
    """How that source was last asked for each of its names, by any scraper; what a wrong clock put after now is not.

    Such an instant would else keep the name from being asked until it is reached.
    """
    return (await asked_by(conn, [source], now)).get(source, {})


async def asked_by(conn: Connection, sources: Sequence[str], now: datetime) -> dict[str, dict[str, Asked]]:
    """The same of several sources: source → name → how it was last asked."""
    rows = await conn.execute(
        """SELECT source, name, asked_at, outcome, since, failures, note, wait_until FROM asked
           WHERE source = ANY(%s) AND asked_at <= %s""",
        [list(sources), now],
    )
    found: dict[str, dict[str, Asked]] = {}
    async for row in rows:
        source, name = row.pop("source"), row.pop("name")
        found.setdefault(source, {})[name] = Asked(**row)
    return found


async def ask(conn: Connection, source: str, went: Mapping[str, Asked]) -> None:
    """Remembers how the source was asked for these names.

    `since` and `failures` are counted on from what is remembered: an ask like the one before it began when that did.
    One without an outcome tells nothing of the source and changes neither.
    """
    await conn.execute(
        """INSERT INTO asked (source, name, asked_at, outcome, since, failures, note, wait_until)
           SELECT %s, name, asked_at, outcome, asked_at, coalesce(outcome = ANY(%s), false)::int, note, wait_until
           FROM unnest(%s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::timestamptz[])
                AS went (name, asked_at, outcome, note, wait_until)
           ON CONFLICT (source, name) DO UPDATE SET
               asked_at = excluded.asked_at, wait_until = excluded.wait_until,
               outcome = coalesce(excluded.outcome, asked.outcome),
               note = CASE WHEN excluded.outcome IS NULL THEN asked.note ELSE excluded.note END,
               failures = CASE WHEN excluded.outcome IS NULL THEN asked.failures
                               WHEN excluded.failures > 0 THEN asked.failures + 1 ELSE 0 END,
               since = CASE WHEN excluded.outcome IS NULL THEN asked.since
                            WHEN asked.outcome = excluded.outcome
                              OR (asked.outcome <> ALL(%s) AND excluded.failures = 0)
                            THEN coalesce(asked.since, excluded.since) ELSE excluded.since END""",
        [
            source,
            list(IN_VAIN),
            list(went),
            [one.asked_at for one in went.values()],
            [one.outcome for one in went.values()],
            [storable(one.note) for one in went.values()],
            [one.wait_until for one in went.values()],
            list(IN_VAIN),
        ],
    )


async def newest(conn: Connection, sources: Sequence[str]) -> dict[str, Fetch]:
    """How each of these sources last went."""
    # Not `source =`: by that the planner may read every other source's pages, back in time, for one that has none.
    rows = await conn.execute(
        """SELECT last.* FROM unnest(%s::text[]) AS wanted (source)
           JOIN LATERAL (SELECT source, url, asked_at, outcome, answered_at, status, sha256, size, etag, last_modified,
                                note
                         FROM page_fetch
                         WHERE page_fetch.source BETWEEN wanted.source AND wanted.source AND NOT imported
                         ORDER BY page_fetch.source, id DESC LIMIT 1) AS last ON true""",
        [list(sources)],
    )
    return {row["source"]: Fetch(**row) async for row in rows}


async def last(conn: Connection, source: str, most: int) -> list[Fetch]:
    """The last pages that source was asked for, newest first."""
    rows = await conn.execute(
        """SELECT source, url, asked_at, outcome, answered_at, status, sha256, size, etag, last_modified, note
           FROM page_fetch WHERE source BETWEEN %s AND %s AND NOT imported ORDER BY source, id DESC LIMIT %s""",
        [source, source, most],
    )
    return [Fetch(**row) async for row in rows]


async def read_at(conn: Connection, sources: Sequence[str]) -> dict[str, datetime]:
    """When each of these sources last gave a page that was understood, if it ever did."""
    rows = await conn.execute(
        """SELECT wanted.source, last.asked_at FROM unnest(%s::text[]) AS wanted (source)
           JOIN LATERAL (SELECT asked_at FROM page_fetch
                         WHERE page_fetch.source = wanted.source AND outcome = ANY(%s) AND NOT imported
                         ORDER BY id DESC LIMIT 1) AS last ON true""",
        [list(sources), list(READ)],
    )
    return {row["source"]: row["asked_at"] async for row in rows}
