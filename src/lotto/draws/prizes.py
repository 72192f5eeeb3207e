"""Prizes: the tiers a game pays by its rules, and what a source tells of money."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lotto.draws.draw import Money, Prize

MOST = Decimal(10) ** 13
"""More than any lottery has ever paid, in any currency; the largest jackpots have ten figures, in rupiah thirteen."""


@dataclass(frozen=True)
class Tier:
    """A way to win: how many values of each pool a ticket must match; a pool that is not named does not matter.

    `pick` says how many values a player chooses where that is not what is drawn (10 of a keno's 20).
    """

    name: str
    match: Mapping[str, tuple[int, ...]]
    """Pool → the counts that win (5, or 1 or 2)."""
    pick: Mapping[str, int] = field(default_factory=dict)
    pays: Decimal | None = None
    """A fixed amount in the lottery's currency; None where it differs from draw to draw."""


def money(text: str, currency: str) -> Money:
    """The amount of a plain figure such as “90860.40”; raises ValueError with a sentence when it is none."""
    if not re.fullmatch(r"[0-9]{1,16}(\.[0-9]{1,4})?", text):
        raise ValueError(f"“{text[:40]}” is not an amount of money")
    if not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError(f"“{currency[:12]}” is not a currency")
    amount = Decimal(text)
    if amount > MOST:
        raise ValueError(f"{text} {currency} is more than any lottery pays")
    return Money(amount, currency)


def prize(tier: str, winners: str | None, amount: Money | None) -> Prize:
    """A tier as a source tells it; raises ValueError with a sentence when the winners are no count."""
    if winners is not None and not re.fullmatch("[0-9]{1,9}", winners):
        raise ValueError(f"“{winners[:40]}” is not a number of winners of {tier[:40]}")
    return Prize(tier, None if winners is None else int(winners), amount)
