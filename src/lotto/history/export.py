"""Exporting: the published draws of some lotteries and days, as they stand at one moment, into one file."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from lotto.history.files import written
from lotto.ledger import queries
from lotto.ledger.connection import Connection
from lotto.lines import form
from lotto.lines.form import Format
from lotto.lines.line import line_of
from lotto.told import Told


async def export(
    conn: Connection, lotteries: Sequence[str], since: date, until: date, how: Format, path: Path, told: Told
) -> int:
    """Writes every published draw, lottery by lottery, oldest first; says how many. Raises BadExport."""
    count = 0
    with written(path) as file:
        writer = form.opened(how, file)
        async for draw in queries.all_published(conn, lotteries, since, until):
            writer.add(line_of(draw))
            count += 1
            if count % 1000 == 0:
                told("draws", count, 0)
        writer.close()
    return count
