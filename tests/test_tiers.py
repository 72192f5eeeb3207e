"""The checker against official prize tiers: real draws, and what their operators say each way to match won.

Draws and prizes are those that independent readers found in the operators' own pages (`tests/expected`); which matches
make a tier is told here, as the operators' rules tell it, and shares nothing with the catalogue but the tiers' names.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from lotto import catalogue
from lotto.draws import checking, prizes
from lotto.draws.checking import BadLine
from lotto.draws.draw import Draw, DrawKey, Money, Status
from lotto.draws.lottery import Lottery
from lotto.draws.pool import Pool
from pages import EXPECTED

KNOWN = catalogue.load().lotteries
AT = datetime(2026, 11, 1, tzinfo=UTC)

Rule = Callable[[int, int], str | None]
"""How many of the main pool and of the other are right → the tier that wins, by the operator's rules."""


def plain(*counts: int) -> Rule:
    """Only the main pool counts."""
    return lambda main, _: str(main) if main in counts else None


def cells(*names: str) -> Rule:
    """Each tier is one cell: “4+1” is four and one, “4” is four and none."""
    return lambda main, other: next((one for one in names if one == (f"{main}+{other}" if other else f"{main}")), None)


def six_with_a_bonus(main: int, other: int) -> str | None:
    """Six, five with the bonus, five, four, three: as in Korea, Japan and, until 2007, Hungary."""
    return "5+1" if (main, other) == (5, 1) else plain(6, 5, 4, 3)(main, other)


def sayisal(main: int, other: int) -> str | None:
    return "5+1" if (main, other) == (5, 1) else plain(6, 5, 4, 3, 2)(main, other)


def toto(*tiers: str) -> Rule:
    """Singapore: the additional number counts from three on, and all six need none."""
    return lambda main, other: "6" if main == 6 else cells(*tiers)(main, other)


def australian_lotto(main: int, other: int) -> str | None:
    """Six of 45 with two supplementary numbers, as on Mondays and Wednesdays."""
    if main in (1, 2):
        return "1+2" if other == 2 else None
    if main in (3, 5) and other:
        return f"{main}+1"
    return plain(6, 5, 4)(main, other)


def set_for_life(main: int, other: int) -> str | None:
    """Seven of 44 with two bonus numbers, of which one is enough."""
    return f"{main}+1" if other and 3 <= main <= 6 else plain(7, 6, 5, 4)(main, other)


EUROJACKPOT = cells("5+2", "5+1", "5", "4+2", "4+1", "3+2", "4", "2+2", "3+1", "3", "1+2", "2+1")
POWERBALL = cells("5+1", "5", "4+1", "4", "3+1", "3", "2+1", "1+1", "0+1")


@dataclass(frozen=True)
class Game:
    """A game as its operator explains it, from a day on."""

    rule: Rule
    picks: int
    """Values of the main pool on a line."""
    since: date = date.min
    until: date = date.max


GAMES: dict[tuple[str, str], tuple[Game, ...]] = {
    ("hu_szerencsejatek", "otos"): (Game(plain(5, 4, 3, 2), 5),),
    ("hu_szerencsejatek", "hatos"): (
        Game(six_with_a_bonus, 6, until=date(2007, 7, 28)),
        Game(plain(6, 5, 4, 3), 6, since=date(2007, 7, 29)),
    ),
    ("hu_szerencsejatek", "eurojackpot"): (Game(EUROJACKPOT, 5, since=date(2014, 10, 10)),),
    ("gr_opap", "Eurojackpot"): (Game(EUROJACKPOT, 5),),
    ("kr_smok95", "lotto"): (Game(six_with_a_bonus, 6),),
    ("jp_rosyuku", "loto6"): (Game(six_with_a_bonus, 6),),
    ("br_caixa", "Mega-Sena"): (Game(plain(6, 5, 4), 6),),
    ("br_caixa", "Lotofacil"): (Game(plain(15, 14, 13, 12, 11), 15),),
    ("br_caixa", "Lotomania"): (Game(plain(20, 19, 18, 17, 16, 0), 50),),
    ("tr_milli_piyango", "Sayısal Loto"): (
        Game(plain(6, 5, 4, 3), 6, until=date(2020, 8, 1)),
        Game(sayisal, 6, since=date(2022, 1, 1)),
    ),
    ("tr_milli_piyango", "Süper Loto"): (
        Game(plain(6, 5, 4, 3), 6, until=date(2020, 8, 1)),
        Game(plain(6, 5, 4, 3, 2), 6, since=date(2022, 1, 1)),
    ),
    ("tr_milli_piyango", "On Numara"): (Game(plain(10, 9, 8, 7, 6, 0), 10),),
    ("tr_milli_piyango", "Şans Topu"): (Game(POWERBALL, 5, since=date(2022, 1, 1)),),
    ("us_powerball_com", "Powerball"): (Game(POWERBALL, 5),),
    ("sg_lottolyzer", "toto"): (
        Game(toto("5+1", "5", "4+1", "4", "3+1"), 6, until=date(2014, 10, 8)),
        Game(toto("5+1", "5", "4+1", "4", "3+1", "3"), 6, since=date(2014, 10, 9)),
    ),
    ("za_nationallotterycom", "Lotto"): (Game(toto("5+1", "5", "4+1", "4", "3+1", "3", "2+1"), 6),),
    ("au_lotterywest", "Monday Lotto"): (Game(australian_lotto, 6),),
    ("au_lotterywest", "Wednesday Lotto"): (Game(australian_lotto, 6),),
    ("au_lotterywest", "Set for Life"): (Game(set_for_life, 7),),
    ("au_lotterywest", "Powerball"): (
        Game(cells("7+1", "7", "6+1", "6", "5+1", "4+1", "5", "3+1", "2+1"), 7, since=date(2018, 4, 19)),
    ),
}


