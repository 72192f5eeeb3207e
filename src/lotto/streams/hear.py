"""Hear: work through what is said, entry by entry, until stopped; nothing that was said is left out.

Delivery is at least once, and in no promised order: `handle` must be safe to hear twice, and its docstring says why.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from time import monotonic
from typing import TypeVar

import structlog
from redis.asyncio import Redis
from structlog.contextvars import bind_contextvars, clear_contextvars
from structlog.typing import FilteringBoundLogger

from lotto.streams.consumer import Consumer, Fields, Place
from lotto.streams.heard import Buried, Heard, Later
from lotto.streams.unreachable import Outage, Unreachable, pause

_T = TypeVar("_T")

LONGEST_WAIT = 300.0
"""Seconds: a failing event is tried again at the latest after this."""
MOST_TENDED = 100
"""While so many events wait for their next try nothing new is read: what is wrong is greater than an event."""


@dataclass
class Hearing:
    """One consumer of a group at work on some streams: `await Hearing(…).hear()`, once; cancel it to stop.

    Only that ends it, or an error that no waiting mends (a wrong password, a missing permission). A broker that is
    away, restarts or comes back empty is waited for; then the groups are made again and what was in the consumer's
    hands is heard first. An entry is acknowledged after `handle` returned, or after `bury` returned, and never else.
    """

    redis: Redis
    streams: Sequence[str]
    group: str
    consumer: str
    """This process's name in the group: the same after a restart, and no other process's."""
    handle: Callable[[Heard], Awaitable[None]]
    """Does the work and commits it together with its inbox row. Must not block the event loop (the heart stops too),
    and must time its own calls: while it has not returned, the event is its."""
    bury: Callable[[Buried], Awaitable[None]]
    """Commits a dead letter. May be called again for the same event."""
    _: KW_ONLY
    about: Callable[[bytes], Mapping[str, str]] = field(default=lambda _: {})
    """What every line that is logged while an event is in hand says of it, besides its id: read from its document."""
    parallel: int = 1
    """Events handled at the same time."""
    tries: int = 8
    """Deliveries until an event that fails is buried."""
    idle_after: float = 60.0
    """Seconds without a heartbeat until a neighbour may take an entry over."""
    heartbeat: float = 20.0
    sweep: float = 5.0
    """Seconds between two looks at what is pending in the group, and the longest wait for news in one go."""
    retry_after: float = 1.0
    """Seconds until the second try; the wait doubles with each further one."""
    grace: float = 5.0
    """Seconds that events in hand get to finish when stopped. Then they are abandoned, which leaves them pending."""

    _me: Consumer = field(init=False)
    _log: FilteringBoundLogger = field(init=False)
    _outage: Outage = field(init=False)
    _ready: asyncio.Queue[tuple[Place, Fields | None] | None] = field(init=False, default_factory=asyncio.Queue)
    """To be handled as soon as a worker is free, with their fields where just read. None sends a worker home."""
    _tended: set[Place] = field(init=False, default_factory=set)
    """Ready, in hand, or waiting for their next try: a sweep leaves them alone."""
    _kept: set[Place] = field(init=False, default_factory=set)
    """Read, or in hand: the heartbeat keeps them ours. What waits for its next try is not kept, so a neighbour may
    take it once it is idle, and perhaps fares better."""
    _in_hand: set[Place] = field(init=False, default_factory=set)
    """With the workers, and not handled yet."""
    _moved: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    """A worker has taken something up or finished it."""
    _next_sweep: float = field(init=False, default=0.0)
    _neighbours_from: float = field(init=False, default=0.0)
    """Until then entries of others are left alone whatever their idle time says."""

    def __post_init__(self) -> None:
        if self.parallel < 1:
            raise ValueError(f"parallel is {self.parallel}; it takes at least 1 to handle anything.")
        if self.heartbeat >= self.idle_after:
            raise ValueError(
                f"heartbeat ({self.heartbeat:g} s) must be shorter than idle_after ({self.idle_after:g} s), "
                "else neighbours take what is being worked on."
            )
        self._me = Consumer(self.redis, self.group, self.consumer)
        self._log = structlog.get_logger().bind(group=self.group, consumer=self.consumer)
        self._outage = Outage(self._log)

    async def hear(self) -> None:
        """Hear until cancelled; then finish what is in hand, or abandon it after `grace` seconds."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep())
            workers = [tasks.create_task(self._work()) for _ in range(self.parallel)]
            try:
                await self._listen()
            finally:
                while not self._ready.empty():
                    self._ready.get_nowait()
                for _ in workers:
                    self._ready.put_nowait(None)
                await asyncio.wait(workers, timeout=self.grace)

    # One task listens: it decides what is to be handled.

    async def _listen(self) -> None:
        while True:
            try:
                await self._settle()
                while True:
                    if monotonic() >= self._next_sweep:
                        await self._sweep()
                    await self._read(await self._room())
                    self._outage.over()
            except Unreachable as error:
                await self._outage.sit_out(error)

    async def _settle(self) -> None:
        """At the start and after an outage: the groups are there, and what is pending with us comes before news."""
        await self._me.enrol(self.streams)
        await self._show()
        self._give_neighbours_time()
        await self._sweep()

    def _give_neighbours_time(self) -> None:
        """While a broker is down, entries grow idle though their consumers live: they get a heartbeat's time to show
        it before we take any over."""
        self._neighbours_from = monotonic() + self.heartbeat

    async def _sweep(self) -> None:
        """Find what is pending and tended by nobody: ours of before a restart or of a lost answer, and the dead's.

        A worker takes it when it is free. XAUTOCLAIM would take it here and now, more than we can work on, and count a
        delivery for each: entries that nobody tried would wander towards burial.
        """
        takes_over = monotonic() >= self._neighbours_from
        for stream in self.streams:
            async for pending in self._me.pending(stream):
                ours = pending.consumer == self.consumer
                if ours or (takes_over and pending.idle >= self.idle_after):
                    self._tend(pending.place, None)
        self._next_sweep = monotonic() + self.sweep

    async def _room(self) -> int:
        """Wait until all that is ready is taken up and a worker is free; how many are. Only then is anything new read:
        what lies on the stream waits for any consumer, what is read waits for us."""
        while len(self._in_hand) >= self.parallel or not self._ready.empty() or len(self._tended) >= MOST_TENDED:
            self._moved.clear()
            await self._moved.wait()
        return self.parallel - len(self._in_hand)

    async def _read(self, free: int) -> None:
        """Read what is new, waiting for it no longer than until the next sweep."""
        wait = self._next_sweep - monotonic()
        for place, fields in await self._me.news(self.streams, count=max(1, free // len(self.streams)), wait=wait):
            self._kept.add(place)
            self._tend(place, fields)

    def _tend(self, place: Place, fields: Fields | None) -> None:
        if place not in self._tended:
            self._tended.add(place)
            self._ready.put_nowait((place, fields))

    # One task shows that we live.

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self.heartbeat)
            if self._kept:
                await self._insist(self._show)

    async def _show(self) -> None:
        for place in tuple(self._kept):
            if not await self._me.keep(place):
                self._kept.discard(place)  # finished just now, taken over because we slept, or gone with the broker

    # The workers, as many as events may be in hand.

    async def _work(self) -> None:
        while (ready := await self._ready.get()) is not None:
            place, fields = ready
            self._in_hand.add(place)
            self._moved.set()
            wait = None
            clear_contextvars()  # of the event before
            try:
                wait = await self._attend(place, fields)
            except Unreachable as error:
                self._log.info("entry_left_to_the_next_sweep", entry_id=place.entry_id, why=str(error))
            except asyncio.CancelledError:
                self._log.warning("entry_abandoned", entry_id=place.entry_id)
                raise
            finally:
                self._let_go(place)
                self._kept.discard(place)
            if wait is None:
                self._tended.discard(place)
            else:
                asyncio.get_running_loop().call_later(wait, self._ready.put_nowait, (place, None))
            self._moved.set()

    async def _attend(self, place: Place, fields: Fields | None) -> float | None:
        """Bring one entry to its end, or return in how many seconds to try again."""
        deliveries = 1
        if fields is None:
            taken = await self._me.take(place, idle_after=self.idle_after)
            if taken is None:
                return None
            fields, deliveries = taken
            self._kept.add(place)
        event_id = fields.get(b"id", b"").decode(errors="replace") or place.entry_id
        heard = Heard(place.stream, place.entry_id, event_id, fields.get(b"event", b""), deliveries)
        bind_contextvars(event_id=event_id, **self.about(heard.event))
        reason = self._hopeless(fields, deliveries)
        if reason is None and (error := await _raised(self.handle, heard)) is not None:
            if isinstance(error, Later):
                self._log.info("handling_put_off", seconds=error.seconds, why=str(error))
                await self._insist(lambda: self._me.recount(place, deliveries - 1))
                return error.seconds
            reason = f"{type(error).__name__}: {error}"
            self._log.warning("handling_failed", deliveries=deliveries, exc_info=error)
            if deliveries < self.tries:
                return self._wait(deliveries)
        if reason is not None:
            buried = Buried(place.stream, self.group, place.entry_id, event_id, heard.event, reason, deliveries)
            if (error := await _raised(self.bury, buried)) is not None:
                self._log.error("burying_failed", exc_info=error)
                # Not counted: an event outlives any outage of the dead letters, and is tried once more before each.
                await self._insist(lambda: self._me.recount(place, deliveries - 1))
                return self._wait(deliveries)
            self._log.error("buried", deliveries=deliveries, why=reason)
        self._let_go(place)
        await self._insist(lambda: self._me.done(place))
        return None

    def _let_go(self, place: Place) -> None:
        """It is handled: the next is read while the broker is still told so, and taken up when it knows."""
        self._in_hand.discard(place)
        self._moved.set()

    def _hopeless(self, fields: Fields, deliveries: int) -> str | None:
        """Why an entry is not even tried."""
        missing = [name for name in ("id", "event") if not fields.get(name.encode())]
        if missing:
            return f"The entry bears no {' and no '.join(missing)}."
        if deliveries > self.tries:
            return f"It was taken {deliveries - 1} times and never answered for: its handler's process died each time."
        return None

    def _wait(self, deliveries: int) -> float:
        return pause(deliveries, first=self.retry_after, longest=LONGEST_WAIT)

    async def _insist(self, ask: Callable[[], Awaitable[object]]) -> None:
        """Ask the broker until it has answered."""
        while True:
            try:
                await ask()
            except Unreachable as error:
                await self._outage.sit_out(error)
            else:
                if self._outage.over():
                    self._give_neighbours_time()
                return


async def _raised(do: Callable[[_T], Awaitable[None]], what: _T) -> BaseException | None:
    """Let the service do its part: what it raised, whatever that is, for other events must go on."""
    try:
        await do(what)
    except (Exception, asyncio.CancelledError) as error:
        task = asyncio.current_task()
        if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
            raise  # it is we who are stopped, and not something within the handler
        return error
    return None
