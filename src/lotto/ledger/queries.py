"""What may be asked of the ledger, for reading only."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from lotto.draws.draw import Draw, DrawKey, Seen
from lotto.ledger.connection import Connection


@dataclass(frozen=True)
class Link:
    """One result of a draw's history with its place in the chain."""

    draw: Draw
    hash: str
    previous_hash: str


@dataclass(frozen=True)
class Heard:
    """What a source last said of a draw, and since when it says so."""

    key: DrawKey
    numbers: Seen
    objected: bool
    observed_at: datetime
    drawn_at: datetime | None = None
    """When the source says the draw was held, where it says so."""


@dataclass(frozen=True)
class Said:
    """An event that went out, as live pages are told of it."""

    position: int
    type: str
    key: DrawKey
    revision: int
    update: int


async def draw(conn: Connection, key: DrawKey) -> Draw | None:
    """A draw as it stands; None when nothing is known of it."""
    row = await (
        await conn.execute(
            """SELECT result.body FROM draw JOIN result USING (seq)
               WHERE draw.lottery = %s AND draw.date = %s AND draw.label = %s""",
            [key.lottery, key.date, key.label],
        )
    ).fetchone()
    return _draw(row) if row else None


async def latest(conn: Connection, lotteries: Sequence[str]) -> list[Draw]:
    """The newest draw of each of these lotteries, the newest of all first."""
    rows = await conn.execute(
        """SELECT result.body FROM unnest(%s::text[]) AS wanted (lottery)
           JOIN LATERAL (SELECT * FROM draw WHERE draw.lottery = wanted.lottery
                         ORDER BY date DESC, drawn_at DESC, label DESC LIMIT 1) AS draw ON true
           JOIN result USING (seq)
           ORDER BY draw.drawn_at DESC, draw.lottery""",
        [list(lotteries)],
    )
    return [_draw(row) async for row in rows]


async def standing(conn: Connection, lottery: str, since: date) -> dict[DrawKey, Draw]:
    """Where a lottery's draws stand, from that local day on."""
    rows = await conn.execute(
        "SELECT result.body FROM draw JOIN result USING (seq) WHERE draw.lottery = %s AND draw.date >= %s",
        [lottery, since],
    )
    found = [_draw(row) async for row in rows]
    return {one.key: one for one in found}


async def published(conn: Connection, lottery: str, since: date, until: date, most: int) -> list[Draw]:
    """A lottery's draws of these local days, both included, that have published values, newest first."""
    rows = await conn.execute(
        """SELECT result.body FROM draw JOIN result USING (seq)
           WHERE draw.lottery = %s AND draw.date BETWEEN %s AND %s
             AND result.revision > 0 AND draw.status <> 'void'
           ORDER BY draw.drawn_at DESC, draw.label LIMIT %s""",
        [lottery, since, until, most],
    )
    return [_draw(row) async for row in rows]


async def all_published(conn: Connection, lotteries: Sequence[str], since: date, until: date) -> AsyncIterator[Draw]:
    """Every draw of these lotteries and local days that has published values, lottery by lottery, oldest first.

    All are of one moment, however long the reading takes.
    """
    async with conn.transaction(), conn.cursor(name="published") as rows:
        await rows.execute(
            """SELECT result.body FROM draw JOIN result USING (seq)
               WHERE draw.lottery = ANY(%s) AND draw.date BETWEEN %s AND %s
                 AND result.revision > 0 AND draw.status <> 'void'
               ORDER BY draw.lottery, draw.drawn_at, draw.label""",
            [list(lotteries), since, until],
        )
        async for row in rows:
            yield _draw(row)


async def whole(conn: Connection, lottery: str) -> AsyncIterator[Draw]:
    """Every draw of a lottery, newest first, all of one moment."""
    async with conn.transaction(), conn.cursor(name="whole") as rows:
        await rows.execute(
            """SELECT result.body FROM draw JOIN result USING (seq) WHERE draw.lottery = %s
               ORDER BY draw.drawn_at DESC, draw.label""",
            [lottery],
        )
        async for row in rows:
            yield _draw(row)


async def neighbours(conn: Connection, one: Draw) -> tuple[DrawKey | None, DrawKey | None]:
    """The draws of the same lottery just before and just after this one."""
    found: list[DrawKey | None] = []
    for sign, way in (("<", "DESC"), (">", "ASC")):
        row = await (
            await conn.execute(
                f"""SELECT lottery, date, label FROM draw
                    WHERE lottery = %s AND (date, drawn_at, label) {sign} (%s, %s, %s)
                    ORDER BY date {way}, drawn_at {way}, label {way} LIMIT 1""",  # noqa: S608 - two fixed words
                [one.key.lottery, one.key.date, one.drawn_at, one.key.label],
            )
        ).fetchone()
        found.append(DrawKey(row["lottery"], row["date"], row["label"]) if row else None)
    return found[0], found[1]


