"""Messages to subscribers: a post of an account, on its way to each who wants it.

waiting → sending → sent | doubt | failed. `sending` is written before the way out is taken: what a dead worker left
there was perhaps sent, and whether it is sent again is for its network to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from lotto.ledger import subscribers
from lotto.ledger.connection import Connection
from lotto.ledger.subscribers import Subscriber
from lotto.ledger.text import storable

State = Literal["waiting", "sending", "sent", "doubt", "failed"]


@dataclass(frozen=True)
class Message:
    """A post for one subscriber."""

    post: UUID
    subscriber: Subscriber
    tries: int
    planned_at: datetime


async def hand_over(conn: Connection, post: UUID, now: datetime) -> int:
    """Leaves a post for every subscriber of its account who wants any draw of it, or was told what it answers.

    Says how many there are; a second time nothing is added.
    """
    done = await conn.execute(
        """INSERT INTO subscriber_message (post, subscriber, due_at, planned_at)
           SELECT post.id, subscriber.id, %(now)s, %(now)s FROM post
           JOIN subscriber ON subscriber.account = post.account
           WHERE post.id = %(post)s AND subscriber.confirmed_at IS NOT NULL AND subscriber.left_at IS NULL
             AND (EXISTS (SELECT FROM post AS told
                          JOIN draw ON (draw.lottery, draw.date, draw.label) = (told.lottery, told.date, told.label)
                          JOIN result USING (seq)
                          WHERE (told.id = post.id OR told.folded_into = post.id)
                            AND (subscriber.lotteries = '{}' OR told.lottery = ANY(subscriber.lotteries))
                            AND (subscriber.jackpot IS NULL
                                 OR (result.body->'jackpot'->>'currency' = subscriber.currency
                                     AND (result.body->'jackpot'->>'amount')::numeric >= subscriber.jackpot)))
                  OR EXISTS (SELECT FROM subscriber_message AS before
                             WHERE before.post = post.answers AND before.subscriber = subscriber.id))
           ON CONFLICT DO NOTHING""",
        {"post": post, "now": now},
    )
    return done.rowcount


async def claim(conn: Connection, accounts: Sequence[str], now: datetime, until: datetime, most: int) -> list[Message]:
    """Takes messages of these accounts that are due, those that wait longest first; each is ours until then."""
    rows = await conn.execute(
        f"""WITH mine AS (
                UPDATE subscriber_message SET state = 'sending', tries = tries + 1, due_at = %(until)s
                WHERE (post, subscriber) IN (
                    SELECT one.post, one.subscriber FROM subscriber_message AS one
                    JOIN subscriber ON subscriber.id = one.subscriber
                    WHERE one.state = 'waiting' AND one.due_at <= %(now)s AND subscriber.account = ANY(%(accounts)s)
                      AND (SELECT on_air FROM publishing)
                      AND NOT EXISTS (SELECT FROM account WHERE name = subscriber.account AND resting <> '')
                    ORDER BY one.due_at LIMIT %(most)s FOR UPDATE OF one SKIP LOCKED)
                RETURNING post, subscriber, tries, planned_at)
            SELECT mine.post, mine.tries, mine.planned_at, {subscribers.COLUMNS}
            FROM mine JOIN subscriber ON subscriber.id = mine.subscriber ORDER BY mine.planned_at, id""",  # noqa: S608
        {"accounts": list(accounts), "now": now, "until": until, "most": most},
    )
    return [Message(row["post"], subscribers.read(row), row["tries"], row["planned_at"]) async for row in rows]


async def settle(conn: Connection, one: Message, state: State, note: str, at: datetime) -> None:
    """Writes what came of it; what waits is due at that instant."""
    await conn.execute(
        """UPDATE subscriber_message
           SET state = %(state)s, note = %(note)s, due_at = %(at)s,
               settled_at = CASE WHEN %(state)s = 'waiting' THEN NULL ELSE %(at)s::timestamptz END
           WHERE post = %(post)s AND subscriber = %(subscriber)s AND state = 'sending'""",
        {
            "state": state,
            "note": storable(note)[:500],
            "at": at,
            "post": one.post,
            "subscriber": one.subscriber.id,
        },
    )


async def abandoned(conn: Connection, accounts: Sequence[str], state: State, now: datetime) -> int:
    """What of these accounts somebody was sending whose time is up stands so from now on; says how many."""
    done = await conn.execute(
        """UPDATE subscriber_message AS one
           SET state = %(state)s, due_at = %(now)s, note = 'The worker stopped while it was sent.',
               settled_at = CASE WHEN %(state)s = 'waiting' THEN NULL ELSE %(now)s::timestamptz END
           FROM subscriber
           WHERE subscriber.id = one.subscriber AND one.state = 'sending' AND one.due_at < %(now)s
             AND subscriber.account = ANY(%(accounts)s)""",
        {"state": state, "now": now, "accounts": list(accounts)},
    )
    return done.rowcount


async def counted(conn: Connection, account: str) -> dict[State, int]:
    """How many messages of that account are in each state."""
    rows = await conn.execute(
        """SELECT state, count(*) AS count FROM subscriber_message
           JOIN subscriber ON subscriber.id = subscriber WHERE account = %s GROUP BY state""",
        [account],
    )
    return {row["state"]: row["count"] async for row in rows}


async def prune(conn: Connection, before: datetime) -> int:
    """Forgets what was settled before that instant; says how many."""
    return (await conn.execute("DELETE FROM subscriber_message WHERE settled_at < %s", [before])).rowcount
