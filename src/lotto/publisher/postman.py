"""The postman: brings every message to its subscriber, and asks those who are new to confirm.

That a message is being sent stands in the ledger before it goes. If we die there, it is in doubt: where a second one
is seen once it is sent again, else it is not. One subscriber who cannot be reached holds up nobody else.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Protocol, runtime_checkable
from uuid import UUID

import structlog
from structlog.typing import FilteringBoundLogger

from lotto import subscriptions
from lotto.ledger import accounts, messages, posts, subscribers
from lotto.ledger.connection import Away, Ledger, stopped
from lotto.ledger.messages import Message, State
from lotto.ledger.subscribers import Subscriber
from lotto.publisher import retries
from lotto.publisher.accounts import Account
from lotto.publisher.dialects.subscribed import Gone, Receiver, Subscribed
from lotto.publisher.networks.network import Barred, Refused, Sheet, TryLater, Unknown
from lotto.publisher.sender import Sender
from lotto.publisher.surely import surely
from lotto.seal import Seal, SealError
from lotto.store import StoreError

log: FilteringBoundLogger = structlog.get_logger()

LEASE = timedelta(seconds=90)
"""How long a message is ours; one is given up sooner."""

PATIENCE = 30.0
"""Seconds for one message."""

AT_ONCE = 20
"""Messages that are sent at a time."""

POLL = 1.0
"""Seconds from one look for what is due to the next."""

WAIT = timedelta(seconds=30)
"""Before a message is taken up again whose picture cannot be had now."""

KEEP = timedelta(days=30)
"""What was settled is kept so long, and who asked and never confirmed."""

PRUNE = 3600.0
"""Seconds from one look for what is older to the next."""


@runtime_checkable
class Inviting(Protocol):
    """A network whose people confirm that it was they who asked."""

    async def invite(self, receiver: Receiver, now: datetime) -> None:
        """Sends the letter that asks him."""


class Postman:
    """Brings what the accounts of networks of people have left for them."""

    def __init__(
        self,
        ledger: Ledger,
        sender: Sender,
        ours: Sequence[Account],
        seal: Seal,
        clock: Callable[[], datetime],
        *,
        chance: Callable[[], float],
    ) -> None:
        self._ledger = ledger
        self._sender = sender
        self._accounts: Mapping[str, tuple[Account, Subscribed]] = {
            one.name: (one, one.network) for one in ours if isinstance(one.network, Subscribed) and not one.lacks
        }
        self._seal = seal
        self._clock = clock
        self._chance = chance
        self._leaving = False

    def leave(self) -> None:
        """Has `run` end as soon as nothing is being sent."""
        self._leaving = True

    async def run(self) -> None:
        """Brings, asks and forgets until cancelled or told to leave; a ledger that is away is waited for."""
        pruned = monotonic() - PRUNE
        while not (stopped() or self._leaving):
            try:
                busy = await self.round()
                if monotonic() - pruned >= PRUNE:
                    await self.prune()
                    pruned = monotonic()
            except Away as error:
                log.warning("ledger away", task="postman", why=str(error))
                busy = False
            if not busy:
                await asyncio.sleep(POLL)

    async def enrol(self) -> None:
        """Makes the accounts known, so that people can subscribe to them before anything is told."""
        async with self._ledger.reading() as conn:
            for account, network in self._accounts.values():
                await accounts.enrol(conn, account.name, network.name)

    async def round(self) -> bool:
        """Sends what is due, once; False where nothing was."""
        if not self._accounts:
            return False
        now = self._clock()
        async with self._ledger.reading() as conn:
            for repeats, state in ((True, "waiting"), (False, "doubt")):
                names = [name for name, (_, network) in self._accounts.items() if network.repeats is repeats]
                await messages.abandoned(conn, names, state, now)  # type: ignore[arg-type] # the two words above
            due = await messages.claim(conn, [*self._accounts], now, now + LEASE, AT_ONCE)
            inviting = [name for name, (_, network) in self._accounts.items() if isinstance(network, Inviting)]
            new = await subscribers.letters_due(conn, inviting, now, now + LEASE)
        sheets = {post: await surely(partial(self._sheet, post), "postman") for post in {one.post for one in due}}
        async with asyncio.TaskGroup() as group:
            for one in due:
                group.create_task(self._bring(one, sheets[one.post]))
            for asking in new:
                group.create_task(self._invite(asking))
        return bool(due or new)

    async def prune(self) -> None:
        """Forgets what was settled long ago, and who never confirmed."""
        before = self._clock() - KEEP
        async with self._ledger.reading() as conn:
            gone, unconfirmed = await messages.prune(conn, before), await subscribers.forget(conn, before)
        if gone or unconfirmed:
            log.info("subscribers pruned", messages=gone, unconfirmed=unconfirmed)

    async def _sheet(self, post: UUID) -> Sheet | None:
        """What the post's network is given; None while the store is away."""
        async with self._ledger.reading() as conn:
            found = await posts.of(conn, post)
        try:
            return await self._sender.sheets.of(self._accounts[found.account][0], found)
        except StoreError as error:
            log.warning("the store is away, messages wait", post=str(post), why=str(error))
            return None

    async def _bring(self, one: Message, sheet: Sheet | None) -> None:
        """Sends one message and writes what came of it."""
        if sheet is None:
            await self._settle(one, "waiting", "The store is away.", self._clock() + WAIT)
            return
        line = log.bind(account=one.subscriber.account, post=str(one.post), subscriber=str(one.subscriber.id))
        _, network = self._accounts[one.subscriber.account]
        state: State = "sent"
        note, at = "", self._clock()
        try:
            async with asyncio.timeout(PATIENCE):
                await network.deliver(self._receiver(one.subscriber), sheet)
        except Gone as error:
            state, note = "failed", str(error)
            await self._write_off(one.subscriber)
        except TryLater as error:
            again = retries.next_try(one.tries, one.planned_at, at, self._chance(), error.seconds)
            state, note, at = ("waiting", str(error), again) if again else ("failed", str(error), at)
        except Barred as error:
            state, note, at = "waiting", str(error), at + WAIT
            await self._rest(one.subscriber.account, note)
        except (Refused, SealError) as error:
            state, note = "failed", str(error)
        except (Unknown, TimeoutError) as error:
            state, note = ("waiting" if network.repeats else "doubt"), str(error) or "There was no answer in time."
            at += retries.wait(one.tries, self._chance()) if network.repeats else timedelta()
        except Exception as error:  # noqa: BLE001 - a network of a plugin may do anything; the others must not wait
            line.exception("network broke its contract")
            state, note = "doubt", f"It failed: {type(error).__name__}."
        await self._settle(one, state, note, at)
        (line.info if state == "sent" else line.warning)("subscriber told" if state == "sent" else "not told", why=note)

    async def _settle(self, one: Message, state: State, note: str, at: datetime) -> None:
        """Writes what came of it."""

        async def write() -> None:
            async with self._ledger.reading() as conn:
                await messages.settle(conn, one, state, note, at)

        await surely(write, "postman")

    async def _write_off(self, one: Subscriber) -> None:
        """Whoever is not there any more is told nothing more; his address is gone."""

        async def write() -> None:
            async with self._ledger.transaction() as conn:
                await subscribers.leave(conn, one.id, self._clock())

        await surely(write, "postman")

    async def _rest(self, account: str, why: str) -> None:
        """Puts the account to rest: its letters wait until somebody does what the sentence says."""

        async def write() -> None:
            async with self._ledger.reading() as conn:
                await accounts.rest(conn, account, self._accounts[account][1].name, why)

        await surely(write, "postman")
        log.error("account rests", account=account, why=why)

    async def _invite(self, one: Subscriber) -> None:
        """Asks him once; a server that takes no letter now is asked again when the lease ends."""
        network = self._accounts[one.account][1]
        line = log.bind(account=one.account, subscriber=str(one.id))
        if not isinstance(network, Inviting):
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await network.invite(self._receiver(one), self._clock())
        except TryLater as error:
            line.warning("not asked to confirm yet", why=str(error))
            return
        except Barred as error:
            await self._rest(one.account, str(error))
            return
        except (Refused, SealError, Unknown, TimeoutError) as error:
            line.warning("not asked to confirm", why=str(error))
        except Exception:  # noqa: BLE001 - as above
            line.exception("network broke its contract")
        else:
            line.info("asked to confirm")

        async def write() -> None:
            async with self._ledger.reading() as conn:
                await subscribers.letter_sent(conn, one.id)

        await surely(write, "postman")

    def _receiver(self, one: Subscriber) -> Receiver:
        if one.address is None:
            raise Refused("He has left.")
        address = subscriptions.open_(self._seal, one.id, one.address)
        return Receiver(one.id, address, one.lang, subscriptions.token(self._seal, one.id))
