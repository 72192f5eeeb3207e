"""Posts: planned once, sent once, and never silently in doubt.

planned → sending → sent; a crash or a lost answer in `sending` makes `unknown`, which is settled by the network's own
guard or by looking, or else held for a person. Every outcome is written under the account's fence, and only over the
state its writer knew: what a person settles meanwhile stays settled.

A digest is carried by the first post of its newest draw, in the place of that post's own words; the first posts of its
other draws are `folded` into that one and stand or fall with it. What a digest tells and shows is fixed when it goes to
`sending`; if it surely did not go out, all of it is planned again. What is sent and what comes of it is in
`lotto.ledger.sending`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid5

import msgspec
from psycopg.types.json import Jsonb

from lotto import wire
from lotto.draws.draw import DrawKey
from lotto.events import NAMESPACE, Card, Event
from lotto.ledger import accounts, inbox, restored
from lotto.ledger.connection import Connection, Ledger

CONSUMER = "publisher"
Kind = Literal["create", "edit", "follow_up", "remove"]
State = Literal["planned", "sending", "sent", "unknown", "failed", "held", "folded"]


class Overtaken(Exception):
    """Another worker planned the first post of an older revision meanwhile: work the event off again."""


@dataclass(frozen=True)
class Shown:
    """A picture as a post shows it."""

    card: Card
    url: str
    """Its public address."""


@dataclass(frozen=True)
class Post:
    """One thing to publish, or published, at one account."""

    id: UUID
    account: str
    network: str
    key: DrawKey
    revision: int
    kind: Kind
    state: State
    text: str
    image: str | None
    """Key of the picture in the store."""
    alt: str
    answers: UUID | None
    """The post this one edits, follows up or removes."""
    attempts: int
    planned_at: datetime
    due_at: datetime
    """When it is to be sent or looked at."""
    sent_at: datetime | None = None
    remote_id: str | None = None
    url: str | None = None
    note: str = ""
    event_id: UUID | None = None
    """The event that told of the result; None for what was planned before this was kept."""
    card: Card | None = None
    """What was known of the picture when the post was planned."""
    card_url: str = ""
    """The picture's public address then."""
    further: Sequence[Shown] = ()
    """Of a digest: the pictures behind the first one, where it fills several."""
    tells: int = 1
    """How many results it tells: more than one when it carries a digest."""
    folded_into: UUID | None = None
    """The post whose digest tells this one's draw; where that stands, this one does."""
    carrier: DrawKey | None = None
    """The draw of the post it is folded into."""

    @property
    def in_digest(self) -> bool:
        """Whether its draw is told by a digest, its own or another's."""
        return self.tells > 1 or self.folded_into is not None


@dataclass(frozen=True)
class Tally:
    """How many posts of one account are in one state."""

    account: str
    state: State
    count: int
    planned_at: datetime
    """When the oldest of them was planned."""
    due_at: datetime
    """When the most overdue of them is to be sent or looked at."""


@dataclass(frozen=True)
class Plan:
    """What an account is to publish of an event."""

    account: str
    network: str
    kind: Kind
    text: str
    card: Card | None = None
    card_url: str = ""
    answers: UUID | None = None
    open_since: datetime | None = None
    """From when on its draw could be known to anybody."""
    due_at: datetime | None = None
    """When it is to be told; None: at once."""
    refused: str = ""
    """Why it cannot be told there at all, a sentence: it is kept as failed. Empty when it can."""
    lag: timedelta = timedelta()
    """How long the network may take to show a post, to whoever looks whether it went out in another life."""


def post_id(account: str, key: DrawKey, revision: int, kind: Kind, answers: UUID | None = None) -> UUID:
    """The fixed key of a post: a first post is one per account and draw, a removal one per revision and post that it
    takes away, the rest one per revision and kind."""
    name = f"post|{account}|{key}|{kind}" + ("" if kind == "create" else f"|{revision}")
    return uuid5(NAMESPACE, f"{name}|{answers}" if kind == "remove" else name)


