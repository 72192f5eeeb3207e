"""A draw's page: the numbers, how sure we are, who says so, and every revision of it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from lotto.draws.draw import Draw, Status
from lotto.paths import draw_path, lottery_path
from lotto.web.addresses import outward
from lotto.web.answers import DetailAnswer, LatencyAnswer, Picture, RevisionAnswer, Witness
from lotto.web.balls import Ball, balls, told
from lotto.web.cards import drawn_balls
from lotto.web.latency import StepRow, steps
from lotto.web.moments import exact
from lotto.web.standing import Note, Standing, note, standing
from lotto.words import Words, changes

LOOKS = {
    Status.CONFIRMED: "is-ok",
    Status.PROVISIONAL: "is-wait",
    Status.PARTIAL: "is-wait",
    Status.HELD: "is-stop",
}


UNDECIDED = (Status.SCHEDULED, Status.PARTIAL, Status.HELD)
"""While a draw stands so, no source is right and none is wrong; nor can a lone one agree."""


@dataclass(frozen=True)
class Says:
    """What one source says, and when we saw it say so."""

    publisher: str
    kind: str
    home: str
    says: str
    verdict: str
    agrees: bool
    objections: tuple[str, ...]
    seen: str
    hash: str


@dataclass(frozen=True)
class Link:
    """One revision or update in the chain."""

    title: str
    when: str
    status: str
    changed: tuple[str, ...]
    balls: tuple[Ball, ...]
    hash: str
    before: str


@dataclass(frozen=True)
class PrizeRow:
    """One prize tier."""

    tier: str
    amount: str
    winners: str


@dataclass(frozen=True)
class Neighbour:
    """The draw before or after."""

    path: str
    words: str


@dataclass(frozen=True)
class Size:
    """One picture of the draw, in its pixels."""

    url: str
    words: str


@dataclass(frozen=True)
class DrawPage:
    """All of it, seen at one instant."""

    subject: str
    lottery: str
    lottery_path: str
    country: str
    name: str
    title: str
    label: str
    when: str
    drawn_at: dt.datetime
    drawn_clock: str
    balls: tuple[Ball, ...]
    alt: str
    order: str
    note: Note | None
    corrected: str
    standing: Standing
    look: str
    verdict: str
    jackpot: str
    prizes: tuple[PrizeRow, ...]
    sources: tuple[Says, ...]
    steps: tuple[StepRow, ...]
    serial: str
    revisions: tuple[Link, ...]
    picture: Picture | None
    sizes: tuple[Size, ...]
    json: str
    previous: Neighbour | None
    next: Neighbour | None


def draw_page(words: Words, answer: DetailAnswer, latency: LatencyAnswer | None, now: dt.datetime) -> DrawPage:
    """The page at `now`, in the lottery's own zone."""
    lottery = answer.rules
    zone, today, date = lottery.zone, now.astimezone(lottery.zone).date(), words.date(answer.date)
    draw = answer.draw
    label = words.draw_label(answer.label) if answer.label else ""
    name = words.say("page.line.labelled", name=answer.game.name, label=label) if label else answer.game.name
    pictures = _pictures(answer.cards, words.lang)
    return DrawPage(
        subject=str(answer.key),
        lottery=answer.lottery,
        lottery_path=lottery_path(answer.lottery),
        country=answer.game.country,
        name=answer.game.name,
        title=words.say("page.draw.title", name=name, date=date),
        label=label,
        when=words.date(answer.date, "long"),
        drawn_at=answer.drawn_at.astimezone(zone),
        drawn_clock=words.say("page.date.with_place", time=words.time(answer.drawn_at, zone), place=words.place(zone)),
        balls=drawn_balls(words, answer, answer.pools),
        alt=words.alt(lottery, draw),
        order=_order(words, answer),
        note=note(words, answer, answer.pools),
        corrected=_corrected(words, answer, draw),
        standing=standing(words, answer, lottery, today),
        look=LOOKS.get(answer.status, ""),
        verdict=_verdict(words, answer),
        jackpot=words.money(answer.jackpot) if answer.jackpot else "",
        prizes=tuple(_prizes(words, answer)),
        sources=tuple(_says(words, answer, one) for one in answer.sources),
        steps=steps(words, latency, zone),
        serial=answer.serial or "",
        revisions=tuple(_chain(words, answer)),
        picture=pictures[0] if pictures else None,
        sizes=tuple(Size(one.url, words.say("page.card.size", width=one.width, height=one.height)) for one in pictures),
        json=f"/api/v1/lotteries/{quote(answer.lottery)}/draws/{draw_path(answer.key).partition('/')[2]}",
        previous=_neighbour(words, answer.lottery, answer.previous),
        next=_neighbour(words, answer.lottery, answer.next),
    )


