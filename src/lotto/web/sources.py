"""The list of sources: who they are, what they are up to, and how it went when they were last asked."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lotto.web.addresses import outward
from lotto.web.answers import LotteryAnswer, SourceAnswer, StandingAnswer
from lotto.web.moments import listed, moment_utc
from lotto.words import Words

SIGNS = {
    "blocked": "broken",
    "changed": "broken",
    "silent": "broken",
    "disagreeing": "held",
    "late": "slow",
    "well": "confirmed",
    "resting": "resting",
}
"""State → the sign it is told with."""

OUTCOMES = ("read", "objected", "unchanged", "not_yet", "changed", "failed", "blocked")


@dataclass(frozen=True)
class Line:
    """One thing that a source is up to."""

    sign: str
    state: str
    about: str
    """The lottery it is about; empty when it is the whole source."""
    why: str
    since_at: dt.datetime | None
    since: str


@dataclass(frozen=True)
class SourceRow:
    """One source."""

    publisher: str
    kind: str
    origin: str
    home: str
    lines: tuple[Line, ...]
    outcome: str
    asked_at: dt.datetime | None
    asked: str
    next_at: dt.datetime | None
    next: str
    lotteries: str


def sources(
    words: Words, answers: Iterable[SourceAnswer], lotteries: Sequence[LotteryAnswer], now: dt.datetime
) -> tuple[SourceRow, ...]:
    """A row for each source: those that rest last, of the others official ones first."""
    names = {lottery.id: lottery.name for lottery in lotteries}
    ordered = sorted(answers, key=lambda one: (_rests(one), not one.official, one.publisher))
    return tuple(_row(words, one, names, now) for one in ordered)


def _rests(one: SourceAnswer) -> bool:
    return any(standing.state == "resting" for standing in one.standings)


def _row(words: Words, one: SourceAnswer, names: Mapping[str, str], now: dt.datetime) -> SourceRow:
    asked = words.say(f"page.outcome.{one.outcome}") if one.outcome in OUTCOMES else ""
    next_at = one.next_at if one.next_at and one.next_at > now else None
    return SourceRow(
        publisher=one.publisher,
        kind=words.say("page.source.official" if one.official else "page.source.other"),
        origin=words.say("page.source.origin", origin=one.origin),
        home=outward(one.home),
        lines=tuple(_line(words, standing, names, now) for standing in one.standings),
        outcome=asked,
        asked_at=one.asked_at,
        asked=moment_utc(words, one.asked_at, now.date()) if one.asked_at else "–",
        next_at=next_at,
        next=moment_utc(words, next_at, now.date()) if next_at else "",
        lotteries=listed(words, [names.get(lottery, lottery) for lottery in one.lotteries]),
    )


def _line(words: Words, one: StandingAnswer, names: Mapping[str, str], now: dt.datetime) -> Line:
    state = one.state if one.state in SIGNS else "unknown"
    if state == "well" and one.since is None:
        state = "unasked"
    return Line(
        sign=SIGNS.get(state, "scheduled"),
        state=words.say(f"page.state.{state}"),
        about=names.get(one.lottery, one.lottery) if one.lottery else "",
        # What is well needs no reason.
        why="" if state == "well" else one.why,
        since_at=one.since,
        since=moment_utc(words, one.since, now.date()) if one.since else "",
    )
