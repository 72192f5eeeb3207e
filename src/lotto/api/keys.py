"""Keys: whoever asks with one is known by it, and its limits are its own.

A key is `lotto_` and 256 random bits, so it cannot be guessed, and its SHA-256 cannot be turned back: the slow, salted
hashes of passwords, which people choose and repeat, would only make every request slow. The prefix lets scanners of
leaked secrets, and people, see what it is.
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from lotto.ledger import keys
from lotto.ledger.connection import Ledger
from lotto.ledger.keys import Key

PREFIX: Final = "lotto_"
WRITTEN = re.compile(r"lotto_[A-Za-z0-9_-]{43}")
SHOWN: Final = len(PREFIX) + 6
"""Characters of a key that lists show."""

FRESH = timedelta(seconds=60)
"""So long a key is taken to be what it was: a revoked one may be asked with for a minute more."""

MOST: Final = 10_000
"""Keys that are remembered."""


class Made(NamedTuple):
    """A new key, to be shown once; what is kept of it is its hint and its hash."""

    key: str
    hint: str
    hash: bytes


def make() -> Made:
    """A key that nobody has."""
    key = PREFIX + secrets.token_urlsafe(32)
    return Made(key, f"{key[:SHOWN]}…", hashed(key))


def hashed(key: str) -> bytes:
    """What the ledger knows a key by."""
    return hashlib.sha256(key.encode()).digest()


class Keys:
    """The keys in force, looked up in the ledger and remembered for a while."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._known: dict[bytes, tuple[datetime, Key]] = {}

    def remembered(self, key: str) -> Key | None:
        """The key, if it was in force a moment ago."""
        until, found = self._known.get(hashed(key), (None, None))
        return found if until is not None and self._clock() < until else None

    async def look(self, key: str) -> Key | None:
        """The key, if it is in force; raises psycopg.OperationalError when the ledger is away."""
        if not WRITTEN.fullmatch(key):
            return None
        digest = hashed(key)
        async with self._ledger.reading() as conn:
            found = await keys.in_force(conn, digest)
        self._known.pop(digest, None)
        if found is not None:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[digest] = (self._clock() + FRESH, found)
        return found
