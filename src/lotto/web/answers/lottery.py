"""Lotteries and their rules, as the API answers them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from lotto.draws.calendar import Slot
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Pool
from lotto.draws.prizes import Tier

Hue = Annotated[int, msgspec.Meta(ge=0, le=360)]
Chroma = Annotated[float, msgspec.Meta(ge=0, le=0.4)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]+$")]
"""A lottery's id: it stands in addresses and in a style sheet, so it may hold nothing that ends either."""


@dataclass(frozen=True, kw_only=True)
class Next:
    """The first draw the calendar foresees."""

    date: dt.date
    label: str
    drawn_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Game:
    """A lottery as lists and draws name it."""

    id: Name
    name: str
    country: str
    region: str
    operator: str
    zone: str
    currency: str
    language: str
    hue: Hue
    chroma: Chroma

    def under(self, eras: Iterable[Era]) -> Lottery:
        """The lottery of the domain with these rules."""
        return Lottery(
            id=self.id,
            name=self.name,
            country=self.country,
            operator=self.operator,
            zone=ZoneInfo(self.zone),
            currency=self.currency,
            eras=tuple(eras),
            sources={},
            language=self.language,
            region=self.region,
            hue=self.hue,
            chroma=self.chroma,
        )


@dataclass(frozen=True, kw_only=True)
class ComingAnswer(Next):
    """A draw that the calendar of some lottery foresees."""

    game: Game


@dataclass(frozen=True, kw_only=True)
class SlotAnswer:
    """A draw that the calendar repeats."""

    label: str
    at: str
    days: tuple[int, ...]
    dates: tuple[int, ...] = ()
    every: int = 0
    until: str = ""

    @property
    def slot(self) -> Slot:
        """The slot of the domain."""
        until = dt.time.fromisoformat(self.until or self.at)
        at = dt.time.fromisoformat(self.at)
        return Slot(at, frozenset(self.days), self.label, frozenset(self.dates), self.every, until)


@dataclass(frozen=True, kw_only=True)
class TierAnswer:
    """A way to win: how many values of each pool must match; of so many tickets one does."""

    name: str
    match: Mapping[str, tuple[int, ...]]
    pick: Mapping[str, int]
    pays: Decimal | None
    one_in: Decimal | None

    @property
    def tier(self) -> Tier:
        """The tier of the domain."""
        return Tier(self.name, self.match, self.pick, self.pays)


@dataclass(frozen=True, kw_only=True)
class EraAnswer:
    """Rules valid from a day."""

    starts_on: dt.date
    pools: tuple[Pool, ...]
    calendar: tuple[SlotAnswer, ...]
    any_day: bool = False
    tiers: tuple[TierAnswer, ...] = ()

    @property
    def era(self) -> Era:
        """The era of the domain."""
        calendar, tiers = tuple(one.slot for one in self.calendar), tuple(one.tier for one in self.tiers)
        return Era(self.starts_on, self.pools, calendar, tiers, any_day=self.any_day)


@dataclass(frozen=True, kw_only=True)
class LotteryAnswer(Game):
    """A lottery with the history of its rules."""

    eras: tuple[EraAnswer, ...]
    next_draw: Next | None

    @property
    def lottery(self) -> Lottery:
        """The lottery of the domain."""
        return self.under(era.era for era in self.eras)
