"""A person's word on a draw: what it comes to, that it is kept in the chain, and who hears of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import run
from lotto import wire
from lotto.draws import ruling
from lotto.draws.draw import Act, DrawKey, Numbers, Observation, Ruling, Seen, Status
from lotto.draws.lottery import Lottery
from lotto.draws.ruling import Unfit
from lotto.draws.verdict import compatible, weigh
from lotto.events import Type
from lotto.ledger import chain, decisions, evidence, queries
from lotto.ledger.connection import LedgerError
from lotto.ledger.record import record
from lotto.ledger.ruling import rule
from test_cli import one_sentence
from test_draws import CASES, FIVE, KEY, LATER, TRUTH, always, numbers_of
from test_draws import said as tells
from test_ledger import POWERBALL, SEEN_AT, VALUES, said, told

NINE = {**VALUES, "bonus": (9,)}
WHOLE = {"main": (1, 2, 3, 4, 5), "bonus": (6,)}


def word(kind: Act, numbers: Numbers | None = None, seen: list[Observation] | None = None) -> Ruling:
    return Ruling(kind, "Ana", LATER, "I asked.", numbers or {}, {one.source: one.numbers for one in seen or []})


# --- the verdict, which is pure ---


KINDS = st.sampled_from(Act)


def ruled(case: tuple[Lottery, list[Observation]], kind: Act, numbers: Seen, since: int) -> Ruling:
    """Such a word on that case, given when only the first so many sources had shown what they show."""
    game, told = case
    pools = game.eras[0].pools
    whole = {pool.name: tuple(numbers[pool.name]) for pool in pools if pool.is_whole(numbers.get(pool.name, ()))}
    return word(kind, whole if kind in (Act.APPROVE, Act.CORRECT) else {}, told[:since])


RULED = CASES.flatmap(
    lambda case: st.tuples(
        st.just(case),
        st.builds(ruled, st.just(case), KINDS, numbers_of(case[0].eras[0].pools), st.integers(0, len(case[1]))),
    )
)


@always
@given(RULED)
def test_a_hold_and_a_void_stand_whatever_sources_say(one: tuple[tuple[Lottery, list[Observation]], Ruling]) -> None:
    (game, told), theirs = one
    found = weigh(game, KEY, told, theirs)
    if theirs.kind is Act.HOLD:
        assert (found.status, found.numbers) == (Status.HELD, {})
    if theirs.kind is Act.VOID:
        assert (found.status, found.numbers) == (Status.VOID, {})
    assert found.ruling == theirs
    assert {word.source for word in found.evidence} == {word.source for word in told}


@always
@given(RULED)
def test_given_numbers_are_published_as_they_are_until_something_new_contradicts_them(
    one: tuple[tuple[Lottery, list[Observation]], Ruling],
) -> None:
    (game, told), theirs = one
    if theirs.kind not in (Act.APPROVE, Act.CORRECT):
        return
    pools = game.eras[0].pools
    found = weigh(game, KEY, told, theirs)
    against = [
        word
        for word in told
        if word.numbers != theirs.seen.get(word.source) and not compatible(pools, theirs.numbers, word.numbers)
    ]
    if against:
        assert (found.status, found.numbers) == (Status.HELD, {})
        assert all(word.source in found.reason for word in against)
    elif found.status is Status.CONFIRMED:
        assert {pool: found.numbers[pool] for pool in theirs.numbers} == theirs.numbers
    else:
        # Something new contradicts what sources show who bear the person out, in a pool that the person left open.
        assert found.status is Status.HELD
        assert len({word.source for word in told if word.numbers != theirs.seen.get(word.source)}) > 0


@always
@given(RULED, st.randoms(use_true_random=False))
def test_a_ruled_verdict_does_not_depend_on_who_comes_first(
    one: tuple[tuple[Lottery, list[Observation]], Ruling],
    random: Random,
) -> None:
    (game, told), theirs = one
    shuffled = list(told)
    random.shuffle(shuffled)
    assert weigh(game, KEY, shuffled, theirs) == weigh(game, KEY, told, theirs)


@always
@given(RULED)
def test_what_a_person_had_seen_never_speaks_against_the_word(
    one: tuple[tuple[Lottery, list[Observation]], Ruling],
) -> None:
    (game, told), theirs = one
    seen_all = replace(theirs, seen={word.source: word.numbers for word in told})
    found = weigh(game, KEY, told, seen_all)
    published = theirs.kind in (Act.APPROVE, Act.CORRECT)
    assert (found.status is Status.CONFIRMED) == published


def test_a_source_that_comes_round_or_shows_nothing_any_more_does_not_end_an_approval() -> None:
    other = {**TRUTH, "bonus": (8,)}
    seen = [tells("us_first"), tells("us_second", other)]
    approved = word(Act.APPROVE, TRUTH, seen)
    for now in (seen, [seen[0], tells("us_second")], [seen[0], tells("us_second", {})], [*seen, tells("us_third")]):
        assert weigh(FIVE, KEY, now, approved).numbers == TRUTH
    late = weigh(FIVE, KEY, [*seen, tells("us_third", other)], approved)
    assert late.status is Status.HELD
    assert "us_third shows main 5 17 23 41 69, bonus 8" in late.reason
    assert "us_second" not in late.reason


def test_a_pool_that_the_person_left_open_is_told_where_nobody_disputes_it() -> None:
    two, three = {**TRUTH, "multiplier": (2,)}, {**TRUTH, "multiplier": (3,)}
    agreed = weigh(FIVE, KEY, [tells("us_first", two)], word(Act.CORRECT, TRUTH, [tells("us_first", two)]))
    assert agreed.numbers == two
    both = [tells("us_first", two), tells("us_second", three)]
    assert weigh(FIVE, KEY, both, word(Act.CORRECT, TRUTH, both)).numbers == TRUTH
    assert weigh(FIVE, KEY, both, word(Act.CORRECT, TRUTH, both[:1])).status is Status.HELD


# --- what may be ruled ---


def test_what_all_show_can_be_approved_also_of_a_lone_source_or_against_a_rule() -> None:
    assert ruling.shown(FIVE, KEY, [tells("us_first", official=False)]) == TRUTH
    assert ruling.shown(FIVE, KEY, [tells("us_first", objections=("Seen too early.",))]) == TRUTH
    partial = {"main": (5, 17, None, None, None)}
    assert ruling.shown(FIVE, KEY, [tells("us_first"), tells("us_second", partial)]) == TRUTH


@pytest.mark.parametrize(
    ("shown", "source", "sentence"),
    [
        ([tells("us_first"), tells("us_second", {**TRUTH, "bonus": (8,)})], None, "say whom you believe with --source"),
        ([tells("us_first")], "us_second", "us_second shows no numbers of us_five/2024-03-06; us_first did."),
        ([], "us_second", "nor does another"),
        ([], None, "Not all numbers of us_five/2024-03-06 are shown by any source"),
        ([tells("us_first", {"main": (5,)})], "us_first", "are shown by us_first: give them with `lotto correct`"),
        ([tells("us_first", {**TRUTH, "bonus": (27,)})], None, "27 is outside 1 to 26 of the bonus pool"),
    ],
)
def test_what_cannot_be_approved_is_told_in_a_sentence(shown, source, sentence) -> None:
    with pytest.raises(Unfit, match=sentence):
        ruling.shown(FIVE, KEY, shown, source)


def test_numbers_are_given_in_any_order_and_with_or_without_spaces() -> None:
    for text in ("bonus=7 main=69,5,17,41,23", " main=5, 17, 23, 41, 69  bonus=7 ", "main=05,17,23,41,69 bonus=07"):
        assert ruling.given(FIVE, KEY, text) == TRUTH


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("5 17 23 41 69", "is not written like main=1,2,3 bonus=4; the pools of us_five/2024-03-06 are main, bonus"),
        ("", "is not written like"),
        ("main=5,17,23,41 bonus=7", "The main pool takes 5, not 4."),
        ("main=5,17,23,41,69", "The bonus pool takes 1, not 0."),
        ("main=5,17,23,41,70 bonus=7", "70 is outside 1 to 69 of the main pool."),
        ("main=5,17,23,41,41 bonus=7", "A value of the main pool comes twice."),
        ("main=5,17,23,41,x bonus=7", "“x” is not a number of the main pool."),
        ("main=5,17,23,41,69 star=7", "Five has no pool “star” on 2024-03-06; it has main, bonus, multiplier."),
        ("main=5,17,23,41,69 bonus=7 bonus=8", "The bonus pool is given twice."),
    ],
)
def test_numbers_that_the_game_cannot_draw_are_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Unfit, match=sentence):
        ruling.given(FIVE, KEY, text)


# --- the ledger ---


@pytest.fixture
def deciding(open_ledger, known) -> Callable:
    """A story with a ledger, Powerball, and a person who decides about its draw."""

    def tell(story: Callable) -> None:
        async def whole() -> None:
            lottery = known.lotteries["us_powerball"]
            async with open_ledger() as ledger:
                at = [SEEN_AT]

                async def decide(kind: Act, numbers: Numbers | None = None, source: str | None = None, **more):
                    at[0] += timedelta(minutes=1)

                    def choose(words):
                        return numbers if numbers is not None else ruling.shown(lottery, POWERBALL, words, source)

                    some = choose if kind in (Act.APPROVE, Act.CORRECT) else None
                    more = {"by": "Ana", "reason": "I asked.", "now": at[0], "choose": some} | more
                    return await rule(ledger, lottery, POWERBALL, kind, **more)

                async def hear(source: str, numbers: Seen = VALUES, **more):
                    at[0] += timedelta(minutes=1)
                    words = [said(source, numbers, at=at[0], **more)]
                    return (await record(ledger, lottery, words, at[0])).changes

                await story(ledger, decide, hear)
                async with ledger.reading() as conn:
                    assert (await chain.verify(conn)).wrong == ""
                    assert [one async for one in evidence.unruled(conn)] == []
                    assert [one async for one in evidence.unfounded(conn)] == []

        run(whole())

    return tell


def how(change) -> tuple:
    draw = change.draw
    return draw.status, draw.revision, draw.update, dict(draw.numbers), change.told and str(change.told)


def test_a_held_draw_is_approved_and_published_with_the_word_in_its_result(deciding) -> None:
    async def story(ledger, decide, hear):
        await hear("us_texas", objections=("Seen too early.",))
        (held,) = await hear("us_ny_data", NINE)
        assert how(held) == (Status.HELD, 0, 1, {}, None)
        with pytest.raises(Unfit, match="say whom you believe"):
            await decide(Act.APPROVE)
        change = await decide(Act.APPROVE, source="us_ny_data", reason="The hall's video shows a 9.")
        assert how(change) == (Status.CONFIRMED, 1, 2, NINE, "new_result")
        assert {one.source: one.agrees for one in change.draw.sources} == {"us_texas": False, "us_ny_data": True}
        async with ledger.reading() as conn:
            (kept,) = await decisions.about(conn, f"draw/{POWERBALL}")
            assert (kept.made_by, kept.verdict, kept.reason) == ("Ana", "approve", "The hall's video shows a 9.")
            assert (kept.before["status"], kept.after["status"]) == ("held", "confirmed")
            row = await (await conn.execute("SELECT body FROM result WHERE seq = %s", [kept.seq])).fetchone()
            assert row["body"]["ruling"]["by"] == "Ana"
            said_ = await (await conn.execute("SELECT envelope::text AS told FROM outbox")).fetchone()
            assert "Ana" not in said_["told"]
            assert "The hall" in said_["told"]

    deciding(story)


def test_what_is_said_later_and_otherwise_holds_an_approved_draw_again_with_its_numbers_shown(deciding) -> None:
    async def story(ledger, decide, hear):
        await hear("us_texas")
        await decide(Act.APPROVE)
        assert await hear("us_texas") == ()
        (agreed,) = await hear("us_ny_data")
        assert how(agreed)[:4] == (Status.CONFIRMED, 1, 1, VALUES)
        (held,) = await hear("us_ny_data", NINE)
        assert how(held) == (Status.HELD, 1, 2, VALUES, "result_updated")
        assert "us_ny_data shows" in held.draw.reason
        change = await decide(Act.APPROVE, source="us_ny_data")
        assert how(change) == (Status.CONFIRMED, 2, 3, NINE, "result_corrected")
        assert change.draw.replaces == VALUES

    deciding(story)


def test_a_hold_outlasts_every_agreement_and_is_undone_by_an_approval(deciding) -> None:
    async def story(ledger, decide, hear):
        assert how(await decide(Act.HOLD)) == (Status.HELD, 0, 0, {}, None)
        for source in ("us_texas", "us_ny_data"):
            for change in await hear(source):
                assert how(change)[0] is Status.HELD
        assert await told(ledger) == []
        assert how(await decide(Act.APPROVE)) == (Status.CONFIRMED, 1, 3, VALUES, "new_result")
        assert how(await decide(Act.HOLD)) == (Status.HELD, 1, 4, VALUES, "result_updated")
        assert how(await decide(Act.APPROVE)) == (Status.CONFIRMED, 1, 5, VALUES, "result_updated")

    deciding(story)


def test_a_correction_is_a_revision_and_gives_way_to_nothing_that_was_known(deciding) -> None:
    async def story(ledger, decide, hear):
        await hear("us_texas")
        await hear("us_ny_data")
        change = await decide(Act.CORRECT, {"main": VALUES["main"], "bonus": (9,)})
        # The multiplier, which the person did not give, is told by sources that now contradict the rest of it.
        assert how(change) == (Status.CONFIRMED, 2, 1, {"main": VALUES["main"], "bonus": (9,)}, "result_corrected")
        assert await hear("us_texas") == ()
        (found,) = await hear("us_texas", NINE)
        assert (found.draw.status, found.draw.numbers, found.draw.revision) == (Status.CONFIRMED, NINE, 2)

    deciding(story)


def test_a_void_takes_the_numbers_back_and_an_approval_brings_them_again(deciding) -> None:
    async def story(ledger, decide, hear):
        await hear("us_texas")
        await hear("us_ny_data")
        assert how(await decide(Act.VOID)) == (Status.VOID, 2, 1, {}, "result_voided")
        (later,) = await hear("us_ny_data", NINE)
        assert how(later) == (Status.VOID, 2, 2, {}, "result_updated")
        assert how(await decide(Act.VOID, reason="Again.")) == (Status.VOID, 2, 3, {}, "result_updated")
        assert how(await decide(Act.HOLD)) == (Status.HELD, 2, 4, {}, "result_updated")
        change = await decide(Act.APPROVE, source="us_texas")
        assert how(change) == (Status.CONFIRMED, 3, 5, VALUES, "result_corrected")
        assert how(await decide(Act.VOID))[:2] == (Status.VOID, 4)

    deciding(story)


def test_a_void_of_what_nobody_has_shown_is_told_and_stays_when_somebody_does(deciding) -> None:
    async def story(ledger, decide, hear):
        assert how(await decide(Act.VOID)) == (Status.VOID, 0, 0, {}, "result_voided")
        (later,) = await hear("us_texas")
        assert how(later)[:4] == (Status.VOID, 0, 1, {})
        assert how(await decide(Act.APPROVE)) == (Status.CONFIRMED, 1, 2, VALUES, "new_result")

    deciding(story)


def test_of_a_draw_that_is_history_nobody_is_told_unless_something_was_told_of_it(deciding) -> None:
    async def story(ledger, decide, hear):
        assert (await decide(Act.CORRECT, WHOLE, news=lambda _: False)).told is None
        assert (await decide(Act.CORRECT, VALUES)).told is Type.RESULT_CORRECTED
        assert (await decide(Act.VOID, news=lambda _: False)).told is Type.RESULT_VOIDED

    deciding(story)


@pytest.mark.parametrize(
    ("key", "now", "more", "sentence"),
    [
        (POWERBALL, datetime(2024, 11, 2, 12, tzinfo=UTC), {}, "is drawn on 2024-11-02 at 22:59 EDT: wait until then"),
        (DrawKey("us_powerball", date(2024, 11, 1)), SEEN_AT, {}, "has no draw us_powerball/2024-11-01, and no source"),
        (POWERBALL, SEEN_AT, {"by": " "}, "a name and a reason"),
        (POWERBALL, SEEN_AT, {"reason": ""}, "a name and a reason"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_writes_nothing(open_ledger, known, key, now, more, sentence) -> None:
    async def story():
        async with open_ledger() as ledger:
            with pytest.raises(LedgerError, match=sentence):
                await rule(
                    ledger,
                    known.lotteries["us_powerball"],
                    key,
                    Act.HOLD,
                    now=now,
                    **{"by": "A", "reason": "B"} | more,
                )
            async with ledger.reading() as conn:
                assert await queries.draw(conn, key) is None

    run(story())


def test_a_decision_that_was_forged_beside_the_chain_is_found(deciding, database_url) -> None:
    async def story(ledger, decide, hear):
        await hear("us_texas")
        await decide(Act.HOLD)
        with psycopg.connect(database_url, autocommit=True) as conn:
            conn.execute("ALTER TABLE decision DISABLE TRIGGER USER")
            conn.execute("UPDATE decision SET made_by = 'Bob'")
        async with ledger.reading() as conn:
            ((key, why),) = [one async for one in evidence.unruled(conn)]
        assert (key, why) == (POWERBALL, "The decision “hold” of Bob is another in the chain.")
        with psycopg.connect(database_url, autocommit=True) as conn:
            conn.execute("DELETE FROM decision")
        async with ledger.reading() as conn:
            ((key, why),) = [one async for one in evidence.unruled(conn)]
        assert (key, why) == (POWERBALL, "A result of it tells of a decision that was not kept.")
        with psycopg.connect(database_url, autocommit=True) as conn:
            conn.execute(
                """INSERT INTO decision (made_at, made_by, verdict, reason, subject, before, after, seq)
                   SELECT (body->'ruling'->>'at')::timestamptz, 'Ana', 'hold', 'I asked.',
                          'draw/us_powerball/2024-11-02', '{}', '{}', seq
                   FROM result WHERE body->'ruling' <> 'null' ORDER BY seq LIMIT 1"""
            )

    deciding(story)


def test_a_word_in_an_event_is_read_back() -> None:
    one = word(Act.APPROVE, TRUTH, [tells("us_first")])
    assert wire.plain(one)["kind"] == "approve"


# --- the command line ---


@pytest.fixture
def disputed(open_ledger, known):
    """Leaves one held draw in the ledger."""

    async def story():
        async with open_ledger() as ledger:
            for source, numbers in (("us_texas", VALUES), ("us_ny_data", NINE)):
                await record(ledger, known.lotteries["us_powerball"], [said(source, numbers)], SEEN_AT)

    run(story())


def test_a_draw_is_shown_approved_voided_and_shown_again(lotto, disputed) -> None:
    code, out, err = lotto("show", str(POWERBALL))
    assert (code, err) == (0, "")
    assert "us_powerball/2024-11-02: held" in out
    assert "us_ny_data" in out
    code, out, err = lotto("approve", str(POWERBALL), "--reason", "The operator says so.", "--by", "Ana")
    assert code == 1
    assert one_sentence(err)
    assert "say whom you believe with --source" in err
    words = ("--source", "us_texas", "--reason", "The operator says so.", "--by", "Ana")
    code, out, err = lotto("approve", str(POWERBALL), *words)
    assert (code, err) == (0, "")
    assert "stands confirmed, with main 10 45 48 58 61, bonus 2, multiplier 3" in out
    assert "decided by Ana" in out
    code, out, err = lotto("correct", str(POWERBALL), "--numbers", "main=1,2,3,4,5", "--reason", "x", "--by", "Ana")
    assert code == 1
    assert one_sentence(err)
    assert "The bonus pool takes 1, not 0." in err
    code, out, err = lotto("void", str(POWERBALL), "--reason", "A ball was missing.", "--by", "Bo")
    assert (code, err) == (0, "")
    code, out, err = lotto("show", str(POWERBALL))
    assert [name in out for name in ("Ana", "Bo", "A ball was missing.", "approve", "void")] == [True] * 5
    code, out, err = lotto("show", str(POWERBALL), "--json")
    told = json.loads(out)
    assert [one["made_by"] for one in told["decisions"]] == ["Ana", "Bo"]
    assert (told["status"], told["numbers"]) == ("void", {})
    assert len(told["revisions"]) >= 3


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("hold", "us_powerball", "--reason", "x"), "is not a draw; write lottery/YYYY-MM-DD"),
        (("hold", "xx_nothing/2024-11-02", "--reason", "x"), "There is no lottery “xx_nothing”"),
        (("hold", str(POWERBALL), "--reason", " "), "--reason wants words"),
        (("hold", str(POWERBALL), "--reason", "x", "--by", " "), "--by wants a name"),
        (("void", "us_powerball/2099-01-03", "--reason", "x"), "wait until then"),
        (("show", str(POWERBALL)), "Nothing is known of us_powerball/2024-11-02 yet."),
    ],
)
def test_a_word_that_cannot_be_is_refused_in_one_sentence(lotto, database_url, words, sentence) -> None:
    code, _, err = lotto(*words)
    assert code == 1
    assert one_sentence(err)
    assert sentence in err