async def plan(ledger: Ledger, event: Event, plans: list[Plan], now: datetime) -> bool:
    """Keeps what is to be published of this event, once; False when that was done before. Raises Overtaken.

    What may have gone out before this ledger was restored starts in doubt, for the network's guard to settle.
    """
    async with ledger.transaction() as conn:
        if not await inbox.take(conn, CONSUMER, event.id, now):
            return False
        key, revision = event.draw.key, event.draw.revision
        for one in plans:
            await accounts.enrol(conn, one.account, one.network)
            doubt = one.open_since is not None and await restored.leaves_in_doubt(conn, one.open_since)
            kept = await conn.execute(
                """INSERT INTO post (id, environment, account, network, lottery, date, label, revision, kind, state,
                                     text, image, alt, card, card_url, answers, due_at, planned_at, event_id, note)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
                   ON CONFLICT DO NOTHING""",
                [
                    post_id(one.account, key, revision, one.kind, one.answers),
                    ledger.environment,
                    one.account,
                    one.network,
                    key.lottery,
                    key.date,
                    key.label,
                    revision,
                    one.kind,
                    "failed" if one.refused else "unknown" if doubt else "planned",
                    one.text,
                    one.card.key if one.card else None,
                    one.card.alt if one.card else "",
                    Jsonb(wire.plain(one.card)) if one.card else None,
                    one.card_url,
                    one.answers,
                    now + one.lag if doubt else one.due_at or now,
                    now,
                    event.cause or event.id,
                    one.refused[:500],
                ],
            )
            if one.kind == "create" and not kept.rowcount:
                earlier = await first(conn, one.account, key)
                if earlier is not None and earlier.revision < revision:
                    raise Overtaken(f"{one.account} has a first post of {key} already, of revision {earlier.revision}.")
    return True


async def planned_before(conn: Connection, event_id: UUID) -> bool:
    """Whether this event was worked off already."""
    return await inbox.has(conn, CONSUMER, event_id)


async def first(conn: Connection, account: str, key: DrawKey) -> Post | None:
    """The first post of that draw at that account, in whatever state."""
    row = await (
        await conn.execute(
            f"""SELECT {COLUMNS} FROM {POSTS} WHERE post.account = %s AND post.lottery = %s AND post.date = %s
                AND post.label = %s AND post.kind = 'create'""",  # noqa: S608
            [account, key.lottery, key.date, key.label],
        )
    ).fetchone()
    return read(row) if row else None


async def standing(conn: Connection, account: str, key: DrawKey) -> list[Post]:
    """The posts of that draw at that account that stand there or may come to, oldest first.

    Not what only edits one, nor what surely never went out, nor what was or is being taken away.
    """
    rows = await conn.execute(
        f"""SELECT {COLUMNS} FROM {POSTS} WHERE post.account = %s AND post.lottery = %s AND post.date = %s
            AND post.label = %s AND post.kind IN ('create', 'follow_up') AND post.state <> 'failed'
            AND NOT {_TAKEN} ORDER BY post.planned_at, post.kind, post.id""",  # noqa: S608
        [account, key.lottery, key.date, key.label],
    )
    return [read(row) async for row in rows]


async def taken(conn: Connection, post_id: UUID) -> bool:
    """Whether that post was taken away from its network."""
    row = await (
        await conn.execute(
            """SELECT EXISTS (SELECT FROM post WHERE answers = %s AND kind = 'remove' AND state = 'sent') AS gone""",
            [post_id],
        )
    ).fetchone()
    return bool(row and row["gone"])


async def listed(
    conn: Connection,
    most: int,
    before: tuple[datetime, UUID] | None = None,
    *,
    account: str | None = None,
    states: Collection[State] = (),
) -> list[Post]:
    """Posts, newest first; `before` is the (planned_at, id) the previous page ended with.

    Of that account alone if one is named, and in one of these states if any are.
    """
    asked = {
        "(planned_at, id) < (%(at)s, %(last)s)": before,
        "account = %(account)s": account,
        "state = wanted.state": states,
    }
    tests = " AND ".join(["true", *(test for test, given in asked.items() if given)])
    newest = f"SELECT id FROM post WHERE {tests} ORDER BY planned_at DESC, id DESC LIMIT %(most)s"  # noqa: S608
    if states:  # each state is gone through by itself: few posts may be in one, and many in the others
        newest = f"SELECT id FROM unnest(%(states)s::text[]) AS wanted (state) CROSS JOIN LATERAL ({newest}) AS one"  # noqa: S608
    at, last = before or (None, None)
    rows = await conn.execute(
        f"""SELECT {COLUMNS} FROM {POSTS} WHERE post.id IN ({newest})
            ORDER BY post.planned_at DESC, post.id DESC LIMIT %(most)s""",  # noqa: S608
        {"at": at, "last": last, "most": most, "account": account, "states": list(dict.fromkeys(states))},
    )
    return [read(row) async for row in rows]


