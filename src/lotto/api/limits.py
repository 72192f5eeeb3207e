"""Limits: how often one may ask. All processes count together in the queue; while it is away each counts for itself.

Told by the fields of draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy` is what is allowed, `RateLimit` what is
left of it. A window is a minute of the clock.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from time import monotonic
from typing import Final, Literal

import structlog
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from redis.asyncio import Redis
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lotto.api import hops, problems
from lotto.api.keys import Keys
from lotto.api.origins import opened
from lotto.ledger.keys import Key
from lotto.streams import tally
from lotto.streams.unreachable import Unreachable

log = structlog.get_logger()

Policy = Literal["read", "check", "webhooks", "subscribe"]

POLICIES: Final[tuple[Policy, ...]] = ("read", "check", "webhooks")
"""What is limited, each by itself: reads, questions that cost a look at every draw, and all that is done with webhooks,
which needs a key. They are the scopes of keys."""

SUBSCRIPTIONS: Final = ("/api/v1/newsletters/", "/api/v1/push/")
"""Where people subscribe: no key lifts that limit. Leaving is not limited so, for mail providers do it for many."""

WEBHOOKS: Final = "/api/v1/webhooks"

UNDER: Final = "/api/"
WINDOW: Final = 60
"""Seconds."""

IN_A_NAME: Final = frozenset({b"authorization", b"x-forwarded-for"})
"""Headers that tell of somebody else than the nearest hop."""

WITHIN = 0.25
"""Seconds that the queue has to count; a request does not wait longer for it."""

LET_BE: Final = 5.0
"""Seconds for which a queue that did not count is not asked again."""

THIS_MACHINE: Final = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass(frozen=True)
class Allowed:
    """Questions a minute of one subscriber without a key, by policy; None: as many as he likes."""

    read: int | None = None
    check: int | None = None
    proxies: Sequence[hops.Network] = THIS_MACHINE
    """Whose word is taken on who asks."""
    webhooks: int | None = 60
    """Of who asks for webhooks without a key for them, and is refused."""
    subscribe: int | None = 10
    """Of who subscribes."""


@dataclass(frozen=True)
class Count:
    """How often somebody has asked within this minute, this time included."""

    policy: Policy
    most: int
    made: int
    left_seconds: int

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The two fields."""
        left = max(0, self.most - self.made)
        return [
            (b"ratelimit-policy", b'"%s";q=%d;w=%d' % (self.policy.encode(), self.most, WINDOW)),
            (b"ratelimit", b'"%s";r=%d;t=%d' % (self.policy.encode(), left, self.left_seconds)),
        ]


class Tally:
    """Counts, in the queue or, while that is away, here."""

    def __init__(self, redis: Redis, clock: Callable[[], datetime]) -> None:
        self._redis = redis
        self._clock = clock
        self._away_until = 0.0
        self._here: Counter[str] = Counter()
        self._minute = 0

    async def count(self, policy: Policy, who: str, most: int) -> Count:
        """Counts one more of that policy for whoever it is."""
        minute, second = divmod(int(self._clock().timestamp()), WINDOW)
        return Count(policy, most, await self._counted(f"{policy}:{who}:{minute}", minute), WINDOW - second)

    async def _counted(self, name: str, minute: int) -> int:
        if monotonic() >= self._away_until:
            try:
                return await tally.counted(self._redis, name, 2 * WINDOW, within=WITHIN)
            except Unreachable as error:
                self._away_until = monotonic() + LET_BE
                log.warning("limits are counted by each process for itself", why=str(error))
        if minute != self._minute:
            self._minute = minute
            self._here.clear()
        self._here[name] += 1
        return self._here[name]


class Limits:
    """Decides who asks, and whether he has asked enough."""

    def __init__(self, allowed: Allowed, keys: Keys, counts: Tally) -> None:
        self._allowed = allowed
        self._hops = hops.Hops(allowed.proxies)
        self._keys = keys
        self._counts = counts

    def let_be(self, scope: Scope) -> bool:
        """Whether this asker is not limited, as far as one short look tells: this machine, in nobody else's name.

        What a browser asks before it asks is never counted.
        """
        for name, _ in scope["headers"]:
            if name in IN_A_NAME:
                return False
        return scope["method"] == "OPTIONS" or self._hops.is_this_machine(scope)

    async def ask(self, scope: Scope) -> tuple[Count | None, bool]:
        """The count, if this asker is limited, and whether he may ask: False for a key that is not in force."""
        policy = _policy(scope)
        given = bearer(scope)
        key = self._keys.remembered(given) if given else None
        if given and key is None:
            # Whoever tries keys is counted by his address first: guessing costs what asking does.
            count = await self._by_address(policy, scope)
            if count is not None and count.made > count.most:
                return count, True
            try:
                key = await self._keys.look(given)
            except (OperationalError, PoolTimeout):
                return count, True
            if key is None:
                return count, False
        return await self._by_key(policy, key, scope), True

    async def key(self, given: str) -> Key | None:
        """The key, if it is in force; raises psycopg.OperationalError when the ledger is away."""
        return self._keys.remembered(given) or await self._keys.look(given)

    async def _by_key(self, policy: Policy, key: Key | None, scope: Scope) -> Count | None:
        if key is not None and policy in key.scopes:
            return await self._counts.count(policy, f"key {key.name}", key.per_minute)
        return await self._by_address(policy, scope)

    async def _by_address(self, policy: Policy, scope: Scope) -> Count | None:
        limited = self._limited(policy, scope)
        return await self._counts.count(policy, *limited) if limited else None

    def _limited(self, policy: Policy, scope: Scope) -> tuple[str, int] | None:
        """Whoever asks without a key, and how often he may; None: as often as he likes."""
        most: int | None = getattr(self._allowed, policy)
        who = None if most is None else self._hops.subscriber(scope)
        return None if most is None or who is None else (who, most)


class Limited:
    """Wraps an app: what is asked too often is answered 429, a key that is none 401; the rest is told what is left."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or not scope["path"].startswith(UNDER) or self._limits.let_be(scope):
            await self._app(scope, receive, send)
            return
        count, may = await self._limits.ask(scope)
        if count is None and may:
            await self._app(scope, receive, send)
            return
        headers = count.headers if count else []

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        if not may:
            await problems.unknown_key()(scope, receive, opened(told))
        elif count is not None and count.made > count.most:
            await problems.too_often(count.most, count.left_seconds)(scope, receive, opened(told))
        else:
            await self._app(scope, receive, told)


def _policy(scope: Scope) -> Policy:
    if scope["path"] == WEBHOOKS or scope["path"].startswith(f"{WEBHOOKS}/"):
        return "webhooks"
    if scope["path"].startswith(SUBSCRIPTIONS):
        return "subscribe"
    return "check" if scope["method"] == "POST" else "read"


def bearer(scope: Scope) -> str | None:
    """The key that is given with the request."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, key = value.decode("latin-1").partition(" ")
            return key.strip() if scheme.lower() == "bearer" else None
    return None
