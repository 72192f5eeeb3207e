"""How the house is, as the world sees it."""

from typing import Literal

from pydantic import Field

from lotto.api.schemas.schema import Schema


class Check(Schema):
    """One thing that was looked at."""

    well: bool
    says: str
    oldest_seconds: float | None = None
    """Of what waits: since when the oldest does."""


class Ready(Schema):
    """Reads can be served; and how the rest is, by name."""

    status: Literal["ready"]
    version: str = Field(serialization_alias="schema")
    checks: dict[str, Check]
