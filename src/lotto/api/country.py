"""Countries as questions name them."""

from typing import Annotated

from fastapi import Query
from pydantic import StringConstraints

Code = Annotated[str, StringConstraints(pattern="^[A-Za-z]{2}$", to_upper=True)]

Country = Annotated[Code | None, Query(description="two letters, ISO 3166-1")]
"""A route's parameter of this type is a country's code in capitals, or None."""
