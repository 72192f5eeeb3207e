"""Draws with all that is shown of each, asked by one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from lotto.draws.draw import Draw, DrawKey
from lotto.events import Card
from lotto.ledger.connection import Connection
from lotto.ledger.queries import Link


@dataclass(frozen=True)
class Detail:
    """A draw as it stands, its history, its cards and its neighbours."""

    draw: Draw
    history: Sequence[Link]
    """Everything we ever held of it, oldest first."""
    cards: Sequence[Card]
    """Of the newest revision that has any; none while they show values since corrected."""
    before: DrawKey | None
    """The draw of the same lottery just before."""
    after: DrawKey | None
    """The one just after."""


async def of(conn: Connection, keys: Sequence[DrawKey]) -> dict[DrawKey, Detail]:
    """Those of these draws of which anything is known."""
    asked = [[key.lottery for key in keys], [key.date for key in keys], [key.label for key in keys]]
    found = [_detail(row) async for row in await conn.execute(_DETAIL, asked)]
    return {one.draw.key: one for one in found}


def _detail(row: Mapping[str, Any]) -> Detail:
    links = _links.decode(row["history"])
    before, after = (
        DrawKey(row["lottery"], row[f"{side}_date"], row[f"{side}_label"]) if row[f"{side}_date"] else None
        for side in ("before", "after")
    )
    return Detail(
        draw=next(draw for seq, draw, _, _ in links if seq == row["seq"]),
        history=[Link(draw, own, previous) for _, draw, own, previous in links],
        cards=_cards.decode(row["cards"]) if row["cards"] else (),
        before=before,
        after=after,
    )


_links = msgspec.json.Decoder(list[tuple[int, Draw, str, str]])
_cards = msgspec.json.Decoder(list[Card])

_DETAIL = """
SELECT this.lottery, this.seq, before.date AS before_date, before.label AS before_label,
       after.date AS after_date, after.label AS after_label,
       (SELECT json_agg(json_build_array(seq, body, hash, previous_hash) ORDER BY seq)::text FROM result
        WHERE result.lottery = this.lottery AND result.date = this.date AND result.label = this.label) AS history,
       (SELECT json_agg(card.body ORDER BY card.format, card.lang, card.look)::text
        FROM (SELECT *, rank() OVER (ORDER BY revision DESC) AS age FROM card
              WHERE card.lottery = this.lottery AND card.date = this.date AND card.label = this.label) AS card
        WHERE card.age = 1 AND card.revision >= (SELECT revision FROM result WHERE result.seq = this.seq)) AS cards
FROM unnest(%s::text[], %s::date[], %s::text[]) AS wanted (lottery, date, label)
JOIN draw AS this USING (lottery, date, label)
LEFT JOIN LATERAL (
    SELECT date, label FROM draw
    WHERE draw.lottery = this.lottery AND (draw.date, drawn_at, draw.label) < (this.date, this.drawn_at, this.label)
    ORDER BY draw.date DESC, drawn_at DESC, draw.label DESC LIMIT 1) AS before ON true
LEFT JOIN LATERAL (
    SELECT date, label FROM draw
    WHERE draw.lottery = this.lottery AND (draw.date, drawn_at, draw.label) > (this.date, this.drawn_at, this.label)
    ORDER BY draw.date, drawn_at, draw.label LIMIT 1) AS after ON true
"""
