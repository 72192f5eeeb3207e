"""Publishing as a whole: stop all that goes out, and start it again."""

import asyncio
from typing import Annotated

import typer

from lotto.commands.arguments import By, named
from lotto.commands.looked import looked
from lotto.commands.terminal import out
from lotto.house import House, wall_clock
from lotto.ledger import publishing, switch
from lotto.place import configured, looking
from lotto.settings import BadSetting

wire = typer.Typer(help="Stop all that goes out, and start it again.", invoke_without_command=True)

Reason = Annotated[str, typer.Option(help="Why: it is kept with the decision.")]


@wire.callback()
def tell(context: typer.Context) -> None:
    """Says whether anything goes out, and else who stopped it, when and why."""
    if context.invoked_subcommand is None:
        stop = looked(publishing.stopped)
        since = f"is stopped by {stop.by} since {stop.at:%Y-%m-%d %H:%M} UTC: {stop.reason}" if stop else ""
        out.print(f"Publishing {since or 'goes on.'}", highlight=False, markup=False)


@wire.command()
def stop(reason: Reason, by: By = None) -> None:
    """From this moment on nothing is sent: no post, webhook, letter or push. All of it waits."""
    name = _throw(on=False, by=by, reason=reason)
    _say(f"Publishing is stopped by {name}. `lotto publish start` lets out what waits.")


@wire.command()
def start(reason: Reason, by: By = None) -> None:
    """Lets out what waits, and all that comes."""
    _say(f"Publishing goes on, by the word of {_throw(on=True, by=by, reason=reason)}.")


def _throw(*, on: bool, by: str | None, reason: str) -> str:
    name = named(by)
    if not reason.strip():
        raise BadSetting("--reason wants words: they are kept with the decision.")

    async def thrown(house: House) -> None:
        async with house.look("desk") as ledger, ledger.transaction() as conn:
            await switch.throw(conn, on=on, by=name, reason=reason.strip(), now=wall_clock())

    with looking(configured()) as place:
        asyncio.run(thrown(place.house()))
    return name


def _say(words: str) -> None:
    out.print(words, highlight=False, markup=False)
