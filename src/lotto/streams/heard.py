"""Heard: what a service is given to handle, and what it can answer besides having done it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Heard:
    """One event as it was said, handed to the service's `handle`."""

    stream: str
    entry_id: str
    """Its place on the stream; another one when the event is said again."""
    event_id: str
    """What the inbox knows it by: the same however often the event is said or heard."""
    event: bytes
    """The CloudEvents document."""
    deliveries: int
    """How often it was handed out, this time included; what was put off by Later not counted."""


@dataclass(frozen=True)
class Buried:
    """An event that could not be handled, for the dead letters."""

    stream: str
    group: str
    entry_id: str
    event_id: str
    """The entry's id where the entry bears no event id."""
    event: bytes
    """Empty where the entry bears none."""
    reason: str
    deliveries: int


class Later(Exception):
    """Raised by `handle`: not now, through no fault of the event (the database is away, a network asks for a pause).

    The event is handed out again in so many seconds, sooner if a neighbour picks it up, and this time does not count
    as a try. Who raises it for ever waits for ever: a deadline is the service's own affair.
    """

    def __init__(self, seconds: float, reason: str = "") -> None:
        super().__init__(reason or f"in {seconds:g} s")
        self.seconds = seconds
