"""Test vectors of the ticket checker: what Python answers is what the browser must answer, on rules of every kind.

`tests/vectors/checking.json` is read by pytest and by Vitest. `LOTTO_VECTORS=write` makes it anew.
"""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lotto.api import views
from lotto.draws import checking, line
from lotto.draws.checking import BadLine
from lotto.draws.draw import Draw, DrawKey, Money, Prize, Status, Value
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Kind, Pool
from lotto.draws.prizes import Tier

FILE = Path(__file__).parent / "vectors" / "checking.json"

NOW = dt.datetime(2024, 11, 3, 4, tzinfo=dt.UTC)
EVERY = 12
"""Cases of each kind of a lottery."""


ODD = (
    "",
    "+",
    "1 + 2 + 3 + 4 + 5 + 6",
    "1 1 1 1 1 1",
    "x y z",
    "999 1 2 3 4",
    "1, 2; 3-4 5",
    "٣ ٤ ५ ๖ 7",
    "LEON",
    "elpez",
    " ".join(map(str, range(1, 36))),
)
"""What people write as well."""


def _game(name: str, pools: Sequence[Pool], tiers: Sequence[Tier]) -> Lottery:
    era = Era(dt.date(2020, 1, 1), tuple(pools), (), tuple(tiers))
    return Lottery(name, name, "US", "Operator", ZoneInfo("UTC"), "USD", (era,), sources={})


MADE = (
    _game(
        "made_digits",
        [Pool("main", 3, 0, 9, Kind.DIGIT, ordered=True, repeats=True)],
        [Tier("3", {"main": (3,)}, pays=Decimal(500)), Tier("2", {"main": (2,)})],
    ),
    _game(
        "made_places",
        [Pool("main", 3, 0, 99, Kind.DIGIT, ordered=True, repeats=True), Pool("extra", 1, 1, 4, title="Extra")],
        [Tier("all", {"main": (3,), "extra": (1,)}), Tier("some", {"main": (1, 2, 3)})],
    ),
    _game(
        "made_animals",
        [Pool("animal", 1, kind=Kind.WORD, words={"0": "Delfín", "00": "Ballena", "5": "León", "33": "El Pez"})],
        [Tier("it", {"animal": (1,)}, pays=Decimal("30.50"))],
    ),
    _game("made_raffle", [Pool("code", 1, kind=Kind.TICKET, written="AA######")], [Tier("code", {"code": (1,)})]),
    _game(
        "made_king",
        [Pool("main", 20, 1, 80), Pool("king", 1, 1, 80, title="King", among="main")],
        [Tier("king", {"king": (1,)}, pick={"main": 10})],
    ),
    _game("made_blind", [Pool("main", 5, 1, 50)], []),
)
"""Games of kinds that no lottery with tiers is of today, and those of which nothing can be counted."""


def chosen_lotteries(known: Mapping[str, Lottery]) -> list[Lottery]:
    """The first lottery of each kind of rules in the catalogue, and those made for the kinds it lacks."""
    seen: set[object] = set()
    found = []
    for _, lottery in sorted(known.items()):
        kinds = {_kind(era) for era in lottery.eras if era.tiers}
        if kinds - seen:
            seen |= kinds
            found.append(lottery)
    return [*found, *(known[name] for name in ("us_powerball", "fr_euromillions") if known[name] not in found), *MADE]


def vectors(known: Mapping[str, Lottery]) -> dict[str, Any]:
    """All of them, the same in every run."""
    lotteries = chosen_lotteries(known)
    return {
        "lotteries": {one.id: _rules(one) for one in lotteries},
        "cases": [case for one in lotteries for case in _cases(one, random.Random(one.id))],
    }


def _kind(era: Era) -> object:
    """What its checking depends on, apart from figures."""
    named = {name for tier in era.tiers for name in tier.match}
    return tuple(
        (
            pool.kind,
            pool.ordered,
            pool.repeats,
            bool(pool.rest_of),
            bool(pool.among),
            len({tier.pick.get(pool.name, pool.take) for tier in era.tiers}),
            any(pool.name in tier.pick for tier in era.tiers),
            any(len(tier.match.get(pool.name, ())) > 1 for tier in era.tiers),
        )
        for pool in era.pools
        if pool.name in named
    )


def _rules(lottery: Lottery) -> dict[str, Any]:
    told = views.lottery(lottery, NOW).model_dump(mode="json")
    eras = [{name: era[name] for name in ("starts_on", "pools", "tiers")} for era in told["eras"]]
    return {"currency": lottery.currency, "eras": eras}


