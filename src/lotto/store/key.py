"""Keys: how an object is called, in every kind of store alike."""

import re
from hashlib import sha256
from typing import Literal

from lotto.store.errors import BadKey

_SEGMENT = r"[a-z0-9_-][a-z0-9._-]{0,199}"
_KEY = re.compile(rf"(?=.{{1,500}}$){_SEGMENT}(/{_SEGMENT})*", re.ASCII)


def address(kind: Literal["cards", "raw"], data: bytes, suffix: str) -> str:
    """Where these bytes belong: `cards/ab/abcdef….png`, by their SHA-256; the same bytes always in the same place."""
    return place(kind, sha256(data).hexdigest(), suffix)


def place(kind: Literal["cards", "raw"], digest: str, suffix: str) -> str:
    """Where bytes of that SHA-256 belong."""
    return checked(f"{kind}/{digest[:2]}/{digest}.{suffix}")


def digest_of(key: str) -> str:
    """The SHA-256 that the bytes under this key must have."""
    return key.rpartition("/")[2].partition(".")[0]


def is_key(text: str) -> bool:
    """An object may be called so.

    Lower case only: some file systems take `A` and `a` for one name. No segment begins with a dot: so none can
    climb out of the store, and what the store itself keeps beside the objects cannot be named.
    """
    return _KEY.fullmatch(text) is not None


def checked(key: str) -> str:
    """The key, if it is one; raises BadKey."""
    if not is_key(key):
        raise BadKey(
            f"{key[:80]!r} is not a key; write it like cards/ab/abc.png: segments of a-z, 0-9, '.', '_' and '-', "
            "none of them beginning with a dot or longer than 200 characters, 500 in all."
        )
    return key
