"""The days that are not like the calendar's: draws moved or added, days of rest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from lotto.catalogue.document import Document
from lotto.catalogue.eras import era_on
from lotto.catalogue.form import ExtraForm, LotteryForm, MoveForm, RestForm, Table
from lotto.catalogue.lines import Path
from lotto.draws.calendar import Slot
from lotto.draws.lottery import Era

LONGEST_REST = timedelta(days=400)
"""What rests longer has ended, or begins anew: that is an era."""


def special_days(document: Document, form: LotteryForm, eras: list[Era]) -> dict[date, tuple[Slot, ...]]:
    """All draws of each such day; raises BadFile."""
    days: dict[date, tuple[Slot, ...]] = {}

    def held(day: date) -> tuple[Slot, ...]:
        if day in days:
            return days[day]
        era = era_on(eras, day)
        return tuple(draw for slot in era.calendar if slot.held_on(day) for draw in slot.draws()) if era else ()

    for path, day in _rests(document, form.rests):
        if era_on(eras, day) is None:
            raise document.bad(path, f"There are no rules yet on {day}, so nothing rests.")
        days[day] = ()
    for place, table in enumerate(form.moved):
        path = ("moved", place)
        move = document.typed(table, MoveForm, path)
        to = move.held or move.was
        if to == move.was and move.at is None:
            raise document.bad(path, "A moved draw has another day (`to`) or another time (`at`).")
        first, last = sorted((move.was, to))
        era = era_on(eras, first)
        if era is None or era is not era_on(eras, last):
            raise document.bad(path, "The rules change between these two days; a draw is moved within one era.")
        if last - first > timedelta(days=6):
            raise document.bad(path, "A draw is moved by less than a week; give it an era of its own.")
        moved = tuple(slot for slot in held(move.was) if move.label in (None, slot.label))
        stay = tuple(slot for slot in held(move.was) if slot not in moved)
        if not moved:
            which = f"“{move.label}” " if move.label else ""
            raise document.bad(path, f"The calendar has no draw {which}on {move.was} that could be moved.")
        if move.at is not None and len(moved) > 1:
            raise document.bad(path, f"There are several draws on {move.was}; say by its label which had another time.")
        others = stay if to == move.was else held(to)
        if {slot.label for slot in moved} & {slot.label for slot in others}:
            raise document.bad(path, f"The calendar has such a draw on {to} already.")
        anew = tuple(replace(slot, at=move.at or slot.at) for slot in moved)
        days |= {move.was: stay, to: (*others, *anew)}
    for place, table in enumerate(form.extra):
        path = ("extra", place)
        extra = document.typed(table, ExtraForm, path)
        if era_on(eras, extra.date) is None:
            raise document.bad(path, f"There are no rules yet on {extra.date}.")
        if (extra.label or "") in {slot.label for slot in held(extra.date)}:
            raise document.bad(path, f"The calendar has such a draw on {extra.date} already; give it a label.")
        days[extra.date] = (*held(extra.date), Slot(extra.at, label=extra.label or ""))
    return days


def _rests(document: Document, rests: list[date | Table]) -> Iterator[tuple[Path, date]]:
    for place, rest in enumerate(rests):
        path: Path = ("rests", place)
        if isinstance(rest, date):
            yield path, rest
            continue
        span = document.typed(rest, RestForm, path)
        if not span.first <= span.last <= span.first + LONGEST_REST:
            raise document.bad(path, "A rest goes from its first day to its last, at most a year later.")
        for n in range((span.last - span.first).days + 1):
            yield path, span.first + timedelta(days=n)
