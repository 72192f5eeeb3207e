"""How an event travels: CloudEvents 1.0 in JSON, written and read here and nowhere else.

Readers ignore fields they do not know; a change that breaks them is a new `version`, and the old reader stays until
the streams have drained.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from lotto.draws.draw import Draw
from lotto.events import Among, Card, Event, Type, Wish

VERSION = 1


class _Data(msgspec.Struct):
    version: int
    draw: Draw
    cards: tuple[Card, ...] = ()
    reason: str = ""
    cause: UUID | None = None
    wish: Wish | None = None


class _Envelope(msgspec.Struct):
    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    data: _Data


class Unreadable(ValueError):
    """The document is not an event of ours; the message says why."""


def encode(event: Event) -> bytes:
    """The event as a CloudEvents JSON document."""
    return msgspec.json.encode(
        _Envelope(
            specversion="1.0",
            id=str(event.id),
            source="/lotto",
            type=event.type,
            subject=str(event.draw.key),
            time=event.at,
            datacontenttype="application/json",
            data=_Data(event.version, event.draw, event.cards, event.reason, event.cause, event.wish),
        )
    )


def decode(document: bytes) -> Event:
    """The event in a CloudEvents JSON document; raises Unreadable with a sentence."""
    try:
        envelope = msgspec.json.decode(document, type=_Envelope)
        kind = Among(envelope.type) if envelope.type in {*Among} else Type(envelope.type)
    except (msgspec.MsgspecError, ValueError) as error:
        raise Unreadable(f"Not an event of ours: {error}.") from error
    data = envelope.data
    if data.version > VERSION:
        raise Unreadable(f"Event {envelope.id} is of version {data.version}; this Lotto reads up to {VERSION}.")
    return Event(kind, data.draw, envelope.time, data.cards, data.reason, data.version, data.cause, data.wish)


def plain(value: object) -> Any:
    """The value as JSON's own types: what a jsonb column or a hash is made of."""
    return msgspec.to_builtins(value)
