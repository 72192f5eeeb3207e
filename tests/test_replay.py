"""The practice world: what it serves is read here with nothing but csv and html.parser."""

import asyncio
import csv
import http.client
import io
import json
import re
import socket
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from lotto.catalogue.load import load
from lotto.draws.draw import DrawKey
from lotto.replay.chapters import BENCH, CHAPTERS, DEMO, DISAGREEMENT, Chapter
from lotto.replay.clock import Follower, WorldClock
from lotto.replay.faults import Fault, Kind
from lotto.replay.figures import rows
from lotto.replay.pace import run
from lotto.replay.server import serving
from lotto.replay.world import FORMATS, World
from lotto.serving import PortTaken

NEW_YORK, SANTO_DOMINGO = ZoneInfo("America/New_York"), ZoneInfo("America/Santo_Domingo")
POWERBALL = "/api/views/d6yy-54nr/rows.csv"
MEGA_MILLIONS = "/api/views/5xaw-6ayf/rows.csv"
TAKE_5 = "/api/views/dg63-4siq/rows.csv"
NUMBERS = "/api/views/hsys-3def/rows.csv"
NY_LOTTO = "/api/views/6nbc-h7bj/rows.csv"
CASH4LIFE = "/api/views/kwxv-fwze/rows.csv"
LOTTO_TEXAS = "/export/sites/lottery/Games/Lotto_Texas/Winning_Numbers/lottotexas.csv"
TWO_STEP = "/export/sites/lottery/Games/Texas_Two_Step/Winning_Numbers/texastwostep.csv"
TEXAS_POWERBALL = "/export/sites/lottery/Games/Powerball/Winning_Numbers/powerball.csv"
TEXAS_MEGA_MILLIONS = "/export/sites/lottery/Games/Mega_Millions/Winning_Numbers/megamillions.csv"
BLOCKS = "/pagina/ultimos-resultados"
TABLE = "/resultados.php"
WORLD = World()


def in_new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def in_santo_domingo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SANTO_DOMINGO)


def page(source: str, path: str, at: datetime, *faults: Fault) -> str:
    body = WORLD.page(source, path, at, faults)
    assert body is not None
    return body


def new_york_rows(path: str, at: datetime, *faults: Fault) -> dict[date, dict[str, str]]:
    read = {}
    for row in csv.DictReader(io.StringIO(page("us_ny_data", path, at, *faults))):
        month, day, year = (int(part) for part in row.pop("Draw Date").split("/"))
        read[date(year, month, day)] = row
    return read


def texas_rows(path: str, at: datetime, *faults: Fault) -> dict[date, list[str]]:
    read = {}
    for _, month, day, year, *fields in csv.reader(io.StringIO(page("us_texas", path, at, *faults))):
        read[date(int(year), int(month), int(day))] = fields
    return read


class Texts(HTMLParser):
    """The text of every element that has one of the wanted classes, with the classes, in the order of the page."""

    def __init__(self, *wanted: str) -> None:
        super().__init__()
        self.wanted = set(wanted)
        self.found: list[tuple[set[str], str]] = []
        self._open: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = set((dict(attrs).get("class") or "").split())
        if tag in ("meta", "link", "img", "br", "hr", "input"):
            return
        self._open.append(len(self.found) if classes & self.wanted else None)
        if classes & self.wanted:
            self.found.append((classes, ""))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for place in {place for place in self._open if place is not None}:
            classes, text = self.found[place]
            self.found[place] = (classes, text + data)


def texts(html: str, *wanted: str) -> list[tuple[set[str], str]]:
    reader = Texts(*wanted)
    reader.feed(html)
    reader.close()
    return [(classes, " ".join(text.split())) for classes, text in reader.found]


def blocks(html: str) -> list[tuple[bool, str, str, str, str]]:
    """(past, company, game, time, numbers) of each block."""
    read: list[tuple[bool, list[str], list[str]]] = []
    words: list[str] = []
    scores: list[str] = []
    for classes, text in texts(html, "game-block", "company-title", "game-title", "session-date", "score"):
        if "game-block" in classes:
            words, scores = [], []
            read.append(("past" in classes, words, scores))
        else:
            (scores if "score" in classes else words).append(text)
    return [(past, company, game, at, " ".join(scores)) for past, (company, at, game), scores in read]


def table(html: str) -> list[tuple[str, str, str]]:
    """(name, day, numbers) of each row; an empty badge is `-`."""
    read: list[tuple[str, list[str], list[str]]] = []
    days: list[str] = []
    badges: list[str] = []
    for classes, text in texts(html, "mb-0", "badge-dot", "table-inner-text"):
        if "mb-0" in classes:
            days, badges = [], []
            read.append((text, days, badges))
        else:
            (badges if "badge-dot" in classes else days).append(text)
    return [(name, days[-1], " ".join(badge or "-" for badge in badges)) for name, days, badges in read]


