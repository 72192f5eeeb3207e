"""The services of a house: each runs until it is told to stop, and starts again when it fails."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import Final

import psycopg
import structlog
from psycopg_pool import PoolTimeout
from redis.asyncio import Redis
from starlette.types import ASGIApp

from lotto import wire
from lotto.alerts.service import Alerts
from lotto.catalogue import BadFile
from lotto.events import Event
from lotto.house import ENROLLED, House, queue, told, wall_clock
from lotto.imaker.granter import Granter
from lotto.imaker.service import ImageMaker
from lotto.keyfile import KeyFileError
from lotto.ledger import accounts, cards, dead, outbox, queries, turns, wishes
from lotto.ledger.accounts import Standing
from lotto.ledger.connection import Away, Connection, Ledger, LedgerError, heeding, stopped
from lotto.proof.notary import Notary
from lotto.proof.note import Signer
from lotto.publisher.accounts import Account
from lotto.publisher.networks.network import Outside
from lotto.publisher.postman import Postman
from lotto.publisher.readers import Readers
from lotto.publisher.sender import Sender
from lotto.publisher.service import Publisher
from lotto.relay.service import Relay
from lotto.scraper.counter import Counter
from lotto.seal import Seal, SealError
from lotto.serving import serving
from lotto.settings import BadSetting
from lotto.store import StoreError
from lotto.streams.hear import Hearing
from lotto.streams.heard import Buried, Heard, Later
from lotto.streams.unreachable import pause

log = structlog.get_logger()

SPOKEN: Final = (BadSetting, KeyFileError, LedgerError, StoreError, psycopg.OperationalError)
"""Failures of a service that a sentence tells whole."""

HEED = 2.0
"""Seconds from one look whether accounts or credentials were changed to the next."""

SERVICES: Final = ("scraper", "relay", "imaker", "publisher", "alerts", "api", "web")


class Services:
    """What this house does."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def run(self, services: Sequence[str]) -> None:
        """Runs these services until cancelled; api and web together are one site under one address."""
        async with AsyncExitStack() as stack:
            site: ASGIApp | None = None
            if {"api", "web"} <= set(services):
                site = await stack.enter_async_context(self._house.site())
            elif "api" in services:
                site = await stack.enter_async_context(self._house.api())
            elif "web" in services:
                site = await stack.enter_async_context(
                    self._house.web(self._house.settings.api_url or self._house.settings.address)
                )
            if site is not None:
                await stack.enter_async_context(serving(site, self._house.settings.host, self._house.settings.port))
                log.info("listening", address=self._house.settings.address)
            async with asyncio.TaskGroup() as group:
                for service in services:
                    if service not in ("api", "web"):
                        group.create_task(self.keep(service), name=service)
                if site is not None:
                    await asyncio.Event().wait()

    def keep(self, service: str) -> Coroutine[None, None, None]:
        """Runs a service until cancelled, and starts it again when it fails: the others do not notice."""
        run = {
            "scraper": self._scraper,
            "relay": self._relay,
            "imaker": self._imaker,
            "publisher": self._publisher,
            "alerts": self._alerts,
        }[service]
        log.info("at work", service=service, worker=self._house.settings.worker)
        return _keep(service, run)

    async def load_history(self) -> None:
        """Fills a new ledger with what the sources show of the past, telling nobody; does nothing to an old one."""
        async with self._house.ledger("history") as ledger, ledger.alone() as own, self._house.scraper() as scraper:
            await turns.wait(own, "load the history")
            if await queries.counted(own):
                return
            changes = await scraper.backfill(self._house.catalogue.lotteries.values())
        log.info("history loaded", draws=len({change.draw.key for change in changes}))

    async def _scraper(self) -> None:
        with heeding():
            await self.load_history()
        async with (
            self._house.scraper() as scraper,
            self._house.ledger("notary") as ledger,
            self._house.ledger("counter") as counted,
            asyncio.TaskGroup() as group,
        ):
            signer = Signer.made(self._house.settings.signing_key)
            group.create_task(scraper.run())
            group.create_task(Notary(ledger, self._house.store(), signer, self._house.world).run())
            group.create_task(Counter(counted, self._house.catalogue.lotteries).run())

    async def _relay(self) -> None:
        async with self._house.ledger("relay") as ledger, queue(self._house.redis_url, "relay") as redis:
            every = self._house.settings.reconcile_seconds
            grace = timedelta(seconds=2 * every)
            await Relay(ledger, redis, ENROLLED, wall_clock, reconcile=every, grace=grace).run()

    async def _imaker(self) -> None:
        """Cards as accounts and looks want them; when these change, as they want them then."""
        async with self._house.ledger("imaker") as ledger, queue(self._house.redis_url, "imaker") as redis:
            while not stopped():
                await self._drawing(ledger, redis)

    async def _drawing(self, ledger: Ledger, redis: Redis) -> None:
        """Draws until other cards are wanted: those of results, and those that were asked for, neither behind the
        other. What is being drawn then is drawn anew: it was not told yet."""
        own, position = self._house.settings, self._house.cards_position()
        store, renderer, lotteries = self._house.store(), self._house.renderer(), self._house.catalogue.lotteries
        maker = ImageMaker(ledger, store, lotteries, renderer, self._house.wanted(), own.card_look, wall_clock)
        granter = Granter(ledger, store, lotteries, renderer, wall_clock)
        await granter.open()

        async def failed(conn: Connection, event: Event, reason: str) -> None:
            await cards.failed(conn, event, reason, wall_clock())

        async def refused(conn: Connection, event: Event, reason: str) -> None:
            await wishes.refuse(conn, event, reason, wall_clock())

        async with asyncio.TaskGroup() as group:
            at_work = [
                group.create_task(self._hear(ledger, redis, "new_result", "imaker", maker.handle, failed)),
                group.create_task(self._hear(ledger, redis, "card_wanted", "imaker", granter.handle, refused)),
                group.create_task(granter.tend()),
            ]
            heeding = group.create_task(self._other_cards(position))
            await asyncio.wait([heeding, *at_work], return_when=asyncio.FIRST_COMPLETED)
            for task in at_work if heeding.done() else [heeding]:
                task.cancel()

    async def _other_cards(self, position: object) -> None:
        """Returns when accounts or looks are others than at that position, and can be worked with."""
        refused: object = None
        while True:
            await asyncio.sleep(HEED)
            now = self._house.cards_position()
            if now in (position, refused):
                continue
            try:
                self._house.wanted()
                await asyncio.to_thread(self._house.renderer)
            except (BadFile, BadSetting) as error:
                refused = now
                log.error("changed cards cannot be drawn, those of before go on", why=str(error))
            else:
                log.info("other cards are wanted, taken up")
                return

    async def _publisher(self) -> None:
        """Posts and webhooks: what keeps one of them from its work does not keep the other."""
        async with asyncio.TaskGroup() as group:
            group.create_task(_keep("publisher", self._posts))
            group.create_task(_keep("webhooks", self._webhooks))

    async def _webhooks(self) -> None:
        async with self._house.ledger("webhooks") as ledger, self._house.courier(ledger) as courier:
            await courier.run()

    async def _posts(self) -> None:
        """Posts as the accounts file says; when it or credentials change, with what they say then."""
        async with (
            self._house.ledger("publisher") as ledger,
            queue(self._house.redis_url, "publisher") as redis,
            self._house.networks_door(self._house.environment) as ours,
            self._house.webhooks_door(self._house.environment) as theirs,
        ):
            outside = self._house.accounts.outside(ours, theirs, Readers(ledger, wall_clock))
            while not stopped():
                position = await self._house.accounts.position(ledger)
                await self._posting(ledger, redis, outside, position)

    async def _posting(self, ledger: Ledger, redis: Redis, outside: Outside, position: object) -> None:
        """Posts until the position of accounts and credentials is another one, and what is being sent is done."""
        async with ledger.reading() as conn:
            opened = self._opened(await accounts.listed(conn), outside)
        store, lotteries = self._house.store(), self._house.catalogue.lotteries
        publisher = Publisher(
            ledger,
            store,
            lotteries,
            opened,
            wall_clock,
            worker=self._house.settings.worker,
            public_url=self._house.settings.address,
            world=self._house.world,
            keep=partial(self._house.accounts.keep_renewed, ledger),
            look=self._house.settings.card_look,
        )
        postman = Postman(
            ledger,
            Sender(ledger, store, lotteries, wall_clock, self._house.settings.address),
            opened,
            Seal.made(self._house.settings.secret_key),
            wall_clock,
            chance=random.random,
        )
        await postman.enrol()

        async def heed() -> None:
            await self._changes(ledger, outside, position)
            log.info("accounts changed, taken up")
            publisher.leave()
            postman.leave()

        async with asyncio.TaskGroup() as group:
            beside = [
                group.create_task(self._hear(ledger, redis, "image_ready", "publisher", publisher.handle)),
                group.create_task(heed()),
            ]
            at_work = [group.create_task(publisher.run()), group.create_task(postman.run())]
            await asyncio.wait(at_work)
            for task in beside:
                task.cancel()

    async def _changes(self, ledger: Ledger, outside: Outside, position: object) -> None:
        """Returns when accounts or credentials are others than at that position, and can be worked with."""
        refused: object = None
        while True:
            await asyncio.sleep(HEED)
            try:
                now = await self._house.accounts.position(ledger)
                if now in (position, refused):
                    continue
                async with ledger.reading() as conn:
                    self._opened(await accounts.listed(conn), outside)
            except Away as error:
                log.warning("ledger away", task="accounts", why=str(error))
            except (BadFile, BadSetting, KeyFileError, SealError) as error:
                refused = now
                log.error("changed accounts cannot be used, those of before go on", why=str(error))
            else:
                return

    def _opened(self, known: Mapping[str, Standing], outside: Outside) -> list[Account]:
        """The accounts at work; raises BadFile, BadSetting, KeyFileError and SealError."""
        entries = self._house.accounts.entries()
        for entry in entries:
            self._house.accounts.admit(entry, self._house.environment)
        return self._house.accounts.open(entries, known, outside)

    async def _alerts(self) -> None:
        async with self._house.ledger("alerts") as ledger, self._house.networks_door(self._house.environment) as door:
            wanted = told(self._house.settings, door)
            await Alerts(ledger, self._house.trouble, wanted, wall_clock, site=self._house.settings.address).run()

    async def _hear(
        self,
        ledger: Ledger,
        redis: Redis,
        stream: str,
        group: str,
        handle: Callable[[Event], Awaitable[None]],
        failed: Callable[[Connection, Event, str], Awaitable[None]] | None = None,
    ) -> None:
        """Joins a service to its stream; what it cannot work off is buried in the ledger, with its reason.

        A stream only tells that there is something: what it is, the ledger says. So a queue that outlived the ledger
        it carried for, or that somebody else writes to, makes nobody draw or post what this ledger does not hold.
        """

        async def heard(one: Heard) -> None:
            try:
                async with ledger.reading() as conn:
                    said = await outbox.envelope(conn, one.event_id)
                if said is None:
                    log.warning("heard what the ledger never said", stream=stream, group=group, id=one.event_id)
                    return
                await handle(wire.decode(said))
            except (psycopg.OperationalError, PoolTimeout) as error:
                raise Later(1.0, f"the ledger is away: {error}") from error

        async def bury(one: Buried) -> None:
            async with ledger.transaction() as conn:
                await dead.bury(
                    conn,
                    consumer=one.group,
                    stream=one.stream,
                    event_id=one.event_id,
                    envelope=one.event,
                    reason=one.reason,
                    deliveries=one.deliveries,
                    now=wall_clock(),
                )
                said = await outbox.envelope(conn, one.event_id)
                if failed is not None and said is not None:
                    try:
                        event = wire.decode(said)
                    except wire.Unreadable:
                        return
                    await failed(conn, event, one.reason)

        await Hearing(redis, [stream], group, self._house.settings.worker, heard, bury, about=_about).hear()


async def _keep(service: str, run: Callable[[], Awaitable[None]]) -> None:
    failures = 0
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await run()
        except Exception as error:  # noqa: BLE001 - told below, with its traceback where a sentence is not enough
            failures = 1 if asyncio.get_running_loop().time() - began > 60 else failures + 1
            wait = pause(failures, first=0.5, longest=30.0)
            told = {"why": str(error)} if isinstance(error, SPOKEN) else {"exc_info": error}
            log.error("service failed, starts again", service=service, after=round(wait, 1), **told)
            await asyncio.sleep(wait)
        else:
            return  # a service ends by itself only when it was told to stop


def _about(document: bytes) -> dict[str, str]:
    """What log lines say of an event: its draw, and of an answer the event it answers."""
    try:
        event = wire.decode(document)
    except wire.Unreadable:
        return {}
    return {"draw": str(event.draw.key)} | ({"cause": str(event.cause)} if event.cause else {})
