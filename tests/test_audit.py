"""The audit: what it tells of sources that differ, repeat, misplace or lack a draw, and that it tells nothing else."""

import json
import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import RECORDINGS, run
from lotto import catalogue
from lotto.audit import Audited, Finding, Kind, compare
from lotto.audit.pages import heard
from lotto.captures import BadCapture, captures
from lotto.draws.draw import DrawKey, Observation, Seen
from lotto.ledger.record import record
from pages import EXPECTED, script

TESTS = Path(__file__).parent
KNOWN = catalogue.load()
POWERBALL, NUMBERS = KNOWN.lotteries["us_powerball"], KNOWN.lotteries["us_ny_numbers"]
SEEN_AT = datetime(2024, 12, 1, 12, tzinfo=UTC)

DAYS = [key.date for _, key in POWERBALL.draws(SEEN_AT - timedelta(days=60), SEEN_AT - timedelta(days=20))]
"""Seventeen draws of Powerball."""


def values(day: date, **changed: tuple[int | None, ...]) -> Seen:
    """Made-up values of Powerball, of each day its own."""
    n = day.toordinal() % 30
    return {"main": (n + 1, n + 3, n + 8, n + 21, n + 39), "bonus": (n % 26 + 1,)} | changed


def said(
    source: str, day: date, numbers: Seen | None = None, *, label: str = "", origin: str = "", **more: object
) -> Observation:
    lottery = "us_ny_numbers" if label else "us_powerball"
    told = {"observed_at": SEEN_AT, "page": f"{source}.html"} | more
    return Observation(
        DrawKey(lottery, day, label),
        source,
        origin or source,
        False,
        numbers or values(day),
        **told,  # type: ignore[arg-type]
    )


def all_of(source: str, but: Iterable[date] = ()) -> list[Observation]:
    return [said(source, day) for day in DAYS if day not in set(but)]


def audited(*said: Observation) -> Audited:
    return compare(POWERBALL if not said[0].key.label else NUMBERS, said)


def told(*said: Observation) -> list[tuple[Kind, str, str]]:
    """Kind, draw and source of each finding."""
    return [(one.kind, str(one.key).partition("/")[2], one.source) for one in audited(*said).findings]


# --- contradictions ---


def test_two_sources_that_contradict_are_told_with_what_each_shows():
    wrong = said("us_b", DAYS[5], values(DAYS[5], bonus=(26,)))
    [one] = audited(*all_of("us_a"), *all_of("us_b", DAYS[5:6]), wrong).findings
    assert (one.kind, one.key.date, one.source) == (Kind.DIFFER, DAYS[5], "")
    assert {each.source: each.numbers for each in one.said} == {"us_a": values(DAYS[5]), "us_b": wrong.numbers}


def test_two_sources_of_one_origin_that_contradict_are_told_and_count_as_one_where_they_agree():
    wrong = said("us_b", DAYS[1], values(DAYS[1], bonus=(26,)), origin="us_a")
    found = audited(said("us_a", DAYS[0]), said("us_b", DAYS[0], origin="us_a"), said("us_a", DAYS[1]), wrong)
    assert [one.kind for one in found.findings] == [Kind.DIFFER]
    assert (found.tally.draws, found.tally.compared, found.tally.disagreeing) == (2, 0, 1)


def test_who_stands_alone_against_two_origins_is_named():
    wrong = said("us_c", DAYS[0], values(DAYS[0], bonus=(26,)))
    [one] = audited(said("us_a", DAYS[0]), said("us_b", DAYS[0]), wrong).findings
    assert one.words == "us_c stands alone against 2 origins."


def test_what_is_left_open_contradicts_nothing_and_is_told_as_open():
    part = values(DAYS[0]) | {"main": (*values(DAYS[0])["main"][:4], None)}
    assert told(said("us_a", DAYS[0]), said("us_b", DAYS[0], part)) == [(Kind.OPEN, str(DAYS[0]), "us_b")]


def test_a_part_that_contradicts_differs():
    part = {"main": (68, 69, None, None, None)}
    kinds = [kind for kind, *_ in told(said("us_a", DAYS[0]), said("us_b", DAYS[0], part))]
    assert kinds == [Kind.DIFFER, Kind.OPEN]


