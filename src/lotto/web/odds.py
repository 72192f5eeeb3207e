"""The chances of each way to win, and what it pays where the rules say so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lotto.draws.draw import Money
from lotto.draws.pool import Pool
from lotto.web.amounts import one_in
from lotto.web.answers import OddsAnswer, TierOddsAnswer
from lotto.words import Words


@dataclass(frozen=True)
class Chance:
    """One way to win."""

    tier: str
    match: str
    """What must be matched, in words; empty where the name says it."""
    one_in: str
    pays: str


@dataclass(frozen=True)
class Chances:
    """All ways to win, the best first, and the chance to win anything at all."""

    tiers: tuple[Chance, ...]
    any: str


def chances(words: Words, answer: OddsAnswer | None, pools: Sequence[Pool], currency: str) -> Chances | None:
    """The chances by today's rules; None where we do not know the ways to win."""
    if answer is None or not answer.tiers:
        return None
    lone = [one.one_in for one in answer.any if one.one_in]
    return Chances(
        tiers=tuple(_tiers(words, answer, {pool.name: pool for pool in pools}, currency)),
        any=one_in(words, lone[0]) if len(lone) == 1 else "",
    )


def _tiers(words: Words, answer: OddsAnswer, pools: Mapping[str, Pool], currency: str) -> Iterator[Chance]:
    for one in answer.tiers:
        yield Chance(
            tier=one.name,
            match=_match(words, one, pools),
            one_in=one_in(words, one.one_in) if one.one_in else "–",
            pays=words.money(Money(one.pays, currency)) if one.pays else "–",
        )


def _match(words: Words, one: TierOddsAnswer, pools: Mapping[str, Pool]) -> str:
    """“5 Numbers · 1 Powerball”: what must be matched of each pool, but where none must."""
    wanted = []
    for name, counts in one.match.items():
        if any(counts):
            title = (words.pool(pools[name]) if name in pools else name) or words.say("page.rules.main")
            wanted.append(words.say("page.odds.of", matched="/".join(map(str, counts)), pool=title))
    return " · ".join(wanted)
