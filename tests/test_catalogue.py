"""The catalogue: what a file may say, how a bad one is refused, and the rules proved on all recorded draws."""

import csv
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from conftest import RECORDINGS
from lotto.catalogue import BadFile, Catalogue, Collection, load
from lotto.catalogue.lines import Lines
from lotto.catalogue.load import OURS
from lotto.draws import odds
from lotto.draws.calendar import Slot
from lotto.draws.draw import DrawKey, Observation, Seen, Status
from lotto.draws.lottery import Era, Lottery, Policy
from lotto.draws.pool import Kind, Pool, Shape
from lotto.draws.verdict import weigh
from lotto.scraper.reading import sort
from lotto.scraper.shelf import shelf
from lotto.scraper.sources.source import Ask, Page, Reading, Source

ROOT = Path(__file__).parent.parent
LONG_AFTER = datetime(2026, 7, 1, tzinfo=UTC)


def on_recordings(test: Callable[[], None]) -> Callable[[], None] | None:
    """A test that is collected only where the recordings are."""
    return test if RECORDINGS.is_dir() else None


# --- what our sources make of the recordings ---

NEW_YORK = {
    "powerball.csv": "d6yy-54nr",
    "mega_millions.csv": "5xaw-6ayf",
    "ny_lotto.csv": "6nbc-h7bj",
    "cash4life.csv": "kwxv-fwze",
    "take5.csv": "dg63-4siq",
    "numbers_win4.csv": "hsys-3def/numbers",
}
TEXAS = ("Powerball", "Mega Millions", "Lotto Texas", "Texas Two Step")
BOARDS = {"do_loteriasdominicanas": "loteriasdominicanas.com", "do_tusnumerosrd": "www.tusnumerosrd.com"}


@cache
def catalogue() -> Catalogue:
    return load()


def pages(source: Source) -> Iterator[Page]:
    """Every recorded page of that source that shows draws."""
    if source.name == "us_ny_data":
        for file, name in NEW_YORK.items():
            [request] = source.pages(Ask(name, date(2020, 1, 1)))
            yield Page(request.url, (RECORDINGS / "data.ny.gov" / file).read_bytes(), LONG_AFTER)
    elif source.name == "us_texas":
        for name in TEXAS:
            [request] = source.pages(Ask(name, date(2020, 1, 1)))
            file = RECORDINGS / "texaslottery.com" / request.url.rpartition("/")[2]
            yield Page(request.url, file.read_bytes(), LONG_AFTER)
    else:
        folder = RECORDINGS / BOARDS[source.name]
        for one in notes(source.name):
            yield Page(one["url"], (folder / one["name"]).read_bytes(), datetime.fromisoformat(one["captured"]))


def notes(board: str) -> list[dict[str, str]]:
    """What is written beside the recorded pages of a board, those left out that are not the board."""
    files = tomllib.loads((RECORDINGS / BOARDS[board] / "recording.toml").read_text())["files"]
    return [one for one in files if "esultados-" in one["name"]]


@cache
def observed(source: str) -> list[Observation]:
    """What our source makes of all its recorded pages, objections included, in the order of the draws."""
    found = []
    for page in pages(shelf()[source]):
        readings = (one for one in shelf()[source].read(page) if isinstance(one, Reading))
        for of_lottery in sort(catalogue(), shelf()[source], readings, "", page.at).ours.values():
            game = catalogue().lotteries[of_lottery[0].key.lottery]
            before: Seen | None = None
            for one in sorted(of_lottery, key=lambda one: (one.key.date, one.key.label == "evening")):
                objections = game.objections(one.key, one.numbers, one.observed_at, before)
                found.append(replace(one, objections=objections))
                before = one.numbers
    return found


def by_draw(source: str, lottery: str) -> dict[DrawKey, Observation]:
    return {one.key: one for one in observed(source) if one.key.lottery == lottery}


def spell(seen: Seen) -> str:
    """As the table of known source errors writes values; multipliers are left out."""
    return " + ".join(" ".join(map(str, seen[pool])) for pool in ("main", "bonus") if pool in seen)


@dataclass(frozen=True)
class Error:
    """A line of the table of known source errors."""

    draw: str
    source: str
    what: str
    shows: str
    drawn: str


PORTALS = ("us_ny_data", "us_texas")


def known_errors(what: str, lottery: str = "") -> set[Error]:
    """Those of the two American portals, which are compared here."""
    text = (ROOT / "docs" / "known-source-errors.md").read_text()
    errors = [Error(*line.split(" | ")[:5]) for line in re.findall(r"^\| (\w+/.*) \|$", text, re.MULTILINE)]
    assert {error.what for error in errors} <= {"wrong", "missing", "twice", "cut", "open", "impossible", "unlikely"}
    ours = [error for error in errors if error.what == what and error.source in PORTALS]
    return {error for error in ours if error.draw.startswith(f"{lottery}/" if lottery else "")}


# --- the rules, on every recorded draw ---


@on_recordings
def test_our_rules_hold_for_every_recorded_draw() -> None:
    """Every row of every file in the order of the draws, so that the same again would be seen as stale, too."""
    portals = [one for portal in PORTALS for one in observed(portal)]
    assert Counter(one.key.lottery for one in portals) == {
        "us_powerball": 1757 + 1732,
        "us_mega_millions": 2216 + 2201,
        "us_ny_take5": 11506,
        "us_ny_numbers": 25027 - 2,  # two draws stand there twice
        "us_ny_win4": 24202,
        "us_ny_lotto": 2513,
        "us_cash4life": 2604,
        "us_tx_lotto": 3531,
        "us_tx_two_step": 2467,
    }
    objected = {
        Error(str(one.key), one.source, "unlikely", spell(one.numbers), spell(one.numbers))
        for one in portals
        if one.objections
    }
    assert objected == known_errors("unlikely")
    unknown = {
        str(one.key) for one in portals if not catalogue().lotteries[one.key.lottery].is_whole(one.key, one.numbers)
    }
    assert unknown == {error.draw for error in known_errors("twice") | known_errors("cut")}


