"""Pictures drawn of draws: their rows, and the event that tells of them, in one transaction."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.types.json import Jsonb

from lotto import wire
from lotto.draws.draw import DrawKey
from lotto.events import Card, Event, Type
from lotto.ledger import inbox, outbox
from lotto.ledger.connection import Connection, Ledger

CONSUMER = "imaker"


async def drawn(conn: Connection, event: Event) -> bool:
    """Whether the cards of this result were made already."""
    return await inbox.has(conn, CONSUMER, event.id)


async def ready(ledger: Ledger, event: Event, cards: Sequence[Card], now: datetime) -> bool:
    """Keeps every card of a result and leaves `image_ready` to be said; False when that was done before."""
    async with ledger.transaction() as conn:
        if not await inbox.take(conn, CONSUMER, event.id, now):
            return False
        key, draw = event.draw.key, event.draw
        async with conn.cursor() as cursor:
            await cursor.executemany(
                """INSERT INTO card (lottery, date, label, revision, format, lang, look, update, body, drawn_at)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
                   ON CONFLICT (lottery, date, label, revision, format, lang, look) DO UPDATE
                   SET update = excluded.update, body = excluded.body, drawn_at = excluded.drawn_at
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
                    ]
                    for card in cards
                ],
            )
        await outbox.say(conn, Event(Type.IMAGE_READY, draw, now, cards=tuple(cards), cause=event.id))
    return True


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
