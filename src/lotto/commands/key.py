"""Keys of those who read the API: made, listed, revoked."""

import asyncio
import re
from typing import Annotated

import typer
from rich.table import Table

from lotto.api.keys import make
from lotto.commands.terminal import out
from lotto.house import wall_clock
from lotto.ledger import keys, webhooks
from lotto.ledger.connection import LedgerError
from lotto.ledger.keys import Key
from lotto.place import configured, looking
from lotto.settings import BadSetting

given = typer.Typer(help="Keys of those who use the API: they lift its limits.", no_args_is_help=True)

NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}")

Name = Annotated[str, typer.Argument(help="Whose it is: small letters, digits, - _ and .")]


@given.command("add")
def add_key(
    name: Name,
    scope: Annotated[
        list[str], typer.Option(help="What it is for: read, check (lifts their limits), webhooks; may be repeated.")
    ] = [  # noqa: B006
        "read"
    ],
    per_minute: Annotated[int, typer.Option(min=1, max=1_000_000, help="Questions a minute in each scope.")] = 6_000,
) -> None:
    """Makes a key and shows it, this once: only its hash is kept."""
    if not NAME.fullmatch(name):
        raise BadSetting(f"“{name[:60]}” is no name for a key: it has small letters, digits, - _ and ., at most 60.")
    from lotto.api.limits import POLICIES  # with it comes all of the API

    if unknown := [one for one in scope if one not in POLICIES]:
        raise BadSetting(f"There is no scope “{unknown[0]}”; there are {', '.join(POLICIES)}.")
    made = make()
    key = Key(name, made.hint, list(dict.fromkeys(scope)), per_minute, wall_clock())

    async def kept() -> bool:
        async with place.house().look("key") as ledger, ledger.reading() as conn:
            return await keys.add(conn, key, made.hash)

    with looking(configured()) as place:
        if not asyncio.run(kept()):
            raise LedgerError(f"There is a key of {name}, or was one: give this one another name.")
    out.print(made.key, highlight=False, markup=False, soft_wrap=True)
    out.print("It is shown this once. It goes into the header `Authorization: Bearer lotto_…`.", highlight=False)


@given.command("list")
def list_keys() -> None:
    """Every key there is or was, and what it lifts."""

    async def found() -> list[Key]:
        async with place.house().look("key") as ledger, ledger.reading() as conn:
            return await keys.listed(conn)

    with looking(configured()) as place:
        table = Table("Name", "Begins", "Lifts", "A minute", "Made", "Stands", box=None)
        for one in asyncio.run(found()):
            stands = f"revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else "in force"
            lifts = ", ".join(one.scopes)
            table.add_row(one.name, one.hint, lifts, str(one.per_minute), f"{one.made_at:%Y-%m-%d}", stands)
    out.print(table)


@given.command("revoke")
def revoke_key(name: Name) -> None:
    """Takes a key out of force for ever, and its webhooks rest; within a minute no process takes it any more."""

    async def done() -> bool:
        async with place.house().look("key") as ledger, ledger.transaction() as conn:
            now = wall_clock()
            await webhooks.rest_all_of(conn, name, "Its key was revoked.", now)
            return await keys.revoke(conn, name, now)

    with looking(configured()) as place:
        if not asyncio.run(done()):
            raise LedgerError(f"There is no key of {name[:60]} in force; `lotto key list` shows them all.")
    out.print(f"The key of {name} is revoked.", highlight=False, markup=False)
