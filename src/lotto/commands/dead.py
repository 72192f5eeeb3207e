"""Dead letters: events that a service gave up on, heard again when a person says so."""

import asyncio
from typing import Annotated

import msgspec
import typer
from rich.markup import escape
from rich.table import Column, Table

from lotto import wire
from lotto.commands.arguments import Machine
from lotto.commands.looked import looked
from lotto.commands.terminal import out, print_json
from lotto.house import House, wall_clock
from lotto.ledger import dead
from lotto.ledger.connection import LedgerError
from lotto.ledger.dead import DeadLetter
from lotto.place import configured, looking
from lotto.settings import BadSetting

letters = typer.Typer(help="Events that a service gave up on.", no_args_is_help=True)


@letters.command("list")
def list_dead(
    everyone: Annotated[bool, typer.Option("--all", help="Those that were replayed too.")] = False,
    as_json: Machine = False,
) -> None:
    """The dead letters that wait: which service gave up on what, and why."""
    found = looked(dead.listed if everyone else dead.waiting)
    if as_json:
        print_json([msgspec.to_builtins(one) | {"draw": _subject(one)} for one in found])
        return
    if not found:
        out.print("There are no dead letters.")
        return
    no_wrap = Column("Draw", no_wrap=True)
    replayed = ["Replayed"] if everyone else []
    table = Table("No.", "Service", no_wrap, "Tries", "Buried (UTC)", *replayed, "Why", box=None)
    for one in found:
        again = [f"{one.replayed_at:%Y-%m-%d %H:%M:%S}" if one.replayed_at else ""] if everyone else []
        table.add_row(
            str(one.id),
            one.consumer,
            _subject(one),
            str(one.deliveries),
            f"{one.buried_at:%Y-%m-%d %H:%M:%S}",
            *again,
            escape(one.reason),
        )
    out.print(table)


@letters.command("replay")
def replay_dead(
    number: Annotated[int | None, typer.Argument(help="From `lotto dead list`.")] = None,
    consumer: Annotated[str | None, typer.Option("--all", help="Instead: every letter of this service.")] = None,
) -> None:
    """Lets the service hear that event again."""
    if (number is None) == (consumer is None):
        raise BadSetting("Say which: the number of a letter, or --all with a service's name.")

    async def again(house: House) -> list[int]:
        async with house.look("dead") as ledger, ledger.transaction() as conn:
            if consumer is not None:
                return await dead.replay_all(conn, consumer, wall_clock())
            return [number] if number is not None and await dead.replay(conn, number, wall_clock()) else []

    with looking(configured()) as place:
        heard = asyncio.run(again(place.house()))
    if not heard:
        which = f"dead letter {number}" if consumer is None else f"dead letter of {consumer}"
        raise LedgerError(f"There is no {which} waiting; `lotto dead list` shows them.")
    if consumer is None:
        out.print(f"Letter {number} will be heard again.")
    else:
        out.print(f"{len(heard)} letters of {consumer} will be heard again.", highlight=False, markup=False)


def _subject(letter: DeadLetter) -> str:
    try:
        return str(wire.decode(letter.envelope.encode()).draw.key)
    except wire.Unreadable:
        return "unreadable"
