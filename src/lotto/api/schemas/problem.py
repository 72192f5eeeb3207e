"""Errors as the world sees them."""

from lotto.api.schemas.schema import Schema


class Problem(Schema):
    """An error (RFC 9457): what is wrong and what to do."""

    type: str
    title: str
    status: int
    detail: str
