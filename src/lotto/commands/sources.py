"""What the sources are up to: a table of all, or the whole of one."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer
from rich.markup import escape
from rich.table import Table

from lotto.commands.arguments import Machine
from lotto.commands.terminal import out, print_json
from lotto.draws.lottery import Lottery
from lotto.house import House
from lotto.ledger import fetches, schema
from lotto.ledger.connection import LedgerError
from lotto.ledger.fetches import Fetch
from lotto.place import at_home, configured
from lotto.report.verdict import span
from lotto.settings import BadSetting
from lotto.watch.look import Look, Outlook
from lotto.watch.state import Standing, State

LAST = 10
"""So many of its last asks are told of one source."""


def sources(
    name: Annotated[str | None, typer.Argument(help="A source; without one, all of them.")] = None,
    trouble: Annotated[bool, typer.Option("--trouble", help="Only those that are not well, nor resting.")] = False,
    as_json: Machine = False,
) -> None:
    """Tells what each source is up to, since when and why, and when it is asked next. Changes nothing."""

    async def looked(house: House, now: datetime) -> tuple[Look, list[Fetch]]:
        async with house.look("desk").glance() as conn:
            if misfit := await schema.misfit(conn):
                raise LedgerError(misfit)
            found = await house.sources_now(conn, now, name)
            return found, await fetches.last(conn, name, LAST) if name else []

    place = at_home(configured())
    house = place.house()
    if name is not None and name not in house.sources:
        raise BadSetting(f"There is no source “{name}”; the sources are {', '.join(sorted(house.sources))}.")
    now = place.world()
    found, last = asyncio.run(looked(house, now))
    if name is not None and not found.sources:
        raise BadSetting(f"The source “{name}” is not in the practice world of this ledger.")
    shown = [one for one in found.sources if not trouble or one.worst.state not in (State.WELL, State.RESTING)]
    if as_json:
        print_json({"at": now, "sources": [_plain(one) for one in shown], "lotteries": found.lotteries, "last": last})
    elif name is not None:
        _print_one(found.sources[0], house, last, now)
    else:
        _print_all(shown, found.lotteries, now)


def _print_all(shown: Sequence[Outlook], lotteries: Sequence[Standing], now: datetime) -> None:
    table = Table("Source", "State", "For", "Next ask", "Why", box=None)
    for one in shown:
        worst = one.worst
        more = len(one.standings) - 1
        also = f" (and {more} more)" if more else ""
        state = f"{worst.state}{also}"
        table.add_row(one.source.name, state, _for(worst.since, now), _until(one.next_at, now), escape(worst.why))
    out.print(table)
    counted = {state: sum(one.worst.state is state for one in shown) for state in State}
    told = ", ".join(f"{count} {state}" for state, count in counted.items() if count)
    out.print(f"\n{len(shown)} sources: {told or 'none'}.", highlight=False)
    for late in lotteries:
        out.print(f"{late.lottery} is {late.state}: {late.why}", highlight=False, markup=False)


def _print_one(one: Outlook, house: House, last: list[Fetch], now: datetime) -> None:
    def say(*words: str) -> None:
        out.print(*words, highlight=False, markup=False)

    facts = house.sources[one.source.name]
    kind = "official" if facts.official else "not official"
    say(f"{one.source.name}: {facts.publisher} ({kind}, origin {facts.origin}), {facts.home}")
    for standing in one.standings:
        since = f" for {_for(standing.since, now)}" if standing.since else ""
        about = f" with {standing.lottery}" if standing.lottery else ""
        say(f"It is {standing.state}{about}{since}: {standing.why}")
    say(f"Asked for one name at most every {span(facts.pace)}; next ask {_until(one.next_at, now) or 'none'}.\n")
    lotteries: list[Lottery] = [lot for lot in house.catalogue.lotteries.values() if facts.name in lot.sources]
    table = Table("Name", "Lottery", "Last asked", "Outcome", "In vain", "Next ask", box=None)
    for lottery in lotteries:
        for name, label in lottery.sources[facts.name].items():
            went, due = one.asked.get(name), one.next.get(name)
            table.add_row(
                escape(name),
                "/".join(filter(None, (lottery.id, label))),
                f"{_for(went.asked_at, now)} ago" if went else "never",
                (went.outcome or "") if went else "",
                str(went.failures) if went else "",
                _until(due.at, now) if due else "",
            )
    out.print(table, "")
    table = Table("Asked at (UTC)", "Outcome", "Status", "Address", "Note", box=None)
    for fetch in last:
        at = f"{fetch.asked_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        table.add_row(at, fetch.outcome, str(fetch.status or ""), escape(fetch.url), escape(fetch.note))
    out.print(table if last else "It was never asked.")


def _plain(one: Outlook) -> dict[str, object]:
    return {
        "source": one.source.name,
        "state": one.worst.state,
        "since": one.worst.since,
        "why": one.worst.why,
        "standings": msgspec.to_builtins(one.standings, builtin_types=(datetime,)),
        "asked": one.asked,
        "next": one.next,
        "next_at": one.next_at,
    }


def _for(since: datetime | None, now: datetime) -> str:
    return "" if since is None else span(max(0.0, (now - since).total_seconds()))


def _until(at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    seconds = (at - now).total_seconds()
    return f"in {span(seconds)}" if seconds >= 0 else f"due for {span(-seconds)}"
