"""The ticket checker: a form to write or tap lines in, and what they won.

With a script the browser reads rules and draws itself and sends no line anywhere (frontend/src/check.ts, which says the
same in the same shape); without one the form is sent, and the API checks.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams

from lotto.draws import checking, line
from lotto.draws.checking import BadLine
from lotto.draws.draw import DrawKey, Money
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Kind, Pool
from lotto.paths import draw_path
from lotto.web.answers import CheckedAnswer, DrawAnswer, LotteryAnswer, WonAnswer
from lotto.web.balls import Ball, balls
from lotto.web.moments import pattern
from lotto.web.spans import SPANS, Span
from lotto.words import Words

TAPPED = 100
"""Values of a pool, at most, that are laid out to tap."""


@dataclass(frozen=True)
class Pad:
    """The values of one pool, to be tapped."""

    name: str
    legend: str
    shape: str
    values: tuple[tuple[str, str, bool], ...]
    """Value, what people call it, whether it is tapped."""


@dataclass(frozen=True)
class Group:
    """The games of one country that can be checked: id and name."""

    country: str
    games: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """One line beside the newest draw of the span."""

    title: str
    verdict: str
    won: bool
    balls: tuple[Ball, ...]
    alt: str
    match: str


@dataclass(frozen=True)
class Row:
    """A tier that a line would have won in the span."""

    line: str
    tier: str
    times: str
    path: str
    """The page of the newest of these draws, below a language."""
    last: str
    prize: str


@dataclass(frozen=True)
class Outcome:
    """What the lines won."""

    title: str
    draw: str
    path: str
    lines: tuple[Told, ...]
    past: str
    rows: tuple[Row, ...]
    unplayable: str


@dataclass(frozen=True)
class CheckPage:
    """The form as it was filled in, with what came of it: an outcome, or a sentence on why there is none."""

    groups: tuple[Group, ...]
    id: str
    name: str
    pads: tuple[Pad, ...]
    example: str
    spans: tuple[str, ...]
    span: Span
    text: str
    problem: str = ""
    playable: bool = True
    """Whether lines of this game can be checked at all."""
    outcome: Outcome | None = None


def checkable(answer: LotteryAnswer) -> bool:
    """Whether lines of this game can be checked by its rules of today."""
    try:
        return bool(checking.chosen(answer.lottery.eras[-1]))
    except BadLine:
        return False


def groups(words: Words, answers: Sequence[LotteryAnswer]) -> tuple[Group, ...]:
    """The games that can be checked, by country."""
    by_country: dict[str, list[tuple[str, str]]] = {}
    for one in sorted(filter(checkable, answers), key=lambda one: one.name.casefold()):
        by_country.setdefault(words.country(one.country), []).append((one.id, one.name))
    return tuple(Group(country, tuple(games)) for country, games in sorted(by_country.items()))


def blank(words: Words, offered: tuple[Group, ...], answer: LotteryAnswer, query: QueryParams) -> CheckPage:
    """The form of one game, filled in as the address tells; only the choice of games where it cannot be checked."""
    era = answer.lottery.eras[-1]
    if not checkable(answer):
        why = words.say("page.check.unknown", name=answer.name)
        return CheckPage(offered, answer.id, answer.name, (), "", (), Span(), "", why, playable=False)
    tapped = {pool.name: query.getlist(pool.name) for pool in checking.chosen(era)}
    text = "\n".join(
        filter(None, (query.get("lines", "").strip(), line.written(era, tapped) if any(tapped.values()) else ""))
    )
    return CheckPage(
        groups=offered,
        id=answer.id,
        name=answer.name,
        pads=tuple(_pads(words, era)),
        example=_example(era),
        spans=SPANS,
        span=Span.read(query),
        text=text[:10_000],
    )


def texts(words: Words, era: Era, text: str) -> tuple[list[Mapping[str, Sequence[str]]], str]:
    """The lines as the API takes them, or a sentence on the first that nobody can play by these rules."""
    found: list[Mapping[str, Sequence[str]]] = []
    written = line.lines(text)
    if len(written) > line.MOST:
        return [], words.say("page.check.said.many", count=line.MOST)
    for at, one in enumerate(written):
        try:
            found.append(line.texts(era, one))
        except BadLine as error:
            return [], refused(words, at, error)
    return found, ""


def refusal(words: Words, era: Era, lines: Sequence[Mapping[str, Sequence[str]]]) -> str:
    """What these rules hold against the first of the lines that nobody can play by them; empty where they take all."""
    for at, one in enumerate(lines):
        try:
            checking.read(era, one)
        except BadLine as error:
            return refused(words, at, error)
    return ""


def refused(words: Words, at: int, error: BadLine) -> str:
    """Why the line at that place, from 0, cannot be checked."""
    parts = {**error.parts, "pool": error.parts.get("pool") or words.say("page.check.said.values")}
    why = words.say(f"page.check.said.bad.{error.why}", **parts)
    return words.say("page.check.said.refused", line=at + 1, why=why)


def outcome(
    words: Words,
    answer: LotteryAnswer,
    lines: Sequence[Mapping[str, Sequence[str]]],
    newest: DrawAnswer,
    checked: CheckedAnswer,
) -> Outcome:
    """What those lines won, the newest draw of the span first."""
    lottery = answer.lottery
    now = [won for won in checked.won if (won.date, won.label) == (newest.date, newest.label)]
    winners = len({won.line for won in now})
    return Outcome(
        title=words.say("page.check.said.won", count=winners) if winners else words.say("page.check.said.none"),
        draw=words.say("page.draw.title", name=answer.name, date=_day(words, newest.date)),
        path=draw_path(newest.key),
        lines=tuple(_told(words, lottery, at, one, newest, now) for at, one in enumerate(lines)),
        past=words.say("page.check.said.past", count=checked.draws) if checked.draws > 1 else "",
        rows=tuple(_rows(words, answer.id, checked.won)),
        unplayable=words.say("page.check.said.unplayable", count=checked.unplayable) if checked.unplayable else "",
    )


def _pads(words: Words, era: Era) -> Iterator[Pad]:
    for pool in checking.chosen(era):
        if pool.ordered or pool.repeats or pool.size > TAPPED:
            continue
        values = pool.words.items() if pool.kind is Kind.WORD else ((text, "") for text in _figures(pool))
        takes = {tier.pick.get(pool.name, pool.take) for tier in era.tiers if pool.name in tier.match}
        legend = words.say("page.check.takes", pool=pool.title or words.say("page.rules.main"), count=max(takes))
        yield Pad(pool.name, legend, pool.shape.value, tuple((text, name, False) for text, name in values))


def _figures(pool: Pool) -> Iterator[str]:
    for number in range(pool.lowest, pool.highest + 1):
        yield str(number).zfill(pool.width) if pool.kind is Kind.DIGIT else str(number)


def _example(era: Era) -> str:
    """A line as one is written, of the first values there are."""
    parts = []
    for pool in checking.chosen(era):
        values = [*pool.words] if pool.kind is Kind.WORD else [*_figures(pool)]
        take = max(tier.pick.get(pool.name, pool.take) for tier in era.tiers if pool.name in tier.match)
        parts.append(" ".join(values[1 : take + 1] if len(values) > take else values[:take]))
    return " + ".join(parts)


def _told(
    words: Words,
    lottery: Lottery,
    at: int,
    texts: Mapping[str, Sequence[str]],
    draw: DrawAnswer,
    won: Sequence[WonAnswer],
) -> Told:
    title = words.say("page.check.said.line", line=at + 1)
    tiers = [one for one in won if one.line == at]
    shown, matches = _shown(words, lottery.era(draw.date), texts, draw)
    match = words.say("page.check.said.miss")
    if matches:
        match = words.say("page.check.said.match", values=", ".join(matches))
    verdict = ", ".join(_win(words, one) for one in tiers) or words.say("page.check.said.no_prize")
    return Told(title, verdict, bool(tiers), shown, f"{title}: {match}", match if shown else "")


def _shown(
    words: Words, era: Era | None, texts: Mapping[str, Sequence[str]], draw: DrawAnswer
) -> tuple[tuple[Ball, ...], list[str]]:
    """The line's balls, those that are right marked so, and the right ones in words; none where nobody can play it."""
    try:
        line = checking.read(era, texts) if era else {}
    except BadLine:
        return (), []
    shown: list[Ball] = []
    matches: list[str] = []
    for pool in checking.chosen(era) if era else ():
        values = line[pool.name]
        hits = checking.right(era, pool, values, draw.numbers) if era else []
        for place, (ball, hit) in enumerate(zip(balls(words, (pool,), {pool.name: values}), hits, strict=True)):
            shown.append(replace(ball, kind=f"{ball.kind} {'hit' if hit else 'miss'}".strip()))
            if hit:
                matches.append(words.value(pool, place, values[place]))
    return tuple(shown), matches


def _win(words: Words, won: WonAnswer) -> str:
    tier = words.say("page.check.said.several", tier=won.tier, count=won.count) if won.count > 1 else won.tier
    return words.say("page.check.said.prize", tier=tier, amount=words.money(won.prize)) if won.prize else tier


def _rows(words: Words, lottery: str, won: Sequence[WonAnswer]) -> Iterator[Row]:
    grouped: dict[tuple[int, str], list[WonAnswer]] = {}
    for one in won:
        grouped.setdefault((one.line, one.tier), []).append(one)
    for (at, tier), those in sorted(grouped.items(), key=lambda item: item[0][0]):
        last = those[0]
        yield Row(
            line=words.say("page.check.said.line", line=at + 1),
            tier=tier,
            times=words.integer(sum(one.count for one in those)),
            path=draw_path(DrawKey(lottery, last.date, last.label)),
            last=_day(words, last.date),
            prize=_money(words, last.prize),
        )


def _money(words: Words, money: Money | None) -> str:
    return words.money(money) if money else "–"


def _day(words: Words, on: dt.date) -> str:
    return pattern(words, on, "page.date.row")