@on_recordings
@pytest.mark.parametrize(("lottery", "common"), [("us_powerball", 1726), ("us_mega_millions", 2054)])
def test_two_portals_confirm_every_common_draw_but_those_known_to_differ(lottery: str, common: int) -> None:
    north, south = by_draw("us_ny_data", lottery), by_draw("us_texas", lottery)
    held, confirmed = set(), 0
    for key in north.keys() & south.keys():
        verdict = weigh(catalogue().lotteries[lottery], key, [north[key], south[key]])
        if verdict.status is Status.CONFIRMED:
            # Of the multiplier one portal knows longer than the other: alone it confirms nothing.
            assert verdict.numbers == {
                pool: values for pool, values in south[key].numbers.items() if pool in north[key].numbers
            }
            assert verdict.drawn == south[key].drawn
            confirmed += 1
        else:
            assert (verdict.status, verdict.numbers) == (Status.HELD, {})
            held.add(Error(str(key), "us_ny_data", "wrong", spell(north[key].numbers), spell(south[key].numbers)))
    assert held == known_errors("wrong", lottery)
    assert confirmed == common - len(held)


@on_recordings
@pytest.mark.parametrize("lottery", ["us_powerball", "us_mega_millions"])
def test_a_portal_lacks_no_draw_of_the_other_but_those_known(lottery: str) -> None:
    north, south = by_draw("us_ny_data", lottery), by_draw("us_texas", lottery)
    lacking = {
        Error(str(key), "us_ny_data", "missing", "-", spell(south[key].numbers))
        for key in south.keys() - north.keys()
        if min(north) < key < max(north)
    }
    assert lacking == known_errors("missing", lottery)
    assert not {key for key in north.keys() - south.keys() if min(south) < key < max(south)}


@on_recordings
def test_multipliers_never_differ_between_the_portals() -> None:
    """New York shows none for the first 741 common draws of Mega Millions; Powerball had none for 210 draws."""
    both = 0
    for lottery in ("us_powerball", "us_mega_millions"):
        north, south = by_draw("us_ny_data", lottery), by_draw("us_texas", lottery)
        for key in north.keys() & south.keys():
            if {"multiplier"} <= north[key].numbers.keys() & south[key].numbers.keys():
                assert north[key].numbers["multiplier"] == south[key].numbers["multiplier"]
                both += 1
    assert both == 1726 - 210 + 2054 - 741


@on_recordings
def test_powerball_had_our_rules_since_1997_by_its_own_file() -> None:
    """The game's own file, withdrawn in 2018: no source of ours, but it goes back further than the portals."""
    game = catalogue().lotteries["us_powerball"]
    portals = by_draw("us_ny_data", game.id) | by_draw("us_texas", game.id)
    lines = (RECORDINGS / "powerball.com" / "winnums-text_2017-12.txt").read_text().splitlines()[1:]
    common = 0
    for line in lines:
        day, *balls = line.split()
        month, of_month, year = map(int, day.split("/"))
        key = DrawKey(game.id, date(year, month, of_month))
        numbers = {"main": tuple(sorted(map(int, balls[:5]))), "bonus": (int(balls[5]),)}
        if balls[6:]:
            numbers["multiplier"] = (int(balls[6]),)
        assert game.is_whole(key, numbers)
        assert game.objections(key, numbers, LONG_AFTER) == (), key
        if key in portals:
            assert portals[key].numbers == numbers
            common += 1
    assert (len(lines), common) == (2101, 822)


