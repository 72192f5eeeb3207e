"""Our accounts: give them credentials, see how they stand, try them, rest and wake them."""

import asyncio
import getpass
import os
import sys
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from lotto import accounts
from lotto.commands.terminal import out
from lotto.place import configured, looking
from lotto.settings import BadSetting

ours = typer.Typer(help="Our accounts at networks.", no_args_is_help=True)


@ours.command("list")
def list_accounts() -> None:
    """The accounts of the accounts file, and whether they can post."""
    with looking(configured()) as place:
        found = asyncio.run(accounts.listed(place.house()))
    table = Table("Account", "Network", "Stands", box=None)
    for one in found:
        until = f", until {one.ends:%Y-%m-%d}" if one.ends else ""
        stands = f"rests: {one.resting}" if one.resting else one.lacks or f"can post{until}"
        table.add_row(one.name, one.network, escape(stands))
    out.print(table)


@ours.command("add")
def add_account(
    name: Annotated[str, typer.Argument(help="As in the accounts file.")],
    from_env: Annotated[
        bool, typer.Option("--from-env", help="Take them from LOTTO_<ACCOUNT>_<CREDENTIAL> in the environment.")
    ] = False,
) -> None:
    """Asks for the account's credentials, without showing them, and keeps them sealed; a pipe gives one a line."""
    with looking(configured()) as place:
        house = place.house()
        entry = house.accounts.entry(name)
        secrets = {
            credential: (_from_env(name, credential) if from_env else _secret(credential, sentence))
            for credential, sentence in entry.network.credentials.items()
        }
        said = asyncio.run(accounts.add(house, entry, secrets))
    out.print(said, highlight=False, markup=False)
    out.print("The credentials are kept; a publisher that runs takes them up within seconds.")


@ours.command("test")
def test_account(name: Annotated[str, typer.Argument(help="As in the accounts file.")]) -> None:
    """Asks the network whether the account's credentials work; posts nothing."""
    with looking(configured()) as place:
        house = place.house()
        said = asyncio.run(accounts.test(house, house.accounts.entry(name)))
    out.print(said, highlight=False, markup=False)


@ours.command("rest")
def rest_account(
    name: Annotated[str, typer.Argument(help="As in the accounts file.")],
    reason: Annotated[str, typer.Option(help="Why, for whoever looks at the list.")] = "put to rest by hand",
) -> None:
    """Puts the account to rest at once: it posts nothing, and its posts wait."""
    with looking(configured()) as place:
        house = place.house()
        asyncio.run(accounts.rest(house, house.accounts.entry(name), reason.strip() or "put to rest by hand"))
    out.print(f"{name} rests; `lotto account wake {name}` lets it post what waits.", highlight=False)


@ours.command("wake")
def wake_account(name: Annotated[str, typer.Argument(help="As in the accounts file.")]) -> None:
    """Lets the account post again, what waits first."""
    with looking(configured()) as place:
        house = place.house()
        asyncio.run(accounts.rest(house, house.accounts.entry(name), ""))
    out.print(f"{name} is awake.", highlight=False)


def _from_env(account: str, credential: str) -> str:
    variable = f"LOTTO_{account}_{credential}".upper().replace("-", "_")
    value = os.environ.get(variable, "").strip()
    if not value:
        raise BadSetting(f"{variable} is not set, and --from-env takes the {credential} from it.")
    return value


def _secret(credential: str, sentence: str) -> str:
    """One credential: typed unseen, or the next line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    out.print(sentence, highlight=False, markup=False)
    return getpass.getpass(f"{credential}: ").strip()
