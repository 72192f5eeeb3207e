"""History: it goes in once however often it is loaded or killed, tells nobody, and comes out as it is."""

import csv
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Servers, drop, run
from lotto import catalogue, wire
from lotto.api.views import Publisher, Views
from lotto.captures import captures
from lotto.draws.draw import Draw, DrawKey, Evidence, Money, Observation, Prize, Status
from lotto.history.export import export
from lotto.history.intake import Intake, Taken
from lotto.history.mirror import Mirror, Mirrored
from lotto.ledger import chain, queries
from lotto.ledger.connection import Ledger, prepare
from lotto.ledger.record import record
from lotto.ledger.word import fingerprinted
from lotto.lines import form
from lotto.lines.errors import BadExport
from lotto.lines.line import Line, line_of
from lotto.scraper.shelf import shelf
from lotto.store import Store

KNOWN = catalogue.load()
SOURCES = shelf()
POWERBALL = KNOWN.lotteries["us_powerball"]
NOW = datetime(2025, 6, 1, tzinfo=UTC)
DAYS = [key.date for _, key in POWERBALL.draws(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))]
PAGES = 8
"""Of each of the two sources."""


def values(day: date) -> list[int]:
    """Made-up values of Powerball, of each day its own: five balls, the Powerball, the multiplier."""
    n = day.toordinal() % 30
    return [n + 1, n + 3, n + 8, n + 21, n + 39, n % 26 + 1, n % 4 + 2]


def texan(days: Sequence[date]) -> str:
    """A page as Texas writes it."""
    return "".join(f"Powerball,{day.month},{day.day},{day.year},{','.join(map(str, values(day)))}\n" for day in days)


def new_yorker(days: Sequence[date]) -> str:
    """A page as New York writes it."""
    rows = (f"{day:%m/%d/%Y},{' '.join(f'{value:02}' for value in values(day)[:6])},{values(day)[6]}\n" for day in days)
    return "Draw Date,Winning Numbers,Multiplier\n" + "".join(rows)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A folder with pages of two sources, each of a part of the year, recorded one an hour."""
    folder = tmp_path / "recorded"
    folder.mkdir()
    index = []
    for n in range(PAGES):
        days = DAYS[n::PAGES]
        for m, (source, text) in enumerate((("us_texas", texan(days)), ("us_ny_data", new_yorker(days)))):
            (folder / f"{source}-{n}.csv").write_text(text)
            at = datetime(2025, 1, 2, 2 * n + m, tzinfo=UTC).isoformat()
            url = f"{SOURCES[source].home}/api/views/d6yy-54nr/rows.csv?accessType=DOWNLOAD&n={n}"
            index.append(f'[[page]]\nfile = "{source}-{n}.csv"\nsource = "{source}"\nurl = "{url}"\nat = "{at}"\n')
    (folder / "pages.toml").write_text("\n".join(index))
    return folder


@pytest.fixture
def ledgers(servers: Servers, request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Two empty ledgers of the real world."""
    names = [f"history_{abs(hash(request.node.nodeid))}_{n}" for n in range(2)]
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        for name in names:
            conn.execute(f"CREATE DATABASE {name}")
            prepare(servers.database(name), "live")
        yield [servers.database(name) for name in names]
        for name in names:
            drop(conn, name)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Ledger]:
    async with Ledger(url, "test", "live") as ledger:
        yield ledger


def intake(ledger: Ledger, folder: Path, **more: Any) -> Intake:
    store = Store.open((folder / "store").as_uri(), public="")
    return Intake(ledger, store, KNOWN, SOURCES, lambda *_: None, NOW, **more)


def take(url: str, what: Path, **more: Any) -> Taken:
    """Imports that folder or file."""
    recorded = captures(what) if what.is_dir() else []

    async def story() -> Taken:
        async with opened(url) as ledger:
            taking = intake(ledger, what.parent, **more)
            return await (taking.pages(recorded) if recorded else taking.export(what))

    return run(story())


