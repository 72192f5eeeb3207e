"""How long draws take on their way, in words: of one draw step by step, and of most draws."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lotto.web.amounts import length
from lotto.web.answers import LatencyAnswer, PacesAnswer, PercentilesAnswer
from lotto.web.moments import exact
from lotto.words import Words

STEPS = ("drawn", "seen", "decided", "card", "posted")
"""The steps we have words for."""


@dataclass(frozen=True)
class StepRow:
    """A step of one draw."""

    step: str
    at: dt.datetime
    when: str
    took: str
    """Since the draw; empty where nobody can tell."""


@dataclass(frozen=True)
class PaceRow:
    """How long most draws need until this step is made."""

    step: str
    draws: str
    half: str
    most: str
    nearly_all: str
    longest: str


def steps(words: Words, answer: LatencyAnswer | None, zone: ZoneInfo) -> tuple[StepRow, ...]:
    """The steps of a draw on its lottery's own clock; none of a draw that was loaded from the past."""
    return tuple(
        StepRow(
            step=words.say(f"page.step.{one.step}"),
            at=one.at,
            when=exact(words, one.at, zone),
            took=words.say("page.step.after", length=length(words, one.since_drawn)) if one.since_drawn else "",
        )
        for one in (answer.steps if answer else ())
        if one.step in STEPS
    )


def paces(words: Words, answer: PacesAnswer) -> tuple[PaceRow, ...]:
    """How long the newest draws took from the draw to each step that is measured."""
    return tuple(_paces(words, answer))


def _paces(words: Words, answer: PacesAnswer) -> Iterator[PaceRow]:
    for one in answer.steps:
        if one.step in STEPS and one.since_drawn and one.step != "drawn":
            yield PaceRow(words.say(f"page.step.{one.step}"), words.integer(one.draws), *_told(words, one.since_drawn))


def _told(words: Words, one: PercentilesAnswer) -> tuple[str, str, str, str]:
    half, most, nearly_all, longest = (length(words, value) for value in (one.p50, one.p90, one.p99, one.longest))
    return half, most, nearly_all, longest
