"""The planner: what each account is to do about an event, as it stands in the ledger when it is heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from lotto.draws.draw import Draw, Status
from lotto.draws.lottery import Lottery
from lotto.events import Card, Event, Type
from lotto.ledger import posts, queries
from lotto.ledger.connection import Connection
from lotto.ledger.posts import Plan
from lotto.paths import draw_path
from lotto.publisher import composing, gathering, wording
from lotto.publisher.accounts import Account
from lotto.publisher.timing import Complete, Daily
from lotto.store import Store


@dataclass(frozen=True)
class Now:
    """What time it is for the machinery, and in the world of the draws: the same but in a practice world."""

    here: datetime
    world: datetime


class Planner:
    """Plans posts; asks the ledger, writes nothing. `public_url` is the address of our site."""

    def __init__(self, store: Store, lotteries: Mapping[str, Lottery], public_url: str) -> None:
        self._store = store
        self._lotteries = lotteries
        self._public_url = public_url

    async def plans(self, conn: Connection, account: Account, event: Event, now: Now) -> list[Plan]:
        """What the account is to do: one post at the most, unless several are to be taken down."""
        if event.draw.status is Status.VOID:
            return await self._taking_back(conn, account, event)
        plan = await self._plan(conn, account, event, now)
        return [plan] if plan else []

    async def _taking_back(self, conn: Connection, account: Account, event: Event) -> list[Plan]:
        """Of a void draw: what stands of it is removed where the network can, else followed by a post that says so.

        A digest tells other draws too, so it stays and is followed. Who posted nothing of the draw has nothing to say.
        """
        draw, network = event.draw, account.network
        lottery = self._lotteries.get(draw.key.lottery)
        stands = await queries.draw(conn, draw.key) or draw
        if lottery is None or stands.revision > draw.revision:
            return []
        ours = [one for one in await posts.standing(conn, account.name, draw.key) if one.revision < draw.revision]
        words = partial(wording.void, lottery, draw, account.lang, longest=network.longest, length=network.length)
        gone = [one for one in ours if network.removes and not one.in_digest]
        plans = [
            Plan(account.name, network.name, "remove", words(self._link(account, event)), answers=one.id)
            for one in gone
        ]
        if left := [one for one in ours if one not in gone]:
            text = words(self._link(account, event))
            plans.append(
                Plan(
                    account.name,
                    network.name,
                    "follow_up",
                    text,
                    answers=left[0].id,
                    open_since=lottery.opens_at(draw.key),
                    lag=timedelta(seconds=network.lag),
                )
            )
        return plans

    async def _plan(self, conn: Connection, account: Account, event: Event, now: Now) -> Plan | None:
        """A first post, or after a correction an edit or a follow-up of it; None when there is nothing to tell."""
        draw, network = event.draw, account.network
        lottery = self._lotteries.get(draw.key.lottery)
        # What waited on the stream may be old: of a draw that stands otherwise by now, a younger event tells.
        stands = await queries.draw(conn, draw.key) or draw
        if lottery is None or not draw.numbers or stands.revision > draw.revision or not account.follows(stands):
            return None
        earlier = await posts.first(conn, account.name, draw.key)
        kind: posts.Kind = "create"
        if earlier is None and not account.wants(stands):
            return None
        if earlier is not None:
            if draw.revision <= earlier.revision:
                return None
            # What was taken down since the draw was void is neither edited nor answered: what took its place is.
            standing = await posts.standing(conn, account.name, draw.key)
            earlier = standing[-1] if standing and earlier not in standing else earlier
            kind = "edit" if network.edits and standing and not earlier.in_digest else "follow_up"
        card = card_of(account, event)
        text, refused = "", ""
        try:
            text = composing.text(account, lottery, draw, self._public_url)
        except ValueError as error:  # it is this account's affair alone: the others tell it
            refused = str(error)
        return Plan(
            account.name,
            network.name,
            kind,
            text,
            card,
            composing.card_url(self._store, self._public_url, card) if card else "",
            earlier.id if earlier else None,
            lottery.opens_at(draw.key),
            self.due_at(account, draw, now) if kind == "create" else None,
            refused,
            timedelta(seconds=account.network.lag),
        )

    def due_at(self, account: Account, draw: Draw, now: Now) -> datetime | None:
        """When the account tells a draw that it hears of now; None: at once."""
        match account.when:
            case Daily():
                return account.when.due(now.here)
            case Complete():
                # The deadline is one of the draws' world; how long it is until then is the same here.
                deadline = account.when.due(gathering.last_draw(account, self._lotteries, draw.key))
                return now.here + max(deadline - now.world, timedelta())
        return None

    def _link(self, account: Account, event: Event) -> str:
        return f"{self._public_url}/{account.lang}/{draw_path(event.draw.key)}"


def card_of(account: Account, event: Event) -> Card | None:
    """The card of its size in its look and language, as far as they were drawn; None where no picture is."""
    if event.type is not Type.IMAGE_READY:
        return None

    def strange(one: Card) -> tuple[bool, bool]:
        return one.lang != account.lang, bool(account.look) and one.look != account.look

    return min((one for one in event.cards if one.format == account.format), key=strange, default=None)
