"""A lottery's page: its latest draw, the next one, its rules and chances in plain words, and its history."""

import datetime as dt
from dataclasses import dataclass

from lotto.draws.lottery import Lottery
from lotto.draws.pool import Pool
from lotto.paths import draw_path
from lotto.web.answers import DrawAnswer, LotteryAnswer, OddsAnswer
from lotto.web.balls import Ball
from lotto.web.cards import Coming, coming, drawn_balls, place
from lotto.web.moments import MONDAY, capital, pattern
from lotto.web.odds import Chances, chances
from lotto.web.rules import Rules, rules
from lotto.web.sieve import WEEKDAYS, Sieve
from lotto.web.standing import Note, Standing, note, standing
from lotto.words import Words


@dataclass(frozen=True)
class Row:
    """One draw of the history."""

    path: str
    date: dt.date
    when: str
    label: str
    balls: tuple[Ball, ...]
    alt: str
    standing: Standing


@dataclass(frozen=True)
class Newest:
    """The latest draw, large."""

    path: str
    when: str
    label: str
    drawn_at: dt.datetime
    balls: tuple[Ball, ...]
    alt: str
    note: Note | None
    standing: Standing
    jackpot: str


@dataclass(frozen=True)
class Day:
    """A weekday on which draws may be looked for."""

    name: str
    words: str


@dataclass(frozen=True)
class History:
    """A stretch of its draws, newest first."""

    sieve: Sieve
    days: tuple[Day, ...]
    """Weekdays to choose from; none where it is drawn on one alone."""
    rows: tuple[Row, ...]
    first: bool
    """They begin with the newest."""
    older: str | None
    """Cursor of the draws before these."""
    refused: str
    """Why what was asked for cannot be looked for, in English; empty when it can."""


@dataclass(frozen=True)
class Stretch:
    """What was found of a history: draws, the cursor of those before, or why there are none."""

    draws: tuple[DrawAnswer, ...] = ()
    older: str | None = None
    first: bool = True
    refused: str = ""


@dataclass(frozen=True)
class LotteryPage:
    """All of it, seen at one instant."""

    id: str
    name: str
    language: str
    country: str
    operator: str
    place: str
    began: str
    """The first day of its first rules, ISO."""
    lead: str
    newest: Newest | None
    coming: Coming | None
    rules: Rules | None
    former: tuple[Rules, ...]
    chances: Chances | None
    history: History


def lottery_page(
    words: Words,
    answer: LotteryAnswer,
    newest: DrawAnswer | None,
    odds: OddsAnswer | None,
    sieve: Sieve,
    stretch: Stretch,
    now: dt.datetime,
) -> LotteryPage:
    """The page at `now`; `newest` is the newest draw, where the page shows it, and the stretch is what fell through."""
    lottery = answer.lottery
    today = now.astimezone(lottery.zone).date()
    era = lottery.era(today) or (lottery.eras[-1] if lottery.eras else None)
    told = [rules(words, one) for one in reversed(lottery.eras)]
    present = next((one for one, its in zip(told, reversed(lottery.eras), strict=True) if its is era), None)
    return LotteryPage(
        id=answer.id,
        name=answer.name,
        language=answer.language,
        country=answer.country,
        operator=answer.operator,
        place=place(words, answer),
        began=lottery.eras[0].starts_on.isoformat() if lottery.eras else "",
        lead=words.say("page.lottery.lead", operator=answer.operator, place=place(words, answer)),
        newest=_newest(words, lottery, newest, today) if newest else None,
        coming=coming(words, answer.next_draw, lottery.zone, now),
        rules=present,
        former=tuple(one for one in told if one is not present),
        chances=chances(words, odds, era.pools if era else (), answer.currency),
        history=History(
            sieve=sieve,
            days=_days(words, lottery),
            rows=tuple(row(words, lottery, draw, today) for draw in stretch.draws),
            first=stretch.first,
            older=stretch.older,
            refused=stretch.refused,
        ),
    )


def _days(words: Words, lottery: Lottery) -> tuple[Day, ...]:
    """The weekdays on which it was ever drawn."""
    drawn = {day for era in lottery.eras for slot in era.calendar for day in slot.days}
    every = any(era.any_day or any(slot.dates for slot in era.calendar) for era in lottery.eras)
    held = [number for number in range(7) if every or number in drawn]
    days = (Day(WEEKDAYS[number], words.weekday(MONDAY + dt.timedelta(days=number))) for number in held)
    return tuple(days) if held[1:] else ()


def _pools(lottery: Lottery, on: dt.date) -> tuple[Pool, ...]:
    era = lottery.era(on)
    return era.pools if era else ()


def _newest(words: Words, lottery: Lottery, draw: DrawAnswer, today: dt.date) -> Newest:
    pools = _pools(lottery, draw.date)
    return Newest(
        path=draw_path(draw.key),
        when=capital(words.date(draw.date)),
        label=words.draw_label(draw.label) if draw.label else "",
        drawn_at=draw.drawn_at,
        balls=drawn_balls(words, draw, pools),
        alt=words.alt(lottery, draw.draw),
        note=note(words, draw, pools),
        standing=standing(words, draw, lottery, today),
        jackpot=words.money(draw.jackpot) if draw.jackpot else "",
    )


def row(words: Words, lottery: Lottery, draw: DrawAnswer, today: dt.date) -> Row:
    """A draw in one line, by the rules of its day."""
    return Row(
        path=draw_path(draw.key),
        date=draw.date,
        when=pattern(words, draw.date, "page.date.row"),
        label=words.draw_label(draw.label) if draw.label else "",
        balls=drawn_balls(words, draw, _pools(lottery, draw.date)),
        alt=words.alt(lottery, draw.draw),
        standing=standing(words, draw, lottery, today),
    )
