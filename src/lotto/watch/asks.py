"""What is to be asked when: pure rules over the calendar, what a source has said, and how it was last asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zlib import crc32

from lotto.draws.draw import DrawKey
from lotto.draws.lottery import Lottery
from lotto.ledger.fetches import Asked
from lotto.ledger.queries import Heard
from lotto.watch.state import Watched

LOOK_AGAIN = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1), timedelta(days=3))
"""A source is asked again so long after it first told a draw: corrections come late."""

NEWS = timedelta(days=3)
"""A draw older than this is history: it is kept, and nobody is told."""

REACH = NEWS + timedelta(days=1)
"""A draw that a source has not told by then is no longer asked for."""

ANY_DAY = timedelta(hours=1)
"""A game whose days no rule tells is asked about so often."""

PATIENCE = 20
"""A source that is late is asked less often the longer it is late: every twentieth of its lateness."""

JITTER = 0.1
"""Every wait is longer by up to this part of it, so that many who watch do not ask in step."""

FAILING = timedelta(minutes=30)
"""A source that fails is asked half as often each time, down to once in so long (or in its own pace)."""

BLOCKED = timedelta(hours=6)
"""A source that does not let us in is asked that seldom in the end: what is knocked at stays shut longer."""

AHEAD = timedelta(days=62)
"""So far the calendar is looked ahead for the next ask."""


@dataclass(frozen=True)
class Due:
    """A source is to be asked for what it calls `name`, not before `at`, for its draws of the days since `since`."""

    name: str
    since: date
    at: datetime


@dataclass(frozen=True)
class _Draw:
    """A draw of the calendar, and when its name is to be asked for because of it."""

    key: DrawKey
    at: datetime


def due(
    source: Watched, lotteries: Iterable[Lottery], heard: Iterable[Heard], asked: Mapping[str, Asked], now: datetime
) -> Iterator[Due]:
    """What to ask this source now, in its own names, each once.

    A name is due while a draw of the calendar is out and the source has not told the whole of it, no oftener than
    the source's pace, less often the later it is or the longer it fails, and never before the server wants it; and
    again at each of LOOK_AGAIN after it told a draw. `asked` tells how a name was last asked.
    """
    for one in coming(source, lotteries, heard, asked, now):
        if one.at <= now:
            yield one


def coming(
    source: Watched, lotteries: Iterable[Lottery], heard: Iterable[Heard], asked: Mapping[str, Asked], now: datetime
) -> Iterator[Due]:
    """The next ask of each name of this source, as far as what is known now foresees it; none of one that rests."""
    if source.resting:
        return
    told = _by_draw(heard)
    shut = max((one.wait_until for one in asked.values() if one.wait_until), default=None)
    for lottery in lotteries:
        for name, label in lottery.sources.get(source.name, {}).items():
            last = asked.get(name)
            draws = list(_draws(source, lottery, label, name, told, last, now))
            if not draws:
                continue
            rest = _rest(source, name, last)
            at = max(filter(None, (min(one.at for one in draws), rest, shut)))
            wanted = [one.key.date for one in draws if one.at <= max(at, now)]
            yield Due(name, min(wanted), at)


def is_news(lottery: Lottery, key: DrawKey, now: datetime) -> bool:
    """Whether a draw is recent enough to tell anyone; one that the calendar does not know is told by its day."""
    at = lottery.drawn_at(key) or datetime.combine(key.date, time.max, lottery.zone)
    return at > now - NEWS


def _by_draw(heard: Iterable[Heard]) -> dict[DrawKey | tuple[str, datetime], Heard]:
    told: dict[DrawKey | tuple[str, datetime], Heard] = {}
    for one in heard:
        told[one.key] = one
        if one.drawn_at:
            # The calendar knows a rhythm's draw by its time, whatever serial its source gives it.
            told.setdefault((one.key.lottery, one.drawn_at), one)
    return told


def _draws(
    source: Watched,
    lottery: Lottery,
    label: str,
    name: str,
    told: Mapping[DrawKey | tuple[str, datetime], Heard],
    last: Asked | None,
    now: datetime,
) -> Iterator[_Draw]:
    """Every draw that the name is or will be asked for: those of the last days, and the first to come."""
    era = lottery.era(now.astimezone(lottery.zone).date())
    if era and era.any_day:
        day = DrawKey(lottery.id, (now - NEWS).date())
        yield _Draw(day, last.asked_at + ANY_DAY if last else now)
    for local, key in lottery.draws(now - REACH, now + AHEAD):
        if label and key.label != label:
            continue
        drawn = local.astimezone(UTC)
        out = drawn + lottery.not_before
        if out > now:
            # Jitter is the pace's: nobody should hear of a draw a twentieth of a week late.
            since = last.asked_at if last else drawn
            yield _Draw(key, out + _more(source.pace, source, name, since))
            return
        at = _again(source, lottery, key, name, drawn, told.get(key) or told.get((lottery.id, drawn)), last)
        if at is not None and at < drawn + REACH:
            yield _Draw(key, at)


def _again(
    source: Watched, lottery: Lottery, key: DrawKey, name: str, drawn: datetime, told: Heard | None, last: Asked | None
) -> datetime | None:
    """When to ask for a draw that is out; None when all is known that will be asked for."""
    out = drawn + lottery.not_before
    if last is None:
        return out
    asked = last.asked_at
    if told is None or told.objected or not lottery.is_whole(key, told.numbers):
        if asked < out:
            return out + _more(source.pace, source, name, asked)
        wait = (asked - drawn) / (PATIENCE - 1)
        return asked + wait + _more(wait, source, name, asked)
    return next((mark for after in LOOK_AGAIN if (mark := told.observed_at + after) > asked), None)


def _rest(source: Watched, name: str, last: Asked | None) -> datetime | None:
    """Before when it is not asked again after how it last went."""
    if last is None:
        return None
    wait = source.pace
    if last.failures:
        first, longest = (5, BLOCKED) if last.outcome == "blocked" else (1, FAILING)
        # In paces as well as in hours: a practice world runs faster than the real one.
        most = max(source.pace, min(longest, source.pace * (longest / timedelta(minutes=1))))
        wait = min(source.pace * first * 2 ** min(last.failures - 1, 20), most)
    return last.asked_at + wait + _more(wait, source, name, last.asked_at)


def _more(wait: timedelta, source: Watched, name: str, since: datetime) -> timedelta:
    """What is added to a wait that began then: the same each time one looks, another for everyone who waits."""
    return wait * JITTER * (crc32(f"{source.name}/{name}/{since.isoformat()}".encode()) / 2**32)
