"""Odds, as the API answers them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class TierOddsAnswer:
    """The chance of one ticket to win this tier; `why` where it cannot be told."""

    name: str
    match: Mapping[str, tuple[int, ...]]
    pick: Mapping[str, int]
    pays: Decimal | None
    one_in: Decimal | None
    why: str


@dataclass(frozen=True, kw_only=True)
class AnyOddsAnswer:
    """The chance to win anything at all with so many values chosen."""

    pick: Mapping[str, int]
    one_in: Decimal | None


@dataclass(frozen=True, kw_only=True)
class OddsAnswer:
    """The odds of a lottery by the rules of one day, best tier first."""

    starts_on: dt.date
    tiers: tuple[TierOddsAnswer, ...]
    any: tuple[AnyOddsAnswer, ...]
