"""The posts: what was published and what will be, what is in doubt, and a person's word on it."""

import asyncio
from typing import Annotated, Any, get_args
from uuid import UUID

import msgspec
import typer
from rich.markup import escape
from rich.table import Column, Table

from lotto.commands.arguments import Machine
from lotto.commands.looked import looked
from lotto.commands.terminal import out, print_json
from lotto.house import House, wall_clock
from lotto.ledger import posts, settling
from lotto.ledger.connection import Connection
from lotto.ledger.posts import Post, State
from lotto.ledger.settling import Verdict
from lotto.place import configured, looking
from lotto.settings import BadSetting

plates = typer.Typer(help="What was published and what will be; and what is in doubt.", invoke_without_command=True)

STATES: tuple[State, ...] = get_args(State)

SHORT = 8
"""Characters of a post's id that are shown; it may be named by any beginning that no other post has."""

SHORTEST = 4


@plates.callback()
def list_posts(
    context: typer.Context,
    unknown: Annotated[bool, typer.Option("--unknown", help="Only those that may be out or not.")] = False,
    account: Annotated[str | None, typer.Option(help="Only those of this account.")] = None,
    state: Annotated[str | None, typer.Option(help=f"One of: {', '.join(STATES)}.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many at most, the newest.")] = 50,
    as_json: Machine = False,
) -> None:
    """The posts, newest first: what became of each, and why."""
    if context.invoked_subcommand is not None:
        return
    if state is not None and state not in STATES:
        raise BadSetting(f"There is no state “{state}”; the states are {', '.join(STATES)}.")
    if state is not None and unknown:
        raise BadSetting("Say --unknown or --state, not both: --unknown means unknown and held.")
    wanted = ("unknown", "held") if unknown else (state,)
    states = [one for one in STATES if one in wanted]

    async def listed(conn: Connection) -> list[Post]:
        return await posts.listed(conn, limit, account=account, states=states)

    found = looked(listed)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    if not found:
        out.print("There are no such posts." if states or account else "There are no posts.")
        return
    short = [Column(name, no_wrap=True) for name in ("Post", "Draw", "Account", "Kind", "State", "Tries")]
    table = Table(*short, "When (UTC)", "Why", Column("URL", overflow="fold"), box=None)
    for one in found:
        table.add_row(
            str(one.id)[:SHORT],
            str(one.key),
            escape(one.account),
            one.kind,
            one.state,
            str(one.attempts),
            f"{one.sent_at or one.planned_at:%Y-%m-%d %H:%M:%S}",
            escape(one.note),
            escape(one.url or ""),
        )
    out.print(table)


@plates.command()
def settle(
    post: Annotated[str, typer.Argument(help="The post's id from `lotto posts`, or its beginning.")],
    by: Annotated[str, typer.Option(help="Your name: it is kept with the decision.")],
    sent: Annotated[bool, typer.Option("--sent", help="It stands there.")] = False,
    not_sent: Annotated[bool, typer.Option("--not-sent", help="It does not: it will be sent.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="It is given up, whether it stands there or not.")] = False,
    url: Annotated[str | None, typer.Option(help="Where it stands, with --sent.")] = None,
    reason: Annotated[str, typer.Option(help="Why: what you saw, and where.")] = "",
) -> None:
    """Settles a post that may be out or not, after a person looked; who, when and why is kept for good."""
    words: dict[Verdict, bool] = {"sent": sent, "not_sent": not_sent, "drop": drop}
    said = [word for word, is_it in words.items() if is_it]
    if len(said) != 1:
        raise BadSetting("Say what you found, one of: --sent, --not-sent, --drop.")
    if url is not None and (not sent or not url.startswith(("https://", "http://"))):
        raise BadSetting("--url is the address of the post, as https://…, and goes with --sent.")
    if not by.strip():
        raise BadSetting("--by wants a name: the decision is kept under it.")

    async def settled(house: House) -> Post:
        async with house.look("posts") as ledger, ledger.transaction() as conn:
            found = await _named(conn, post)
            return await settling.settle(conn, found, said[0], by=by.strip(), reason=reason, url=url, now=wall_clock())

    with looking(configured()) as place:
        one = asyncio.run(settled(place.house()))
    then = {"sent": "stands there", "planned": "will be sent", "failed": "is given up"}[one.state]
    out.print(f"The post of {one.key} at {one.account} {then}: settled by {by.strip()}.", highlight=False, markup=False)


async def _named(conn: Connection, beginning: str) -> UUID:
    """The one post whose id begins so."""
    if len(beginning) < SHORTEST:
        raise BadSetting(f"“{beginning}” is too short to name a post: write at least {SHORTEST} characters of its id.")
    found = await posts.beginning_with(conn, beginning)
    if not found:
        raise BadSetting(f"No post's id begins with “{beginning}”; `lotto posts` shows them.")
    if len(found) > 1:
        raise BadSetting(f"More than one post's id begins with “{beginning}”: write more of it.")
    return found[0]


def _plain(post: Post) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(post)
    return plain | {"key": str(post.key)}
