"""Tallies: what the published draws of a lottery come to, month by month, never older than the draws themselves.

Whatever changes published values marks the month, in the same transaction and by the database itself (migration 0012).
A month whose mark is newer than its tally is counted from its draws by whoever reads; `count` keeps what was counted.
So figures need no scan, and are right also while nobody has counted yet.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import msgspec

from lotto.draws import matrix as matrices
from lotto.draws import tally
from lotto.draws.draw import Numbers
from lotto.draws.lottery import Lottery
from lotto.draws.matrix import Matrix
from lotto.draws.tally import Tally
from lotto.ledger.connection import Connection, Ledger, LedgerError

FORM = 1
"""Of the tallies kept; another form has all of them counted anew."""

MOST = 20_000
"""Draws that one reader counts by himself: two months of a draw every five minutes."""

Drawn = tuple[date, Numbers]
"""The local day of a draw and what was drawn."""

Kept = dict[str, Tally]
"""A month's tally of each matrix that was in force in it, by the day the matrix began."""

_kept = msgspec.json.Decoder(Kept)


class NotCounted(LedgerError):
    """Too much is not counted yet for a reader to do it."""


@dataclass(frozen=True)
class Recount:
    """How a month that was counted from its draws compares with the tally that was kept."""

    month: date
    draws: int
    was_kept: bool
    """False of one that was still to be counted."""
    agrees: bool


def rules(lottery: Lottery) -> str:
    """Names what a lottery's draws are counted by: a tally counted by other rules holds no more."""
    told = msgspec.json.encode([FORM, matrices.matrices(lottery)], order="sorted")
    return hashlib.sha256(told).hexdigest()[:16]


async def of_span(conn: Connection, lottery: Lottery, matrix: Matrix, first: date, last: date) -> Tally:
    """The tally of the published draws of these local days, both included, which lie in that matrix.

    Whole months are read as they are kept. What is counted from draws is the rest: the months that the span begins and
    ends in, and those marked since they were counted. All are of one moment. Raises NotCounted for more than MOST.
    """
    async with conn.transaction():
        await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        rows = await conn.execute(
            """SELECT month, CASE WHEN counted = seq AND rules = %s THEN body::text END AS body FROM tally
               WHERE lottery = %s AND month BETWEEN date_trunc('month', %s::date) AND %s ORDER BY month""",
            [rules(lottery), lottery.id, first, last],
        )
        kept: dict[date, str] = {}
        loose: list[tuple[date, date]] = []
        async for row in rows:
            begins, ends = max(row["month"], matrix.starts_on), min(_end(row["month"]), matrix.ends_on)
            if row["body"] is not None and first <= begins and ends <= last:
                kept[row["month"]] = row["body"]
            else:
                loose.append((max(begins, first), min(ends, last)))
        drawn = await _drawn(conn, lottery, loose, MOST + 1)
    if len(drawn) > MOST:
        raise NotCounted(f"The draws of {lottery.name} are being counted, and that takes a while: ask again shortly.")
    return await asyncio.to_thread(_together, matrix, kept, drawn)


async def waiting(conn: Connection, lotteries: Sequence[str]) -> list[str]:
    """Those of these lotteries that have a month to be counted."""
    rows = await conn.execute(
        "SELECT DISTINCT lottery FROM tally WHERE counted <> seq AND lottery = ANY(%s) ORDER BY lottery",
        [list(lotteries)],
    )
    return [row["lottery"] async for row in rows]


async def outdate(conn: Connection, lotteries: Mapping[str, Lottery]) -> None:
    """Has what was counted by other rules than these counted anew."""
    await conn.execute(
        """UPDATE tally SET counted = 0 FROM unnest(%s::text[], %s::text[]) AS known (lottery, rules)
           WHERE tally.lottery = known.lottery AND tally.rules <> known.rules AND counted <> 0""",
        [list(lotteries), [rules(one) for one in lotteries.values()]],
    )


async def count(ledger: Ledger, lottery: Lottery) -> int:
    """Counts and keeps every month of the lottery that is to be counted; says how many. Several may do so at once."""
    async with ledger.reading() as conn:
        rows = await conn.execute(
            "SELECT month, seq FROM tally WHERE lottery = %s AND counted <> seq ORDER BY month", [lottery.id]
        )
        months = [(row["month"], row["seq"]) async for row in rows]
        for month, seq in months:
            drawn = await _drawn(conn, lottery, [(month, _end(month))])
            await _keep(conn, lottery, month, seq, await asyncio.to_thread(_by_matrix, lottery, drawn))
    return len(months)


