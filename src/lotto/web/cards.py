"""Cards of the board: one for each lottery, with what was drawn, how sure we are, and when it is drawn again."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from zoneinfo import ZoneInfo

from lotto.draws.draw import Status
from lotto.draws.pool import Pool
from lotto.paths import draw_path
from lotto.web.answers import DrawAnswer, Game, LatestAnswer, Next
from lotto.web.balls import Ball, balls
from lotto.web.moments import day, moment, span
from lotto.web.standing import Note, Standing, note, standing
from lotto.words import Words

MOST_DRAWS = 4
"""So many draws of one lottery stand on its card; games of every hour would fill a page."""


@dataclass(frozen=True)
class Shown:
    """One draw as a card shows it."""

    path: str
    label: str
    balls: tuple[Ball, ...]
    alt: str
    note: Note | None


@dataclass(frozen=True)
class Coming:
    """The next draw, and how long it is until then."""

    at: dt.datetime
    """On the lottery's own clock."""
    minutes: int
    """Whole ones left."""
    span: str
    when: str

    @property
    def due(self) -> bool:
        """It is held about now."""
        return self.minutes < 1


@dataclass(frozen=True)
class Card:
    """A lottery on the board: its newest draw, and the other draws of the day beside it."""

    game: Game
    place: str
    drawn_at: dt.datetime
    when: str
    draws: tuple[Shown, ...]
    standing: Standing
    jackpot: str
    coming: Coming | None
    alt: str
    version: str
    """Changes with everything a reader must be told, and not with the passing of time."""

    @property
    def tells(self) -> bool:
        """Numbers stand on it, so it may be the freshest."""
        return bool(self.draws[0].balls)


def cards(words: Words, latest: Iterable[LatestAnswer], now: dt.datetime) -> tuple[Card, ...]:
    """A card for each lottery, newest draw first; the freshest that tells numbers leads."""
    by_lottery: dict[str, list[LatestAnswer]] = {}
    for draw in sorted(latest, key=lambda draw: draw.drawn_at, reverse=True):
        by_lottery.setdefault(draw.lottery, []).append(draw)
    made = [_card(words, draws[:MOST_DRAWS], now) for draws in by_lottery.values()]
    freshest = next((card for card in made if card.tells), None)
    return tuple(sorted(made, key=lambda card: card is not freshest))


def _card(words: Words, draws: Sequence[LatestAnswer], now: dt.datetime) -> Card:
    newest = draws[0]
    lottery = newest.rules
    today = now.astimezone(lottery.zone).date()
    when = moment(words, newest.drawn_at, lottery.zone, newest.date)
    named = words.say("page.date.with_time", date=day(words, newest.date, today), time=when)
    return Card(
        game=newest.game,
        place=place(words, newest.game),
        drawn_at=newest.drawn_at,
        when=_labelled(words, newest.label, named) if len(draws) == 1 else day(words, newest.date, today),
        draws=tuple(_shown(words, draw, newest.date) for draw in draws),
        standing=standing(words, newest, lottery, today),
        jackpot=words.money(newest.jackpot) if newest.jackpot else "",
        coming=coming(words, newest.next_draw, lottery.zone, now),
        alt=words.alt(lottery, newest.draw),
        version=_version(draws),
    )


def _shown(words: Words, draw: LatestAnswer, newest: dt.date) -> Shown:
    lottery = draw.rules
    return Shown(
        path=draw_path(draw.key),
        label=_labelled(words, draw.label, moment(words, draw.drawn_at, lottery.zone, newest)),
        balls=drawn_balls(words, draw, draw.pools),
        alt=f"{draw.game.name}, {_labelled(words, draw.label, words.date(draw.date, 'long'))}",
        note=note(words, draw, draw.pools),
    )


def drawn_balls(words: Words, draw: DrawAnswer, pools: Sequence[Pool]) -> tuple[Ball, ...]:
    """What may be shown of the draw: published values, or what is seen of one under way with its open places."""
    if draw.status is Status.PARTIAL and not draw.numbers:
        return balls(words, pools, draw.seen, open_places=True)
    return balls(words, pools, draw.numbers)


def place(words: Words, game: Game) -> str:
    """Where the lottery belongs: “New York”, “United States”."""
    return game.region or words.country(game.country)


def coming(words: Words, next_draw: Next | None, zone: ZoneInfo, now: dt.datetime) -> Coming | None:
    """The next draw as seen from `now`."""
    if next_draw is None:
        return None
    left = next_draw.drawn_at - now
    today = now.astimezone(zone).date()
    when = words.say(
        "page.date.with_place",
        time=_labelled(words, next_draw.label, moment(words, next_draw.drawn_at, zone, today)),
        place=words.place(zone),
    )
    return Coming(next_draw.drawn_at.astimezone(zone), left // dt.timedelta(minutes=1), span(words, left), when)


def _labelled(words: Words, label: str, rest: str) -> str:
    return words.say("page.date.with_label", label=words.draw_label(label), rest=rest) if label else rest


def _version(draws: Sequence[LatestAnswer]) -> str:
    told = [(str(draw.key), draw.status, draw.revision, draw.update, draw.seen, draw.next_draw) for draw in draws]
    return sha256(repr(told).encode()).hexdigest()[:16]
