"""Connect: the one way to the broker."""

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff


def connect(url: str, name: str = "lotto") -> Redis:
    """A client of the broker at `redis://…`, `rediss://…` or `unix://…`; nothing is sent before its first use.

    `name` is what the broker's CLIENT LIST shows (no spaces). One failure is one failure: the client repeats nothing by
    itself, for a repeated read hides entries that were delivered to a lost answer. Close it with `aclose()`.
    """
    return Redis.from_url(
        url,
        client_name=name,
        # Silence is timed by `reaching`. redis-py would do it with asyncio.wait_for, which in Python 3.11 swallows a
        # cancellation that comes as the answer does: services that are told to stop would go on.
        socket_timeout=None,
        socket_connect_timeout=5.0,
        health_check_interval=15,
        max_connections=10_000,  # every live page that listens holds one; the broker's own limit is the real one
        retry=Retry(NoBackoff(), 0),
        protocol=2,  # what every broker speaks; nothing here needs more
        legacy_responses=False,
        decode_responses=False,
    )
