"""The courier: plans each event for the webhooks that want it, and brings it there until it is taken.

One worker at a time works for a webhook, under a lease with a fence, and sends it one message after the other; one that
hangs or is away holds up nobody else. What is sent is noted before the next; if the answer, or we, get lost between,
it is sent again under the same `webhook-id`, by which the receiver knows it.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from time import monotonic
from uuid import UUID

import structlog
from structlog.typing import FilteringBoundLogger

from lotto.catalogue import Collection
from lotto.door import Door, Refused
from lotto.draws.lottery import Lottery
from lotto.ledger import delivered, deliveries, webhooks
from lotto.ledger.connection import Away, Connection, Ledger, stopped
from lotto.ledger.deliveries import Claim, Delivery, Told, Try
from lotto.ledger.webhooks import Wants, Webhook
from lotto.publisher import retries
from lotto.publisher.surely import AGAIN, surely
from lotto.seal import Seal, SealError
from lotto.webhooks import address, message
from lotto.webhooks.post import Gone, NotTaken, post
from lotto.webhooks.secrets import Secrets

log: FilteringBoundLogger = structlog.get_logger()

LEASE = timedelta(seconds=60)
"""How long a webhook stays ours without a sign of life."""

PATIENCE = 30.0
"""Seconds for one message, waiting for its host's turn included: well within the lease."""

POLL = 0.5
"""Seconds from one look for what is new or due to the next."""

AT_ONCE = 500
"""Webhooks that are told at a time, and events that are planned in one go."""

KEEP = timedelta(days=30)
"""The log keeps so long what was delivered or given up."""

PRUNE = 3600.0
"""Seconds from one look for what is older to the next."""

UNREACHABLE = "Its address may not be reached: it is to be on the public internet, at the usual port."
"""What is told in the place of a refusal of the door's, which says what lies behind a name."""


@dataclass(frozen=True)
class Outcome:
    """What came of a try: taken where `missed` is None."""

    status: int | None
    words: str
    missed: NotTaken | None = None


