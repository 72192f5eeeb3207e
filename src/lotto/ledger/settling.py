"""A person's word on a post in doubt: it stands there, it does not, or it is given up."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from lotto.ledger import decisions, posts
from lotto.ledger.connection import Connection, LedgerError
from lotto.ledger.decisions import Decision
from lotto.ledger.posts import Post, State
from lotto.ledger.text import storable

Verdict = Literal["sent", "not_sent", "drop"]

BECOMES: Final[dict[Verdict, State]] = {"sent": "sent", "not_sent": "planned", "drop": "failed"}


async def settle(
    conn: Connection, post_id: UUID, verdict: Verdict, *, by: str, reason: str, url: str | None, now: datetime
) -> Post:
    """Settles a post that is `unknown` or `held`, or that a dead worker left in `sending`; returns it as it is now.

    Call it in a transaction: the decision is kept with it. The publisher writes an outcome only over the state it
    knew, so a look-back under way at this moment changes nothing that was decided. Raises LedgerError with a
    sentence when there is nothing to settle.
    """
    row = await (
        await conn.execute(
            """SELECT state, url, note, account, holder.worker, holder.lease_until > %s AS held
               FROM post JOIN account AS holder ON holder.name = post.account
               WHERE post.id = %s FOR UPDATE OF post""",
            [now, post_id],
        )
    ).fetchone()
    if row is None:
        raise LedgerError(f"There is no post {post_id}; `lotto posts` shows them.")
    state = row["state"]
    if state == "sending" and row["worker"] and row["held"]:
        raise LedgerError(
            f"Post {post_id} is being sent by worker {row['worker']} at this moment: wait for what comes of it."
        )
    if state not in ("unknown", "held", "sending"):
        raise LedgerError(f"Post {post_id} is {state}: only what is unknown or held is settled by a person.")
    after = BECOMES[verdict]
    note = f"{by}: {reason}" if reason else f"Settled by {by}."
    await conn.execute(
        """UPDATE post SET state = %(state)s, note = %(note)s, due_at = %(now)s, url = coalesce(%(url)s, url),
                  sent_at = CASE WHEN %(state)s = 'sent' THEN %(now)s ELSE sent_at END,
                  attempts = CASE WHEN %(state)s = 'planned' THEN 0 ELSE attempts END
           WHERE id = %(id)s""",
        {"state": after, "note": storable(note)[:500], "now": now, "url": url and storable(url), "id": post_id},
    )
    before = {"state": state, "url": row["url"], "note": row["note"]}
    settled = await posts.of(conn, post_id)
    await decisions.keep(
        conn,
        Decision(
            now,
            by,
            verdict,
            reason,
            f"post/{post_id}",
            before,
            {"state": settled.state, "url": settled.url, "note": settled.note},
        ),
    )
    return settled
