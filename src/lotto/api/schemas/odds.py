"""Odds as the world sees them."""

from datetime import date
from decimal import Decimal

from pydantic import Field

from lotto.api.schemas.schema import Schema


class TierOdds(Schema):
    """The chance of one ticket to win this tier."""

    name: str
    match: dict[str, list[int]] = Field(description="pool → the counts that win")
    pick: dict[str, int] = Field(description="pool → how many values are chosen, where that is not what is drawn")
    pays: Decimal | None = Field(description="where the rules fix it")
    chance: str | None = Field(description="the exact fraction, as 1/292201338")
    one_in: Decimal | None = Field(description="so many tickets for one that wins")
    why: str = Field(description="why the chance cannot be told; else empty")


class AnyOdds(Schema):
    """The chance to win anything at all with so many values chosen; null where that cannot be told."""

    pick: dict[str, int]
    chance: str | None
    one_in: Decimal | None


class Odds(Schema):
    """The odds of a lottery by the rules of one day, counted from its pools."""

    lottery: str
    on: date
    starts_on: date = Field(description="the day those rules began")
    tiers: list[TierOdds] = Field(description="best first; empty where we do not know the ways to win")
    any: list[AnyOdds] = Field(description="one for each number of values that may be chosen")
