"""The shelf of sources: what each makes of recorded pages and of our own, and what it makes of broken ones."""

import ast
import hashlib
import importlib
import json
import re
import socket
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import RECORDINGS
from lotto import catalogue
from lotto.scraper import sources as ours
from lotto.scraper.contents import markup
from lotto.scraper.shelf import for_url, shelf
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Source, SourceError
from lotto.shelf import BadShelf
from pages import EXPECTED, Case, body_of, own_cases, packed, page_of, parts_of, prove, readings_of

TESTS = Path(__file__).parent
SHELF = shelf()
OWN = list(own_cases())
WHOLE = [(source, case) for source, case in OWN if "raises" not in case]
"""The pages of ours that show draws, or lead to them."""


# Recorded pages


def recorded() -> list[tuple[str, str]]:
    """Every recorded file of the folders that are read, found on the disk and not in our own list."""
    return sorted(
        (folder, file.name)
        for folder in EXPECTED
        for file in (RECORDINGS / folder).iterdir()
        if file.name != "recording.toml"
    )


if RECORDINGS.is_dir():

    @pytest.mark.parametrize(("folder", "name"), recorded(), ids=["/".join(one) for one in recorded()])
    def test_a_recorded_page_gives_what_stands_in_it(folder: str, name: str) -> None:
        case = next(case for case in EXPECTED[folder] if case["file"] == name)
        body = (RECORDINGS / folder / name).read_bytes()
        assert hashlib.sha256(body).hexdigest() == case["page"], "This is not the recording that was expected."
        prove(SHELF[case["source"]], case, body)

    def test_every_recorded_file_has_a_case_and_every_case_its_file() -> None:
        assert recorded() == sorted((folder, case["file"]) for folder, cases in EXPECTED.items() for case in cases)


def test_every_folder_that_is_read_has_an_independent_reader() -> None:
    readers = {file.stem: file for file in (TESTS / "expected" / "readers").glob("*.py")}
    assert set(readers) == set(EXPECTED)
    for file in readers.values():
        assert not re.search(r"(?m)^\s*(from|import) lotto\b", file.read_text(encoding="utf-8")), file.name


# Pages of our own


@pytest.mark.parametrize(("source", "case"), OWN, ids=[f"{source}: {case['case']}" for source, case in OWN])
def test_a_page_of_ours_gives_what_its_case_says(source: str, case: Case) -> None:
    prove(SHELF[source], case, body_of(source, case))


def test_every_source_has_pages_of_ours_and_every_page_a_case() -> None:
    files = {(file.parent.name, file.name) for file in (TESTS / "sources").glob("*/*") if file.name != "cases.json"}
    assert {(source, case["file"]) for source, case in OWN} == files
    assert {source for source, _ in OWN} == set(SHELF)


def test_the_page_decides_the_day_and_not_the_hour_it_was_asked_for() -> None:
    case = next(case for source, case in OWN if source == "do_loteriasdominicanas" and "readings" in case)
    page = page_of(case, body_of("do_loteriasdominicanas", case))
    night = Page(page.url, page.body, datetime(2025, 8, 7, 3, 59, tzinfo=UTC))
    assert readings_of(SHELF["do_loteriasdominicanas"], night) == readings_of(SHELF["do_loteriasdominicanas"], page)


def in_utf8(case: Case) -> bool:
    return "encoding" not in case and not case["file"].endswith((".zip", ".xlsx"))


def test_a_file_begins_with_a_byte_order_mark_or_not() -> None:
    for source, case in WHOLE:
        if in_utf8(case):
            body = body_of(source, case)
            marked = readings_of(SHELF[source], page_of(case, b"\xef\xbb\xbf" + body))
            assert marked == readings_of(SHELF[source], page_of(case, body))


MARKUP = sorted({source for source, case in WHOLE if case["file"].endswith(".html")})