def fault(source: str, kind: Kind, amount: float = 0.0) -> Fault:
    return Fault(source, kind, amount)


# What the sources say, and when


def test_new_yorks_file_holds_every_figure_of_the_days_before_and_nothing_of_the_future() -> None:
    at = in_new_york("2023-08-15 12:00")
    read = new_york_rows(POWERBALL, at)
    told = {
        date.fromisoformat(row["date"]): row
        for row in rows("us_ny_data")
        if row["game"] == "Powerball" and row["date"] < "2023-08-15"
    }
    assert {on: row["Winning Numbers"] for on, row in read.items()} == {on: r["numbers"] for on, r in told.items()}
    assert {on: row["Multiplier"] for on, row in read.items()} == {on: row["extra"] for on, row in told.items()}
    assert list(read) != sorted(read), "the portal's rows are not in the order of days"


def test_two_draws_of_a_day_share_a_row_that_fills_as_the_day_goes() -> None:
    day = date(2023, 8, 15)
    assert day not in new_york_rows(TAKE_5, in_new_york("2023-08-15 14:40"))
    noon = new_york_rows(TAKE_5, in_new_york("2023-08-15 15:00"))[day]
    assert (noon["Midday Winning Numbers"], noon["Evening Winning Numbers"]) == ("10 18 22 23 36", "")
    night = new_york_rows(TAKE_5, in_new_york("2023-08-15 23:00"))[day]
    assert (night["Midday Winning Numbers"], night["Evening Winning Numbers"]) == ("10 18 22 23 36", "01 14 16 37 38")
    digits = new_york_rows(NUMBERS, in_new_york("2023-08-15 23:00"))[day]
    assert (digits["Midday Daily #"], digits["Evening Daily #"]) == ("654", "033")
    assert [digits[name] for name in digits if name.endswith(("Sum", "Booster"))] == [""] * 8


def test_texas_writes_no_header_and_keeps_the_drawn_order() -> None:
    at = in_new_york("2023-08-15 23:30")
    assert page("us_texas", TEXAS_MEGA_MILLIONS, at).splitlines()[-1] == "Mega Millions,8,15,2023,57,39,42,63,18,7,3"
    assert new_york_rows(MEGA_MILLIONS, at)[date(2023, 8, 15)] == {
        "Winning Numbers": "18 39 42 57 63",
        "Mega Ball": "07",
        "Multiplier": "03",
    }


def test_files_of_other_columns_are_written_as_their_sources_write_them() -> None:
    at, day = in_new_york("2023-08-17 12:00"), date(2023, 8, 16)
    row = {"Winning Numbers": "03 04 19 36 43 55", "Bonus #": "57", "Extra #": ""}
    assert new_york_rows(NY_LOTTO, at)[day] == row
    assert new_york_rows(CASH4LIFE, at)[day] == {"Winning Numbers": "26 35 57 58 59", "Cash Ball": "4"}
    assert page("us_texas", LOTTO_TEXAS, at).splitlines()[-1] == "Lotto Texas,8,16,2023,31,14,10,48,38,17"
    first, *_, last = page("us_texas", TWO_STEP, at).splitlines()
    assert first == "Game Name,Month,Day,Year,Num1,Num2,Num3,Num4,Bonus Ball"
    assert last == "Texas Two Step,8,14,2023,34,30,10,28,22"


def test_a_zero_that_new_york_lost_is_lost() -> None:
    row = new_york_rows(NUMBERS, in_new_york("2025-08-06 12:00"))[date(2025, 8, 5)]
    assert (row["Midday Daily #"], row["Evening Daily #"]) == ("992", "79")
    assert (row["Midday Win 4 #"], row["Evening Win 4 #"]) == ("845", "8791")


def test_texas_is_the_quicker_source() -> None:
    at, day = in_new_york("2023-08-15 23:12"), date(2023, 8, 15)
    assert day in texas_rows(TEXAS_MEGA_MILLIONS, at)
    assert day not in new_york_rows(MEGA_MILLIONS, at)


@pytest.mark.parametrize("chapters", [DEMO, BENCH])
def test_the_disagreement_of_2022_lies_in_the_history(chapters: tuple[Chapter, ...]) -> None:
    start, day = chapters[0].starts_at, date(2022, 5, 10)
    assert new_york_rows(MEGA_MILLIONS, start)[day]["Winning Numbers"] == "15 19 20 61 70"
    assert new_york_rows(MEGA_MILLIONS, start)[day]["Mega Ball"] == "06"
    assert texas_rows(TEXAS_MEGA_MILLIONS, start)[day][-2] == "9"


