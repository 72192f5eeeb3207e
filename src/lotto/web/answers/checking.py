"""What the API answers about lines that were checked."""

import datetime as dt
from dataclasses import dataclass

from lotto.draws.draw import Money


@dataclass(frozen=True, kw_only=True)
class WonAnswer:
    """A draw in which a line, counted from 0, won; of a system, `count` of its lines did."""

    date: dt.date
    label: str
    line: int
    tier: str
    count: int
    prize: Money | None


@dataclass(frozen=True, kw_only=True)
class CheckedAnswer:
    """What lines won, the newest draw first; the rules of `unplayable` draws took no such line."""

    draws: int
    unplayable: int
    won: tuple[WonAnswer, ...]
