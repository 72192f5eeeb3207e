"""What a source is up to: pure rules over how it was asked, what it said, and the calendars of its lotteries."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lotto.draws.draw import Draw, DrawKey, Evidence, Status
from lotto.draws.lottery import Lottery
from lotto.draws.verdict import compatible
from lotto.ledger.fetches import Asked
from lotto.ledger.queries import Heard
from lotto.watch.asks import NEWS
from lotto.watch.state import Standing, State, Watched

SILENCE = timedelta(hours=1)
"""A source that has given nothing for so long is silent; what fails now and then is not."""

TOLERANCE = timedelta(minutes=30)
"""A draw may come so much later than its source usually tells one, or half as late again, before it is late."""

UNKNOWN = timedelta(hours=3)
"""A draw may come so long after it can be known, where we never saw how long its source takes."""

LOOKED_BACK = timedelta(days=14)
"""So far back a draw is missed; a rhythm's, which is drawn many times a day, for RHYTHM."""

RHYTHM = timedelta(days=1)

LEARNT = 8
"""How many of its last draws tell how long a source usually takes."""


@dataclass(frozen=True)
class Gone:
    """What is known of a source: how each name was last asked, and what it said of each lottery, newest first."""

    asked: Mapping[str, Asked]
    words: Mapping[str, Sequence[Heard]]
    played: Container[DrawKey] | None = None
    """The draws that were held at all, where the calendar alone cannot tell: a practice world plays single days."""


def standings(
    source: Watched, lotteries: Collection[Lottery], gone: Gone, contested: Iterable[Draw], now: datetime
) -> list[Standing]:
    """Everything this source is up to, the worst first; `contested` are recent draws that are held or disputed."""
    if source.resting:
        return [Standing(source.name, State.RESTING, None, source.resting)]
    ours = [one for one in lotteries if source.name in one.sources]
    found = [
        *_asked(source, ours, gone.asked, now),
        *_contradicted(source, ours, contested),
        *(late for one in ours if gone.asked and (late := _late(source, one, gone, now))),
    ]
    return found or [_well(source, ours, gone.asked)]


def of_lotteries(
    lotteries: Iterable[Lottery], sources: Collection[Watched], found: Sequence[Standing], contested: Iterable[Draw]
) -> Iterator[Standing]:
    """The standings of lotteries as a whole: held draws, and those late that no source of theirs has shown."""
    awake = {one.name for one in sources if not one.resting}
    known = {one.id: one for one in lotteries}
    held: dict[str, Draw] = {}
    for draw in sorted(contested, key=lambda one: one.drawn_at):
        if draw.status is Status.HELD and draw.key.lottery in known:
            held.setdefault(draw.key.lottery, draw)
    for name, draw in held.items():
        yield Standing("", State.DISAGREEING, draw.updated_at or draw.observed_at, f"{draw.key}: {draw.reason}", name)
    for lottery in known.values():
        ours = awake & lottery.sources.keys()
        late = {
            one.source: one
            for one in found
            if one.state is State.LATE and one.lottery == lottery.id and one.source in ours
        }
        if ours and ours == late.keys():
            last = max(late.values(), key=lambda one: (one.since is not None, one.since))
            yield Standing("", State.LATE, last.since, f"{last.why} So it is with every source.", lottery.id)


def _asked(
    source: Watched, lotteries: Sequence[Lottery], asked: Mapping[str, Asked], now: datetime
) -> Iterator[Standing]:
    """Blocked, changed and silent: of the source as a whole where it is so with every name, else of each lottery."""
    names = {name: one for one in lotteries for name in one.sources[source.name]}
    last = {name: one for name, one in asked.items() if name in names and one.outcome is not None}
    for state, outcome in ((State.BLOCKED, "blocked"), (State.CHANGED, "changed"), (State.SILENT, "failed")):
        so = {name: one for name, one in last.items() if one.outcome == outcome}
        if state is State.SILENT:
            so = {name: one for name, one in so.items() if one.failures > 1 and now - _since(one) >= SILENCE}
        if not so:
            continue
        if len(so) == len(last):
            first = min(so.values(), key=_since)
            yield Standing(source.name, state, _since(first), first.note or "It gives nothing.")
            continue
        by_lottery: dict[str, Asked] = {}
        for name, one in sorted(so.items(), key=lambda pair: _since(pair[1])):
            by_lottery.setdefault(names[name].id, one)
        for lottery, one in by_lottery.items():
            yield Standing(source.name, state, _since(one), one.note or "It gives nothing.", lottery)


def _contradicted(source: Watched, lotteries: Sequence[Lottery], contested: Iterable[Draw]) -> Iterator[Standing]:
    """Disagreeing: the newest draw of each lottery on which as many contradict this source as say the same."""
    known = {one.id: one for one in lotteries}
    newest: dict[str, Standing] = {}
    for draw in sorted(contested, key=lambda one: one.drawn_at):
        lottery = known.get(draw.key.lottery)
        own = next((one for one in draw.sources if one.source == source.name), None)
        if lottery is None or own is None:
            continue
        if own.objections:
            why = f"{draw.key}: {own.objections[0]}"
            newest[lottery.id] = Standing(source.name, State.DISAGREEING, own.observed_at, why, lottery.id)
        elif against := _against(lottery, draw.key, own, draw.sources):
            names = ", ".join(one.source for one in against)
            since = max(own.observed_at, min(one.observed_at for one in against))
            why = f"{draw.key}: it shows {_spell(own)}; not so {names}."
            newest[lottery.id] = Standing(source.name, State.DISAGREEING, since, why, lottery.id)
    yield from newest.values()


