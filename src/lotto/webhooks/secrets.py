"""Secrets of a webhook: the one its messages are signed with, and for a while the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from lotto.seal import Seal
from lotto.webhooks import signature

OVERLAP = timedelta(hours=24)
"""So long the old secret signs beside the new one, unless its owner wants it otherwise."""

LONGEST = timedelta(days=7)


@dataclass(frozen=True)
class Secrets:
    """Shown once, kept sealed."""

    new: str = field(repr=False)
    old: str | None = field(default=None, repr=False)

    @classmethod
    def made(cls) -> Self:
        """Secrets that nobody has."""
        return cls(signature.made())

    def rotated(self) -> "Secrets":
        """A new secret, with the present one as the old."""
        return Secrets(signature.made(), self.new)

    def keys(self, now: datetime, old_until: datetime | None) -> Sequence[bytes]:
        """What a message of now is signed with, the new one first."""
        both = [self.new, self.old] if self.old and old_until is not None and now < old_until else [self.new]
        return [signature.key(one) for one in both]

    def sealed(self, seal: Seal, webhook: UUID) -> bytes:
        """As the ledger keeps them."""
        return seal.close(_name(webhook), {"new": self.new} | ({"old": self.old} if self.old else {}))

    @classmethod
    def opened(cls, seal: Seal, webhook: UUID, sealed: bytes) -> Self:
        """Out of the ledger; raises SealError."""
        again = "remove it with `lotto webhook remove` and subscribe anew"
        return cls(**seal.open(_name(webhook), sealed, again))


def _name(webhook: UUID) -> str:
    return f"webhook {webhook}"
