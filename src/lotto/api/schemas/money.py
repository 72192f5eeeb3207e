"""Money as the world sees it."""

from decimal import Decimal

from lotto.api.schemas.schema import Schema


class Money(Schema):
    """An amount in the currency's main unit, as a decimal text."""

    amount: Decimal
    currency: str
