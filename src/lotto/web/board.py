"""The board: every lottery's newest result, and the day as a line."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lotto.draws.draw import Status
from lotto.paths import draw_path, lottery_path
from lotto.web.answers import CollectionAnswer, Game, LatestAnswer, Next
from lotto.web.cards import Card, cards
from lotto.web.choice import Choice, Chooser, chooser
from lotto.web.moments import brief, capital, pattern
from lotto.words import Words

MOST_STOPS = 9


@dataclass(frozen=True)
class Stop:
    """One draw on the day's line."""

    lottery: str
    path: str
    kind: str
    """`done`, `now` or `later`: a filled, half or open dot."""
    at: dt.datetime
    when: str
    name: str
    words: str


@dataclass(frozen=True)
class Board:
    """All of it, seen at one instant."""

    day: str
    clock: str
    place: str
    zone: str
    stops: tuple[Stop, ...]
    cards: tuple[Card, ...]
    chooser: Chooser


def board(
    words: Words,
    latest: Sequence[LatestAnswer],
    now: dt.datetime,
    collections: Sequence[CollectionAnswer] = (),
    choice: Choice = Choice(),  # noqa: B008 # frozen
) -> Board:
    """The board at `now`, of what is chosen alone; its clock is that of the newest draw's place."""
    seen = [draw for draw in latest if choice.holds(draw.game, collections)]
    made = cards(words, seen, now)
    zone = ZoneInfo(made[0].game.zone) if made else ZoneInfo("UTC")
    return Board(
        day=capital(pattern(words, now.astimezone(zone).date(), "page.date.day")),
        clock=words.time(now, zone),
        place=words.place(zone),
        zone=zone.key,
        stops=_line(words, seen, now),
        cards=made,
        chooser=chooser(words, (draw.game for draw in latest), collections, choice),
    )


def _line(words: Words, latest: Sequence[LatestAnswer], now: dt.datetime) -> tuple[Stop, ...]:
    """Newest first: the next draw of all, then what is being drawn and what is out."""
    stops = [_past(words, draw, now) for draw in latest]
    coming = ((draw.game, draw.next_draw) for draw in latest if draw.next_draw)
    ahead = [_ahead(words, game, draw, now) for game, draw in coming if draw.drawn_at > now]
    soonest = min(ahead, key=lambda stop: stop.at, default=None)
    newest_first = sorted(stops, key=lambda stop: stop.at, reverse=True)
    return tuple(([soonest] if soonest else []) + newest_first)[:MOST_STOPS]


def _past(words: Words, draw: LatestAnswer, now: dt.datetime) -> Stop:
    zone = ZoneInfo(draw.game.zone)
    told = draw.status in (Status.CONFIRMED, Status.PROVISIONAL, Status.VOID) or bool(draw.numbers)
    return Stop(
        lottery=draw.lottery,
        path=draw_path(draw.key),
        kind="done" if told else "now" if draw.status is Status.PARTIAL else "later",
        at=draw.drawn_at,
        when=brief(words, draw.drawn_at, zone, now.astimezone(zone).date()),
        name=_name(words, draw.game.name, draw.label),
        words=words.place(zone) if told else words.say(f"page.line.{draw.status}"),
    )


def _ahead(words: Words, game: Game, draw: Next, now: dt.datetime) -> Stop:
    zone = ZoneInfo(game.zone)
    return Stop(
        lottery=game.id,
        path=lottery_path(game.id),
        kind="later",
        at=draw.drawn_at,
        when=brief(words, draw.drawn_at, zone, now.astimezone(zone).date()),
        name=_name(words, game.name, draw.label),
        words=words.say("page.line.scheduled"),
    )


def _name(words: Words, name: str, label: str) -> str:
    return words.say("page.line.labelled", name=name, label=words.draw_label(label)) if label else name
