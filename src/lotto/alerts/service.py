"""The alerts at work: looks again and again, writes down what began and what is over, and brings notices to targets.

A notice is written in the transaction that notes what it tells, and brought afterwards: a crash in between brings it
later, a crash after it brings it twice, under one id. One process tells at a time; the others wait to take over.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from time import monotonic
from uuid import uuid4

import structlog

from lotto.alerts.look import Look
from lotto.alerts.notice import Line, Notice
from lotto.alerts.rules import Change, change
from lotto.alerts.target import NotDelivered, Target, Unwanted
from lotto.ledger import alerts, turns
from lotto.ledger.alerts import Alert, Delivery
from lotto.ledger.connection import Away, Connection, Ledger, stopped
from lotto.report.verdict import Trouble
from lotto.sentence import clean

log = structlog.get_logger()

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)
"""Between two tries, unless the target asks for longer, up to a day."""

DAY = timedelta(days=1)

GIVE_UP = timedelta(days=3)
"""What could not be brought in so long is old news; what lasts is told anew each day."""

KEEP = timedelta(days=90)
"""What is over, and was told, is kept so long."""

PRUNE = 3600.0
"""Seconds from one look for what is older to the next."""

AGAIN = 1.0
"""Seconds before a ledger that is away, or a turn that is another's, is asked for again."""


class Alerts:
    """Tells `targets` what `look` finds; `look` is given what is open, and answers None when it can tell nothing."""

    def __init__(
        self,
        ledger: Ledger,
        look: Callable[[Sequence[Alert]], Awaitable[Look | None]],
        targets: Sequence[Target],
        clock: Callable[[], datetime],
        *,
        site: str,
        every: float = 30.0,
        poll: float = 5.0,
    ) -> None:
        self._ledger = ledger
        self._look = look
        self._targets = targets
        self._clock = clock
        self._site = site
        self._every = every
        self._poll = poll
        self._mine = asyncio.Event()
        self._news = {one.name: asyncio.Event() for one in targets}

    async def run(self) -> None:
        """Looks and brings until cancelled; a ledger that is away is waited for. Targets do not wait for each other."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch())
            for target in self._targets:
                group.create_task(self._carry(target), name=f"alerts to {target.name}")

    async def look(self) -> Change | None:
        """One look: writes what changed and leaves what is to be told; None when nothing could be told."""
        async with self._ledger.reading() as conn:
            open_ = await alerts.standing(conn)
        found = await self._look(open_)
        if found is None:
            return None
        now = self._clock()
        async with self._ledger.transaction() as conn:
            changed = change(await alerts.standing(conn), found, now)
            await self._write(conn, changed, now)
        for name in ("begun", "still", "over"):
            for one in getattr(changed, name):
                say = log.info if name == "over" else log.warning
                words = {"begun": "trouble", "still": "trouble lasts", "over": "trouble is over"}[name]
                say(words, kind=str(one.kind), about=clean(one.about), why=clean(one.words))
        if changed.is_news:
            for waiting in self._news.values():
                waiting.set()
        return changed

    async def bring(self, target: Target) -> bool:
        """Brings the target what is due, one notice; False when nothing is."""
        async with self._ledger.reading() as conn:
            one = await alerts.due(conn, target.name, self._clock())
        if one is None:
            return False
        line = log.bind(target=target.name, notice=str(one.notice))
        try:
            await target.bring(Notice.read(one.notice, one.body))
        except NotDelivered as error:
            await self._missed(one, error)
        except Exception as error:  # noqa: BLE001 - whatever a target does, what is told must not get stuck behind it
            line.exception("alert not delivered")
            await self._missed(one, NotDelivered(f"It failed: {type(error).__name__}."))
        else:
            async with self._ledger.reading() as conn:
                await alerts.delivered(conn, one, self._clock())
            line.info("alert delivered")
        return True

    async def prune(self) -> None:
        """Forgets what was over long ago."""
        async with self._ledger.reading() as conn:
            gone = await alerts.prune(conn, self._clock() - KEEP)
        if gone:
            log.info("alerts pruned", alerts=gone)

    async def _missed(self, one: Delivery, error: NotDelivered) -> None:
        now = self._clock()
        line = log.bind(target=one.target, notice=str(one.notice), why=clean(str(error)))
        async with self._ledger.reading() as conn:
            if isinstance(error, Unwanted) or now - one.made_at >= GIVE_UP:
                await alerts.give_up(conn, one, str(error), now)
                line.error("alert given up")
                return
            wait = min(FIRST_WAIT * 2.0 ** min(one.attempts, 20), LONGEST_WAIT)
            wait = max(wait, min(timedelta(seconds=error.wait or 0.0), DAY))
            await alerts.put_off(conn, one, str(error), now + wait)
            line.warning("alert not delivered, tried again", after=wait.total_seconds())

    async def _watch(self) -> None:
        while not stopped():
            try:
                async with self._ledger.alone() as own, turns.turn(own, "tell the operator") as mine:
                    if mine:
                        self._mine.set()
                        await self._look_on(own)
            except Away as error:
                log.warning("ledger away", why=str(error))
            finally:
                self._mine.clear()
            await asyncio.sleep(AGAIN)

    async def _look_on(self, own: Connection) -> None:
        """Looks for as long as the turn is ours: until its connection breaks."""
        pruned = monotonic() - PRUNE
        while not stopped():
            await self.look()
            if monotonic() - pruned >= PRUNE:
                await self.prune()
                pruned = monotonic()
            await asyncio.sleep(self._every)
            await own.execute("SELECT 1")

    async def _carry(self, target: Target) -> None:
        news = self._news[target.name]
        while not stopped():
            await self._mine.wait()
            try:
                if await self.bring(target):
                    continue
            except Away as error:
                log.warning("ledger away", target=target.name, why=str(error))
            news.clear()
            try:
                await asyncio.wait_for(news.wait(), timeout=self._poll)
            except TimeoutError:
                continue

    async def _write(self, conn: Connection, changed: Change, now: datetime) -> None:
        for one in changed.new:
            await alerts.begin(conn, one.kind, one.about, one.words, one.since or now, now)
        for alert, trouble in changed.lasting:
            await alerts.seen(conn, alert.id, trouble.words, now)
        await alerts.over(conn, [one.id for one in changed.ended], now)
        if changed.is_news:
            began = {alert.key: alert.since for alert, _ in changed.lasting}
            notice = self._notice(changed, began, now)
            keys = [one.key for one in (*changed.begun, *changed.still)]
            await alerts.tell(conn, keys, notice.id, notice.body(), [one.name for one in self._targets], now)

    def _notice(self, changed: Change, began: dict[tuple[str, str], datetime], now: datetime) -> Notice:
        def lines(troubles: Sequence[Trouble]) -> list[Line]:
            return [Line(one.kind, one.about, one.words, began.get(one.key, now)) for one in troubles]

        over = [Line(one.kind, one.about, one.words, one.since) for one in changed.over]
        return Notice(
            uuid4(),
            now,
            self._site,
            self._ledger.environment,
            begun=lines(changed.begun),
            still=lines(changed.still),
            over=over,
        )


def trial(site: str, environment: str, now: datetime) -> Notice:
    """A notice that only shows that notices arrive."""
    return Notice(uuid4(), now, site, environment, "alerts.test")
