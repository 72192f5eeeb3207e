"""The publisher: plans a post for each account when pictures are ready, and sends what is planned, once.

Hearing an event twice is safe: its inbox row and the planned posts are written in one transaction, and a first post
is unique for account and draw. Sending is safe by the states of a post: see `lotto.ledger.posts`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from lotto.draws.lottery import Lottery
from lotto.events import Event
from lotto.ledger import accounts, posts, sending
from lotto.ledger.connection import Away, Ledger, stopped
from lotto.publisher import pace
from lotto.publisher.accounts import Account
from lotto.publisher.boards import Boards
from lotto.publisher.gathering import Gathered, Times, gather
from lotto.publisher.networks.network import Refused, TryLater, Unknown
from lotto.publisher.planner import Now, Planner
from lotto.publisher.sender import LEASE, PATIENCE, Sender
from lotto.publisher.surely import AGAIN
from lotto.store import Store

log: FilteringBoundLogger = structlog.get_logger()

Keep = Callable[[str, str, Mapping[str, str]], Awaitable[None]]
"""Keeps new credentials of an account, named with its network, in the place of those of the same names."""

RENEW = timedelta(days=20)
"""Before credentials end they are renewed, where the network lets us: a person is told at 14 days."""

ASK = timedelta(days=1)
"""Between two questions to a network what its limits are and when our credentials end."""

POLL = 1.0
"""Seconds from one look for what is due to the next."""


BROKEN = 10.0
"""Seconds before an account is gone on with that failed as nobody foresaw."""


class Publisher:
    """Plans and sends for these accounts; `worker` names this process among its like.

    `clock` is the machinery's own; `world` is the one that draws are decided by, another only in a practice world.
    `look` is that of pictures whose account names none.
    """

    def __init__(
        self,
        ledger: Ledger,
        store: Store,
        lotteries: Mapping[str, Lottery],
        ours: Collection[Account],
        clock: Callable[[], datetime],
        *,
        worker: str,
        public_url: str,
        world: Callable[[], datetime] | None = None,
        keep: Keep | None = None,
        look: str = "",
    ) -> None:
        self._ledger = ledger
        self._lotteries = lotteries
        self._planner = Planner(store, lotteries, public_url)
        self._boards = Boards(ledger, look)
        self._sender = Sender(ledger, store, lotteries, clock, public_url)
        self._accounts = ours
        self._clock = clock
        self._world = world or clock
        self._worker = worker
        self._keep = keep
        self._planned = asyncio.Event()
        self._leaving = False

    async def handle(self, event: Event) -> None:
        """Plans what each account is to do about this event."""
        times = Now(self._clock(), self._world())
        async with self._ledger.reading() as conn:
            if await posts.planned_before(conn, event.id):
                return
            plans = [
                plan for account in self._accounts for plan in await self._planner.plans(conn, account, event, times)
            ]
        if await posts.plan(self._ledger, event, plans, self._clock()):
            self._planned.set()
            line = log.bind(event_id=str(event.id), cause=str(event.cause) if event.cause else None)
            for plan in plans:
                line.info("planned", draw=str(event.draw.key), account=plan.account, kind=plan.kind)

    async def run(self) -> None:
        """Sends what is planned, for every account at once, until cancelled or told to leave."""
        async with asyncio.TaskGroup() as group:
            for account in self._accounts:
                if account.lacks:
                    log.error("account cannot post yet", account=account.name, why=account.lacks)
                    continue
                group.create_task(self._work(account), name=f"post for {account.name}")

    def leave(self) -> None:
        """Has `run` end as soon as no network is being called: what waits is left to whoever comes next."""
        self._leaving = True
        self._planned.set()

    async def _work(self, account: Account) -> None:
        """Holds the account while it can, and sends what is due, one post at a time."""
        fence: int | None = None
        since = self._clock()
        lag = timedelta(seconds=account.network.lag)
        heir = True  # of the process that had our name before us; once overthrown by another of our name, no more
        ask_at = since
        try:
            while not (stopped() or self._leaving):
                now = self._clock()
                try:
                    async with self._ledger.reading() as conn:
                        if fence is not None and not await accounts.hold(conn, account.name, fence, now + LEASE):
                            log.warning("account went to another worker", account=account.name, worker=self._worker)
                            fence, heir = None, False
                        if fence is None:
                            fence = await accounts.claim(conn, account.name, self._worker, now, now + LEASE, heir=heir)
                            if fence is not None:
                                since = now
                                await sending.abandoned(conn, account.name, fence, now + lag)
                    if fence is not None and now >= ask_at:
                        await self._look_ahead(account)
                        ask_at = now + ASK
                    if (
                        fence is not None
                        and not self._sender.pauses(account)
                        and await self._step(account, fence, Times(now, self._world(), since))
                    ):
                        continue
                except Away as error:
                    log.warning("ledger away", account=account.name, why=str(error))
                    await asyncio.sleep(AGAIN)
                    fence = None  # what it was asked last is in doubt; whoever holds the account next settles it
                    continue
                except Exception:  # one account's trouble is no other's; it is tried again, and told each time
                    log.exception("account broke", account=account.name)
                    await asyncio.sleep(BROKEN)
                    fence = None  # as above
                    continue
                if not self._leaving:
                    self._planned.clear()
                try:
                    await asyncio.wait_for(self._planned.wait(), timeout=POLL)
                except TimeoutError:
                    continue
        finally:
            if fence is not None:
                with suppress(Away):
                    async with self._ledger.reading() as conn:
                        await accounts.leave(conn, account.name, fence)

    async def _look_ahead(self, account: Account) -> None:
        """Asks the network for its limits, and when our credentials end; what it does not tell waits a day."""
        try:
            async with asyncio.timeout(PATIENCE):
                await account.network.learn()
                ends = await account.network.expires()
                await self._renew(account, ends)
        except (TryLater, Refused, Unknown, TimeoutError) as error:
            log.warning("limits not learned", account=account.name, why=str(error))
            return
        except Exception:  # a network of a plugin may do anything; no post waits for what is only good to know
            log.exception("network broke its contract", account=account.name)
            return
        async with self._ledger.reading() as conn:
            await accounts.ends(conn, account.name, ends)

    async def _renew(self, account: Account, ends: datetime | None) -> None:
        """Gets new credentials while the old are good for a while yet."""
        if self._keep is None or ends is None or ends - self._clock() > RENEW:
            return
        if new := await account.network.renew():
            await self._keep(account.name, account.network.name, new)
            log.info("credentials renewed", account=account.name)

    async def _step(self, account: Account, fence: int, times: Times) -> bool:
        """Takes what goes out together, or the post that is due, a step further; False when there is neither now."""
        async with self._ledger.reading() as conn:
            if not await pace.is_free(conn, account, times.now):
                return False
            quiet = account.quiet is not None and account.quiet.ends(times.now) is not None
            found = Gathered() if quiet else await gather(conn, account, self._lotteries, times)
        board = None
        if found.digest:
            board = await self._boards.of(account, found, times.now)
        else:
            self._boards.forget(account)
        if board is not None:
            await self._sender.digest(account, found, board, fence)
            return True
        post = found.alone
        if post is None:
            leaving = found.posts if found.waits or found.digest else ()
            async with self._ledger.reading() as conn:
                post = await sending.due(conn, account.name, times.now, leaving, quiet=quiet)
        if post is None:
            return False
        await self._sender.send(account, post, fence)
        return True
