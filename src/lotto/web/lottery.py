"""A lottery's page: its latest draw, the next one, its rules in plain words, and its history."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Kind, Pool, Shape
from lotto.paths import draw_path
from lotto.web.answers import DrawAnswer, LotteryAnswer
from lotto.web.balls import Ball
from lotto.web.cards import Coming, coming, drawn_balls, place
from lotto.web.moments import capital, listed, pattern, weekdays
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
class Rule:
    """One pool in plain words."""

    name: str
    words: str


@dataclass(frozen=True)
class Rules:
    """What an era asks of the machine, and when."""

    since: str
    pools: tuple[Rule, ...]
    calendar: tuple[str, ...]
    outcomes: str


@dataclass(frozen=True)
class LotteryPage:
    """All of it, seen at one instant."""

    id: str
    name: str
    language: str
    place: str
    zone: str
    lead: str
    newest: Newest | None
    coming: Coming | None
    rules: Rules | None
    former: tuple[Rules, ...]
    rows: tuple[Row, ...]
    older: str | None
    """Cursor of the draws before these."""


def lottery_page(
    words: Words,
    answer: LotteryAnswer,
    draws: Sequence[DrawAnswer],
    older: str | None,
    now: dt.datetime,
    *,
    first: bool,
) -> LotteryPage:
    """The page at `now`; `first` says that the draws begin with the newest."""
    lottery = answer.lottery
    today = now.astimezone(lottery.zone).date()
    era = lottery.era(today) or (lottery.eras[-1] if lottery.eras else None)
    rules = [_rules(words, lottery, one) for one in reversed(lottery.eras)]
    present = next((one for one, its in zip(rules, reversed(lottery.eras), strict=True) if its is era), None)
    return LotteryPage(
        id=answer.id,
        name=answer.name,
        language=answer.language,
        place=place(words, answer),
        zone=answer.zone,
        lead=words.say("page.lottery.lead", operator=answer.operator, place=place(words, answer)),
        newest=_newest(words, lottery, draws[0], today) if first and draws else None,
        coming=coming(words, answer.next_draw, lottery.zone, now),
        rules=present,
        former=tuple(one for one in rules if one is not present),
        rows=tuple(_row(words, lottery, draw, today) for draw in draws),
        older=older,
    )


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


def _row(words: Words, lottery: Lottery, draw: DrawAnswer, today: dt.date) -> Row:
    return Row(
        path=draw_path(draw.key),
        date=draw.date,
        when=pattern(words, draw.date, "page.date.row"),
        label=words.draw_label(draw.label) if draw.label else "",
        balls=drawn_balls(words, draw, _pools(lottery, draw.date)),
        alt=words.alt(lottery, draw.draw),
        standing=standing(words, draw, lottery, today),
    )


def _rules(words: Words, lottery: Lottery, era: Era) -> Rules:
    calendar = []
    for slot in era.calendar:
        days = weekdays(words, slot.days)
        if slot.dates:
            days = words.say("page.rules.dates", dates=listed(words, [str(one) for one in sorted(slot.dates)]))
        if slot.every:
            times = {"first": f"{slot.at:%H:%M}", "last": f"{slot.until:%H:%M}"}
            at = words.say("page.rules.every", count=slot.every, days=days, **times)
        else:
            at = words.say("page.rules.at", time=f"{slot.at:%H:%M}", days=days)
        calendar.append(
            words.say("page.rules.labelled", label=words.draw_label(slot.label), rest=at) if slot.label else at
        )
    if era.any_day:
        calendar.append(words.say("page.rules.any_day"))
    return Rules(
        since=words.date(era.starts_on, "long"),
        pools=tuple(Rule(words.pool(pool) or words.say("page.rules.main"), _rule(words, pool)) for pool in era.pools),
        calendar=tuple(calendar),
        outcomes=words.integer(era.outcomes),
    )


def _rule(words: Words, pool: Pool) -> str:
    if pool.kind is Kind.WORD:
        return words.say("page.rules.words", count=pool.take, size=words.integer(pool.size))
    if pool.kind is Kind.TICKET:
        return words.say("page.rules.tickets", count=pool.take, written=pool.written)
    if pool.shape is Shape.TIMES:
        return words.say("page.rules.times", lowest=pool.lowest, highest=pool.highest)
    if pool.kind is Kind.DIGIT and pool.width == 1:
        return words.say("page.rules.digits", count=pool.take)
    lowest = str(pool.lowest).zfill(pool.width) if pool.kind is Kind.DIGIT else pool.lowest
    key = "page.rules.ordered" if pool.ordered else "page.rules.numbers"
    return words.say(key, count=pool.take, lowest=lowest, highest=pool.highest)
