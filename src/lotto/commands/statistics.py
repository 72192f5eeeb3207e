"""What was drawn how often, and the proof that it was counted right."""

import asyncio
from datetime import date
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from lotto import catalogue
from lotto.commands.arguments import Machine, day_of, lottery_of
from lotto.commands.looked import looked
from lotto.commands.terminal import out, print_json
from lotto.draws import matrix
from lotto.draws.draw import Value
from lotto.draws.lottery import Lottery
from lotto.draws.matrix import BadSpan
from lotto.draws.statistics import INDEPENDENT, Count, PoolStatistics, Statistics, Uniformity, statistics
from lotto.draws.tally import Tally
from lotto.house import House
from lotto.ledger import tallies
from lotto.ledger.connection import Connection, LedgerError
from lotto.place import configured, looking
from lotto.settings import BadSetting

SHOWN = 5
"""Pairs that are told."""


def figures(
    lottery: Annotated[str, typer.Argument(help="The lottery's id.")],
    since: Annotated[str, typer.Option("--from", help="The first day, as 2024-11-02.")] = "",
    until: Annotated[str, typer.Option("--to", help="The last day, that day included.")] = "",
    as_json: Machine = False,
) -> None:
    """Tells what was drawn how often, beside what fair draws give; without days, from today's pools."""
    known = lottery_of(catalogue.load(configured().catalogue_dir).lotteries, lottery)
    try:
        drum, first, last = matrix.span(known, day_of(since) if since else None, day_of(until) if until else None)
    except BadSpan as error:
        raise BadSetting(str(error)) from None

    async def counted(conn: Connection) -> Tally:
        return await tallies.of_span(conn, known, drum, first, last)

    found = statistics(drum, looked(counted))
    if as_json:
        from lotto.api import views  # with it comes all of the API

        print_json(views.statistics(known, first, last, found).model_dump(mode="json"))
        return
    _print(known, found)


def recount(
    lotteries: Annotated[list[str] | None, typer.Argument(help="Ids of lotteries; without any, all of them.")] = None,
) -> None:
    """Counts the draws of every month from the beginning, and says whether what was kept is the same."""
    settings = configured()
    every = catalogue.load(settings.catalogue_dir).lotteries
    wanted = [lottery_of(every, name) for name in lotteries] if lotteries else list(every.values())

    async def counted(house: House) -> tuple[int, int, int, list[str]]:
        months = draws = new = 0
        wrong: list[str] = []
        async with house.look("recount") as ledger:
            for lottery in wanted:
                async for one in tallies.recount(ledger, lottery):
                    months, draws, new = months + 1, draws + one.draws, new + (not one.was_kept)
                    if one.was_kept and not one.agrees:
                        wrong.append(f"{lottery.id} {one.month:%Y-%m}")
        return months, draws, new, wrong

    with looking(settings) as place:
        months, draws, new, wrong = asyncio.run(counted(place.house()))
    out.print(f"{draws} draws of {months} months counted; {new} months had not been counted yet.", highlight=False)
    if wrong:
        raise LedgerError(f"The figures kept were wrong for {', '.join(wrong[:20])}; they are right now.")
    out.print("What was kept is the same.", highlight=False)


def _print(lottery: Lottery, found: Statistics) -> None:
    def say(words: str) -> None:
        out.print(words, highlight=False, markup=False)

    days = f", {found.first_on} to {found.last_on}" if found.draws else ""
    say(f"{lottery.name}: {found.draws} draws{days}.")
    for one in found.pools:
        say(f"\n{one.pool.title or one.pool.name}")
        if one.why:
            say(one.why)
        if one.values:
            _print_values(one)
        if one.uniformity:
            say(_uniform(one.uniformity))
        for place in one.places:
            table = Table("Value", "Count", "Expected", "", box=None)
            for value, times in place.values:
                table.add_row(_named(one, value), str(times.count), _expected(times), _outside(times))
            say(f"\nPlace {place.place}: {_uniform(place.uniformity)}")
            out.print(table)
        for title, pairs in (("most", one.together[:SHOWN]), ("least", one.apart[:SHOWN])):
            if pairs:
                told = ", ".join(f"{_pair(one, pair.values)} ({pair.times.count})" for pair in pairs)
                say(f"Together {title} often: {told}; {_expected(pairs[0].times)} expected.")
        if one.sums and one.sums.mean is not None and one.sums.deviation is not None:
            say(
                f"Sum: {one.sums.mean:.1f} on average, deviation {one.sums.deviation:.1f}; expected "
                f"{one.sums.expected_mean:.1f} and {one.sums.expected_deviation:.1f}."
            )
        for title, shares in (("Odd values", one.odd), (f"Values up to {one.low_to}", one.low)):
            if shares:
                told = ", ".join(f"{n}: {share.count} ({share.expected:.0f})" for n, share in enumerate(shares))
                say(f"{title}, draws with so many (expected): {told}.")
    say(f"\n{INDEPENDENT}")


def _print_values(one: PoolStatistics) -> None:
    table = Table("Value", "Count", "Expected", "", "Since", "Longest without", "Last", box=None)
    for some in one.values:
        table.add_row(
            _named(one, some.value),
            str(some.times.count),
            _expected(some.times),
            _outside(some.times),
            "" if some.since is None else str(some.since),
            str(some.longest),
            _day(some.last_on),
        )
    out.print(table)


def _named(one: PoolStatistics, value: Value) -> str:
    return escape(f"{value} {one.pool.called(value)}".strip())


def _pair(one: PoolStatistics, values: tuple[Value, Value]) -> str:
    return "–".join(f"{value} {one.pool.called(value)}".strip() for value in values)


def _expected(one: Count) -> str:
    if one.expected is None:
        return ""
    return f"{one.expected:.1f} ({one.low} to {one.high})"


def _outside(one: Count) -> str:
    return "outside" if one.is_outside else ""


def _uniform(one: Uniformity) -> str:
    if one.p is None:
        return one.why
    return f"Chi-square {one.chi_square:.1f} of {one.degrees} degrees; fair draws are as uneven with p = {one.p:.3f}."


def _day(on: date | None) -> str:
    return "" if on is None else on.isoformat()
