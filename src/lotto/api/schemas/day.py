"""Days as the world writes them."""

from datetime import MAXYEAR, date
from typing import Annotated

from pydantic import BeforeValidator, Field


def _day(text: object) -> date:
    """A day as addresses write it. The last year is left out: its end is beyond time in other zones."""
    try:
        found = date.fromisoformat(str(text))
    except ValueError:
        found = date.max
    if found.isoformat() != text or found.year == MAXYEAR:
        raise ValueError(f"“{str(text)[:20]}” is not a day; write it like 2024-11-02")
    return found


Day = Annotated[date, BeforeValidator(_day), Field(json_schema_extra={"pattern": "^(?!9999)"})]
"""A day, written like 2024-11-02 and not otherwise."""
