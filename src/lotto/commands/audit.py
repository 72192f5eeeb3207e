"""What all sources ever said, compared: every contradiction and every gap."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from lotto import catalogue
from lotto.audit import Audited, Kind, compare
from lotto.audit.pages import heard
from lotto.audit.text import lines, plain
from lotto.catalogue import Catalogue
from lotto.commands.arguments import Machine, day_of, lottery_of
from lotto.commands.terminal import out, print_json, progress
from lotto.draws.draw import Observation
from lotto.draws.lottery import Lottery
from lotto.house import House
from lotto.ledger import observed
from lotto.place import configured, looking
from lotto.settings import BadSetting
from lotto.told import Told

BESIDE = timedelta(days=15)
"""So far beyond the span is read: a draw of the span stands between its neighbours, and may have been moved."""


def audit(
    lotteries: Annotated[list[str] | None, typer.Argument(help="Ids of lotteries; all if none is named.")] = None,
    collection: Annotated[str | None, typer.Option(help="The id of a collection, for its lotteries.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="The first day, as 2022-05-10.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="The last day.")] = None,
    pages: Annotated[Path | None, typer.Option(help="Recorded pages with their pages.toml, not the ledger.")] = None,
    as_json: Machine = False,
) -> None:
    """Compares all that sources ever said; ends with 1 when they disagree or lack a draw. Changes nothing."""
    first, last = day_of(since) if since else date.min, day_of(until) if until else date.max
    if first > last:
        raise BadSetting(f"The span ends on {last}, before it begins on {first}.")
    if pages is not None:
        known = catalogue.load(configured().catalogue_dir)
        wanted = _wanted(known, lotteries or [], collection)
        with progress() as told:
            audited = _of_pages(known, wanted, pages, first, last, told)
    else:
        with looking(configured()) as place, progress() as told:
            house = place.house()
            wanted = _wanted(house.catalogue, lotteries or [], collection)
            audited = asyncio.run(_of_ledger(house, wanted, first, last, told))
    found = [one for one in audited if one.tally.draws or one.findings]
    print_json(plain(found)) if as_json else _print(found)
    if any(one.findings for one in found):
        raise typer.Exit(1)


def _wanted(known: Catalogue, names: Collection[str], collection: str | None) -> Mapping[str, Lottery]:
    """The lotteries to look at, by id."""
    if collection is not None and collection not in known.collections:
        raise BadSetting(f"There is no collection “{collection}”; the catalogue has {', '.join(known.collections)}.")
    ids = [*names, *(known.collections[collection].lotteries if collection else ())]
    return {name: lottery_of(known.lotteries, name) for name in ids} if ids else known.lotteries


def _of_pages(
    known: Catalogue, wanted: Mapping[str, Lottery], folder: Path, since: date, until: date, told: Told
) -> list[Audited]:
    said = heard(known, folder, wanted, told)
    audited = []
    for n, (name, lottery) in enumerate(wanted.items(), 1):
        # Each is let go of when it is compared: of years of pages there may be millions.
        audited.append(compare(lottery, said.pop(name, []), by_page=True, since=since, until=until))
        told("lotteries", n, len(wanted))
    return audited


async def _of_ledger(
    house: House, wanted: Mapping[str, Lottery], since: date, until: date, told: Told
) -> list[Audited]:
    first = since - BESIDE if since - date.min > BESIDE else date.min
    last = until + BESIDE if date.max - until > BESIDE else date.max
    audited: list[Audited] = []
    async with house.look("audit") as ledger, ledger.reading() as conn:
        for n, (name, lottery) in enumerate(wanted.items(), 1):
            said: list[Observation] = await observed.everything(conn, name, first, last)
            audited.append(compare(lottery, said, since=since, until=until))
            told("lotteries", n, len(wanted))
    return audited


def _print(audited: Sequence[Audited]) -> None:
    for one in audited:
        for finding in one.findings:
            for line in lines(finding):
                out.print(line, highlight=False, markup=False, soft_wrap=True)
    table = Table("Lottery", "Sources", "Draws", "Compared", "Agree", "Disagree", "Other", "Missing", box=None)
    # Of a lottery that one source alone tells, and nothing odd of, there is nothing to say.
    for one in (one for one in audited if one.tally.compared or one.findings):
        tally = one.tally
        gaps = [f"{source} {count}" for source, count in tally.gaps.items()]
        gaps += [f"nobody {tally.unseen}"] if tally.unseen else []
        table.add_row(
            one.lottery,
            str(len(tally.sources)),
            str(tally.draws),
            str(tally.compared),
            str(tally.agreeing),
            str(tally.disagreeing),
            str(sum(finding.kind in (Kind.RULE, Kind.OPEN) for finding in one.findings)),
            ", ".join(gaps) or "none",
        )
    if table.row_count:
        out.print(table)
    count = sum(len(one.findings) for one in audited)
    compared = sum(one.tally.compared for one in audited)
    draws = _count(sum(one.tally.draws for one in audited), "draw")
    said = _count(count, "finding") if count else "nothing is wrong"
    lotteries = _count(len(audited), "lottery", "lotteries")
    out.print(f"{draws} of {lotteries}, {compared} of them compared: {said}.", highlight=False)


def _count(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or f'{one}s'}"
