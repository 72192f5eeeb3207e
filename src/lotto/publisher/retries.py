"""Retries: when what was not taken is tried again. Pure.

The waits grow fourfold from five seconds to eight hours, over three days: some sixteen tries. No two go in step: to
each wait up to a quarter of it is added by chance. What the receiver asks for is waited at the least.
"""

from datetime import datetime, timedelta
from typing import Final

FIRST: Final = timedelta(seconds=5)
GROWTH: Final = 4.0
LONGEST: Final = timedelta(hours=8)
SPREAD: Final = 0.25
"""Of a wait, at the most, is added by chance."""

GIVE_UP: Final = timedelta(days=3)
"""After the first try comes the last one."""

ASKED_AT_MOST: Final = timedelta(days=1)
"""Who asks us to wait longer is asked again all the same."""

HELD_AT_MOST: Final = timedelta(minutes=5)
"""So long at the most nothing at all is sent to who did not take the last message, unless he asks for longer."""

OUTAGE: Final = 3
"""So many tries in a row that were not taken are an outage: when it is over, all that waits goes out."""


def wait(tries: int, chance: float, asked: float | None = None) -> timedelta:
    """The wait after so many tries, one at the least; `chance` is of 0 to 1, `asked` in seconds."""
    grown = min(FIRST * GROWTH ** min(tries - 1, 10), LONGEST)
    return max(grown * (1 + SPREAD * chance), _asked(asked))


def next_try(tries: int, since: datetime, now: datetime, chance: float, asked: float | None = None) -> datetime | None:
    """When it is tried again that was tried so often since then; None after the last try.

    The last try comes when the time is over, or, where the receiver asks for longer, when that is.
    """
    last = since + GIVE_UP
    if now >= last:
        return None
    return max(min(now + wait(tries, chance), last), now + _asked(asked))


def hold(failures: int, now: datetime, chance: float, asked: float | None = None) -> datetime:
    """Until when a webhook is sent nothing that did not take so many messages in a row."""
    return now + max(min(wait(failures, chance), HELD_AT_MOST), _asked(asked))


def is_over(failing_since: datetime, now: datetime) -> bool:
    """Whether a webhook that has taken nothing since then is to rest."""
    return now - failing_since >= GIVE_UP


def _asked(seconds: float | None) -> timedelta:
    return min(timedelta(seconds=min(seconds or 0.0, 1e6)), ASKED_AT_MOST)