def _verdict(words: Words, answer: DetailAnswer) -> str:
    """What the evidence comes to, or that a person decided, and why."""
    if answer.decision and answer.status is Status.CONFIRMED:
        return words.say("page.evidence.decided", reason=answer.decision.reason)
    return words.say(f"page.evidence.{answer.status}")


def _order(words: Words, answer: DetailAnswer) -> str:
    """The values as they fell, where that is known and is another order than they are shown in."""
    if not answer.numbers or all(answer.numbers.get(name) == values for name, values in answer.drawn.items()):
        return ""
    return told(words, answer.pools, {**answer.numbers, **answer.drawn})


def _corrected(words: Words, answer: DetailAnswer, draw: Draw) -> str:
    said = "; ".join(words.change(change) for change in changes(answer.pools, draw))
    if not said or answer.decided_at is None:
        return ""
    return words.say("page.corrected.why", changes=said, when=exact(words, answer.decided_at, answer.rules.zone))


def _prizes(words: Words, answer: DetailAnswer) -> Iterator[PrizeRow]:
    for prize in answer.prizes:
        yield PrizeRow(
            tier=prize.tier,
            amount=words.money(prize.amount) if prize.amount else "–",
            winners="–" if prize.winners is None else words.integer(prize.winners),
        )


def _says(words: Words, answer: DetailAnswer, one: Witness) -> Says:
    verdict = words.say("page.evidence.agrees" if one.agrees else "page.evidence.not_followed")
    said = told(words, answer.pools, one.numbers)
    decided = answer.status not in UNDECIDED and len(answer.sources) > 1
    return Says(
        publisher=one.publisher,
        kind=words.say("page.source.official" if one.official else "page.source.other"),
        home=outward(one.home),
        says=words.say("page.evidence.says", numbers=said) if said else words.say("page.evidence.nothing"),
        verdict=verdict if decided else "",
        agrees=one.agrees or not decided,
        objections=one.objections,
        seen=exact(words, one.observed_at, answer.rules.zone),
        hash=one.sha256,
    )


def _chain(words: Words, answer: DetailAnswer) -> Iterator[Link]:
    """Newest first, each beside what it changed of the one before it."""
    oldest_first = sorted(answer.revisions, key=lambda one: (one.revision, one.update))
    pairs = list(zip([None, *oldest_first], oldest_first, strict=False))
    for before, one in reversed(pairs):
        yield _link(words, answer, before, one)


def _link(words: Words, answer: DetailAnswer, before: RevisionAnswer | None, one: RevisionAnswer) -> Link:
    draw = answer.draw
    corrects = before is not None and before.revision and one.revision > before.revision and one.numbers
    then = replace(
        draw,
        status=one.status,
        revision=one.revision,
        numbers=one.numbers,
        replaces=before.numbers if corrects and before else {},
    )
    number = words.say("page.revisions.revision", number=one.revision) if one.revision else ""
    update = words.say("page.revisions.update", number=one.update) if one.update else ""
    return Link(
        title=", ".join(filter(None, (number, update))) or words.say("page.revisions.first"),
        when=exact(words, one.updated_at, answer.rules.zone),
        status=words.say(f"page.revisions.status.{one.status}"),
        changed=tuple(words.change(change) for change in changes(answer.pools, then)),
        balls=() if before and before.numbers == one.numbers else balls(words, answer.pools, one.numbers),
        hash=one.hash,
        before=one.previous_hash,
    )


def _pictures(cards: Sequence[Picture], lang: str) -> list[Picture]:
    """Those in the reader's language, else those in another, widest first; none that a browser may not load."""
    good = [replace(one, url=outward(one.url)) for one in cards if outward(one.url)]
    ours = [one for one in good if one.lang == lang] or [one for one in good if one.lang == good[0].lang]
    return sorted(ours, key=lambda one: one.height / max(one.width, 1))


def _neighbour(words: Words, lottery: str, other: str | None) -> Neighbour | None:
    if not other:
        return None
    date, _, label = other.partition("/")
    try:
        when = words.date(dt.date.fromisoformat(date), "short")
    except ValueError:
        return None
    said = words.say("page.date.with_label", label=words.draw_label(label), rest=when) if label else when
    return Neighbour("/".join(quote(part, safe="") for part in (lottery, date, label) if part), said)
