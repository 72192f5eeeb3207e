"""Exports: published draws as a file that is written while it is taken, all of one moment and never whole in memory."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import date
from typing import BinaryIO, cast

from fastapi import HTTPException

from lotto.ledger import queries
from lotto.ledger.connection import Ledger
from lotto.lines import form
from lotto.lines.errors import BadExport
from lotto.lines.form import Format, Writer
from lotto.lines.line import line_of
from lotto.lines.sluice import Sluice

AT_ONCE = 4
"""Exports under way in one process: each holds a connection, and a transaction, for as long as its reader takes."""

BATCH = 500
"""Draws that are written in one go."""

LATER = "30"
"""Seconds until who came too many may ask again."""


class Exports:
    """The exports of one process. They have connections of their own: pages are read as if there were none."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._under_way = 0

    async def begin(self, lotteries: Sequence[str], since: date, until: date, how: Format) -> AsyncGenerator[bytes]:
        """The file, piece by piece. Raises a 429 where too many are under way, a 404 for a form we cannot write, and
        psycopg.OperationalError when the ledger is away.

        A 404 and no 501: that this house has no Parquet is nothing that went wrong, and asking again does not help.
        """
        sluice = Sluice()
        try:
            # Opening the first Parquet reads a large library from the disk.
            writer = await asyncio.to_thread(form.opened, how, cast("BinaryIO", sluice))
        except BadExport as error:
            raise HTTPException(404, f"This house writes no such file. {error}") from None
        if self._under_way >= AT_ONCE:
            raise HTTPException(
                429, f"{AT_ONCE} exports are under way here: ask again in {LATER} seconds.", {"Retry-After": LATER}
            )
        pieces = self._pieces(lotteries, since, until, writer, sluice)
        await anext(pieces)
        return pieces

    async def _pieces(
        self, lotteries: Sequence[str], since: date, until: date, writer: Writer, sluice: Sluice
    ) -> AsyncGenerator[bytes]:
        """The file in pieces, after a first one that is empty: then it has its connection and counts as under way."""
        self._under_way += 1
        try:
            async with (
                self._ledger.alone() as conn,
                aclosing(queries.all_published(conn, lotteries, since, until)) as draws,
            ):
                yield b""
                batch = []
                async for draw in draws:
                    batch.append(line_of(draw))
                    if len(batch) == BATCH:
                        await asyncio.to_thread(writer.add_all, batch)
                        batch = []
                        if sluice.held:
                            yield sluice.take()
                await asyncio.to_thread(writer.add_all, batch)
            await asyncio.to_thread(writer.close)
            yield sluice.take()
        finally:
            self._under_way -= 1
