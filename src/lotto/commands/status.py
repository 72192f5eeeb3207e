"""How the house is, and what waits for whom."""

import asyncio

import msgspec
import psycopg
import typer
from rich.markup import escape
from rich.table import Table

from lotto.commands.arguments import Machine
from lotto.commands.posts import STATES
from lotto.commands.terminal import out, print_json
from lotto.place import at_home, configured
from lotto.report.figures import Report
from lotto.report.verdict import concerns, is_there, span, verdict
from lotto.watch.state import State


def status(as_json: Machine = False) -> None:
    """Tells how the house is and what waits for whom; ends with 1 when something needs a person. Changes nothing."""
    place = at_home(configured())
    try:
        report = asyncio.run(place.house().report(place.world()))
    except psycopg.OperationalError as error:
        why = " ".join(str(error).split())
        said = f"PostgreSQL cannot be reached: nothing is recorded, shown or sent until it is back. ({why})"
        print_json({"verdict": said, "concerns": [said]}) if as_json else out.print(said, highlight=False, markup=False)
        raise typer.Exit(1) from None
    needed = concerns(report)
    if as_json:
        print_json({"verdict": verdict(report), "concerns": needed, **msgspec.to_builtins(report)})
    else:
        _print_status(report, needed)
    if needed:
        raise typer.Exit(1)


def _print_status(report: Report, needed: list[str]) -> None:
    def say(*words: str) -> None:
        out.print(*words, highlight=False, markup=False)

    say(verdict(report))
    for further in needed[1:]:
        say(f"Also: {further}")
    say(f"\nLedger   schema {report.schema or 'none'}, {report.environment or 'unmarked'}")
    if report.schema != report.schema_wanted:
        return
    waiting = sum(one.waiting for one in report.outbox)
    since = f", the oldest for {span(max(one.oldest_seconds for one in report.outbox))}" if waiting else ""
    say(f"Queue    {'answers' if report.queue_away is None else 'is away'}")
    say(f"Relay    {'speaks' if report.speaker else 'is not there'}; {waiting} to be said{since}")
    given_up = ", ".join(f"{count} of {name}" for name, count in report.dead.items())
    say(f"Dead     {given_up or 'none'}")
    say(f"Held     {', '.join(report.held) or 'none'}\n")
    if report.groups:
        table = Table("Service", "Stream", "Unread", "In hand", "Oldest", "Last heard of", box=None)
        for one in report.groups:
            lag = "?" if one.lag is None else str(one.lag)
            heard = "never" if one.heard_seconds is None else "now" if is_there(one) else _ago(one.heard_seconds)
            table.add_row(one.group, one.stream, lag, str(one.pending), _age(one.oldest_seconds), heard)
        out.print(table, "")
    if report.accounts:
        table = Table("Account", "Worker", *(state.capitalize() for state in STATES), "Oldest open", "Rests", box=None)
        for account in report.accounts:
            own = {some.state: some for some in report.posts if some.account == account.name}
            open_ = [own[state].oldest_seconds for state in STATES if state in own and state not in ("sent", "failed")]
            works = account.lease_seconds is not None and account.lease_seconds > 0
            table.add_row(
                escape(account.name),
                escape(account.worker or "none") + ("" if works or not account.worker else " (gone)"),
                *(str(own[state].count) if state in own else "0" for state in STATES),
                _age(max(open_, default=None)),
                escape(account.resting) or "no",
            )
        out.print(table, "")
    if report.subscribers:
        table = Table("Account", "Subscribers", "Asked, not confirmed yet", box=None)
        for some in report.subscribers:
            table.add_row(escape(some.account), str(some.told), str(some.asked))
        out.print(table, "")
    table = Table("Source", "State", "Last read", "Last asked", "Outcome", box=None)
    for source in report.sources:
        if source.state is not State.RESTING:
            ago = (_ago(source.read_seconds), _ago(source.asked_seconds))
            table.add_row(source.name, source.state.value, *ago, source.outcome or "")
    out.print(table)


def _ago(seconds: float | None) -> str:
    return "never" if seconds is None else f"{span(seconds)} ago"


def _age(seconds: float | None) -> str:
    return "" if seconds is None else span(seconds)