def give(url: str, path: Path, how: form.Format = "jsonl", lotteries: Sequence[str] = ("us_powerball",)) -> int:
    """Exports to that file."""

    async def story() -> int:
        async with opened(url) as ledger, ledger.reading() as conn:
            return await export(conn, lotteries, date.min, date.max, how, path, lambda *_: None)

    return run(story())


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that an import writes, but for the numbers that the database gives."""
    with psycopg.connect(url) as conn:
        return {
            table: conn.execute(f"SELECT {columns} FROM {table} ORDER BY {order}").fetchall()
            for table, columns, order in (
                ("page_fetch", "source, url, asked_at, sha256, outcome, note, imported", "id"),
                ("observation", "lottery, date, label, source, fingerprint, page, observed_at, body", "id"),
                ("result", "seq, hash, body", "seq"),
                ("draw", "lottery, date, label, drawn_at, status, told, seq", "seq"),
                ("outbox", "event_id", "event_id"),
            )
        }


def end(url: str) -> chain.Proof:
    """The proof of the whole chain."""

    async def story() -> chain.Proof:
        async with opened(url) as ledger, ledger.reading() as conn:
            return await chain.verify(conn)

    return run(story())


def published(url: str) -> dict[DrawKey, Draw]:
    """Every published draw."""

    async def story() -> dict[DrawKey, Draw]:
        async with opened(url) as ledger, ledger.reading() as conn:
            found = queries.all_published(conn, list(KNOWN.lotteries), date.min, date.max)
            return {one.key: one async for one in found}

    return run(story())


# --- in: recorded pages ---


def test_an_import_that_was_killed_and_is_run_again_ends_in_the_same_chain(
    ledgers: list[str], servers: Servers, recorded: Path, tmp_path: Path
) -> None:
    whole, killed = ledgers
    take(whole, recorded)
    environment = os.environ | {
        "LOTTO_DATABASE_URL": killed,
        "LOTTO_REDIS_URL": servers.redis_url,
        "LOTTO_DATA_DIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "lotto", "import", str(recorded)]
    with psycopg.connect(killed, autocommit=True) as conn:
        # The seventh page hangs in its transaction, when all of its rows are written.
        conn.execute(
            """CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS $$
               BEGIN IF NEW.url LIKE '%n=3' THEN PERFORM pg_sleep(600); END IF; RETURN NEW; END $$"""
        )
        conn.execute("CREATE TRIGGER hang BEFORE INSERT ON page_fetch FOR EACH ROW EXECUTE FUNCTION hang()")
        process = subprocess.Popen(command, env=environment)
        hanging = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        try:
            while (found := conn.execute(hanging).fetchone()) is None:
                assert process.poll() is None
                time.sleep(0.02)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        conn.execute("SELECT pg_terminate_backend(%s, 5000)", [found[0]])
        conn.execute("DROP FUNCTION hang CASCADE")
        assert len(rows(killed)["page_fetch"]) == 6
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert rows(killed) == rows(whole)
    assert end(killed) == end(whole)
    assert not end(whole).wrong
    assert end(whole).count == len(DAYS)


def test_an_import_run_twice_changes_nothing_and_tells_nobody(ledgers: list[str], recorded: Path) -> None:
    url, _ = ledgers
    first = take(url, recorded)
    before = rows(url)
    assert (first.pieces, first.before, first.said) == (2 * PAGES, 0, 2 * len(DAYS))
    second = take(url, recorded)
    assert (second.before, second.said, second.changed) == (2 * PAGES, 0, 0)
    again = take(url, recorded, again=True)
    assert (again.said, again.changed) == (2 * len(DAYS), 0)
    assert rows(url) == before
    assert before["outbox"] == []
    assert {draw.status for draw in published(url).values()} == {Status.CONFIRMED}


def test_a_draw_stands_since_what_it_rests_on_was_seen(ledgers: list[str], recorded: Path) -> None:
    url, _ = ledgers
    take(url, recorded)
    for draw in published(url).values():
        assert draw.updated_at == max(one.observed_at for one in draw.sources)


def test_a_page_that_cannot_be_read_is_told_of_and_taken_once_it_can(ledgers: list[str], recorded: Path) -> None:
    url, _ = ledgers
    page = recorded / "us_texas-2.csv"
    good = page.read_text()
    page.write_text("<html>We are closed.</html>\n")
    [words] = take(url, recorded).failed
    assert "us_texas-2.csv: PageChanged" in words
    page.write_text(good)
    assert take(url, recorded).changed == len(DAYS[2::PAGES])


def test_what_was_told_before_is_told_when_an_import_corrects_it(ledgers: list[str], recorded: Path) -> None:
    url, _ = ledgers
    day = DAYS[0]
    wrong = {"main": (1, 2, 3, 4, 5), "bonus": (6,)}

    async def story() -> None:
        async with opened(url) as ledger:
            at = datetime(2024, 6, 1, tzinfo=UTC)
            said = [
                Observation(DrawKey("us_powerball", day), name, SOURCES[name].origin, True, wrong, at, "ab")
                for name in ("us_texas", "us_ny_data")
            ]
            await record(ledger, POWERBALL, said, at)

    run(story())
    take(url, recorded)
    assert published(url)[DrawKey("us_powerball", day)].numbers["main"] == tuple(values(day)[:5])
    with psycopg.connect(url) as conn:
        told = conn.execute("SELECT type, lottery, date FROM outbox ORDER BY created_at, revision, update").fetchall()
    assert {(lottery, on) for _, lottery, on in told} == {("us_powerball", day)}
    assert [kind for kind, *_ in told][-1] == "result_corrected"


# --- in and out: exports ---


@pytest.mark.parametrize("how", ["jsonl", "csv"])
def test_an_export_imported_elsewhere_gives_the_same_numbers(
    ledgers: list[str], recorded: Path, tmp_path: Path, how: form.Format
) -> None:
    ours, theirs = ledgers
    take(ours, recorded)
    file = tmp_path / f"all.{how}"
    assert give(ours, file, how) == len(DAYS)
    taken = take(theirs, file)
    assert (taken.said, taken.others, taken.strangers) == (2 * len(DAYS), 0, {})
    before = rows(theirs)
    assert take(theirs, file).changed == 0
    assert rows(theirs) == before

    def heart(draw: Draw) -> tuple[object, ...]:
        return draw.numbers, draw.drawn, draw.prizes, draw.jackpot, draw.status, draw.drawn_at

    ours_now, theirs_now = published(ours), published(theirs)
    assert {key: heart(draw) for key, draw in theirs_now.items()} == {
        key: heart(draw) for key, draw in ours_now.items()
    }
    # What is exported there again is what was exported here, but for the pages that it rests on.
    back = tmp_path / f"back.{how}"
    give(theirs, back, how)
    pages = {one.page for draw in theirs_now.values() for one in draw.sources}
    assert pages == {hashlib.sha256(file.read_bytes()).hexdigest()}
    assert [one.numbers for one in form.read(back)] == [one.numbers for one in form.read(file)]


def line(**more: Any) -> Line:
    """A line of an export, with one source that agrees."""
    at = datetime(2024, 11, 3, 12, tzinfo=UTC)
    day = date(2024, 11, 2)
    numbers = {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}
    word = Evidence("us_texas", True, "texas_lottery", numbers, True, at, "ab")
    draw = Draw(
        DrawKey("us_powerball", day),
        Status.CONFIRMED,
        datetime(2024, 11, 3, 2, 59, tzinfo=UTC),
        1,
        numbers=numbers,
        jackpot=Money(Decimal("1000.50"), "USD"),
        prizes=(Prize("5+1", 0, Money(Decimal("1000.50"), "USD")),),
        sources=(word,),
        observed_at=at,
        decided_at=at,
        updated_at=at,
    )
    return msgspec.structs.replace(line_of(draw), **more)


def file_of(folder: Path, *lines: Line) -> Path:
    path = folder / "some.jsonl"
    with path.open("wb") as file:
        writer = form.opened("jsonl", file)
        for one in lines:
            writer.add(one)
        writer.close()
    return path


def test_what_an_export_claims_of_trust_counts_for_nothing(ledgers: list[str], tmp_path: Path) -> None:
    url, _ = ledgers
    word = line().sources[0]
    # It says that it is confirmed, and that a source which is not official were.
    forged = line(sources=(replace(word, source="us_lottery_net", official=True, origin="somebody"),))
    assert take(url, file_of(tmp_path, forged)).said == 1
    assert published(url) == {}


def test_values_against_the_rules_are_not_published_whoever_exports_them(ledgers: list[str], tmp_path: Path) -> None:
    url, _ = ledgers
    bad = {"main": (10, 45, 48, 58, 99), "bonus": (2,)}
    words = tuple(replace(line().sources[0], source=name, numbers=bad) for name in ("us_texas", "us_ny_data"))
    take(url, file_of(tmp_path, line(numbers=bad, sources=words)))
    assert published(url) == {}


def test_prizes_and_jackpot_come_over_exactly(ledgers: list[str], tmp_path: Path) -> None:
    url, _ = ledgers
    second = replace(line().sources[0], source="us_ny_data")
    take(url, file_of(tmp_path, line(sources=(*line().sources, second))))
    [draw] = published(url).values()
    assert draw.status is Status.CONFIRMED
    assert draw.jackpot == Money(Decimal("1000.50"), "USD")
    assert str(draw.prizes[0].amount.amount if draw.prizes[0].amount else "") == "1000.50"


def test_lotteries_and_sources_that_are_none_of_ours_are_counted(ledgers: list[str], tmp_path: Path) -> None:
    url, _ = ledgers
    stranger = replace(line().sources[0], source="xx_nobody")
    taken = take(url, file_of(tmp_path, line(lottery="xx_other"), line(sources=(*line().sources, stranger))))
    assert (taken.others, taken.strangers, taken.said) == (1, {"xx_nobody": 1}, 1)


def test_what_is_seen_after_now_is_refused_and_writes_nothing(ledgers: list[str], tmp_path: Path) -> None:
    url, _ = ledgers
    late = replace(line().sources[0], observed_at=NOW + timedelta(days=1))
    with pytest.raises(BadExport, match="still to come"):
        take(url, file_of(tmp_path, line(sources=(late,))))
    assert rows(url)["observation"] == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.jsonl", '{"lottery": "us_powerball"}\n', "a.jsonl, line 1: Object missing required field"),
        ("a.jsonl", "{\n", "a.jsonl, line 1: Input data was truncated"),
        ("a.csv", "lottery,date\n", "a.csv, line 1: the columns must be lottery, date"),
        ("a.csv", ",".join(form.COLUMNS) + "\r\nus_powerball,2024-11-02\r\n", "a.csv, line 2: there are 2 cells"),
        ("a.csv", "\ufeff\x00", "a.csv, line 1"),
        ("a.txt", "", "its name must end in .jsonl or .csv"),
    ],
)
def test_a_file_that_is_no_export_is_told_in_a_sentence(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadExport, match=said):
        list(form.read(tmp_path / name))


# --- out: forms ---

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.one_of(st.integers(0, 99), TEXTS)
SHOWN = st.dictionaries(TEXTS, st.lists(VALUES, max_size=3).map(tuple), max_size=3)
MONEY = st.builds(Money, st.decimals(allow_nan=False, allow_infinity=False), TEXTS)
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
LINES = st.builds(
    line_of,
    st.builds(
        Draw,
        key=st.builds(DrawKey, TEXTS, st.dates(date(1900, 1, 1)), TEXTS),
        status=st.sampled_from(Status),
        drawn_at=INSTANTS,
        revision=st.integers(0, 9),
        numbers=SHOWN,
        drawn=SHOWN,
        serial=st.none() | TEXTS.filter(bool),
        jackpot=st.none() | MONEY,
        prizes=st.lists(st.builds(Prize, TEXTS, st.none() | st.integers(0, 9), st.none() | MONEY), max_size=2).map(
            tuple
        ),
        reason=TEXTS,
        sources=st.lists(
            st.builds(Evidence, TEXTS, st.booleans(), TEXTS, SHOWN, st.booleans(), INSTANTS, TEXTS), max_size=2
        ).map(tuple),
        observed_at=st.none() | INSTANTS,
        decided_at=st.none() | INSTANTS,
        updated_at=st.none() | INSTANTS,
    ),
)


def written(lines: Sequence[Line], how: form.Format) -> bytes:
    file = io.BytesIO()
    writer = form.opened(how, file)
    for one in lines:
        writer.add(one)
    writer.close()
    return file.getvalue()


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(LINES, max_size=3), how=st.sampled_from(["csv", "jsonl"]))
def test_every_line_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, lines: list[Line], how: form.Format
) -> None:
    path = tmp_path_factory.getbasetemp() / f"lines.{how}"
    path.write_bytes(written(lines, how))
    assert list(form.read(path)) == lines


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_no_cell_of_a_csv_is_a_formula(one: Line) -> None:
    [_, row] = csv.reader(io.StringIO(written([one], "csv").decode(), newline=""), strict=True)
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def test_a_parquet_file_has_days_and_instants_and_exact_amounts() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    [row] = parquet.read_table(io.BytesIO(written([line()], "parquet"))).to_pylist()
    assert (row["date"], row["drawn_at"]) == (line().date, line().drawn_at)
    assert json.loads(row["jackpot"]) == {"amount": "1000.50", "currency": "USD"}
    assert json.loads(row["numbers"])["main"] == [10, 45, 48, 58, 61]
    assert row["serial"] is None


def test_without_the_extra_parquet_is_told_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(BadExport, match=r"install lotto\[parquet\]"):
        form.opened("parquet", io.BytesIO())


def test_an_export_that_fails_leaves_the_file_that_was_there(ledgers: list[str], tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text("before")

    async def story() -> None:
        async with opened(ledgers[0]) as ledger, ledger.reading() as conn:
            await conn.execute("ALTER TABLE result RENAME TO gone")
            await export(conn, ["us_powerball"], date.min, date.max, "jsonl", path, lambda *_: None)

    with pytest.raises(psycopg.errors.UndefinedTable):
        run(story())
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


# --- out: the mirror ---


def mirrored(url: str, folder: Path, lotteries: Sequence[str] = ("us_powerball",)) -> Mirrored:
    known = Views(
        KNOWN,
        {name: Publisher(one.publisher, one.official, one.origin, one.home) for name, one in SOURCES.items()},
        str,
    )

    async def story() -> Mirrored:
        async with opened(url) as ledger, ledger.reading() as conn:
            return await Mirror(folder, KNOWN, known, NOW).write(conn, lotteries, lambda *_: None)

    return run(story())


def test_a_mirror_writes_only_what_changed_and_names_every_file_with_its_hash(
    ledgers: list[str], recorded: Path, tmp_path: Path
) -> None:
    url, _ = ledgers
    folder = tmp_path / "mirror"
    take(url, recorded)
    first = mirrored(url, folder)
    assert first.written == first.files
    assert mirrored(url, folder).written == 0
    named = json.loads((folder / "manifest.json").read_bytes())["files"]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == {*named, "manifest.json"}
    for name, told in named.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == told["sha256"]
    year = json.loads((folder / "lotteries/us_powerball/draws/2024.json").read_bytes())
    assert (len(year["items"]), year["next"]) == (len(DAYS), None)
    assert year["items"][0]["numbers"]["main"] == values(DAYS[-1])[:5]
    latest = json.loads((folder / "results/latest.json").read_bytes())["items"]
    assert [one["date"] for one in latest] == [DAYS[-1].isoformat()]


def test_a_mirror_takes_away_what_it_wrote_before_and_nothing_else(ledgers: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    mirrored(ledgers[0], folder, ["us_powerball", "us_mega_millions"])
    (folder / "CNAME").write_text("mirror.example")
    done = mirrored(ledgers[0], folder)
    assert done.removed == 1
    assert not (folder / "lotteries/us_mega_millions.json").exists()
    assert (folder / "CNAME").exists()


# --- the command line ---


def test_an_export_of_a_span_is_written_from_the_command_line(lotto: Any, tmp_path: Path) -> None:
    code, out, _ = lotto("export", "--lottery", "us_powerball", "--format", "csv", "--out", str(tmp_path / "a.csv"))
    assert (code, out.strip()) == (0, f"{tmp_path / 'a.csv'}: 0 draws.")
    assert (tmp_path / "a.csv").read_bytes() == (",".join(form.COLUMNS) + "\r\n").encode()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export"], "Say where to"),
        (["export", "--mirror", "m", "--from", "2024-01-01"], "A mirror holds all days"),
        (["export", "--out", "x", "--from", "2024-02-01", "--to", "2024-01-01"], "before it begins"),
        (["export", "--out", "x", "--lottery", "no"], "There is no lottery “no”"),
        (["import", "missing.jsonl"], "There is no missing.jsonl"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(lotto: Any, words: list[str], said: str) -> None:
    code, _, error = lotto(*words)
    assert code == 1
    assert said in error


# --- the pen: what was written before must still be what is written now ---


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_canonical_json_and_fingerprints_are_what_they_always_were(one: Line) -> None:
    draw = Draw(
        one.key,
        Status(one.status),
        one.drawn_at,
        numbers=one.numbers,
        drawn=one.drawn,
        serial=one.serial,
        jackpot=one.jackpot,
        prizes=one.prizes,
        reason=one.reason,
        sources=one.sources,
    )
    assert chain.linked("ab", 7, "live", chain.canonical(draw)) == chain.link("ab", 7, "live", wire.plain(draw))
    said = Observation(
        one.key, "us_texas", "", True, one.numbers, one.drawn_at, "", 1, one.drawn, one.serial, one.jackpot, one.prizes
    )
    before = [said.numbers, said.drawn, said.serial, said.jackpot, said.prizes, said.parser]
    assert fingerprinted(said) == json.dumps(wire.plain(before), sort_keys=True).encode()
