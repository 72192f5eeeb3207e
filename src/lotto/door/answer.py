"""What came back through the door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True)
class Answer:
    """A server's whole answer, whatever its status. Its repr shows neither query, body nor headers."""

    url: str = field(repr=False)
    """As it was asked for, before any redirect."""
    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case; repeated fields joined by a comma."""
    asked_at: datetime
    answered_at: datetime
    """When the last byte was read; aware, UTC."""

    @property
    def media(self) -> str:
        """The content type as the server told it, or empty."""
        return self.headers.get("content-type", "")

    @property
    def etag(self) -> str | None:
        """To be given back as `etag` when asking again."""
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        """To be given back as `last_modified` when asking again."""
        return self.headers.get("last-modified")

    @property
    def unchanged(self) -> bool:
        """The server says that the page is still the one we know; there is no body."""
        return self.status == 304

    @property
    def retry_after(self) -> float | None:
        """Seconds the server asks us to wait, never negative; None where it says nothing readable."""
        told = self.headers.get("retry-after", "").strip()
        if told.isascii() and told.isdigit():
            return float(told)
        try:
            at = parsedate_to_datetime(told)
        except ValueError:
            return None
        if at.tzinfo is None:  # "-0000": the header's date is UTC by definition
            at = at.replace(tzinfo=UTC)
        return max(0.0, (at - self.answered_at).total_seconds())
