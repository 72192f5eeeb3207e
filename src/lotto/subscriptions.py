"""Subscriptions: how an address is sealed and found again, and the token by which its owner speaks for it."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from uuid import UUID

from lotto.seal import Seal

_TAG = 16


class BadToken(ValueError):
    """It is no token of ours."""


def token(seal: Seal, subscriber: UUID) -> str:
    """What stands in every letter to him: whoever has it may confirm, leave, see and erase what is kept of him."""
    return urlsafe_b64encode(subscriber.bytes + _tag(seal, subscriber)).decode().rstrip("=")


def subscriber_of(seal: Seal, given: str) -> UUID:
    """Whose token it is; raises BadToken."""
    try:
        raw = urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
        found = UUID(bytes=raw[:16])
    except ValueError:
        raise BadToken("This is no token of ours.") from None
    if not hmac.compare_digest(raw[16:], _tag(seal, found)):
        raise BadToken("This is no token of ours.")
    return found


def close(seal: Seal, subscriber: UUID, address: Mapping[str, str]) -> bytes:
    """His address, sealed."""
    return seal.close(_whose(subscriber), address)


def open_(seal: Seal, subscriber: UUID, sealed: bytes) -> dict[str, str]:
    """His address; raises SealError."""
    return seal.open(_whose(subscriber), sealed, "erase who cannot be reached any more")


def mark(seal: Seal, account: str, address: str) -> bytes:
    """What that address is found by at that account: the same each time, and nothing without the key."""
    return seal.mark(f"subscriber of {account}", address)


def _tag(seal: Seal, subscriber: UUID) -> bytes:
    return seal.mark("subscriber", str(subscriber))[:_TAG]


def _whose(subscriber: UUID) -> str:
    return f"subscriber {subscriber}"
