"""A page of a source in time: what it shows at each moment, made anew only when that changes."""

import hashlib
import json
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta

from lotto.draws.draw import DrawKey
from year.lotteries import role
from year.numbers import drawn
from year.telling import Row, Telling
from year.trouble import Spell, Trouble
from year.truth import Held

SHOWN_FOR = timedelta(days=5)

REDESIGNED = "results"
"""What the draws are called on a page that our reader does not know; they are no draws at all."""


@dataclass(frozen=True)
class Shown:
    """A page at one moment."""

    body: bytes
    tag: str
    rows: dict[DrawKey, Row]
    """By the draw that is meant, whatever the row calls it."""
    spell: Spell | None


class Display:
    """What a source shows of a lottery while the clock goes on; it never goes back."""

    def __init__(self, source: str, lottery: str, telling: Telling, trouble: Trouble) -> None:
        self._telling = telling
        self._held: dict[DrawKey, Held] = {}
        self._spells = trouble.spells(source, lottery)
        self._starts = [one.since for one in self._spells]
        self._changes: list[tuple[datetime, DrawKey, Row | None]] = []
        before: Held | None = None
        for held in telling.truth.draws[lottery]:
            self._held[held.key] = held
            shows = telling.shows(role(source), held, before)
            over = held.at + SHOWN_FOR
            self._changes += [(at, held.key, row) for at, row in shows if at < over]
            self._changes.append((over, held.key, None))
            before = held
        self._changes.sort(key=lambda change: change[0])
        self._next = 0
        self._rows: dict[DrawKey, Row] = {}
        self._shown: Shown | None = None

    def at(self, now: datetime) -> Shown:
        """The page as it stands now."""
        place = bisect_right(self._starts, now) - 1
        spell = self._spells[place] if place >= 0 and now < self._spells[place].until else None
        changed = self._go_on(spell.since if spell and spell.kind == "frozen" else now)
        if changed or self._shown is None or self._shown.spell is not spell:
            body = self._body(spell)
            self._shown = Shown(body, f'"{hashlib.sha256(body).hexdigest()[:16]}"', dict(self._rows), spell)
        return self._shown

    def _go_on(self, until: datetime) -> bool:
        """Lets pass what changes up to then; whether anything did."""
        first = self._next
        while self._next < len(self._changes) and self._changes[self._next][0] <= until:
            _, key, row = self._changes[self._next]
            self._next += 1
            if row is None:
                self._rows.pop(key, None)
            else:
                self._rows[key] = row
        return self._next > first

    def _body(self, spell: Spell | None) -> bytes:
        rows = []
        for key, row in sorted(self._rows.items()):
            day, numbers = row.date, row.numbers
            if spell and spell.kind == "zone":
                day += self._held[key].at.astimezone(spell.zone).date() - key.date
            if spell and spell.kind == "redesign":
                truth = self._telling.truth
                numbers = drawn(truth.world.real[key.lottery], key, truth.chance("redesign", key))
            rows.append({"date": day.isoformat(), "label": row.label, "numbers": numbers})
        return json.dumps({REDESIGNED if spell and spell.kind == "redesign" else "draws": rows}).encode()