class Courier:
    """Brings to webhooks what they want; `worker` names this process among its like, `site` is our address.

    The operator's own webhooks are reached by the door `ours`, those of other people by `theirs`.
    """

    def __init__(
        self,
        ledger: Ledger,
        ours: Door,
        theirs: Door,
        seal: Seal,
        lotteries: Mapping[str, Lottery],
        collections: Mapping[str, Collection],
        clock: Callable[[], datetime],
        *,
        worker: str,
        site: str,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._ledger = ledger
        self._ours = ours
        self._theirs = theirs
        self._seal = seal
        self._lotteries = lotteries
        self._collections = collections
        self._clock = clock
        self._worker = worker
        self._site = site
        self._chance = chance
        self._under_way = 0

    async def run(self) -> None:
        """Plans, brings and forgets until cancelled; a ledger that is away is waited for."""
        heir = False
        pruned = monotonic() - PRUNE
        async with asyncio.TaskGroup() as group:
            while not stopped():
                try:
                    if not heir:
                        async with self._ledger.reading() as conn:
                            await deliveries.inherit(conn, self._worker)
                        heir = True
                    await self.plan()
                    for claim in await self._claim():
                        self._under_way += 1
                        group.create_task(self._work(claim), name=f"webhook {claim.webhook.id}")
                    if monotonic() - pruned >= PRUNE:
                        await self.prune()
                        pruned = monotonic()
                except Away as error:
                    log.warning("ledger away", task="webhooks", why=str(error))
                    await asyncio.sleep(AGAIN)
                await asyncio.sleep(POLL)

    async def plan(self) -> int:
        """Plans what was said for the webhooks that want it; returns how many deliveries are new."""
        new = 0
        async with self._ledger.transaction() as conn:
            found = await deliveries.behind(conn, AT_ONCE)
            # All that keep up stand at one position, so their events are read once for all of them.
            for position, some in groupby(found, key=lambda one: one.position):
                told = await deliveries.said_after(conn, position, AT_ONCE)
                for one in some:
                    wanted = [event for event in told if self._wants(one.wants, event)]
                    new += await deliveries.plan(conn, one.id, wanted, told[-1].position, self._clock())
        return new

    async def try_now(self, webhook: UUID) -> None:
        """Brings what that webhook has due, if nobody else works for it."""
        for claim in await self._claim(webhook):
            self._under_way += 1
            await self._work(claim)

    async def prune(self) -> None:
        """Forgets what was settled long ago."""
        async with self._ledger.reading() as conn:
            gone = await delivered.prune(conn, self._clock() - KEEP)
        if gone:
            log.info("webhook log pruned", deliveries=gone)

    def _wants(self, wants: Wants, told: Told) -> bool:
        lottery = told.key.lottery
        known = self._lotteries.get(lottery)
        chosen = [self._collections[one].lotteries for one in wants.collections if one in self._collections]
        return (
            (not wants.lotteries or lottery in wants.lotteries)
            and (not wants.countries or (known is not None and known.country in wants.countries))
            and (not wants.collections or any(lottery in some for some in chosen))
            and (not wants.types or told.type in wants.types)
            and (not wants.statuses or told.status in wants.statuses)
        )

    async def _claim(self, only: UUID | None = None) -> list[Claim]:
        now = self._clock()
        async with self._ledger.reading() as conn:
            return await deliveries.claim(conn, self._worker, now, now + LEASE, max(0, AT_ONCE - self._under_way), only)

    async def _work(self, claim: Claim) -> None:
        """Brings the webhook one message after the other while it takes them, and gives it up."""
        try:
            while not stopped():
                now = self._clock()
                async with self._ledger.reading() as conn:
                    webhook = await deliveries.hold(conn, claim, now + LEASE)
                    one = await deliveries.due(conn, webhook.id, now) if webhook is not None else None
                if webhook is None or one is None:
                    break
                await self._bring(Claim(webhook, claim.fence), one)
        except Away as error:
            log.warning("ledger away", task="webhooks", why=str(error))
        except Exception:  # the lease ends by itself, and meanwhile the others are told
            log.exception("webhook broke", webhook=str(claim.webhook.id))
            return
        finally:
            self._under_way -= 1
        with suppress(Away):
            async with self._ledger.reading() as conn:
                await deliveries.leave(conn, claim)

    async def _bring(self, claim: Claim, one: Delivery) -> None:
        """Sends one message and writes what came of it."""
        at, begun = self._clock(), monotonic()
        outcome = await self._sent(claim.webhook, one, at)
        tried = Try(at, round((monotonic() - begun) * 1000), outcome.status, outcome.words)
        await surely(lambda: self._write(claim, one, tried, outcome), "webhooks")

    async def _sent(self, webhook: Webhook, one: Delivery, at: datetime) -> Outcome:
        if one.told is not None:
            body = message.event(self._site, one.told)
        else:
            body = message.test(self._site, one.id, one.planned_at)
        door = self._ours if webhook.owner is None else self._theirs
        line = log.bind(webhook=str(webhook.id), delivery=str(one.id))
        try:
            keys = Secrets.opened(self._seal, webhook.id, webhook.secret).keys(at, webhook.old_until)
            async with asyncio.timeout(PATIENCE):
                status = await post(door, webhook.url, keys, message.id_of(one.id), at, body)
        except NotTaken as error:
            if isinstance(error.__cause__, Refused):
                line.warning("webhook not reached", why=str(error))
                return Outcome(None, UNREACHABLE, error)
            return Outcome(error.status, str(error), error)
        except TimeoutError:
            return _failed(f"{address.host_of(webhook.url)} did not answer in {PATIENCE:g} s.")
        except SealError as error:
            line.error("webhook cannot be signed for", why=str(error))
            return _failed("Its secret cannot be read here: the operator has been told.")
        except Exception as error:  # noqa: BLE001 - whatever it is, the others must not wait behind it
            line.exception("webhook broke")
            return _failed(f"It failed: {type(error).__name__}.")
        return Outcome(status, f"It answered {status}.")

    async def _write(self, claim: Claim, one: Delivery, tried: Try, outcome: Outcome) -> None:
        """Writes what came of a try, unless the webhook is another worker's by now, or gone."""
        now = self._clock()
        line = log.bind(webhook=str(claim.webhook.id), delivery=str(one.id), why=outcome.words)
        async with self._ledger.transaction() as conn:
            webhook = await deliveries.hold(conn, claim, now + LEASE)
            if webhook is None:
                line.warning("webhook went to another worker")
                return
            missed = outcome.missed
            if one.told is None:
                await deliveries.note(conn, one.id, tried, "failed" if missed else "delivered", now)
            elif missed is None:
                await deliveries.note(conn, one.id, tried, "delivered", now)
                if webhook.failures:
                    await deliveries.took(conn, webhook.id, webhook.failures >= retries.OUTAGE, now)
            else:
                await self._missed(conn, webhook, one, tried, missed, now)
        (line.info if missed is None else line.warning)("webhook told" if missed is None else "webhook not told")

    async def _missed(
        self, conn: Connection, webhook: Webhook, one: Delivery, tried: Try, missed: NotTaken, now: datetime
    ) -> None:
        """An event was not taken: it waits for its next try, or is given up, or its webhook rests with it."""
        hold = retries.hold(webhook.failures + 1, now, self._chance(), missed.wait)
        await deliveries.missed(conn, webhook.id, tried.at, hold)
        since = one.trying_since or tried.at
        again = retries.next_try(one.tries + 1, since, now, self._chance(), missed.wait)
        if isinstance(missed, Gone):
            await webhooks.rest(conn, webhook.id, tried.words, "receiver", now)
        elif retries.is_over(webhook.failing_since or tried.at, now):
            why = f"Nothing was taken for {retries.GIVE_UP.days} days. {tried.words}"
            await webhooks.rest(conn, webhook.id, why, "publisher", now)
        elif again is None:
            await deliveries.note(conn, one.id, tried, "failed", now)
            return
        await deliveries.note(conn, one.id, tried, "waiting", now, again)


def _failed(words: str) -> Outcome:
    return Outcome(None, words, NotTaken(words))
