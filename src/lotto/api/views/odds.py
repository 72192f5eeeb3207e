"""Odds, from what the house knows to what the world sees."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from lotto.api import schemas
from lotto.draws import odds
from lotto.draws.lottery import Era, Lottery
from lotto.draws.prizes import Tier


def odds_of(lottery: Lottery, era: Era, on: date) -> schemas.Odds:
    """The odds of each way to win by the rules of that day."""
    return schemas.Odds(
        lottery=lottery.id,
        on=on,
        starts_on=era.starts_on,
        tiers=[_tier(era, tier) for tier in era.tiers],
        any=[
            schemas.AnyOdds(pick=pick, chance=_written(chance), one_in=_one_in(chance))
            for pick, chance in odds.any_tier(era)
        ],
    )


def _tier(era: Era, tier: Tier) -> schemas.TierOdds:
    chance, why = None, ""
    try:
        chance = odds.chance(era, tier)
    except ValueError as error:
        why = str(error)
    return schemas.TierOdds(
        name=tier.name,
        match={pool: list(counts) for pool, counts in tier.match.items()},
        pick=dict(tier.pick),
        pays=tier.pays,
        chance=_written(chance),
        one_in=_one_in(chance),
        why=why,
    )


def _written(chance: Fraction | None) -> str | None:
    return None if chance is None else f"{chance.numerator}/{chance.denominator}"


def _one_in(chance: Fraction | None) -> Decimal | None:
    if not chance:
        return None
    found = odds.one_in(chance)
    return round(Decimal(found.numerator) / found.denominator, 2)
