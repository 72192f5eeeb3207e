"""Lotteries, from what the house knows to what the world sees."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lotto.api import schemas
from lotto.draws import odds
from lotto.draws.calendar import Slot
from lotto.draws.draw import DrawKey
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Pool
from lotto.draws.prizes import Tier


def summary(lottery: Lottery) -> schemas.LotterySummary:
    """A lottery as lists and draws name it."""
    return schemas.LotterySummary(**_named(lottery))


def lottery(one: Lottery, now: datetime) -> schemas.Lottery:
    """A lottery with the history of its rules and its next draw."""
    return schemas.Lottery(
        **_named(one),
        eras=[_era(era) for era in one.eras],
        sources=list(one.sources),
        next_draw=next_draw(one, now),
    )


def next_draw(one: Lottery, now: datetime) -> schemas.NextDraw | None:
    """The first draw the calendar foresees from now."""
    found = one.next_draw(now)
    return foreseen(*found) if found else None


def foreseen(at: datetime, key: DrawKey) -> schemas.NextDraw:
    """A draw that the calendar foresees."""
    return schemas.NextDraw(date=key.date, label=key.label, drawn_at=at.astimezone(UTC))


def pools(era: Era) -> list[schemas.Pool]:
    """The pools of those rules."""
    return [_pool(pool) for pool in era.pools]


def _named(one: Lottery) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "country": one.country,
        "region": one.region,
        "operator": one.operator,
        "zone": one.zone.key,
        "currency": one.currency,
        "language": one.language,
        "hue": one.hue,
        "chroma": one.chroma,
    }


def _era(one: Era) -> schemas.Era:
    return schemas.Era(
        starts_on=one.starts_on,
        pools=pools(one),
        calendar=[_slot(slot) for slot in one.calendar],
        any_day=one.any_day,
        tiers=[_tier(one, tier) for tier in one.tiers],
    )


def _slot(one: Slot) -> schemas.Slot:
    return schemas.Slot(
        label=one.label,
        at=one.at.isoformat("minutes"),
        days=sorted(one.days),
        dates=sorted(one.dates),
        every=one.every,
        until=one.until.isoformat("minutes") if one.every else "",
    )


def _tier(era: Era, one: Tier) -> schemas.Tier:
    one_in: Fraction | None
    try:
        one_in = odds.one_in(odds.chance(era, one))
    except ValueError:
        # A tier that no count of ours can tell is shown without its odds.
        one_in = None
    return schemas.Tier(
        name=one.name,
        match={pool: list(counts) for pool, counts in one.match.items()},
        pick=dict(one.pick),
        pays=one.pays,
        one_in=round(Decimal(one_in.numerator) / one_in.denominator, 2) if one_in else None,
    )


def _pool(one: Pool) -> schemas.Pool:
    return schemas.Pool(
        name=one.name,
        title=one.title,
        take=one.take,
        fewest=one.fewest,
        kind=one.kind.value,
        shape=one.shape.value,
        lowest=one.lowest,
        highest=one.highest,
        words=dict(one.words),
        written=one.written,
        ordered=one.ordered,
        repeats=one.repeats,
        optional=one.optional,
        rest_of=one.rest_of,
        among=one.among,
    )