async def history(conn: Connection, key: DrawKey) -> list[Link]:
    """Everything we ever held of a draw, oldest first."""
    rows = await conn.execute(
        """SELECT body, hash, previous_hash FROM result
           WHERE lottery = %s AND date = %s AND label = %s ORDER BY seq""",
        [key.lottery, key.date, key.label],
    )
    return [Link(_draw(row), row["hash"], row["previous_hash"]) async for row in rows]


async def disputed(conn: Connection, since: datetime) -> list[DrawKey]:
    """The draws from that instant on that are held, oldest first."""
    rows = await conn.execute(
        "SELECT lottery, date, label FROM draw WHERE status = 'held' AND drawn_at >= %s ORDER BY drawn_at, lottery",
        [since],
    )
    return [DrawKey(row["lottery"], row["date"], row["label"]) async for row in rows]


async def counted(conn: Connection) -> dict[str, int]:
    """How many draws of each lottery the ledger knows."""
    rows = await conn.execute("SELECT lottery, count(*) AS n FROM draw GROUP BY lottery")
    return {row["lottery"]: row["n"] async for row in rows}


async def heard_since(conn: Connection, source: str, since: date) -> list[Heard]:
    """What that source last said of each draw, from that day on, and since when it says so."""
    rows = await conn.execute(
        """SELECT DISTINCT ON (lottery, date, label) lottery, date, label, objected, observed_at,
                  body->'numbers' AS numbers, (body->>'drawn_at')::timestamptz AS drawn_at
           FROM observation WHERE source = %s AND date >= %s ORDER BY lottery, date, label, id DESC""",
        [source, since],
    )
    return [
        Heard(
            DrawKey(row["lottery"], row["date"], row["label"]),
            msgspec.convert(row["numbers"], Seen),
            row["objected"],
            row["observed_at"],
            row["drawn_at"],
        )
        async for row in rows
    ]


async def words(
    conn: Connection, pairs: Sequence[tuple[str, str]], since: date, most: int = 120
) -> dict[tuple[str, str], list[Heard]]:
    """What these sources said of these lotteries from that day on, each time they said something new.

    Of each pair (source, lottery) the `most` that came last, newest day first and of a day the newest word first.
    """
    rows = await conn.execute(
        """SELECT pair.source, pair.lottery, said.* FROM unnest(%s::text[], %s::text[]) AS pair (source, lottery)
           JOIN LATERAL (
               SELECT date, label, objected, observed_at, body->'numbers' AS numbers,
                      (body->>'drawn_at')::timestamptz AS drawn_at
               FROM observation
               WHERE observation.lottery = pair.lottery AND observation.source = pair.source AND date >= %s
               ORDER BY date DESC, id DESC LIMIT %s) AS said ON true""",
        [[source for source, _ in pairs], [lottery for _, lottery in pairs], since, most],
    )
    found: dict[tuple[str, str], list[Heard]] = {}
    async for row in rows:
        found.setdefault((row["source"], row["lottery"]), []).append(
            Heard(
                DrawKey(row["lottery"], row["date"], row["label"]),
                msgspec.convert(row["numbers"], Seen),
                row["objected"],
                row["observed_at"],
                row["drawn_at"],
            )
        )
    return found


async def contested(conn: Connection, lotteries: Sequence[str], since: datetime) -> list[Draw]:
    """The draws of these lotteries from that instant on that are held, or of which not every source says the same."""
    rows = await conn.execute(
        """SELECT result.body FROM unnest(%s::text[]) AS wanted (lottery)
           JOIN draw ON draw.lottery = wanted.lottery AND draw.drawn_at >= %s
           JOIN result USING (seq)
           WHERE draw.status = 'held' OR result.body->'sources' @> '[{"agrees": false}]'""",
        [list(lotteries), since],
    )
    return [_draw(row) async for row in rows]


async def said_after(conn: Connection, position: int, most: int = 500) -> list[Said]:
    """The events said after that position, in order."""
    rows = await conn.execute(
        """SELECT position, type, lottery, date, label, revision, update FROM outbox
           WHERE position > %s ORDER BY position LIMIT %s""",
        [position, most],
    )
    return [
        Said(r["position"], r["type"], DrawKey(r["lottery"], r["date"], r["label"]), r["revision"], r["update"])
        async for r in rows
    ]


async def position(conn: Connection) -> int:
    """The number of the event said last; 0 before the first."""
    row = await (await conn.execute("SELECT coalesce(max(position), 0) AS last FROM outbox")).fetchone()
    return int(row["last"]) if row else 0


def _draw(row: Mapping[str, Any]) -> Draw:
    return msgspec.convert(row["body"], Draw)