def test_a_draw_under_way_is_not_open():
    day = DAYS[-1]
    at = POWERBALL.opens_at(DrawKey("us_powerball", day)) + timedelta(minutes=5)
    assert told(said("us_a", day, {"main": (1, 2, None, None, None)}, observed_at=at)) == []


def test_a_pool_that_a_source_never_tells_is_not_open():
    assert told(said("us_a", DAYS[0]), said("us_b", DAYS[0], {"main": values(DAYS[0])["main"]})) == []


def test_a_source_that_says_something_else_later_is_told_and_its_later_word_is_compared():
    first = said("us_a", DAYS[0], values(DAYS[0], bonus=(26,)), observed_at=SEEN_AT - timedelta(hours=9))
    [one] = audited(first, said("us_a", DAYS[0]), said("us_b", DAYS[0])).findings
    assert (one.kind, one.source) == (Kind.CHANGED, "us_a")
    assert [each.numbers for each in one.said] == [first.numbers, values(DAYS[0])]


def test_two_pages_of_one_source_that_contradict_are_told():
    older = said("us_a", DAYS[0], values(DAYS[0], bonus=(26,)), observed_at=SEEN_AT - timedelta(1), page="old.html")
    [one] = compare(POWERBALL, [older, said("us_a", DAYS[0])], by_page=True).findings
    assert (one.kind, [each.page for each in one.said]) == (Kind.CHANGED, ["old.html", "us_a.html"])


def test_what_the_rules_object_to_is_told():
    found = audited(said("us_a", DAYS[0], values(DAYS[0], bonus=(27,)))).findings
    assert [(one.kind, one.words) for one in found] == [(Kind.RULE, "27 is outside 1 to 26 of the bonus pool.")]


# --- a draw in another place ---


def test_a_draw_on_the_next_day_is_told_as_moved_and_as_nothing_else():
    late = DAYS[5] + timedelta(days=1)
    moved = said("us_b", late, values(DAYS[5]))
    [one] = audited(*all_of("us_a"), *all_of("us_b", DAYS[5:6]), moved).findings
    assert (one.kind, one.source, one.key.date) == (Kind.MOVED, "us_b", DAYS[5])
    assert one.shown_at == moved.key


def test_a_draw_known_by_its_serial_is_moved_however_far():
    late = DAYS[5] + timedelta(days=9)
    given = [said("us_a", day, serial=str(n)) for n, day in enumerate(DAYS)]
    other = [said("us_b", day, serial=str(n)) for n, day in enumerate(DAYS) if n != 5]
    found = told(*given, *other, said("us_b", late, values(DAYS[5]), serial="5"))
    assert (Kind.MOVED, str(DAYS[5]), "us_b") in found
    assert not [kind for kind, *_ in found if kind in (Kind.GAP, Kind.DIFFER)]


def test_a_lone_source_is_a_day_off_when_the_calendar_says_so():
    late = DAYS[5] + timedelta(days=1)
    [one] = audited(*all_of("us_a", DAYS[5:6]), said("us_a", late, values(DAYS[5]))).findings
    assert (one.kind, one.key.date, one.words) == (
        Kind.MOVED,
        DAYS[5],
        "The calendar foresees it here, and none where the source has it.",
    )


def test_labels_that_are_swapped_are_told_as_moved():
    day = date(2024, 11, 1)
    noon, night = {"main": ("1", "2", "3")}, {"main": ("4", "5", "6")}
    found = told(
        said("us_a", day, noon, label="midday"),
        said("us_a", day, night, label="evening"),
        said("us_b", day, night, label="midday"),
        said("us_b", day, noon, label="evening"),
    )
    assert {kind for kind, *_ in found} == {Kind.MOVED}
    assert {draw for _, draw, _ in found} == {"2024-11-01/midday", "2024-11-01/evening"}


def test_the_values_of_the_draw_before_are_told_as_repeated():
    stale = said("us_b", DAYS[5], values(DAYS[4]))
    [one] = audited(*all_of("us_a"), *all_of("us_b", DAYS[5:6]), stale).findings
    assert (one.kind, one.source, one.shown_at) == (Kind.REPEATED, "us_b", DrawKey("us_powerball", DAYS[4]))


