"""`lotto read` on every recording that has a source: each draw of ours right, the others counted, the rest refused.

What is right comes from the readers in `expected/`, which import nothing of Lotto and read the files in another way;
which of a source's names is ours, and of what kind its pools are, comes from the catalogue's files, read as plain TOML.
"""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from conftest import RECORDINGS
from lotto import catalogue
from lotto.catalogue import Catalogue
from lotto.cli import app
from lotto.draws.draw import Observation, Seen
from lotto.draws.lottery import Lottery
from lotto.scraper.reading import sort
from lotto.scraper.shelf import shelf
from pages import EXPECTED, Case, page_of, readings_of, script

TESTS = Path(__file__).parent
LOTTERIES = TESTS.parent / "src" / "lotto" / "catalogue" / "lotteries"
MAKE, ERRORS = script("make"), script("errors")
CASES = [(folder, case) for folder, cases in EXPECTED.items() for case in cases]
NAMES = [f"{folder}/{case['file']}" for folder, case in CASES]
READABLE = [(folder, case) for folder, case in CASES if "raises" not in case]
BY_THE_RULES = ("unlikely", "impossible")
"""What the rules themselves object to, of the kinds of `docs/known-source-errors.md`."""


@pytest.fixture(scope="module", autouse=True)
def _loaded_once(known: Catalogue) -> Iterator[None]:
    """Each of hundreds of `lotto read` would load the catalogue again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "load", lambda *_: known)
        yield


@cache
def readings(folder: str) -> dict[str, list[Any]]:
    """Everything that each file of the folder shows, by the independent reader."""
    return {case["file"]: case.get("readings", []) for case in MAKE.cases(RECORDINGS, folder)}


@cache
def named() -> dict[tuple[str, str], tuple[str, str]]:
    """(source, its name) → (lottery, our label)."""
    found = {}
    for file in LOTTERIES.glob("*.toml"):
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        for source, names in data["sources"].items():
            for name, label in names.items() if isinstance(names, dict) else [(names, "")]:
                found[source, name] = file.stem, label
    return found


@cache
def words_of(lottery: str) -> dict[str, str]:
    """The folded names of its words → the word."""
    data = tomllib.loads((LOTTERIES / f"{lottery}.toml").read_text(encoding="utf-8"))
    tables = [pool["of"] for era in data["eras"] for pool in era.get("pools", {}).values() if "of" in pool]
    return {folded(name): word for table in tables if isinstance(table, dict) for word, name in table.items()}


def folded(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.casefold())
    return re.sub(r"[^\w]", "", "".join(char for char in bare if not unicodedata.combining(char)))


def means(lottery: str, value: int | str | None, text: str | None) -> bool:
    """Whether our value is what the source wrote so."""
    if value is None or text is None:
        return value is text
    if isinstance(value, int):
        return value == int(text)
    return folded(value) == folded(text) or words_of(lottery).get(folded(text)) == value


def same(lottery: str, values: Sequence[int | str | None], texts: Sequence[str | None]) -> bool:
    """Whether our values are those the source wrote: in its order, or all of them in ours, what is open last."""
    if len(values) != len(texts):
        return False
    if all(means(lottery, value, text) for value, text in zip(values, texts, strict=True)):
        return True
    known = [value for value in values if value is not None]
    if list(values) != [*sorted(known, key=lambda v: (isinstance(v, str), v)), *[None] * (len(values) - len(known))]:
        return False
    left = list(texts)
    for value in values:
        match = next((text for text in left if means(lottery, value, text)), NotImplemented)
        if match is NotImplemented:
            return False
        left.remove(match)
    return True


def expected(folder: str, case: Case) -> Iterator[tuple[tuple[str, str, str], dict[str, list[Any]]]]:
    for on, label, name, _, pools, *_more in readings(folder)[case["file"]]:
        if (case["source"], name) in named():
            lottery, own = named()[case["source"], name]
            yield (lottery, on, own or label), pools


@pytest.mark.parametrize(("folder", "case"), CASES, ids=NAMES)
def test_lotto_read_gives_every_draw_of_ours_and_no_part_as_a_whole_and_counts_the_others(folder, case):
    file = str(RECORDINGS / folder / case["file"])
    told = ["--source", case["source"], "--url", case["url"], "--at", case["at"]]
    result = CliRunner().invoke(app, ["read", file, *told])
    if "raises" in case:
        assert result.exit_code == 1
        assert result.stdout == ""
        assert case["raises"] in result.stderr
        assert case["says"] in result.stderr
        return
    assert result.exit_code == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    right = list(expected(folder, case))
    assert sorted((one["lottery"], one["date"], one["label"]) for one in lines) == sorted(key for key, _ in right)
    values = dict(right)
    for one in lines:
        pools = values[one["lottery"], one["date"], one["label"]]
        assert one["numbers"].keys() == pools.keys()
        for pool, texts in pools.items():
            assert same(one["lottery"], one["numbers"][pool], texts), (one, texts)
        assert not (one["whole"] and None in one["numbers"]["main" if "main" in pools else min(pools)])
    others = len(readings(folder)[case["file"]]) - len(right)
    assert f"{len(right)} draws of our lotteries, {others} of others" in result.stderr


@pytest.mark.parametrize("folder", EXPECTED)
def test_every_recorded_file_is_a_case_and_what_is_kept_of_it_is_what_its_reader_finds(folder):
    there = {file.name for file in (RECORDINGS / folder).iterdir()} - {"recording.toml"}
    assert {case["file"] for case in EXPECTED[folder]} == there
    found = [json.loads(json.dumps(MAKE.shortened(case))) for case in MAKE.cases(RECORDINGS, folder)]
    assert found == EXPECTED[folder]


# --- the rules, on every recorded draw ---


def moment(lottery: Lottery, one: Observation) -> tuple[datetime, str]:
    """Where the draw stands among the others."""
    at = lottery.drawn_at(one.key) or one.drawn_at or datetime.combine(one.key.date, time(23, 59), lottery.zone)
    return at.astimezone(UTC), one.key.label


def observed(folder: str, case: Case) -> Iterator[tuple[Lottery, Observation]]:
    """What our source makes of the file, with what the rules object to, each lottery in the order of its draws."""
    known = catalogue.load()
    source = shelf()[case["source"]]
    page = page_of(case, (RECORDINGS / folder / case["file"]).read_bytes())
    for lottery_id, draws in sort(known, source, readings_of(source, page), "", page.at).ours.items():
        lottery = known.lotteries[lottery_id]
        before: Seen | None = None
        for one in sorted(draws, key=lambda one: moment(lottery, one)):
            words = lottery.objections(one.key, one.numbers, one.observed_at, before, one.drawn_at)
            yield lottery, replace(one, objections=(*one.objections, *words))
            before = one.numbers


@pytest.mark.parametrize("source", sorted({case["source"] for _, case in READABLE}))
def test_the_rules_object_to_no_recorded_draw_but_to_the_known_errors_of_its_source(source):
    """`tests/expected/errors/` lists what is left, with its evidence."""
    files = [(folder, case) for folder, case in READABLE if case["source"] == source]
    draws = [one for folder, case in files for _, one in observed(folder, case)]
    found = {str(one.key): one.objections for one in draws if one.objections}
    known = {error["draw"] for error in ERRORS.errors() if error["source"] == source and error["what"] in BY_THE_RULES}
    assert {key: words for key, words in found.items() if key not in known} == {}
    assert known <= found.keys(), "An error is listed that no recording shows."
    if any(lottery for name, (lottery, _) in named().items() if name[0] == source):
        assert draws, "None of what it shows is a lottery of the catalogue."


def test_the_table_of_known_source_errors_is_what_the_files_say():
    document = ERRORS.DOCUMENT.read_text(encoding="utf-8")
    assert ERRORS.written(document) == document, "Write it anew: python tests/expected/errors.py"
    assert all(error["evidence"].strip() for error in ERRORS.errors())


# --- two games of one draw ---


def test_the_evenings_10elotto_is_made_of_the_lotto_of_that_day_in_every_draw():
    """The twenty are the first and second numbers of ten wheels; a repeated one gives way to the next of a wheel."""
    files = readings("lotto-italia")
    lotto = {on: pools for on, *_, pools in files["storico.zip"]}
    common = 0
    for on, _, _, _, pools in files["10elotto_serale.txt"]:
        if on not in lotto:
            continue
        wheels = [lotto[on][wheel] for wheel in sorted(lotto[on].keys() - {"nazionale"})]
        twenty = {int(wheel[place]) for place in (0, 1) for wheel in wheels}
        for following in (int(wheel[place]) for place in (2, 3, 4) for wheel in wheels):
            twenty |= {following} if len(twenty) < 20 else set()
        assert twenty == {*map(int, pools["main"])}, on
        assert [*pools["gold"], *pools["double_gold"]] == [f"{int(number):02}" for number in wheels[0][:2]], on
        common += 1
    assert common == 2633