def test_the_board_of_blocks_shows_today_newest_first() -> None:
    read = blocks(page("do_loteriasdominicanas", BLOCKS, in_santo_domingo("2025-08-06 15:20")))
    assert len(read) == 20
    assert read[0] == (False, "Nacional", "Gana Más", "06-08-2025 14:43", "67 11 46")
    assert read[-1] == (False, "Anguila", "Anguila Mañana", "06-08-2025 10:00", "94 05 47")
    assert (False, "Loteria Real", "Nueva Yol Real", "06-08-2025 13:02", "10 08 64 Verde") in read


def test_the_board_of_blocks_is_yesterdays_and_past_until_the_first_draw_of_the_day() -> None:
    night = blocks(page("do_loteriasdominicanas", BLOCKS, in_santo_domingo("2025-08-06 01:54")))
    assert len(night) == 42
    assert {(past, when[:10]) for past, _, _, when, _ in night} == {(True, "05-08-2025")}
    assert night == blocks(page("do_loteriasdominicanas", BLOCKS, in_santo_domingo("2025-08-06 09:59")))
    morning = blocks(page("do_loteriasdominicanas", BLOCKS, in_santo_domingo("2025-08-06 10:01")))
    assert morning == [(False, "Anguila", "Anguila Mañana", "06-08-2025 10:00", "94 05 47")]


def test_the_classes_of_a_board_tell_what_a_number_is() -> None:
    html = page("do_loteriasdominicanas", BLOCKS, in_santo_domingo("2025-08-06 01:54"))
    roles = [(classes - {"score"}, text) for classes, text in texts(html, "score") if classes != {"score"}]
    assert ({"bonus"}, "02") in roles
    assert ({"special3"}, "Verde") in roles


def test_two_companies_keep_their_games_of_one_title_apart() -> None:
    read = blocks(page("do_loteriasdominicanas", BLOCKS, in_santo_domingo("2025-08-13 23:30")))
    pale = {company: numbers for _, company, game, _, numbers in read if game == "Super Palé"}
    pools = {company: len(numbers.split()) for _, company, game, _, numbers in read if game == "Loto Pool"}
    assert set(pale) == {"Leidsa", "LoteDom"}
    assert pools == {"Leidsa": 5, "Loteria Real": 4}


def test_a_draw_that_was_seen_half_published_is_so_again() -> None:
    def nacional(at: str) -> list[str]:
        read = blocks(page("do_loteriasdominicanas", BLOCKS, in_santo_domingo(at)))
        return [numbers for _, _, game, _, numbers in read if game == "Lotería Nacional"]

    assert nacional("2025-08-12 21:00") == []
    assert nacional("2025-08-12 21:03:40") == ["81 10"]
    assert nacional("2025-08-12 21:05") == ["81 10 07"]


def test_the_table_never_empties_and_mixes_today_with_yesterday() -> None:
    read = table(page("do_tusnumerosrd", TABLE, in_santo_domingo("2025-08-06 15:20")))
    assert len(read) == 29
    assert read[0] == ("Anguila Tarde 3PM", "06 agosto", "49 09 32")
    assert read[1] == ("Loteria Nacional Tarde (gana mas)", "06 agosto", "67 11 46")
    assert Counter(day for _, day, _ in read) == {"06 agosto": 16, "05 agosto": 13}


def test_the_table_leaves_a_repeated_third_number_empty() -> None:
    at = in_santo_domingo("2025-08-07 14:39")
    assert ("Loteria Florida Tarde", "07 agosto", "90 14 -") in table(page("do_tusnumerosrd", TABLE, at))
    read = blocks(page("do_loteriasdominicanas", BLOCKS, at))
    assert [numbers for _, _, game, _, numbers in read if game == "Florida Día"] == ["90 14 14"]


def test_a_source_has_nothing_to_show_before_its_figures_begin() -> None:
    assert WORLD.page("do_tusnumerosrd", TABLE, DEMO[0].starts_at) is None


# The draws that are played


def test_the_schedule_is_in_order_and_every_publication_shows_on_its_page_at_its_instant() -> None:
    times = [figure.published_at for figure in WORLD.schedule]
    assert times == sorted(times)
    for figure in WORLD.schedule[::97]:
        paths = [
            path for path, games in WORLD.formats[figure.source].addresses.items() if not games or figure.game in games
        ]
        (path,) = paths
        assert figure in WORLD.told(figure.source, path, figure.published_at)
        assert figure not in WORLD.told(figure.source, path, figure.published_at - timedelta(seconds=1))


