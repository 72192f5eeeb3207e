"""What the API answers about being told: by newsletter, and by notifications of the browser."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NewsletterAnswer:
    """A newsletter that anybody may subscribe to."""

    id: str


@dataclass(frozen=True, kw_only=True)
class PushAnswer:
    """How a browser subscribes to notifications: by which key, and to what; without a key not at all."""

    key: str | None
    accounts: tuple[str, ...]
