"""The rules of an era in plain words: what is drawn, and when."""

from dataclasses import dataclass

from lotto.draws.calendar import Slot
from lotto.draws.lottery import Era
from lotto.draws.pool import Kind, Pool, Shape
from lotto.web.moments import listed, weekdays
from lotto.words import Words


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


def rules(words: Words, era: Era) -> Rules:
    """That era in words."""
    calendar = [_slot(words, slot) for slot in era.calendar]
    if era.any_day:
        calendar.append(words.say("page.rules.any_day"))
    return Rules(
        since=words.date(era.starts_on, "long"),
        pools=tuple(Rule(words.pool(pool) or words.say("page.rules.main"), _rule(words, pool)) for pool in era.pools),
        calendar=tuple(calendar),
        outcomes=words.integer(era.outcomes),
    )


def _slot(words: Words, slot: Slot) -> str:
    days = weekdays(words, slot.days)
    if slot.dates:
        days = words.say("page.rules.dates", dates=listed(words, [str(one) for one in sorted(slot.dates)]))
    if slot.every:
        times = {"first": f"{slot.at:%H:%M}", "last": f"{slot.until:%H:%M}"}
        at = words.say("page.rules.every", count=slot.every, days=days, **times)
    else:
        at = words.say("page.rules.at", time=f"{slot.at:%H:%M}", days=days)
    return words.say("page.rules.labelled", label=words.draw_label(slot.label), rest=at) if slot.label else at


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
