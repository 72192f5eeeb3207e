"""What goes wrong on request: the ways in which real sources fail, one source at a time, for some asks or some time."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock

from lotto.replay.figure import Figure


class Kind(StrEnum):
    """The ways to fail; what `amount` means stands beside each."""

    LATE = "late"
    """Publishes `amount` minutes later (60)."""
    SLOW = "slow"
    """Answers after `amount` real seconds (5)."""
    ERROR = "error"
    """Answers 500."""
    BUSY = "busy"
    """Answers 429 and wants to be left alone for `amount` seconds (60)."""
    DENY = "deny"
    """Answers 403."""
    PARTIAL = "partial"
    """Shows only the first `amount` numbers (2) of the page's newest draw; a field that holds all digits is empty."""
    WRONG = "wrong"
    """Shows another last number in the page's newest draw; always the same one for the same draw."""
    YESTERDAY = "yesterday"
    """Shows what it showed when today began."""
    BLOCK = "block"
    """A web filter answers in its place with a page of its own."""
    REDESIGN = "redesign"
    """Answers a new layout that holds no numbers."""
    TIMEOUT = "timeout"
    """Accepts the request and never answers."""
    RESET = "reset"
    """Closes the connection in the middle of the body."""


AMOUNTS = {Kind.LATE: 60.0, Kind.SLOW: 5.0, Kind.BUSY: 60.0, Kind.PARTIAL: 2.0}
"""What `amount` is when it is not said."""

BLOCKED = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Web Filter Violation</title></head>
<body>
<div class="message-container">
<h1>Practice Web Filter - Access Blocked</h1>
<h3>Web Page Blocked</h3>
<p>The filter of this network does not let this page through.</p>
<table><tr><td>Category</td><td>Gambling</td></tr></table>
</div>
</body>
</html>
"""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong at one source."""

    source: str
    kind: Kind
    amount: float = 0.0
    asks: int | None = None
    """For so many more asks; None is no limit."""
    until: float | None = None
    """Until then on the monotonic clock; None is no limit."""
    only: str = ""
    """Only at addresses that contain this; empty is all of them."""


class Faults:
    """What is wrong at present. Safe to use from any thread; a fault of one source never touches another."""

    def __init__(self, sources: Sequence[str], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._sources = tuple(sources)
        self._monotonic = monotonic
        self._lock = Lock()
        self._active: list[Fault] = []

    def add(
        self,
        source: str,
        kind: str,
        *,
        amount: float | None = None,
        asks: int | None = None,
        seconds: float | None = None,
        only: str = "",
    ) -> Fault:
        """Goes wrong from now on: for so many asks or real seconds, or until cleared. ValueError says what to do."""
        if source not in self._sources:
            raise ValueError(f"There is no source “{source}” here; take one of {', '.join(self._sources)}.")
        if kind not in tuple(Kind):
            raise ValueError(f"There is no fault “{kind}”; take one of {', '.join(Kind)}.")
        if any(number is not None and number <= 0 for number in (amount, asks, seconds)):
            raise ValueError("amount, asks and seconds must be more than 0; leave out what has no limit.")
        known = Kind(kind)
        fault = Fault(
            source,
            known,
            AMOUNTS.get(known, 0.0) if amount is None else amount,
            asks,
            None if seconds is None else self._monotonic() + seconds,
            only,
        )
        with self._lock:
            self._active.append(fault)
        return fault

    def clear(self, source: str | None = None) -> None:
        """Puts everything right again, or everything at that source."""
        with self._lock:
            self._active = [fault for fault in self._active if source is not None and fault.source != source]

    def active(self) -> tuple[Fault, ...]:
        """What is wrong at present, oldest first."""
        with self._lock:
            self._forget()
            return tuple(self._active)

    def met(self, source: str, path: str) -> tuple[Fault, ...]:
        """The faults that this ask meets; each has one ask fewer left afterwards."""
        with self._lock:
            self._forget()
            met = tuple(fault for fault in self._active if fault.source == source and fault.only in path)
            self._active = [
                replace(fault, asks=fault.asks - 1) if fault in met and fault.asks is not None else fault
                for fault in self._active
            ]
            return met

    def _forget(self) -> None:
        now = self._monotonic()
        self._active = [
            fault for fault in self._active if fault.asks != 0 and (fault.until is None or now < fault.until)
        ]


def partial(figure: Figure, shown: int) -> Figure:
    """The draw with its first numbers only, the other places open."""
    kept = min(shown, len(figure.numbers) - 1)
    return replace(figure, numbers=figure.numbers[:kept] + ("",) * (len(figure.numbers) - kept), extra="")


def wrong(figure: Figure) -> Figure:
    """The draw with another last number: the nearest below that is not in it, or above where none is left."""
    place = max(place for place, text in enumerate(figure.numbers) if text)
    text = figure.numbers[place]
    drawn = {int(other) for other in figure.numbers if other}
    below = (number for number in range(int(text) - 1, 0, -1) if number not in drawn)
    above = (number for number in range(int(text) + 1, int(text) + 100) if number not in drawn)
    other = next(below, None) or next(above)
    return replace(figure, numbers=(*figure.numbers[:place], str(other).zfill(len(text)), *figure.numbers[place + 1 :]))
