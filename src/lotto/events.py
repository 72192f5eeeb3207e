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


class Among(StrEnum):
    """What services tell each other and nobody else: neither live pages nor webhooks hear of it."""

    CARD_WANTED = "card_wanted"
    CARD_READY = "card_ready"


STREAM: dict[Type | Among, str] = {
    Type.NEW_RESULT: "new_result",
    Type.RESULT_UPDATED: "new_result",
    Type.RESULT_CORRECTED: "new_result",
    Type.RESULT_VOIDED: "new_result",
    Type.IMAGE_READY: "image_ready",
    Type.IMAGE_FAILED: "image_ready",
    Among.CARD_WANTED: "card_wanted",
    Among.CARD_READY: "card_ready",
}
"""Which stream carries an event: results on one, what became of their pictures on another; cards that somebody asked
for, and the answers, go apart, so that no result waits behind them."""


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
class Wish:
    """A card that no result asked for by itself: of which kind, in which look of which version."""

    kind: str
    look: str
    format: str
    lang: str
    version: str
    title: str = ""
    """Of a digest: the collection's name."""
    draws: tuple[Draw, ...] = ()
    """Of a digest: all that it shows, in its order."""

    def told_of(self, draw: Draw) -> str:
        """All that the card depends on, as one text: the same wish for the same draws is one wish."""
        shown = ";".join(f"{one.key}|{one.revision}|{one.update}" for one in self.draws or (draw,))
        return "|".join([self.kind, self.look, self.format, self.lang, self.version, self.title, shown])


@dataclass(frozen=True)
class Event:
    """Something that happened to a draw: said once by the ledger, carried by a stream, heard by every group."""

    type: Type | Among
    draw: Draw
    at: datetime
    cards: tuple[Card, ...] = ()
    """Of `image_ready` and `card_ready`: every card that was wanted."""
    reason: str = ""
    """Of `image_failed`, and of a `card_ready` without a card: why, one sentence."""
    version: int = 1
    cause: UUID | None = None
    """Of `image_ready`, `image_failed` and `card_ready`: the id of the event they answer."""
    wish: Wish | None = None
    """Of `card_wanted` and `card_ready`; on a digest `draw` is the first of its draws."""
    id: UUID = field(init=False)

    def __post_init__(self) -> None:
        draw = self.draw
        wished = self.wish and uuid5(NAMESPACE, f"{self.type}|{self.wish.told_of(draw)}")
        object.__setattr__(self, "id", wished or event_id(self.type, str(draw.key), draw.revision, draw.update))

    @property
    def stream(self) -> str:
        """The stream that carries it."""
        return STREAM[self.type]


def event_id(type: Type | Among, draw: str, revision: int, update: int) -> UUID:  # noqa: A002 - CloudEvents' word
    """The one id of this fact."""
    return uuid5(NAMESPACE, f"{type}|{draw}|{revision}|{update}")