def told(source: str, name: str) -> Iterator[tuple[Lottery, Draw]]:
    """Every draw of the game whose prizes an independent reader found, each once."""
    lottery = next(one for one in KNOWN.values() if name in one.sources.get(source, {}))
    label = lottery.sources[source][name]
    found: dict[DrawKey, Draw] = {}
    for case in (case for cases in EXPECTED.values() for case in cases if case["source"] == source):
        few = case.get("readings")
        many = [case.get("first"), case.get("last"), *case.get("some", ())]
        for reading in few if isinstance(few, list) else many:
            if reading is not None and reading[2] == name and len(reading) > 5 and "prizes" in reading[5]:
                draw = drawn(lottery, DrawKey(lottery.id, date.fromisoformat(reading[0]), reading[1] or label), reading)
                found[draw.key] = draw
    for draw in found.values():
        yield lottery, draw


def drawn(lottery: Lottery, key: DrawKey, reading: list[Any]) -> Draw:
    era = lottery.era(key.date)
    assert era is not None
    pools = {pool.name: pool for pool in era.pools}
    numbers = {
        name: pools[name].arranged([pools[name].value(text) for text in texts])
        for name, texts in reading[4].items()
        if name in pools
    }
    paid = tuple(
        prizes.prize(tier, winners, None if amount is None else Money(Decimal(amount), currency or lottery.currency))
        for tier, winners, amount, currency in reading[5]["prizes"]
    )
    return Draw(key, Status.CONFIRMED, AT, 1, numbers=numbers, prizes=paid)


def chosen(pool: Pool, picks: int, *parts: tuple[tuple[Any, ...], int]) -> list[str] | None:
    """A choice with so many values of each of these drawn sets, filled up with what was not drawn."""
    taken = [value for values, count in parts for value in values[:count]]
    rest = [n for n in range(pool.lowest, pool.highest + 1) if not any(n in values for values, _ in parts)]
    fill = picks - len(taken)
    return [str(value) for value in [*taken, *rest[:fill]]] if 0 <= fill <= len(rest) else None


def lines(lottery: Lottery, draw: Draw, picks: int) -> Iterator[tuple[int, int, dict[str, list[str]]]]:
    """A line for every way to match that there is: how many of main, how many of the other pool, the line."""
    era = lottery.era(draw.key.date)
    assert era is not None
    main = era.pools[0]
    other = next((pool for pool in era.pools[1:] if any(pool.name in tier.match for tier in era.tiers)), None)
    theirs = draw.numbers.get(other.name, ()) if other else ()
    for right, beside in product(range(min(main.take, picks) + 1), range(len(theirs) + 1)):
        if other is not None and not other.rest_of:
            own = chosen(other, other.take, (theirs, beside))
            line = chosen(main, picks, (draw.numbers[main.name], right))
            if own and line:
                yield right, beside, {main.name: line, other.name: own}
        else:
            line = chosen(main, picks, (draw.numbers[main.name], right), (theirs, beside))
            if line:
                yield right, beside, {main.name: line}


CHECKED = [
    (lottery, draw, game)
    for (source, name), games in GAMES.items()
    for lottery, draw in told(source, name)
    for game in games
    if game.since <= draw.key.date <= game.until
]


@pytest.mark.parametrize(("lottery", "draw", "game"), CHECKED, ids=[str(draw.key) for _, draw, _ in CHECKED])
def test_every_way_to_match_wins_the_official_tier_and_its_prize_of_that_day(lottery, draw, game):
    paid = {one.tier: one.amount for one in draw.prizes}
    won = set()
    for right, beside, line in lines(lottery, draw, game.picks):
        official = game.rule(right, beside)
        found = checking.check(lottery, [line], [draw]).found
        assert [one.win.tier.name for one in found] == ([official] if official else []), (right, beside, line)
        if official:
            won.add(official)
            assert found[0].win.lines == 1
            if paid.get(official) is not None:
                assert found[0].prize == paid[official]
    # The operator's table of the day has no tier that the rules told here have not.
    assert {name for name in paid if "Power Play" not in name} <= won


