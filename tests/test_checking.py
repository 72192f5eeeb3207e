"""Checking: a line wins what a count by hand says, in every era, and a system what all of its lines win."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import combinations, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from lotto import catalogue
from lotto.draws import checking
from lotto.draws.checking import BadLine
from lotto.draws.draw import Draw, DrawKey, Money, Prize, Status
from lotto.draws.pool import Kind, Pool

KNOWN = catalogue.load().lotteries
AT = datetime(2024, 11, 3, 4, tzinfo=UTC)
POWERBALL = KNOWN["us_powerball"]
TODAY = POWERBALL.eras[-1]
DRAWN = {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}


def drawn(lottery: str, day: date, prizes: tuple[Prize, ...] = (), **pools: tuple[int | str, ...]) -> Draw:
    return Draw(DrawKey(lottery, day), Status.CONFIRMED, AT, 1, numbers=pools, prizes=prizes)


def tiers(lottery: str, texts: dict[str, list[str]], **pools: tuple[int | str, ...]) -> dict[str, int]:
    """What a line wins by today's rules."""
    era = KNOWN[lottery].eras[-1]
    return {win.tier.name: win.lines for win in checking.wins(era, checking.read(era, texts), pools)}


@pytest.mark.parametrize(
    ("main", "bonus", "tier"),
    [
        ("10 45 48 58 61", "2", "5+1"),
        ("10 45 48 58 61", "3", "5"),
        ("10 45 48 58 1", "2", "4+1"),
        ("10 45 48 58 1", "3", "4"),
        ("10 45 48 3 1", "2", "3+1"),
        ("10 45 48 3 1", "3", "3"),
        ("10 45 4 3 1", "2", "2+1"),
        ("10 45 4 3 1", "3", None),
        ("10 5 4 3 1", "2", "1+1"),
        ("6 5 4 3 1", "2", "0+1"),
        ("6 5 4 3 1", "3", None),
    ],
)
def test_a_line_wins_the_tier_of_what_it_has_right(main, bonus, tier):
    won = tiers("us_powerball", {"main": main.split(), "bonus": [bonus]}, **DRAWN)
    assert won == ({tier: 1} if tier else {})


def test_a_number_drawn_beside_the_main_ones_is_matched_by_the_same_choice():
    """Six of 49 with a bonus from the rest, as in Taiwan: five right and the bonus."""
    pools = {"main": (1, 2, 3, 4, 5, 6), "bonus": (7,)}
    game = next(
        one.id
        for one in KNOWN.values()
        if one.eras[-1].tiers
        and (bonus := one.eras[-1].pool("bonus"))
        and bonus.rest_of == "main"
        and one.eras[-1].pool("main").take == 6
        and bonus.take == 1
        and any(tier.match == {"main": (5,), "bonus": (1,)} for tier in one.eras[-1].tiers)
    )
    five = tiers(game, {"main": ["1", "2", "3", "4", "5", "9"]}, **pools)
    with_bonus = tiers(game, {"main": ["1", "2", "3", "4", "5", "7"]}, **pools)
    assert len(five) == len(with_bonus) == 1
    assert five != with_bonus


@settings(max_examples=60, deadline=None)
@given(
    some.sets(some.integers(1, 69), min_size=5, max_size=8),
    some.sets(some.integers(1, 26), min_size=1, max_size=3),
    some.sets(some.integers(1, 69), min_size=5, max_size=5),
    some.integers(1, 26),
)
def test_a_system_wins_what_its_lines_win_one_by_one(main, bonus, result, ball):
    numbers = {"main": tuple(sorted(result)), "bonus": (ball,)}
    whole = tiers("us_powerball", {"main": [*map(str, main)], "bonus": [*map(str, bonus)]}, **numbers)
    by_hand: dict[str, int] = {}
    for five in combinations(sorted(main), 5):
        for one in bonus:
            for name in tiers("us_powerball", {"main": [*map(str, five)], "bonus": [str(one)]}, **numbers):
                by_hand[name] = by_hand.get(name, 0) + 1
    assert whole == by_hand


