"""The scraper: asks each source when it is due, keeps the page, reads it, and has the ledger record what it says."""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

import structlog

from lotto.catalogue import Catalogue
from lotto.door import Answer, Disallowed, Door, DoorError
from lotto.draws.draw import DrawKey, Status
from lotto.draws.lottery import Lottery
from lotto.ledger import fetches, queries
from lotto.ledger.connection import Away, Connection, Ledger, stopped
from lotto.ledger.fetches import Asked, Fetch
from lotto.ledger.record import Change, record
from lotto.ledger.turns import turn
from lotto.scraper.reading import sort
from lotto.scraper.refusal import refusal
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError
from lotto.store import Store, address
from lotto.told import Told
from lotto.watch import asks as watch
from lotto.watch.asks import Due
from lotto.watch.state import Watched

log = structlog.get_logger()

FURTHER = 8
"""A page may lead to so many further pages; one that leads on and on is a page gone wrong."""

LONGEST_WAIT = timedelta(days=1)
"""What a server may want us to wait at the most."""

ALL_TIME = date(1900, 1, 1)


@dataclass(frozen=True)
class Went:
    """How asking for one name went; None where it is our own trouble and tells nothing of the source."""

    outcome: fetches.Outcome | None
    note: str = ""
    wait_until: datetime | None = None

    def and_then(self, other: "Went", is_further: bool) -> "Went":
        """Both together: of the pages of a name one that is understood will do, but not if it led on to none."""
        if other.wait_until is not None:
            return other
        if is_further:
            return self if self.outcome in fetches.IN_VAIN or other.outcome not in fetches.IN_VAIN else other
        return other if self.outcome in fetches.IN_VAIN else self


@dataclass(frozen=True)
class Got:
    """What came of one request."""

    went: Went
    changes: Sequence[Change] = ()
    further: Sequence[Request] = ()


