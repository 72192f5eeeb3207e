"""Countries as questions name them."""

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

Country = Annotated[
    str | None,
    AfterValidator(lambda text: text and text.upper()),
    Query(pattern="^[A-Za-z]{2}$", description="two letters, ISO 3166-1"),
]
"""A route's parameter of this type is a country's code in capitals, or None."""