# --- gaps ---


def test_a_draw_that_another_source_has_is_a_gap_and_several_in_a_row_are_one():
    [one] = audited(*all_of("us_a"), *all_of("us_b", DAYS[5:8])).findings
    assert (one.kind, one.source, [key.date for key in one.run]) == (Kind.GAP, "us_b", DAYS[5:8])
    assert audited(*all_of("us_a"), *all_of("us_b", DAYS[5:8])).tally.gaps == {"us_b": 3}


def test_before_its_first_and_after_its_last_draw_a_source_lacks_nothing():
    assert told(*all_of("us_a"), *all_of("us_b", [*DAYS[:5], *DAYS[-3:]])) == []


def test_a_draw_that_nobody_has_is_told_once():
    assert told(*all_of("us_a", DAYS[5:6]), *all_of("us_b", DAYS[5:6])) == [(Kind.UNSEEN, str(DAYS[5]), "")]


def test_nothing_was_drawn_between_two_serials_that_follow_each_other():
    kept = [day for day in DAYS if day != DAYS[5]]
    assert told(*(said("us_a", day, serial=str(n)) for n, day in enumerate(kept))) == []


def test_a_source_that_never_shows_a_label_lacks_none_of_its_draws():
    days = [date(2024, 11, 1) + timedelta(days=n) for n in range(4)]
    both = [
        said("us_a", day, {"main": (str(n), str(k), "7")}, label=label)
        for n, day in enumerate(days)
        for k, label in enumerate(("midday", "evening"))
    ]
    nights = [
        Observation(one.key, "us_b", "us_b", False, one.numbers, SEEN_AT, "")
        for one in both
        if one.key.label == "evening"
    ]
    assert told(*both, *nights) == []


def test_a_serial_between_two_neighbours_is_a_gap_where_labels_are_serials():
    keno = KNOWN.lotteries["pl_keno"]
    day = date(2024, 5, 4)
    one = {"main": tuple(range(1, 21))}
    words = [
        Observation(DrawKey("pl_keno", day, str(n)), "ro_lottowizz", "o", False, one, SEEN_AT, "")
        for n in (1200100, 1200101, 1200103)
    ]
    found = [(one.kind, one.key.label) for one in compare(keno, words).findings if one.kind is not Kind.REPEATED]
    assert found == [(Kind.UNSEEN, "1200102")]


def test_only_the_span_asked_for_is_told():
    observations = [*all_of("us_a"), *all_of("us_b", [DAYS[3], DAYS[9]])]
    found = compare(POWERBALL, observations, since=DAYS[8], until=DAYS[10])
    assert [one.key.date for one in found.findings] == [DAYS[9]]
    assert (found.tally.draws, found.tally.compared, found.tally.agreeing) == (3, 2, 2)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(11, 16)), min_size=2, max_size=4),
    st.integers(6, 10),
    st.data(),
)
def test_true_histories_agree_and_what_is_done_to_one_draw_is_the_one_thing_told(spans, place, data):
    true = [said(f"us_{n}", day) for n, (first, last) in enumerate(spans) for day in DAYS[first : last + 1]]
    assert told(*true) == []
    odd = data.draw(st.integers(0, len(spans) - 1))
    victim = next(one for one in true if (one.source, one.key.date) == (f"us_{odd}", DAYS[place]))
    rest = [one for one in true if one is not victim]
    assert told(*rest) == [(Kind.GAP, str(DAYS[place]), victim.source)]
    wrong = said(victim.source, DAYS[place], values(DAYS[place], main=(1, 2, 66, 67, 68)))
    assert told(*rest, wrong) == [(Kind.DIFFER, str(DAYS[place]), "")]


# --- recorded pages ---


def index(*entries: dict[str, str]) -> str:
    return "\n".join(
        "[[page]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in entry.items()) for entry in entries
    )


PAGE = {
    "file": "a.txt",
    "source": "us_powerball_com",
    "url": "https://www.powerball.com/powerball/winnums-text.txt",
    "at": "2017-12-24T05:01:36-08:00",
}


