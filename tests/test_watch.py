"""The watch: asked when a result can first be there, seldom enough, and every source's state told with its reason."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import run
from lotto.draws.calendar import Slot
from lotto.draws.draw import Draw, DrawKey, Evidence, Status
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Kind, Pool, Shape
from lotto.ledger import fetches
from lotto.ledger.fetches import Asked
from lotto.ledger.queries import Heard
from lotto.watch import asks, look
from lotto.watch.asks import JITTER, LOOK_AGAIN, coming, due
from lotto.watch.standing import SILENCE, TOLERANCE, UNKNOWN, Gone, of_lotteries, standings
from lotto.watch.state import ORDER, Standing, State, Watched, worst

PACE = timedelta(seconds=60)
SOURCE = Watched("xx_one", PACE)
OTHER = Watched("xx_two", PACE)
NUMBERS = {"main": (1, 2)}
NIGHT = datetime(2025, 11, 2, 23, tzinfo=UTC)

ZONES = (
    "America/New_York",
    "America/Santo_Domingo",
    "Europe/Berlin",
    "Europe/Lisbon",
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "America/Havana",
    "Pacific/Auckland",
    "Africa/Casablanca",
)
"""Zones that change at midnight, at two or three, by half an hour, in the south, for Ramadan, and never."""


def lottery(
    *slots: Slot,
    zone: str = "UTC",
    name: str = "xx_game",
    special: dict[date, tuple[Slot, ...]] | None = None,
    not_before: timedelta = timedelta(minutes=2),
) -> Lottery:
    """A game of two numbers, told by two sources."""
    pool = Pool("main", 2, 1, 9, Kind.NUMBER, Shape.MAIN)
    labels = {slot.label or "game": slot.label for slot in slots if not slot.every} or {"game": ""}
    return Lottery(
        id=name,
        name="Game",
        country="XX",
        operator="One",
        zone=ZoneInfo(zone),
        currency="USD",
        eras=(Era(date(2000, 1, 1), (pool,), slots),),
        sources={SOURCE.name: labels, OTHER.name: labels},
        not_before=not_before,
        special_days=special or {},
    )


DAILY = lottery(Slot(time(20)))


def drawn(game: Lottery, since: datetime, until: datetime) -> list[tuple[datetime, DrawKey]]:
    """The draws of the calendar, in UTC."""
    return [(at.astimezone(UTC), key) for at, key in game.draws(since, until)]


class Simulated:
    """A source that publishes each draw some time after it, watched with a clock that leaps from ask to ask."""

    def __init__(self, game: Lottery, published: Callable[[int], timedelta | None], source: Watched = SOURCE) -> None:
        self.game = game
        self.source = source
        self.published = published
        self.asks: list[datetime] = []
        self.seen: dict[DrawKey, datetime] = {}
        self.outage: tuple[datetime, datetime] | None = None
        self.retry_after: timedelta | None = None

    def watch(self, since: datetime, until: datetime) -> None:
        """Watches; every ask shows all that is published by then."""
        draws = drawn(self.game, since - timedelta(days=10), until)
        out = {
            key: (delay if (delay := self.published(n)) is None else at + delay) for n, (at, key) in enumerate(draws)
        }
        self.out = {key: at for key, at in out.items() if at is not None}
        heard = {key: Heard(key, NUMBERS, False, at) for key, at in self.out.items() if at < since}
        asked = {"game": Asked(since - timedelta(hours=1))}
        now = since
        while True:
            (next_,) = coming(self.source, [self.game], heard.values(), asked, now)
            now = max(now, next_.at)
            if now > until:
                return
            assert list(due(self.source, [self.game], heard.values(), asked, now)), "what comes next is due then"
            self.asks.append(now)
            if self.outage and self.outage[0] <= now < self.outage[1]:
                wait = now + self.retry_after if self.retry_after else None
                asked = {"game": Asked(now, "failed", now, asked["game"].failures + 1, wait_until=wait)}
                continue
            asked = {"game": Asked(now, "read", now)}
            for key, at in self.out.items():
                if at <= now and key not in heard:
                    heard[key] = Heard(key, NUMBERS, False, now)
                    self.seen[key] = now


@pytest.mark.parametrize("name", ["us_powerball", "de_lotto", "do_leidsa", "us_ny_take5"])
def test_a_month_of_a_real_calendar_is_seen_at_once_with_few_asks(known, name):
    """A result comes 3 to 42 minutes after what the catalogue says; it is seen within 10 % and two paces of that."""
    real = known.lotteries[name]
    source = Watched(next(iter(real.sources)), PACE)
    label = next(iter(real.sources[source.name].values()))
    game = replace(
        real, sources={source.name: {"game": label}}, eras=(replace(real.eras[-1], pools=DAILY.eras[0].pools),)
    )
    if label:
        game = replace(
            game, eras=(replace(game.eras[0], calendar=tuple(s for s in game.eras[0].calendar if s.label == label)),)
        )
    game = replace(game, special_days={})
    sim = Simulated(game, lambda n: game.not_before + timedelta(minutes=3 + n * 13 % 40), source)
    since = datetime(2025, 10, 15, tzinfo=UTC)
    until = since + timedelta(days=31)
    sim.watch(since, until)
    draws = drawn(game, since, until - timedelta(hours=2))
    assert len(draws) >= 8
    for at, key in draws:
        lateness = sim.out[key] - at
        assert sim.seen[key] - sim.out[key] <= lateness * (1 + JITTER) / (asks.PATIENCE - 1) + 2 * PACE, key
    # Until it is there, at the pace of a minute; and four times more for corrections.
    bound = sum((sim.out[key] - at - game.not_before) / PACE + 1 + len(LOOK_AGAIN) for at, key in draws)
    assert len(sim.asks) <= bound + 3 * len(LOOK_AGAIN)
    assert min((b - a for a, b in pairwise(sim.asks)), default=PACE) >= PACE


def test_a_draw_that_never_comes_is_asked_for_ever_more_seldom_and_then_no_more():
    sim = Simulated(DAILY, lambda n: timedelta(minutes=5) if n < 10 else None)
    since = datetime(2025, 10, 15, tzinfo=UTC)
    sim.watch(since, since + timedelta(days=1))
    waits = [b - a for a, b in pairwise(sim.asks)]
    late = waits[-1]
    assert late > 10 * PACE / 2
    assert len(sim.asks) < 120
    only = lottery(Slot(time(20), days=frozenset({2})))
    week = Simulated(only, lambda n: None)
    week.watch(since, since + timedelta(days=6))
    assert len(week.asks) < 20 + 19 * 7
    assert max(week.asks) < datetime(2025, 10, 15, 20, tzinfo=UTC) + asks.REACH


def test_a_source_that_failed_for_hours_is_asked_seldom_and_seen_within_half_an_hour_of_its_return():
    sim = Simulated(DAILY, lambda n: timedelta(minutes=5))
    at = datetime(2025, 10, 15, 20, tzinfo=UTC)
    sim.outage = at - timedelta(hours=1), at + timedelta(hours=9)
    sim.watch(at - timedelta(hours=12), at + timedelta(hours=20))
    knocks = [one for one in sim.asks if sim.outage[0] <= one < sim.outage[1]]
    assert len(knocks) <= 6 + 9 * 2
    seen = sim.seen[DrawKey("xx_game", date(2025, 10, 15))]
    assert sim.outage[1] <= seen <= sim.outage[1] + asks.FAILING * (1 + JITTER)


def test_a_server_that_says_when_to_come_again_is_not_asked_before():
    sim = Simulated(DAILY, lambda n: timedelta(minutes=5))
    at = datetime(2025, 10, 15, 20, tzinfo=UTC)
    sim.outage = at, at + timedelta(minutes=30)
    sim.retry_after = timedelta(minutes=45)
    sim.watch(at - timedelta(hours=12), at + timedelta(hours=3))
    first = next(one for one in sim.asks if one >= at)
    assert min(one for one in sim.asks if one > first) == first + sim.retry_after


def test_who_wants_us_to_wait_is_waited_for_with_every_name():
    game = lottery(Slot(time(12), label="midday"), Slot(time(20), label="evening"))
    now = datetime(2025, 10, 15, 21, tzinfo=UTC)
    asked = {"midday": Asked(now - timedelta(hours=1), "blocked", failures=1, wait_until=now + timedelta(minutes=9))}
    found = {one.name: one.at for one in coming(SOURCE, [game], [], asked, now)}
    assert found == dict.fromkeys(("midday", "evening"), now + timedelta(minutes=9))


@pytest.mark.parametrize(("outcome", "first", "longest"), [("failed", 1, asks.FAILING), ("blocked", 5, asks.BLOCKED)])
def test_each_failure_doubles_the_wait_up_to_a_bound_and_never_beats_the_pace(outcome, first, longest):
    now = datetime(2025, 10, 15, 20, 10, tzinfo=UTC)
    waits = []
    for failures in (1, 2, 3, 50):
        (one,) = coming(SOURCE, [DAILY], [], {"game": Asked(now, outcome, failures=failures)}, now)
        waits.append(one.at - now)
    for wait, exact in zip(waits, (first * PACE, 2 * first * PACE, 4 * first * PACE, longest), strict=True):
        assert exact <= wait <= exact * (1 + JITTER)
    slow = Watched("xx_one", timedelta(days=1))
    (one,) = coming(slow, [DAILY], [], {"game": Asked(now, outcome, failures=9)}, now)
    assert one.at - now >= slow.pace


def test_those_who_wait_alike_do_not_ask_in_step():
    asked = {"game": Asked(datetime(2025, 10, 15, 20, 10, tzinfo=UTC))}
    now = datetime(2025, 10, 15, 20, 11, tzinfo=UTC)
    found = {next(coming(Watched(f"xx_{n}", PACE), [_told_by(f"xx_{n}")], [], asked, now)).at for n in range(20)}
    assert len(found) == 20


def _told_by(source: str) -> Lottery:
    return replace(DAILY, sources={source: {"game": ""}})


@given(
    zone=st.sampled_from(ZONES),
    year=st.integers(2015, 2030),
    minute=st.integers(0, 24 * 60 - 1),
    hours=st.integers(-30, 30),
)
def test_around_a_change_of_the_clock_every_draw_is_asked_for_once_it_is_out(zone, year, minute, hours):
    """At a wall time that is skipped or comes twice too: there is one draw that day, and it comes due after it."""
    game = lottery(Slot(time(minute // 60, minute % 60)), zone=zone)
    change = _change(ZoneInfo(zone), year)
    since = change - timedelta(days=2)
    draws = drawn(game, since, change + timedelta(days=2))
    days = [key.date for _, key in draws]
    assert len(set(days)) == len(days)
    assert len(draws) in (3, 4, 5)
    assert all(timedelta(hours=22) <= b[0] - a[0] <= timedelta(hours=26) for a, b in pairwise(draws))
    now = change + timedelta(hours=hours)
    past = [one for one in drawn(game, now - asks.REACH, now) if one[0] + game.not_before <= now]
    told = [Heard(key, NUMBERS, False, at + game.not_before) for at, key in past]
    asked = {"game": Asked(now, "read")}
    (one,) = coming(SOURCE, [game], told, asked, now)
    at, _ = next(
        one for one in drawn(game, now - timedelta(days=1), now + timedelta(days=3)) if one[0] + game.not_before > now
    )
    # Beside what was told and is looked at again, the next draw is what is asked for, a little after it can be known.
    assert one.at <= at + game.not_before + PACE * JITTER
    first = asks.coming(
        SOURCE, [game], [replace(said, observed_at=now - timedelta(days=30)) for said in told], asked, now
    )
    assert at + game.not_before <= next(first).at <= at + game.not_before + PACE * (1 + JITTER)


@cache
def _change(zone: ZoneInfo, year: int) -> datetime:
    """The first change of the clock of that year; a day of spring where there is none."""
    at = datetime(year, 1, 1, tzinfo=UTC)
    for hour in range(366 * 24):
        then, later = at + timedelta(hours=hour), at + timedelta(hours=hour + 1)
        if then.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            return later
    return datetime(year, 3, 30, tzinfo=UTC)


def test_a_day_of_rest_is_not_asked_for_and_a_moved_or_added_draw_is():
    day = date(2025, 12, 24)
    usual = Slot(time(20))
    special = {
        day: (Slot(time(12)),),
        day + timedelta(days=1): (),
        day + timedelta(days=2): (usual, Slot(time(10), label="")),
    }
    game = lottery(usual, special=special)
    sim = Simulated(game, lambda n: timedelta(minutes=2, seconds=1))
    midnight = datetime(2025, 12, 24, tzinfo=UTC)
    sim.watch(midnight, midnight + timedelta(days=3))
    assert sim.seen[DrawKey("xx_game", day)] - midnight <= timedelta(hours=12, minutes=5)
    assert {key.date for key in sim.seen} == {day, day + timedelta(days=2)}


def whole(game: Lottery, until: datetime, delay: timedelta = timedelta(minutes=10), days: int = 10) -> list[Heard]:
    """All draws till then told, each so long after it could be known, newest first."""
    draws = drawn(game, until - timedelta(days=days), until)
    return [Heard(key, NUMBERS, False, at + game.not_before + delay) for at, key in reversed(draws)]


def up_to(
    words: Sequence[Heard] = (),
    now: datetime = NIGHT,
    game: Lottery = DAILY,
    contested: Sequence[Draw] = (),
    source: Watched = SOURCE,
) -> list[Standing]:
    """What the source is up to."""
    gone = Gone({"game": Asked(now, "read", now - timedelta(days=1))}, {game.id: words})
    return standings(source, [game], gone, contested, now)


def test_a_source_that_is_read_and_tells_every_draw_is_well_since_it_is_read():
    (one,) = up_to(whole(DAILY, NIGHT))
    assert (one.state, one.since, one.lottery) == (State.WELL, NIGHT - timedelta(days=1), None)


def test_a_source_that_was_never_asked_is_not_late_and_says_so():
    (one,) = standings(SOURCE, [DAILY], Gone({}, {}), [], NIGHT)
    assert (one.state, one.since, one.why) == (State.WELL, None, "It was not asked yet.")


def test_a_source_that_rests_says_why_whatever_it_did_before():
    (one,) = up_to(source=replace(SOURCE, resting="Its page is made by a script."))
    assert (one.state, one.why) == (State.RESTING, "Its page is made by a script.")


@pytest.mark.parametrize(("outcome", "state"), [("blocked", State.BLOCKED), ("changed", State.CHANGED)])
def test_who_does_not_let_us_in_or_changed_is_so_from_the_first_such_ask(outcome, state):
    since = NIGHT - timedelta(minutes=3)
    found = standings(
        SOURCE,
        [DAILY],
        Gone({"game": Asked(NIGHT, outcome, since, 2, "Why.")}, {DAILY.id: whole(DAILY, NIGHT)}),
        [],
        NIGHT,
    )
    assert found == [Standing("xx_one", state, since, "Why.")]


def test_a_failure_becomes_silence_after_an_hour_and_two_asks():
    def state(failures: int, since: timedelta) -> State:
        asked = {"game": Asked(NIGHT, "failed", NIGHT - since, failures, "It answered 503.")}
        return worst(standings(SOURCE, [DAILY], Gone(asked, {DAILY.id: whole(DAILY, NIGHT)}), [], NIGHT)).state

    assert state(9, SILENCE - timedelta(seconds=1)) is State.WELL
    assert state(1, SILENCE * 3) is State.WELL
    assert state(2, SILENCE) is State.SILENT


def test_what_is_so_with_one_name_alone_is_told_of_its_lottery():
    other = replace(DAILY, id="xx_other", sources={SOURCE.name: {"other": ""}})
    asked = {"game": Asked(NIGHT, "read", NIGHT), "other": Asked(NIGHT, "blocked", NIGHT, 1, "Why.")}
    words = {game.id: whole(game, NIGHT) for game in (DAILY, other)}
    (one,) = standings(SOURCE, [DAILY, other], Gone(asked, words), [], NIGHT)
    assert (one.state, one.lottery) == (State.BLOCKED, "xx_other")


def test_a_draw_is_late_when_its_source_takes_half_an_hour_longer_than_it_usually_does():
    at = datetime(2025, 11, 2, 20, tzinfo=UTC)
    words = whole(DAILY, at - timedelta(hours=1))
    deadline = at + DAILY.not_before + timedelta(minutes=10) + TOLERANCE
    assert [one.state for one in up_to(words, deadline - timedelta(seconds=1))] == [State.WELL]
    (one,) = up_to(words, deadline)
    assert (one.state, one.since, one.lottery) == (State.LATE, deadline, "xx_game")
    assert one.why == "xx_game/2025-11-02 not told yet, drawn 42 min ago; usually it is told after 10 min."


def test_a_portal_that_takes_half_a_day_is_not_late_before_it_took_half_as_long_again():
    at = datetime(2025, 11, 2, 20, tzinfo=UTC)
    words = whole(DAILY, at - timedelta(hours=1), delay=timedelta(hours=12))
    assert [one.state for one in up_to(words, at + timedelta(hours=18))] == [State.WELL]
    assert [one.state for one in up_to(words, at + timedelta(hours=18, minutes=2))] == [State.LATE]


def test_one_page_with_the_history_teaches_nothing_of_how_long_a_source_takes():
    at = datetime(2025, 11, 2, 20, tzinfo=UTC)
    # Read first three days after the newest of these draws, which says nothing of when it came out.
    read_at = at - timedelta(hours=1)
    words = [replace(one, observed_at=read_at) for one in whole(DAILY, at - timedelta(days=4))]
    (one,) = up_to(words, at + DAILY.not_before + UNKNOWN + timedelta(days=1))
    assert one.state is State.LATE
    assert "how long it takes is not known yet" in one.why


@pytest.mark.parametrize("lack", [{"numbers": {"main": (1,)}}, {"objected": True}])
def test_half_a_draw_or_one_objected_to_is_not_told(lack):
    words = whole(DAILY, NIGHT)
    (one,) = up_to([replace(words[0], **lack), *words[1:]])
    assert one.state is State.LATE


def test_a_hole_behind_a_newer_draw_is_not_late():
    words = whole(DAILY, NIGHT)
    assert [one.state for one in up_to([words[0], *words[3:]])] == [State.WELL]


def test_where_single_days_are_played_only_a_draw_that_somebody_tells_can_be_late():
    keys = [key for _, key in drawn(DAILY, NIGHT - timedelta(days=3), NIGHT)]
    told = whole(DAILY, NIGHT)[-2:]
    for played, state in (((), State.WELL), (keys[-1:], State.LATE)):
        gone = Gone({"game": Asked(NIGHT, "read", NIGHT)}, {DAILY.id: told}, {*played, *(one.key for one in told)})
        assert [one.state for one in standings(SOURCE, [DAILY], gone, [], NIGHT)] == [state]


def test_of_draws_of_one_day_each_stands_in_a_row_of_its_own():
    game = lottery(Slot(time(12), label="midday"), Slot(time(20), label="evening"))
    asked = {name: Asked(NIGHT, "read", NIGHT) for name in ("midday", "evening")}
    words = [one for one in whole(game, NIGHT) if one.key.label == "evening"]
    (one,) = standings(SOURCE, [game], Gone(asked, {game.id: words}), [], NIGHT)
    assert one.state is State.LATE
    assert "/midday and " in one.why


def test_a_rhythm_is_late_when_its_newest_draws_are():
    game = lottery(Slot(time(0), every=5, until=time(23, 55)))
    serials = [
        replace(
            one, key=replace(one.key, label=f"9{n}"), drawn_at=one.observed_at - game.not_before - timedelta(minutes=1)
        )
        for n, one in enumerate(whole(game, NIGHT, timedelta(minutes=1), days=1))
    ]
    assert [one.state for one in up_to(serials[:60], game=game)] == [State.WELL]
    (one,) = up_to(serials[12:72], game=game)
    assert one.state is State.LATE


def test_in_a_rest_nothing_is_late():
    rest = {date(2025, 10, 30) + timedelta(days=n): () for n in range(10)}
    game = lottery(Slot(time(20)), special=rest)
    words = whole(game, NIGHT)
    assert [one.state for one in up_to(words, NIGHT + timedelta(days=3), game)] == [State.WELL]


def says(
    source: str, *main: int, agrees: bool = True, objections: tuple[str, ...] = (), official: bool = True
) -> Evidence:
    """What that source shows of the draw."""
    return Evidence(source, official, source, {"main": main}, agrees, NIGHT, "ab", objections)


def held(*evidence: Evidence) -> Draw:
    """The draw of that night, disputed."""
    key = DrawKey("xx_game", date(2025, 11, 2))
    return Draw(key, Status.HELD, NIGHT, sources=evidence, reason="Sources disagree.", updated_at=NIGHT)


def test_two_who_contradict_each_other_are_both_disagreeing_and_one_against_two_alone():
    both = held(says("xx_one", 1, 2), says("xx_two", 1, 3, agrees=False))
    for source in (SOURCE, OTHER):
        (one,) = up_to(whole(DAILY, NIGHT), contested=[both], source=source)
        assert (one.state, one.lottery, one.since) == (State.DISAGREEING, "xx_game", NIGHT)
    assert one.why == "xx_game/2025-11-02: it shows main 1 3; not so xx_one."
    third = held(*both.sources, says("xx_three", 1, 2))
    assert [one.state for one in up_to(whole(DAILY, NIGHT), contested=[third])] == [State.WELL]
    assert [one.state for one in up_to(whole(DAILY, NIGHT), contested=[third], source=OTHER)] == [State.DISAGREEING]


def test_whom_a_rule_contradicts_is_disagreeing_and_half_a_draw_is_not():
    ruled = held(says("xx_one", 1, 99, agrees=False, objections=("99 is none of 1 to 9.",)))
    (one,) = up_to(whole(DAILY, NIGHT), contested=[ruled])
    assert (one.state, one.why) == (State.DISAGREEING, "xx_game/2025-11-02: 99 is none of 1 to 9.")
    half = held(says("xx_one", 1, agrees=False), says("xx_two", 1, 2))
    assert [one.state for one in up_to(whole(DAILY, NIGHT), contested=[half])] == [State.WELL]


def test_a_lottery_is_late_when_every_source_of_it_is_and_disputed_while_a_draw_is_held():
    late = [Standing(name, State.LATE, NIGHT, "x not told yet.", "xx_game") for name in ("xx_one", "xx_two")]
    sources = [SOURCE, OTHER]
    assert list(of_lotteries([DAILY], sources, late[:1], [])) == []
    (one,) = of_lotteries([DAILY], sources, late, [])
    assert (one.source, one.state, one.lottery) == ("", State.LATE, "xx_game")
    (one,) = of_lotteries([DAILY], [SOURCE, replace(OTHER, resting="So.")], late[:1], [])
    assert one.state is State.LATE
    (one,) = of_lotteries([DAILY], sources, [], [held(says("xx_one", 1, 2))])
    assert (one.state, one.why) == (State.DISAGREEING, "xx_game/2025-11-02: Sources disagree.")


def test_the_worst_state_stands_first_and_the_whole_source_before_one_lottery():
    found = [Standing("a", state, None, "", "x") for state in reversed(ORDER)] + [Standing("a", ORDER[0], None, "")]
    assert worst(found) == found[-1]


def test_the_ledger_counts_how_long_asks_go_so(open_ledger):
    """Over another kind of failure, to a page, from one good outcome to another, and over trouble of our own."""

    async def story():
        found = []
        async with open_ledger() as ledger, ledger.reading() as conn:
            for minute, outcome in enumerate(("failed", "failed", "blocked", "read", "unchanged", None, "failed")):
                at = NIGHT + timedelta(minutes=minute)
                await fetches.ask(conn, "xx_one", {"game": Asked(at, outcome, note="N\0ote.")})
                one = (await fetches.asked(conn, "xx_one", at))["game"]
                found.append((one.outcome, one.failures, (one.since - NIGHT) // timedelta(minutes=1), one.note))
        assert [one[:3] for one in found] == [
            ("failed", 1, 0),
            ("failed", 2, 0),
            ("blocked", 3, 2),
            ("read", 0, 3),
            ("unchanged", 0, 3),
            ("unchanged", 0, 3),
            ("failed", 1, 6),
        ]
        assert "\0" not in found[0][3]

    run(story())


def test_an_empty_ledger_has_a_standing_for_every_source_and_when_each_is_asked(open_ledger, known):
    async def story():
        sources = [Watched("us_texas", PACE), Watched("us_ny_data", PACE, "So.")]
        async with open_ledger() as ledger, ledger.reading() as conn:
            found = await look.look(conn, sources, known.lotteries.values(), NIGHT)
            assert await look.standings(conn, sources, known.lotteries.values(), NIGHT) == [
                one for outlook in found.sources for one in outlook.standings
            ]
        texas, new_york = found.sources
        assert (texas.worst.state, new_york.worst.state) == (State.WELL, State.RESTING)
        assert texas.next_at is not None
        assert new_york.next_at is None

    run(story())
