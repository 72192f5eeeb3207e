"""A witness: one source, or one recorded page of it, with its last word on each draw."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from lotto.draws.draw import DrawKey, Observation, Seen
from lotto.draws.lottery import Lottery
from lotto.draws.verdict import compatible


@dataclass(frozen=True)
class Witness:
    """What one source says of a lottery: on all its pages together, or on the one page that is named."""

    source: str
    page: str
    words: Mapping[DrawKey, Observation]
    """Draw → its last word on it."""
    unsaid: Mapping[DrawKey, tuple[Observation, ...]]
    """Draw → what it said before and contradicts now."""

    @cached_property
    def days(self) -> Mapping[date, tuple[DrawKey, ...]]:
        """Local day → the draws it has then."""
        found: dict[date, tuple[DrawKey, ...]] = {}
        for key in sorted(self.words):
            found[key.date] = (*found.get(key.date, ()), key)
        return found


def witnesses(lottery: Lottery, observations: Iterable[Observation], *, by_page: bool) -> list[Witness]:
    """The witnesses among these observations of one lottery, by name; `by_page` has each page stand for itself."""
    said: dict[tuple[str, str], dict[DrawKey, list[Observation]]] = defaultdict(lambda: defaultdict(list))
    for one in observations:
        said[one.source, one.page if by_page else ""][one.key].append(one)
    return [_witness(lottery, source, page, draws) for (source, page), draws in sorted(said.items())]


def _witness(lottery: Lottery, source: str, page: str, draws: Mapping[DrawKey, list[Observation]]) -> Witness:
    words, unsaid = {}, {}
    for key, said in draws.items():
        said.sort(key=lambda one: one.observed_at)
        words[key] = said[-1]
        if len(said) > 1 and (before := tuple(_contradicted(lottery, said))):
            unsaid[key] = before
    return Witness(source, page, words, unsaid)


def _contradicted(lottery: Lottery, said: list[Observation]) -> Iterator[Observation]:
    told: list[Seen] = []
    for one in said[:-1]:
        if one.numbers not in told and contradict(lottery, one, said[-1]):
            told.append(one.numbers)
            yield one


def contradict(lottery: Lottery, one: Observation, other: Observation) -> bool:
    """Whether the two cannot both be true; what one leaves open contradicts nothing."""
    era = lottery.era(one.key.date)
    return era is not None and not compatible(era.pools, one.numbers, other.numbers)


def same_draw(lottery: Lottery, one: Observation, other: Observation) -> bool:
    """Whether the two show one draw, whatever their days: each all of it, and in every pool the same."""
    ours, theirs = one.numbers, other.numbers
    era = lottery.era(one.key.date)
    return (
        era is not None
        and lottery.is_whole(one.key, ours)
        and lottery.is_whole(other.key, theirs)
        and all(ours.get(pool.name) == theirs.get(pool.name) for pool in era.pools if not pool.optional)
    )


def row(lottery: Lottery, key: DrawKey) -> str:
    """The row of draws that this one belongs to: those of its label, or all where labels are free."""
    era = lottery.era(key.date)
    return "" if era is None or era.labels_are_free else key.label