async def recount(ledger: Ledger, lottery: Lottery) -> AsyncIterator[Recount]:
    """Counts every month of the lottery from its draws, tells how that compares with what was kept, and keeps it."""
    async with ledger.reading() as conn:
        rows = await conn.execute("SELECT month FROM tally WHERE lottery = %s ORDER BY month", [lottery.id])
        for month in [row["month"] async for row in rows]:
            async with conn.transaction():
                await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                row = await (
                    await conn.execute(
                        """SELECT seq, counted = seq AND rules = %s AS holds, body::text AS body FROM tally
                           WHERE lottery = %s AND month = %s""",
                        [rules(lottery), lottery.id, month],
                    )
                ).fetchone()
                drawn = await _drawn(conn, lottery, [(month, _end(month))])
            assert row is not None  # noqa: S101 - nobody takes a month away
            fresh = await asyncio.to_thread(_by_matrix, lottery, drawn)
            yield Recount(month, len(drawn), row["holds"], row["holds"] and _kept.decode(row["body"]) == fresh)
            await _keep(conn, lottery, month, row["seq"], fresh)


async def _keep(conn: Connection, lottery: Lottery, month: date, seq: int, fresh: Kept) -> None:
    """Keeps what was counted after the mark `seq` was read; where the month was marked again since, it is not kept."""
    async with conn.transaction():
        # What a crash takes is counted again, so nobody waits for the disk.
        await conn.execute("SET LOCAL synchronous_commit = off")
        await conn.execute(
            "UPDATE tally SET counted = seq, rules = %s, body = %s WHERE lottery = %s AND month = %s AND seq = %s",
            [rules(lottery), msgspec.json.encode(fresh).decode(), lottery.id, month, seq],
        )


async def _drawn(
    conn: Connection, lottery: Lottery, spans: Sequence[tuple[date, date]], most: int | None = None
) -> list[Drawn]:
    """The published draws of these spans of local days in the order in which they were held.

    Draws at one time are told apart by their label: of serials the lower is the earlier.
    """
    if not spans:
        return []
    rows = await conn.execute(
        # Numbers are looked up draw by draw: as a join, of how many rows nobody can tell beforehand, it may be a scan.
        """SELECT draw.date, draw.drawn_at, draw.label,
                  (SELECT nullif(body->'numbers', '{}') FROM result WHERE result.seq = draw.seq) AS numbers
           FROM unnest(%s::date[], %s::date[]) AS span (first, last)
           JOIN LATERAL (SELECT * FROM draw WHERE lottery = %s AND date BETWEEN span.first AND span.last OFFSET 0)
                AS draw ON true
           LIMIT %s""",
        [[first for first, _ in spans], [last for _, last in spans], lottery.id, most],
    )
    found = [(row["date"], row["drawn_at"], len(row["label"]), row["label"], row["numbers"]) async for row in rows]
    found = [one for one in found if one[4] is not None]
    return [(one[0], one[4]) for one in sorted(found, key=lambda one: one[:4])]


def _by_matrix(lottery: Lottery, drawn: Sequence[Drawn]) -> Kept:
    """The tallies of a month's draws, by the day their matrix began; draws before the first are in none."""
    found: Kept = {}
    for one in matrices.matrices(lottery):
        if ours := [draw for draw in drawn if one.starts_on <= draw[0] <= one.ends_on]:
            found[one.starts_on.isoformat()] = tally.count(one, ours)
    return found


def _together(matrix: Matrix, kept: Mapping[date, str], drawn: Sequence[Drawn]) -> Tally:
    """One tally of the months that are kept and of those that these draws were held in."""
    name = matrix.starts_on.isoformat()
    months = {month: found[name] for month, body in kept.items() if name in (found := _kept.decode(body))}
    for month, some in groupby(drawn, key=lambda one: one[0].replace(day=1)):
        months[month] = tally.count(matrix, list(some))
    return tally.join([tally.count(matrix, []), *(months[month] for month in sorted(months))])


def _end(month: date) -> date:
    """The last day of the month that begins on that day."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
