"""A draw: how it stands and why, and a person's word on it."""

import asyncio
from functools import partial
from typing import Annotated, Any

import msgspec
import typer
from rich.markup import escape
from rich.table import Column, Table

from lotto.commands.arguments import By, Machine, key_of, lottery_of, named
from lotto.commands.looked import looked
from lotto.commands.terminal import out, print_json
from lotto.draws import ruling
from lotto.draws.draw import Act, Draw, Seen
from lotto.draws.verdict import spell
from lotto.house import House
from lotto.ledger import decisions, queries
from lotto.ledger.connection import Connection
from lotto.ledger.decisions import Decision
from lotto.ledger.queries import Link
from lotto.ledger.record import Change
from lotto.ledger.ruling import Choose, rule
from lotto.place import Place, configured, looking
from lotto.settings import BadSetting
from lotto.watch.asks import is_news

WHEN = "%Y-%m-%d %H:%M:%S"

SHORT = 12
"""Characters of a hash that are shown; `--json` has all of them."""

Name = Annotated[str, typer.Argument(metavar="DRAW", help="LOTTERY/DATE or LOTTERY/DATE/LABEL.")]
Reason = Annotated[str, typer.Option(help="Why: what you saw, and where. It is published.")]


def hold(draw: Name, reason: Reason, by: By = None) -> None:
    """Holds a draw back, whatever sources say; published numbers stay shown, and nothing of it is posted."""
    _decide(draw, Act.HOLD, by, reason)


def approve(
    draw: Name,
    reason: Reason,
    source: Annotated[str | None, typer.Option(help="Whose numbers; without it those that all sources show.")] = None,
    by: By = None,
) -> None:
    """Publishes numbers that sources show, though they disagree or a rule objects; ends a hold, and a void too."""
    _decide(draw, Act.APPROVE, by, reason, source=source)


def correct(
    draw: Name,
    numbers: Annotated[str, typer.Option(help='All of them, as "main=1,2,3 bonus=4".')],
    reason: Reason,
    by: By = None,
) -> None:
    """Publishes numbers that you give, in the place of what is published, if anything is."""
    _decide(draw, Act.CORRECT, by, reason, numbers=numbers)


def void(draw: Name, reason: Reason, by: By = None) -> None:
    """Takes a draw back: its numbers are shown no more, and its posts are removed or followed by one that says so."""
    _decide(draw, Act.VOID, by, reason)


def show(draw: Name, as_json: Machine = False) -> None:
    """Shows how a draw stands, who says what of it, and everything that became of it. Changes nothing."""
    key = key_of(draw)

    async def asked(conn: Connection) -> tuple[list[Link], list[Decision]]:
        return await queries.history(conn, key), await decisions.about(conn, f"draw/{key}")

    history, decided = looked(asked)
    if not history:
        raise BadSetting(f"Nothing is known of {key} yet.")
    if as_json:
        print_json(_plain(history, decided))
    else:
        _print(history, decided)


def _decide(
    draw: str, kind: Act, by: str | None, reason: str, source: str | None = None, numbers: str | None = None
) -> None:
    key = key_of(draw)
    if not reason.strip():
        raise BadSetting("--reason wants words: they are published, and kept with the decision.")
    name = named(by)

    async def decided(place: Place, house: House) -> Change:
        lottery = lottery_of(house.catalogue.lotteries, key.lottery)
        choose: Choose | None = None
        if kind is Act.APPROVE:
            choose = partial(ruling.shown, lottery, key, source=source)
        elif numbers is not None:
            given = ruling.given(lottery, key, numbers)
            choose = lambda _: given  # noqa: E731
        now = place.world()
        async with house.look("desk") as ledger:
            return await rule(
                ledger,
                lottery,
                key,
                kind,
                by=name,
                reason=reason,
                now=now,
                choose=choose,
                news=lambda key: is_news(lottery, key, now),
            )

    with looking(configured()) as place:
        change = asyncio.run(decided(place, place.house()))
    one = change.draw
    shows = spell(one.numbers) if one.numbers else "no numbers"
    _say(f"{key} stands {one.status}, with {shows} ({_place(one)}): decided by {name}.")
    if change.told:
        _say(f"It is told as {change.told}.")
    else:
        _say(
            "Nobody is told: nothing was told of it before, and it is not news." if one.revision else "Nobody is told."
        )


def _say(words: str) -> None:
    out.print(words, highlight=False, markup=False)


def _place(one: Draw) -> str:
    return f"revision {one.revision}, update {one.update}"


def _print(history: list[Link], decided: list[Decision]) -> None:
    one = history[-1].draw
    _say(f"{one.key}: {one.status} ({_place(one)})")
    _say(f"Drawn    {one.drawn_at:{WHEN}} UTC")
    _say(f"Numbers  {spell(one.numbers) if one.numbers else 'none are published'}")
    _say(f"Why      {one.reason}\n")
    table = Table(
        Column("Source", no_wrap=True), "Official", "Since (UTC)", "Agrees", "Page", "Says", "Objections", box=None
    )
    for source in one.sources:
        table.add_row(
            escape(source.source),
            "yes" if source.official else "no",
            f"{source.observed_at:{WHEN}}",
            "yes" if source.agrees else "no",
            source.page[:SHORT],
            escape(_spelled(source.numbers)),
            escape(" ".join(source.objections)),
        )
    out.print(table, "")
    table = Table("Revision", "Update", "When (UTC)", "Status", "Numbers", "Hash", "Why", box=None)
    for link in history:
        draw = link.draw
        table.add_row(
            str(draw.revision),
            str(draw.update),
            f"{draw.updated_at:{WHEN}}" if draw.updated_at else "",
            draw.status,
            escape(_spelled(draw.numbers)),
            link.hash[:SHORT],
            escape(draw.reason),
        )
    out.print(table)
    if decided:
        table = Table("Decision", "When (UTC)", "By", "Result", "Reason", box=None)
        for word in decided:
            result = "" if word.seq is None else str(word.seq)
            table.add_row(word.verdict, f"{word.made_at:{WHEN}}", escape(word.made_by), result, escape(word.reason))
        out.print("", table)


def _spelled(numbers: Seen) -> str:
    return spell(numbers) if numbers else ""


def _plain(history: list[Link], decided: list[Decision]) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(history[-1].draw)
    revisions = [
        {
            "revision": link.draw.revision,
            "update": link.draw.update,
            "at": link.draw.updated_at,
            "status": link.draw.status,
            "numbers": link.draw.numbers,
            "reason": link.draw.reason,
            "hash": link.hash,
            "previous_hash": link.previous_hash,
        }
        for link in history
    ]
    return plain | {"key": str(history[-1].draw.key), "revisions": revisions, "decisions": decided}