@on_recordings
def test_rows_that_contradict_themselves_are_those_known() -> None:
    """Two rows for one draw, or digits whose sum is not the sum beside them; read here without our source."""
    rows: dict[str, list[str]] = defaultdict(list)
    cut = set()
    with (RECORDINGS / "data.ny.gov" / "numbers_win4.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            day = datetime.strptime(row["Draw Date"], "%m/%d/%Y").replace(tzinfo=UTC).date()
            for label in ("Midday", "Evening"):
                for lottery, game in (("us_ny_numbers", "Daily"), ("us_ny_win4", "Win 4")):
                    key, digits, total = (
                        f"{lottery}/{day}/{label.lower()}",
                        row[f"{label} {game} #"],
                        row[f"{label} {game} Sum"],
                    )
                    rows[key] += [digits] if digits else []
                    if total and sum(map(int, digits)) != int(total):
                        cut.add(Error(key, "us_ny_data", "cut", f"{digits}, sum {total}", "-"))
    twice = {Error(key, "us_ny_data", "twice", ", ".join(both), "-") for key, both in rows.items() if len(both) > 1}
    assert cut == known_errors("cut")
    assert twice == known_errors("twice")


@on_recordings
def test_every_dominican_draw_passes_and_all_that_stand_whole_on_both_boards_are_confirmed() -> None:
    draws: dict[DrawKey, dict[str, Observation]] = defaultdict(dict)
    for board in BOARDS:
        for one in observed(board):
            assert one.objections == (), one
            assert draws[one.key].setdefault(board, one).numbers == one.numbers
    status = {key: weigh(catalogue().lotteries[key.lottery], key, said.values()).status for key, said in draws.items()}
    lotteries = catalogue().lotteries
    whole = {
        key: [one for one in said.values() if lotteries[key.lottery].is_whole(key, one.numbers)]
        for key, said in draws.items()
    }
    common = {key for key, said in whole.items() if len(said) == 2}
    assert {status[key] for key in common} == {Status.CONFIRMED}
    assert {status[key] for key in draws.keys() - common} == {Status.SCHEDULED, Status.PARTIAL}
    assert len(common) > 30


@on_recordings
def test_every_name_our_dominican_lotteries_know_stands_on_its_recorded_board() -> None:
    for board in BOARDS:
        shown = {one.name for page in pages(shelf()[board]) for one in shelf()[board].read(page)}  # type: ignore[union-attr]
        names = {name for lottery in catalogue().lotteries.values() for name in lottery.sources.get(board, ())}
        assert names
        assert names <= shown
        assert len(names) > 15


def publications() -> Iterator[tuple[str, date, datetime]]:
    """When do_loteriasdominicanas showed a draw: its own pages, and exports of August 2025 and June 2026."""
    for page in notes("do_loteriasdominicanas"):
        for name, day, at in re.findall(r"^(.+ / .+), (\S+) (\d\d:\d\d): ", page["results"], re.MULTILINE):
            shown_at = datetime.strptime(f"{day} {at} -0400", "%d-%m-%Y %H:%M %z")
            yield name, shown_at.date(), shown_at
    for file in sorted((RECORDINGS / "jansel-resultados-loteria").glob("*.json")):
        for one in json.loads(file.read_text()):
            if one["fuente"] == "loteriasdominicanas.com":
                shown_at = datetime.strptime(f"{one['fecha_original']} -0400", "%d-%m-%Y %H:%M %z")
                yield one["loteria"], date.fromisoformat(one["fecha"]), shown_at
    export = json.loads((RECORDINGS / "api.loteriasdominicanas.com" / "sites-env-limit3-2026-06-16.json").read_text())
    for company in export["siteCompanies"]:
        for game in company["siteGames"]:
            for one in game["game"]["sessions"]:
                midnight, shown_at = datetime.fromisoformat(one["date"]), datetime.fromisoformat(one["createdAt"])
                yield f"{company['title']} / {game['title']}", (midnight - timedelta(hours=4)).date(), shown_at


@on_recordings
def test_nothing_was_ever_published_before_it_is_believable() -> None:
    """Also where a board is early: Anguila at 9:58 for ten o'clock, Nacional at 20:57 for nine."""
    names = {
        name.partition(" / ")[2]: name
        for lottery in catalogue().lotteries.values()
        for name in lottery.sources.get("do_loteriasdominicanas", ())
    }
    checked = 0
    for name, day, shown_at in set(publications()):
        for lottery, label in catalogue().named("do_loteriasdominicanas", names.get(name, name)):
            drawn_at = lottery.drawn_at(DrawKey(lottery.id, day, label))
            assert drawn_at is not None, (name, day)
            assert timedelta(0) <= shown_at - drawn_at - lottery.not_before <= timedelta(minutes=25), (name, shown_at)
            checked += 1
    assert checked > 180


@on_recordings
def test_the_times_a_board_gives_are_ours_within_ten_minutes() -> None:
    """It gives the closing of sales rather than the draw."""
    for page in notes("do_tusnumerosrd"):
        for name, day, told in re.findall(r"^(.+), (\d\d) agosto (\S+): ", page["results"], re.MULTILINE):
            for lottery, label in catalogue().named("do_tusnumerosrd", name):
                at = lottery.drawn_at(DrawKey(lottery.id, date(2025, 8, int(day)), label))
                closing = datetime.strptime(f"2025-08-{day} {told} -0400", "%Y-%m-%d %I:%M%p %z")
                assert at is not None
                assert abs(at - closing) <= timedelta(minutes=10), (name, day)


# --- the guide ---


@on_recordings
def test_the_lottery_that_the_guide_adds_is_in_order(tmp_path: Path) -> None:
    """Also the draw whose third number one board leaves empty for ever."""
    text, *_ = re.findall(r"```toml\n(.+?)```", (ROOT / "docs" / "add-a-lottery.md").read_text(), re.DOTALL)
    florida = lottery_of(tmp_path, text, "us_fl_quiniela")
    draws: dict[DrawKey, dict[str, Observation]] = defaultdict(dict)
    for name in BOARDS:
        for page in pages(source := shelf()[name]):
            readings = (one for one in source.read(page) if isinstance(one, Reading))
            for one in sort(load(tmp_path), source, readings, "", page.at).ours.get(florida.id, []):
                assert florida.objections(one.key, one.numbers, one.observed_at) == ()
                draws[one.key][name] = one
    status = {str(key): weigh(florida, key, said.values()).status for key, said in draws.items() if len(said) == 2}
    assert status.pop("us_fl_quiniela/2025-08-07/midday") is Status.SCHEDULED
    assert set(status.values()) == {Status.CONFIRMED}
    assert len(status) == 3


def test_the_further_examples_of_the_guide_are_in_order(tmp_path: Path) -> None:
    _, *texts = re.findall(r"```toml\n(.+?)```", (ROOT / "docs" / "add-a-lottery.md").read_text(), re.DOTALL)
    thai, animals, keno = (
        lottery_of(tmp_path, text, name) for text, name in zip(texts, ("th_gov", "ve_activo", "xx_keno"), strict=True)
    )
    month = thai.draws(datetime(2024, 4, 30, tzinfo=UTC), datetime(2024, 5, 31, tzinfo=UTC))
    assert [str(key) for _, key in month] == ["th_gov/2024-05-02", "th_gov/2024-05-16"]
    [hour] = animals.eras[0].pools
    assert (hour.kind, hour.shape, hour.value("ballena")) == (Kind.WORD, Shape.ANIMAL, "00")
    assert len(animals.slots(date(2022, 3, 10))) == 11
    [main, king] = keno.eras[0].pools
    assert (king.lowest, king.highest, king.among) == (main.lowest, main.highest, "main")
    assert round(odds.one_in(odds.chance(keno.eras[0], keno.eras[0].tiers[0]))) == 2_147_181


# --- the files ---

GOOD = """\
name = "Evening Five"
country = "XX"
region = "Nowhere"
operator = "The Operator"
zone = "Europe/Paris"
currency = "EUR"
language = "fr"
not_before_minutes = 2
colour = { hue = 120, chroma = 0.1 }
moved = [{ from = 2021-12-25, to = 2021-12-24 }]

[policy]
agree = 3
provisional = true

[sources]
xx_first = "five"
xx_second = { "Early" = "early", "Late" = "late" }

[[eras]]
from = 2020-01-01
calendar = [
    { days = "Mon Sat", at = 13:00:00, label = "early" },
    { days = "Sat", at = 21:30:00, label = "late" },
]
pools.main = { take = 5, of = [1, 50] }
pools.star = { take = 2, of = [0, 99], kind = "digit", shape = "star", title = "Stars", ordered = true, repeats = true }

[[eras]]
from = 2021-01-01
pools.main.of = [1, 60]
pools.extra = { take = 1, of = [1, 5], optional = true }

[[eras]]
from = 2022-01-01
calendar = [{ at = 21:30:00, label = "late" }]
without = ["star", "extra"]
"""


def lottery_of(directory: Path, text: str, name: str = "xx_five") -> Lottery:
    write(directory / "lotteries" / f"{name}.toml", text)
    return load(directory).lotteries[name]


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_a_file_becomes_the_lottery_it_describes(tmp_path: Path) -> None:
    main = Pool("main", 5, 1, 50)
    wide = Pool("main", 5, 1, 60)
    star = Pool("star", 2, 0, 99, Kind.DIGIT, Shape.STAR, "Stars", ordered=True, repeats=True)
    extra = Pool("extra", 1, 1, 5, optional=True)
    early = Slot(time(13), frozenset({0, 5}), "early")
    late = Slot(time(21, 30), frozenset({5}), "late")
    assert lottery_of(tmp_path, GOOD) == Lottery(
        id="xx_five",
        name="Evening Five",
        country="XX",
        operator="The Operator",
        zone=ZoneInfo("Europe/Paris"),
        currency="EUR",
        eras=(
            Era(date(2020, 1, 1), (main, star), (early, late)),
            Era(date(2021, 1, 1), (wide, star, extra), (early, late)),
            Era(date(2022, 1, 1), (wide,), (Slot(time(21, 30), frozenset(range(7)), "late"),)),
        ),
        sources={"xx_first": {"five": ""}, "xx_second": {"Early": "early", "Late": "late"}},
        policy=Policy(agree=3, provisional=True),
        not_before=timedelta(minutes=2),
        special_days={date(2021, 12, 24): (early, late), date(2021, 12, 25): ()},
        language="fr",
        region="Nowhere",
        hue=120,
        chroma=0.1,
    )


def test_the_sources_stand_in_the_order_of_trust(tmp_path: Path) -> None:
    turned = GOOD.replace('xx_first = "five"\n', "").replace("\n\n[[eras]]", '\nxx_first = "five"\n\n[[eras]]', 1)
    assert list(lottery_of(tmp_path, GOOD).sources) == ["xx_first", "xx_second"]
    assert list(lottery_of(tmp_path, turned).sources) == ["xx_second", "xx_first"]


@pytest.mark.parametrize(
    ("was", "held", "days"),
    [
        ("2021-12-25", "2021-12-24", ["2021-12-20", "2021-12-24", "2021-12-24", "2021-12-27"]),
        ("2021-12-25", "2021-12-26", ["2021-12-20", "2021-12-26", "2021-12-26", "2021-12-27"]),
        ("2021-12-20", "2021-12-22", ["2021-12-22", "2021-12-25", "2021-12-25", "2021-12-27"]),
        ("2021-12-27", "2021-12-31", ["2021-12-20", "2021-12-25", "2021-12-25", "2021-12-31"]),  # the era's last day
        ("2021-12-20", "2021-12-26", ["2021-12-25", "2021-12-25", "2021-12-26", "2021-12-27"]),  # by most of a week
        ("2021-12-25", "2021-12-19", ["2021-12-19", "2021-12-19", "2021-12-20", "2021-12-27"]),
    ],
)
def test_a_moved_draw_is_held_once_and_on_the_other_day(tmp_path: Path, was: str, held: str, days: list[str]) -> None:
    five = lottery_of(tmp_path, GOOD.replace("2021-12-25, to = 2021-12-24", f"{was}, to = {held}"))
    draws = five.draws(datetime(2021, 12, 19, 11, tzinfo=UTC), datetime(2021, 12, 31, 22, tzinfo=UTC))
    assert [str(key.date) for _, key in draws] == days


def test_a_move_leaves_the_other_draws_of_those_days_alone(tmp_path: Path) -> None:
    text = GOOD.replace('days = "Sat", at = 21:30:00', 'days = "Tue", at = 21:30:00')
    five = lottery_of(tmp_path, text.replace("2021-12-25, to = 2021-12-24", "2021-12-20, to = 2021-12-21"))
    assert [slot.label for slot in five.slots(date(2021, 12, 20))] == []
    assert [slot.label for slot in five.slots(date(2021, 12, 21))] == ["early", "late"]
    sooner = lottery_of(tmp_path, text.replace("2021-12-25, to = 2021-12-24", "2021-12-25, to = 2021-12-24"))
    assert [slot.label for slot in sooner.slots(date(2021, 12, 24))] == ["early"]
    assert [slot.label for slot in sooner.slots(date(2021, 12, 28))] == ["late"]


def test_a_draw_may_be_held_at_another_time_and_one_of_a_day_be_moved_alone(tmp_path: Path) -> None:
    moves = (
        '{ from = 2021-12-25, to = 2021-12-24, at = 15:00:00, label = "late" }, { from = 2021-12-27, at = 12:00:00 }'
    )
    five = lottery_of(tmp_path, GOOD.replace("{ from = 2021-12-25, to = 2021-12-24 }", moves))
    draws = five.draws(datetime(2021, 12, 23, tzinfo=UTC), datetime(2021, 12, 28, tzinfo=UTC))
    assert [f"{at:%d %H:%M} {key.label}" for at, key in draws] == ["24 15:00 late", "25 13:00 early", "27 12:00 early"]


@pytest.mark.parametrize(
    ("move", "sentence"),
    [
        ("{ from = 2021-12-25 }", "A moved draw has another day (`to`) or another time (`at`)."),
        ("{ from = 2021-12-25, at = 15:00:00 }", "There are several draws on 2021-12-25; say by its label which"),
        ('{ from = 2021-12-25, to = 2021-12-24, label = "noon" }', "The calendar has no draw “noon” on 2021-12-25"),
    ],
)
def test_a_move_that_tells_nothing_or_too_little_is_refused(tmp_path: Path, move: str, sentence: str) -> None:
    with pytest.raises(BadFile, match=re.escape(sentence)):
        lottery_of(tmp_path, GOOD.replace("{ from = 2021-12-25, to = 2021-12-24 }", move))


def test_a_pool_may_be_as_small_as_what_is_taken_and_smaller_with_repeats(tmp_path: Path) -> None:
    small = GOOD.replace("take = 5, of = [1, 50]", "take = 5, of = [1, 5]").replace(
        "take = 1, of = [1, 5]", "take = 1, of = [3, 3]"
    )
    small = small.replace("take = 2, of = [0, 99]", "take = 3, of = [0, 1]")
    assert [(pool.take, pool.outcomes) for pool in lottery_of(tmp_path, small).eras[0].pools] == [(5, 1), (3, 8)]


def test_a_draw_can_be_moved_to_the_first_day_of_an_era_and_several_be_moved(tmp_path: Path) -> None:
    moves = "{ from = 2021-01-04, to = 2021-01-01 }, { from = 2021-12-25, to = 2021-12-24 }"
    five = lottery_of(tmp_path, GOOD.replace("{ from = 2021-12-25, to = 2021-12-24 }", moves))
    assert sorted(map(str, five.special_days)) == ["2021-01-01", "2021-01-04", "2021-12-24", "2021-12-25"]
    assert [
        str(key) for _, key in five.draws(datetime(2020, 12, 31, tzinfo=UTC), datetime(2021, 1, 5, tzinfo=UTC))
    ] == [
        "xx_five/2021-01-01/early",
        "xx_five/2021-01-02/early",
        "xx_five/2021-01-02/late",
    ]


def test_what_a_file_leaves_out_has_a_modest_value(tmp_path: Path) -> None:
    text = """\
name = "Plain"
country = "XX"
operator = "The Operator"
zone = "UTC"
currency = "EUR"
sources.xx_first = "plain"

[[eras]]
from = 2020-01-01
calendar = [{ at = 20:00:00 }]
pools.main = { take = 1, of = [1, 2] }
"""
    plain = lottery_of(tmp_path, text, "xx_plain")
    assert (plain.policy, plain.not_before, plain.language, plain.region) == (Policy(), timedelta(0), "en", "")
    assert plain.eras[0].calendar == (Slot(time(20)),)
    assert plain.eras[0].pools == (Pool("main", 1, 1, 2),)


REFUSED = {
    "TOML that is none": ('country = "XX"', "country = XX", 2, "This is not TOML: invalid value."),
    "a key given twice": ('country = "XX"', 'name = "XX"', 2, "This is not TOML: cannot overwrite a value."),
    "an open list": ('"extra"]\n', "", 37, "This is not TOML: invalid value."),
    "a missing key": ('zone = "Europe/Paris"\n', "", 1, "`zone` is missing here; add it."),
    "a key missing in an era": ("from = 2021-01-01\n", "", 29, "`from` is missing here; add it."),
    "a key missing in a pool": ("take = 5, ", "", 26, "`take` is missing here; add it."),
    "a key missing in a new pool": ("take = 1, ", "", 32, "`take` is missing here; add it."),
    "a key missing in a slot": ("at = 13:00:00, ", "", 23, "`at` is missing here; add it."),
    "a colour without its hue": ("hue = 120, ", "", 9, "`hue` is missing here; add it."),
    "an unknown key": ("provisional", "provisory", 14, "`provisory` is not known here; known are agree, provisional."),
    "an unknown key of a lottery": ("zone =", "tz =", 5, "`tz` is not known here; known are name, country,"),
    "an unknown key of a slot": (
        'at = 21:30:00, label = "late" },',
        "on = 1 },",
        24,
        "`on` is not known here; known are at, days, label, dates, every_minutes, until.",
    ),
    "a number for a text": ('"Evening Five"', "5", 1, "`name` must be a text, not a whole number."),
    "an empty text": ('"The Operator"', '" "', 4, "`operator` must be a text that is not empty."),
    "a text for a number": ("take = 5", 'take = "5"', 26, "`take` must be a whole number, not a text."),
    "a text in a range": ("[1, 60]", '[1, "60"]', 31, "`of` must be a whole number, not a text."),
    "a range of one": ("[1, 60]", "[60]", 31, "`of` must be a list of length 2, not 1."),
    "a text for a day": (
        "from = 2022-01-01",
        'from = "2022"',
        35,
        "`from` must be a day such as 2021-08-23, not a text.",
    ),
    "a text for a time": (
        "{ at = 21:30:00",
        '{ at = "21:30"',
        36,
        "`at` must be a time of day such as 22:59:00, not a text.",
    ),
    "a text for a pool": (
        "pools.main = { take = 5, of = [1, 50] }",
        'pools.main = "5"',
        26,
        "`main` must be a table, not a text.",
    ),
    "a text for the calendar": (
        'calendar = [{ at = 21:30:00, label = "late" }]',
        'calendar = "late"',
        36,
        "`calendar` must be a list of draws, or “any day”.",
    ),
    "a number for a source": (
        'xx_first = "five"',
        "xx_first = 5",
        17,
        "`xx_first` must be a table, not a whole number.",
    ),
    "a number for a label": ('"Late" = "late"', '"Late" = 2', 18, "`Late` must be a text, not a whole number."),
    "nothing to take": ("take = 5", "take = 0", 26, "`take` must be a whole number >= 1."),
    "a wait below nothing": ("minutes = 2", "minutes = -2", 8, "`not_before_minutes` must be a whole number >= 0."),
    "a hue off the circle": ("hue = 120", "hue = 360", 9, "`hue` must be a whole number <= 359."),
    "one origin that is enough": ("agree = 3", "agree = 1", 13, "`agree` must be a whole number >= 2."),
    "an unknown kind": (
        '"digit"',
        '"animal"',
        27,
        "`kind` cannot be “animal”; it is one of number, digit, word, ticket.",
    ),
    "an unknown shape": ('"star",', '"moon",', 27, "`shape` cannot be “moon”; it is one of main, bonus, star, times,"),
    "a country in words": ('"XX"', '"France"', 2, "`country` must be two capital letters (ISO 3166)."),
    "a currency in words": ('"EUR"', '"euro"', 6, "`currency` must be three capital letters (ISO 4217)."),
    "a language in words": ('"fr"', '"French"', 7, "`language` must be two or three small letters (ISO 639)."),
    "a label with a space": (
        '{ at = 21:30:00, label = "late"',
        '{ at = 21:30:00, label = "so late"',
        36,
        "`label` must be a word of small letters, digits, - and _.",
    ),
    "a pool with a strange name": (
        "pools.extra",
        'pools."Big Extra"',
        32,
        "`Big Extra` must be a word of small letters, digits, - and _.",
    ),
    "a file of another country": ('"XX"', '"YY"', 2, "The file of a lottery of YY is named yy_….toml; rename it."),
    "an unknown zone": ("Europe/Paris", "Europe/Atlantis", 5, "“Europe/Atlantis” is no time zone; write one such as"),
    "a zone outside": ("Europe/Paris", "../etc", 5, "“../etc” is no time zone; write one such as"),
    "a zone that is a folder": ("Europe/Paris", "Europe", 5, "“Europe” is no time zone; write one such as"),
    "no source": (
        'xx_first = "five"\nxx_second = { "Early" = "early", "Late" = "late" }\n',
        "",
        16,
        "There is no source here; name one that gives this lottery.",
    ),
    "a source without a name": ('"five"', "{}", 17, "xx_first names nothing here; write what it calls this lottery."),
    "a source with an empty name": (
        '"five"',
        '" "',
        17,
        "xx_first names nothing here; write what it calls this lottery.",
    ),
    "a label that no draw has": (
        '"Late" = "late"',
        '"Late" = "last"',
        18,
        "No draw of the calendar has the label “last”.",
    ),
    "no calendar": (
        GOOD[GOOD.index("calendar") : GOOD.index("pools.main")],
        "",
        20,
        "The first era needs a calendar.",
    ),
    "eras out of order": (
        "from = 2022-01-01",
        "from = 2020-06-01",
        35,
        "This era starts on 2020-06-01, not after 2021-01-01; put them in order.",
    ),
    "two eras of one day": ("from = 2022-01-01", "from = 2021-01-01", 35, "This era starts on 2021-01-01, not after"),
    "a pool that ends before it began": (
        'without = ["star", ',
        'without = ["star", "moon", ',
        37,
        "There was no pool “moon” before this era.",
    ),
    "an era without a pool": (
        '["star", "extra"]',
        '["star", "main", "extra"]',
        34,
        "An era needs a pool that is not optional.",
    ),
    "only optional pools": (
        'without = ["star", "extra"]',
        'without = ["star", "main"]',
        34,
        "An era needs a pool that is not optional.",
    ),
    "a range upside down": ("[1, 60]", "[60, 1]", 31, "The pool goes from 60 down to 1; write the lowest first."),
    "a value below nothing": ("[0, 99]", "[-1, 99]", 27, "No source writes -1; begin at 0 or above."),
    "more taken than there are": (
        "take = 5, of = [1, 50]",
        "take = 51, of = [1, 50]",
        26,
        "One cannot take 51 of 50 without",
    ),
    "fewer left than are taken": ("[1, 60]", "[1, 4]", 31, "One cannot take 5 of 4 without repeats."),
    "an unknown weekday": ('"Mon Sat"', '"Mon Sab"', 23, "“Sab” is no weekday; they are written Mon Tue Wed Thu"),
    "no weekday": ('"Mon Sat"', '""', 23, "`days` must be a text that is not empty."),
    "one label twice a day": (
        'at = 21:30:00, label = "late" },\n]',
        'at = 21:30:00, label = "early" },\n]',
        24,
        "Two draws of Sat have the label “early”; give each its own.",
    ),
    "no label twice a day": (
        'calendar = [{ at = 21:30:00, label = "late" }]',
        'calendar = [\n{ at = 21:30:00 },\n{ days = "Sun", at = 9:30:00 }]'.replace(" 9", " 09"),
        38,
        "Two draws of Sun have no label; give each its own.",
    ),
    "a move over a change of rules": (
        "{ from = 2021-12-25, to = 2021-12-24 }",
        "{ from = 2021-01-02, to = 2020-12-30 }",
        10,
        "The rules change between these two days; a draw is moved within one era.",
    ),
    "a move onto a change of rules": (
        "{ from = 2021-12-25, to = 2021-12-24 }",
        "{ from = 2021-01-01, to = 2020-12-30 }",
        10,
        "The rules change between these two days; a draw is moved within one era.",
    ),
    "a move before all rules": (
        "{ from = 2021-12-25, to = 2021-12-24 }",
        "{ from = 2019-12-28, to = 2019-12-27 }",
        10,
        "The rules change between these two days; a draw is moved within one era.",
    ),
    "a move by a week": ("to = 2021-12-24", "to = 2021-12-18", 10, "A draw is moved by less than a week;"),
    "a move of nothing": (
        "{ from = 2021-12-25, to = 2021-12-24 }",
        "{ from = 2021-12-26, to = 2021-12-24 }",
        10,
        "The calendar has no draw on 2021-12-26 that could be moved.",
    ),
    "a move onto another draw": (
        "{ from = 2021-12-25, to = 2021-12-24 }",
        "{ from = 2021-12-25, to = 2021-12-20 }",
        10,
        "The calendar has such a draw on 2021-12-20 already.",
    ),
}


MORE = GOOD.replace(
    'without = ["star", "extra"]',
    """without = ["star"]
pools.extra = { take = [1, 3], of = { "0" = "Delfín", "00" = "Ballena", "1" = "", "2" = "" } }
pools.bonus = { take = 1, rest_of = "main" }
pools.code = { take = [1, 5], of = "AA ###" }
tiers = [
    { name = "5+1", match = { main = 5, bonus = [0, 1] } },
    { name = "10", match = { main = 3 }, pick = { main = 10 }, pays = 2.50 },
]""",
).replace(
    "[policy]",
    """extra = [{ date = 2021-07-14, at = 21:00:00, label = "gala" }]
rests = [2021-07-19, { from = 2021-08-02, to = 2021-08-07 }]

[policy]""",
)
RHYTHM = "{ at = 06:00:00, until = 23:55:00, every_minutes = 5 }"
LAST = 'calendar = [{ at = 21:30:00, label = "late" }]'


def test_a_file_may_say_all_that_a_game_can_be(tmp_path: Path) -> None:
    five = lottery_of(tmp_path, MORE.replace(LAST, f"calendar = [{RHYTHM}]"))
    era = five.eras[-1]
    main, extra, bonus, code = era.pools
    assert (extra.kind, extra.fewest, extra.take, extra.called("00")) == (Kind.WORD, 1, 3, "Ballena")
    assert (bonus.lowest, bonus.highest, bonus.rest_of) == (main.lowest, main.highest, "main") == (1, 60, "main")
    assert (code.kind, code.shape, code.written, code.least) == (Kind.TICKET, Shape.TICKET, "AA ###", 1)
    assert era.calendar == (Slot(time(6), every=5, until=time(23, 55)),)
    assert [(one.name, one.match, one.pick, one.pays) for one in era.tiers] == [
        ("5+1", {"main": (5,), "bonus": (0, 1)}, {}, None),
        ("10", {"main": (3,)}, {"main": 10}, Decimal("2.5")),
    ]
    assert [slot.label for slot in five.slots(date(2021, 7, 14))] == ["gala"]
    assert [len(five.slots(date(2021, 7, day))) for day in (17, 19, 24, 26)] == [2, 0, 2, 1]
    assert [len(five.slots(date(2021, 8, day))) for day in (2, 7, 9)] == [0, 0, 1]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (LAST, 'calendar = "some day"', "`calendar` must be a list of draws, or “any day”."),
        (LAST, "calendar = [{ at = 06:00:00, every_minutes = 5 }]", "A draw that comes every so many minutes has"),
        (LAST, f"calendar = [{RHYTHM.replace('23:55', '05:55')}]", "The last draw is before the first;"),
        (LAST, "calendar = [" + RHYTHM.replace("{", '{ label = "x",') + "]", "Draws every so many"),
        (LAST, "calendar = [{ at = 06:00:00, dates = [32] }]", "`dates` must be a whole number <= 31."),
        ("take = [1, 3]", "take = [3, 1]", "A pool that varies takes from 1 or more up to more: take = [1, 10]."),
        ("take = [1, 3]", "take = [1, 2, 3]", "`take` must be a list of length 2, not 3."),
        ('"AA ###"', '"AA *##"', "“AA *##” is no pattern of a ticket: # is a digit, A a letter, + one or more."),
        ('"AA ###"', '"+#"', "“+#” is no pattern of a ticket"),
        ('"AA ###"', '["a", "a"]', "A word stands here twice."),
        ('"AA ###"', '["a", ""]', "A pool of words lists them all, and none is empty."),
        ('"AA ###"', '[1, 9], kind = "word"', "`of` must be a text, not a whole number."),
        ('"AA ###"', '[1, 9], kind = "ticket"', "Words are taken of a list or table, tickets of a pattern"),
        ('rest_of = "main"', 'rest_of = "moon"', "`of` is missing here; add it."),
        ('rest_of = "main"', 'of = [1, 9], among = "bonus"', "There is no other pool “bonus” in this era."),
        ("take = 1, rest_of", "take = 56, rest_of", "There are not enough values left of main."),
        ("main = 5, bonus", "main = 6, bonus", "The tier “5+1” wants 6 of main, which takes fewer."),
        ("main = 5, bonus", "moon = 5, bonus", "The tier “5+1” speaks of a pool “moon”, which this era has not."),
        ("main = 5, bonus", "main = [], bonus", "`main` must be how many values match: 5, or [1, 2] for either."),
        ("pick = { main", "pick = { bonus", "The tier “10” lets pick of “bonus” and does not match it."),
        ("main = 3 }, pick = { main = 10", "main = 3 }, pick = { main = 2", "Nothing can ever win the tier “10”."),
        ("2021-07-14", "2019-07-14", "There are no rules yet on 2019-07-14."),
        ('2021-07-14, at = 21:00:00, label = "gala"', '2021-12-27, at = 21:00:00, label = "early"', "The calendar has"),
        ("[2021-07-19", "[2019-07-19", "There are no rules yet on 2019-07-19, so nothing rests."),
        ("to = 2021-08-07", "to = 2021-08-01", "A rest goes from its first day to its last, at most a year later."),
        ("to = 2021-08-07", "to = 2031-08-01", "A rest goes from its first day to its last, at most a year later."),
    ],
)
def test_what_a_game_cannot_be_is_refused(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in MORE
    text = MORE.replace(old, new, 1)
    file = write(tmp_path / "lotteries" / "xx_five.toml", text)
    with pytest.raises(BadFile) as refused:
        load(tmp_path)
    place = f"{file}, line {refused.value.line}: "
    assert str(refused.value).startswith(place + sentence)
    # The line is of what was changed, or of the list or table around it.
    assert refused.value.line is not None
    wrong = text[: text.index(new)].count("\n") + 1
    assert wrong - 4 <= refused.value.line <= wrong + 4


@pytest.mark.parametrize(("old", "new", "line", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, old: str, new: str, line: int, sentence: str) -> None:
    assert old in GOOD
    file = write(tmp_path / "lotteries" / "xx_five.toml", GOOD.replace(old, new, 1))
    with pytest.raises(BadFile) as refused:
        load(tmp_path)
    assert str(refused.value).startswith(f"{file}, line {line}: {sentence}")
    assert (refused.value.file, refused.value.line) == (file, line)


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path / "lotteries" / "xx_five.toml", "")
    file.write_bytes(b'name = "One"\nregion = "Qu\xe9bec"\n')
    with pytest.raises(BadFile, match=r"xx_five.toml, line 2: This is not UTF-8; save it so\."):
        load(tmp_path)


def test_a_lottery_without_an_era_is_refused(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("[policy]")] + 'eras = []\nsources.xx_first = "five"\n'
    write(tmp_path / "lotteries" / "xx_five.toml", text)
    with pytest.raises(BadFile, match=r"xx_five.toml, line 12: There is no era here; a lottery has at least one\."):
        load(tmp_path)


def test_one_name_of_a_source_serves_one_lottery(tmp_path: Path) -> None:
    write(tmp_path / "lotteries" / "xx_five.toml", GOOD)
    write(tmp_path / "lotteries" / "xx_six.toml", GOOD.replace('"five"', '"six"').replace('"Early"', '"Morning"'))
    with pytest.raises(BadFile, match=r"xx_six.toml, line 18: xx_second's “Late” is already xx_five's; keep one\."):
        load(tmp_path)


def test_a_name_leads_to_its_lottery_and_label(tmp_path: Path) -> None:
    five = lottery_of(tmp_path, GOOD)
    mine = load(tmp_path)
    assert mine.named("xx_first", "five") == [(five, "")]
    assert mine.named("xx_second", "Late") == [(five, "late")]
    assert mine.named("xx_first", "Late") == []
    assert mine.named("us_texas", "Powerball") == [(mine.lotteries["us_powerball"], "")]


def test_an_operator_adds_lotteries_and_replaces_ours(tmp_path: Path) -> None:
    ours = load()
    text = (OURS / "lotteries" / "us_powerball.toml").read_text().replace('"Powerball"', '"My Powerball"', 1)
    write(tmp_path / "lotteries" / "us_powerball.toml", text)
    write(tmp_path / "lotteries" / "xx_five.toml", GOOD)
    mine = load(tmp_path)
    assert mine.lotteries.keys() == ours.lotteries.keys() | {"xx_five"}
    assert mine.lotteries["us_powerball"] == replace(ours.lotteries["us_powerball"], name="My Powerball")
    # Those that ask for lotteries have them by name, and one has another name now.
    members = {name: set(one.lotteries) for name, one in ours.collections.items()}
    assert {name: set(one.lotteries) for name, one in mine.collections.items()} == members


def test_a_folder_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "xx_five.toml", GOOD)
    with pytest.raises(BadFile) as refused:
        load(tmp_path)
    assert str(refused.value) == f"{tmp_path}: This is no catalogue; put a folder “lotteries” or “collections” into it."


