"""Draws found across lotteries, by a value that they published or by their day, newest first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from lotto.draws.draw import Draw
from lotto.ledger.connection import Connection


class Spot(NamedTuple):
    """Where a draw stands among those of all lotteries."""

    date: date
    drawn_at: datetime
    label: str
    lottery: str


class Source(NamedTuple):
    """Where to look: draws of a lottery that published this value in that pool."""

    lottery: str
    pool: str
    value: str


async def holding(
    conn: Connection, sources: Sequence[Source], on: date | None, most: int, before: Spot | None = None
) -> list[Draw]:
    """Draws that published a value at one of these places, of that day if one is given."""
    return await _draws(
        conn,
        "unnest(%(lotteries)s::text[], %(pools)s::text[], %(values)s::text[]) AS this (lottery, pool, value)",
        "draw_value AS one WHERE lottery = this.lottery AND pool = this.pool AND value = this.value",
        {
            "lotteries": [one.lottery for one in sources],
            "pools": [one.pool for one in sources],
            "values": [one.value for one in sources],
        },
        on,
        most,
        before,
    )


async def on_day(
    conn: Connection, lotteries: Sequence[str], on: date, most: int, before: Spot | None = None
) -> list[Draw]:
    """Draws of these lotteries on that local day."""
    where = "unnest(%(lotteries)s::text[]) AS this (lottery)"
    return await _draws(
        conn, where, "draw AS one WHERE lottery = this.lottery", {"lotteries": list(lotteries)}, on, most, before
    )


async def _draws(
    conn: Connection,
    places: str,
    table: str,
    params: dict[str, object],
    on: date | None,
    most: int,
    before: Spot | None,
) -> list[Draw]:
    """Each place is gone through by itself, newest first, so nothing is read that could not be shown."""
    day = "AND date = %(on)s" if on else ""
    after = "AND (date, drawn_at, label) <= (%(date)s, %(drawn_at)s, %(label)s)" if before else ""
    # A draw may hold the value in several pools, and the one before may be the first here: so a place gives one more.
    found = await conn.execute(
        f"""SELECT result.body FROM (
                SELECT DISTINCT this.lottery, held.date, held.drawn_at, held.label FROM {places}
                CROSS JOIN LATERAL (
                    SELECT date, drawn_at, label FROM {table} {day} {after}
                    ORDER BY date DESC, drawn_at DESC, label DESC LIMIT %(most)s + 1) AS held
                {
            "WHERE (held.date, held.drawn_at, held.label, this.lottery) < "
            "(%(date)s, %(drawn_at)s, %(label)s, %(lottery)s)"
            if before
            else ""
        }
                ORDER BY held.date DESC, held.drawn_at DESC, held.label DESC, this.lottery DESC LIMIT %(most)s
            ) AS found JOIN draw USING (lottery, date, label) JOIN result USING (seq)
            ORDER BY found.date DESC, found.drawn_at DESC, found.label DESC, found.lottery DESC""",  # noqa: S608
        params | {"on": on, "most": most} | (before._asdict() if before else {}),
    )
    return [msgspec.convert(row["body"], Draw) async for row in found]
