"""How fast and how often at once a host is asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

_LANES = 1000


@dataclass
class _Lane:
    seats: asyncio.Semaphore
    next_at: float = 0.0
    guests: int = 0


class Pace:
    """For each host at least `interval` seconds between two beginnings, and at most `at_once` under way."""

    def __init__(self, interval: float, at_once: int) -> None:
        self._interval = interval
        self._at_once = at_once
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, spaced: bool = True, wish: float = 0.0) -> AsyncIterator[None]:
        """Waits for the host's turn and holds a seat; without `spaced` the interval neither waits nor counts.

        `wish` is how many seconds the host wants until its next page, where that is more than the interval.
        """
        lane = self._lane(host)
        lane.guests += 1
        try:
            async with lane.seats:
                if spaced:
                    now = monotonic()
                    start = max(now, lane.next_at)
                    lane.next_at = start + max(self._interval, wish)
                    if start > now:
                        await asyncio.sleep(start - now)
                yield
        finally:
            lane.guests -= 1

    def _lane(self, host: str) -> _Lane:
        if host not in self._lanes:
            if len(self._lanes) >= _LANES:  # webhooks go to any number of hosts
                now = monotonic()
                self._lanes = {name: lane for name, lane in self._lanes.items() if lane.guests or lane.next_at > now}
            self._lanes[host] = _Lane(asyncio.Semaphore(self._at_once))
        return self._lanes[host]
