"""A sieve: what of a lottery's history a reader asks for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Sieve:
    """Days as they were written, a weekday, values; empty where anything will do."""

    since: str = ""
    until: str = ""
    weekday: str = ""
    contains: str = ""

    @classmethod
    def read(cls, query: QueryParams) -> "Sieve":
        """From an address."""
        return cls(*(query.get(name, "").strip() for name in ("from", "to", "weekday", "contains")))

    @property
    def asked(self) -> Mapping[str, object]:
        """As the API is asked; it refuses what is no day and no value with a sentence of its own."""
        asked = {**self.span, "weekday": self.weekday, "contains": self.contains.replace(",", " ").split()}
        return {name: value for name, value in asked.items() if value}

    @property
    def span(self) -> Mapping[str, str]:
        """The days alone, which is all that exports ask for."""
        return {name: value for name, value in (("from", self.since), ("to", self.until)) if value}

    @property
    def query(self) -> str:
        """As an address writes it, without its question mark; empty when everything falls through."""
        named = (("weekday", self.weekday), ("contains", self.contains))
        return urlencode({**self.span, **{name: value for name, value in named if value}})

    @property
    def days(self) -> str:
        """The span as the query of an export, with its question mark."""
        return f"?{urlencode(self.span)}" if self.span else ""


def is_day(text: str) -> bool:
    """Whether the text is a calendar day, as 2024-01-31."""
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2024-01-31")
