"""Unreachable: the broker cannot be asked now, and waiting will mend it; all else is a fault for a person."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis import exceptions as redis_errors
from structlog.typing import FilteringBoundLogger

ANSWER_WITHIN = 10.0
"""Seconds until a silent broker counts as away."""

_WAITED_OUT = (
    redis_errors.ConnectionError,  # away, or still loading its file, or too many clients
    redis_errors.TimeoutError,
    redis_errors.ReadOnlyError,  # a replica: its master is being replaced
    redis_errors.MasterDownError,
    redis_errors.ClusterDownError,
    redis_errors.TryAgainError,
    redis_errors.OutOfMemoryError,
)
_WAITED_OUT_BY_WORD = (
    "NOGROUP",  # emptied or replaced: whoever hears makes the group again
    "UNBLOCKED",  # the stream was deleted under a waiting reader
    "MISCONF",  # its disk is full, it takes no writes
    "NOREPLICAS",
)
_NEVER_MENDED = (
    redis_errors.AuthenticationError,
    redis_errors.AuthorizationError,
    redis_errors.NoPermissionError,
)
"""redis-py counts them among lost connections, or wraps them in one; but no waiting makes a password right."""


class Unreachable(Exception):
    """The broker cannot be asked now; the same call may succeed later. What it did of this one is not known."""


@asynccontextmanager
async def reaching(*, waiting: float = 0.0) -> AsyncIterator[None]:
    """Turn silence, and every error of the broker that time mends, into Unreachable; let other errors through.

    `waiting`: seconds that the broker was asked to take its time.
    """
    try:
        async with asyncio.timeout(waiting + ANSWER_WITHIN):
            yield
    except TimeoutError as error:
        raise Unreachable(f"The queue has not answered for {ANSWER_WITHIN:g} s.") from error
    except redis_errors.RedisError as error:
        mends = isinstance(error, _WAITED_OUT) or str(error).startswith(_WAITED_OUT_BY_WORD)
        if mends and not isinstance(error, _NEVER_MENDED) and not isinstance(error.__cause__, _NEVER_MENDED):
            raise Unreachable(f"The queue cannot be asked now: {error}") from error
        raise


def pause(failures: int, *, first: float, longest: float) -> float:
    """Seconds to wait after so many failures in a row: doubling, and never in step with the neighbours."""
    doubled = first * 2.0 ** min(failures - 1, 30)
    return min(longest, doubled) * random.uniform(0.75, 1.0)  # noqa: S311 - spread, not a secret


class Outage:
    """Whether the broker is away: told once when it goes and once when it is back, whoever notices."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        self._log = log
        self._failures = 0

    async def sit_out(self, error: Unreachable) -> None:
        """Wait before the next try, longer each time, up to five seconds."""
        self._failures += 1
        if self._failures == 1:
            self._log.warning("queue_away", why=str(error))
        await asyncio.sleep(pause(self._failures, first=0.1, longest=5.0))

    def over(self) -> bool:
        """The broker has answered; whether it had been away."""
        if not self._failures:
            return False
        self._log.info("queue_back", tries=self._failures)
        self._failures = 0
        return True
