"""What sources said, as the ledger keeps it: the body of an observation row, and all rows of one lottery."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from lotto.draws.draw import DrawKey, Money, Observation, Prize, Seen
from lotto.ledger.connection import Connection


class Said(msgspec.Struct):
    """The body of an observation row."""

    numbers: Seen
    drawn: Seen | None = None
    serial: str | None = None
    jackpot: Money | None = None
    prizes: tuple[Prize, ...] = ()
    objections: tuple[str, ...] = ()
    origin: str = ""
    official: bool = False
    drawn_at: datetime | None = None


_said = msgspec.json.Decoder(Said)


def observation(key: DrawKey, row: Mapping[str, Any]) -> Observation:
    """The observation of that draw that a row keeps: its source, page, parser, observed_at and body (or its text)."""
    body = row["body"]
    said = _said.decode(body) if isinstance(body, str) else msgspec.convert(body, Said)
    return Observation(
        key,
        row["source"],
        said.origin,
        said.official,
        said.numbers,
        row["observed_at"],
        row["page"],
        row["parser"],
        said.drawn,
        said.serial,
        said.jackpot,
        said.prizes,
        said.objections,
        said.drawn_at,
    )


async def everything(conn: Connection, lottery: str, since: date, until: date) -> list[Observation]:
    """All that any source ever said of that lottery's draws of these local days, both included, as it was said."""
    rows = await conn.execute(
        """SELECT date, label, source, page, parser, observed_at, body FROM observation
           WHERE lottery = %s AND date BETWEEN %s AND %s ORDER BY id""",
        [lottery, since, until],
    )
    return [observation(DrawKey(lottery, row["date"], row["label"]), row) async for row in rows]