class Scraper:
    """Watches all sources at once, each at its own pace, so that a slow one delays no other.

    Of several scrapers one asks a source at a time, and all know when it was last asked: more of them make nobody's
    pages load oftener.

    `beat` is how often it looks for what is due, in seconds; `haste` multiplies every source's pace (a practice world
    runs faster than the real one).
    """

    def __init__(
        self,
        ledger: Ledger,
        store: Store,
        door: Door,
        catalogue: Catalogue,
        sources: Mapping[str, Source],
        clock: Callable[[], datetime],
        *,
        beat: float = 5.0,
        haste: float = 1.0,
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._door = door
        self._catalogue = catalogue
        self._sources = {name: source for name, source in sources.items() if not source.resting}
        self._clock = clock
        self._beat = beat
        self._haste = haste
        self._read_before: set[str] = set()

    async def run(self) -> None:
        """Watches until cancelled; a database that goes away is waited for."""
        while True:
            try:
                async with self._ledger.alone() as own, asyncio.TaskGroup() as group:
                    for source in self._sources.values():
                        group.create_task(self._watch(source, own), name=f"watch {source.name}")
            except* Away as errors:
                log.warning("ledger away", why=str(errors.exceptions[0]))
            await asyncio.sleep(self._beat)

    async def scrape(self, lottery: Lottery) -> list[Change]:
        """Asks every source of one lottery now, due or not; what is recent is told."""
        return await self._ask_all([lottery], self._clock().date() - watch.NEWS, self._news)

    async def backfill(
        self,
        lotteries: Collection[Lottery],
        *,
        first: bool = True,
        since: date = ALL_TIME,
        only: Collection[str] = (),
        told: Told = lambda *_: None,
    ) -> list[Change]:
        """Reads everything the sources still show of these lotteries; nobody is told of the past but caches.

        In a ledger that is `first` filled all is past. In any other what is recent is told, as the watch would have:
        a new result that the backfill happens to read first must not stay unsaid. `since` asks for no pages of older
        days, where a source has such; what a page shows beyond is recorded as well. `only` names the sources to ask.
        Every page is recorded as it comes, so what was stopped goes on where it was when it is run again.
        """
        news = (lambda lottery, key: False) if first else self._news
        return await self._ask_all(lotteries, since, news, only, told)

    async def _ask_all(
        self,
        lotteries: Collection[Lottery],
        since: date,
        news: Callable[[Lottery, DrawKey], bool],
        only: Collection[str] = (),
        told: Told = lambda *_: None,
    ) -> list[Change]:
        changes: list[Change] = []
        begun = [one for one in lotteries if one.eras[0].starts_on <= self._clock().date()]
        wanted = [one for one in self._sources.values() if not only or one.name in only]
        for count, source in enumerate(wanted, 1):
            asks = [Ask(name, since) for one in begun for name in one.sources.get(source.name, {})]
            changes += await self._ask(source, asks, news)
            told("sources", count, len(wanted))
        return changes

    async def _watch(self, source: Source, own: Connection) -> None:
        while not stopped():
            try:
                async with turn(own, f"ask {source.name}") as ours:
                    if ours:
                        await self.look(source.name)
            except Away:
                raise
            except Exception as error:
                # Whatever ails one source, the others are watched on.
                log.error("source in trouble, is asked again", source=source.name, exc_info=error)
            await asyncio.sleep(self._beat)

    async def look(self, name: str) -> None:
        """One look at that source, as the watch does at every beat: asks what is due by the clock, and nothing else."""
        now = self._clock()
        await self.ask(name, [one for one in await self.coming(name) if one.at <= now])

    async def coming(self, name: str) -> list[Due]:
        """The next ask of each name of that source, as far as what the ledger knows now foresees it."""
        source, now = self._sources[name], self._clock()
        lotteries = [one for one in self._catalogue.lotteries.values() if name in one.sources]
        async with self._ledger.reading() as conn:
            heard = await queries.heard_since(conn, source.name, (now - watch.REACH).date() - timedelta(days=1))
            asked = await fetches.asked(conn, source.name, now)
        return list(watch.coming(watched(source, self._haste), lotteries, heard, asked, now))

    async def ask(self, name: str, due: Sequence[Due]) -> None:
        """Asks that source for what is due; what is recent is told."""
        if due:
            await self._ask(self._sources[name], [Ask(one.name, one.since) for one in due], self._news)

    def _news(self, lottery: Lottery, key: DrawKey) -> bool:
        return watch.is_news(lottery, key, self._clock())

    async def _ask(
        self, source: Source, asks: Collection[Ask], news: Callable[[Lottery, DrawKey], bool]
    ) -> list[Change]:
        """Fetches what these asks need, each address once, and records what the pages say.

        A source that wants us to wait is asked for nothing more: what was not asked for by then stays due.
        """
        asked_at = self._clock()
        wanted: dict[Request, list[str]] = {}
        went: dict[str, Went] = {}
        for ask in asks:
            try:
                for request in source.pages(ask):
                    wanted.setdefault(request, []).append(ask.name)
            except SourceError as error:
                log.error("source has no such name", source=source.name, name=ask.name, why=str(error))
                went[ask.name] = Went("changed", f"It cannot be asked for “{ask.name}”: {error}")
        # A name that the source has no page for at present counts as asked, lest it be due for ever.
        fetched = {name for names in wanted.values() for name in names}
        went |= {ask.name: Went(None) for ask in asks if ask.name not in fetched and ask.name not in went}
        changes: list[Change] = []
        trouble: Exception | None = None
        queue, later = list(wanted), set[Request]()
        try:
            for n, request in enumerate(queue):
                got = await self._fetch(source, request, news)
                changes += got.changes
                names = wanted[request]
                for name in names:
                    went[name] = got.went if name not in went else went[name].and_then(got.went, request in later)
                if got.went.wait_until is not None:
                    break
                further = [one for one in got.further if one not in wanted][: max(0, FURTHER - n)]
                queue += further
                later.update(further)
                wanted |= dict.fromkeys(further, names)
        except Away:
            raise  # as when it is stopped: nothing was learnt, and what was being asked is asked again at once
        except Exception as error:  # noqa: BLE001 - raised again below
            trouble = error
            went |= {ask.name: Went(None) for ask in asks if ask.name not in went}
        async with self._ledger.reading() as conn:
            noted = {
                name: Asked(asked_at, one.outcome, note=one.note, wait_until=one.wait_until)
                for name, one in went.items()
            }
            await fetches.ask(conn, source.name, noted)
        if trouble is not None:
            raise trouble
        return changes

    async def _fetch(self, source: Source, request: Request, news: Callable[[Lottery, DrawKey], bool]) -> Got:
        asked_at = self._clock()
        last: Fetch | None = None
        # A page that an earlier process read has news yet for a changed catalogue, or for a reader that was mended.
        if request.url in self._read_before:
            async with self._ledger.reading() as conn:
                last = await fetches.last_read(conn, request.url)
        try:
            answer = await self._door.get(
                request.url, etag=last.etag if last else None, last_modified=last.last_modified if last else None
            )
        except DoorError as error:
            log.warning("source gave nothing", source=source.name, url=request.url, why=str(error))
            outcome: fetches.Outcome = "blocked" if isinstance(error, Disallowed) else "failed"
            return await self._gave(Fetch(source.name, request.url, asked_at, outcome, note=str(error)))
        digest = hashlib.sha256(answer.body).hexdigest() if answer.body else None
        if answer.unchanged or (last is not None and digest == last.sha256):
            return await self._gave(_fetch(source, answer, asked_at, last.sha256 if last else None, "unchanged"))
        if digest is None or answer.status != 200:
            denied = refusal(answer, is_page=False)
            note = denied or f"It answered {answer.status}" + ("." if answer.body else " with nothing in it.")
            log.warning("source gave no page", source=source.name, url=request.url, status=answer.status)
            fetch = _fetch(source, answer, asked_at, digest, "blocked" if denied else "failed", note)
            return await self._gave(fetch, _wait_until(answer))
        await self._store.put(
            address("raw", answer.body, "page"), answer.body, answer.media or "application/octet-stream"
        )
        got = await self._read(source, answer, digest, asked_at, news)
        self._read_before.add(request.url)
        return got

    async def _read(
        self,
        source: Source,
        answer: Answer,
        digest: str,
        asked_at: datetime,
        news: Callable[[Lottery, DrawKey], bool],
    ) -> Got:
        page = Page(answer.url, answer.body, asked_at, answer.media)
        try:
            yielded = await asyncio.to_thread(lambda: list(source.read(page)))
        except PageNotYet as error:
            return await self._gave(_fetch(source, answer, asked_at, digest, "not_yet", str(error)))
        except PageChanged as error:
            if denied := refusal(answer, is_page=True):
                log.warning("source does not let us in", source=source.name, url=answer.url, why=denied)
                return await self._gave(_fetch(source, answer, asked_at, digest, "blocked", denied))
            log.error("page changed: a person must look", source=source.name, url=answer.url, why=str(error))
            return await self._gave(_fetch(source, answer, asked_at, digest, "changed", str(error)))
        except Exception as error:
            log.exception("reader failed: a person must look", source=source.name, url=answer.url)
            note = f"The reader of this source failed: {type(error).__name__}: {error}"
            return await self._gave(_fetch(source, answer, asked_at, digest, "changed", note))
        readings = [one for one in yielded if isinstance(one, Reading)]
        sorted_ = sort(self._catalogue, source, readings, digest, answer.answered_at)
        changes: list[Change] = []
        objections: list[str] = []
        for lottery_id, observations in sorted_.ours.items():
            lottery = self._catalogue.lotteries[lottery_id]
            done = await record(self._ledger, lottery, observations, self._clock(), partial(news, lottery))
            changes += done.changes
            objections += done.objections
            for change in done.changes:
                tell = log.info if change.told or change.draw.status is Status.HELD else log.debug
                tell(
                    "recorded",
                    event_id=str(change.event_id) if change.event_id else None,
                    draw=str(change.draw.key),
                    status=str(change.draw.status),
                    revision=change.draw.revision,
                    told=str(change.told) if change.told else None,
                    why=change.draw.reason,
                )
        outcome: fetches.Outcome = "objected" if objections else "read"
        got = await self._gave(_fetch(source, answer, asked_at, digest, outcome, " ".join(objections[:1])))
        return replace(got, changes=changes, further=[one for one in yielded if isinstance(one, Request)])

    async def _gave(self, fetch: Fetch, wait_until: datetime | None = None) -> Got:
        """Keeps how a page was asked for, and says it to whoever asked."""
        async with self._ledger.reading() as conn:
            await fetches.add(conn, fetch)
        return Got(Went(fetch.outcome, fetch.note, wait_until))


def watched(source: Source, haste: float = 1.0) -> Watched:
    """The source as the watch knows it, its pace multiplied by `haste`."""
    return Watched(source.name, timedelta(seconds=source.pace * haste), source.resting)


def _wait_until(answer: Answer) -> datetime | None:
    """Before when the server wants no other ask; one that wants us gone for days is looked at again all the same."""
    if answer.retry_after is None:
        # Too many without a time: nothing more for now, and then as after any refusal.
        return answer.answered_at if answer.status == 429 else None
    return answer.answered_at + min(timedelta(seconds=answer.retry_after), LONGEST_WAIT)


def _fetch(
    source: Source, answer: Answer, asked_at: datetime, digest: str | None, outcome: fetches.Outcome, note: str = ""
) -> Fetch:
    return Fetch(
        source.name,
        answer.url,
        asked_at,
        outcome,
        answered_at=answer.answered_at,
        status=answer.status,
        sha256=digest,
        size=len(answer.body),
        etag=answer.etag,
        last_modified=answer.last_modified,
        note=note,
    )
