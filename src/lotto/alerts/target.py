"""Where a notice goes: the contract of a target, and how one fails."""

from typing import Protocol

from lotto.alerts.notice import Notice


class NotDelivered(Exception):
    """It did not arrive, or may not have; a sentence without a secret. `wait` is how long the target asks us to."""

    def __init__(self, words: str, wait: float | None = None) -> None:
        super().__init__(words)
        self.wait = wait


class Unwanted(NotDelivered):
    """The target says that it is gone for good."""


class Target(Protocol):
    """Somewhere a notice is brought. Its name stands in the ledger and in the log: there is no secret in it."""

    @property
    def name(self) -> str:
        """What it is called."""

    async def bring(self, notice: Notice) -> None:
        """Brings the notice there; raises NotDelivered. Twice the same notice is known by its id."""


class BadTarget(ValueError):
    """A target cannot be used; the message completes a sentence, without a secret."""
