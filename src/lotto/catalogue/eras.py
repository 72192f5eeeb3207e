"""The eras of a lottery's file: each says only what changes, and is completed from the one before it."""

from datetime import date, time
from decimal import Decimal
from typing import Any

from lotto.catalogue.document import Document
from lotto.catalogue.form import EraForm, SlotForm, Table, TierForm, Word
from lotto.catalogue.lines import Path
from lotto.catalogue.pools import pools_of
from lotto.draws.calendar import WEEKDAYS, Slot
from lotto.draws.lottery import Era
from lotto.draws.odds import chance
from lotto.draws.pool import Pool
from lotto.draws.prizes import Tier

ANY_DAY = "any day"


def eras_of(document: Document, tables: list[Table]) -> list[Era]:
    """The eras, oldest first; raises BadFile."""
    if not tables:
        raise document.bad(("eras",), "There is no era here; a lottery has at least one.")
    eras: list[Era] = []
    pools: dict[str, dict[str, Any]] = {}
    calendar: tuple[Slot, ...] | None = None
    any_day = False
    tiers: tuple[Tier, ...] = ()
    for place, table in enumerate(tables):
        path: Path = ("eras", place)
        era = document.typed(table, EraForm, path)
        if eras and era.starts_on <= eras[-1].starts_on:
            raise document.bad(
                (*path, "from"),
                f"This era starts on {era.starts_on}, not after {eras[-1].starts_on}; put them in order.",
            )
        for which, name in enumerate(era.without):
            if name not in pools:
                raise document.bad((*path, "without", which), f"There was no pool “{name}” before this era.")
            del pools[name]
        for name, changed in era.pools.items():
            document.typed(name, Word, (*path, "pools", name))
            pools[name] = pools.get(name, {}) | document.typed(changed, Table, (*path, "pools", name))
        if era.calendar is not None:
            any_day = era.calendar == ANY_DAY
            if isinstance(era.calendar, str) and not any_day:
                raise document.bad((*path, "calendar"), f"`calendar` must be a list of draws, or “{ANY_DAY}”.")
            calendar = () if isinstance(era.calendar, str) else _calendar(document, era.calendar, (*path, "calendar"))
        if calendar is None:
            raise document.bad(path, "The first era needs a calendar.")
        made = pools_of(document, pools, path)
        if era.tiers is not None:
            tiers = tuple(_tier(document, tier, (*path, "tiers", n)) for n, tier in enumerate(era.tiers))
        for n, tier in enumerate(tiers):
            _check(document, tier, made, (*path, "tiers", n))
        eras.append(Era(era.starts_on, made, calendar, tiers, any_day))
        for n, tier in enumerate(tiers):
            if _never_wins(eras[-1], tier):
                raise document.bad((*path, "tiers", n), f"Nothing can ever win the tier “{tier.name}”.")
    return eras


def slot_of(document: Document, table: Table, path: Path) -> Slot:
    """A draw that the calendar repeats; raises BadFile."""
    form = document.typed(table, SlotForm, path)
    for day in form.days.split():
        if day not in WEEKDAYS:
            raise document.bad((*path, "days"), f"“{day}” is no weekday; they are written {' '.join(WEEKDAYS)}.")
    if (form.every_minutes is None) != (form.until is None):
        raise document.bad(path, "A draw that comes every so many minutes has `every_minutes` and `until`, both.")
    if form.every_minutes is not None and form.label is not None:
        raise document.bad((*path, "label"), "Draws every so many minutes are labelled by their time or serial.")
    if form.until is not None and form.until < form.at:
        raise document.bad((*path, "until"), "The last draw is before the first; one rhythm lies within one day.")
    return Slot(
        form.at,
        frozenset(map(WEEKDAYS.index, form.days.split())),
        form.label or "",
        frozenset(form.dates),
        form.every_minutes or 0,
        form.until or time.min,
    )


def _calendar(document: Document, tables: list[Table], path: Path) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    for place, table in enumerate(tables):
        slot = slot_of(document, table, (*path, place))
        for other in slots:
            both = other.days & slot.days
            dates = not (other.dates and slot.dates) or other.dates & slot.dates
            # Draws of a rhythm are told apart by their times.
            if both and dates and other.label == slot.label and not (other.every or slot.every):
                told = f"the label “{slot.label}”" if slot.label else "no label"
                raise document.bad(
                    (*path, place), f"Two draws of {WEEKDAYS[min(both)]} have {told}; give each its own."
                )
        slots.append(slot)
    return tuple(slots)


def _tier(document: Document, table: Table, path: Path) -> Tier:
    form = document.typed(table, TierForm, path)
    match = {}
    for pool, counts in form.match.items():
        given = counts if isinstance(counts, list) else [counts]
        if not given or not all(isinstance(count, int) and count >= 0 for count in given):
            raise document.bad((*path, "match"), f"`{pool}` must be how many values match: 5, or [1, 2] for either.")
        match[pool] = tuple(given)
    return Tier(form.name, match, form.pick, None if form.pays is None else Decimal(str(form.pays)))


def _check(document: Document, tier: Tier, pools: tuple[Pool, ...], path: Path) -> None:
    """Raises BadFile for a tier that this era's pools cannot give."""
    known = {pool.name: pool for pool in pools}
    for name, counts in tier.match.items():
        if name not in known:
            raise document.bad(path, f"The tier “{tier.name}” speaks of a pool “{name}”, which this era has not.")
        if max(counts) > known[name].take:
            raise document.bad(path, f"The tier “{tier.name}” wants {max(counts)} of {name}, which takes fewer.")
    for name in tier.pick:
        if name not in tier.match:
            raise document.bad(path, f"The tier “{tier.name}” lets pick of “{name}” and does not match it.")


def _never_wins(era: Era, tier: Tier) -> bool:
    try:
        return not chance(era, tier)
    except ValueError:
        # No count of ours tells this one.
        return False


def era_on(eras: list[Era], day: date) -> Era | None:
    """The rules in force on that day; None before the first era."""
    return next((era for era in reversed(eras) if era.starts_on <= day), None)
