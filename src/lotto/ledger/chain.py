"""The chain of results: every row holds the hash of the one before, so nothing can change or vanish unseen."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import psycopg
from psycopg.rows import dict_row

from lotto.ledger.connection import Connection

GENESIS = "0" * 64
"""What the first row follows."""

PEN = 4_155_003
"""Advisory lock: one hand writes results at a time, so the chain has one end."""


@dataclass(frozen=True)
class Link:
    """The end of the chain."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Proof:
    """What `verify` found: how many results hold, the last hash, and the first that is wrong, in words."""

    count: int
    hash: str
    wrong: str = ""


def link(previous: str, seq: int, environment: str, body: Mapping[str, Any]) -> str:
    """The hash of a result that follows `previous`: SHA-256 over canonical JSON of all that the row says."""
    said = json.dumps(
        [previous, seq, environment, body], ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(said.encode()).hexdigest()


def canonical(body: object) -> bytes:
    """The canonical JSON of a result's body, as `link` writes it: every name in order, nothing between."""
    return msgspec.json.encode(body, order="sorted")


def linked(previous: str, seq: int, environment: str, body: bytes) -> str:
    """The same hash as `link`'s, of a body that is canonical JSON already."""
    return hashlib.sha256(b'["%b",%d,"%b",%b]' % (previous.encode(), seq, environment.encode(), body)).hexdigest()


async def grasp(conn: Connection) -> Link:
    """Takes the pen until the transaction ends and returns the end of the chain."""
    await conn.execute("SELECT pg_advisory_xact_lock(%s)", [PEN])
    return await end(conn)


async def end(conn: Connection) -> Link:
    """The end of the chain at this moment."""
    row = await (await conn.execute("SELECT seq, hash FROM result ORDER BY seq DESC LIMIT 1")).fetchone()
    return Link(row["seq"], row["hash"]) if row else Link(0, GENESIS)


async def verify(conn: Connection, passing: Callable[[Proof], None] = lambda _: None) -> Proof:
    """Counts and hashes every result again, and checks that each draw stands at its newest one, as that says.

    `passing` sees the proof after each result that holds.
    """
    proof = Proof(0, GENESIS)
    async with conn.transaction(), conn.cursor(name="chain") as rows:
        await rows.execute(_RESULTS)
        async for row in rows:
            proof = _follow(proof, row)
            if proof.wrong:
                return proof
            passing(proof)
    return _end(proof, await (await conn.execute(_STRAYS)).fetchone())


def verify_now(conn: psycopg.Connection) -> Proof:
    """The same, for whoever waits: within the transaction of `conn`, so of what only that sees yet."""
    proof = Proof(0, GENESIS)
    with conn.cursor(name="chain", row_factory=dict_row) as rows:
        rows.execute(_RESULTS)
        for row in rows:
            proof = _follow(proof, row)
            if proof.wrong:
                return proof
    with conn.cursor(row_factory=dict_row) as strays:
        return _end(proof, strays.execute(_STRAYS).fetchone())


_RESULTS = """SELECT seq, environment, lottery, date, label, revision, update, body, previous_hash, hash
              FROM result ORDER BY seq"""

_STRAYS = """SELECT coalesce(newest.lottery, draw.lottery) AS lottery, coalesce(newest.date, draw.date) AS date FROM (
                 SELECT lottery, date, label, max(seq) AS seq FROM result GROUP BY lottery, date, label) AS newest
             FULL JOIN draw USING (lottery, date, label) LEFT JOIN result ON result.seq = draw.seq
             WHERE newest.seq IS DISTINCT FROM draw.seq OR draw.status IS DISTINCT FROM result.body->>'status'
                OR draw.drawn_at IS DISTINCT FROM (result.body->>'drawn_at')::timestamptz LIMIT 1"""


def _follow(proof: Proof, row: Mapping[str, Any]) -> Proof:
    """The proof with one more result, or what is wrong with that."""
    body = row["body"]
    name = f"result {row['seq']} ({row['lottery']}/{row['date']}{'/' if row['label'] else ''}{row['label']})"
    if row["seq"] != proof.count + 1:
        return replace(proof, wrong=f"{name} follows number {proof.count}: results are missing between.")
    if row["previous_hash"] != proof.hash:
        return replace(proof, wrong=f"{name} does not follow the one before it.")
    if row["hash"] != link(proof.hash, row["seq"], row["environment"], body):
        return replace(proof, wrong=f"{name} was changed after it was written.")
    key = body["key"]
    if (key["lottery"], key["date"], key["label"], body["revision"], body["update"]) != (
        row["lottery"],
        row["date"].isoformat(),
        row["label"],
        row["revision"],
        row["update"],
    ):
        return replace(proof, wrong=f"{name} stands under another draw's name.")
    return Proof(row["seq"], row["hash"])


def _end(proof: Proof, stray: Mapping[str, Any] | None) -> Proof:
    """The proof, unless a draw does not stand at its newest result."""
    if stray is None:
        return proof
    return replace(proof, wrong=f"{stray['lottery']}/{stray['date']} does not stand as its newest result says.")
