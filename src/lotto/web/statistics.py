"""The statistics explorer: what was drawn how often in a span of one set of rules, beside what fair draws give."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lotto.web.amounts import decimal, percent, signed
from lotto.web.answers import (
    CountAnswer,
    LotteryAnswer,
    PairAnswer,
    PlaceAnswer,
    PoolFiguresAnswer,
    ShareAnswer,
    StatisticsAnswer,
    SumsAnswer,
    UniformityAnswer,
)
from lotto.web.chart import Chart, Point, chart
from lotto.web.choice import Chip
from lotto.web.moments import listed
from lotto.words import Words

MOST_BINS = 24
"""Bars of the chart of sums; every sum by itself would be as many as hundreds."""

WIDE = 1.959964
"""Standard deviations on either side of the mean within which 95 of 100 lie."""


@dataclass(frozen=True)
class Told:
    """A chart with its heading, what it says in a sentence, and its figures as a table."""

    id: str
    title: str
    says: str
    chart: Chart
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    band: str
    """What the band means; empty where there is none."""


@dataclass(frozen=True)
class Pairing:
    """Pairs of values in one table."""

    title: str
    rows: tuple[tuple[str, str, str, str], ...]
    """The pair, how often, expected, band."""


@dataclass(frozen=True)
class PoolFigures:
    """All that is told of one pool."""

    id: str
    title: str
    why: str
    draws: str
    verdict: str
    charts: tuple[Told, ...]
    pairs: tuple[Pairing, ...]


@dataclass(frozen=True)
class Figures:
    """The whole page."""

    draws: str
    span: str
    since: str
    until: str
    pools: tuple[PoolFigures, ...]


def figures(words: Words, answer: StatisticsAnswer) -> Figures:
    """The figures in words and charts."""
    first, last = answer.first_on, answer.last_on
    days = {"first": words.date(first, "long"), "last": words.date(last, "long")} if first and last else None
    return Figures(
        draws=words.say("page.figures.draws", count=answer.draws),
        span=words.say("page.figures.span", **days) if days else "",
        since=answer.since.isoformat(),
        until=answer.until.isoformat() if answer.until else "",
        pools=tuple(_pool(words, one) for one in answer.pools),
    )


def spans(words: Words, lottery: LotteryAnswer, since: str) -> tuple[Chip, ...]:
    """The spans whose draws may be counted together, newest first; `since` is the first day of the one shown."""
    found: list[tuple[dt.date, dt.date | None]] = []
    for place, era in enumerate(lottery.eras):
        following = lottery.eras[place + 1].starts_on if place + 1 < len(lottery.eras) else None
        last = following - dt.timedelta(days=1) if following else None
        if found and lottery.eras[place - 1].pools == era.pools:
            found[-1] = (found[-1][0], last)
        else:
            found.append((era.starts_on, last))
    return tuple(_span(words, first, last, since) for first, last in reversed(found))


def _span(words: Words, first: dt.date, last: dt.date | None, since: str) -> Chip:
    if last is None:
        said, query = words.say("page.figures.from", first=words.date(first, "short")), ""
    else:
        days = {"first": words.date(first, "short"), "last": words.date(last, "short")}
        said, query = words.say("page.figures.span", **days), f"?from={first}&to={last}"
    return Chip(said, query, first.isoformat() == since)


def _pool(words: Words, one: PoolFiguresAnswer) -> PoolFigures:
    return PoolFigures(
        id=one.pool,
        title=one.title or words.say("page.rules.main"),
        why=one.why,
        draws=words.say("page.figures.draws", count=one.draws),
        verdict=_verdict(words, one.uniformity) if one.uniformity else "",
        charts=tuple(_charts(words, one)),
        pairs=_pairs(words, one),
    )


def _verdict(words: Words, one: UniformityAnswer) -> str:
    """What the unevenness comes to, in a sentence; empty where it would mean nothing."""
    if one.p is None or one.chi_square is None:
        return ""
    key = "page.figures.chance" if one.p >= 0.05 else "page.figures.uneven"
    parts = {"share": percent(words, one.p), "chi": decimal(words, one.chi_square), "p": decimal(words, one.p, 3)}
    return words.say(key, **parts)


def _charts(words: Words, one: PoolFiguresAnswer) -> Iterator[Told]:
    if one.values:
        yield _frequency(words, one)
    for place in one.places:
        yield _place(words, one, place)
    if one.values:
        yield _gaps(words, one)
    if one.sums and one.sums.counts:
        yield _sums(words, one.pool, one.sums)
    if one.odd:
        yield _share(words, f"{one.pool}-odd", words.say("page.figures.odd"), one.odd)
    if one.low:
        yield _share(words, f"{one.pool}-low", words.say("page.figures.low", highest=one.low_to), one.low)


def _frequency(words: Words, one: PoolFiguresAnswer) -> Told:
    return Told(
        id=f"{one.pool}-often",
        title=words.say("page.figures.often"),
        says=_outliers(words, [(str(value.value), value) for value in one.values]),
        chart=chart([_point(str(value.value), value) for value in one.values]),
        head=_head(words, "page.figures.value"),
        rows=tuple((str(value.value), *_row(words, value)) for value in one.values),
        band=_band(words, one.values),
    )


def _place(words: Words, one: PoolFiguresAnswer, place: PlaceAnswer) -> Told:
    said = (_outliers(words, [(str(value.value), value) for value in place.values]), _verdict(words, place.uniformity))
    return Told(
        id=f"{one.pool}-place-{place.place}",
        title=words.say("page.figures.place", place=words.ordinal(place.place)),
        says=" ".join(filter(None, said)),
        chart=chart([_point(str(value.value), value) for value in place.values]),
        head=_head(words, "page.figures.value"),
        rows=tuple((str(value.value), *_row(words, value)) for value in place.values),
        band=_band(words, place.values),
    )


def _gaps(words: Words, one: PoolFiguresAnswer) -> Told:
    """How long each value is away now."""
    away = [value for value in one.values if value.since is not None]
    longest = max(away, key=lambda value: value.since or 0, default=None)
    says = words.say("page.figures.wait", wait=decimal(words, one.wait)) if one.wait else ""
    if longest and longest.since:
        says = f"{words.say('page.figures.away', value=longest.value, count=longest.since)} {says}".strip()
    rows = (
        (
            str(value.value),
            "–" if value.since is None else words.integer(value.since),
            words.integer(value.longest),
            words.date(value.last_on, "short") if value.last_on else "–",
        )
        for value in one.values
    )
    return Told(
        id=f"{one.pool}-gaps",
        title=words.say("page.figures.gaps"),
        says=says,
        chart=chart([Point(str(value.value), value.since or 0, one.wait) for value in one.values]),
        head=tuple(words.say(f"page.figures.{name}") for name in ("value", "since", "longest", "last")),
        rows=tuple(rows),
        band="",
    )


def _sums(words: Words, pool: str, sums: SumsAnswer) -> Told:
    """The sums in bins of one width; those about the expected mean are the many."""
    lowest, highest = sums.counts[0].sum, sums.counts[-1].sum
    width = max(1, -(-(highest - lowest + 1) // MOST_BINS))
    bins = dict.fromkeys(range(lowest, highest + 1, width), 0)
    for one in sums.counts:
        bins[lowest + (one.sum - lowest) // width * width] += one.count
    named = {start: str(start) if width == 1 else f"{start}–{start + width - 1}" for start in bins}
    reach = WIDE * sums.expected_deviation
    told = {"low": sums.expected_mean - reach, "high": sums.expected_mean + reach, "middle": sums.expected_mean}
    return Told(
        id=f"{pool}-sums",
        title=words.say("page.figures.sums"),
        says=words.say(
            "page.figures.sums_why",
            mean=decimal(words, sums.mean or 0),
            **{name: decimal(words, value, 0 if name != "middle" else 1) for name, value in told.items()},
        ),
        chart=chart([Point(str(start), count) for start, count in bins.items()]),
        head=(words.say("page.figures.sum"), words.say("page.figures.times")),
        rows=tuple((named[start], words.integer(count)) for start, count in bins.items()),
        band="",
    )


def _share(words: Words, key: str, title: str, shares: Sequence[ShareAnswer]) -> Told:
    return Told(
        id=key,
        title=title,
        says=_outliers(words, [(str(one.of), one) for one in shares]),
        chart=chart([_point(str(one.of), one) for one in shares]),
        head=_head(words, "page.figures.of"),
        rows=tuple((str(one.of), *_row(words, one)) for one in shares),
        band=words.say("page.figures.bands"),
    )


def _point(label: str, one: CountAnswer) -> Point:
    return Point(label, one.count, one.expected, one.low, one.high)


def _head(words: Words, first: str) -> tuple[str, ...]:
    return (words.say(first), *(words.say(f"page.figures.{name}") for name in ("times", "middle", "off", "band")))


def _row(words: Words, one: CountAnswer) -> tuple[str, str, str, str]:
    if one.expected is None:
        return words.integer(one.count), "–", "–", "–"
    band = (
        f"{words.integer(one.low)}–{words.integer(one.high)}" if one.low is not None and one.high is not None else "–"
    )
    return words.integer(one.count), decimal(words, one.expected), signed(words, one.count - one.expected), band


def _outliers(words: Words, named: Sequence[tuple[str, CountAnswer]]) -> str:
    """Which lie outside their band; a reader of one bar in twenty is told that it is to be expected."""
    if not any(one.low is not None for _, one in named):
        return ""
    outside = [name for name, one in named if one.outside]
    if not outside:
        return words.say("page.figures.inside")
    return words.say("page.figures.outside", values=listed(words, outside), count=len(outside))


def _band(words: Words, counts: Iterable[CountAnswer]) -> str:
    one = next((one for one in counts if one.low is not None and one.high is not None), None)
    if one is None or one.expected is None or one.low is None or one.high is None:
        return ""
    told = {"low": words.integer(one.low), "high": words.integer(one.high), "middle": decimal(words, one.expected)}
    return words.say("page.figures.band_of", **told)


def _pairs(words: Words, one: PoolFiguresAnswer) -> tuple[Pairing, ...]:
    if one.pairs is None:
        return ()
    both = (("page.figures.together", one.pairs.most), ("page.figures.apart", one.pairs.least))
    return tuple(Pairing(words.say(key), tuple(_pair(words, pair) for pair in pairs)) for key, pairs in both if pairs)


def _pair(words: Words, pair: PairAnswer) -> tuple[str, str, str, str]:
    count, middle, _, band = _row(words, pair)
    return " · ".join(map(str, pair.values)), count, middle, band
