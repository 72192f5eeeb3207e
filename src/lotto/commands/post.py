"""What would go out of a draw: text, count, picture and words of each account, and nothing goes out."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from lotto.commands.arguments import Machine, key_of, lottery_of
from lotto.commands.terminal import out, print_json
from lotto.place import configured, looking
from lotto.rehearsal import Rehearsed, rehearse
from lotto.settings import BadSetting


def post(
    draw: Annotated[
        str | None,
        typer.Argument(help="LOTTERY/DATE or LOTTERY/DATE/LABEL; without it the newest that each account tells."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go out, and send nothing.")] = False,
    account: Annotated[str | None, typer.Option(help="Only at this account.")] = None,
    folder: Annotated[Path | None, typer.Option("--out", help="A folder that the pictures are written into.")] = None,
    as_json: Machine = False,
) -> None:
    """Shows exactly what would go out at each account: its text and how the network counts it, picture, alt text."""
    if not dry_run:
        raise BadSetting("The publisher sends what is to be sent, once; say --dry-run to see what that would be.")
    key = key_of(draw) if draw else None
    with looking(configured()) as place:
        house = place.house()
        if key is not None:
            lottery_of(house.catalogue.lotteries, key.lottery)
        entries = [house.accounts.entry(account)] if account else house.accounts.entries()
        found = asyncio.run(rehearse(house, entries, key, place.world()))
    if key is not None and all(one.draw is None for one in found):
        raise BadSetting(f"The ledger has no published result of {key}.")
    files = {one.account: _write(folder, one) for one in found if folder and one.picture is not None}
    if as_json:
        print_json([_plain(one, files.get(one.account)) for one in found])
        return
    for one in found:
        _print(one, files.get(one.account))


def _write(folder: Path, one: Rehearsed) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{one.account}.{one.suffix}"
    file.write_bytes(one.picture or b"")
    return file


def _print(one: Rehearsed, file: Path | None) -> None:
    def say(words: str = "") -> None:
        out.print(words, highlight=False, markup=False)

    if one.draw is None:
        say(f"{one.account} ({one.network}): there is no result that it would tell.\n")
        return
    say(f"{one.account} ({one.network}), {one.draw.key}: {one.length} of {one.longest} as {one.network} counts")
    for line in one.text.splitlines():
        say(f"  | {line}")
    if one.picture is not None:
        width, height = one.size
        where = f", written to {file}" if file else ""
        say(f"  Picture: {width} × {height}, {len(one.picture) / 1000:.0f} kB{where}")
        say(f"  Alt text: {one.alt}")
    for note in one.notes:
        say(f"  Note: {note}")
    say()


def _plain(one: Rehearsed, file: Path | None) -> dict[str, Any]:
    picture = None
    if one.picture is not None:
        width, height = one.size
        picture = {"width": width, "height": height, "bytes": len(one.picture), "file": str(file) if file else None}
    return {
        "account": one.account,
        "network": one.network,
        "draw": str(one.draw.key) if one.draw else None,
        "text": one.text,
        "length": one.length,
        "longest": one.longest,
        "picture": picture,
        "alt": one.alt,
        "notes": list(one.notes),
    }
