"""The rehearsal: exactly what would go out of a draw at each account, and nothing goes out.

No account need be let in anywhere for it: text, count, picture and words are made as the publisher makes them.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from lotto.draws.draw import Draw, DrawKey
from lotto.house import House, wall_clock
from lotto.imaker.encoder import SUFFIX, Encoding
from lotto.ledger import accounts, publishing, queries
from lotto.ledger.connection import Connection
from lotto.publisher import composing
from lotto.publisher.accounts import Account
from lotto.publisher.accounts_file import Entry
from lotto.publisher.planner import Now, Planner
from lotto.publisher.timing import Daily


@dataclass(frozen=True)
class Rehearsed:
    """What would go out at one account; without a draw there is nothing it would tell."""

    account: str
    network: str
    draw: Draw | None
    text: str = ""
    length: int = 0
    """As the network counts."""
    longest: int = 0
    picture: bytes | None = field(default=None, repr=False)
    suffix: str = ""
    """How a file of the picture is named."""
    size: tuple[int, int] = (0, 0)
    alt: str = ""
    notes: Sequence[str] = ()
    """What keeps it from going out as it is, or at once, a sentence each."""


async def rehearse(house: House, entries: Sequence[Entry], key: DrawKey | None, world: datetime) -> list[Rehearsed]:
    """What would go out of that draw at these accounts, or at each of the newest draw that it wants."""
    async with (
        house.look("rehearsal") as ledger,
        house.networks_door(ledger.environment) as door,
        ledger.reading() as conn,
    ):
        known = {entry.name: entry.open({}, house.accounts.outside(door)) for entry in entries}
        return [await _rehearsed(house, conn, entry, known[entry.name], key, world) for entry in entries]


async def _rehearsed(
    house: House, conn: Connection, entry: Entry, account: Account, key: DrawKey | None, world: datetime
) -> Rehearsed:
    draw = await queries.draw(conn, key) if key else await _newest(house, conn, account)
    if draw is None or not draw.numbers:
        return Rehearsed(account.name, account.network.name, None)
    lottery, network = house.catalogue.lotteries[draw.key.lottery], account.network
    try:
        text = composing.text(account, lottery, draw, house.settings.address)
    except ValueError as error:
        return Rehearsed(account.name, network.name, draw, notes=[str(error)])
    found = Rehearsed(account.name, network.name, draw, text, network.length(text), network.longest)
    notes = [note async for note in _notes(house, conn, account, draw, world)]
    if network.images is None:
        return replace(found, notes=notes)
    picture = house.renderer().draw(
        lottery,
        draw,
        account.format,
        account.lang,
        account.look or house.settings.card_look,
        encoding=Encoding(network.images.media, network.images.bytes),
    )
    return replace(
        found,
        notes=notes,
        picture=picture.data,
        suffix=SUFFIX[picture.media],
        size=(picture.width, picture.height),
        alt=picture.alt,
    )


async def _newest(house: House, conn: Connection, account: Account) -> Draw | None:
    """The newest draw that the account wants, of those that are the newest of their lottery."""
    names = [*account.lotteries] or [*house.catalogue.lotteries]
    found = [one for one in await queries.latest(conn, names) if one.numbers and account.wants(one)]
    return max(found, key=lambda one: one.drawn_at, default=None)


async def _notes(house: House, conn: Connection, account: Account, draw: Draw, world: datetime) -> AsyncIterator[str]:
    now = wall_clock()
    if not account.wants(draw):
        yield f"{account.name} does not tell this draw: {_unwanted(account, draw)}"
    known = (await accounts.listed(conn)).get(account.name)
    if account.network.credentials and not (known and known.credentials):
        yield f"{account.name} has no credentials yet; `lotto account add {account.name}` asks for them."
    if known and known.resting:
        yield f"{account.name} rests: {known.resting}"
    if stop := await publishing.stopped(conn):
        yield f"Publishing is stopped by {stop.by}: {stop.reason}"
    due = Planner(house.store(), house.catalogue.lotteries, house.settings.address).due_at(
        account, draw, Now(now, world)
    )
    if due is not None:
        how = "with the day's others" if isinstance(account.when, Daily) else "when its day is whole, at the latest"
        yield f"It goes out {how} at {_clock(due)}; where there are others, as a line of one digest without a picture."
    if account.quiet and (ends := account.quiet.ends(now)):
        yield f"It is quiet until {_clock(ends)}."


def _unwanted(account: Account, draw: Draw) -> str:
    if draw.status not in account.statuses:
        return f"it is {draw.status}, and the account tells what is {' or '.join(account.statuses)}."
    if account.follows(draw):
        return "its jackpot is not large enough, or not known."
    return f"{draw.key.lottery} is none of its lotteries."


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
