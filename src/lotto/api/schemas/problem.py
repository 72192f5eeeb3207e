"""Errors as the world sees them."""

from pydantic import Field

from lotto.api.schemas.schema import Schema


class Malformed(Schema):
    """A part of a question that is not written as the API's description says."""

    where: str = Field(description="the parameter, or the way to it through the body")
    why: str


class Problem(Schema):
    """An error (RFC 9457): what is wrong and what to do."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Malformed] = Field([], description="of a question that is not well put: every part that is not")
