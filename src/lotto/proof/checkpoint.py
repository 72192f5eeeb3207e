"""A checkpoint: so many results the ledger had at a moment, and their last hash, signed and put into the store."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

FOLDER = "checkpoints"
MEDIA = "text/plain; charset=utf-8"


class BadCheckpoint(ValueError):
    """A text is no checkpoint; the message says why."""


@dataclass(frozen=True)
class Checkpoint:
    """What is signed; `made_at` is the world's time."""

    environment: str
    count: int
    hash: str
    made_at: datetime

    @property
    def key(self) -> str:
        """Where it lies in the store: in order, and one for each end of the chain."""
        return f"{FOLDER}/{self.count:012}-{self.hash[:16]}.txt"

    def text(self) -> str:
        """Four lines: whose ledger, how many results, the last hash, when."""
        made_at = self.made_at.astimezone(UTC).isoformat(timespec="seconds")
        return f"lotto ledger {self.environment}\n{self.count}\n{self.hash}\n{made_at}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The checkpoint of that text; raises BadCheckpoint."""
        try:
            what, count, digest, made_at = text.splitlines()
            found = cls(what.removeprefix("lotto ledger "), int(count), digest, datetime.fromisoformat(made_at))
        except ValueError:
            found = None
        if found is None or found.text() != text:
            raise BadCheckpoint("Its text is not that of a checkpoint.")
        return found
