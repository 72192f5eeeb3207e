"""A simulated time: lotteries of the catalogue, what was really drawn, and three sources that tell it with faults.

All of it follows from a seed. The truth is made here, by the lotteries' own pools and calendars; who checks it reads
the ledger and this truth, and never the verdict's code.
"""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from lotto.catalogue import Catalogue
from lotto.door import Answer, DoorError
from lotto.draws.draw import DrawKey
from lotto.draws.lottery import Lottery, Policy
from lotto.draws.pool import Kind, Pool
from lotto.scraper.sources.source import Ask, Page, PageChanged, Reading, Request, Source

OFFICIAL, OTHER, MIRROR = "xx_year_official", "xx_year_other", "xx_year_mirror"
SOURCES = (OFFICIAL, OTHER, MIRROR)

Told = Mapping[str, Sequence[str | None]]

MOST_A_DAY = 4
"""A game drawn every few minutes would be the whole year alone."""

FAULTS = ("typo", "stale", "test", "partial", "tomorrow", "back", "correction")
"""What one origin may tell of a draw that is not so; silence (late, missing, out of order) comes on top of it."""


class YearSource(Source):
    """A practice source: one JSON page a lottery."""

    publisher = "The simulated year"
    pace = 60.0

    def __init__(self, name: str, official: bool, origin: str) -> None:
        self.name, self.official, self.origin = name, official, origin  # type: ignore[misc]
        self.home = f"https://{name.replace('_', '-')}.example"  # type: ignore[misc]

    def pages(self, ask: Ask) -> Iterator[Request]:
        yield Request(f"{self.home}/{ask.name}")

    def read(self, page: Page) -> Iterator[Reading | Request]:
        try:
            rows = json.loads(page.body)["draws"]
        except (ValueError, KeyError):
            raise PageChanged("This is not the page of the simulated year.") from None
        for row in rows:
            numbers = {pool: tuple(values) for pool, values in row["numbers"].items()}
            yield Reading(page.url.rsplit("/", 1)[1], date.fromisoformat(row["date"]), numbers, row["label"])


def sources(origins: Mapping[str, str] | None = None) -> dict[str, Source]:
    """The official one, another origin, and that one's mirror; `origins` says otherwise."""
    told = {OFFICIAL: "operator", OTHER: "agency", MIRROR: "agency"} | dict(origins or {})
    return {name: YearSource(name, name == OFFICIAL, told[name]) for name in SOURCES}


