"""Routing: which draws an account tells, in which words, and when; and that nothing goes out while publishing stops."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Clock, run
from lotto import wire
from lotto.catalogue import BadFile
from lotto.draws.draw import Draw, DrawKey, Money, Numbers, Observation, Prize, Status
from lotto.events import Card, Event, Type
from lotto.imaker.renderer import FORMATS
from lotto.ledger import outbox, posts, switch
from lotto.ledger.posts import Post
from lotto.ledger.record import record
from lotto.publisher import accounts_file, service, timing
from lotto.publisher.accounts import Account
from lotto.publisher.networks.network import Guard
from lotto.publisher.planner import card_of
from lotto.publisher.service import Publisher
from lotto.publisher.template import BadTemplate, Templates
from lotto.publisher.timing import Complete, Daily, Moment, Quiet, Rate
from lotto.store import Store
from test_publisher import AT, KEY, NUMBERS, Journal, event

NEW_YORK = ZoneInfo("America/New_York")
DAY_ONE, DAY_LAST = (datetime(year, 1, 1) for year in (2024, 2027))  # noqa: DTZ001 - as hypothesis wants them
ZONES = st.sampled_from(["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]).map(ZoneInfo)
INSTANTS = st.datetimes(DAY_ONE, DAY_LAST, timezones=st.just(UTC))
CLOCKS = st.times().map(lambda one: time(one.hour, one.minute))


# When, as rules


@given(CLOCKS, ZONES, INSTANTS)
def test_the_next_moment_is_the_first_after_and_never_more_than_a_day_and_a_change_of_clocks_away(
    at, zone, now
) -> None:
    found = Moment(at, zone).after(now)
    assert now < found <= now + timedelta(hours=25)
    shown = found.astimezone(zone).time().replace(tzinfo=None)
    assert (
        shown == at or found.astimezone(zone).utcoffset() != (found - timedelta(hours=2)).astimezone(zone).utcoffset()
    )


@given(CLOCKS, CLOCKS, ZONES, INSTANTS)
def test_quiet_hours_end_when_they_say_and_hold_until_then(since, until, zone, now) -> None:
    if since == until:
        return
    quiet = Quiet(since, until, zone)
    ends = quiet.ends(now)
    clock = now.astimezone(zone).time()
    inside = since <= clock < until if since < until else not until <= clock < since
    assert (ends is not None) == inside
    if ends is not None:
        assert now < ends <= now + timedelta(hours=25)


@given(
    st.lists(st.builds(Rate, st.integers(1, 9), st.integers(1, 300).map(lambda n: timedelta(seconds=n))), max_size=3),
    st.lists(st.integers(0, 40), min_size=1, max_size=120),
)
def test_whatever_comes_in_whatever_bursts_no_span_ever_holds_more_than_its_rate(rates, gaps) -> None:
    told: list[datetime] = []
    now = AT
    for gap in gaps:
        now = max(now, timing.free_at(rates, told, now)) + timedelta(0)
        told.append(now)
        now += timedelta(seconds=gap if gap > 30 else 0)
    for one in rates:
        for first in told:
            assert sum(first <= at < first + one.span for at in told) <= one.most


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("20/h", Rate(20, timedelta(hours=1))),
        ("300/5m", Rate(300, timedelta(minutes=5))),
        ("1/s", Rate(1, timedelta(seconds=1))),
    ],
)
def test_a_rate_is_read_as_it_is_written(said, read) -> None:
    assert timing.rate(said) == read


# The accounts file

WALL = '[accounts.wall]\nnetwork = "paper"\n'


@pytest.fixture
def read(tmp_path: Path, known) -> Callable[[str], accounts_file.Entry]:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "short.txt").write_text("{{ name }}: {{ numbers }}")
    (tmp_path / "templates" / "blind.txt").write_text("{{ name }} is drawn.")
    (tmp_path / "templates" / "odd.txt").write_text("{{ numbers }} {{ colour }}")

    def done(text: str) -> accounts_file.Entry:
        (tmp_path / "accounts.toml").write_text(WALL + text, encoding="utf-8")
        may = accounts_file.Known(FORMATS, ("gradient", "night"), Templates(tmp_path / "templates"))
        (one,) = accounts_file.read(tmp_path / "accounts.toml", known, may)
        return one

    return done


def test_an_account_says_what_it_tells_in_which_words_and_when(read) -> None:
    one = read(
        'countries = ["DO"]\nminimum_jackpot = { USD = 100_000_000 }\nlook = "night"\ntemplate = "short"\n'
        'when = "daily"\nat = "20:30"\nzone = "America/New_York"\nquiet = "22:00-07:00"\nrate = "20/h"\n'
    )
    assert one.lotteries
    assert all(name.startswith("do_") for name in one.lotteries)
    assert one.facts.minimum_jackpot == {"USD": Decimal(100_000_000)}
    assert one.schedule.when == Daily(Moment(time(20, 30), NEW_YORK))
    assert one.schedule.quiet == Quiet(time(22), time(7), NEW_YORK)
    assert one.schedule.rate == Rate(20, timedelta(hours=1))
    assert (one.facts.look, one.template.name if one.template else "") == ("night", "short")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("countries = ['XX']\n", 3, "`countries` cannot be “XX”; there are"),
        ("minimum_jackpot = { usd = 5 }\n", 3, "“usd” is no currency"),
        ("minimum_jackpot = { USD = 0 }\n", 3, "A jackpot of 0 USD is none"),
        ("look = 'pink'\n", 3, "`look` cannot be “pink”; there are gradient, night."),
        ("template = 'long'\n", 3, "There is no template “long” in"),
        ("template = 'blind'\n", 3, "The template blind does not show the numbers"),
        ("template = 'odd'\n", 3, "The template odd fails: 'colour' is undefined"),
        ("when = 'sometimes'\n", 3, "`when` cannot be “sometimes”; there are at_once, daily, complete."),
        ("when = 'daily'\n", 3, "`at` is missing here: it is the time of the digest"),
        ("when = 'daily'\nat = '25:00'\n", 4, "`at` cannot be “25:00”; write it like 20:30."),
        ("at = '20:30'\n", 3, "`at` goes with"),
        ("when = 'complete'\nat = '20:30'\n", 3, "What is complete must be named"),
        (
            "when = 'complete'\nat = '20:30'\nlotteries = ['us_powerball']\nminimum_jackpot = { USD = 5 }\n",
            6,
            'goes with no `when = "complete"`',
        ),
        ("zone = 'Mars/Crater'\n", 3, "“Mars/Crater” is no time zone"),
        ("quiet = '22:00'\n", 3, "`quiet` cannot be “22:00”; write it like 22:00-07:00."),
        ("quiet = '07:00-07:00'\n", 3, "from one time to another"),
        ("rate = 'often'\n", 3, "`rate` cannot be “often”; write it like 20/h"),
    ],
)
def test_bad_routing_is_refused_with_its_line(read, text, line, says) -> None:
    with pytest.raises(BadFile) as told:
        read(text)
    assert says in str(told.value)
    assert told.value.line == line


def test_who_takes_no_post_without_a_picture_makes_no_digests(tmp_path, known) -> None:
    text = '[accounts.a]\nnetwork = "instagram"\nuser = "17841400000000001"\nage_limit = "6h"\n'
    (tmp_path / "accounts.toml").write_text(text)
    with pytest.raises(BadFile, match="may go without a picture, and instagram takes no post without one"):
        accounts_file.read(tmp_path / "accounts.toml", known, accounts_file.Known(FORMATS))


# Which draws

BIG, SMALL, EUROS = (Money(Decimal(amount), currency) for amount, currency in ((300, "USD"), (20, "USD"), (300, "EUR")))


@pytest.mark.parametrize(
    ("routing", "draw", "wanted"),
    [
        ({}, {}, True),
        ({"lotteries": ["us_powerball"]}, {}, True),
        ({"lotteries": ["us_tx_lotto"]}, {}, False),
        ({}, {"status": Status.PARTIAL}, False),
        ({"statuses": [Status.PARTIAL]}, {"status": Status.PARTIAL}, True),
        ({"minimum_jackpot": {"USD": Decimal(100)}}, {"jackpot": BIG}, True),
        ({"minimum_jackpot": {"USD": Decimal(300)}}, {"jackpot": BIG}, True),
        ({"minimum_jackpot": {"USD": Decimal(100)}}, {"jackpot": SMALL}, False),
        ({"minimum_jackpot": {"USD": Decimal(100)}}, {"jackpot": EUROS}, False),
        ({"minimum_jackpot": {"USD": Decimal(100)}}, {}, False),
    ],
)
def test_an_account_tells_what_its_routing_says(routing, draw, wanted) -> None:
    account = Account("ours", Journal(Guard.NONE), **routing)
    assert account.wants(replace(event().draw, **draw)) == wanted


@pytest.mark.parametrize(
    ("look", "lang", "found"),
    [("", "en", "gradient en"), ("night", "en", "night en"), ("paper", "es", "gradient es"), ("", "fr", "gradient en")],
)
def test_the_card_is_that_of_its_look_and_language_as_far_as_they_were_drawn(look, lang, found) -> None:
    def card(look: str, lang: str) -> Card:
        return Card("og", lang, look, "k", "ab", "image/png", 1200, 630, 9, "alt")

    drawn = (card("gradient", "en"), card("gradient", "es"), card("night", "en"))
    told = Event(Type.IMAGE_READY, event().draw, AT, drawn)
    one = card_of(Account("ours", Journal(Guard.NONE), lang=lang, look=look), told)
    assert one is not None
    assert f"{one.look} {one.lang}" == found


# In which words

LONG = (
    "{{ name }} {{ date }}\n{{ numbers }}\n{% if jackpot %}\nJackpot {{ jackpot }}\n{% endif %}\n{{ prizes }}\n\n"
    "{{ hashtags }}\n{{ link }}"
)


def rich(**more) -> Draw:
    prizes = tuple(Prize(f"{n} of 5", 3 * n, Money(Decimal(1000 * n), "USD")) for n in range(1, 6))
    return replace(event().draw, jackpot=Money(Decimal(95_000_000), "USD"), prizes=prizes, **more)


@pytest.fixture(scope="module")
def templates(tmp_path_factory) -> Templates:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "long.txt").write_text(LONG)
    (folder / "short.txt").write_text("{{ numbers }}")
    return Templates(folder)


@settings(deadline=None)
@given(st.integers(40, 500))
def test_a_template_fits_by_leaving_out_in_its_order_and_never_cuts_a_number(known, templates, longest) -> None:
    lottery = known.lotteries["us_powerball"]
    try:
        said = templates.read("long").text(lottery, rich(), "en", "https://lotto.example/en/x", longest)
    except BadTemplate:
        assert longest < 85
        return
    assert len(said) <= longest
    assert "10, 45, 48, 58, 61, Powerball 2, Power Play ×3" in said
    shown = ["5 of 5" in said, "#Powerball" in said, "$95,000,000" in said, "https://" in said]
    assert shown == sorted(shown), "what stands is left out from the front of the order"
    assert "\n\n\n" not in said


def test_a_correction_says_so_whatever_the_template(known, templates) -> None:
    said = templates.read("short").text(
        known.lotteries["us_powerball"], rich(revision=2), "en", "", 300, opening="Corrected: "
    )
    assert said.startswith("Corrected: 10, 45")


# When, by the publisher


EVENING = datetime(2024, 11, 2, 22, tzinfo=UTC)
"""18:00 in New York, before all draws of these tests."""


class Desk:
    """One account, a ledger, and a clock that the story moves; draws come out when it says so."""

    def __init__(self, ledger, store, known, clock: Clock, **routing) -> None:
        self.ledger, self.known, self.clock = ledger, known, clock
        self.network = Journal(Guard.KEY)
        self.store = store
        account = Account("ours", self.network, **routing)
        self.publisher = Publisher(
            ledger,
            store,
            known.lotteries,
            [account],
            clock,
            worker="one",
            public_url="https://lotto.example",
            look="gradient",
        )

    async def comes_out(self, key: DrawKey, numbers: Numbers, at: datetime | None = None) -> Draw:
        """The sources tell that draw now, and its picture has failed."""
        self.clock.at = at or self.clock.at
        said = [Observation(key, one, one, True, numbers, self.clock(), "ab") for one in ("us_texas", "us_ny_data")]
        changes = (await record(self.ledger, self.known.lotteries[key.lottery], said, self.clock())).changes
        draw = changes[-1].draw
        await self.hears(Event(Type.IMAGE_FAILED, draw, self.clock(), reason="no picture"))
        return draw

    async def hears(self, told: Event) -> None:
        async with self.ledger.transaction() as conn:
            await outbox.say(conn, told)
        await self.publisher.handle(told)

    async def posts(self) -> list[Post]:
        async with self.ledger.reading() as conn:
            return await posts.listed(conn, 100)

    async def wished(self) -> list[Event]:
        """The boards that were asked for, oldest first."""
        async with self.ledger.reading() as conn:
            rows = await conn.execute(
                "SELECT envelope::text AS said FROM outbox WHERE type = 'card_wanted' ORDER BY created_at"
            )
            return [wire.decode(row["said"].encode()) async for row in rows]

    async def asks(self) -> Event:
        """Waits until the newest board was asked for."""
        async with asyncio.timeout(20):
            while not (said := await self.wished()):
                await asyncio.sleep(0.01)
        return said[-1]

    async def until(self, said: int) -> list[str]:
        """Waits until so many posts are visible; returns their texts."""
        async with asyncio.timeout(20):
            while len(self.network.visible) < said:
                await asyncio.sleep(0.01)
        await self.rests()
        assert len(self.network.visible) == said
        return [one.text for one in self.network.visible]

    async def rests(self) -> None:
        """The publisher looks twice more for something to do."""
        for _ in range(2):
            self.publisher._planned.set()
            while self.publisher._planned.is_set():
                await asyncio.sleep(0.01)


@pytest.fixture
def desk(open_ledger, known, tmp_path, monkeypatch) -> Callable:
    monkeypatch.setattr(service, "POLL", 0.02)

    @asynccontextmanager
    async def opened(**routing) -> AsyncIterator[Desk]:
        async with open_ledger() as ledger:
            store = Store.open(f"file://{tmp_path}/store")
            made = Desk(ledger, store, known, Clock(EVENING), **routing)
            working = asyncio.ensure_future(made.publisher.run())
            try:
                yield made
            finally:
                made.publisher.leave()
                async with asyncio.timeout(20):
                    await working

    return opened


POWERBALL = KEY
MIDDAY, NIGHT = (DrawKey("us_ny_numbers", date(2024, 11, 2), label) for label in ("midday", "evening"))
AFTER = datetime(2024, 11, 3, 3, 20, tzinfo=UTC)
"""23:20 in New York: everything of that day is drawn."""


def test_a_daily_account_tells_all_that_came_since_as_one_text_at_its_time(desk) -> None:
    async def story() -> None:
        async with desk(when=Daily(Moment(time(8), NEW_YORK))) as ours:
            await ours.comes_out(NIGHT, {"main": ("1", "2", "3")}, AFTER)
            await ours.comes_out(POWERBALL, NUMBERS)
            await ours.rests()
            assert not ours.network.visible, "it is not eight yet"
            ours.clock.at = datetime(2024, 11, 3, 13, 0, 1, tzinfo=UTC)
            (text,) = await ours.until(1)
            assert text.startswith("2 results since the last digest\n• Powerball, 2 Nov 2024: 10, 45")
            assert "• NY Numbers" in text
            assert {one.state for one in await ours.posts()} == {"sent", "folded"}

    run(story())


def test_a_whole_day_goes_out_as_soon_as_it_is_whole(desk) -> None:
    async def story() -> None:
        async with desk(when=Complete(Moment(time(1), NEW_YORK)), lotteries=["us_powerball", "us_ny_numbers"]) as ours:
            await ours.comes_out(MIDDAY, {"main": ("4", "5", "6")})
            await ours.comes_out(NIGHT, {"main": ("1", "2", "3")}, AFTER)
            await ours.rests()
            assert not ours.network.visible, "one is missing"
            await ours.comes_out(POWERBALL, NUMBERS)
            (text,) = await ours.until(1)
            assert text.startswith("Results of Saturday 2 November 2024\n")
            assert text.count("•") == 3
            assert "Not known yet" not in text

    run(story())


def test_at_the_deadline_a_day_goes_out_and_names_what_is_missing_which_then_goes_out_by_itself(desk) -> None:
    async def story() -> None:
        async with desk(when=Complete(Moment(time(1), NEW_YORK)), lotteries=["us_powerball", "us_ny_numbers"]) as ours:
            await ours.comes_out(MIDDAY, {"main": ("4", "5", "6")})
            ours.clock.at = datetime(2024, 11, 3, 5, 0, 1, tzinfo=UTC)
            (text,) = await ours.until(1)
            assert "• NY Numbers, 2 Nov 2024, Midday: 4 5 6" in text
            assert "Not known yet: NY Numbers (Evening), Powerball." in text
            await ours.comes_out(POWERBALL, NUMBERS)
            _, late = await ours.until(2)
            assert late.startswith("Powerball, Saturday 2 November 2024\n")

    run(story())


def test_in_quiet_hours_nothing_new_is_told_and_a_correction_is(desk) -> None:
    async def story() -> None:
        async with desk(quiet=Quiet(time(23), time(7), NEW_YORK)) as ours:
            earlier = replace(POWERBALL, date=date(2024, 10, 30))
            await ours.comes_out(earlier, NUMBERS)
            await ours.until(1)
            await ours.comes_out(NIGHT, {"main": ("1", "2", "3")}, AFTER)
            await ours.comes_out(earlier, {**NUMBERS, "bonus": (9,)})
            _, second = await ours.until(2)
            assert second.startswith("Corrected: Powerball, Wednesday 30 October 2024")
            ours.clock.at = datetime(2024, 11, 3, 12, 0, 1, tzinfo=UTC)
            *_, third = await ours.until(3)
            assert "1 2 3" in third

    run(story())


def test_a_burst_keeps_to_the_rate_of_the_account(desk) -> None:
    async def story() -> None:
        async with desk(rate=Rate(2, timedelta(hours=1))) as ours:
            for bonus, day in enumerate((30, 28, 26, 23), 1):
                key = DrawKey("us_powerball", date(2024, 10, day))
                await ours.comes_out(key, {**NUMBERS, "bonus": (bonus,)})
            await ours.until(2)
            ours.clock.go(minutes=61)
            await ours.until(4)

    run(story())


def test_while_publishing_is_stopped_everything_waits_and_then_goes_out_once(desk) -> None:
    async def story() -> None:
        async with desk() as ours:
            async with ours.ledger.transaction() as conn:
                await switch.throw(conn, on=False, by="Ana", reason="a wrong number", now=ours.clock())
            await ours.comes_out(NIGHT, {"main": ("1", "2", "3")}, AFTER)
            await ours.rests()
            assert not ours.network.visible
            assert [one.state for one in await ours.posts()] == ["planned"]
            async with ours.ledger.transaction() as conn:
                await switch.throw(conn, on=True, by="Ana", reason="it is right", now=ours.clock())
            await ours.until(1)

    run(story())
