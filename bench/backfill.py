"""Loading the past: 50,000 draws of many lotteries as up to two sources tell them, against a raw COPY of the same rows.

Ours takes the observations of one page after another as `lotto import` does: weighed, judged, hashed and linked, with a
mark for every page, one transaction a page. Bare copies what came of it, in PostgreSQL's binary format, into the same
tables with the same indexes and constraints.
"""

import asyncio
import gc
import hashlib
import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from lotto import catalogue
from lotto.draws.draw import DrawKey, Numbers, Observation, Value
from lotto.draws.lottery import Lottery
from lotto.draws.pool import Kind, Pool
from lotto.engines import Engines
from lotto.ledger import chain
from lotto.ledger.connection import Ledger, prepare
from lotto.ledger.fetches import Fetch
from lotto.ledger.record import load

DRAWS = 50_000
OF_EACH = 2_000
"""Draws of one lottery at most: what a page of a real archive shows."""
RUNS = 3
"""Of each side; their median counts."""
RATIO = 0.25
"""Of the bare copy's rate, at least."""

UNTIL = datetime(2026, 1, 1, tzinfo=UTC)
TABLES = ("page_fetch", "observation", "result", "draw")

Piece = tuple[Lottery, list[Observation], Fetch]


def pieces() -> list[Piece]:
    """What sources say of all these draws, page by page: the first of each lottery, then its second if it has one."""
    known = catalogue.load()
    dice = random.Random(1)
    games = [one for one in known.lotteries.values() if all(map(_simple, one.eras[-1].pools))]
    games.sort(key=lambda one: -len(one.sources))
    found: list[list[Piece]] = [[], []]
    left = DRAWS
    for lottery in games:
        if not left:
            break
        keys = [key for _, key in islice(_backwards(lottery), min(OF_EACH, left))]
        left -= len(keys)
        drawn = [(key, _values(lottery, dice)) for key in reversed(keys)]
        for n, source in enumerate(list(lottery.sources)[:2]):
            found[n].append(_piece(lottery, source, drawn, UNTIL + timedelta(days=n)))
    if left:
        raise RuntimeError(f"The catalogue holds {left} draws too few for this measurement.")
    return [*found[0], *found[1]]


def _simple(pool: Pool) -> bool:
    return pool.kind in (Kind.NUMBER, Kind.DIGIT) and not (pool.among or pool.rest_of or pool.fewest)


def _backwards(lottery: Lottery) -> Iterator[tuple[datetime, DrawKey]]:
    """Its draws from the last to the first of the rules of today."""
    day, first = UNTIL.date(), lottery.eras[-1].starts_on
    while day > first:
        day -= timedelta(days=1)
        for slot in reversed(lottery.slots(day)):
            key = DrawKey(lottery.id, day, slot.label)
            at = lottery.drawn_at(key)
            if at is not None and at < UNTIL:
                yield at, key


def _values(lottery: Lottery, dice: random.Random) -> Numbers:
    numbers: dict[str, tuple[Value, ...]] = {}
    for pool in lottery.eras[-1].pools:
        every = range(pool.lowest, pool.highest + 1)
        drawn = dice.choices(every, k=pool.take) if pool.repeats else dice.sample(every, pool.take)
        numbers[pool.name] = tuple(pool.arranged(tuple(pool.value(str(one).zfill(pool.width or 1)) for one in drawn)))  # type: ignore[arg-type]
    return numbers


def _piece(lottery: Lottery, source: str, drawn: list[tuple[DrawKey, Numbers]], at: datetime) -> Piece:
    page = hashlib.sha256(f"{lottery.id} {source}".encode()).hexdigest()
    said = [Observation(key, source, source, True, numbers, at, page) for key, numbers in drawn]
    url = f"https://{source}.example/{lottery.id}"
    return lottery, said, Fetch(source, url, at, "read", at, 200, page, 100_000)


async def ours(url: str, told: list[Piece]) -> float:
    """Loads them; the seconds it took, from observations in memory to the last commit."""
    async with Ledger(url, "bench", None) as ledger:
        began = time.perf_counter()
        for lottery, said, mark in told:
            await load(ledger, [(lottery, said)], mark)
        took = time.perf_counter() - began
        async with ledger.reading() as conn:
            if wrong := (await chain.verify(conn)).wrong:
                raise RuntimeError(wrong)
    return took


def bare(url: str, like: str) -> float:
    """Copies the rows of the other ledger into this one; the seconds it took, reading them left aside."""
    data: dict[str, tuple[str, list[bytes]]] = {}
    with psycopg.connect(like) as conn:
        for table in TABLES:
            names = conn.execute(
                """SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                   WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = ''""",
                [table],
            ).fetchone()
            columns = names[0] if names else ""
            with conn.cursor().copy(f"COPY {table} ({columns}) TO STDOUT (FORMAT binary)") as copy:  # type: ignore[call-overload]
                data[table] = columns, [bytes(row) for row in copy]
    with psycopg.connect(url) as conn:
        began = time.perf_counter()
        for table, (columns, rows) in data.items():
            with conn.cursor().copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)") as copy:  # type: ignore[call-overload]
                copy.write(b"".join(rows))
        conn.commit()
        return time.perf_counter() - began


def _counts(url: str) -> dict[str, int]:
    with psycopg.connect(url) as conn:
        return {name: conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES}  # type: ignore[index, call-overload]


def main() -> None:
    """Measures, and prints the rate as a ratio with its limit."""
    told = pieces()
    # An import reads a page after the other: what all of them hold here is no part of what is measured.
    gc.freeze()
    ours_took: list[float] = []
    bare_took: list[float] = []
    with TemporaryDirectory(prefix="lotto-bench-") as folder, Engines(Path(folder), valkey=False) as engines:
        url = engines.database_url or ""
        for n in range(RUNS):
            with psycopg.connect(url, autocommit=True) as conn:
                for name in (f"ours{n}", f"bare{n}"):
                    conn.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
            own, other = (url.replace("/lotto?", f"/{name}{n}?") for name in ("ours", "bare"))
            prepare(own, "practice")
            prepare(other, "practice")
            ours_took.append(asyncio.run(ours(own, told)))
            bare_took.append(bare(other, own))
            if _counts(own) != _counts(other):
                raise RuntimeError("The two ledgers do not hold the same rows.")
        counts = _counts(own)
    ratio = statistics.median(there / here for here, there in zip(ours_took, bare_took, strict=True))
    held = ", ".join(f"{count} {name}" for name, count in counts.items())
    print(f"Loading the past: {DRAWS} draws from {len(told)} pages, {RUNS} runs of each side, in turns; rows: {held}")
    for side, took in (("ours", ours_took), ("bare", bare_took)):
        print(f"  {side} {statistics.median(took):6.1f}s   {DRAWS / statistics.median(took):6.0f} draws/s")
    print(f"  ratio {ratio:.2f}, at least {RATIO}: {'holds' if ratio >= RATIO else 'MISSED'}")
