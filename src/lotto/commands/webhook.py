"""Webhooks: subscribe servers of ours to events, and see how telling all of them goes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, TypeVar
from uuid import UUID, uuid4

import typer
from rich.markup import escape
from rich.table import Table

from lotto.commands.arguments import Machine, instant_of
from lotto.commands.terminal import out, print_json
from lotto.draws.draw import Status
from lotto.events import Type
from lotto.house import House, wall_clock
from lotto.ledger import delivered, deliveries, queries, webhooks
from lotto.ledger.connection import Connection, Ledger, LedgerError
from lotto.ledger.webhooks import Wants, Webhook
from lotto.place import configured, looking
from lotto.seal import Seal
from lotto.settings import BadSetting
from lotto.webhooks import address, message
from lotto.webhooks.secrets import LONGEST, Secrets

told = typer.Typer(help="Webhooks: servers that are told what happens.", no_args_is_help=True)

T = TypeVar("T")

MOST = 50
"""Lines of a log that are shown, unless more are wanted."""

Name = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Its id, or how that begins.")]


@told.command("add")
def add_webhook(
    url: Annotated[str, typer.Argument(help="Where messages are posted to.")],
    note: Annotated[str, typer.Option(help="What you know it by.")] = "",
    lottery: Annotated[list[str], typer.Option(help="Only of this lottery; may be repeated, as all filters.")] = [],  # noqa: B006
    country: Annotated[list[str], typer.Option(help="Only of this country, two letters.")] = [],  # noqa: B006
    collection: Annotated[list[str], typer.Option(help="Only of lotteries in this collection.")] = [],  # noqa: B006
    type_: Annotated[list[str], typer.Option("--type", help=f"Only {', '.join(Type)}.")] = [],  # noqa: B006
    status: Annotated[list[str], typer.Option(help="Only of draws that stand so: confirmed, void, ….")] = [],  # noqa: B006
) -> None:
    """Makes a webhook of ours, which is told what is said from now on, and shows its secret, this once."""
    new, secrets = uuid4(), Secrets.made()

    async def add(house: House, ledger: Ledger) -> None:
        wants = _wants(house, lottery, country, collection, type_, status)
        try:
            where = (address.of_this_machine if ledger.environment == "practice" else address.of_ours)(url)
        except address.BadAddress as error:
            raise BadSetting(f"This is no address for a webhook: {error}.") from None
        sealed = secrets.sealed(Seal.made(house.settings.secret_key), new)
        async with ledger.reading() as conn:
            at = await queries.position(conn)
            await webhooks.add(conn, Webhook(new, None, where, note, wants, sealed, None, at, wall_clock()))

    _done(add)
    out.print(secrets.new, highlight=False, markup=False, soft_wrap=True)
    out.print(
        f"The webhook is {new}. Its secret is shown this once; check by it what comes (docs/webhooks.md).",
        highlight=False,
    )


@told.command("list")
def list_webhooks(as_json: Machine = False) -> None:
    """Every webhook, ours and those of keys, and how it stands."""

    async def listed(_: House, ledger: Ledger) -> list[Webhook]:
        async with ledger.reading() as conn:
            return await webhooks.listed(conn, everybodys=True)

    found = _done(listed)
    if as_json:
        print_json([_told(one) for one in found])
        return
    table = Table("Webhook", "Whose", "Host", "Told", "Stands", "Note", box=None)
    for one in found:
        table.add_row(
            str(one.id)[:8],
            one.owner or "ours",
            escape(address.host_of(one.url)),
            escape(_filters(one.wants)),
            escape(_stands(one)),
            escape(one.note),
        )
    out.print(table)


@told.command("test")
def test_webhook(name: Name) -> None:
    """Sends a message that tells of nothing, and says what came of it."""

    async def tried(house: House, ledger: Ledger) -> deliveries.Try:
        one = await _found(ledger, name)
        async with ledger.reading() as conn:
            test = await deliveries.plan_test(conn, one.id, wall_clock())
        async with house.courier(ledger) as courier, asyncio.timeout(120):
            while True:  # a publisher that runs may be quicker
                await courier.try_now(one.id)
                async with ledger.reading() as conn:
                    tries = (await delivered.tries(conn, [test]))[test]
                if tries:
                    return tries[0]
                await asyncio.sleep(0.2)

    try:
        went = _done(tried)
    except TimeoutError:
        raise LedgerError(f"It was not tried within 2 minutes; `lotto webhook log {name}` will tell.") from None
    good = went.status is not None and 200 <= went.status < 300
    out.print("[green]✓[/]" if good else "[red]✗[/]", escape(went.words), highlight=False)
    if not good:
        raise typer.Exit(1)


@told.command("rotate")
def rotate_secret(
    name: Name,
    overlap: Annotated[float, typer.Option(min=0, max=LONGEST.total_seconds() / 3600, help="Hours.")] = 24.0,
) -> None:
    """Makes a new secret and shows it, this once; for some hours messages are signed with the old one as well."""

    async def rotated(house: House, ledger: Ledger) -> tuple[str, datetime]:
        one = await _found(ledger, name)
        seal, until = Seal.read(house.settings.secret_key), wall_clock() + timedelta(hours=overlap)
        secrets = Secrets.opened(seal, one.id, one.secret).rotated()
        async with ledger.reading() as conn:
            await webhooks.reseal(conn, one.id, secrets.sealed(seal, one.id), until)
        return secrets.new, until

    new, until = _done(rotated)
    out.print(new, highlight=False, markup=False, soft_wrap=True)
    out.print(f"Until {until:%Y-%m-%d %H:%M} UTC messages are signed with the old one as well.", highlight=False)


@told.command("log")
def show_log(
    name: Name,
    state: Annotated[list[str], typer.Option(help="Only waiting, delivered or failed ones.")] = [],  # noqa: B006
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many, the newest.")] = MOST,
) -> None:
    """What was told to a webhook: each message, how it stands, and each try."""
    if unknown := [one for one in state if one not in ("waiting", "delivered", "failed")]:
        raise BadSetting(f"There is no state “{unknown[0]}”; there are waiting, delivered, failed.")

    async def listed(_: House, ledger: Ledger) -> list[tuple[deliveries.Delivery, list[deliveries.Try]]]:
        one = await _found(ledger, name)
        async with ledger.reading() as conn:
            found = await delivered.listed(conn, one.id, most, None, state)  # type: ignore[arg-type] # checked above
            tries = await delivered.tries(conn, [each.id for each in found])
        return [(each, tries[each.id]) for each in reversed(found)]

    table = Table("Delivery", "Position", "Event", "Draw", "Stands", "Tries (UTC)", box=None)
    for one, tries in _done(listed):
        event = one.told
        next_ = f"waiting, next {one.due_at:%m-%d %H:%M:%S}" if one.state == "waiting" else one.state
        table.add_row(
            str(one.id)[:8],
            str(event.position) if event else "",
            event.type if event else message.TEST,
            str(event.key) if event else "",
            next_,
            escape("; ".join(f"{each.at:%m-%d %H:%M:%S} {each.words}" for each in tries)),
        )
    out.print(table)


@told.command("replay")
def replay(
    name: Name,
    delivery: Annotated[str | None, typer.Option(help="Only this delivery: its id, or how that begins.")] = None,
    since: Annotated[str | None, typer.Option(help="All that happened since, as 2025-08-06T15:20-04:00.")] = None,
    after: Annotated[int | None, typer.Option(min=0, help="All that was said after that position.")] = None,
) -> None:
    """Tells one message once more, or everything from an instant or a position on, under the ids they had."""
    if [delivery, since, after].count(None) != 2:
        raise BadSetting("Say what is told once more: --delivery, --since or --after, one of them.")
    at = None if since is None else instant_of(since)

    async def again(_: House, ledger: Ledger) -> None:
        one = await _found(ledger, name)
        async with ledger.transaction() as conn:
            if delivery is not None:
                await delivered.replay(conn, await _delivery(conn, one, delivery), wall_clock())
                return
            start = after if at is None else await delivered.position_at(conn, at)
            await delivered.replay_after(conn, one.id, start or 0, wall_clock())

    _done(again)
    out.print("It is told once more as soon as a publisher runs.")


@told.command("rest")
def rest_webhook(name: Name) -> None:
    """From now on it is told nothing; what happens meanwhile it is told when it is woken."""

    async def rest(_: House, ledger: Ledger) -> None:
        one = await _found(ledger, name)
        async with ledger.reading() as conn:
            await webhooks.rest(conn, one.id, "The operator has it rest.", "owner", wall_clock())

    _done(rest)
    out.print("It rests.")


@told.command("wake")
def wake_webhook(name: Name) -> None:
    """Tells it again, beginning with what it was not told while it rested."""

    async def wake(_: House, ledger: Ledger) -> None:
        one = await _found(ledger, name)
        async with ledger.reading() as conn:
            await webhooks.wake(conn, one.id, wall_clock())

    _done(wake)
    out.print("It is awake.")


@told.command("remove")
def remove_webhook(name: Name) -> None:
    """Removes a webhook, with its log and all that was on its way."""

    async def remove(_: House, ledger: Ledger) -> UUID:
        one = await _found(ledger, name)
        async with ledger.reading() as conn:
            await webhooks.remove(conn, one.id)
        return one.id

    out.print(f"The webhook {_done(remove)} is removed.", highlight=False)


def _done(work: Callable[[House, Ledger], Awaitable[T]]) -> T:
    async def done(house: House) -> T:
        async with house.look("webhook") as ledger:
            return await work(house, ledger)

    with looking(configured()) as place:
        return asyncio.run(done(place.house()))


async def _found(ledger: Ledger, name: str) -> Webhook:
    """The one webhook whose id begins so."""
    async with ledger.reading() as conn:
        all_ = await webhooks.listed(conn, everybodys=True)
    found = [one for one in all_ if name and str(one.id).startswith(name.lower())]
    if len(found) != 1:
        many = "several webhooks are" if found else "no webhook is"
        raise LedgerError(f"{many} called “{name[:40]}”: `lotto webhook list` shows them all.".capitalize())
    return found[0]


async def _delivery(conn: Connection, webhook: Webhook, name: str) -> UUID:
    """The one delivery of that webhook whose id begins so."""
    found = [one.id for one in await delivered.listed(conn, webhook.id, 10_000) if str(one.id).startswith(name.lower())]
    if len(found) != 1:
        many = "Several deliveries are" if found else "No delivery is"
        raise LedgerError(f"{many} called “{name[:40]}”: `lotto webhook log {str(webhook.id)[:8]}` shows them.")
    return found[0]


def _wants(
    house: House,
    lotteries: Sequence[str],
    countries: Sequence[str],
    collections: Sequence[str],
    types: Sequence[str],
    statuses: Sequence[str],
) -> Wants:
    known = {
        "lottery": (lotteries, house.catalogue.lotteries),
        "country": ([one.upper() for one in countries], {one.country for one in house.catalogue.lotteries.values()}),
        "collection": (collections, house.catalogue.collections),
        "type": (types, [one.value for one in Type]),
        "status": (statuses, [one.value for one in Status]),
    }
    for noun, (given, there) in known.items():
        if unknown := [one for one in given if one not in there]:
            raise BadSetting(f"There is no {noun} “{unknown[0][:60]}”; there are {', '.join(sorted(there))}.")
    return Wants(*(tuple(dict.fromkeys(given)) for given, _ in known.values()))


def _filters(wants: Wants) -> str:
    named = (*wants.lotteries, *wants.countries, *wants.collections, *wants.types, *wants.statuses)
    return ", ".join(named) or "everything"


def _stands(one: Webhook) -> str:
    if one.resting:
        return f"rests: {one.resting}"
    if one.failing_since:
        return f"not taken since {one.failing_since:%Y-%m-%d %H:%M} UTC"
    return "is told"


def _told(one: Webhook) -> dict[str, object]:
    return {
        "id": str(one.id),
        "owner": one.owner,
        "host": address.host_of(one.url),
        "note": one.note,
        "told": _filters(one.wants),
        "position": one.position,
        "resting": one.resting,
        "rested_by": one.rested_by,
        "failing_since": one.failing_since,
    }
