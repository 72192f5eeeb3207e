"""Money, from what the house knows to what the world sees."""

from lotto.api import schemas
from lotto.draws.draw import Money


def money(one: Money | None) -> schemas.Money | None:
    """The amount, where there is one."""
    return schemas.Money(amount=one.amount, currency=one.currency) if one else None