@pytest.mark.parametrize("name", CHAPTERS)
def test_plays_are_complete_one_by_one_and_inside_their_chapters(name: str) -> None:
    world = World(CHAPTERS[name])
    assert all(earlier.at < later.at for earlier, later in pairwise(world.plays))
    assert all(world.chapter(play.at) for play in world.plays)
    assert all(play.figures[-1].whole for play in world.plays)
    assert world.next_play(world.plays[0].at) == world.plays[1]
    assert world.next_play(world.plays[-1].at) is None


def test_there_is_enough_to_play_and_enough_behind_it() -> None:
    assert len(World(BENCH).plays) >= 200
    assert len(WORLD.plays) >= 250
    history = Counter(
        figure.game
        for source in ("us_ny_data", "us_texas")
        for path in WORLD.formats[source].addresses
        for figure in WORLD.told(source, path, WORLD.starts_at)
    )
    assert len(history) == 12
    assert min(history.values()) >= 200


def test_the_first_twenty_draws_show_every_sort_of_lottery() -> None:
    sources = {figure.source for play in WORLD.plays[:20] for figure in play.figures}
    assert sources == {form.source for form in FORMATS}
    games = {play.figures[-1].game for play in WORLD.plays[:20]}
    assert {"Powerball", "Mega Millions", "Take 5 Midday", "Numbers Evening", "Lotto Texas", "Lotedom"} <= games


CALLED = {
    "Powerball": ("us_powerball", ""),
    "Mega Millions": ("us_mega_millions", ""),
    "Take 5 Midday": ("us_ny_take5", "midday"),
    "Take 5 Evening": ("us_ny_take5", "evening"),
    "Numbers Midday": ("us_ny_numbers", "midday"),
    "Numbers Evening": ("us_ny_numbers", "evening"),
    "Win 4 Midday": ("us_ny_win4", "midday"),
    "Win 4 Evening": ("us_ny_win4", "evening"),
    "NY Lotto": ("us_ny_lotto", ""),
    "Cash4Life": ("us_cash4life", ""),
    "Lotto Texas": ("us_tx_lotto", ""),
    "Texas Two Step": ("us_tx_two_step", ""),
}


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_draw_played_is_one_of_the_catalogue_and_told_when_it_can_be_believed(name: str) -> None:
    catalogue = load()
    for play in World(CHAPTERS[name]).plays:
        for figure in play.figures:
            if figure.game in CALLED:
                lottery, label = catalogue.lotteries[CALLED[figure.game][0]], CALLED[figure.game][1]
            else:
                ((lottery, label),) = catalogue.named(figure.source, figure.game)
            drawn_at = lottery.drawn_at(DrawKey(lottery.id, figure.date, label))
            assert drawn_at, f"{figure.game} of {figure.date} is not in the calendar of {lottery.id}"
            assert drawn_at + lottery.not_before <= figure.published_at < drawn_at + timedelta(hours=1)


def test_the_disagreement_can_be_played_live() -> None:
    day = date(2022, 5, 10)
    (play,) = [play for play in World(DISAGREEMENT).plays if play.figures[0].date == day]
    assert [figure.numbers[-1] for figure in play.figures] == ["9", "06"]


def test_a_draw_that_one_source_never_tells_whole_is_not_played() -> None:
    played = {(figure.source, figure.game, str(figure.date)) for play in WORLD.plays for figure in play.figures}
    assert ("do_tusnumerosrd", "Lotedom", "2025-08-10") not in played
    assert ("do_tusnumerosrd", "Lotedom", "2025-08-11") in played


def test_chapters_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="follow one another"):
        World(tuple(reversed(DEMO)))


# The clock


def test_the_clock_flows_and_jumps_ahead_but_never_back() -> None:
    real = [100.0]
    clock = WorldClock(datetime(2023, 8, 15, tzinfo=UTC), monotonic=lambda: real[0])
    real[0] += 5
    assert clock.now() == datetime(2023, 8, 15, 0, 0, 5, tzinfo=UTC)
    assert clock.jump(datetime(2023, 8, 16, tzinfo=UTC)) == datetime(2023, 8, 16, tzinfo=UTC)
    assert clock.jump(datetime(2023, 8, 1, tzinfo=UTC)) == datetime(2023, 8, 16, tzinfo=UTC)
    real[0] += 1
    assert clock.now() == datetime(2023, 8, 16, 0, 0, 1, tzinfo=UTC)


