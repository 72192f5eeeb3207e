"""Days as addresses write them."""

from datetime import MAXYEAR, date
from typing import Annotated

from fastapi import Path
from pydantic import BeforeValidator, Field


def _day(text: object) -> date:
    """The last year is left out: its end is beyond time in other zones."""
    try:
        found = date.fromisoformat(str(text))
    except ValueError:
        found = date.max
    if found.isoformat() != text or found.year == MAXYEAR:
        raise ValueError(f"“{str(text)[:20]}” is not a day; write it like 2024-11-02")
    return found


AnyDay = Annotated[date, BeforeValidator(_day), Field(json_schema_extra={"pattern": "^(?!9999)"})]
"""A day in a question."""

Day = Annotated[AnyDay, Path(description="the day in the lottery's own zone, as 2024-11-02")]
"""A route's parameter of this type is the local day of a draw."""
