"""The contract of a source: a few facts and two pure methods, no socket, no clock, no settings.

A source knows its own pages and its own names for things. It says nothing about lotteries: the catalogue tells
which of its names is which lottery, and the lottery's rules turn its texts into values.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar

from msgspec import Struct


@dataclass(frozen=True)
class Ask:
    """What we want to know: the draws that a source calls `name`, above all those of the days since `since`."""

    name: str
    since: date


@dataclass(frozen=True)
class Request:
    """A page to fetch by GET."""

    url: str


@dataclass(frozen=True)
class Page:
    """What came back for a request. `at` is when it was asked for, aware: a page may leave the year to it."""

    url: str
    body: bytes
    at: datetime
    media: str = ""
    """Content type as the server told it, or empty."""


class Amount(Struct, frozen=True):
    """Money as a plain figure in the main unit (“90860.40”); without a currency it is the lottery's own."""

    figure: str
    currency: str = ""


class Payout(Struct, frozen=True):
    """What one tier paid. Of winners there is a count; who they are is never read.

    `tier` is what it takes to win where that is plain (`5+1`), else the source's word; `amount` is for one winner.
    """

    tier: str
    winners: str | None = None
    amount: Amount | None = None


class Reading(Struct, frozen=True):
    """One draw as the source shows it, in its own names and as texts.

    `numbers` maps a pool's name (`main`, `bonus`, `multiplier`, …) to the texts shown, in the page's order; None
    is a place that the page leaves open. `label` tells draws of one day apart where the page itself has a word or a
    column for it; it is our word (`midday`, `evening`), or the serial of a game drawn every few minutes.
    """

    name: str
    date: date
    numbers: Mapping[str, tuple[str | None, ...]]
    label: str = ""
    drawn_order: bool = False
    """The page gives values in the order they were drawn."""
    serial: str | None = None
    at: time | None = None
    """The local time of the draw itself, where no calendar can know it (a keno known by its serial)."""
    prizes: tuple[Payout, ...] = ()
    jackpot: Amount | None = None
    """What the first tier of this draw was worth, not of the next one."""


class SourceError(Exception):
    """A source did not yield; the message is a sentence for the operator."""


class PageNotYet(SourceError):
    """Normal: the page is in order and has nothing to tell yet. Ask later."""


class PageChanged(SourceError):
    """A person must look: this is not the page we know (redesign, block page). It is kept."""


class Source:
    """A publisher of results. A subclass states the facts and gives the two methods; its name is its file's name."""

    publisher: ClassVar[str]
    """Who publishes, in their own words."""
    official: ClassVar[bool]
    """The operator itself, or the public body that supervises it."""
    origin: ClassVar[str]
    """Where its knowledge comes from; sources of one origin count once."""
    home: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]] = ()
    """Where its pages come from, when not from the host of `home`."""
    pace: ClassVar[float] = 60.0
    """Seconds between two asks of one address, at the fastest."""
    parser: ClassVar[int] = 1
    """Raised when `read` changes what it makes of the same page."""
    resting: ClassVar[str] = ""
    """Why it is not asked at present; empty when it is."""
    name: str
    """Its file's name, set by the shelf."""

    def pages(self, ask: Ask) -> Iterator[Request]:
        """Yields what to fetch for this ask, best first."""
        raise NotImplementedError

    def read(self, page: Page) -> Iterator[Reading | Request]:
        """Yields the draws the page shows, or further pages; raises PageNotYet or PageChanged, never half a page."""
        raise NotImplementedError