def test_captures_of_every_folder_below_are_found(tmp_path):
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("…")
        (tmp_path / name / "pages.toml").write_text(index(PAGE))
    found = captures(tmp_path)
    assert [one.file for one in found] == [tmp_path / "a" / "a.txt", tmp_path / "b" / "a.txt"]
    assert (found[0].source, found[0].url) == (PAGE["source"], PAGE["url"])
    assert found[0].at == datetime(2017, 12, 24, 13, 1, 36, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "line", "sentence"),
    [
        ({"file": "b.txt"}, 8, "There is no file “b.txt” here."),
        ({"source": "us_nobody"}, 9, "There is no source “us_nobody”; the sources are"),
        ({"url": "www.powerball.com"}, 10, "“www.powerball.com” is not an address"),
        ({"at": "2017-12-24"}, 11, "“2017-12-24” is not an instant with a zone; write it like 2025-08-06T15:20-04:00."),
        ({"note": "x"}, 12, "`note` is not known here; known are file, source, url, at."),
    ],
)
def test_an_entry_that_cannot_be_taken_is_told_with_its_line(tmp_path, changed, line, sentence):
    (tmp_path / "a.txt").write_text("…")
    (tmp_path / "pages.toml").write_text(index(PAGE, PAGE | changed))
    with pytest.raises(BadCapture) as raised:
        captures(tmp_path)
    assert f"pages.toml, line {line}: {sentence}" in str(raised.value)


def test_a_folder_without_an_index_is_told(tmp_path):
    with pytest.raises(BadCapture, match=r"holds no pages\.toml"):
        captures(tmp_path)


OWN = "Draw Date   WB1 WB2 WB3 WB4 WB5 PB  PP\r\n12/16/2017  35  63  37  09  50  11  2\r\n"


def test_recorded_pages_are_compared_without_a_ledger(tmp_path, lotto):
    (tmp_path / "a.txt").write_bytes(OWN.encode())
    (tmp_path / "b.txt").write_bytes(OWN.replace("  11  ", "  12  ").encode())
    later = PAGE | {"file": "b.txt", "at": "2017-12-25T05:01:36-08:00"}
    (tmp_path / "pages.toml").write_text(index(PAGE, later))
    code, out, err = lotto("audit", "us_powerball", "--pages", str(tmp_path))
    assert (code, err) == (1, "")
    assert "changed  us_powerball/2017-12-16 us_powerball_com says two things." in out
    assert "us_powerball_com (a.txt)  main 9 35 37 50 63, bonus 11, multiplier 2" in out
    code, out, _ = lotto("audit", "--collection", "powerball", "--pages", str(tmp_path), "--to", "2017-12-15")
    assert code == 0
    assert "nothing is wrong" in out


def test_a_page_that_is_not_its_sources_is_one_sentence(tmp_path, lotto):
    (tmp_path / "a.txt").write_text("<html>sorry</html>")
    (tmp_path / "pages.toml").write_text(index(PAGE))
    code, _, err = lotto("audit", "--pages", str(tmp_path))
    assert code == 1
    assert err.startswith(f"lotto: {tmp_path}/a.txt: ")
    assert err.count("\n") == 1


# --- the ledger ---


