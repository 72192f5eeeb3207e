"""When a draw's steps were first made: seen, decided, card, posted. Nothing of what was only loaded from the past."""

from collections.abc import Mapping, Sequence
from typing import Any

from lotto.draws.draw import DrawKey
from lotto.draws.steps import Step, Steps
from lotto.ledger.connection import Connection


async def of_draw(conn: Connection, key: DrawKey) -> Steps | None:
    """The steps of that draw; None when it was never told to anyone as news."""
    row = await (
        await conn.execute(
            _STEPS.format(draws="SELECT * FROM draw WHERE lottery = %s AND date = %s AND label = %s"),
            [key.lottery, key.date, key.label],
        )
    ).fetchone()
    return _steps(row) if row else None


async def newest(conn: Connection, lottery: str, most: int) -> list[Steps]:
    """The steps of a lottery's newest draws, so many at the most: of those among them that were told as news."""
    rows = await conn.execute(
        _STEPS.format(
            draws="SELECT * FROM draw WHERE lottery = %s ORDER BY date DESC, drawn_at DESC, label DESC LIMIT %s"
        ),
        [lottery, most],
    )
    return [_steps(row) async for row in rows]


async def newest_of_each(conn: Connection, lotteries: Sequence[str], most: int) -> list[Steps]:
    """The same of several lotteries, of each so many draws at the most."""
    rows = await conn.execute(
        _STEPS.format(
            draws="""SELECT newest.* FROM unnest(%s::text[]) AS asked (lottery) CROSS JOIN LATERAL (
                SELECT * FROM draw WHERE draw.lottery = asked.lottery
                ORDER BY date DESC, drawn_at DESC, label DESC LIMIT %s
            ) AS newest"""
        ),
        [list(lotteries), most],
    )
    return [_steps(row) async for row in rows]


# A card may be drawn and a post edited again and again; an event stays as it was first said.
_STEPS = """
SELECT draw.lottery, draw.date, draw.label, draw.drawn_at AS drawn, first.seen, first.decided,
       (SELECT min(created_at) FROM outbox
        WHERE outbox.lottery = draw.lottery AND outbox.date = draw.date AND outbox.label = draw.label
          AND outbox.type = 'image_ready') AS card,
       (SELECT min(sent_at) FROM post
        WHERE post.lottery = draw.lottery AND post.date = draw.date AND post.label = draw.label
          AND post.kind = 'create' AND post.state = 'sent') AS posted
FROM ({draws}) AS draw
CROSS JOIN LATERAL (
    SELECT (body->>'observed_at')::timestamptz AS seen, (body->>'decided_at')::timestamptz AS decided FROM result
    WHERE result.lottery = draw.lottery AND result.date = draw.date AND result.label = draw.label AND revision > 0
    ORDER BY revision, update LIMIT 1
) AS first
WHERE draw.told ORDER BY draw.date DESC, draw.drawn_at DESC, draw.label DESC
"""


def _steps(row: Mapping[str, Any]) -> Steps:
    key = DrawKey(row["lottery"], row["date"], row["label"])
    return Steps(key, {step: row[step.value] for step in Step if row[step.value] is not None})
