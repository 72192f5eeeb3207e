"""What a player's lines won."""

from datetime import date
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from lotto import catalogue
from lotto.commands.arguments import day_of, lottery_of
from lotto.commands.looked import looked
from lotto.commands.terminal import out
from lotto.draws import checking, line
from lotto.draws.checking import BadLine
from lotto.draws.draw import Draw
from lotto.ledger import queries
from lotto.ledger.connection import Connection
from lotto.place import configured
from lotto.settings import BadSetting
from lotto.words import speak

MOST = 100_000
"""Draws that are looked at in one go: all of any game but the quickest kenos."""


def check(
    lottery: Annotated[str, typer.Argument(help="The lottery's id.")],
    values: Annotated[
        list[str], typer.Argument(help="A line, a + between its pools: 10 45 48 58 61 + 2; several each in quotes.")
    ],
    since: Annotated[str, typer.Option("--from", help="The first day, as 2024-11-02; else the first there is.")] = "",
    until: Annotated[str, typer.Option("--to", help="The last day; else the last there is.")] = "",
) -> None:
    """Tells what lines won in every draw of a span, each by the rules of its day; more values are a system."""
    known = lottery_of(catalogue.load(configured().catalogue_dir).lotteries, lottery)
    first, last = day_of(since) if since else date.min, day_of(until) if until else date.max
    lines = values if any(" " in one.strip() for one in values) else [" ".join(values)]

    async def drawn(conn: Connection) -> list[Draw]:
        return await queries.published(conn, known.id, first, last, MOST)

    try:
        texts = [line.texts(known.eras[-1], one) for one in lines]
        checked = checking.check(known, texts, looked(drawn))
    except BadLine as error:
        raise BadSetting(str(error)) from None
    if checked.found:
        words = speak("en")
        table = Table("Draw", "Line", "Tier", "Lines", "Each", box=None)
        for one in checked.found:
            paid = words.money(one.prize) if one.prize else ""
            draw = str(one.draw.key).partition("/")[2]
            table.add_row(draw, lines[one.line], escape(one.win.tier.name), str(one.win.lines), paid)
        out.print(table, "")
    out.print(f"{checked.draws} draws looked at; {len({one.draw.key for one in checked.found})} won.", highlight=False)
    if checked.unplayable:
        out.print(f"{checked.unplayable} of them were held by rules that took no such line.", highlight=False)
