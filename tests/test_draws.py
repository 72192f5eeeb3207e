"""The plain domain: keys, pools, the calendar, what a lottery objects to, and when a result is held true."""

import math
import re
from collections import Counter
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import product
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotto.draws import odds, prizes
from lotto.draws.calendar import Slot
from lotto.draws.draw import Draw, DrawKey, Evidence, Money, Observation, Prize, Seen, Status, Value
from lotto.draws.lottery import Era, Lottery, Policy, initials
from lotto.draws.pool import Kind, Pool, Shape
from lotto.draws.prizes import Tier
from lotto.draws.verdict import Verdict, weigh

always = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For every property: a slow machine is no wrong answer."""

NEW_YORK = ZoneInfo("America/New_York")
MAIN = Pool("main", 5, 1, 69)
BONUS = Pool("bonus", 1, 1, 26, shape=Shape.BONUS)
TIMES = Pool("multiplier", 1, 2, 10, shape=Shape.TIMES, optional=True)
PLACES = Pool("main", 3, 0, 99, Kind.DIGIT, Shape.PLACE, ordered=True, repeats=True)


def lottery(
    *pools: Pool,
    calendar: tuple[Slot, ...] = (Slot(time(22, 59)),),
    zone: ZoneInfo = NEW_YORK,
    policy: Policy = Policy(),  # noqa: B008 - frozen
    not_before: timedelta = timedelta(0),
) -> Lottery:
    return Lottery(
        id="us_five",
        name="Five",
        country="US",
        operator="The Operator",
        zone=zone,
        currency="USD",
        eras=(Era(date(2020, 1, 1), pools or (MAIN, BONUS, TIMES), calendar),),
        sources={"us_first": {"five": ""}, "us_second": {"five": ""}, "us_third": {"five": ""}},
        policy=policy,
        not_before=not_before,
    )


FIVE = lottery()
QUINIELA = lottery(PLACES)
KEY = DrawKey("us_five", date(2024, 3, 6))
LATER = datetime(2024, 3, 7, 12, tzinfo=UTC)
TRUTH: Seen = {"main": (5, 17, 23, 41, 69), "bonus": (7,)}


def said(source: str, numbers: Seen = TRUTH, **facts: object) -> Observation:
    facts = {"origin": source, "official": True, "observed_at": LATER, "page": "0" * 64} | facts
    return Observation(KEY, source, numbers=numbers, **facts)  # type: ignore[arg-type]


# --- the key of a draw ---

NAMES = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=8)


@always
@given(NAMES, st.dates(), NAMES | st.just(""))
def test_a_key_is_read_back_from_its_text(name: str, day: date, label: str) -> None:
    key = DrawKey(name, day, label)
    assert DrawKey.parse(str(key)) == key


def test_the_text_of_a_key_names_lottery_day_and_label() -> None:
    assert str(DrawKey("us_five", date(2024, 3, 6))) == "us_five/2024-03-06"
    assert str(DrawKey("us_five", date(2024, 3, 6), "midday")) == "us_five/2024-03-06/midday"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "us_five",
        "us_five/",
        "/2024-03-06",
        "us_five/2024-02-30",
        "us_five/20240306",
        "us_five/2024-W10-3",
        "us_five/06-03-2024",
        "us_five/2024-03-06/",
        "us_five/2024-03-06/midday/1",
        "us_five/2024-03-06T22:59",
        "us_five/２０２４-03-06",
    ],
)
def test_what_is_no_key_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a draw; write lottery/YYYY-MM-DD or lottery/YYYY-MM-DD/label\.$"):
        DrawKey.parse(text)


@pytest.mark.parametrize(
    "kind", [DrawKey, Money, Prize, Observation, Evidence, Draw, Pool, Slot, Era, Policy, Lottery, Verdict]
)
def test_what_is_said_cannot_be_changed(kind: type) -> None:
    made = object.__new__(kind)
    with pytest.raises(FrozenInstanceError):
        setattr(made, next(iter(kind.__dataclass_fields__)), None)


# --- values and pools ---


@always
@given(st.integers(1, 69))
def test_a_number_is_the_same_with_and_without_leading_zeros(number: int) -> None:
    assert MAIN.value(str(number)) == MAIN.value(f"{number:04}") == MAIN.value(f" {number} ") == number


@always
@given(st.integers(0, 99))
def test_a_digit_value_is_a_text_of_full_width(number: int) -> None:
    assert PLACES.value(f" {number:02} ") == f"{number:02}"
    with pytest.raises(ValueError, match="not written with 2 digits"):
        PLACES.value(f"{number:03}")
    if number < 10:
        with pytest.raises(ValueError, match="not written with 2 digits"):
            PLACES.value(str(number))


def test_0_is_not_00() -> None:
    single = Pool("main", 3, 0, 9, Kind.DIGIT, ordered=True, repeats=True)
    assert single.value("0") == "0"
    assert PLACES.value("00") == "00"
    for pool, text in ((single, "00"), (PLACES, "0")):
        with pytest.raises(ValueError, match="not written with"):
            pool.value(text)


@pytest.mark.parametrize("text", ["", " ", "-1", "1.0", "1,5", "five", "٣", "²", "1 2", "0x1", "None"])
def test_a_text_that_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number of the main pool"):
        MAIN.value(text)
    with pytest.raises(ValueError, match="is not a digit of the main pool"):
        PLACES.value(text)


@pytest.mark.parametrize(("pool", "text"), [(MAIN, "0"), (MAIN, "70"), (PLACES, "100")])
def test_a_value_outside_the_pool_is_refused(pool: Pool, text: str) -> None:
    with pytest.raises(ValueError, match=f"{text} is outside {pool.lowest} to {pool.highest} of the main pool"):
        pool.value(text)


def test_the_ends_of_a_pool_are_in_it() -> None:
    assert [MAIN.value("1"), MAIN.value("69"), PLACES.value("00"), PLACES.value("99")] == [1, 69, "00", "99"]


@always
@given(st.lists(st.none() | st.integers(1, 69)))
def test_an_unordered_pool_is_kept_ascending_with_the_unknown_last(values: list[int | None]) -> None:
    known = sorted(value for value in values if value is not None)
    assert MAIN.arranged(values) == (*known, *[None] * values.count(None))


@always
@given(st.lists(st.none() | st.sampled_from(["00", "07", "99"])))
def test_an_ordered_pool_is_kept_as_drawn(values: list[str | None]) -> None:
    assert PLACES.arranged(values) == tuple(values)


def test_the_outcomes_of_a_pool_are_counted() -> None:
    assert MAIN.outcomes == 11_238_513
    assert PLACES.outcomes == 1_000_000
    assert Pool("main", 3, 0, 9, ordered=True).outcomes == 720
    assert FIVE.eras[0].outcomes == 292_201_338  # Powerball's famous odds; the multiplier does not count


# --- eras and the calendar ---

TWO_ERAS = replace(
    lottery(calendar=(Slot(time(14, 30), label="midday"), Slot(time(22, 30), label="evening"))),
    eras=(
        Era(date(2019, 1, 1), (MAIN,), (Slot(time(19, 30), frozenset({2}), "evening"),)),
        Era(
            date(2020, 11, 2),
            (MAIN, BONUS),
            (Slot(time(22, 30), label="evening"), Slot(time(14, 30), frozenset({0, 2}), "midday")),
        ),
    ),
)


def test_an_era_begins_on_its_first_day_and_lasts_until_the_next() -> None:
    assert TWO_ERAS.era(date(2018, 12, 31)) is None
    assert TWO_ERAS.era(date(2019, 1, 1)) is TWO_ERAS.eras[0]
    assert TWO_ERAS.era(date(2020, 11, 1)) is TWO_ERAS.eras[0]
    assert TWO_ERAS.era(date(2020, 11, 2)) is TWO_ERAS.eras[1]
    assert TWO_ERAS.era(date(2999, 1, 1)) is TWO_ERAS.eras[1]


def test_the_draws_of_a_day_come_in_the_order_they_are_held() -> None:
    assert [slot.label for slot in TWO_ERAS.slots(date(2020, 11, 2))] == ["midday", "evening"]
    assert [slot.label for slot in TWO_ERAS.slots(date(2020, 11, 3))] == ["evening"]
    assert TWO_ERAS.slots(date(2018, 1, 3)) == ()


@pytest.mark.parametrize(
    ("day", "hour", "utc"),
    [
        (date(2024, 3, 9), time(22, 59), datetime(2024, 3, 10, 3, 59, tzinfo=UTC)),
        (date(2024, 3, 10), time(1, 59), datetime(2024, 3, 10, 6, 59, tzinfo=UTC)),
        (date(2024, 3, 10), time(3), datetime(2024, 3, 10, 7, tzinfo=UTC)),
        (date(2024, 3, 10), time(22, 59), datetime(2024, 3, 11, 2, 59, tzinfo=UTC)),
        (date(2024, 11, 2), time(22, 59), datetime(2024, 11, 3, 2, 59, tzinfo=UTC)),
        (date(2024, 11, 3), time(0, 30), datetime(2024, 11, 3, 4, 30, tzinfo=UTC)),
        (date(2024, 11, 3), time(22, 59), datetime(2024, 11, 4, 3, 59, tzinfo=UTC)),
    ],
)
def test_a_draw_keeps_its_local_hour_when_the_clocks_change(day: date, hour: time, utc: datetime) -> None:
    game = lottery(calendar=(Slot(hour),))
    at = game.drawn_at(DrawKey(game.id, day))
    assert at is not None
    assert at.tzinfo is NEW_YORK
    assert at.astimezone(UTC) == utc


def test_the_day_of_a_late_draw_is_the_local_one() -> None:
    late = lottery(calendar=(Slot(time(23)),), zone=ZoneInfo("America/Santo_Domingo"))
    at = late.drawn_at(KEY)
    assert at is not None
    assert at.astimezone(UTC) == datetime(2024, 3, 7, 3, tzinfo=UTC)
    assert list(late.draws(at - timedelta(hours=1), at)) == [(at, KEY)]
    assert late.objections(KEY, TRUTH, datetime(2024, 3, 7, 3, 1, tzinfo=UTC)) == ()
    tomorrow = DrawKey(late.id, date(2024, 3, 7))
    assert late.objections(tomorrow, TRUTH, datetime(2024, 3, 7, 3, 1, tzinfo=UTC)) != ()


def test_a_slot_without_days_is_of_every_day() -> None:
    assert Slot(time(12)).days == {0, 1, 2, 3, 4, 5, 6}


def test_a_label_or_a_day_that_the_calendar_has_not_has_no_time() -> None:
    assert TWO_ERAS.drawn_at(DrawKey("us_five", date(2020, 11, 2), "midday")) is not None
    assert TWO_ERAS.drawn_at(DrawKey("us_five", date(2020, 11, 3), "midday")) is None
    assert TWO_ERAS.drawn_at(DrawKey("us_five", date(2020, 11, 2))) is None
    assert TWO_ERAS.drawn_at(DrawKey("us_five", date(2018, 1, 3), "evening")) is None


SLOTS = st.builds(
    Slot, st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0)), st.frozensets(st.integers(0, 6))
)
CALENDARS = st.lists(SLOTS, max_size=3).map(
    lambda slots: tuple(replace(slot, label=f"n{n}") for n, slot in enumerate(slots))
)
ZONES = st.sampled_from(["America/New_York", "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Australia/Lord_Howe"])
INSTANTS = st.sampled_from(
    [
        datetime(2024, 3, 10, 7, tzinfo=UTC),  # New York loses an hour
        datetime(2024, 11, 3, 6, tzinfo=UTC),  # and has one twice
        datetime(2024, 12, 31, 23, tzinfo=UTC),
        datetime(2024, 2, 28, 12, tzinfo=UTC),
        datetime(2024, 4, 6, 15, tzinfo=UTC),  # Lord Howe has half an hour twice
    ]
).flatmap(lambda middle: st.integers(-6000, 6000).map(lambda minutes: middle + timedelta(minutes=minutes)))


@always
@given(CALENDARS, ZONES, st.lists(INSTANTS, min_size=3, max_size=3))
def test_the_calendar_yields_every_draw_once_however_time_is_cut(
    calendar: tuple[Slot, ...], zone: str, cuts: list[datetime]
) -> None:
    game = lottery(calendar=calendar, zone=ZoneInfo(zone))
    since, middle, until = sorted(cuts)
    draws = list(game.draws(since, until))
    foreseen = set()
    for n in range((until - since).days + 4):
        day = since.date() + timedelta(days=n - 1)
        for slot in calendar:
            at = datetime.combine(day, slot.at, ZoneInfo(zone)).astimezone(UTC)
            if day.weekday() in slot.days and since < at <= until:
                foreseen.add((at, DrawKey(game.id, day, slot.label)))
    assert Counter((at.astimezone(UTC), key) for at, key in draws) == Counter(foreseen)
    local = middle.astimezone(ZoneInfo(zone))
    assert [*game.draws(since, local), *game.draws(local, until)] == draws
    assert all(game.drawn_at(key) == at for at, key in draws)


def test_an_hour_that_comes_twice_does_not_hide_a_draw() -> None:
    game = lottery(calendar=(Slot(time(1, 40)),))
    at = game.drawn_at(DrawKey(game.id, date(2024, 11, 3)))
    assert at is not None
    assert at.astimezone(UTC) == datetime(2024, 11, 3, 5, 40, tzinfo=UTC)
    second_time = datetime(2024, 11, 3, 1, 30, tzinfo=NEW_YORK, fold=1)
    assert [key.date for _, key in game.draws(second_time, second_time + timedelta(hours=25))] == [date(2024, 11, 4)]


def test_the_next_draw_is_the_first_after_that_instant() -> None:
    midday, evening = (DrawKey("us_five", date(2020, 11, 2), label) for label in ("midday", "evening"))
    assert TWO_ERAS.next_draw(datetime(2020, 10, 29, tzinfo=UTC)) == (TWO_ERAS.drawn_at(midday), midday)
    at = TWO_ERAS.drawn_at(midday)
    assert at is not None
    assert TWO_ERAS.next_draw(at) == (TWO_ERAS.drawn_at(evening), evening)
    now = datetime(2019, 1, 2, 12, tzinfo=NEW_YORK)
    for days, found in ((62, True), (63, False)):
        begun = Era(date(2019, 1, 2) + timedelta(days=days), (MAIN,), (Slot(time(12)),))
        assert bool(replace(TWO_ERAS, eras=(begun,)).next_draw(now)) is found
    ended = replace(TWO_ERAS, eras=(*TWO_ERAS.eras, Era(date(2021, 1, 1), (MAIN,), ())))
    assert ended.next_draw(datetime(2021, 1, 2, tzinfo=UTC)) is None


# --- what a lottery objects to ---


def test_right_values_meet_no_objection() -> None:
    assert FIVE.objections(KEY, TRUTH, LATER) == ()
    assert FIVE.objections(KEY, TRUTH | {"multiplier": (10,)}, LATER) == ()
    assert QUINIELA.objections(KEY, {"main": ("14", "14", "00")}, LATER) == ()


def test_what_is_seen_so_far_meets_no_objection() -> None:
    assert FIVE.objections(KEY, {"main": (5, 17, None, None, None)}, LATER) == ()
    assert FIVE.objections(KEY, {"main": (5, 17)}, LATER) == ()
    assert FIVE.objections(KEY, {}, LATER) == ()


@pytest.mark.parametrize(
    ("game", "seen", "objection"),
    [
        (FIVE, {"main": (5, 17, 23, 41, 70)}, "70 is outside 1 to 69 of the main pool."),
        (FIVE, {"main": (0, 17, 23, 41, 69)}, "0 is outside 1 to 69 of the main pool."),
        (FIVE, {"main": (5, 17, 23, 41, 60, 69)}, "The main pool takes 5, not 6."),
        (FIVE, {"main": (5, 5, 23, 41, 69)}, "A value of the main pool comes twice."),
        (FIVE, {"main": (5, 5, None, None, None)}, "A value of the main pool comes twice."),
        (FIVE, {"main": ("05", 17, 23, 41, 69)}, "'05' is not a number of the main pool."),
        (FIVE, {"main": ("Verde", 17, 23, 41, 69)}, "“Verde” is not a number of the main pool."),
        (FIVE, {"bonus": (27,)}, "27 is outside 1 to 26 of the bonus pool."),
        (FIVE, {"multiplier": (1,)}, "1 is outside 2 to 10 of the multiplier pool."),
        (FIVE, {"star": (1,)}, "There is no pool “star” on 2024-03-06."),
        (QUINIELA, {"main": ("0", "14", "14")}, "0 is not written with 2 digits."),
        (QUINIELA, {"main": (14, "14", "14")}, "14 is not a digit of the main pool."),
        (QUINIELA, {"main": ("14", "14", "100")}, "100 is outside 0 to 99 of the main pool."),
    ],
)
def test_each_rule_objects_in_a_sentence(game: Lottery, seen: Seen, objection: str) -> None:
    assert game.objections(KEY, seen, LATER) == (objection,)


def test_a_day_without_a_draw_is_objected_to() -> None:
    weekly = lottery(calendar=(Slot(time(22, 59), frozenset({2})), Slot(time(14), frozenset({2}), "midday")))
    assert weekly.objections(KEY, TRUTH, LATER) == ()
    monday = DrawKey("us_five", date(2024, 3, 4))
    assert weekly.objections(monday, TRUTH, LATER) == ("The calendar has no draw on Monday 2024-03-04.",)
    evening = replace(KEY, label="evening")
    assert weekly.objections(evening, TRUTH, LATER) == ("The calendar has no draw on Wednesday 2024-03-06, evening.",)


def test_a_day_before_the_first_era_is_objected_to() -> None:
    assert FIVE.objections(DrawKey("us_five", date(2019, 12, 31)), TRUTH, LATER) == (
        "Five has no rules for 2019-12-31; its first era starts on 2020-01-01.",
    )


def test_the_rules_are_those_of_the_day() -> None:
    widened = replace(
        FIVE, eras=(*FIVE.eras, Era(date(2024, 3, 7), (replace(MAIN, highest=70), BONUS), (Slot(time(20)),)))
    )
    seen = TRUTH | {"main": (5, 17, 23, 41, 70)}
    later = LATER + timedelta(days=1)
    assert widened.objections(KEY, seen, later) == ("70 is outside 1 to 69 of the main pool.",)
    assert widened.objections(DrawKey("us_five", date(2024, 3, 7)), seen, later) == ()


def test_nothing_is_believed_before_the_draw_and_the_wait_after_it() -> None:
    game = lottery(not_before=timedelta(minutes=2))
    drawn_at = datetime(2024, 3, 7, 3, 59, tzinfo=UTC)
    too_early = "Seen before 2024-03-06 23:01 EST, the earliest time it can be known."
    assert game.objections(KEY, TRUTH, drawn_at - timedelta(hours=1)) == (too_early,)
    assert game.objections(KEY, TRUTH, drawn_at + timedelta(seconds=119)) == (too_early,)
    assert game.objections(KEY, TRUTH, drawn_at + timedelta(minutes=2)) == ()


def test_the_wait_is_real_time_when_the_clocks_change() -> None:
    game = lottery(calendar=(Slot(time(0, 59)),), not_before=timedelta(minutes=90))
    key = DrawKey("us_five", date(2024, 11, 3))
    drawn_at = datetime(2024, 11, 3, 4, 59, tzinfo=UTC)
    assert game.objections(key, TRUTH, drawn_at + timedelta(minutes=90)) == ()
    assert game.objections(key, TRUTH, drawn_at + timedelta(minutes=89)) != ()


def test_the_values_of_the_draw_before_are_objected_to() -> None:
    same = ("These are the values of the draw before it.",)
    assert FIVE.objections(KEY, TRUTH, LATER, before=TRUTH) == same
    assert FIVE.objections(KEY, TRUTH | {"multiplier": (3,)}, LATER, before=TRUTH | {"multiplier": (2,)}) == same
    assert FIVE.objections(KEY, TRUTH, LATER, before=TRUTH | {"bonus": (8,)}) == ()
    assert FIVE.objections(KEY, TRUTH, LATER, before=None) == ()
    assert QUINIELA.objections(KEY, {"main": ("14", "14", "00")}, LATER, {"main": ("14", "14", "00")}) == same
    assert QUINIELA.objections(KEY, {"main": ("14", "14", "00")}, LATER, {"main": ("00", "14", "14")}) == ()


def test_a_draw_under_way_is_not_yet_the_draw_before() -> None:
    begun: Seen = {"main": (5, 17, None, None, None), "bonus": (None,)}
    assert FIVE.objections(KEY, begun, LATER, before=begun) == ()


@pytest.mark.parametrize(("highest", "objects"), [(99_999, False), (100_000, True)])
def test_only_where_it_is_unlikely_is_the_same_again_objected_to(highest: int, objects: bool) -> None:
    game = lottery(Pool("main", 1, 1, highest))
    assert bool(game.objections(KEY, {"main": (7,)}, LATER, {"main": (7,)})) is objects


def test_a_draw_is_whole_when_every_obligatory_place_is_known() -> None:
    assert FIVE.is_whole(KEY, TRUTH)
    assert FIVE.is_whole(KEY, TRUTH | {"multiplier": (None,)})
    assert not FIVE.is_whole(KEY, {"main": TRUTH["main"]})
    assert not FIVE.is_whole(KEY, TRUTH | {"main": (5, 17, 23, 41)})
    assert not FIVE.is_whole(KEY, TRUTH | {"main": (5, 17, 23, 41, 60, 69)})
    assert not FIVE.is_whole(KEY, TRUTH | {"main": (5, 17, 23, 41, None)})
    assert not FIVE.is_whole(DrawKey("us_five", date(2019, 12, 31)), TRUTH)


# --- the verdict ---


def test_a_draw_that_nobody_has_shown_is_scheduled() -> None:
    verdict = weigh(FIVE, KEY, [])
    assert (verdict.status, verdict.numbers, verdict.observed_at) == (Status.SCHEDULED, {}, None)
    assert verdict.reason == "No source has shown this draw yet."


def test_nothing_is_told_of_a_day_without_rules() -> None:
    key = DrawKey("us_five", date(2019, 12, 31))
    verdict = weigh(FIVE, key, [said("us_first"), said("us_second")])
    assert (verdict.status, verdict.numbers) == (Status.SCHEDULED, {})
    assert verdict.reason == "There are no rules for that day, so nothing is told of it."


def test_an_official_source_and_another_origin_confirm() -> None:
    verdict = weigh(FIVE, KEY, [said("us_first"), said("us_second", official=False)])
    assert (verdict.status, verdict.numbers, verdict.seen) == (Status.CONFIRMED, TRUTH, {})
    assert verdict.reason == "2 independent sources agree."
    assert [one.agrees for one in verdict.evidence] == [True, True]


@pytest.mark.parametrize(
    ("agree", "official", "origins", "status"),
    [
        (2, False, "a", Status.SCHEDULED),
        (2, False, "ab", Status.CONFIRMED),
        (3, False, "ab", Status.SCHEDULED),
        (3, False, "abc", Status.CONFIRMED),
        (3, True, "ab", Status.CONFIRMED),
        (2, False, "aa", Status.SCHEDULED),
        (2, True, "aa", Status.SCHEDULED),
        (3, False, "aab", Status.SCHEDULED),
        (2, True, "a", Status.SCHEDULED),
    ],
)
def test_the_policy_says_how_many_origins_it_takes(agree: int, official: bool, origins: str, status: Status) -> None:
    game = lottery(policy=Policy(agree=agree))
    told = [said(f"s{n}", origin=origin, official=official and n == 0) for n, origin in enumerate(origins)]
    verdict = weigh(game, KEY, told)
    assert verdict.status is status
    assert bool(verdict.numbers) is (status is Status.CONFIRMED)


def test_a_lone_official_source_is_told_only_where_the_policy_lets_it() -> None:
    patient, quick = lottery(), lottery(policy=Policy(provisional=True))
    assert weigh(patient, KEY, [said("us_first")]).status is Status.SCHEDULED
    provisional = weigh(quick, KEY, [said("us_first")])
    assert (provisional.status, provisional.numbers) == (Status.PROVISIONAL, TRUTH)
    assert provisional.reason == "One official source so far."
    assert weigh(quick, KEY, [said("us_first", official=False)]).status is Status.SCHEDULED
    assert weigh(quick, KEY, [said("us_first"), said("us_second", origin="us_first")]).status is Status.PROVISIONAL
    assert weigh(quick, KEY, [said("us_first"), said("us_second")]).status is Status.CONFIRMED


def test_a_disagreement_is_held_and_says_who_differs() -> None:
    other = TRUTH | {"bonus": (9,)}
    verdict = weigh(FIVE, KEY, [said("us_second", other), said("us_first"), said("us_third")])
    assert (verdict.status, verdict.numbers, verdict.seen) == (Status.HELD, {}, {})
    assert verdict.reason == "Sources disagree: us_first shows main 5 17 23 41 69, bonus 7; not so us_second."
    assert [(one.source, one.agrees) for one in verdict.evidence] == [
        ("us_first", True),
        ("us_second", False),
        ("us_third", True),
    ]


def test_those_who_differ_are_measured_by_the_most_trusted_whole_telling_without_objection() -> None:
    begun = said("us_first", {"main": (6, None, None, None, None)})
    stale = said("us_second", TRUTH | {"bonus": (9,)}, objections=("These are the values of the draw before it.",))
    verdict = weigh(FIVE, KEY, [begun, stale, said("us_third")])
    assert verdict.status is Status.HELD
    assert verdict.reason.endswith("us_third shows main 5 17 23 41 69, bonus 7; not so us_first, us_second.")
    assert [one.agrees for one in verdict.evidence] == [False, False, True]


def test_two_who_differ_in_a_pool_that_the_first_leaves_open_are_held() -> None:
    two, three = TRUTH | {"multiplier": (2,)}, TRUTH | {"multiplier": (3,)}
    verdict = weigh(FIVE, KEY, [said("us_first"), said("us_second", two), said("us_third", three)])
    assert (verdict.status, verdict.numbers) == (Status.HELD, {})
    assert verdict.reason.endswith("; not so us_third.")


def test_an_optional_pool_is_told_when_as_many_tell_it_as_tell_the_rest() -> None:
    more = TRUTH | {"multiplier": (3,)}
    verdict = weigh(FIVE, KEY, [said("us_first"), said("us_second", more), said("us_third", more)])
    assert (verdict.status, verdict.numbers) == (Status.CONFIRMED, more)
    assert list(verdict.numbers) == ["main", "bonus", "multiplier"]


def test_what_one_source_alone_tells_of_an_optional_pool_is_never_confirmed() -> None:
    first, second = said("us_first"), said("us_second", TRUTH | {"multiplier": (3,)})
    mirror = replace(second, source="us_mirror")
    for told in ([first, second], [first, second, mirror]):
        assert (weigh(FIVE, KEY, told).status, weigh(FIVE, KEY, told).numbers) == (Status.CONFIRMED, TRUTH)
        quick = weigh(replace(FIVE, policy=Policy(provisional=True)), KEY, told)
        assert (quick.status, quick.numbers) == (Status.PROVISIONAL, second.numbers)
        assert quick.reason == "One official source of the multiplier pool so far."
    by_anyone = [first, replace(second, official=False)]
    assert weigh(replace(FIVE, policy=Policy(provisional=True)), KEY, by_anyone).numbers == TRUTH


def test_whole_tellings_of_a_pool_that_varies_agree_only_when_they_are_the_same() -> None:
    game = lottery(replace(MAIN, take=5, fewest=3), BONUS)
    five, four = said("us_first"), said("us_second", TRUTH | {"main": TRUTH["main"][:4]})
    assert weigh(game, KEY, [five, four]).status is Status.HELD
    begun = said("us_second", TRUTH | {"main": (*TRUTH["main"][:4], None)})
    assert weigh(game, KEY, [five, begun, said("us_third")]).status is Status.CONFIRMED


def test_the_order_of_places_counts_where_positions_pay_differently() -> None:
    def shows(source: str, *places: Value | None) -> Observation:
        return said(source, {"main": places}, official=False)

    assert weigh(QUINIELA, KEY, [shows("a", "14", "07", "00"), shows("b", "14", "07", "00")]).status is Status.CONFIRMED
    assert weigh(QUINIELA, KEY, [shows("a", "14", "07", "00"), shows("b", "14", "00", "07")]).status is Status.HELD
    assert weigh(QUINIELA, KEY, [shows("a", "14", "07", "00"), shows("b", "14", None, "07")]).status is Status.HELD


def test_a_value_drawn_twice_is_not_one_drawn_once() -> None:
    game = lottery(replace(MAIN, take=3, repeats=True))
    told = [said("us_first", {"main": (1, 1, 2)}), said("us_second", {"main": (1, 2, 2)})]
    assert weigh(game, KEY, told).status is Status.HELD


def test_the_place_that_a_board_leaves_empty_is_told_by_the_other() -> None:
    """90 14 14 stands as 90 14 and nothing on a board that blanks a third number equal to the second."""
    blanked = said("us_first", {"main": ("90", "14", None)}, official=False)
    whole = {"main": ("90", "14", "14")}
    told = [said("us_second", whole, official=False), blanked]
    assert weigh(QUINIELA, KEY, told).status is Status.SCHEDULED
    verdict = weigh(QUINIELA, KEY, [*told, said("us_third", whole, official=False)])
    assert (verdict.status, verdict.numbers) == (Status.CONFIRMED, whole)
    assert [one.agrees for one in verdict.evidence] == [False, True, True]


def test_a_draw_under_way_shows_the_most_that_is_seen() -> None:
    less, more = {"main": (5, None, None, None, None)}, {"main": (5, 17, 23, None, None)}
    verdict = weigh(FIVE, KEY, [said("us_first", less), said("us_second", more)])
    assert (verdict.status, verdict.numbers, verdict.seen) == (Status.PARTIAL, {}, more)
    assert [one.agrees for one in verdict.evidence] == [False, False]


def test_values_that_a_rule_objects_to_are_held_until_two_others_show_the_same() -> None:
    early = said("us_first", objections=("Seen before it can be known.",))
    alone = weigh(FIVE, KEY, [early])
    assert (alone.status, alone.numbers, alone.reason) == (Status.HELD, {}, "us_first: Seen before it can be known.")
    assert weigh(FIVE, KEY, [early, said("us_second")]).status is Status.SCHEDULED
    verdict = weigh(FIVE, KEY, [early, said("us_second"), said("us_third")])
    assert (verdict.status, verdict.numbers) == (Status.CONFIRMED, TRUTH)
    assert [one.agrees for one in verdict.evidence] == [False, True, True]
    assert verdict.evidence[0].objections == ("Seen before it can be known.",)


def test_an_objected_draw_under_way_is_held() -> None:
    begun = said("us_first", {"main": (70, None, None, None, None)}, objections=("70 is outside.",))
    assert weigh(FIVE, KEY, [begun, said("us_second", {})]).status is Status.HELD


def test_a_pool_that_the_lottery_has_not_is_held() -> None:
    strange = said("us_first", TRUTH | {"star": (1,)}, objections=("There is no pool “star”.",))
    assert weigh(FIVE, KEY, [strange]).reason == "us_first: There is no pool “star”."
    assert weigh(FIVE, KEY, [strange, said("us_second"), said("us_third")]).status is Status.HELD


def test_what_only_some_sources_tell_comes_from_the_most_trusted_who_does() -> None:
    money = Money(amount=Decimal(20), currency="USD")
    first = said("us_first", observed_at=LATER + timedelta(hours=1))
    second = said("us_second", serial="17", drawn={"main": (69, 5, 17, 41, 23)}, prizes=(Prize("5"),))
    third = said("us_third", serial="18", jackpot=money, drawn={"main": (5, 69, 17, 41, 23)})
    verdict = weigh(FIVE, KEY, [third, second, first])
    assert verdict.observed_at == LATER
    assert (verdict.serial, verdict.jackpot, verdict.prizes) == ("17", money, (Prize("5"),))
    assert verdict.drawn == {"main": (69, 5, 17, 41, 23)}
    assert [one.source for one in verdict.evidence] == ["us_first", "us_second", "us_third"]


def test_what_a_dissenter_tells_is_not_published() -> None:
    wrong = said("us_first", TRUTH | {"bonus": (9,)}, serial="17")
    assert weigh(FIVE, KEY, [wrong, said("us_second"), said("us_third")]).serial is None


# --- the verdict, whatever the sources say ---

GAME = lottery(replace(MAIN, take=2, highest=4), replace(BONUS, highest=2), replace(TIMES, highest=3))
PLACED = lottery(replace(PLACES, take=2, highest=2, kind=Kind.NUMBER))


def numbers_of(pools: tuple[Pool, ...]) -> st.SearchStrategy[Seen]:
    """Of pools so small that sources often agree, often differ, and often leave something open."""

    def values(pool: Pool) -> st.SearchStrategy[tuple[Value | None, ...]]:
        one = st.integers(pool.lowest, pool.highest)
        whole = st.lists(one, min_size=pool.take, max_size=pool.take, unique=not pool.repeats)
        open_places = st.lists(
            st.none() | one, max_size=pool.take, unique_by=lambda v: v if v is not None else object()
        )
        return (whole | whole | open_places).map(pool.arranged)

    return st.fixed_dictionaries({}, optional={pool.name: values(pool) for pool in pools})


def observations_of(game: Lottery, max_size: int = 4) -> st.SearchStrategy[list[Observation]]:
    one = st.builds(
        said,
        st.sampled_from(["us_first", "us_second", "us_third", "us_fourth", "us_fifth"]),
        numbers_of(game.eras[0].pools),
        origin=st.sampled_from("ab"),
        official=st.booleans(),
        objections=st.sampled_from([(), (), (), ("A rule objects.",)]),
        serial=st.sampled_from([None, "1", "2"]),
    )
    return st.lists(one, max_size=max_size, unique_by=lambda said: said.source)


GAMES = st.sampled_from(
    [
        replace(game, policy=Policy(agree=agree, provisional=provisional))
        for game in (GAME, PLACED)
        for agree in (2, 3)
        for provisional in (False, True)
    ]
)
CASES = GAMES.flatmap(lambda game: st.tuples(st.just(game), observations_of(game)))
TOLD = (Status.PROVISIONAL, Status.CONFIRMED)


def contradict(game: Lottery, one: Seen, other: Seen) -> bool:
    """Whether no draw at all can come out as both show it: tried with every draw there is."""
    for pool in game.eras[0].pools:
        size = range(pool.lowest, pool.highest + 1)
        if (
            pool.name in one
            and pool.name in other
            and not any(
                _shows(pool, draw, one[pool.name]) and _shows(pool, draw, other[pool.name])
                for draw in ([(a, b) for a in size for b in size] if pool.take == 2 else [(a,) for a in size])
                if pool.repeats or len(set(draw)) == len(draw)
            )
        ):
            return True
    return False


def _shows(pool: Pool, draw: tuple[int, ...], seen: tuple[Value | None, ...]) -> bool:
    if pool.ordered:
        return all(value is None or value == drawn for value, drawn in zip(seen, draw, strict=False))
    return not Counter(value for value in seen if value is not None) - Counter(draw)


@always
@given(CASES, st.randoms(use_true_random=False))
def test_the_verdict_does_not_depend_on_who_comes_first(
    case: tuple[Lottery, list[Observation]], random: Random
) -> None:
    game, told = case
    shuffled = list(told)
    random.shuffle(shuffled)
    assert weigh(game, KEY, shuffled) == weigh(game, KEY, iter(told))


@always
@given(CASES)
def test_nothing_is_told_while_any_two_sources_contradict_each_other(case: tuple[Lottery, list[Observation]]) -> None:
    game, told = case
    verdict = weigh(game, KEY, told)
    if any(contradict(game, one.numbers, other.numbers) for one in told for other in told):
        assert verdict.status is Status.HELD
    if verdict.status is not Status.HELD:
        assert all(not contradict(game, one.numbers, verdict.numbers) for one in told)


@always
@given(CASES)
def test_what_is_told_is_whole_and_shown_by_as_many_origins_as_it_takes(
    case: tuple[Lottery, list[Observation]],
) -> None:
    game, told = case
    verdict = weigh(game, KEY, told)
    assert bool(verdict.numbers) is (verdict.status in TOLD)
    if verdict.status not in TOLD:
        return
    assert game.is_whole(KEY, verdict.numbers)
    assert all(None not in values for values in verdict.numbers.values())
    assert game.objections(KEY, verdict.numbers, LATER) == ()
    agreeing = [one for one in told if not one.objections and game.is_whole(KEY, one.numbers)]
    official = any(one.official for one in agreeing)
    needed = 2 if official else game.policy.agree
    origins = len({one.origin for one in agreeing})
    assert (verdict.status is Status.CONFIRMED) is (origins >= needed)
    assert verdict.status is Status.CONFIRMED or (official and game.policy.provisional)
    assert {one.source for one in verdict.evidence if one.agrees} == {one.source for one in agreeing}


@always
@given(CASES)
def test_every_source_is_in_the_evidence_and_none_is_changed(case: tuple[Lottery, list[Observation]]) -> None:
    game, told = case
    evidence = {one.source: one for one in weigh(game, KEY, told).evidence}
    assert len(evidence) == len(told)
    for one in told:
        kept = evidence[one.source]
        assert (kept.numbers, kept.origin, kept.official) == (one.numbers, one.origin, one.official)
        assert (kept.observed_at, kept.page, kept.objections) == (one.observed_at, one.page, one.objections)


@always
@given(CASES)
def test_a_source_that_shows_nothing_changes_no_verdict(case: tuple[Lottery, list[Observation]]) -> None:
    """It leaves every place open, so it neither agrees nor disagrees."""
    game, told = case
    silent = said("us_silent", {pool.name: (None,) * pool.take for pool in game.eras[0].pools}, origin="silent")
    before, after = weigh(game, KEY, told), weigh(game, KEY, [*told, silent])
    if told:
        assert (after.status, after.numbers, after.reason) == (before.status, before.numbers, before.reason)
    else:
        assert (after.status, after.numbers) == (Status.PARTIAL, {})


@always
@given(CASES)
def test_a_second_telling_of_one_origin_confirms_nothing(case: tuple[Lottery, list[Observation]]) -> None:
    game, told = case
    before = weigh(game, KEY, told)
    if before.status in (Status.SCHEDULED, Status.PROVISIONAL) and told:
        echo = [replace(one, source=f"{one.source}_again") for one in told]
        assert weigh(game, KEY, [*told, *echo]).status is before.status


# --- odds ---


def game(*pools: Pool) -> Era:
    return Era(date(2020, 1, 1), pools, ())


def tier(match: dict[str, int | tuple[int, ...]], **pick: int) -> Tier:
    return Tier("a tier", {pool: (n,) if isinstance(n, int) else n for pool, n in match.items()}, pick)


BALLS, STARS = partial(Pool, "main"), partial(Pool, "bonus")
POWERBALL, MEGA = game(BALLS(5, 1, 69), STARS(1, 1, 26)), game(BALLS(5, 1, 70), STARS(1, 1, 24))
EUROMILLIONS = game(BALLS(5, 1, 50), STARS(2, 1, 12))
UK_LOTTO = game(BALLS(6, 1, 59), STARS(1, 1, 59, rest_of="main"))
LOTTO_6AUS49 = game(BALLS(6, 1, 49), STARS(1, 0, 9, Kind.DIGIT))
SATURDAY_LOTTO = game(BALLS(6, 1, 45), STARS(2, 1, 45, rest_of="main"))
GERMAN_KENO = game(BALLS(20, 1, 70))
PICK_3 = game(BALLS(3, 0, 9, Kind.DIGIT, ordered=True, repeats=True))


@pytest.mark.parametrize(
    ("era", "wins", "published"),
    [
        (POWERBALL, tier({"main": 5, "bonus": 1}), "292201338.00"),
        (POWERBALL, tier({"main": 5, "bonus": 0}), "11688053.52"),
        (POWERBALL, tier({"main": 4, "bonus": 1}), "913129.18"),
        (POWERBALL, tier({"main": 0, "bonus": 1}), "38.32"),
        (game(BALLS(5, 1, 70), STARS(1, 1, 25)), tier({"main": 5, "bonus": 1}), "302575350.00"),
        (MEGA, tier({"main": 5, "bonus": 1}), "290472336.00"),
        (EUROMILLIONS, tier({"main": 5, "bonus": 2}), "139838160.00"),
        (EUROMILLIONS, tier({"main": 5, "bonus": 1}), "6991908.00"),
        (EUROMILLIONS, tier({"main": 2, "bonus": 0}), "21.90"),
        (UK_LOTTO, tier({"main": 6}), "45057474.00"),
        (UK_LOTTO, tier({"main": 5, "bonus": 1}), "7509579.00"),
        (UK_LOTTO, tier({"main": 5, "bonus": 0}), "144414.98"),
        (UK_LOTTO, tier({"main": 3}), "96.17"),
        (LOTTO_6AUS49, tier({"main": 6, "bonus": 1}), "139838160.00"),
        (LOTTO_6AUS49, tier({"main": 6, "bonus": 0}), "15537573.33"),
        (LOTTO_6AUS49, tier({"main": 2, "bonus": 1}), "75.54"),
        (SATURDAY_LOTTO, tier({"main": 6}), "8145060.00"),
        (SATURDAY_LOTTO, tier({"main": 5, "bonus": 1}), "678755.00"),
        (SATURDAY_LOTTO, tier({"main": 3, "bonus": (1, 2)}), "297.48"),
        (GERMAN_KENO, tier({"main": 10}, main=10), "2147180.74"),
        (GERMAN_KENO, tier({"main": 0}, main=10), "38.62"),
        (PICK_3, tier({"main": 3}), "1000.00"),
        (PICK_3, tier({"main": 2}), "37.04"),
        (game(BALLS(3, 0, 9, ordered=True)), tier({"main": 3}), "720.00"),
    ],
)
def test_the_odds_are_those_that_operators_publish(era: Era, wins: Tier, published: str) -> None:
    assert f"{float(odds.one_in(odds.chance(era, wins))):.2f}" == published


@pytest.mark.parametrize("era", [POWERBALL, EUROMILLIONS, LOTTO_6AUS49, PICK_3])
def test_the_chances_of_all_that_can_happen_are_one(era: Era) -> None:
    counts = product(*(range(pool.take + 1) for pool in era.pools))
    names = [pool.name for pool in era.pools]
    assert sum(odds.chance(era, tier(dict(zip(names, matched, strict=True)))) for matched in counts) == 1


def test_the_chances_are_one_too_where_the_bonus_comes_of_the_rest() -> None:
    counts = product(range(7), range(3))
    assert sum(odds.chance(SATURDAY_LOTTO, tier({"main": m, "bonus": b})) for m, b in counts) == 1


def test_what_no_count_tells_is_refused_in_a_sentence() -> None:
    king = game(BALLS(20, 1, 70), STARS(1, 1, 70, among="main"))
    for era, wins, says in (
        (POWERBALL, tier({"star": 1}), "There is no pool “star” in this era."),
        (king, tier({"bonus": 1}), "The bonus pool is drawn from among the main pool; count its tier by hand."),
        (game(BALLS(3, 0, 9, ordered=True)), tier({"main": 2}), "Some places right of the main pool without repeats"),
    ):
        with pytest.raises(ValueError, match=re.escape(says)):
            odds.chance(era, wins)


# --- prizes ---


def test_money_and_winners_are_plain_figures() -> None:
    assert prizes.money("90860.40", "EUR") == Money(Decimal("90860.40"), "EUR")
    assert prizes.prize("5+1", "0", None) == Prize("5+1", 0, None)
    for figure, currency, says in (
        ("90.860,40", "EUR", "“90.860,40” is not an amount of money"),
        ("-5", "EUR", "“-5” is not an amount of money"),
        ("1e9", "EUR", "“1e9” is not an amount of money"),
        ("5", "€", "“€” is not a currency"),
        ("9" * 15, "VND", "is more than any lottery pays"),
    ):
        with pytest.raises(ValueError, match=re.escape(says)):
            prizes.money(figure, currency)
    with pytest.raises(ValueError, match="“many” is not a number of winners of 5"):
        prizes.prize("5", "many", None)


# --- words, tickets, pools that vary ---

ANIMALS = Pool("main", 1, kind=Kind.WORD, shape=Shape.ANIMAL, words={"0": "Delfín", "00": "Ballena", "33": "Pescado"})
CODES = Pool("main", 10, kind=Kind.TICKET, shape=Shape.TICKET, written="AA ### ####", fewest=1)
COLOURS = Pool("main", 1, kind=Kind.TICKET, written="A+ #### ####")


@pytest.mark.parametrize(
    ("pool", "text", "value"),
    [
        (ANIMALS, "0", "0"),
        (ANIMALS, "00", "00"),
        (ANIMALS, "delfin", "0"),
        (ANIMALS, " BALLENA ", "00"),
        (CODES, "PQ5913073", "PQ 591 3073"),
        (CODES, "pq 591 3073", "PQ 591 3073"),
        (COLOURS, "MAUVE 1234 5678", "MAUVE 1234 5678"),
        (COLOURS, "MAUVE12345678", "MAUVE 1234 5678"),
    ],
)
def test_a_word_and_a_ticket_have_one_way_to_be_written(pool: Pool, text: str, value: str) -> None:
    assert pool.value(text) == value
    assert pool.value(value) == value


@pytest.mark.parametrize(
    ("pool", "text", "says"),
    [
        (ANIMALS, "1", "“1” is not a word of the main pool"),
        (ANIMALS, "", "“” is not a word of the main pool"),
        (ANIMALS, "33 Pescado", "“33 Pescado” is not a word of the main pool"),
        (CODES, "PQ 591 307", "“PQ 591 307” is not written like AA ### ####, a ticket of the main pool"),
        (CODES, "P0 591 3073", "is not written like"),
        (CODES, "PQ  591 3073", "is not written like"),
        (COLOURS, "1234 5678", "is not written like"),
    ],
)
def test_what_is_no_word_or_ticket_is_refused(pool: Pool, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        pool.value(text)


def test_a_name_that_two_words_share_is_none() -> None:
    twins = replace(ANIMALS, words={"1": "Carnero", "2": "carnero"})
    with pytest.raises(ValueError, match="“Carnero” is not a word"):
        twins.value("Carnero")


def test_a_pool_that_varies_is_whole_from_its_fewest_to_its_most() -> None:
    raffle = lottery(CODES)
    for count, whole in ((0, False), (1, True), (10, True), (11, False)):
        codes = tuple(f"AA 000 {n:04}" for n in range(count))
        assert raffle.is_whole(KEY, {"main": codes}) is whole
    many = tuple(f"AA 000 {n:04}" for n in range(11))
    assert raffle.objections(KEY, {"main": many}, LATER) == ("The main pool takes 10, not 11.",)


def test_the_outcomes_of_words_tickets_and_rests_are_counted() -> None:
    assert (ANIMALS.outcomes, CODES.outcomes) == (3, 6_760_000_000)
    assert UK_LOTTO.outcomes == 45_057_474 * 53
    assert game(BALLS(20, 1, 70), STARS(1, 1, 70, among="main")).outcomes == math.comb(70, 20) * 20


def test_a_bonus_of_the_rest_is_no_main_number_and_a_king_is_one() -> None:
    beside = lottery(Pool("main", 5, 1, 69), Pool("bonus", 1, 1, 69, rest_of="main"))
    king = lottery(Pool("main", 5, 1, 69), Pool("bonus", 1, 1, 69, among="main"))
    other, same = TRUTH, {"main": TRUTH["main"], "bonus": (41,)}
    assert beside.objections(KEY, other, LATER) == king.objections(KEY, same, LATER) == ()
    assert beside.objections(KEY, same, LATER) == ("A value of the bonus pool is one of the main pool too.",)
    assert king.objections(KEY, other, LATER) == ("A value of the bonus pool is none of the main pool.",)
    under_way: Seen = {"main": (5, 17, None, None, None), "bonus": (7,)}
    assert king.objections(KEY, under_way, LATER) == ()


# --- calendars of every kind ---


def keys(one: Lottery, since: datetime, until: datetime) -> list[str]:
    return [f"{key.date:%m-%d}/{key.label}" for _, key in one.draws(since, until)]


def test_days_of_the_month_are_those() -> None:
    thai = lottery(calendar=(Slot(time(15, 30), dates=frozenset({1, 16})),))
    since = datetime(2024, 1, 31, tzinfo=UTC)
    assert keys(thai, since, since + timedelta(days=32)) == ["02-01/", "02-16/", "03-01/"]


def test_a_rhythm_draws_every_so_many_minutes_of_a_day() -> None:
    keno = lottery(calendar=(Slot(time(22, 50), every=5, until=time(23, 5)),))
    labels = ["22:50", "22:55", "23:00", "23:05"]
    since = datetime(2024, 3, 6, 12, tzinfo=NEW_YORK)
    assert keys(keno, since, since + timedelta(days=1)) == [f"03-06/{label}" for label in labels]
    at = keno.drawn_at(DrawKey("us_five", date(2024, 3, 6), "22:55"))
    assert at == datetime(2024, 3, 6, 22, 55, tzinfo=NEW_YORK)
    assert keno.drawn_at(DrawKey("us_five", date(2024, 3, 6), "22:56")) is None


def test_a_rhythms_draw_known_by_its_serial_is_timed_by_its_source() -> None:
    keno = lottery(calendar=(Slot(time(22, 50), every=5, until=time(23, 5), days=frozenset({2})),))
    key, told = DrawKey("us_five", date(2024, 3, 6), "2032940"), datetime(2024, 3, 7, 3, 55, tzinfo=UTC)
    assert keno.objections(key, TRUTH, told, drawn_at=told) == ()
    [objection] = keno.objections(key, TRUTH, told - timedelta(minutes=1), drawn_at=told)
    assert objection.startswith("Seen before 2024-03-06 22:55 EST")
    thursday = DrawKey("us_five", date(2024, 3, 7), "2032941")
    assert keno.objections(thursday, TRUTH, LATER) == ("The calendar has no draw on Thursday 2024-03-07, 2032941.",)


def test_a_rhythm_keeps_its_wall_clock_when_the_clocks_change() -> None:
    """On the night of 10 March there is no 2:30, on that of 3 November there are two: it counts once."""
    keno = lottery(calendar=(Slot(time(1, 0), every=30, until=time(3, 30)),))
    for day, hours in ((date(2024, 3, 10), 1), (date(2024, 11, 3), 3)):
        draws = [at for at, _ in keno.draws(datetime.combine(day, time(0), NEW_YORK), LATER + timedelta(days=365))][:6]
        assert [f"{at:%H:%M}" for at in draws] == ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]
        assert draws[4].astimezone(UTC) - draws[0].astimezone(UTC) == timedelta(hours=hours)


def test_on_any_day_anything_but_the_future_is_believed() -> None:
    old = lottery()
    old = replace(old, eras=(replace(old.eras[0], calendar=(), any_day=True),))
    assert old.objections(replace(KEY, label="extra"), TRUTH, LATER) == ()
    assert old.objections(KEY, TRUTH, datetime(2024, 3, 6, 5, tzinfo=UTC)) == ()
    [objection] = old.objections(KEY, TRUTH, datetime(2024, 3, 6, 4, 59, tzinfo=UTC))
    assert objection.startswith("Seen before 2024-03-06 00:00 EST")
    assert old.next_draw(LATER) is None


def test_a_special_day_has_its_own_draws_and_no_others() -> None:
    special = replace(
        FIVE, special_days={KEY.date: (), date(2024, 3, 7): (Slot(time(12), label="extra"), Slot(time(20)))}
    )
    since = datetime(2024, 3, 6, tzinfo=NEW_YORK)
    assert keys(special, since, since + timedelta(days=3)) == ["03-07/extra", "03-07/", "03-08/"]
    assert special.objections(KEY, TRUTH, LATER) == ("The calendar has no draw on Wednesday 2024-03-06.",)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Mega Millions", "MM"),
        ("Loto 6", "L6"),
        ("Powerball", "P"),
        ("3 Star", "3S"),
        ("2D Lotto", "2DL"),
        ("38 Lotto", "38L"),
        ("10eLotto ogni 5 minuti", "10"),
    ],
)
def test_initials_are_the_letters_and_figures_that_tell_a_name_apart(name, short):
    assert initials(name) == short
