"""Pictures drawn of draws: their rows, and the event that tells of them, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from psycopg.types.json import Jsonb

from lotto import wire
from lotto.draws.draw import Draw, DrawKey
from lotto.events import Card, Event, Type
from lotto.ledger import inbox, outbox
from lotto.ledger.connection import Connection, Ledger

CONSUMER = "imaker"


@dataclass(frozen=True)
class Kept:
    """A card that is kept, as far as drawing it anew asks for."""

    key: DrawKey
    revision: int
    format: str
    lang: str
    look: str
    media: str


async def drawn(conn: Connection, event: Event) -> bool:
    """Whether the cards of this result were made already."""
    return await inbox.has(conn, CONSUMER, event.id)


async def ready(
    ledger: Ledger, event: Event, cards: Sequence[Card], now: datetime, versions: Mapping[str, str] | None = None
) -> bool:
    """Keeps every card of a result and leaves `image_ready` to be said; False when that was done before.

    `versions` are those of the looks that they are drawn in.
    """
    async with ledger.transaction() as conn:
        if not await inbox.take(conn, CONSUMER, event.id, now):
            return False
        await _keep(conn, event.draw, cards, versions or {}, now)
        await outbox.say(conn, Event(Type.IMAGE_READY, event.draw, now, cards=tuple(cards), cause=event.id))
    return True


async def outdated(
    conn: Connection,
    versions: Mapping[str, str],
    lotteries: Sequence[str],
    days: tuple[date, date],
    look: str | None = None,
) -> list[Kept]:
    """The cards shown of these lotteries and days that another version of their look drew, or a look without one.

    They come draw by draw, the oldest of each lottery first; with a look only those that are kept in it.
    """
    rows = await conn.execute(
        """SELECT card.lottery, card.date, card.label, card.revision, format, lang, look,
                  card.body->>'media' AS media
           FROM card JOIN draw USING (lottery, date, label) JOIN result USING (seq)
           WHERE result.revision = card.revision AND card.lottery = ANY(%s) AND card.date BETWEEN %s AND %s
             AND look = coalesce(%s, look) AND version IS DISTINCT FROM %s::jsonb->>look
           ORDER BY card.lottery, card.date, card.label, format, lang, look""",
        [list(lotteries), *days, look, Jsonb(dict(versions))],
    )
    return [
        Kept(
            DrawKey(row["lottery"], row["date"], row["label"]),
            *(row[name] for name in ("revision", "format", "lang", "look", "media")),
        )
        async for row in rows
    ]


async def redrawn(
    ledger: Ledger, draw: Draw, cards: Sequence[Card], old: Sequence[Kept], versions: Mapping[str, str], now: datetime
) -> None:
    """Puts cards in the place of old ones of the same draw and revision; nobody is told."""
    key = draw.key
    async with ledger.transaction() as conn:
        async with conn.cursor() as cursor:
            await cursor.executemany(
                """DELETE FROM card WHERE lottery = %s AND date = %s AND label = %s AND revision = %s
                   AND format = %s AND lang = %s AND look = %s""",
                [[key.lottery, key.date, key.label, draw.revision, one.format, one.lang, one.look] for one in old],
            )
        await _keep(conn, draw, cards, versions, now)


async def _keep(
    conn: Connection, draw: Draw, cards: Sequence[Card], versions: Mapping[str, str], now: datetime
) -> None:
    key = draw.key
    async with conn.cursor() as cursor:
        await cursor.executemany(
            """INSERT INTO card
                   (lottery, date, label, revision, format, lang, look, update, body, drawn_at, version)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
               ON CONFLICT (lottery, date, label, revision, format, lang, look) DO UPDATE
               SET update = excluded.update, body = excluded.body, drawn_at = excluded.drawn_at,
                   version = excluded.version
               WHERE card.update <= excluded.update""",
            [
                [
                    key.lottery,
                    key.date,
                    key.label,
                    draw.revision,
                    card.format,
                    card.lang,
                    card.look,
                    draw.update,
                    Jsonb(wire.plain(card)),
                    now,
                    versions.get(card.look, ""),
                ]
                for card in cards
            ],
        )


async def passed(ledger: Ledger, event: Event, now: datetime) -> None:
    """Notes that this event asks for no cards."""
    async with ledger.transaction() as conn:
        await inbox.take(conn, CONSUMER, event.id, now)


async def failed(conn: Connection, event: Event, reason: str, now: datetime) -> None:
    """Leaves `image_failed` to be said: this result will have no cards until a person looks."""
    await outbox.say(conn, Event(Type.IMAGE_FAILED, event.draw, now, reason=reason, cause=event.id))


async def of(conn: Connection, keys: Sequence[DrawKey]) -> dict[DrawKey, list[Card]]:
    """The cards of these draws, of the newest revision that has any; none while they show values since corrected.

    Of each format and language one, in the look that most cards of the draw have: an account may have another than the
    site's.
    """
    rows = await conn.execute(
        """SELECT DISTINCT ON (card.lottery, card.date, card.label, card.format, card.lang)
                  card.lottery, card.date, card.label, card.body
           FROM unnest(%s::text[], %s::date[], %s::text[]) AS wanted (lottery, date, label)
           JOIN LATERAL (
               SELECT *, rank() OVER (ORDER BY revision DESC) AS age,
                      count(*) OVER (PARTITION BY revision, look) AS alike
               FROM card
               WHERE card.lottery = wanted.lottery AND card.date = wanted.date AND card.label = wanted.label
           ) AS card ON card.age = 1
           WHERE NOT EXISTS (SELECT FROM draw JOIN result USING (seq)
                             WHERE draw.lottery = wanted.lottery AND draw.date = wanted.date
                               AND draw.label = wanted.label AND result.revision > card.revision)
           ORDER BY card.lottery, card.date, card.label, card.format, card.lang, card.alike DESC, card.look""",
        [[key.lottery for key in keys], [key.date for key in keys], [key.label for key in keys]],
    )
    found: dict[DrawKey, list[Card]] = {}
    async for row in rows:
        key = DrawKey(row["lottery"], row["date"], row["label"])
        found.setdefault(key, []).append(msgspec.convert(row["body"], Card))
    return found


async def forget_missing(conn: Connection, before: datetime) -> list[outbox.Letter]:
    """Results that imaker has heard, and of which no answer was left, neither ready nor failed: to be heard anew.

    Rows are only ever lost by a hand or by an old backup; then the picture is drawn again.
    """
    rows = await conn.execute(
        """DELETE FROM inbox USING outbox AS said
           WHERE inbox.event_id = said.event_id AND inbox.consumer = %s AND inbox.heard_at < %s
             AND said.type IN ('new_result', 'result_corrected', 'result_voided')
             AND NOT EXISTS (SELECT FROM outbox AS answer
                             WHERE answer.lottery = said.lottery AND answer.date = said.date
                               AND answer.label = said.label AND answer.revision = said.revision
                               AND answer.type IN ('image_ready', 'image_failed'))
           RETURNING said.event_id, said.stream, said.lottery, said.date, said.label, said.envelope::text AS envelope,
                     said.entry_id""",
        [CONSUMER, before],
    )
    return [outbox.letter(row) async for row in rows]
