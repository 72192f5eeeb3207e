"""From a source's texts to an observation: the names become ours, the texts values of the lottery's pools."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from lotto.catalogue import Catalogue
from lotto.draws import prizes
from lotto.draws.draw import DrawKey, Money, Observation, Prize, Value
from lotto.draws.lottery import Era, Lottery
from lotto.ledger.text import storable
from lotto.scraper.sources.source import Amount, Payout, Reading, Source


@dataclass(frozen=True)
class Sorted:
    """The readings of a page: what the catalogue knows, by lottery, and how many it does not."""

    ours: dict[str, list[Observation]]
    others: int


def sort(catalogue: Catalogue, source: Source, readings: Iterable[Reading], page: str, observed_at: datetime) -> Sorted:
    """Turns what a page shows into observations of our lotteries; `page` is the hash of the page."""
    ours: dict[str, list[Observation]] = {}
    others = 0
    for reading in readings:
        known = catalogue.named(source.name, reading.name)
        others += not known
        for lottery, label in known:
            ours.setdefault(lottery.id, []).append(_observation(lottery, label, source, reading, page, observed_at))
    return Sorted(ours, others)


def _observation(
    lottery: Lottery, label: str, source: Source, reading: Reading, page: str, observed_at: datetime
) -> Observation:
    era = lottery.era(reading.date)
    drawn: dict[str, tuple[Value | None, ...]] = {}
    numbers: dict[str, tuple[Value | None, ...]] = {}
    for name, texts in reading.numbers.items():
        values = tuple(_value(era, name, text) for text in texts)
        pool = era.pool(name) if era else None
        numbers[name] = pool.arranged(values) if pool else values
        if reading.drawn_order and pool and not pool.ordered and pool.take > 1:
            drawn[name] = values
    money = _Money(lottery.currency)
    return Observation(
        key=DrawKey(lottery.id, reading.date, label or storable(reading.label)),
        source=source.name,
        origin=source.origin,
        official=source.official,
        numbers=numbers,
        observed_at=observed_at,
        page=page,
        parser=source.parser,
        drawn=drawn or None,
        serial=storable(reading.serial) if reading.serial else None,
        jackpot=money.amount(reading.jackpot),
        prizes=tuple(prize for one in reading.prizes if (prize := money.prize(one))),
        objections=tuple(money.objections),
        drawn_at=datetime.combine(reading.date, reading.at, lottery.zone).astimezone(UTC) if reading.at else None,
    )


class _Money:
    """Turns what a reading tells of money into amounts, and keeps a sentence on each that is none."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self.objections: list[str] = []

    def amount(self, told: Amount | None) -> Money | None:
        if told is None:
            return None
        try:
            return prizes.money(told.figure, told.currency or self._currency)
        except ValueError as error:
            self.objections.append(f"{storable(str(error))}.")
            return None

    def prize(self, told: Payout) -> Prize | None:
        try:
            return prizes.prize(storable(told.tier[:40]), told.winners, self.amount(told.amount))
        except ValueError as error:
            self.objections.append(f"{storable(str(error))}.")
            return None


def _value(era: Era | None, pool: str, text: str | None) -> Value | None:
    """The pool's value; a text that is none stays as it is, for the lottery's rules to object to."""
    found = era.pool(pool) if era else None
    if text is None:
        return None
    try:
        return found.value(text) if found else storable(text[:40])
    except ValueError:
        return storable(text[:40])