def test_the_ledger_is_compared_by_all_that_was_ever_said(open_ledger, lotto):
    day = DAYS[5]
    first = said("us_texas", day, values(day, bonus=(26,)), observed_at=SEEN_AT - timedelta(hours=9))
    words = [*all_of("us_texas", [day]), *all_of("us_ny_data", DAYS[8:9]), said("us_texas", day)]

    async def story():
        async with open_ledger() as ledger:
            await record(ledger, POWERBALL, [first], SEEN_AT)
            await record(ledger, POWERBALL, words, SEEN_AT)

    run(story())
    code, out, err = lotto("audit", "us_powerball", "--json")
    assert (code, err) == (1, "")
    [one] = json.loads(out)["lotteries"]
    assert [(each["kind"], each["draw"], each["source"]) for each in one["findings"]] == [
        ("changed", f"us_powerball/{day}", "us_texas"),
        ("gap", f"us_powerball/{DAYS[8]}", "us_ny_data"),
    ]
    assert (one["draws"], one["compared"], one["agreeing"]) == (len(DAYS), len(DAYS) - 1, len(DAYS) - 2)
    code, out, _ = lotto("audit", "--from", str(DAYS[9]), "--to", str(DAYS[12]))
    assert code == 0
    assert out.endswith("4 draws of 1 lottery, 4 of them compared: nothing is wrong.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["us_nothing"], "There is no lottery “us_nothing”"),
        (["--collection", "nothing"], "There is no collection “nothing”"),
        (["--from", "May"], "“May” is not a day; write it like 2024-11-02."),
        (["--from", "2022-05-10", "--to", "2022-05-09"], "The span ends on 2022-05-09, before it begins"),
        (["--pages", "nowhere"], "nowhere is not a folder."),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(lotto, words, sentence):
    code, out, err = lotto("audit", *words)
    assert (code, out) == (1, "")
    assert err.startswith(f"lotto: {sentence}")
    assert err.count("\n") == 1


# --- the recordings ---

ERRORS = script("errors").errors()
UNSEEN = tomllib.loads((TESTS / "expected" / "unseen.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> list[Audited]:
    """Every recording that a source of ours reads, compared."""
    if not RECORDINGS.is_dir():
        pytest.skip("There are no recordings.")
    folder = tmp_path_factory.mktemp("recorded")
    entries = [
        {"file": str((RECORDINGS / place / case["file"]).absolute())}
        | {key: case[key] for key in ("source", "url", "at")}
        for place, cases in EXPECTED.items()
        for case in cases
        if "raises" not in case
    ]
    (folder / "pages.toml").write_text(index(*entries), encoding="utf-8")
    words = heard(KNOWN, folder, KNOWN.lotteries, lambda *_: None)
    return [compare(KNOWN.lotteries[name], said, by_page=True) for name, said in words.items()]


def draws_of(one: Finding) -> set[str]:
    """Every draw that a finding is about."""
    return {str(key) for key in (one.key, *one.run, one.shown_at) if key}


@pytest.mark.timeout(900)
def test_the_recordings_contradict_each_other_and_the_rules_in_the_known_errors_and_nowhere_else(recorded):
    """Each finding is an error listed for one of its sources, and each error is found."""
    known = {(error["draw"], error["source"]) for error in ERRORS}
    findings = [one for each in recorded for one in each.findings if one.kind is not Kind.UNSEEN]
    found = set()
    for one in findings:
        sources = {one.source, *(said.source for said in one.said)}
        listed = {(draw, source) for draw in draws_of(one) for source in sources} & known
        if one.kind is Kind.GAP:
            assert {draw for draw, _ in listed} == draws_of(one), one
        assert listed, one
        found |= listed
    unseen = {draw for each in recorded for one in each.findings if one.kind is Kind.UNSEEN for draw in draws_of(one)}
    assert {(draw, source) for draw, source in known - found if draw not in unseen} == set()


@pytest.mark.timeout(900)
def test_the_draws_of_the_calendar_that_no_recording_has_are_those_listed(recorded):
    found: dict[str, list[str]] = {}
    for each in recorded:
        for one in each.findings:
            if one.kind is Kind.UNSEEN:
                first, last = (str(key).partition("/")[2] for key in (one.key, one.until or one.key))
                found.setdefault(each.lottery, []).append(first if first == last else f"{first} to {last}")
    assert found == UNSEEN


@pytest.mark.timeout(900)
def test_the_recordings_of_two_sources_agree_on_every_other_draw(recorded):
    """Among them Powerball as two states and the operator tell it."""
    tallies = {each.lottery: each.tally for each in recorded}
    powerball = tallies["us_powerball"]
    assert (powerball.compared, powerball.agreeing, powerball.disagreeing) == (1755, 1755, 0)
    assert powerball.gaps == {"us_ny_data": 6}
    assert tallies["us_mega_millions"].gaps == {"us_ny_data": 3}
    assert tallies["us_mega_millions"].disagreeing == 2
    assert tallies["fr_euromillions"].agreeing == tallies["fr_euromillions"].compared - 1
    polish = tallies["pl_lotto"]
    assert (polish.compared - polish.agreeing, polish.compared) == (9, 6332)
