"""A word: what a source said of a draw, as the ledger keeps it.

Which words are new and what the rules object to is told here without asking anyone: the pen brings what it holds.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby

import msgspec

from lotto import wire
from lotto.draws.altered import altered
from lotto.draws.draw import Draw, DrawKey, Observation, Seen
from lotto.draws.lottery import Lottery

Place = tuple[str, DrawKey]
"""Whose word, and on which draw."""

TWICE = "The source shows this draw twice, and not the same."


@dataclass(frozen=True)
class Word:
    """An observation as the ledger keeps it, with its fingerprint: what is said, whenever and wherever it is seen."""

    said: Observation
    fingerprint: str

    @classmethod
    def of(cls, one: Observation) -> "Word":
        """The observation as it will be read back, so that it weighs the same now and later."""
        kept = one
        if one.observed_at.tzinfo is not UTC or not (_in_order(one.numbers) and _in_order(one.drawn or {})):
            kept = altered(
                one,
                numbers=_ordered(one.numbers),
                drawn=None if one.drawn is None else _ordered(one.drawn),
                observed_at=one.observed_at.astimezone(UTC),
            )
        return cls(kept, hashlib.sha256(fingerprinted(one)).hexdigest())

    @property
    def place(self) -> Place:
        """Whose word it is, and on which draw."""
        return self.said.source, self.said.key

    def objected(self, words: tuple[str, ...]) -> "Word":
        """The same with further objections."""
        if not words:
            return self
        every = tuple(dict.fromkeys((*self.said.objections, *words)))
        return Word(altered(self.said, objections=every), self.fingerprint)


@dataclass(frozen=True)
class Last:
    """When a source last said something new of a draw, and by which row."""

    id: int
    fingerprint: str
    objected: bool
    observed_at: datetime


def newest(observations: Iterable[Observation]) -> dict[Place, Word]:
    """The last word of each source on each draw; where it said two different things at once, with an objection."""
    last: dict[Place, Observation] = {}
    for one in sorted(observations, key=lambda one: one.observed_at):
        place = (one.source, one.key)
        twin = last.get(place)
        at_once = twin is not None and twin.observed_at == one.observed_at
        if twin is not None and at_once and (TWICE in twin.objections or twin.numbers != one.numbers):
            one = altered(one, objections=(*one.objections, TWICE))
        last[place] = one
    return {place: Word.of(one) for place, one in last.items()}


def fresh(ours: Mapping[Place, Word], last: Mapping[Place, Last]) -> dict[Place, bool]:
    """What the source has not said yet, or what was objected to when it last said so.

    The value tells the two apart: True when it is the old words, to be weighed again since rules look at the clock.
    What was seen before its source's last word is not fresh: a page read slowly does not unsay a younger one.
    """
    anew: dict[Place, bool] = {}
    for place, one in ours.items():
        before = last.get(place)
        same = before is not None and before.fingerprint == one.fingerprint
        if before is None or ((before.objected or not same) and before.observed_at <= one.said.observed_at):
            anew[place] = same
    return anew


def judge(
    lottery: Lottery,
    ours: Mapping[Place, Word],
    fresh: Iterable[Place],
    heads: Mapping[DrawKey, tuple[Draw, bool]],
) -> list[Word]:
    """The fresh words with what the rules object to; `heads` tells where these draws and those before them stand."""
    published: dict[DrawKey, Seen] = {key: draw.numbers for key, (draw, _) in heads.items() if draw.numbers}
    times: dict[DrawKey, datetime | None] = {key: draw.drawn_at for key, (draw, _) in heads.items()}
    judged = []
    for source, places in groupby(sorted(fresh), key=lambda place: place[0]):
        said = {key: one.said for (whose, key), one in ours.items() if whose == source}
        values = published | {key: one.numbers for key, one in said.items()}
        told = times | {key: one.drawn_at for key, one in said.items()}
        line = sorted(values, key=lambda key: (lottery.held_at(key, told[key]), key))
        before = dict(zip(line[1:], line, strict=False))
        for place in places:
            one = said[place[1]]
            previous = before.get(one.key)
            words = lottery.objections(
                one.key, one.numbers, one.observed_at, values[previous] if previous else None, one.drawn_at
            )
            judged.append(ours[place].objected(words))
    return judged


def fingerprinted(one: Observation) -> bytes:
    """What the fingerprint is made of: JSON as `json.dumps` has always written it, in ASCII, every name in order."""
    said = [one.numbers, one.drawn, one.serial, one.jackpot, one.prizes, one.parser]
    quick = msgspec.json.format(msgspec.json.encode(said, order="sorted"), indent=0)
    if quick.isascii() and b"\x7f" not in quick:
        return quick
    return json.dumps(wire.plain(said), sort_keys=True).encode()


def _ordered(numbers: Seen) -> Seen:
    """The pools in the order in which jsonb gives them back."""
    return {name: numbers[name] for name in _order(tuple(numbers))}


def _in_order(numbers: Seen) -> bool:
    names = tuple(numbers)
    return names == _order(names)


@lru_cache
def _order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Few lotteries share out their values otherwise than others: most orders were asked for before."""
    return tuple(sorted(names, key=lambda name: (len(name.encode()), name.encode())))
