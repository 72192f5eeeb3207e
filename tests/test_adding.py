"""Adding: what `lotto new` writes, what `lotto capture` keeps, and what `lotto prove` says is still wrong."""

import importlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import tomllib
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lotto import catalogue, cli, kept
from lotto.captures import captures
from lotto.catalogue.load import OURS
from lotto.commands import new, terminal
from lotto.scraper import sources as ours
from lotto.scraper.cases import load
from lotto.scraper.shelf import shelf
from lotto.skeletons import FILL_IN
from test_sources import announce, fenced, package

Lotto = Callable[..., tuple[int, str, str]]


class Site(ThreadingHTTPServer):
    """A publisher on this machine: what it serves at any address, but for robots.txt, which it has not."""

    body = b""
    status = 200
    media = "text/csv"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Serving(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        site = self.server
        assert isinstance(site, Site)
        there = self.path != "/robots.txt"
        self.send_response(site.status if there else 404)
        self.send_header("Content-Type", site.media)
        self.send_header("Content-Length", str(len(site.body) if there else 0))
        self.end_headers()
        self.wfile.write(site.body if there else b"")

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(("127.0.0.1", 0), Serving) as server:
        server.body = fenced("csv").encode()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of a few of our lotteries: each command loads it anew, and they do not need them all."""
    folder = tmp_path_factory.mktemp("catalogue")
    for pattern in (
        "lotteries/br_*.toml",
        "lotteries/tr_*.toml",
        "lotteries/us_powerball.toml",
        "collections/bra*.toml",
    ):
        for file in OURS.glob(pattern):
            (folder / file.parent.name).mkdir(exist_ok=True)
            shutil.copy(file, folder / file.parent.name)
    return folder


@pytest.fixture
def lotto(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lotto:
    """Runs a command in an empty folder, without servers: exit code, standard output and standard error."""
    monkeypatch.setattr(sys.modules["lotto.catalogue.load"], "OURS", few)
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("LOTTO_")]:
        monkeypatch.delenv(name)

    def run_command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["lotto", *words])
        monkeypatch.setattr(terminal.out, "width", 1000)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        code = ended.value.code
        return code if isinstance(code, int) else 0, said.out, said.err

    return run_command


@pytest.fixture
def hill(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The guide's source as a package that is installed, with its home on this machine; its file."""
    text = fenced("python").replace("https://lottery.example", site.address)
    package(tmp_path / "plugin", monkeypatch, {"zz_hill_lottery": text})
    announce(tmp_path / "plugin", "zz_hill_lottery = hill.zz_hill_lottery")
    monkeypatch.setenv("LOTTO_ALLOW", json.dumps([f"127.0.0.1:{site.server_port}"]))
    return tmp_path / "plugin" / "hill" / "zz_hill_lottery.py"


def hill_lottery(folder: Path, old: str = "", new: str = "") -> None:
    """A lottery of that source in a catalogue of one's own."""
    text = """
        name = "Hill 5"
        country = "ZZ"
        operator = "Hill Lottery"
        zone = "America/Caracas"
        currency = "XXX"
        policy.provisional = true
        sources.zz_hill_lottery = "Hill 5"
        [[eras]]
        from = 2025-08-01
        calendar = [{ days = "Tue Fri", at = 20:00:00 }]
        pools.main = { take = 5, of = [1, 40] }
    """
    assert old in text
    (folder / "lotteries").mkdir(parents=True, exist_ok=True)
    (folder / "lotteries" / "zz_hill_5.toml").write_text(text.replace(old, new), encoding="utf-8")


# --- new ---


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("lottery", "Dupla"), "“Dupla” is no name of a lottery; it is the country's two letters, _ and a name"),
        (("lottery", "br_../../x"), "is no name of a lottery"),
        (("lottery", "qq_five"), "“qq” is no country; a lottery's name begins with the two letters of one"),
        (("lottery", "br_quina"), "There is a lottery “br_quina” already, Quina; take another name."),
        (("lottery", "br_five"), "Say where: --to FOLDER"),
        (("lottery", "br_five", "--source", "br_nobody"), "There is no source “br_nobody”; the sources are"),
        (("lottery", "br_five", "--from", "soon"), "“soon” is no day; write it like 2024-01-31."),
        (("lottery", "br_five", "--at", "late"), "“late” is no time of day; write it like 20:00."),
        (("lottery", "br_five", "--pool", "5 of 50"), "“5 of 50” is no pool; write it like main=6:1-49"),
        (("lottery", "br_five", "--to", "x", "--pool", "main=9:1-5"), "One cannot take 9 of 5 without repeats."),
        (("lottery", "br_five", "--to", "x", "--days", "Lun"), "“Lun” is no weekday"),
        (("lottery", "br_five", "--to", "x", "--zone", "Mars"), "“Mars” is no time zone"),
        (("source", "hill"), "“hill” is no name of a source"),
        (("source", "br_caixa"), "There is a source “br_caixa” already; take another name."),
        (("source", "zz_hill"), "Say where: --to FOLDER for a package of its own, or run it in a clone of Lotto."),
        (("source", "zz_hill", "--to", "x", "--home", "hill.example"), "“hill.example” is not an address"),
        (("source", "zz_hill", "--to", "x", "--format", "pdf"), "There is no format “pdf”; the formats are html, json"),
        (("collection", "My Games"), "“My Games” is no name of a collection"),
        (("collection", "brazil"), "There is a collection “brazil” already"),
        (("collection", "mine", "--to", "x"), "would not be in order, and was not written. This collection is empty"),
        (("collection", "mine", "--to", "x", "--lottery", "br_x"), "There is no lottery “br_x”"),
    ],
)
def test_what_cannot_be_begun_so_is_refused_in_one_sentence_and_nothing_is_written(
    lotto: Lotto, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    code, out, err = lotto("new", *words)
    assert (code, out) == (1, "")
    assert sentence in err
    assert err.startswith("lotto: ")
    assert err.count("\n") == 1
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_a_begun_lottery_loads_and_proving_it_names_each_line_that_is_left(lotto: Lotto, monkeypatch) -> None:
    code, out, _ = lotto("new", "lottery", "br_five", "--to", "my")
    assert code == 0
    assert "my/lotteries/br_five.toml: 7 lines to fill in." in out
    begun = catalogue.load(Path("my")).lotteries["br_five"]
    assert (begun.name, begun.country, begun.currency, begun.language) == ("Five", "BR", "BRL", "pt")
    assert str(begun.zone) == "America/Sao_Paulo"
    monkeypatch.setenv("LOTTO_CATALOGUE_DIR", "my")
    code, out, _ = lotto("prove", "br_five")
    assert code == 1
    lines = Path("my/lotteries/br_five.toml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        assert (f"line {number}:" in out) == (FILL_IN in line)
    assert "There is no source “br_fill_in”; the sources are" in out
    assert "so that it would never be told" in out


def test_what_is_said_of_a_lottery_stands_in_its_file_and_is_not_left_to_fill_in(lotto: Lotto) -> None:
    facts = ("--name", "Five “a”", "--operator", "Caixa", "--zone", "America/Manaus", "--source", "br_caixa")
    rules = ("--called", "Quina 5", "--from", "2024-01-31", "--days", "Wed Sat", "--at", "20:15")
    pools = ("--pool", "main=5:1-50", "--pool", "bonus=1:rest", "--pool", "digits=3:digits")
    code, out, _ = lotto("new", "lottery", "br_five", "--to", "my", *facts, *rules, *pools)
    assert (code, "nothing left to fill in" in out) == (0, True)
    made = catalogue.load(Path("my")).lotteries["br_five"]
    assert (made.name, made.operator, str(made.zone)) == ("Five “a”", "Caixa", "America/Manaus")
    assert made.sources == {"br_caixa": {"Quina 5": ""}}
    assert made.policy.provisional
    [era] = made.eras
    assert [(pool.name, pool.take, pool.rest_of, pool.ordered) for pool in era.pools] == [
        ("main", 5, "", False),
        ("bonus", 1, "main", False),
        ("digits", 3, "", True),
    ]
    assert [key.date.isoformat() for _, key in made.draws(*_week(made))] == ["2024-01-31", "2024-02-03"]


def _week(made):
    first = datetime(2024, 1, 31, tzinfo=made.zone)
    return first, first + timedelta(days=7)


def test_a_lottery_of_every_country_can_be_begun_with_no_more_than_its_name(lotto: Lotto) -> None:
    for country in ("us", "ch", "aq"):
        assert lotto("new", "lottery", f"{country}_first", "--to", "my")[0] == 0
    assert {f"{country}_first" for country in ("us", "ch", "aq")} <= catalogue.load(Path("my")).lotteries.keys()


def test_nothing_is_overwritten(lotto: Lotto) -> None:
    for what in (("lottery", "br_five"), ("source", "zz_hill"), ("collection", "mine", "--country", "BR")):
        assert lotto("new", *what, "--to", "my")[0] == 0
        before = {file: file.read_bytes() for file in Path("my").rglob("*") if file.is_file()}
        code, _, err = lotto("new", *what, "--to", "my")
        assert (code, "is there already and is not overwritten" in err) == (1, True)
        assert {file: file.read_bytes() for file in Path("my").rglob("*") if file.is_file()} == before


def test_on_a_terminal_what_was_not_said_is_asked_for_and_a_wrong_answer_again(lotto: Lotto, monkeypatch) -> None:
    answers = iter(["Five", "", "", "soon", "2024-01-31", "Wed", "20:15", "five", "main=5:1-50 bonus=1:rest"])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(new.typer, "prompt", lambda *_, **__: next(answers))
    code, out, _ = lotto("new", "lottery", "br_five", "--to", "my")
    assert code == 0
    assert "“soon” is no day" in out
    assert "“five” is no pool" in out
    made = catalogue.load(Path("my")).lotteries["br_five"]
    assert made.name == "Five"
    assert made.eras[0].starts_on.isoformat() == "2024-01-31"
    assert [pool.name for pool in made.eras[0].pools] == ["main", "bonus"]
    assert next(answers, None) is None


def test_a_collection_is_begun_by_hand_and_by_query(lotto: Lotto) -> None:
    picked = ("--lottery", "us_powerball", "--lottery", "br_quina")
    code, out, _ = lotto("new", "collection", "mine", "--name", "My games", *picked, "--country", "TR", "--to", "my")
    found = catalogue.load(Path("my")).collections["mine"]
    assert (code, found.name, found.lotteries[:2]) == (0, "My games", ("us_powerball", "br_quina"))
    assert all(one.startswith("tr_") for one in found.lotteries[2:])
    assert f"{len(found.lotteries)} lotteries." in out


def test_in_a_clone_what_is_new_goes_where_the_rest_lies(lotto: Lotto, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(new, "_clone", lambda: tmp_path / "clone")
    code, out, _ = lotto("new", "source", "zz_hill")
    assert code == 0
    assert (tmp_path / "clone" / "src" / "lotto" / "scraper" / "sources" / "zz_hill.py").is_file()
    assert load(tmp_path / "clone" / "tests" / "sources" / "zz_hill") == []
    assert "lotto capture zz_hill" in out


def test_a_clone_is_known_where_one_stands_in_it_and_nowhere_else(lotto: Lotto, tmp_path: Path, monkeypatch) -> None:
    assert new._clone() is None
    root = Path(__file__).parent.parent
    monkeypatch.chdir(root / "docs")
    assert new._clone() == root


def test_nothing_of_ours_is_left_to_fill_in() -> None:
    for file in (*OURS.rglob("*.toml"), *Path(ours.__path__[0]).glob("*.py")):
        assert FILL_IN not in file.read_text(encoding="utf-8"), file


# --- a source of one's own ---


@pytest.mark.parametrize("form", ["html", "json", "csv"])
def test_a_begun_source_stands_on_the_shelf_and_says_that_it_does_not_read_yet(
    lotto: Lotto, tmp_path: Path, monkeypatch, form: str
) -> None:
    assert lotto("new", "source", "zz_hill", "--to", ".", "--format", form)[0] == 0
    monkeypatch.syspath_prepend(str(tmp_path / "zz_hill"))
    monkeypatch.delitem(sys.modules, "zz_hill", raising=False)
    announce(tmp_path / "zz_hill", "zz_hill = zz_hill")
    Path("page.html").write_text("<html></html>", encoding="utf-8")
    code, out, err = lotto("read", "page.html", "--source", "zz_hill")
    assert (code, out) == (1, "")
    assert "PageChanged: FILL IN: this source does not read its pages yet." in err
    code, out, _ = lotto("prove", "zz_hill")
    assert code == 1
    assert "To be filled in still: line 1: who publishes" in out
    assert "There is no page of it yet: `lotto capture zz_hill` keeps one." in out
    monkeypatch.delitem(sys.modules, "zz_hill")


def test_a_source_package_that_is_built_and_installed_is_found_read_and_proved_by_its_own_test(
    lotto: Lotto, tmp_path: Path, site: Site
) -> None:
    assert lotto("new", "source", "zz_hill_lottery", "--to", ".", "--home", site.address)[0] == 0
    folder = tmp_path / "zz_hill_lottery"
    text = fenced("python").replace("https://lottery.example", site.address)
    (folder / "zz_hill_lottery.py").write_text(text, encoding="utf-8")
    installed = tmp_path / "site-packages"
    built = "import hatchling.build, sys; print(hatchling.build.build_wheel(sys.argv[1]))"
    made = subprocess.run(
        [sys.executable, "-c", built, str(tmp_path)], cwd=folder, check=True, capture_output=True, text=True
    )
    with zipfile.ZipFile(tmp_path / made.stdout.split()[-1]) as wheel:
        wheel.extractall(installed)  # which is how a wheel of pure Python is installed
    environment = os.environ | {
        "PYTHONPATH": str(installed),
        "LOTTO_ALLOW": json.dumps([f"127.0.0.1:{site.server_port}"]),
    }

    def ran(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=folder, env=environment, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "2025-08-05" in ran("-m", "lotto", "capture", "zz_hill_lottery")
    assert "1 passed" in ran("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_zz_hill_lottery.py")


# --- capture ---


def test_a_captured_page_is_kept_with_its_place_and_its_draws_and_shown(
    lotto: Lotto, hill: Path, site: Site, monkeypatch
) -> None:
    hill_lottery(Path("my"))
    monkeypatch.setenv("LOTTO_CATALOGUE_DIR", "my")
    code, out, _ = lotto("capture", "zz_hill_lottery")
    assert code == 0
    [one] = captures(Path("captures"))
    assert one.file.read_bytes() == site.body
    assert one.file.suffix == ".csv"
    assert (one.source, one.url) == ("zz_hill_lottery", f"{site.address}/draws.csv")
    [case] = load(one.file.parent)
    assert case["file"] == one.file.name
    assert case["readings"] == json.loads(fenced("json"))[0]["readings"]
    rows = [line.split() for line in out.splitlines()]
    assert ["2025-08-08", "Hill", "5", "main:", "01", "09", "?", "1042", "zz_hill_5"] in rows
    assert "may name winners and where they live" in out
    assert "Compare it with the page" in out


def test_a_page_is_captured_by_its_address_by_a_lottery_or_by_a_name(
    lotto: Lotto, hill: Path, site: Site, monkeypatch
) -> None:
    hill_lottery(Path("my"))
    monkeypatch.setenv("LOTTO_CATALOGUE_DIR", "my")
    for n, words in enumerate(
        (
            (f"{site.address}/draws.csv",),
            ("zz_hill_lottery", "--lottery", "zz_hill_5"),
            ("zz_hill_lottery", "--name", "x"),
        )
    ):
        assert lotto("capture", *words, "--to", f"kept{n}")[0] == 0
        assert [one.url for one in captures(Path(f"kept{n}"))] == [f"{site.address}/draws.csv"]


def test_the_same_page_is_kept_once_and_another_beside_it(lotto: Lotto, hill: Path, site: Site) -> None:
    assert lotto("capture", "zz_hill_lottery")[0] == 0
    code, out, _ = lotto("capture", "zz_hill_lottery")
    assert (code, "That page, byte for byte, was kept before." in out) == (0, True)
    assert len(captures(Path("captures"))) == 1
    site.body += b"1043,2025-08-12,02 03 05 07 11\n"
    assert lotto("capture", "zz_hill_lottery")[0] == 0
    assert len(captures(Path("captures"))) == len({one.file for one in captures(Path("captures"))}) == 2
    assert lotto("prove", "zz_hill_lottery")[0] == 0


def test_a_page_that_has_nothing_to_tell_yet_is_kept_as_such(lotto: Lotto, hill: Path, site: Site) -> None:
    site.body = b"Draw,Date,Numbers\n"
    code, out, _ = lotto("capture", "zz_hill_lottery")
    assert (code, "PageNotYet: The file has no draw yet." in out) == (0, True)
    [case] = load(Path("captures/zz_hill_lottery"))
    assert (case["raises"], case["says"]) == ("PageNotYet", "The file has no draw yet.")


def test_a_page_that_cannot_be_read_is_kept_and_nothing_is_expected_of_it_until_somebody_says_so(
    lotto: Lotto, hill: Path, site: Site
) -> None:
    site.body, site.media = b"<html><title>Just a moment...</title></html>", "text/html"
    code, out, _ = lotto("capture", "zz_hill_lottery")
    assert (code, "PageChanged: A filter blocked it" in out) == (1, True)
    [one] = kept.kept(Path("captures"))
    assert not one.is_told
    code, out, _ = lotto("prove", "zz_hill_lottery")
    assert (code, "Nobody has said yet what it must give" in out) == (1, True)
    assert "lotto prove zz_hill_lottery --accept" in out
    assert lotto("prove", "zz_hill_lottery", "--accept")[0] == 0
    assert lotto("prove", "zz_hill_lottery")[0] == 0
    assert load(Path("captures/zz_hill_lottery"))[0]["raises"] == "PageChanged"


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [(404, b"none", "answered 404, which is no page to keep."), (200, b"", "answered 200, which is no page to keep.")],
)
def test_what_is_no_page_is_not_kept(lotto: Lotto, hill: Path, site: Site, status, body, sentence) -> None:
    site.status, site.body = status, body
    code, _, err = lotto("capture", "zz_hill_lottery")
    assert (code, sentence in err) == (1, True)
    assert not Path("captures").exists()


def test_what_a_page_says_cannot_drive_the_terminal(lotto: Lotto, hill: Path, site: Site) -> None:
    hill.write_text(hill.read_text(encoding="utf-8").replace('"Hill 5"', '"Hill\\x1b[2J [red]5"'), encoding="utf-8")
    importlib.invalidate_caches()
    sys.modules.pop("hill.zz_hill_lottery", None)
    code, out, _ = lotto("capture", "zz_hill_lottery")
    assert code == 0
    assert "\x1b" not in out
    assert "[red]5" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("capture", "zz_nobody"), "There is no source “zz_nobody”; the sources are"),
        (("capture", "https://nobody.example/x"), "No source has pages at “nobody.example”"),
        (("capture", "br_caixa", "--lottery", "us_powerball"), "us_powerball has no source br_caixa"),
        (("capture", "br_caixa", "--name", "Powerbill"), "There is no game “Powerbill” here; those we know are"),
        (("capture", "us_ny_data", "--lottery", "xx_none"), "There is no lottery “xx_none”"),
        (("prove", "nothing_such"), "“nothing_such” is no folder, no source and no lottery"),
        (("prove", "empty"), "There are no kept pages in empty"),
        (("prove", "broken"), "broken/cases.json: This is not JSON in UTF-8"),
        (("prove", "list"), "list/cases.json: This is no list of cases."),
        (("prove", "no_at"), "no_at/cases.json, case 1: It does not say its `at`."),
        (("prove", "when"), "when/cases.json, case 1: “noon” is not an instant"),
        (("prove", "both"), "both/cases.json, case 1: It says one of `readings`, `digest` and `raises`."),
        (("prove", "gone"), "gone/cases.json: The page p.csv cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_captured_or_proved_is_said_in_one_sentence(lotto: Lotto, words, sentence) -> None:
    place = '"file": "p.csv", "url": "https://x.example/", "at": '
    told = {
        "broken": "[",
        "list": "{}",
        "no_at": '[{"file": "p.csv", "url": "https://x.example/"}]',
        "when": f'[{{{place}"noon"}}]',
        "both": f'[{{{place}"2025-08-08T22:00-04:00", "readings": [], "raises": "PageChanged"}}]',
        "gone": f'[{{"source": "br_caixa", {place}"2025-08-08T22:00-04:00", "readings": []}}]',
    }
    for folder, text in told.items():
        Path(folder).mkdir()
        (Path(folder) / "cases.json").write_text(text, encoding="utf-8")
    Path("empty").mkdir()
    code, out, err = lotto(*words)
    assert (code, out) == (1, "")
    assert sentence in err
    assert err.count("\n") == 1


# --- prove ---


def test_a_page_that_is_read_otherwise_than_before_is_told_with_both_readings(
    lotto: Lotto, hill: Path, site: Site
) -> None:
    assert lotto("capture", "zz_hill_lottery")[0] == 0
    file = Path("captures/zz_hill_lottery/cases.json")
    file.write_text(file.read_text(encoding="utf-8").replace('"22"', '"23"'), encoding="utf-8")
    code, out, _ = lotto("prove", "captures")
    assert code == 1
    assert "✗ " in out
    assert 'It does not give ["2025-08-05","","Hill 5",false,{"main":["04","17","23","38","40"]}' in out
    assert 'It gives ["2025-08-05","","Hill 5",false,{"main":["04","17","22","38","40"]}' in out
    assert lotto("prove", "captures", "--accept")[0] == 0
    assert lotto("prove", "captures")[0] == 0


def test_a_page_of_many_draws_is_told_by_its_ends_and_a_digest(lotto: Lotto, hill: Path, site: Site) -> None:
    lines = [f"{n},2025-0{n // 28 + 1}-{n % 28 + 1:02},01 02 03 04 {n % 36 + 5:02}" for n in range(100)]
    site.body = "\n".join(["Draw,Date,Numbers", *lines, ""]).encode()
    code, out, _ = lotto("capture", "zz_hill_lottery")
    assert (code, "100 draws; the newest 20:" in out) == (0, True)
    [case] = load(Path("captures/zz_hill_lottery"))
    assert (case["count"], "readings" in case) == (100, False)
    assert lotto("prove", "captures")[0] == 0
    file = Path("captures/zz_hill_lottery/cases.json")
    file.write_text(file.read_text(encoding="utf-8").replace(case["digest"], "0" * 64), encoding="utf-8")
    code, out, _ = lotto("prove", "captures")
    assert (code, "their digest differs" in out) == (1, True)


def test_our_own_pages_are_proved_by_the_same_command(lotto: Lotto) -> None:
    code, out, _ = lotto("prove", str(Path(__file__).parent / "sources" / "br_caixa"))
    assert code == 0
    cases = load(Path(__file__).parent / "sources" / "br_caixa")
    assert out.count("✓") == len(cases)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("", "", "The rules hold for all of 2 draws from 2025-08-05 to 2025-08-08."),
        (
            '"Hill 5"\n        [[',
            '"Hill 6"\n        [[',
            "has a draw called “Hill 6”. Names on them that no lottery has: “Hill 5”.",
        ),
        ("[1, 40]", "[1, 39]", "The rules object to 1 things in 2 draws. 2025-08-05: 40"),
        ('"Tue Fri"', '"Tue Sat"', "The calendar has no draw on Friday 2025-08-08."),
        ("take = 5", "take = 6", "By these rules none of its 2 draws is whole; of the last one it gives main: 3."),
        ("policy.provisional = true", "", "Its sources have 1 origin and it takes 2 to confirm a draw"),
    ],
)
def test_a_lottery_is_proved_on_the_kept_pages_of_its_sources(
    lotto: Lotto, hill: Path, site: Site, monkeypatch, old: str, new: str, sentence: str
) -> None:
    monkeypatch.setenv("LOTTO_CATALOGUE_DIR", "my")
    hill_lottery(Path("my"), old, new)
    code, out, _ = lotto("prove", "zz_hill_5")
    assert (code, "There is no kept page of it: `lotto capture zz_hill_lottery --lottery zz_hill_5`" in out) == (
        1,
        True,
    )
    assert lotto("capture", "zz_hill_lottery", "--lottery", "zz_hill_5")[0] == 0
    code, out, _ = lotto("prove", "zz_hill_5")
    assert sentence in out
    assert code == (0 if old == "" else 1)


def test_the_package_that_is_begun_is_one_that_tools_can_build(lotto: Lotto) -> None:
    assert lotto("new", "source", "zz_hill", "--to", ".")[0] == 0
    told = tomllib.loads(Path("zz_hill/pyproject.toml").read_text(encoding="utf-8"))
    assert told["project"]["name"] == "lotto-source-zz-hill"
    assert told["project"]["entry-points"]["lotto.sources"] == {"zz_hill": "zz_hill"}
    assert "zz_hill" not in shelf()


# --- the guides ---


def told_in(guide: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a guide with the lines it is said to print."""
    text = (Path(__file__).parent.parent / "docs" / guide).read_text(encoding="utf-8")
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for command in re.split(r"(?m)^\$ ", block)[1:]:
            first, *lines = command.strip().split("\n")
            yield first, lines


def test_what_the_guides_show_is_what_the_commands_print(lotto: Lotto, tmp_path: Path, monkeypatch) -> None:
    def follow(guide: str, count: int) -> None:
        commands = list(told_in(guide))
        for command, lines in commands[done[guide] : done[guide] + count]:
            words = shlex.split(command)
            monkeypatch.delenv("LOTTO_CATALOGUE_DIR", raising=False)
            while "=" in words[0]:
                monkeypatch.setenv(*words.pop(0).split("=", 1))
            _, out, err = lotto(*words[1:])
            printed = [" ".join(line.split()) for line in (out + err).splitlines()]
            for line in lines:
                if not line.startswith("Install it"):
                    assert " ".join(line.split()) in printed, (command, printed)
        done[guide] += count

    done = Counter[str]()
    follow("add-a-source.md", 1)
    file = tmp_path / "zz_hill_lottery" / "zz_hill_lottery.py"
    monkeypatch.syspath_prepend(str(file.parent))
    announce(file.parent, "zz_hill_lottery = zz_hill_lottery")
    Path("page.csv").write_text(fenced("csv"), encoding="utf-8")
    page = ("--file", "page.csv", "--at", "2025-08-08T22:00-04:00")
    code, out, _ = lotto("capture", "zz_hill_lottery", *page)
    assert (code, "this source does not read its pages yet" in out) == (1, True)
    file.write_text(fenced("python"), encoding="utf-8")
    monkeypatch.delitem(sys.modules, "zz_hill_lottery")
    importlib.invalidate_caches()
    shutil.rmtree(file.parent / "__pycache__", ignore_errors=True)
    follow("add-a-source.md", 2)
    shutil.rmtree("captures")
    follow("add-a-lottery.md", 3)
    assert done == Counter({guide: len(list(told_in(guide))) for guide in ("add-a-source.md", "add-a-lottery.md")})
    monkeypatch.delitem(sys.modules, "zz_hill_lottery")


@pytest.mark.parametrize("words", [("--at", "2025-08-08T22:00-04:00"), ("--file", "page.csv")])
def test_a_page_from_a_file_has_the_moment_it_was_fetched(lotto: Lotto, words: tuple[str, ...]) -> None:
    Path("page.csv").write_bytes(b"x")
    code, _, err = lotto("capture", "br_caixa", *words)
    assert (code, "--file and --at go together" in err) == (1, True)
