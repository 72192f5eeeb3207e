"""Sending: what an account has to send or to settle, and what came of it.

While publishing is stopped (`lotto.ledger.publishing`) or the account rests, nothing is due and nothing may begin.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date, datetime

import msgspec
from psycopg.types.json import Jsonb

from lotto import wire
from lotto.draws.draw import Draw, DrawKey
from lotto.ledger import cards, posts
from lotto.ledger.connection import Connection, Ledger
from lotto.ledger.posts import CONSUMER, Post, Shown, State
from lotto.ledger.text import storable

_AS_KNOWN = "state IN (%s, 'sending')"
_MINE = "(SELECT fence FROM account WHERE name = post.account) = %s"
_MAY = """(SELECT on_air FROM publishing)
              AND NOT EXISTS (SELECT FROM account WHERE name = post.account AND resting <> '')"""


async def due(
    conn: Connection, account: str, now: datetime, leaving: Collection[Post] = (), *, quiet: bool = False
) -> Post | None:
    """The next post this account has to send or to settle, oldest draw event first; None when it has none now.

    What edits, answers or removes a post waits until it is known whether that stands, and for what was planned earlier
    to take it away. `leaving` is left for later; while it is `quiet`, so is what tells of a draw for the first time.
    """
    row = await (
        await conn.execute(
            f"""SELECT {posts.COLUMNS} FROM {posts.POSTS}
                WHERE post.account = %s AND post.state IN ('planned', 'unknown') AND post.due_at <= %s
                  AND post.id <> ALL(%s) AND NOT (%s AND post.kind = 'create' AND post.state = 'planned')
                  AND {_MAY}
                  AND NOT EXISTS (SELECT FROM post AS first
                                  JOIN post AS stands ON stands.id = coalesce(first.folded_into, first.id)
                                  WHERE first.id = post.answers AND stands.state IN ('planned', 'sending', 'unknown'))
                  AND NOT EXISTS (SELECT FROM post AS taking
                                  WHERE taking.answers = post.answers AND taking.kind = 'remove'
                                    AND taking.revision < post.revision
                                    AND taking.state IN ('planned', 'sending', 'unknown'))
                ORDER BY post.due_at, post.planned_at, post.id LIMIT 1""",  # noqa: S608
            [account, now, [one.id for one in leaving], quiet],
        )
    ).fetchone()
    return posts.read(row) if row else None


async def late(conn: Connection, account: str, now: datetime, before: datetime) -> list[tuple[Post, Draw]]:
    """First posts due now whose draws were decided before that instant, with the draws, the newest draw first.

    Only of draws that stand as the post tells them: what was corrected or is disputed goes its own way.
    """
    rows = await conn.execute(
        f"""SELECT {posts.COLUMNS}, result.body FROM {posts.POSTS}
            JOIN draw ON (draw.lottery, draw.date, draw.label) = (post.lottery, post.date, post.label)
            JOIN result USING (seq)
            WHERE post.account = %s AND post.kind = 'create' AND post.state = 'planned' AND post.due_at <= %s
              AND {_MAY} AND post.digest IS NULL AND result.revision = post.revision
              AND draw.status NOT IN ('held', 'void')
              AND (result.body->>'decided_at')::timestamptz < %s
            ORDER BY draw.drawn_at DESC, post.lottery, post.label""",  # noqa: S608
        [account, now, before],
    )
    return [(posts.read(row), msgspec.convert(row["body"], Draw)) async for row in rows]


async def on_their_way(conn: Connection, before: datetime) -> bool:
    """Whether results decided before that instant were told, and their pictures or posts are still to be made."""
    row = await (
        await conn.execute(
            """SELECT EXISTS (
                   SELECT FROM outbox JOIN draw USING (lottery, date, label) JOIN result USING (seq)
                   WHERE NOT outbox.settled AND (result.body->>'decided_at')::timestamptz < %s
                     AND NOT EXISTS (SELECT FROM inbox WHERE inbox.event_id = outbox.event_id
                                     AND inbox.consumer IN (%s, %s))
                     AND NOT EXISTS (SELECT FROM dead WHERE dead.event_id = outbox.event_id::text
                                     AND dead.replayed_at IS NULL)) AS some""",
            [before, cards.CONSUMER, CONSUMER],
        )
    ).fetchone()
    return bool(row and row["some"])


async def told(conn: Connection, post: Post) -> list[tuple[int, Draw]]:
    """Each draw that a post tells, as it stands now, with the revision that the post tells of it."""
    rows = await conn.execute(
        """SELECT post.revision, result.body FROM post
           JOIN draw ON (draw.lottery, draw.date, draw.label) = (post.lottery, post.date, post.label)
           JOIN result USING (seq)
           WHERE post.id = %s OR post.folded_into = %s ORDER BY draw.drawn_at DESC, post.lottery, post.label""",
        [post.id, post.id],
    )
    return [(row["revision"], msgspec.convert(row["body"], Draw)) async for row in rows]


async def told_of(conn: Connection, account: str, day: date) -> set[DrawKey]:
    """The draws of that day of which the account has a first post, in whatever state."""
    rows = await conn.execute(
        "SELECT lottery, date, label FROM post WHERE account = %s AND kind = 'create' AND date = %s", [account, day]
    )
    return {DrawKey(row["lottery"], row["date"], row["label"]) async for row in rows}


async def begun(conn: Connection, account: str, since: datetime, most: int) -> list[datetime]:
    """When the network was last called with each of the account's posts, those after that instant, newest first."""
    rows = await conn.execute(
        "SELECT tried_at FROM post WHERE account = %s AND tried_at > %s ORDER BY tried_at DESC LIMIT %s",
        [account, since, most],
    )
    return [row["tried_at"] async for row in rows]


