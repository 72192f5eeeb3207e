"""A draw's whole life: whatever sources say in whatever order, and whatever persons rule in between."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotto.draws.draw import Act, Draw, Observation, Ruling, Seen, Status
from lotto.draws.lottery import Lottery, Policy
from lotto.draws.verdict import weigh
from lotto.events import Type
from lotto.ledger.step import step
from test_draws import FIVE, GAMES, KEY, LATER, TOLD, TRUTH, always, numbers_of, observations_of
from test_draws import said as tells

Moment = Observation | tuple[Act, Seen]
"""A source says something, or a person does."""


class Life:
    """One draw from the first word on."""

    def __init__(self, lottery: Lottery) -> None:
        self.lottery = lottery
        self.said: dict[str, Observation] = {}
        self.ruling: Ruling | None = None
        self.draw: Draw | None = None
        self.events: list[Type] = []

    def go_on(self, moment: Moment) -> tuple[Draw | None, Draw | None, Type | None]:
        """The draw before and after that moment, and the event."""
        if isinstance(moment, Observation):
            self.said[moment.source] = moment
        else:
            act, numbers = moment
            seen = {one.source: one.numbers for one in self.said.values()}
            self.ruling = Ruling(act, "Ana", LATER, "I asked.", numbers, seen)
        before = self.draw
        after, event = self.again()
        if after is not None:
            self.draw = after
        if event is not None:
            self.events.append(event)
        return before, after, event

    def again(self) -> tuple[Draw | None, Type | None]:
        """What would come of looking once more."""
        verdict = weigh(self.lottery, KEY, self.said.values(), self.ruling)
        return step(self.lottery, KEY, self.draw, verdict, LATER)


def moments_of(game: Lottery) -> st.SearchStrategy[list[Moment]]:
    pools = game.eras[0].pools

    def given_by_a_person(act: Act, numbers: Seen) -> Moment:
        fits = act in (Act.APPROVE, Act.CORRECT) and game.is_whole(KEY, numbers)
        whole = {pool.name: numbers[pool.name] for pool in pools if pool.is_whole(numbers.get(pool.name, ()))}
        return (act, whole) if fits else (Act.HOLD if act is not Act.VOID else act, {})

    ruled = st.builds(given_by_a_person, st.sampled_from(Act), numbers_of(pools))
    said = observations_of(game, max_size=1).map(lambda found: found[0] if found else tells("us_first", {}))
    return st.lists(said | said | ruled, max_size=12)


LIVES = GAMES.flatmap(lambda game: st.tuples(st.just(game), moments_of(game)))


@always
@given(LIVES)
def test_published_numbers_change_with_a_revision_and_never_else(one: tuple[Lottery, list[Moment]]) -> None:
    game, moments = one
    life = Life(game)
    for moment in moments:
        before, after, event = life.go_on(moment)
        if after is None:
            assert event is None
            continue
        earlier = before or Draw(KEY, Status.SCHEDULED, LATER, update=-1)
        assert after.update == earlier.update + 1
        changes = any(after.numbers.get(pool) != values for pool, values in earlier.numbers.items())
        appears = bool(after.numbers) and not earlier.numbers
        assert after.revision == earlier.revision + (changes or appears)
        expected = {
            (True, False): Type.NEW_RESULT if not earlier.revision else Type.RESULT_CORRECTED,
            (False, True): Type.RESULT_CORRECTED,
        }.get((appears, changes))
        if after.status is Status.VOID:
            expected = Type.RESULT_VOIDED if earlier.status is not Status.VOID else Type.RESULT_UPDATED
        assert event is (expected or (Type.RESULT_UPDATED if earlier.revision else None))


@always
@given(LIVES)
def test_numbers_stand_on_enough_origins_or_on_a_persons_word(one: tuple[Lottery, list[Moment]]) -> None:
    game, moments = one
    life = Life(game)
    for moment in moments:
        before, after, _ = life.go_on(moment)
        if after is None:
            continue
        if after.status is Status.HELD:
            assert after.numbers == (before.numbers if before else {})
        if after.status is Status.VOID:
            assert after.numbers == {}
        if after.status not in TOLD:
            continue
        assert after.numbers
        assert game.is_whole(KEY, after.numbers)
        if after.ruling is not None:
            assert after.ruling.kind in (Act.APPROVE, Act.CORRECT)
            continue
        agreeing = [said for said in after.sources if said.agrees]
        official = any(said.official for said in agreeing)
        needed = 1 if after.status is Status.PROVISIONAL else 2 if official else game.policy.agree
        assert len({said.origin for said in agreeing}) >= needed
        assert official or after.status is not Status.PROVISIONAL


@always
@given(LIVES)
def test_a_hold_or_a_void_is_in_force_until_the_next_word_and_looking_again_changes_nothing(
    one: tuple[Lottery, list[Moment]],
) -> None:
    game, moments = one
    life = Life(game)
    for moment in moments:
        life.go_on(moment)
        assert life.again() == (None, None)
        if life.ruling is not None and life.draw is not None:
            assert life.draw.ruling == life.ruling
            if life.ruling.kind is Act.HOLD:
                assert life.draw.status is Status.HELD
            if life.ruling.kind is Act.VOID:
                assert life.draw.status is Status.VOID


# --- the same in stories ---

OTHER = {**TRUTH, "bonus": (8,)}
LONE = replace(FIVE, policy=Policy(provisional=True))
THREE = replace(FIVE, policy=Policy(agree=3))


@pytest.mark.parametrize(
    ("lottery", "moments", "status", "events"),
    [
        # Two boards of one origin are one voice, as many as they are.
        (FIVE, [tells(f"us_{n}", origin="feed", official=False) for n in range(5)], None, []),
        (FIVE, [tells("us_a", official=False), tells("us_b", official=False)], Status.CONFIRMED, ["new_result"]),
        (THREE, [tells("us_a", official=False), tells("us_b", official=False)], None, []),
        (
            THREE,
            [tells(f"us_{n}", official=False) for n in range(3)],
            Status.CONFIRMED,
            ["new_result"],
        ),
        # Told on one official word, confirmed by the next.
        (LONE, [tells("us_a"), tells("us_b")], Status.CONFIRMED, ["new_result", "result_updated"]),
        (FIVE, [tells("us_a")], None, []),
        # A source corrects itself: alone it takes the lone word's place; beside another it is a dispute first.
        (LONE, [tells("us_a"), tells("us_a", OTHER)], Status.PROVISIONAL, ["new_result", "result_corrected"]),
        (
            FIVE,
            [tells("us_a"), tells("us_b"), tells("us_a", OTHER), tells("us_b", OTHER)],
            Status.CONFIRMED,
            ["new_result", "result_updated", "result_corrected"],
        ),
        (
            FIVE,
            [tells("us_a"), tells("us_b"), tells("us_a", OTHER), tells("us_a")],
            Status.CONFIRMED,
            ["new_result", "result_updated", "result_updated"],
        ),
        # A source takes back what it had shown: the numbers stay until it is settled.
        (
            LONE,
            [tells("us_a"), tells("us_a", {"main": (5, 17, None, None, None)})],
            Status.HELD,
            ["new_result", "result_updated"],
        ),
        # A draw shown pool by pool is told once, when it is whole.
        (
            FIVE,
            [
                tells("us_a", {"main": (5, 17, None, None, None)}),
                tells("us_b", {"main": TRUTH["main"]}),
                tells("us_a"),
                tells("us_b"),
            ],
            Status.CONFIRMED,
            ["new_result"],
        ),
        # What comes later and is no published value is an update.
        (
            FIVE,
            [tells("us_a"), tells("us_b"), tells("us_b", {**TRUTH, "multiplier": (3,)})],
            Status.CONFIRMED,
            ["new_result", "result_updated"],
        ),
    ],
)
def test_a_draw_goes_on_as_its_sources_do(lottery, moments, status, events) -> None:
    life = Life(lottery)
    for moment in moments:
        life.go_on(moment)
    assert (life.draw.status if life.draw else None) == status
    assert [str(one) for one in life.events] == events


def test_a_source_that_takes_back_and_shows_again_settles_it() -> None:
    life = Life(LONE)
    for numbers in (TRUTH, {}, TRUTH):
        life.go_on(tells("us_a", numbers, observed_at=LATER + timedelta(minutes=len(life.events))))
    assert life.draw is not None
    assert (life.draw.status, life.draw.revision, life.draw.numbers) == (Status.PROVISIONAL, 1, TRUTH)


def test_what_lost_its_support_says_who_still_shows_it_and_who_does_not_and_says_it_once() -> None:
    life = Life(FIVE)
    few = {"main": (*TRUTH["main"][:2], None, None, None)}
    for word in (tells("us_a"), tells("us_b"), tells("us_b", few)):
        life.go_on(word)
    assert life.draw is not None
    assert (life.draw.status, life.draw.numbers) == (Status.HELD, TRUTH)
    assert "(us_a does, us_b does not)" in life.draw.reason
    assert life.again() == (None, None)