@pytest.mark.parametrize("source", MARKUP)
def test_a_broken_byte_in_a_page_is_refused_or_harmless(source: str) -> None:
    case = next(case for name, case in WHOLE if name == source)
    body = body_of(source, case)
    whole = readings_of(SHELF[source], page_of(case, body))
    refused = 0
    for number in re.finditer(rb"[0-9](?=[^<>]*<)", body):
        broken = body[: number.end()] + b"\xff" + body[number.end() :]
        try:
            assert readings_of(SHELF[source], page_of(case, broken)) == whole
        except PageChanged:
            refused += 1
    assert refused


@pytest.mark.parametrize("source", sorted({source for source, case in WHOLE if in_utf8(case)} - {*MARKUP}))
def test_a_file_of_another_encoding_is_refused(source: str) -> None:
    case = next(case for name, case in WHOLE if name == source and in_utf8(case))
    body = body_of(source, case)
    for broken in (re.sub(b"[,\t]", b"\xe9,", body, count=1), body.decode().encode("utf-16"), b"", b"\n \n"):
        with pytest.raises(PageChanged):
            list(SHELF[source].read(page_of(case, broken)))


@pytest.mark.parametrize("source", SHELF)
def test_what_is_too_big_is_refused_before_it_is_parsed(source: str) -> None:
    case = next(case for name, case in WHOLE if name == source)
    body = body_of(source, case)
    with pytest.raises(PageChanged, match=r"more than"):
        list(SHELF[source].read(page_of(case, body * (8_000_000 // len(body) + 1))))
    with pytest.raises(PageChanged):
        list(SHELF[source].read(page_of(case, b"<div>" * (markup.MOST_TAGS + 1))))


# Broken pages


def keys_of(readings: list[Reading]) -> dict[tuple[str, date, str], Reading]:
    return {(one.name, one.date, one.label): one for one in readings}


@pytest.mark.parametrize("source", SHELF)
def test_a_page_cut_anywhere_never_shows_another_number(source: str) -> None:
    cut_short = 0
    for case in (case for name, case in WHOLE if name == source):
        body = body_of(source, case)
        whole = keys_of(readings_of(SHELF[source], page_of(case, body)))
        for end in range(0, len(body), 1 if case["file"].endswith(".csv") and len(body) < 10_000 else 11):
            try:
                cut = keys_of(readings_of(SHELF[source], page_of(case, body[:end])))
            except SourceError:
                cut_short += 1
                continue
            for key, one in cut.items():
                for pool, texts in one.numbers.items():
                    told = whole[key].numbers[pool]
                    # A draw that the file has twice is open only when both its rows are there.
                    assert texts == told or None in told, f"{key} cut at {end}"
    assert cut_short > 20


def tokens(body: bytes) -> list[bytes]:
    """Tags and texts of markup, strings and figures of a document, or fields of a table, ends included."""
    if b"<html" in body:
        return re.findall(rb"<[^>]*>|[^<]+", body)
    if body.lstrip()[:1] in (b"[", b"{"):
        return re.findall(rb'"[^"]*"|[0-9.]+|[^"0-9]+|"', body)
    return re.findall(rb"[^,;\t\n]*[,;\t\n]?", body)


@st.composite
def broken(draw: st.DrawFn, source: str) -> Page:
    """A page of ours to which one to four bad things happened; of several files, to one of them."""
    case = draw(st.sampled_from([case for name, case in WHOLE if name == source]))
    files = dict(parts_of(source, case))
    name = draw(st.sampled_from(sorted(files)))
    body = files[name]
    for _ in range(draw(st.integers(1, 4))):
        parts = tokens(body)
        places = st.integers(0, max(0, len(parts) - 1))
        here, there = draw(places), draw(places)
        match draw(st.sampled_from(("drop", "double", "swap", "cut", "digits", "bytes", "text"))):
            case "drop":
                del parts[here : here + draw(st.integers(1, 8))]
            case "double":
                parts.insert(there, b"".join(parts[here : here + draw(st.integers(1, 8))]))
            case "swap" if parts:
                parts[here], parts[there] = parts[there], parts[here]
            case "cut":
                del parts[here:]
            case "digits" if parts:
                parts[here] = parts[here].translate(bytes.maketrans(b"0123456789", b"9081726354"))
            case "bytes" if "encoding" not in case:
                parts.insert(here, draw(st.binary(max_size=12)))
            case _:
                letters = st.text(st.characters(codec=case.get("encoding", "utf-8")), max_size=12)
                parts.insert(here, draw(letters).encode())
        body = b"".join(parts)
    files[name] = body
    return page_of(case, packed(case, files))


def assert_well_formed(one: Reading, page: Page) -> None:
    assert 0 < len(one.name) <= 2 * markup.LONGEST_TEXT + 3
    assert one.name == " ".join(one.name.split())
    assert type(one.date) is date
    assert 1900 <= one.date.year <= page.at.year + 1
    assert re.fullmatch("[A-Za-z0-9:._-]{0,40}", one.label)
    assert one.numbers
    assert all(re.fullmatch("[a-z][a-z0-9_-]*", pool) for pool in one.numbers)
    for texts in one.numbers.values():
        assert texts
        assert isinstance(texts, tuple)
        for text in texts:
            assert text is None or (isinstance(text, str) and text.strip() == text and 0 < len(text) <= 60)


@pytest.mark.parametrize("source", SHELF)
def test_a_broken_page_gives_well_formed_readings_or_one_of_the_two_errors(source: str) -> None:
    refused = []

    @settings(max_examples=200, deadline=None, derandomize=True, database=None)
    @given(broken(source))
    def holds(page: Page) -> None:
        try:
            readings = readings_of(SHELF[source], page)
        except (PageChanged, PageNotYet) as error:
            refused.append(str(error))
        else:
            assert len(keys_of(readings)) == len(readings)
            for one in readings:
                assert_well_formed(one, page)

    holds()
    assert 20 < len(refused) < 200


# The shelf


def test_the_four_sources_stand_on_the_shelf_by_the_names_of_their_files() -> None:
    files = {file.stem for file in Path(ours.__path__[0]).glob("*.py")} - {"__init__", "source"}
    assert set(SHELF) == files
    assert files >= {"us_ny_data", "us_texas", "do_loteriasdominicanas", "do_tusnumerosrd"}
    for name, source in SHELF.items():
        assert source.name == name
        assert type(source).__module__ == f"lotto.scraper.sources.{name}"


@pytest.mark.parametrize("source", SHELF.values(), ids=SHELF)
def test_a_source_states_its_facts(source: Source) -> None:
    assert source.publisher.strip()
    assert source.origin.strip()
    assert isinstance(source.official, bool)
    assert source.home.startswith("https://")
    assert source.pace >= 30, "Nobody is asked more often than every half minute."
    assert source.parser >= 1
    assert source.resting == "" or len(source.resting.split()) >= 3, "A resting source says why, in words."
    assert type(source).__doc__


def test_a_lottery_of_several_sources_hears_of_several_origins() -> None:
    for lottery in catalogue.load().lotteries.values():
        assert len(lottery.sources) == 1 or len({SHELF[one].origin for one in lottery.sources}) > 1, lottery.id
    assert {name for name, source in SHELF.items() if source.official} >= {"us_ny_data", "us_texas"}


def test_a_source_opens_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def shut(*_: object, **__: object) -> None:
        raise AssertionError("A source opened a socket.")

    monkeypatch.setattr(socket, "socket", shut)
    monkeypatch.setattr(socket, "getaddrinfo", shut)
    for source, case in WHOLE:
        for one in readings_of(SHELF[source], page_of(case, body_of(source, case))):
            assert list(SHELF[source].pages(Ask(one.name, one.date)))


MAY_IMPORT = {
    "collections",
    "collections.abc",
    "contextlib",
    "dataclasses",
    "datetime",
    "decimal",
    "functools",
    "itertools",
    "re",
    "typing",
    "urllib.parse",
    "msgspec",
    "msgspec.structs",
    "zoneinfo",
    "selectolax.lexbor",
    "lotto.scraper.contents",
    "lotto.scraper.sources.source",
}
MAY_NOT_NAME = {"open", "eval", "exec", "compile", "__import__", "input", "print", "now", "utcnow", "today", "environ"}


@pytest.mark.parametrize("name", SHELF)
def test_a_source_imports_and_names_nothing_impure(name: str) -> None:
    tree = ast.parse((Path(ours.__path__[0]) / f"{name}.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    called = [
        node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) != "re.compile"
    ]
    named = {func.id if isinstance(func, ast.Name) else getattr(func, "attr", "") for func in called}
    assert imported <= MAY_IMPORT
    assert not named & MAY_NOT_NAME


def test_reading_a_page_twice_gives_the_same() -> None:
    for source, case in WHOLE:
        page = page_of(case, body_of(source, case))
        assert readings_of(SHELF[source], page) == readings_of(SHELF[source], page)


def test_what_is_asked_for_comes_from_the_source_that_reads_it() -> None:
    for name, case in OWN:
        source = SHELF[name]
        hosts = {urlsplit(source.home).hostname, *source.hosts}
        assert urlsplit(case["url"]).hostname in hosts
        for reading in case.get("readings", ()):
            requests = list(source.pages(Ask(reading[2], date(2025, 8, 6))))
            assert requests
            assert {urlsplit(request.url).hostname for request in requests} <= hosts


def test_every_name_in_the_catalogue_is_one_that_its_source_knows() -> None:
    for lottery in catalogue.load().lotteries.values():
        for source, names in lottery.sources.items():
            for name in names:
                assert list(SHELF[source].pages(Ask(name, date(2025, 8, 6)))), f"{lottery.id}: {source} has no {name}"


@pytest.mark.parametrize("source", ["us_ny_data", "us_texas"])
def test_a_name_that_a_source_does_not_know_is_refused_with_those_it_knows(source: str) -> None:
    with pytest.raises(SourceError, match=r"“Powerbill” here; those we know are .+"):
        list(SHELF[source].pages(Ask("Powerbill", date(2025, 8, 6))))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://data.ny.gov/api/views/d6yy-54nr/rows.csv?accessType=DOWNLOAD", "us_ny_data"),
        ("https://www.texaslottery.com/export/x.csv", "us_texas"),
        ("https://texaslottery.com:443/", "us_texas"),
        ("https://loteriasdominicanas.com/", "do_loteriasdominicanas"),
        ("https://WWW.TusNumerosRD.com/resultados.php", "do_tusnumerosrd"),
    ],
)
def test_an_address_tells_its_source(url: str, name: str) -> None:
    assert for_url(url).name == name


@pytest.mark.parametrize("url", ["https://notdata.ny.gov/", "https://ny.gov/", "data.ny.gov", "", "https://[oh", "x:"])
def test_an_address_of_no_source_is_refused_with_those_there_are(url: str) -> None:
    with pytest.raises(BadShelf, match=r"No source has pages at .*; the sources are .*do_loteriasdominicanas, .*\."):
        for_url(url)


# Adding to the shelf


def fenced(language: str) -> str:
    """The first block of that language in the guide."""
    guide = (TESTS.parent / "docs" / "add-a-source.md").read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```", guide, re.DOTALL)
    assert found is not None
    return found[1]


def package(folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], name: str = "hill") -> ModuleType:
    """A package of these files, importable until the test ends."""
    (folder / name).mkdir(parents=True)
    for file, text in {"__init__": "", **files}.items():
        (folder / name / f"{file}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    for module in [module for module in sys.modules if module.partition(".")[0] == name]:
        monkeypatch.delitem(sys.modules, module)
    return importlib.import_module(name)


def announce(folder: Path, line: str) -> None:
    """Has the package in `folder` offer an entry point, as if it were installed."""
    info = folder / "hill-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hill\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[lotto.sources]\n{line}\n", encoding="utf-8")


def test_the_guides_example_does_what_the_guide_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hill = shelf(package(tmp_path, monkeypatch, {"zz_hill_lottery": fenced("python")}))
    (case,) = json.loads(fenced("json"))
    prove(hill["zz_hill_lottery"], case, fenced("csv").encode())


def test_a_package_adds_a_source_by_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, monkeypatch, {"zz_hill_lottery": fenced("python")})
    announce(tmp_path, "zz_hill_lottery = hill.zz_hill_lottery")
    assert set(shelf()) == {*SHELF, "zz_hill_lottery"}
    assert shelf()["zz_hill_lottery"].name == "zz_hill_lottery"
    assert for_url("https://lottery.example/draws.csv").name == "zz_hill_lottery"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("us_texas = hill.us_texas", r"Two sources are named us_texas: lotto\.scraper\.sources\.us_texas and hill\."),
        ("zz_hill = hill.us_texas", r"The entry point zz_hill of lotto\.sources is hill\.us_texas; give a module of"),
        ("us_texas = hill.us_texas:HillLottery", r"give a module of that name"),
        ("zz_gone = hill.zz_gone", r"The entry point zz_gone of lotto\.sources cannot be loaded: No module named"),
    ],
)
def test_an_entry_point_that_does_not_fit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, says: str
) -> None:
    package(tmp_path, monkeypatch, {"us_texas": fenced("python")})
    announce(tmp_path, line)
    with pytest.raises(BadShelf, match=says):
        shelf()


def test_two_sources_of_one_host_are_told_apart_by_hand_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = fenced("python").replace(
        'home = "https://lottery.example"', 'home = "https://hill.example"\n    hosts = ("data.ny.gov",)'
    )
    package(tmp_path, monkeypatch, {"zz_hill_lottery": text})
    announce(tmp_path, "zz_hill_lottery = hill.zz_hill_lottery")
    with pytest.raises(BadShelf, match=r"us_ny_data, zz_hill_lottery all have pages at “data\.ny\.gov”"):
        for_url("https://data.ny.gov/x")
    assert for_url("https://hill.example/").name == "zz_hill_lottery"


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('    publisher = "Hill Lottery"\n', "", "The source does not say its publisher."),
        ('    origin = "hill_lottery"\n', '    origin = " "\n', "The source does not say its origin."),
        ('    home = "https://lottery.example"\n', "", "The source does not say its home."),
        ("https://lottery.example", "lottery.example", "“lottery.example” is not an address"),
        ("    official = True\n", "", "The source does not say whether it is official."),
        ("    official = True\n", "    official = True\n    pace = 0.0\n", "The pace is more than 0 seconds"),
        ("    def pages(", "    def sheets(", "The source has no method pages."),
        ("    def read(", "    def look(", "The source has no method read."),
        ("class HillLottery(Source):", "class HillLottery:", "has 0 sources; a file has one"),
        ("class HillLottery(Source):", "class Other(Source): ...\n\n\nclass HillLottery(Source):", "has 2 sources"),
    ],
)
def test_a_source_that_lacks_something_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: str, now: str, says: str
) -> None:
    text = fenced("python")
    assert was in text
    with pytest.raises(BadShelf, match=re.escape(says)):
        shelf(package(tmp_path, monkeypatch, {"zz_hill_lottery": text.replace(was, now, 1)}))


def test_a_file_is_named_by_country_and_publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadShelf, match="“hill” is not the name of a source"):
        shelf(package(tmp_path, monkeypatch, {"hill": fenced("python")}))
