"""How observations, results and draws are written and read by the pen: many at a time, each encoded once.

Only `lotto.ledger.record` writes by these.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from lotto.draws.draw import Draw, DrawKey, Observation
from lotto.draws.lottery import Lottery
from lotto.ledger import chain
from lotto.ledger.connection import Connection
from lotto.ledger.observed import Said, observation
from lotto.ledger.word import Last, Place, Word

_draw = msgspec.json.Decoder(Draw)


@dataclass(frozen=True)
class Row:
    """A draw as it stands now, to be linked to the chain, and whether that is told."""

    draw: Draw
    told: bool


async def last_words(conn: Connection, lottery: Lottery, keys: Collection[DrawKey]) -> dict[Place, Last]:
    """Where every source's last word on the draws of these days is."""
    days = [key.date for key in keys]
    rows = await conn.execute(
        """SELECT DISTINCT ON (source, date, label) source, date, label, id, fingerprint, objected, observed_at
           FROM observation WHERE lottery = %s AND date BETWEEN %s AND %s ORDER BY source, date, label, id DESC""",
        [lottery.id, min(days), max(days)],
    )
    return {
        (row["source"], DrawKey(lottery.id, row["date"], row["label"])): Last(
            row["id"], row["fingerprint"], row["objected"], row["observed_at"]
        )
        for row in await rows.fetchall()
    }


async def words(
    conn: Connection, lottery: Lottery, keys: Collection[DrawKey], last: Mapping[Place, Last]
) -> list[Observation]:
    """What these last words on these draws are."""
    wanted = {one.id: place for place, one in last.items() if place[1] in keys}
    if not wanted:
        return []
    rows = await conn.execute(
        "SELECT id, page, parser, observed_at, body::text AS body FROM observation WHERE id = ANY(%s)", [list(wanted)]
    )
    found: list[Observation] = []
    for row in await rows.fetchall():
        row["source"], key = wanted[row["id"]]
        found.append(observation(key, row))
    return found


async def heads(conn: Connection, lottery: Lottery, keys: Iterable[DrawKey]) -> dict[DrawKey, tuple[Draw, bool]]:
    """Where the draws of these days stand, and those shortly before; with whether anything was told of them."""
    days = [key.date for key in keys]
    rows = await conn.execute(
        """SELECT result.body::text AS body, draw.told FROM draw JOIN result USING (seq)
           WHERE draw.lottery = %s AND draw.date BETWEEN %s AND %s""",
        [lottery.id, min(days) - timedelta(days=15), max(days)],
    )
    found = [(_draw.decode(row["body"]), bool(row["told"])) for row in await rows.fetchall()]
    return {draw.key: (draw, told) for draw, told in found}


async def keep(conn: Connection, environment: str, words: Sequence[Word]) -> None:
    """Keeps observations, in their order."""
    columns = "environment, lottery, date, label, source, fingerprint, objected, page, parser, observed_at, body"
    async with conn.cursor() as cursor, cursor.copy(f"COPY observation ({columns}) FROM STDIN") as copy:
        for word in words:
            one = word.said
            body = Said(
                one.numbers,
                one.drawn,
                one.serial,
                one.jackpot,
                one.prizes,
                one.objections,
                one.origin,
                one.official,
                one.drawn_at,
            )
            await copy.write_row(
                (
                    environment,
                    one.key.lottery,
                    one.key.date,
                    one.key.label,
                    one.source,
                    word.fingerprint,
                    bool(one.objections),
                    one.page,
                    one.parser,
                    one.observed_at,
                    msgspec.json.encode(body).decode(),
                )
            )


async def link(conn: Connection, environment: str, end: chain.Link, rows: Sequence[Row]) -> None:
    """Links the changed draws to the chain and lets each stand at its newest result."""
    if not rows:
        return
    seq, previous = end.seq, end.hash
    columns = "seq, environment, lottery, date, label, revision, update, body, previous_hash, hash"
    async with conn.cursor() as cursor, cursor.copy(f"COPY result ({columns}) FROM STDIN") as copy:
        for row in rows:
            draw, key = row.draw, row.draw.key
            seq += 1
            body = chain.canonical(draw)
            digest = chain.linked(previous, seq, environment, body)
            place = (key.lottery, key.date, key.label)
            await copy.write_row(
                (seq, environment, *place, draw.revision, draw.update, body.decode(), previous, digest)
            )
            previous = digest
    # One statement for one draw and for thousands; with the pen in hand all that follows the end is ours.
    await conn.execute(
        """INSERT INTO draw (lottery, date, label, drawn_at, status, told, seq)
           SELECT lottery, date, label, (body->>'drawn_at')::timestamptz, body->>'status', seq = ANY(%s), seq
           FROM result WHERE seq > %s
           ON CONFLICT (lottery, date, label) DO UPDATE
           SET status = excluded.status, told = draw.told OR excluded.told, seq = excluded.seq""",
        [[number for number, row in enumerate(rows, end.seq + 1) if row.told], end.seq],
    )
