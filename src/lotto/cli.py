"""The command line: one command a purpose, every error a sentence."""

import sys

import typer

from lotto.commands import (
    account,
    alerts,
    audit,
    backup,
    capture,
    card,
    cards,
    check,
    dead,
    doctor,
    draw,
    history,
    key,
    mcp,
    new,
    pages,
    post,
    posts,
    publish,
    running,
    sources,
    statistics,
    status,
    verify,
    webhook,
)
from lotto.commands.errors import SPEAKABLE

app = typer.Typer(
    help="Lottery results: from the draw to every screen in seconds; never wrong, never lost, never twice.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(running.run_demo)
app.command("up")(running.up)
app.command("run")(running.run)
app.command("migrate")(running.migrate)
app.command("read")(pages.read_pages)
app.command("scrape")(pages.scrape)
app.command("backfill")(pages.backfill)
app.command("capture")(capture.capture)
app.command("prove")(capture.prove)
app.add_typer(new.beginnings, name="new")
app.command("import")(history.take_in)
app.command("export")(history.give_out)
app.command("card")(card.card)
app.add_typer(cards.workshop, name="cards")
app.command("check")(check.check)
app.command("statistics")(statistics.figures)
app.command("recount")(statistics.recount)
app.command("show")(draw.show)
app.command("hold")(draw.hold)
app.command("approve")(draw.approve)
app.command("correct")(draw.correct)
app.command("void")(draw.void)
app.command("verify")(verify.prove)
app.command("audit")(audit.audit)
app.command("backup")(backup.save_ledger)
app.command("restore")(backup.load_ledger)
app.command("doctor")(doctor.see_doctor)
app.command("sources")(sources.sources)
app.command("status")(status.status)
app.add_typer(posts.plates, name="posts")
app.command("post")(post.post)
app.add_typer(publish.wire, name="publish")
app.add_typer(dead.letters, name="dead")
app.add_typer(account.ours, name="account")
app.add_typer(key.given, name="key")
app.command("mcp")(mcp.speak)
app.add_typer(webhook.told, name="webhook")
app.add_typer(alerts.open_alerts, name="alerts")


def main() -> None:
    """Runs the command line; what goes wrong is told in one sentence, without a traceback."""
    try:
        app()
    except SPEAKABLE as error:
        print(f"lotto: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(1)