def test_a_collection_names_its_lotteries_in_order(tmp_path: Path) -> None:
    write(tmp_path / "collections" / "mine.toml", 'name = "Mine"\nlotteries = ["us_powerball", "do_leidsa"]\n')
    assert load(tmp_path).collections["mine"] == Collection("mine", "Mine", ("us_powerball", "do_leidsa"))


def test_a_country_or_a_house_with_several_lotteries_has_a_collection_of_all_of_them() -> None:
    known = load()
    shown = {frozenset(one.lotteries) for one in known.collections.values()}
    for country, count in Counter(one.country for one in known.lotteries.values()).items():
        assert count == 1 or {one.id for one in known.lotteries.values() if one.country == country} in shown, country
    houses = Counter(one.operator for one in known.lotteries.values() if one.country == "DO")
    for house, count in houses.items():
        assert count == 1 or {one.id for one in known.lotteries.values() if one.operator == house} in shown, house


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ('ids = ["us_ny_*"]', lambda one: one.id.startswith("us_ny_")),
        ('ids = ["us_tx_lotto", "us_ny_*"]\nregion = "Texas"', lambda one: one.id == "us_tx_lotto"),
        ('country = ["SX", "AI"]', lambda one: one.country in ("SX", "AI")),
        ('operator = "New York Lottery"', lambda one: one.operator == "New York Lottery"),
        ('lotteries = ["us_ny_win4"]\ncountry = "SX"', lambda one: one.id == "us_ny_win4" or one.country == "SX"),
    ],
)
def test_a_collection_asks_for_lotteries_by_what_they_are(
    tmp_path: Path, query: str, answers: Callable[[Lottery], bool]
) -> None:
    write(tmp_path / "collections" / "mine.toml", f'name = "Mine"\n{query}\n')
    known = load(tmp_path)
    told = known.collections["mine"].lotteries
    assert sorted(told) == sorted(one.id for one in known.lotteries.values() if answers(one))
    assert 0 < len(told) < len(known.lotteries)
    by_name = [one for one in told if f'"{one}"' not in query.partition("\n")[0] or "lotteries" not in query]
    assert by_name == sorted(by_name, key=lambda one: known.lotteries[one].name)