def chosen(known: Catalogue, count: int, since: date, policy: Policy | None = None) -> Catalogue:
    """So many lotteries with a calendar: every zone there is first, then the seldom drawn and some drawn often."""
    open_ = []
    for one in known.lotteries.values():
        week = [len(one.slots(since + timedelta(days=n))) for n in range(7)]
        if one.era(since) and sum(week) > 0 and max(week) <= MOST_A_DAY:
            open_.append((sum(week), one))
    open_.sort(key=lambda pair: (pair[0], pair[1].id))
    by_zone = {one.zone.key: one for _, one in reversed(open_)}
    busiest = [one for _, one in open_[-(count // 10 + 1) :]]
    order = {one.id: one for one in (*busiest, *by_zone.values(), *(one for _, one in open_))}
    lotteries = {}
    for n, one in enumerate(list(order.values())[:count]):
        rules = policy or Policy(2, provisional=n % 2 == 0)
        names = {source: {one.id: ""} for source in SOURCES}
        lotteries[one.id] = replace(_moved(one, since.year) if n % 5 == 0 else one, sources=names, policy=rules)
    named = {(source, name): (one, "") for name, one in lotteries.items() for source in SOURCES}
    return Catalogue(lotteries, {}, named)


def _moved(one: Lottery, year: int) -> Lottery:
    """Nobody draws on Christmas Day and New Year's Day: what falls there is held the day before, if that is free."""
    special = dict(one.special_days)
    for day in (date(year, 12, 25), date(year + 1, 1, 1)):
        before = day - timedelta(days=1)
        if day not in special and before not in special and one.slots(day) and not one.slots(before):
            special |= {before: one.slots(day), day: ()}
    return replace(one, special_days=special)


@dataclass(frozen=True)
class Held:
    """A draw that was really held."""

    key: DrawKey
    at: datetime
    numbers: Mapping[str, tuple[str, ...]]


@dataclass
class Truth:
    """What was drawn between two instants, and what each source shows of it when."""

    catalogue: Catalogue
    since: datetime
    until: datetime
    seed: int = 0
    faulty: float = 0.08
    """The share of draws that one origin tells wrong, for a while or for ever."""
    met: Counter[str] = field(default_factory=Counter)
    cancelled: set[DrawKey] = field(default_factory=set)

    @cached_property
    def draws(self) -> dict[str, list[Held]]:
        """By lottery, oldest first; a draw in a thousand was cancelled and nobody said so."""
        found: dict[str, list[Held]] = {}
        for name, lottery in self.catalogue.lotteries.items():
            found[name] = []
            for at, key in lottery.draws(self.since - timedelta(days=8), self.until):
                chance = self.chance("cancel", key)
                if chance.random() < 0.001:
                    self.cancelled.add(key)
                    continue
                found[name].append(Held(key, at.astimezone(UTC), drawn(lottery, key, self.chance("draw", key))))
        return found

    def chance(self, *place: object) -> random.Random:
        """The dice of that place: the same in every run of this seed."""
        return random.Random("/".join(map(str, (self.seed, *place))))

    def page(self, source: str, name: str, now: datetime) -> bytes:
        """What that source shows of the lottery now: the last eight days."""
        lottery, rows = self.catalogue.lotteries[name], []
        before: Held | None = None
        for held in self.draws[name]:
            if held.at > now + timedelta(hours=2):
                break
            if held.at > now - timedelta(days=8) and (row := self._row(source, lottery, held, before, now)):
                rows.append(row)
            before = held
        return json.dumps({"draws": rows}).encode()

    def _row(
        self, source: str, lottery: Lottery, held: Held, before: Held | None, now: datetime
    ) -> dict[str, object] | None:
        origin = OFFICIAL if source == OFFICIAL else OTHER
        kind, whose, lasts = self.fault(held.key)
        dice = self.chance("pace", source, held.key)
        lag = timedelta(minutes=dice.uniform(1, 15)) + lottery.not_before
        if (silence := dice.random()) < 0.002 and source != OFFICIAL:
            return self._met("missing")
        if silence < 0.02:
            lag += timedelta(hours=dice.uniform(1, 30))
            self.met["late"] += 1
        out_at = held.at + lag
        on, numbers = held.key.date, dict(held.numbers)
        past = now - out_at
        if whose == origin and kind:
            wrong = now < out_at + lasts
            if kind == "test" and held.at - timedelta(minutes=45) < now < held.at:
                numbers = drawn(lottery, held.key, self.chance("test", held.key))
                self.met[kind] += 1
                return _written(held.key, on, numbers)
            if wrong and past >= timedelta(0):
                self.met[kind] += 1
                if kind in ("typo", "correction"):
                    numbers = mistaken(lottery, held)
                elif kind == "stale" and before is not None and before.numbers.keys() == numbers.keys():
                    numbers = dict(before.numbers)
                elif kind == "partial":
                    pool = next(iter(numbers))
                    numbers = {pool: numbers[pool][:-1]}
                elif kind == "tomorrow":
                    on += timedelta(days=1)
                elif kind == "back" and past > timedelta(minutes=30):
                    return None
        return _written(held.key, on, numbers) if past >= timedelta(0) else None

    def fault(self, key: DrawKey) -> tuple[str, str, timedelta]:
        """What is told wrong of that draw, by which origin, and for how long; an empty word is nothing."""
        dice = self.chance("fault", key)
        if dice.random() >= self.faulty:
            return "", "", timedelta(0)
        kind = dice.choice(FAULTS)
        lasts = dice.choice((timedelta(minutes=20), timedelta(hours=2), timedelta(hours=20)))
        return kind, dice.choice((OFFICIAL, OTHER)), timedelta(hours=46) if kind == "correction" else lasts

    def _met(self, kind: str) -> None:
        self.met[kind] += 1


class YearDoor:
    """The way to the year's sources: statuses, ETags and outages as on the net, without a socket."""

    def __init__(self, truth: Truth, clock: Callable[[], datetime]) -> None:
        self._truth = truth
        self._clock = clock
        self.asks = 0

    async def get(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """The page as it stands, or the way in which it fails this hour."""
        self.asks += 1
        now = self._clock()
        source, name = url.removeprefix("https://").replace(".example", "").split("/")
        source = source.replace("-", "_")
        dice = self._truth.chance("outage", source, name, now.date(), now.hour)
        if dice.random() < 0.01:
            kind = dice.choice(("500", "429", "timeout", "block"))
            self._truth.met[kind] += 1
            match kind:
                case "timeout":
                    raise DoorError("It did not answer in time.")
                case "block":
                    return Answer(url, 200, b"<html>Web Page Blocked</html>", {"content-type": "text/html"}, now, now)
                case _:
                    return Answer(url, int(kind), b"Not now.", {"retry-after": "1800"}, now, now)
        body = self._truth.page(source, name, now)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if tag == etag:
            return Answer(url, 304, b"", {"etag": tag}, now, now)
        return Answer(url, 200, body, {"etag": tag, "content-type": "application/json"}, now, now)


def drawn(lottery: Lottery, key: DrawKey, dice: random.Random) -> dict[str, tuple[str, ...]]:
    """A draw by the pools of its day, as texts."""
    era = lottery.era(key.date)
    assert era is not None
    out: dict[str, tuple[str, ...]] = {}
    for pool in era.pools:
        taken = out.get(pool.rest_of, ())
        if pool.among:
            urn = list(out[pool.among])
        elif pool.kind is Kind.TICKET:
            out[pool.name] = tuple(_ticket(pool, dice) for _ in range(pool.least))
            continue
        elif pool.kind is Kind.WORD:
            urn = list(pool.words)
        else:
            width = pool.width if pool.kind is Kind.DIGIT else 0
            urn = [str(n).zfill(width) for n in range(pool.lowest, pool.highest + 1)]
        urn = [one for one in urn if one not in taken]
        out[pool.name] = tuple(dice.choices(urn, k=pool.least) if pool.repeats else dice.sample(urn, pool.least))
    return out


def _ticket(pool: Pool, dice: random.Random) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    made = (dice.choice("0123456789") if s == "#" else dice.choice(letters) if s == "A" else s for s in pool.written)
    return "".join(sign for sign in made if sign != "+")


def mistaken(lottery: Lottery, held: Held) -> dict[str, tuple[str, ...]]:
    """The draw with one value of its first pool told wrong, as a hand at a keyboard would: still a possible draw."""
    name, values = next(iter(held.numbers.items()))
    for n in range(100):
        other = drawn(lottery, held.key, random.Random(f"{held.key}/{n}"))[name]
        told = (*values[:-1], other[-1])
        if other[-1] not in values and told != values:
            return {**held.numbers, name: told}
    return drawn(lottery, held.key, random.Random(f"{held.key}/other"))


def kept(lottery: Lottery, key: DrawKey, numbers: Told) -> dict[str, tuple[object, ...]]:
    """The texts as the ledger keeps them: values of the pools, in their order."""
    era = lottery.era(key.date)
    assert era is not None
    out = {}
    for pool in era.pools:
        if pool.name in numbers:
            out[pool.name] = pool.arranged([pool.value(text) for text in numbers[pool.name] if text is not None])
    return out


def _written(key: DrawKey, on: date, numbers: Told) -> dict[str, object]:
    return {"date": on.isoformat(), "label": key.label, "numbers": numbers}


def beginning(day: date) -> datetime:
    """Midnight of that day, UTC."""
    return datetime.combine(day, time.min, UTC)
