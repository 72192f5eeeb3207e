"""Collections as the world sees them."""

from lotto.api.schemas.schema import Schema


class Collection(Schema):
    """A named set of lotteries."""

    id: str
    name: str
    lotteries: list[str]