@pytest.mark.parametrize(
    ("lotteries", "line", "sentence"),
    [
        ('[\n"us_powerball",\n"us_nothing",\n]', 4, "There is no lottery “us_nothing”; write the name of its file."),
        ('[\n"us_powerball",\n"us_powerball"]', 4, "“us_powerball” stands here twice."),
        ("[]", 1, "This collection is empty; list `lotteries`, or ask for a country, operator or ids."),
        ('[]\ncountry = "XX"', 1, "No lottery answers to this query; look at its country, region, operator and ids."),
        ('[]\ncountry = "us"', 3, "`country` must be two capital letters (ISO 3166)."),
    ],
)
def test_a_bad_collection_is_refused_with_its_line(tmp_path: Path, lotteries: str, line: int, sentence: str) -> None:
    file = write(tmp_path / "collections" / "mine.toml", f'name = "Mine"\nlotteries = {lotteries}\n')
    with pytest.raises(BadFile) as refused:
        load(tmp_path)
    assert str(refused.value) == f"{file}, line {line}: {sentence}"


# --- the lines ---


def paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value that stands under a key."""
    if path and isinstance(path[-1], str):
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from paths(one, (*path, key))


@pytest.mark.parametrize("file", sorted(OURS.glob("*/*.toml")), ids=lambda file: file.stem)
def test_every_key_of_our_files_is_found_on_its_line(file: Path) -> None:
    text = file.read_text()
    lines = Lines(text)
    last: dict[str, int] = defaultdict(int)
    for path in paths(tomllib.loads(text)):
        line = lines.of(path)
        assert str(path[-1]) in text.splitlines()[line - 1]
        # Tables of one name follow each other, so a later one must not be found on an earlier line.
        name = ".".join(str(key) for key in path if isinstance(key, str))
        assert line >= last[name]
        last[name] = line


def test_lines_are_found_in_every_manner_of_writing() -> None:
    text = """\
