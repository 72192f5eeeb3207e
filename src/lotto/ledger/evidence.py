"""What the results rest on: the observations behind them, and the pages that were observed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from lotto.draws.draw import DrawKey, Seen
from lotto.ledger.connection import Connection


@dataclass(frozen=True)
class Observed:
    """What a page was found to say of one draw, and by which reader of its source."""

    key: DrawKey
    parser: int
    numbers: Seen


@dataclass(frozen=True)
class ObservedPage:
    """A page of a source by its hash, with the ask that brought it, where that is known, and all that was found new."""

    page: str
    source: str
    url: str | None
    asked_at: datetime | None
    found: tuple[Observed, ...]


async def published(conn: Connection) -> int:
    """How many draws stand published."""
    row = await (
        await conn.execute("SELECT count(*) AS n FROM draw WHERE status IN ('provisional', 'confirmed')")
    ).fetchone()
    return int(row["n"]) if row else 0


async def unfounded(conn: Connection) -> AsyncIterator[tuple[DrawKey, str]]:
    """Published draws whose evidence is not whole, each with what is missing as a sentence.

    What a person approved or corrected rests on that word, and needs no two sources.
    """
    async with conn.transaction(), conn.cursor(name="unfounded") as rows:
        await rows.execute(
            """SELECT draw.lottery, draw.date, draw.label, draw.status,
                      count(DISTINCT word->>'origin') FILTER (WHERE observation.id IS NOT NULL) AS origins,
                      min(word->>'source') FILTER (WHERE word IS NOT NULL AND observation.id IS NULL) AS unheard
               FROM draw JOIN result USING (seq)
               LEFT JOIN LATERAL jsonb_array_elements(result.body->'sources') AS word ON (word->>'agrees')::boolean
               LEFT JOIN LATERAL (
                   SELECT id FROM observation
                   WHERE observation.lottery = draw.lottery AND observation.date = draw.date
                     AND observation.label = draw.label AND source = word->>'source'
                     AND page = word->>'page' AND observation.body->'numbers' = word->'numbers' LIMIT 1
               ) AS observation ON true
               WHERE draw.status IN ('provisional', 'confirmed')
               GROUP BY draw.lottery, draw.date, draw.label, draw.status, result.body->'ruling'->>'kind'
               HAVING count(DISTINCT word->>'origin') < CASE WHEN result.body->'ruling'->>'kind' IS NOT NULL THEN 0
                                                             WHEN draw.status = 'confirmed' THEN 2 ELSE 1 END
                   OR bool_or(word IS NOT NULL AND observation.id IS NULL)"""
        )
        async for row in rows:
            key = DrawKey(row["lottery"], row["date"], row["label"])
            if row["unheard"]:
                yield key, f"{row['unheard']} is named as evidence, and no observation of it says so."
            else:
                yield key, f"It is {row['status']} on the word of {row['origins']} independent sources."


async def unruled(conn: Connection) -> AsyncIterator[tuple[DrawKey, str]]:
    """Draws of which the decisions kept and the words in the chain are not the same, each with a sentence."""
    async with conn.transaction(), conn.cursor(name="unruled") as rows:
        await rows.execute(
            """SELECT result.lottery, result.date, result.label, decision.subject, made_at, made_by, verdict
               FROM (SELECT * FROM decision WHERE subject LIKE 'draw/%') AS decision
               FULL JOIN (
                   SELECT DISTINCT ON (lottery, date, label, body->'ruling') * FROM result
                   WHERE body->'ruling' <> 'null' ORDER BY lottery, date, label, body->'ruling', seq
               ) AS result USING (seq)
               WHERE (decision.id IS NULL OR result.hash IS NULL
                      OR (verdict, made_by, reason, made_at) IS DISTINCT FROM
                         (body->'ruling'->>'kind', body->'ruling'->>'by', body->'ruling'->>'reason',
                          (body->'ruling'->>'at')::timestamptz)
                      OR subject <> concat_ws('/', 'draw', result.lottery, result.date, nullif(result.label, '')))"""
        )
        async for row in rows:
            if row["lottery"] is None:
                name = str(row["subject"]).removeprefix("draw/")
                yield DrawKey.parse(name), f"Its decision of {row['made_at']:%Y-%m-%d %H:%M} UTC is in no result."
                continue
            key = DrawKey(row["lottery"], row["date"], row["label"])
            if row["subject"] is None:
                yield key, "A result of it tells of a decision that was not kept."
            else:
                yield key, f"The decision “{row['verdict']}” of {row['made_by']} is another in the chain."


async def pages(conn: Connection) -> AsyncIterator[ObservedPage]:
    """Every page that brought something new, in the order of their hashes."""
    held: ObservedPage | None = None
    async with conn.transaction(), conn.cursor(name="pages") as rows:
        await rows.execute(
            """SELECT page, observation.source, url, asked_at, lottery, date, label, parser,
                      observation.body->'numbers' AS numbers
               FROM observation
               LEFT JOIN (SELECT DISTINCT ON (source, sha256) source, sha256, url, asked_at FROM page_fetch
                          WHERE sha256 IS NOT NULL AND outcome <> 'unchanged' ORDER BY source, sha256, id) AS asked
                   ON asked.source = observation.source AND asked.sha256 = observation.page
               WHERE page <> '' ORDER BY page, observation.source, observation.id"""
        )
        async for row in rows:
            numbers: Seen = msgspec.convert(row["numbers"], Seen)
            one = Observed(DrawKey(row["lottery"], row["date"], row["label"]), row["parser"], numbers)
            if held is not None and (held.page, held.source) == (row["page"], row["source"]):
                held = ObservedPage(held.page, held.source, held.url, held.asked_at, (*held.found, one))
                continue
            if held is not None:
                yield held
            held = ObservedPage(row["page"], row["source"], row["url"], row["asked_at"], (one,))
    if held is not None:
        yield held


async def counted_pages(conn: Connection) -> int:
    """How many pages `pages` yields."""
    row = await (
        await conn.execute(
            "SELECT count(*) AS n FROM (SELECT DISTINCT page, source FROM observation WHERE page <> '') AS seen"
        )
    ).fetchone()
    return int(row["n"]) if row else 0