def test_a_jump_among_threads_is_never_seen_backwards() -> None:
    start = datetime(2023, 8, 15, tzinfo=UTC)
    clock = WorldClock(start)
    backwards = []

    def watch() -> None:
        before = clock.now()
        for _ in range(2000):
            before, earlier = clock.now(), before
            if before < earlier:
                backwards.append((earlier, before))

    watchers = [threading.Thread(target=watch) for _ in range(3)]
    for watcher in watchers:
        watcher.start()
    for minutes in range(200):
        clock.jump(start + timedelta(minutes=minutes % 50))
    for watcher in watchers:
        watcher.join()
    assert backwards == []


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        WorldClock(datetime(2023, 8, 15))  # noqa: DTZ001


def test_a_restart_goes_on_where_the_world_stood_even_after_a_kill(tmp_path: Path) -> None:
    file, start = tmp_path / "data" / "world.json", DEMO[0].starts_at
    clock = WorldClock(start, file)
    clock.jump(start + timedelta(days=1))
    last_seen = clock.now()
    again = WorldClock(start, file)
    assert last_seen < again.now() < last_seen + timedelta(minutes=1)
    assert sorted(path.name for path in file.parent.iterdir()) == ["world.json"]


def test_a_spoilt_position_is_refused_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    file.write_text('{"at": 12}')
    with pytest.raises(ValueError, match="delete it to start from the beginning"):
        WorldClock(DEMO[0].starts_at, file)
    with pytest.raises(ValueError, match="start one first"):
        Follower(tmp_path / "another.json")


def test_another_process_can_live_in_the_same_world(tmp_path: Path) -> None:
    file, real = tmp_path / "world.json", [100.0]
    clock = WorldClock(DEMO[0].starts_at, file, lambda: real[0])
    follower = Follower(file, lambda: real[0])
    assert follower.now() == clock.now()
    real[0] += 7
    assert follower.now() == clock.now()
    clock.jump(DEMO[1].starts_at)
    assert follower.now() == clock.now()


class Recorded(WorldClock):
    """Remembers where it was told to jump, and tells when it has come to an instant."""

    def __init__(self, at: datetime, file: Path | None = None) -> None:
        super().__init__(at, file)
        self.jumps: list[datetime] = []
        self.target = datetime.max.replace(tzinfo=UTC)
        self.there = asyncio.Event()

    def jump(self, to: datetime) -> datetime:
        self.jumps.append(to)
        now = super().jump(to)
        if now >= self.target:
            self.there.set()
        return now


def test_a_tick_shows_a_draw_at_one_source_and_then_at_the_last() -> None:
    world = World(DISAGREEMENT)
    clock = Recorded(world.starts_at)
    asyncio.run(run(world, clock, every=0.02))
    assert clock.jumps == [figure.published_at for play in world.plays for figure in play.figures]


def test_a_world_that_is_over_ends_its_run_and_one_between_chapters_goes_to_the_next() -> None:
    early, late = DISAGREEMENT[0], DEMO[0]
    world = World((early, Chapter("The day after", late.starts_at, late.starts_at + timedelta(hours=12))))
    over = [play for play in world.plays if play.at < late.starts_at]
    clock = Recorded(over[-1].at)
    asyncio.run(run(world, clock, every=0.01, pause=0.001))
    to_come = [figure.published_at for play in world.plays[len(over) :] for figure in play.figures]
    assert clock.jumps == [late.starts_at, *to_come]
    jumps = len(clock.jumps)
    asyncio.run(run(world, clock, every=60))
    assert len(clock.jumps) == jumps


def test_a_run_that_is_stopped_goes_on_with_the_next_draw(tmp_path: Path) -> None:
    world, file = World(DISAGREEMENT), tmp_path / "world.json"

    async def one_draw() -> datetime:
        clock = Recorded(world.starts_at, file)
        following = world.next_play(clock.now())
        assert following
        clock.target = following.at
        playing = asyncio.create_task(run(world, clock, every=0.02))
        await clock.there.wait()
        playing.cancel()
        return following.at

    assert [asyncio.run(one_draw()) for _ in world.plays] == [play.at for play in world.plays]


# Faults in the figures

LATE_EVENING = in_new_york("2023-08-16 23:30")
AFTERNOON = in_santo_domingo("2025-08-06 15:20")
WEDNESDAY = date(2023, 8, 16)


def test_late_publishes_minutes_later() -> None:
    assert WEDNESDAY in new_york_rows(POWERBALL, LATE_EVENING, fault("us_ny_data", Kind.LATE, 10))
    assert WEDNESDAY not in new_york_rows(POWERBALL, LATE_EVENING, fault("us_ny_data", Kind.LATE, 30))


