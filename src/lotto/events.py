"""What has happened, as one service tells another: frozen, whole, versioned; on the wire CloudEvents 1.0 JSON.

An event carries the whole draw, so a consumer needs no ledger to do its work. Its id is made from what it tells
(type, draw, revision, update), so the same fact always bears the same id and may be told any number of times.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from lotto.draws.draw import Draw

NAMESPACE = UUID("6f6f0a51-0b4e-5c5e-9d55-a8a6a2b7f1c4")
"""Ours; every event id is a uuid5 in it."""


class Type(StrEnum):
    """The public names of events."""

    NEW_RESULT = "new_result"
    RESULT_UPDATED = "result_updated"
    RESULT_CORRECTED = "result_corrected"
    RESULT_VOIDED = "result_voided"
    IMAGE_READY = "image_ready"
    IMAGE_FAILED = "image_failed"


STREAM = {
    Type.NEW_RESULT: "new_result",
    Type.RESULT_UPDATED: "new_result",
    Type.RESULT_CORRECTED: "new_result",
    Type.RESULT_VOIDED: "new_result",
    Type.IMAGE_READY: "image_ready",
    Type.IMAGE_FAILED: "image_ready",
}
"""Which stream carries an event: results on one, what became of their pictures on the other."""


@dataclass(frozen=True)
class Card:
    """A picture that was drawn of a draw, where the store keeps it."""

    format: str
    lang: str
    look: str
    key: str
    """Address in the store; holds the hash of the bytes."""
    sha256: str
    media: str
    width: int
    height: int
    size: int
    """Bytes."""
    alt: str


@dataclass(frozen=True)
class Event:
    """Something that happened to a draw: said once by the ledger, carried by a stream, heard by every group."""

    type: Type
    draw: Draw
    at: datetime
    cards: tuple[Card, ...] = ()
    """Of `image_ready`: every card that was wanted."""
    reason: str = ""
    """Of `image_failed`: why, one sentence."""
    version: int = 1
    cause: UUID | None = None
    """Of `image_ready` and `image_failed`: the id of the result they answer."""
    id: UUID = field(init=False)

    def __post_init__(self) -> None:
        draw = self.draw
        object.__setattr__(self, "id", event_id(self.type, str(draw.key), draw.revision, draw.update))

    @property
    def stream(self) -> str:
        """The stream that carries it."""
        return STREAM[self.type]


def event_id(type: Type, draw: str, revision: int, update: int) -> UUID:  # noqa: A002 - CloudEvents' word
    """The one id of this fact."""
    return uuid5(NAMESPACE, f"{type}|{draw}|{revision}|{update}")