def _cases(lottery: Lottery, chance: random.Random) -> Iterator[dict[str, Any]]:
    for _ in range(EVERY):
        draws = [_draw(lottery, era, chance) for era in chance.choices(lottery.eras[-3:], k=chance.randint(0, 3))]
        draws.sort(key=lambda draw: draw.key.date, reverse=True)
        yield _case(lottery, [_written(lottery.eras[-1], draws, chance) for _ in range(chance.randint(1, 3))], draws)
    one = [_draw(lottery, lottery.eras[-1], chance)]
    for odd in ODD:
        yield _case(lottery, [odd], one)


def _case(lottery: Lottery, written: Sequence[str], draws: Sequence[Draw]) -> dict[str, Any]:
    asked = {
        "lottery": lottery.id,
        "lines": list(written),
        "draws": [
            {
                "date": draw.key.date.isoformat(),
                "label": draw.key.label,
                "numbers": {pool: list(values) for pool, values in draw.numbers.items()},
                "prizes": [{"tier": one.tier, "amount": _money(one.amount)} for one in draw.prizes],
            }
            for draw in draws
        ],
    }
    try:
        texts = [line.texts(lottery.eras[-1], one) for one in written]
        checked = checking.check(lottery, texts, draws)
    except BadLine as error:
        return {**asked, "refused": {"why": error.why, "parts": error.parts}}
    won = [
        {
            "draw": draws.index(one.draw),
            "line": one.line,
            "tier": one.win.tier.name,
            "lines": one.win.lines,
            "prize": _money(one.prize),
        }
        for one in checked.found
    ]
    return {**asked, "texts": texts, "won": won, "looked_at": checked.draws, "unplayable": checked.unplayable}


def _money(money: Money | None) -> dict[str, str] | None:
    return None if money is None else {"amount": str(money.amount), "currency": money.currency}


def _draw(lottery: Lottery, era: Era, chance: random.Random) -> Draw:
    """A draw as these rules hold one, some time after they came into force; now and then with its prizes."""
    numbers: dict[str, tuple[Value, ...]] = {}
    for pool in era.pools:
        taken = set(numbers.get(pool.rest_of, ()))
        there = [*numbers[pool.among]] if pool.among else [one for one in _all(pool) if one not in taken]
        drawn = chance.choices(there, k=pool.take) if pool.repeats else chance.sample(there, pool.take)
        numbers[pool.name] = tuple(drawn) if pool.ordered else tuple(pool.arranged(drawn))  # type: ignore[arg-type]
    prizes = [Prize(tier.name, 3, Money(Decimal(chance.randint(1, 900)), "EUR")) for tier in era.tiers[:2]]
    on = era.starts_on + dt.timedelta(days=chance.randint(0, 20))
    return Draw(
        DrawKey(lottery.id, on), Status.CONFIRMED, NOW, 1, numbers=numbers, prizes=tuple(prizes) * chance.randint(0, 1)
    )


def _written(era: Era, draws: Sequence[Draw], chance: random.Random) -> str:
    """A line that may be played, a system, or one short of a value; most have something right."""
    try:
        pools = checking.chosen(era)
    except BadLine:
        return "1 2 3 4 5"
    parts = []
    for pool in pools:
        picks = sorted({tier.pick.get(pool.name, pool.take) for tier in era.tiers if pool.name in tier.match})
        count = chance.choice(picks)
        if len(picks) == 1 and not pool.ordered and not pool.repeats:
            count += chance.choice((*(0,) * 14, -1, 1, 1, 2, 3))
        lucky = [value for draw in draws for value in draw.numbers.get(pool.name, ())]
        if pool.ordered or pool.repeats:
            values = [chance.choice([*lucky[at :: pool.take], *_all(pool)[:3]]) for at in range(count)]
        else:
            good = chance.sample(sorted(set(lucky), key=str), k=min(len(set(lucky)), chance.randint(0, max(count, 0))))
            others = [one for one in _all(pool) if one not in good]
            values = [*good, *chance.sample(others, k=min(max(count - len(good), 0), len(others)))]
        parts.append(chance.choice((" ", ", ")).join(str(value) for value in values))
    plus = " " if chance.random() < 0.2 else " + "
    return plus.join(parts)


def _all(pool: Pool) -> list[Value]:
    if pool.kind is Kind.TICKET:
        return [f"AB{n:06}" for n in range(20)]
    if pool.kind is Kind.WORD:
        return [*pool.words]
    numbers = range(pool.lowest, pool.highest + 1)
    return [str(one).zfill(pool.width) if pool.kind is Kind.DIGIT else one for one in numbers]
