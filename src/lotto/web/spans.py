"""Which draws a ticket is checked against: a stretch of local days, as the page offers it and its address tells it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

NAMED = {"newest": 0, "month": 30, "year": 365}
"""Spans that end with the newest draw → so many days before it."""

SPANS = (*NAMED, "rules", "all", "days")
"""What may be asked for: also every draw under the newest rules, every draw there is, and the days from and to."""


@dataclass(frozen=True)
class Span:
    """What was asked for, as it stands in the address."""

    name: str = "newest"
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Span":
        """The span of an address; one that we do not know is the newest draw's day."""
        since, until = (_day(query.get(name, "")) for name in ("from", "to"))
        name = query.get("span", "")
        return cls(name if name in SPANS else "newest", since, until)

    def days(self, newest: dt.date, rules: dt.date) -> tuple[dt.date | None, dt.date | None]:
        """First and last local day, None where it is open; `rules` is the day since when those of today hold."""
        match self.name:
            case "rules":
                return rules, None
            case "all":
                return None, None
            case "days":
                return dt.date.fromisoformat(self.since) if self.since else None, (
                    dt.date.fromisoformat(self.until) if self.until else None
                )
            case _:
                return newest - dt.timedelta(days=NAMED[self.name]), newest


def _day(text: str) -> str:
    """The day as it was written, nothing where it is none."""
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
