"""What needs a person, and whether who is to be told of it can be."""

import asyncio

import msgspec
import typer
from rich.markup import escape
from rich.table import Table

from lotto.alerts.service import trial
from lotto.alerts.target import NotDelivered, Target
from lotto.commands.arguments import Machine
from lotto.commands.looked import looked
from lotto.commands.terminal import out, print_json
from lotto.house import House, following, told, wall_clock
from lotto.ledger import alerts as ledger
from lotto.ledger.alerts import Alert, Undelivered
from lotto.ledger.connection import Connection
from lotto.place import configured
from lotto.sentence import clean
from lotto.settings import BadSetting

open_alerts = typer.Typer(help="What needs a person, and who is told of it.")


@open_alerts.callback(invoke_without_command=True)
def list_alerts(context: typer.Context, as_json: Machine = False) -> None:
    """What needs a person now, since when, and when it was told; and what has not reached whom."""
    if context.invoked_subcommand is not None:
        return

    async def asked(conn: Connection) -> tuple[list[Alert], list[Undelivered]]:
        return await ledger.standing(conn), await ledger.undelivered(conn)

    open_, waiting = looked(asked)
    if as_json:
        print_json({"open": msgspec.to_builtins(open_), "undelivered": msgspec.to_builtins(waiting)})
        return
    if not open_:
        out.print("Nothing is open.")
    else:
        table = Table("What", "Since (UTC)", "Told (UTC)", box=None)
        for one in open_:
            when = f"{one.told_at:%Y-%m-%d %H:%M}" if one.told_at else "not yet"
            table.add_row(escape(clean(one.words)), f"{one.since:%Y-%m-%d %H:%M}", when)
        out.print(table)
    for late in waiting:
        why = f" {clean(late.note)}" if late.note else ""
        many = "1 message has" if late.count == 1 else f"{late.count} messages have"
        out.print(f"{many} not reached {late.target} yet.{why}", highlight=False, markup=False)


@open_alerts.command("test")
def test_alerts() -> None:
    """Sends a test to everybody who is to be told, and says how it went."""
    settings = configured()
    if not settings.alerts:
        raise BadSetting("LOTTO_ALERTS is not set: there is nobody to tell.")
    house = House(settings, database_url="", redis_url="", practice=following(settings))

    async def tried(target: Target) -> str:
        try:
            await target.bring(trial(settings.address, house.environment, wall_clock()))
        except NotDelivered as error:
            return clean(str(error))
        return ""

    async def try_all() -> list[tuple[str, str]]:
        async with house.networks_door(house.environment) as door:
            found = told(settings, door)
            return [(one.name, how) for one, how in zip(found, await asyncio.gather(*map(tried, found)), strict=True)]

    went = asyncio.run(try_all())
    for name, why in went:
        mark, words = ("[red]✗[/]", why) if why else ("[green]✓[/]", "took it")
        out.print(mark, escape(f"{name}: {words}"), highlight=False)
    if any(why for _, why in went):
        raise typer.Exit(1)