KENO = [
    (lottery, draw)
    for source, name in (("be_natlot", "Keno"), ("de_lotto", "KENO"), ("dk_lottotal", "Keno"))
    for lottery, draw in told(source, name)
]


@pytest.mark.parametrize(("lottery", "draw"), KENO, ids=[str(draw.key) for _, draw in KENO])
def test_a_keno_line_wins_what_the_operators_table_says_for_so_many_chosen_and_so_many_right(lottery, draw):
    """The operator's table names every win of the day: “7 of 10” is seven right of ten chosen."""
    era = lottery.era(draw.key.date)
    paid = {one.tier: one.amount for one in draw.prizes}
    for picks in {int(name.split(" of ")[1]) for name in paid}:
        for right in range(picks + 1):
            line = chosen(era.pools[0], picks, (draw.numbers["main"], right))
            found = checking.check(lottery, [{"main": line}], [draw]).found
            name = f"{right} of {picks}"
            assert [one.win.tier.name for one in found] == ([name] if name in paid else [])
            if found and paid[name] is not None:
                assert found[0].prize == paid[name]


@pytest.mark.parametrize(("source", "name"), [("se_svenskaspel", "Keno"), ("fi_veikkaus", "Keno Ilta-arvonta")])
def test_a_keno_whose_king_number_pays_on_some_tickets_is_refused_in_a_sentence(source, name):
    for lottery, draw in told(source, name):
        with pytest.raises(BadLine, match="pool wins cannot be counted from a line"):
            checking.check(lottery, [{"main": ["1", "2", "3"]}], [draw])


RANKS = {
    ("fr_fdj", "EuroMillions"): {
        date(2004, 2, 13): "5+2 5+1 5 4+2 4+1 4 3+2 2+2 3+1 3 1+2 2+1",
        date(2011, 5, 10): "5+2 5+1 5 4+2 4+1 4 3+2 2+2 3+1 3 1+2 2+1 2",
    },
    ("fr_fdj", "Loto"): {date(2019, 11, 4): "5+1 5 4+1 4 3+1 3 2+1 2 0+1"},
}
"""French games number their tiers: what each rank is, from a day on. The last of Loto is one or none, and the bonus."""


@pytest.mark.parametrize("game", RANKS, ids=[name for _, name in RANKS])
def test_the_tiers_of_french_games_are_their_ranks(game):
    seen = 0
    for lottery, draw in told(*game):
        ranks = next((RANKS[game][day] for day in sorted(RANKS[game], reverse=True) if day <= draw.key.date), None)
        if ranks is None:
            continue
        official = cells(*ranks.split())
        assert len(ranks.split()) == sum(one.tier.startswith("rang ") for one in draw.prizes)
        for right, beside, line in lines(lottery, draw, 5):
            found = checking.check(lottery, [line], [draw]).found
            wanted = official(right, beside) or ("0+1" if game[1] == "Loto" and (right, beside) == (1, 1) else None)
            shown = [one.win.tier.name.replace("1+1 or 0+1", "0+1") for one in found]
            assert shown == ([wanted] if wanted else [])
        seen += 1
    assert seen


def test_they_are_more_than_fifty_real_draws():
    assert len({draw.key for _, draw, _ in CHECKED}) >= 50
    assert len({lottery.id for lottery, _, _ in CHECKED}) >= 15


def test_a_wrong_tier_would_be_found():
    """The control: by the rules of another day the same lines do not win what the operator paid."""
    lottery, draw, game = next(one for one in CHECKED if one[0].id == "hu_hatoslotto" and one[1].key.date.year > 2007)
    wrong = [
        (right, beside)
        for right, beside, line in lines(lottery, draw, game.picks)
        if [one.win.tier.name for one in checking.check(lottery, [line], [draw]).found]
        != [one for one in [plain(6, 5, 4)(right, beside)] if one]
    ]
    assert wrong == [(3, 0)]


def test_a_line_for_draws_whose_tiers_nobody_knows_is_refused():
    """The first draws of Eurojackpot had other tiers, which the catalogue does not tell."""
    lottery = KNOWN["de_eurojackpot"]
    draw = Draw(DrawKey(lottery.id, date(2013, 1, 4)), Status.CONFIRMED, AT, 1, numbers={"main": (1, 2, 3, 4, 5)})
    with pytest.raises(BadLine, match="We do not know the prize tiers"):
        checking.check(lottery, [{"main": ["1", "2", "3", "4", "5"], "star": ["1", "2"]}], [draw])