# [not.a.table]
"quoted key" = "a # b [c] = {"
multi = \"""
[looks.like] = "a table"
\"""
literal = '''
it's = 1'''
list = [ # comment ]
  [1, 2],
  { a = 1, b.c = [
    3 ] },
]
at = 07:32:00.5
[one.two]
three.four = 1.5
[[one.many]]
x = 1
[one.many.deep]
y = '='
[[one.many]]
x = 2
[[one.many.more]]
z = 1
[[one.many.more]]
z = 2
"""
    tomllib.loads(text)
    lines = Lines(text)
    assert {path: lines.of(path) for path in paths(tomllib.loads(text))} == {
        ("quoted key",): 2,
        ("multi",): 3,
        ("literal",): 6,
        ("list",): 8,
        ("list", 1, "a"): 10,
        ("list", 1, "b"): 10,
        ("list", 1, "b", "c"): 10,
        ("at",): 13,
        ("one",): 14,
        ("one", "two"): 14,
        ("one", "two", "three"): 15,
        ("one", "two", "three", "four"): 15,
        ("one", "many"): 16,
        ("one", "many", 0, "x"): 17,
        ("one", "many", 0, "deep"): 18,
        ("one", "many", 0, "deep", "y"): 19,
        ("one", "many", 1, "x"): 21,
        ("one", "many", 1, "more"): 22,
        ("one", "many", 1, "more", 0, "z"): 23,
        ("one", "many", 1, "more", 1, "z"): 25,
    }
    assert [lines.of(("list", 0)), lines.of(("list", 1)), lines.of(("list", 1, "b", "c", 0))] == [9, 10, 11]
    assert [lines.of(("one", "many", 1)), lines.of(("one", "many", 1, "more", 1))] == [20, 24]
    assert [lines.of(("one", "many", 1, "absent")), lines.of(("absent",))] == [20, 1]


def test_lines_are_the_same_with_the_line_ends_of_windows() -> None:
    assert Lines("[b]\r\nc = 2\r\nd = 3\r\n").of(("b", "d")) == 3