def test_yesterday_shows_what_was_told_when_the_day_began() -> None:
    yesterday = fault("us_ny_data", Kind.YESTERDAY)
    assert max(new_york_rows(TAKE_5, LATE_EVENING, yesterday)) == date(2023, 8, 15)
    board = blocks(page("do_loteriasdominicanas", BLOCKS, AFTERNOON, fault("do_loteriasdominicanas", Kind.YESTERDAY)))
    assert {(past, when[:10]) for past, _, _, when, _ in board} == {(True, "05-08-2025")}
    rows_read = table(page("do_tusnumerosrd", TABLE, AFTERNOON, fault("do_tusnumerosrd", Kind.YESTERDAY)))
    assert {day for _, day, _ in rows_read} == {"05 agosto"}


def test_partial_shows_the_first_numbers_of_the_newest_draw_only() -> None:
    whole = new_york_rows(MEGA_MILLIONS, LATE_EVENING)
    half = new_york_rows(MEGA_MILLIONS, LATE_EVENING, fault("us_ny_data", Kind.PARTIAL, 2))
    newest = max(whole)
    assert half.pop(newest) == {"Winning Numbers": "18 39", "Mega Ball": "", "Multiplier": ""}
    whole.pop(newest)
    assert half == whole
    texas = texas_rows(TEXAS_POWERBALL, LATE_EVENING, fault("us_texas", Kind.PARTIAL, 1))
    assert texas[WEDNESDAY] == ["55", "", "", "", "", "", ""]
    board = blocks(page("do_loteriasdominicanas", BLOCKS, AFTERNOON, fault("do_loteriasdominicanas", Kind.PARTIAL, 2)))
    assert board[0] == (False, "Nacional", "Gana Más", "06-08-2025 14:43", "67 11")
    read = table(page("do_tusnumerosrd", TABLE, AFTERNOON, fault("do_tusnumerosrd", Kind.PARTIAL, 2)))
    assert ("Loteria Nacional Tarde (gana mas)", "06 agosto", "67 11 -") in read


def test_partial_never_makes_another_number_out_of_digits() -> None:
    row = new_york_rows(NUMBERS, LATE_EVENING, fault("us_ny_data", Kind.PARTIAL, 2))[WEDNESDAY]
    assert (row["Midday Win 4 #"], row["Evening Win 4 #"], row["Evening Daily #"]) == ("9253", "", "115")


def test_wrong_shows_another_number_that_could_be_right_and_always_the_same() -> None:
    wrong = fault("us_ny_data", Kind.WRONG)
    told, bent = new_york_rows(POWERBALL, LATE_EVENING), new_york_rows(POWERBALL, LATE_EVENING, wrong)
    assert told.pop(WEDNESDAY)["Winning Numbers"] == "09 11 17 19 55 01"
    assert bent.pop(WEDNESDAY)["Winning Numbers"] == "09 11 17 19 55 02"
    assert bent == told
    assert new_york_rows(NUMBERS, LATE_EVENING, wrong)[WEDNESDAY]["Evening Win 4 #"] == "6257"
    assert new_york_rows(TAKE_5, LATE_EVENING, wrong)[WEDNESDAY]["Evening Winning Numbers"] == "05 07 16 19 18"
    board = blocks(page("do_loteriasdominicanas", BLOCKS, AFTERNOON, fault("do_loteriasdominicanas", Kind.WRONG)))
    assert board[0][-1] == "67 11 45"


def test_wrong_bends_a_draw_that_is_played_not_whatever_stands_first() -> None:
    at = in_santo_domingo("2025-08-06 14:40")
    board = blocks(page("do_loteriasdominicanas", BLOCKS, at, fault("do_loteriasdominicanas", Kind.WRONG)))
    assert board[0][2:] == ("Juega + Pega +", "06-08-2025 14:39", "19 14 01 07 18")
    assert ("Quiniela Real", "62 41 39") in [(game, numbers) for _, _, game, _, numbers in board]


# On the wire

Answer = tuple[int, dict[str, str], bytes]


