"""Draws as a page shows them, each once."""

from collections.abc import Iterable
from datetime import date
from itertools import zip_longest

from msgspec.structs import replace

from lotto.scraper.sources.source import Reading


def once(readings: Iterable[Reading]) -> list[Reading]:
    """Each draw once. A place for which a page shows two different values stays open: we know neither."""
    told: dict[tuple[str, date, str], Reading] = {}
    again: dict[tuple[str, date, str], list[Reading]] = {}
    for one in readings:
        place = one.name, one.date, one.label
        if (first := told.setdefault(place, one)) is not one:
            again.setdefault(place, [first]).append(one)
    return [*(told | {place: replace(same[0], numbers=_agreed(same)) for place, same in again.items()}).values()]


def _agreed(same: list[Reading]) -> dict[str, tuple[str | None, ...]]:
    pools = dict.fromkeys(pool for one in same for pool in one.numbers)
    return {pool: tuple(map(_sole, zip_longest(*(one.numbers.get(pool, ()) for one in same)))) for pool in pools}


def _sole(values: Iterable[str | None]) -> str | None:
    known = set(values) - {None}
    return known.pop() if len(known) == 1 else None