COUNTED = sorted(
    one.id
    for one in KNOWN.values()
    if one.eras[-1].tiers and not any(pool.among or pool.kind is Kind.TICKET for pool in one.eras[-1].pools)
)


@pytest.mark.parametrize("lottery", COUNTED)
def test_whoever_chose_what_was_drawn_wins_the_first_tier_of_the_game(lottery):
    era = KNOWN[lottery].eras[-1]
    drawn = {}
    for pool in era.pools:
        # From the other end where it is drawn beside another pool: the two share no value.
        drawn[pool.name] = tuple(islice(values_of(pool, backwards=bool(pool.rest_of)), pool.take))
    line = {
        pool.name: tuple(islice(values_of(pool), era.tiers[0].pick.get(pool.name, pool.take)))
        for pool in checking.chosen(era)
    }
    won = checking.wins(era, line, drawn)
    assert [(win.tier, win.lines) for win in won] == [(era.tiers[0], 1)]


def values_of(pool: Pool, *, backwards: bool = False) -> list[int | str]:
    if pool.words:
        return [*pool.words]
    numbers = range(pool.lowest, pool.highest + 1)
    digits = pool.kind is Kind.DIGIT
    values = [pool.value(str(n).zfill(pool.width) if digits else str(n)) for n in numbers]
    if backwards:
        values.reverse()
    return values * pool.take if pool.repeats else values


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"main": ["1", "2", "3", "4"], "bonus": ["1"]}, "It takes 5 of main, and these are 4."),
        ({"main": ["1", "2", "3", "4", "70"], "bonus": ["1"]}, "70 is outside 1 to 69 of the main pool."),
        ({"main": ["1", "2", "3", "4", "4"], "bonus": ["1"]}, "A value of main is there twice."),
        ({"main": ["1", "2", "3", "4", "5"]}, "It takes 1 of Powerball, and these are 0."),
        ({"main": ["1"], "star": ["1"]}, "There is no pool “star” to choose from; there are main, bonus."),
        ({"main": [*map(str, range(1, 40))], "bonus": ["1"]}, "A system of 39 values of main is larger than any"),
    ],
)
def test_a_line_that_nobody_can_play_is_refused_in_a_sentence(texts, words):
    with pytest.raises(BadLine, match=f"^{words}"):
        checking.read(TODAY, texts)


def test_each_draw_is_checked_by_the_rules_of_its_day_and_those_that_take_no_such_line_are_counted():
    line = {"main": ["1", "2", "3", "4", "69"], "bonus": ["2"]}
    draws = [
        drawn("us_powerball", date(2024, 11, 2), **DRAWN),
        drawn("us_powerball", date(2014, 11, 1), main=(1, 2, 3, 4, 5), bonus=(2,)),  # of these we know no tiers
    ]
    checked = checking.check(POWERBALL, [line], draws)
    assert (checked.draws, checked.unplayable) == (2, 1)
    assert [(one.draw.key.date.year, one.win.tier.name) for one in checked.found] == [(2024, "0+1")]
    with pytest.raises(BadLine, match="We do not know the prize tiers of this game by the rules of that day"):
        checking.check(POWERBALL, [line], draws[1:])


def test_a_prize_is_what_the_draw_told_and_else_what_the_rules_fix():
    line = {"main": ["1", "2", "3", "4", "5"], "bonus": ["2"]}
    told = (Prize("0+1", 7, Money(Decimal(8), "USD")),)
    draws = [
        drawn("us_powerball", date(2024, 11, 2), told, **DRAWN),
        drawn("us_powerball", date(2024, 10, 30), **DRAWN),
    ]
    paid = [one.prize for one in checking.check(POWERBALL, [line], draws).found]
    assert paid == [Money(Decimal(8), "USD"), Money(Decimal(4), "USD")]