async def of(conn: Connection, post_id: UUID) -> Post:
    """That post, which must be there."""
    row = await (
        await conn.execute(f"SELECT {COLUMNS} FROM {POSTS} WHERE post.id = %s", [post_id])  # noqa: S608
    ).fetchone()
    if row is None:
        raise LookupError(f"There is no post {post_id}.")
    return read(row)


async def beginning_with(conn: Connection, prefix: str, most: int = 2) -> list[UUID]:
    """The posts whose id begins so, up to so many of them."""
    rows = await conn.execute(
        "SELECT id FROM post WHERE starts_with(id::text, %s) ORDER BY id LIMIT %s", [prefix.lower(), most]
    )
    return [row["id"] async for row in rows]


async def tallies(conn: Connection) -> list[Tally]:
    """How many posts each account has in each state."""
    rows = await conn.execute(
        """SELECT account, state, count(*) AS count, min(planned_at) AS planned_at, min(due_at) AS due_at
           FROM post GROUP BY account, state ORDER BY account, state"""
    )
    return [Tally(**row) async for row in rows]


async def refused(conn: Connection) -> list[Post]:
    """The newest post of each account where that failed and it was no person who gave it up."""
    rows = await conn.execute(
        f"""SELECT {COLUMNS} FROM {POSTS} JOIN (
                SELECT DISTINCT ON (account) account, id, state FROM post WHERE state IN ('sent', 'failed')
                ORDER BY account, planned_at DESC, id DESC) AS newest ON newest.id = post.id
            WHERE newest.state = 'failed' AND post.attempts > 0
              AND NOT EXISTS (SELECT FROM draw JOIN result USING (seq)
                              WHERE draw.status = 'void' AND (draw.lottery, draw.date, draw.label)
                                    = (post.lottery, post.date, post.label) AND result.revision > post.revision)
              AND NOT EXISTS (SELECT FROM decision WHERE decision.subject = 'post/' || post.id)
            ORDER BY post.account"""  # noqa: S608
    )
    return [read(row) async for row in rows]


POSTS = "post LEFT JOIN post AS carrier ON carrier.id = post.folded_into"
COLUMNS = """post.id, post.account, post.network, post.lottery, post.date, post.label, post.revision, post.kind,
              post.state, coalesce(post.digest, post.text) AS text, CASE WHEN post.digest IS NULL THEN post.image
              ELSE post.board->0->'card'->>'key' END AS image, CASE WHEN post.digest IS NULL THEN post.alt
              ELSE coalesce(post.board->0->'card'->>'alt', '') END AS alt, post.answers, post.attempts,
              post.planned_at, post.due_at, coalesce(carrier.sent_at, post.sent_at) AS sent_at,
              coalesce(carrier.remote_id, post.remote_id) AS remote_id, coalesce(carrier.url, post.url) AS url,
              post.note, post.event_id, CASE WHEN post.digest IS NULL THEN post.card
              ELSE post.board->0->'card' END AS card, CASE WHEN post.digest IS NULL THEN post.card_url
              ELSE coalesce(post.board->0->>'url', '') END AS card_url, post.board - 0 AS further,
              1 + (SELECT count(*) FROM post AS other WHERE other.folded_into = post.id) AS tells,
              post.folded_into, carrier.lottery AS carrier_lottery, carrier.date AS carrier_date,
              carrier.label AS carrier_label"""
_TAKEN = """EXISTS (SELECT FROM post AS taking
                        WHERE taking.answers = post.id AND taking.kind = 'remove' AND taking.state <> 'failed')"""


def read(row: Mapping[str, Any]) -> Post:
    """A post, of a row of `POSTS` that has its `COLUMNS`."""
    carrier = row["carrier_lottery"]
    return Post(
        key=DrawKey(row["lottery"], row["date"], row["label"]),
        card=msgspec.convert(row["card"], Card) if row["card"] else None,
        further=msgspec.convert(row["further"], tuple[Shown, ...]),
        carrier=DrawKey(carrier, row["carrier_date"], row["carrier_label"]) if carrier else None,
        **{name: row[name] for name in _PLAIN},
    )


_PLAIN = [field.name for field in fields(Post) if field.name not in ("key", "card", "further", "carrier")]
"""The columns that a post has under their own names."""