def ask(
    address: str, host: str, path: str, method: str = "GET", body: object = None, timeout: float = 20, **headers: str
) -> Answer:
    """One request over a connection of its own; header names are written with underscores."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=timeout)
    try:
        sent = {"Host": host, **{name.replace("_", "-"): text for name, text in headers.items()}}
        connection.request(method, path, None if body is None else json.dumps(body), sent)
        answer = connection.getresponse()
        return answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def visiting(world: World, at: datetime, visit: Callable[[Callable[..., Answer]], None]) -> None:
    """Serves the world on a real socket, stopped at that instant as far as seconds go, and lets `visit` ask it."""

    async def main() -> None:
        async with serving(world, WorldClock(at)) as address:
            await asyncio.to_thread(visit, lambda *args, **more: ask(address, *args, **more))

    asyncio.run(main())


def test_each_host_answers_with_its_own_format() -> None:
    world = World()

    def visit(get: Callable[..., Answer]) -> None:
        status, headers, body = get("data.ny.gov", f"{POWERBALL}?accessType=DOWNLOAD")
        assert (status, headers["content-type"]) == (200, "text/csv; charset=utf-8")
        assert body.startswith(b"Draw Date,Winning Numbers,Multiplier\n")
        status, headers, body = get("www.texaslottery.com:443", TEXAS_POWERBALL)
        assert (status, headers["content-type"].split(";")[0]) == (200, "text/csv")
        assert body.startswith(b"Powerball,6,2,2021,")
        assert len(blocks(get("loteriasdominicanas.com", BLOCKS)[2].decode())) == 20
        assert len(table(get("www.tusnumerosrd.com", TABLE)[2].decode())) == 29
        for form in FORMATS:
            assert get(form.host, "/robots.txt")[2] == b"User-agent: *\nAllow: /\n"
        assert get("data.ny.gov", BLOCKS)[0] == 404
        assert get("example.org", POWERBALL)[0] == 404

    visiting(world, AFTERNOON, visit)


def test_who_has_the_page_already_is_told_so_in_few_bytes() -> None:
    def visit(get: Callable[..., Answer]) -> None:
        _, headers, body = get("data.ny.gov", POWERBALL)
        assert get("data.ny.gov", POWERBALL, If_None_Match=headers["etag"])[::2] == (304, b"")
        assert get("data.ny.gov", POWERBALL, If_None_Match='"another"')[::2] == (200, body)
        assert get("data.ny.gov", POWERBALL, If_Modified_Since=headers["last-modified"])[0] == 304
        assert get("data.ny.gov", POWERBALL, If_Modified_Since="Tue, 01 Aug 2023 00:00:00 GMT")[0] == 200
        assert get("data.ny.gov", POWERBALL, If_Modified_Since="last week")[0] == 200
        status, shown, nothing = get("data.ny.gov", POWERBALL, "HEAD")
        assert (status, nothing, shown["etag"]) == (200, b"", headers["etag"])
        assert int(shown["content-length"]) == len(body)

        (powerball,) = [play for play in WORLD.plays if play.figures[0].game == "Powerball"]
        get("data.ny.gov", "/.clock", "POST", {"to": powerball.at.isoformat()})
        status, later, _ = get("data.ny.gov", POWERBALL, If_None_Match=headers["etag"])
        assert status == 200
        assert later["etag"] != headers["etag"]

    visiting(World(), in_new_york("2023-08-16 12:00"), visit)


def test_a_fault_lasts_for_its_asks_and_stays_with_its_source() -> None:
    world = World()

    def visit(get: Callable[..., Answer]) -> None:
        right = get("data.ny.gov", POWERBALL)[2]
        texas = get("www.texaslottery.com", TEXAS_POWERBALL)[2]
        world.faults.add("us_ny_data", "error", asks=2, only="d6yy-54nr")
        assert get("www.texaslottery.com", TEXAS_POWERBALL)[0] == 200
        assert get("data.ny.gov", TAKE_5)[0] == 200
        assert [get("data.ny.gov", POWERBALL)[0] for _ in range(3)] == [500, 500, 200]
        assert world.faults.active() == ()
        world.faults.add("us_ny_data", "wrong", asks=1)
        assert get("www.texaslottery.com", TEXAS_POWERBALL)[2] == texas
        _, headers, bent = get("data.ny.gov", POWERBALL)
        assert bent != right
        assert "last-modified" not in headers, "a lie must not hide the truth that follows it"
        assert get("data.ny.gov", POWERBALL)[2] == right

    visiting(world, LATE_EVENING, visit)


def test_a_fault_lasts_for_its_seconds() -> None:
    real = [0.0]
    faults = World().faults
    faults._monotonic = lambda: real[0]
    faults.add("us_texas", "late", seconds=10)
    assert [one.amount for one in faults.met("us_texas", TEXAS_POWERBALL)] == [60.0]
    real[0] = 10.0
    assert faults.met("us_texas", TEXAS_POWERBALL) == ()


def test_the_ways_of_the_wire_to_fail() -> None:
    world = World()

    def visit(get: Callable[..., Answer]) -> None:
        host, path = "loteriasdominicanas.com", BLOCKS
        whole = get(host, path)[2]

        world.faults.add("do_loteriasdominicanas", "error", asks=1)
        assert get(host, path)[0] == 500

        world.faults.add("do_loteriasdominicanas", "block", asks=1)
        status, _, body = get(host, path)
        assert (status, blocks(body.decode())) == (200, [])
        assert b"Access Blocked" in body

        world.faults.add("do_loteriasdominicanas", "redesign", asks=1)
        status, _, body = get(host, path)
        assert (status, blocks(body.decode()), texts(body.decode(), "score")) == (200, [], [])

        world.faults.add("do_loteriasdominicanas", "reset", asks=1)
        with pytest.raises(http.client.IncompleteRead) as broken:
            get(host, path)
        assert 0 < len(broken.value.partial) < len(whole)

        world.faults.add("do_loteriasdominicanas", "slow", asks=1, amount=0.3)
        began = monotonic()
        assert get(host, path)[2] == whole
        assert monotonic() - began >= 0.3

        world.faults.add("do_loteriasdominicanas", "timeout", asks=1)
        with pytest.raises(TimeoutError):
            get(host, path, timeout=0.3)
        assert get(host, path)[2] == whole

    visiting(world, AFTERNOON, visit)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.source)
def test_a_redesigned_page_of_any_source_holds_no_number(form: object) -> None:
    shown = re.sub(r"<[^>]*>", "", form.redesigned)  # type: ignore[attr-defined]
    assert not re.search(r"\d", shown)


def test_faults_and_clock_are_moved_over_http() -> None:
    def visit(get: Callable[..., Answer]) -> None:
        def faults(method: str = "GET", body: object = None, query: str = "") -> tuple[int, str]:
            status, _, content = get("127.0.0.1", f"/.faults{query}", method, body)
            return status, content.decode()

        status, listed = faults("POST", {"source": "us_texas", "kind": "late", "amount": 30, "asks": 3})
        assert (status, json.loads(listed)[0]["kind"], json.loads(listed)[0]["asks"]) == (200, "late", 3)
        assert faults("DELETE", query="?source=us_ny_data")[1] == listed
        assert faults("DELETE") == (200, "[]")
        assert faults("POST", {"source": "us_texsa", "kind": "late"})[0] == 400
        assert "take one of us_ny_data" in faults("POST", {"source": "us_texsa", "kind": "late"})[1]
        assert "take one of late, slow" in faults("POST", {"source": "us_texas", "kind": "later"})[1]
        assert "more than 0" in faults("POST", {"source": "us_texas", "kind": "late", "asks": 0})[1]
        assert "unknown field" in faults("POST", {"source": "us_texas", "kind": "late", "many": 1})[1]

        play = WORLD.plays[0]
        assert get("127.0.0.1", "/.clock", "POST", {"to": play.at.isoformat()})[0] == 200
        assert get("127.0.0.1", "/.clock", "POST", {"to": "2023-08-16"})[0] == 400
        told = json.loads(get("127.0.0.1", "/.clock")[2])
        assert timedelta() <= datetime.fromisoformat(told["now"]) - play.at < timedelta(minutes=1)
        assert told["next"] == {"draw": str(WORLD.plays[1]), "at": WORLD.plays[1].at.isoformat()}

    visiting(World(), DEMO[0].starts_at, visit)


def test_a_server_with_a_hanging_answer_stops_at_once_and_leaves_its_port(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.faults.add("us_texas", "timeout")
    met = world.faults.met

    async def main() -> tuple[str, float, Answer]:
        asked = asyncio.Event()

        def noticed(source: str, path: str) -> tuple[Fault, ...]:
            asked.set()
            return met(source, path)

        monkeypatch.setattr(world.faults, "met", noticed)
        async with serving(world, WorldClock(LATE_EVENING)) as address:
            hanging = asyncio.create_task(asyncio.to_thread(ask, address, "www.texaslottery.com", TEXAS_POWERBALL))
            await asked.wait()
            began = monotonic()
        return address, monotonic() - began, await hanging

    address, took, answer = asyncio.run(main())
    assert took < 5
    assert answer[0] != 200
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", urlsplit(address).port or 0)):
        pass


def test_a_taken_port_is_refused_with_a_sentence() -> None:
    async def main() -> None:
        async with serving(World(), WorldClock(LATE_EVENING)) as address:
            port = urlsplit(address).port
            assert port
            async with serving(World(), WorldClock(LATE_EVENING), port):
                pass

    with pytest.raises(PortTaken, match="set LOTTO_PORT to another, or stop what uses it"):
        asyncio.run(main())
