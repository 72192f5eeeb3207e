"""Access tokens that last an hour or so, renewed by what lasts longer."""

from collections.abc import Awaitable, Callable
from time import monotonic

EARLY = 60.0
"""Seconds before its end that a token is renewed."""


class Token:
    """One access token; `renew` gets a new one and the seconds for which it is good."""

    def __init__(self, renew: Callable[[], Awaitable[tuple[str, float]]]) -> None:
        self._renew = renew
        self._token = ""
        self._until = 0.0

    async def header(self) -> dict[str, str]:
        """The header that lets us in."""
        if monotonic() >= self._until - EARLY:
            self._token, good = await self._renew()
            self._until = monotonic() + good
        return {"Authorization": f"Bearer {self._token}"}
