"""robots.txt: what hosts ask of programs, read and kept as RFC 9309 says.

No file (any 4xx but 429) allows everything. A host that cannot tell (5xx, 429, no answer) is asked for nothing: by the
rules it gave before if we still hold them, else `Shut` until it is asked again. A short memory of that failure keeps
us from knocking, and is short because an unread file must not cost a draw.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from time import monotonic

from protego import Protego

from lotto.door.answer import Answer
from lotto.door.errors import Disallowed, DoorError, Shut
from lotto.door.guard import Way
from lotto.door.limits import Limits

LIMITS = Limits(connect=5.0, read=5.0, total=10.0, body=512 * 1024, cut=True)
"""RFC 9309 wants at least 500 KiB to be read; what lies beyond is not looked at."""
LONGEST_WISH = 120.0
"""Seconds between two pages that a host gets by Crawl-delay: with more no draw would be shown in time."""
_KEPT = 24 * 3600.0
_SHUT = 60.0
_HOSTS = 1000


@dataclass(frozen=True)
class _Rules:
    """What a host asks, until when (monotonic) we take it for granted; `told` None is everything allowed."""

    told: Protego | None
    until: float
    shut: str = ""


@dataclass
class _Host:
    rules: _Rules | None = None
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)


class Robots:
    """Judges for the product token `agent`; `read` fetches a robots.txt, following redirects."""

    def __init__(self, agent: str, read: Callable[[str], Awaitable[Answer]]) -> None:
        self._agent = agent
        self._read = read
        self._hosts: dict[tuple[str, str], _Host] = {}

    async def permit(self, way: Way) -> float:
        """If the host lets us fetch this page, the seconds that it wants between two pages (Crawl-delay), at most
        `LONGEST_WISH`; raises Disallowed, or Shut when the host cannot tell.
        """
        if way.origin not in self._hosts and len(self._hosts) >= _HOSTS:
            self._hosts.clear()
        host = self._hosts.setdefault(way.origin, _Host())
        async with host.reading:
            if host.rules is None or monotonic() >= host.rules.until:
                host.rules = await self._ask(way, host.rules)
            rules = host.rules
        if rules.shut:
            raise Shut(rules.shut)
        if rules.told is None:
            return 0.0
        if not rules.told.can_fetch(way.url, self._agent):
            raise Disallowed(f"{way.host} asks programs not to fetch {way.path} (robots.txt).")
        return min(rules.told.crawl_delay(self._agent) or 0.0, LONGEST_WISH)

    async def _ask(self, way: Way, before: _Rules | None) -> _Rules:
        try:
            answer = await self._read(f"{way.scheme}://{way.authority}/robots.txt")
        except DoorError as error:
            return self._unread(way, before, str(error))
        if answer.status == 429 or answer.status >= 500:
            return self._unread(way, before, f"It answered {answer.status}.")
        until = monotonic() + _KEPT
        if 200 <= answer.status < 300:
            return _Rules(Protego.parse(answer.body.decode("utf-8-sig", "replace")), until)
        return _Rules(None, until)

    def _unread(self, way: Way, before: _Rules | None, why: str) -> _Rules:
        until = monotonic() + _SHUT
        if before is not None and not before.shut:
            return replace(before, until=until)
        return _Rules(None, until, f"{way.host}/robots.txt could not be read, so nothing else was asked for. {why}")
