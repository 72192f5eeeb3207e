"""The past: what sources still show, what was recorded or exported, and files of it for anyone."""

import asyncio
import gc
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lotto.captures import captures
from lotto.commands.arguments import day_of, lottery_of
from lotto.commands.terminal import out, progress
from lotto.history.export import export
from lotto.history.intake import Intake, Taken
from lotto.house import House
from lotto.lines.errors import BadExport
from lotto.place import configured, looking
from lotto.settings import BadSetting
from lotto.told import Told

Each = Annotated[list[str] | None, typer.Option("--lottery", help="The id of a lottery; may be given again.")]
Collected = Annotated[str | None, typer.Option(help="The id of a collection, for its lotteries.")]


class Form(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def take_in(
    what: Annotated[Path, typer.Argument(help="A folder of recorded pages, or a .jsonl or .csv of an export.")],
    again: Annotated[bool, typer.Option("--again", help="Read also what was imported before.")] = False,
) -> None:
    """Loads recorded pages, or what `lotto export` wrote elsewhere; nobody is told. Twice is as good as once."""
    if not what.exists():
        raise BadExport(f"There is no {what}.")
    recorded = captures(what) if what.is_dir() else None

    async def taken(house: House, told: Told) -> Taken:
        async with house.ledger("import") as ledger:
            intake = Intake(ledger, house.store(), house.catalogue, house.sources, told, house.world(), again=again)
            return await (intake.export(what) if recorded is None else intake.pages(recorded))

    with looking(configured()) as place, progress() as told:
        house = place.house()
        house.prepare()
        gc.freeze()  # as a house that runs does
        found = asyncio.run(taken(house, told))
    _tell(found, "page" if recorded is not None else "batch of lines")
    if found.failed:
        raise typer.Exit(1)


def _tell(found: Taken, piece: str) -> None:
    """What an import came to; what was left out is told, and goes to standard error."""
    out.print(f"{found.pieces} × one {piece}; {found.before} of them were here before.", highlight=False)
    out.print(f"{found.said} times a source spoke of a draw of ours; {found.changed} draws stand differently now.")
    if found.others:
        print(f"{found.others} draws are of lotteries that the catalogue does not know.", file=sys.stderr)
    for name, count in sorted(found.strangers.items()):
        print(f"{count} times {name!r} spoke, which is no source of this house: left out.", file=sys.stderr)
    for words in found.failed:
        print(f"not read: {words}", file=sys.stderr)


def give_out(
    lottery: Each = None,
    collection: Collected = None,
    since: Annotated[str | None, typer.Option("--from", help="The first day, as 2022-05-10.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="The last day.")] = None,
    form: Annotated[Form, typer.Option("--format", help="How it is written.")] = Form.JSONL,
    to: Annotated[Path | None, typer.Option("--out", help="The file to write.")] = None,
    mirror: Annotated[Path | None, typer.Option(help="A folder, for files as the API answers.")] = None,
) -> None:
    """Writes published draws into one file, or what the API answers as files that any host can serve."""
    first, last = day_of(since) if since else date.min, day_of(until) if until else date.max
    if first > last:
        raise BadSetting(f"The span ends on {last}, before it begins on {first}.")
    if (to is None) == (mirror is None):
        raise BadSetting("Say where to: --out FILE for one file, or --mirror FOLDER for a static mirror.")
    if mirror is not None and (since or until):
        raise BadSetting("A mirror holds all days: leave --from and --to away.")

    with looking(configured()) as place, progress() as told:
        house = place.house()
        wanted = _wanted(house, lottery or [], collection)
        if mirror is not None:
            done = asyncio.run(_mirrored(house, mirror, wanted, told))
        else:
            done = asyncio.run(_exported(house, wanted, (first, last), form, to or Path(), told))
    out.print(done, highlight=False, markup=False)


async def _exported(house: House, wanted: list[str], days: tuple[date, date], form: Form, to: Path, told: Told) -> str:
    async with house.look("export") as ledger, ledger.reading() as conn:
        count = await export(conn, wanted, *days, form.value, to, told)
    return f"{to}: {count} draws."


async def _mirrored(house: House, folder: Path, wanted: list[str], told: Told) -> str:
    from lotto.history.mirror import Mirror  # with it comes all of the API

    async with house.look("export") as ledger, ledger.reading() as conn:
        done = await Mirror(folder, house.catalogue, house.views(), house.world()).write(conn, wanted, told)
    return f"{folder}: {done.files} files, {done.written} written now, {done.removed} taken away."


def _wanted(house: House, lotteries: list[str], collection: str | None) -> list[str]:
    """The lotteries that are named or in the collection; all where none is."""
    known = house.catalogue
    for name in lotteries:
        lottery_of(known.lotteries, name)
    if collection is None:
        return lotteries or list(known.lotteries)
    if collection not in known.collections:
        raise BadSetting(f"There is no collection “{collection}”; there are {', '.join(known.collections)}.")
    return list(dict.fromkeys([*lotteries, *known.collections[collection].lotteries]))