def _against(lottery: Lottery, key: DrawKey, own: Evidence, all_of: Sequence[Evidence]) -> list[Evidence]:
    """Those who contradict it, if as many origins do as say what it says."""
    era = lottery.era(key.date)
    if era is None:
        return []
    others = [one for one in all_of if one.source != own.source and not one.objections]
    against = [one for one in others if not compatible(era.pools, own.numbers, one.numbers)]
    same = {one.origin for one in others if one not in against and lottery.is_whole(key, one.numbers)} | {own.origin}
    return against if against and len({one.origin for one in against}) >= len(same) else []


def _late(source: Watched, lottery: Lottery, gone: Gone, now: datetime) -> Standing | None:
    """Late: draws out for longer than this source usually takes, newer than any it has told whole."""
    labels = set(lottery.sources[source.name].values())
    words = gone.words.get(lottery.id, ())
    era = lottery.era(now.astimezone(lottery.zone).date())
    is_rhythm = era is not None and any(slot.every for slot in era.calendar)
    told = _told(lottery, words)
    missing: dict[str, list[tuple[datetime, DrawKey]]] = {}
    delays: list[tuple[datetime, timedelta]] = []
    for local, key in lottery.draws(now - (RHYTHM if is_rhythm else LOOKED_BACK), now - lottery.not_before):
        if "" not in labels and key.label not in labels:
            continue
        if gone.played is not None and key not in gone.played:
            continue
        at = local.astimezone(UTC)
        seen = told.get(key) or told.get(at)
        # Draws of one day stand in a row each; those of a rhythm all in one.
        row = missing.setdefault("" if is_rhythm else key.label, [])
        if seen is None:
            row.append((at, key))
        else:
            row.clear()
            delays.append((seen, seen - at - lottery.not_before))
    usual, allowed = _usual(delays)
    late = [(at + lottery.not_before + allowed, at, key) for row in missing.values() for at, key in row]
    late = sorted(one for one in late if one[0] <= now)
    if not late:
        return None
    since, at, key = late[0]
    more = f" and {len(late) - 1} more" if len(late) > 1 else ""
    says = f"usually it is told after {_span(usual)}" if usual is not None else "how long it takes is not known yet"
    part = any(one.key == key and not one.objected for one in words)
    lacks = "told in part only" if part else "not told yet"
    why = f"{key}{more} {lacks}, drawn {_span(now - at)} ago; {says}."
    return Standing(source.name, State.LATE, since, why, lottery.id)


def _told(lottery: Lottery, words: Sequence[Heard]) -> dict[DrawKey | datetime, datetime]:
    """Since when each draw is told whole, by its key and by the time its source gives it."""
    told: dict[DrawKey | datetime, datetime] = {}
    for one in words:
        if not one.objected and lottery.is_whole(one.key, one.numbers):
            told[one.key] = min(told.get(one.key, one.observed_at), one.observed_at)
            if one.drawn_at:
                told[one.drawn_at] = told[one.key]
    return told


def _usual(delays: Sequence[tuple[datetime, timedelta]]) -> tuple[timedelta | None, timedelta]:
    """How long the source usually takes, if that was ever seen, and how long it may.

    A page that tells several draws for the first time tells only of the newest when it came out.
    """
    newest = dict(sorted(delays, key=lambda one: -one[1]))
    seen = [delay for _, delay in sorted(newest.items()) if timedelta(0) <= delay <= NEWS][-LEARNT:]
    if not seen:
        return None, UNKNOWN
    usual = sorted(seen)[len(seen) // 2]
    return usual, usual + max(TOLERANCE, usual / 2)


def _well(source: Watched, lotteries: Sequence[Lottery], asked: Mapping[str, Asked]) -> Standing:
    names = {name for one in lotteries for name in one.sources[source.name]}
    last = [one for name, one in asked.items() if name in names and one.outcome is not None]
    if not last:
        return Standing(source.name, State.WELL, None, "It was not asked yet.")
    good = [one for one in last if not one.failures]
    if not good:
        newest = max(last, key=lambda one: one.asked_at)
        return Standing(source.name, State.WELL, None, f"It failed just now: {newest.note}")
    return Standing(source.name, State.WELL, max(_since(one) for one in good), "It is read and agrees.")


def _since(one: Asked) -> datetime:
    return one.since or one.asked_at


def _spell(one: Evidence) -> str:
    return ", ".join(f"{name} {' '.join(map(str, values))}" for name, values in one.numbers.items())


def _span(age: timedelta) -> str:
    minutes = round(age / timedelta(minutes=1))
    if minutes < 120:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} days"