async def fold(
    ledger: Ledger, carrier: Post, others: Sequence[Post], text: str, board: Sequence[Shown], fence: int, now: datetime
) -> Post | None:
    """Fixes what a digest tells and shows, and marks that the network is being called with it; returns its carrier.

    None, and nothing is done, when the account went to another worker or to rest, publishing was stopped, or one of the
    posts is not planned any more.
    """
    with suppress(_Moved):
        async with ledger.transaction() as conn:
            folded = await conn.execute(
                f"""UPDATE post SET state = 'folded', folded_into = %s
                    WHERE id = ANY(%s) AND state = 'planned' AND {_MINE}""",  # noqa: S608
                [carrier.id, [one.id for one in others], fence],
            )
            carries = await conn.execute(
                f"""UPDATE post SET state = 'sending', digest = %s, board = %s, attempts = attempts + 1, fence = %s,
                           tried_at = %s
                    WHERE id = %s AND state = 'planned' AND {_MINE} AND {_MAY}""",  # noqa: S608
                [text, Jsonb(wire.plain(tuple(board))), fence, now, carrier.id, fence],
            )
            if (folded.rowcount, carries.rowcount) != (len(others), 1):
                raise _Moved
            return await posts.first(conn, carrier.account, carrier.key)
    return None


class _Moved(Exception):
    """A post that was to be folded is not as it was seen: nothing of the digest is kept."""


async def unfold(conn: Connection, carrier: Post, fence: int, note: str, due_at: datetime) -> bool:
    """Plans again, from that instant on, all that a digest tells which surely did not go out."""
    done = await conn.execute(
        f"""UPDATE post SET state = 'planned', digest = NULL, board = '[]', folded_into = NULL, note = %s, due_at = %s
            WHERE (id = %s OR folded_into = %s) AND {_MINE}""",  # noqa: S608
        [storable(note)[:500], due_at, carrier.id, carrier.id, fence],
    )
    return done.rowcount > 0


async def begin(conn: Connection, post: Post, fence: int, now: datetime) -> bool:
    """Marks that the network is called from now on; False when the account went to another worker or to rest,
    publishing was stopped, or a person settled the post."""
    done = await conn.execute(
        f"""UPDATE post SET state = 'sending', attempts = attempts + 1, fence = %s, tried_at = %s
            WHERE id = %s AND {_AS_KNOWN} AND {_MINE} AND {_MAY}""",  # noqa: S608
        [fence, now, post.id, post.state, fence],
    )
    return done.rowcount == 1


async def sent(conn: Connection, post: Post, fence: int, remote_id: str, url: str | None, now: datetime) -> bool:
    """Marks that it stands there, and where."""
    done = await conn.execute(
        f"""UPDATE post SET state = 'sent', sent_at = %s, remote_id = %s, url = %s, note = ''
            WHERE id = %s AND {_AS_KNOWN} AND {_MINE}""",  # noqa: S608
        [now, remote_id, url, post.id, post.state, fence],
    )
    return done.rowcount == 1


async def put_back(conn: Connection, post: Post, fence: int, state: State, note: str, due_at: datetime) -> bool:
    """Marks any other outcome: try again from that instant, in doubt, failed, or held for a person."""
    done = await conn.execute(
        f"UPDATE post SET state = %s, note = %s, due_at = %s WHERE id = %s AND {_AS_KNOWN} AND {_MINE}",  # noqa: S608
        [state, storable(note)[:500], due_at, post.id, post.state, fence],
    )
    return done.rowcount == 1


async def abandoned(conn: Connection, account: str, fence: int, due_at: datetime) -> int:
    """Marks as unknown what an earlier holder of the account left in `sending`, to be settled from that instant on.

    Not sooner: what it sent with its last breath may take a moment to show. Says how many.
    """
    done = await conn.execute(
        """UPDATE post SET state = 'unknown', due_at = %s, note = 'The worker stopped while the network was called.'
           WHERE account = %s AND state = 'sending' AND fence < %s""",
        [due_at, account, fence],
    )
    return done.rowcount
