"""Subscribers: people who asked to be told what an account tells, and left again. Their addresses are sealed.

Asked → confirmed → left. Who has left is known by his mark and the times alone: his address is gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from lotto.ledger.connection import Connection

LETTERS = timedelta(hours=1)
"""Between two letters that ask the same mailbox to confirm, at the least."""


@dataclass(frozen=True)
class Wants:
    """What a subscriber is told of what his account tells."""

    lotteries: Sequence[str] = ()
    """Empty: all."""
    jackpot: Decimal | None = None
    """Only results for at least so much, in that currency; None: all."""
    currency: str | None = None


@dataclass(frozen=True)
class Subscriber:
    """Somebody who asked."""

    id: UUID
    account: str
    mark: bytes = field(repr=False)
    address: bytes | None = field(repr=False)
    """Sealed; None once he has left."""
    lang: str
    wants: Wants
    consent: str
    """The sentence that he agreed to."""
    asked_at: datetime
    confirmed_at: datetime | None = None
    left_at: datetime | None = None

    @property
    def is_told(self) -> bool:
        """Whether he is told anything."""
        return self.confirmed_at is not None and self.left_at is None


@dataclass(frozen=True)
class Tally:
    """How many people asked one account to tell them."""

    account: str
    told: int
    """Those who are: they confirmed it, or needed not."""
    asked: int
    """Those who have not confirmed it yet."""


COLUMNS = "id, account, mark, address, lang, lotteries, jackpot, currency, consent, asked_at, confirmed_at, left_at"
"""What `read` reads."""


def read(row: Mapping[str, Any]) -> Subscriber:
    """A subscriber, of a row that has its columns."""
    wants = Wants(tuple(row["lotteries"]), row["jackpot"], row["currency"])
    own = ("id", "account", "mark", "address", "lang", "consent", "asked_at", "confirmed_at", "left_at")
    return Subscriber(wants=wants, **{name: row[name] for name in own})


async def accounts(conn: Connection, network: str) -> list[str]:
    """The accounts of that network, by name."""
    rows = await conn.execute("SELECT name FROM account WHERE network = %s ORDER BY name", [network])
    return [row["name"] async for row in rows]


async def tallies(conn: Connection) -> list[Tally]:
    """How many people each account has, of those that have any."""
    rows = await conn.execute(
        """SELECT account, count(confirmed_at) AS told, count(*) - count(confirmed_at) AS asked FROM subscriber
           WHERE left_at IS NULL GROUP BY account ORDER BY account"""
    )
    return [Tally(**row) async for row in rows]


async def ask(conn: Connection, one: Subscriber) -> bool:
    """Keeps that somebody asks, to be sent a letter that he confirms; one who is told already is left as he is.

    False when he was sent such a letter a short while ago: whoever types a stranger's address must not flood him.
    """
    done = await conn.execute(
        """INSERT INTO subscriber AS known (id, environment, account, mark, address, lang, lotteries, jackpot, currency,
                                            consent, asked_at, letter_due_at)
           SELECT %(id)s, environment, %(account)s, %(mark)s, %(address)s, %(lang)s, %(lotteries)s, %(jackpot)s,
                  %(currency)s, %(consent)s, %(now)s, %(now)s FROM instance
           ON CONFLICT (account, mark) DO UPDATE
           SET address = excluded.address, lang = excluded.lang, lotteries = excluded.lotteries,
               consent = excluded.consent, asked_at = excluded.asked_at, letter_due_at = excluded.letter_due_at,
               confirmed_at = NULL, left_at = NULL
           WHERE (known.confirmed_at IS NULL OR known.left_at IS NOT NULL) AND known.asked_at < %(before)s""",
        _row(one) | {"before": one.asked_at - LETTERS},
    )
    return done.rowcount == 1


async def keep(conn: Connection, one: Subscriber) -> None:
    """Keeps somebody who needs no letter, in the place of what he wanted before."""
    await conn.execute(
        """INSERT INTO subscriber (id, environment, account, mark, address, lang, lotteries, jackpot, currency, consent,
                                   asked_at, confirmed_at)
           SELECT %(id)s, environment, %(account)s, %(mark)s, %(address)s, %(lang)s, %(lotteries)s, %(jackpot)s,
                  %(currency)s, %(consent)s, %(now)s, %(now)s FROM instance
           ON CONFLICT (account, mark) DO UPDATE
           SET address = excluded.address, lang = excluded.lang, lotteries = excluded.lotteries,
               jackpot = excluded.jackpot, currency = excluded.currency, consent = excluded.consent,
               confirmed_at = excluded.confirmed_at, left_at = NULL""",
        _row(one),
    )


async def find(conn: Connection, id: UUID) -> Subscriber | None:  # noqa: A002 - what it is
    """The subscriber of that id."""
    row = await (await conn.execute(f"SELECT {COLUMNS} FROM subscriber WHERE id = %s", [id])).fetchone()  # noqa: S608
    return read(row) if row else None


async def marked(conn: Connection, mark: bytes) -> list[Subscriber]:
    """Who is known by that mark, at any account."""
    rows = await conn.execute(f"SELECT {COLUMNS} FROM subscriber WHERE mark = %s", [mark])  # noqa: S608
    return [read(row) async for row in rows]


async def confirm(conn: Connection, id: UUID, now: datetime) -> bool:  # noqa: A002
    """He is told from now on; False where there is nobody to be told, since he has left or was erased."""
    done = await conn.execute(
        """UPDATE subscriber SET confirmed_at = coalesce(confirmed_at, %s), letter_due_at = NULL
           WHERE id = %s AND left_at IS NULL""",
        [now, id],
    )
    return done.rowcount == 1


async def leave(conn: Connection, id: UUID, now: datetime) -> None:  # noqa: A002
    """He is told nothing any more, not even what waits; his address is gone."""
    await conn.execute(
        """UPDATE subscriber SET left_at = %s, address = NULL, letter_due_at = NULL
           WHERE id = %s AND left_at IS NULL""",
        [now, id],
    )
    await conn.execute("DELETE FROM subscriber_message WHERE subscriber = %s AND state = 'waiting'", [id])


async def erase(conn: Connection, id: UUID) -> bool:  # noqa: A002
    """Nothing is known of him any more; False where nothing was."""
    return (await conn.execute("DELETE FROM subscriber WHERE id = %s", [id])).rowcount == 1


async def letters_due(conn: Connection, accounts: Sequence[str], now: datetime, until: datetime) -> list[Subscriber]:
    """Who is to be sent a letter that he confirms, a few; he is nobody else's until then."""
    rows = await conn.execute(
        f"""UPDATE subscriber SET letter_due_at = %s
            WHERE id IN (SELECT id FROM subscriber
                         WHERE letter_due_at <= %s AND account = ANY(%s) AND (SELECT on_air FROM publishing)
                           AND NOT EXISTS (SELECT FROM account AS own WHERE own.name = account AND own.resting <> '')
                         ORDER BY letter_due_at LIMIT 20 FOR UPDATE SKIP LOCKED)
            RETURNING {COLUMNS}""",  # noqa: S608
        [until, now, list(accounts)],
    )
    return [read(row) async for row in rows]


async def letter_sent(conn: Connection, id: UUID) -> None:  # noqa: A002
    """The letter is out, or is never to be: none is due."""
    await conn.execute("UPDATE subscriber SET letter_due_at = NULL WHERE id = %s", [id])


async def forget(conn: Connection, before: datetime) -> int:
    """Erases who asked before that instant and never confirmed; says how many."""
    done = await conn.execute("DELETE FROM subscriber WHERE confirmed_at IS NULL AND asked_at < %s", [before])
    return done.rowcount


def _row(one: Subscriber) -> dict[str, Any]:
    return {
        "id": one.id,
        "account": one.account,
        "mark": one.mark,
        "address": one.address,
        "lang": one.lang,
        "lotteries": list(one.wants.lotteries),
        "jackpot": one.wants.jackpot,
        "currency": one.wants.currency,
        "consent": one.consent,
        "now": one.asked_at,
    }
