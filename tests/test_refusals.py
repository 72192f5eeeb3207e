"""What is not a page of its publisher, or not all of it, is refused aloud; what is still to come is no result."""

from functools import cache

import pytest

from conftest import RECORDINGS
from lotto import catalogue
from lotto.draws.draw import Status
from lotto.draws.verdict import weigh
from lotto.scraper.reading import sort
from lotto.scraper.shelf import shelf
from lotto.scraper.sources.source import PageChanged, SourceError
from pages import EXPECTED, Case, body_of, own_cases, page_of, readings_of

SHELF = shelf()
OWN = list(own_cases())

STRANGERS = {
    "nothing": b"",
    "white space": b" \r\n\t\n",
    "a byte order mark": b"\xef\xbb\xbf",
    "zeros": b"\0" * 400,
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\b\2\0\0\0",
    "compressed bytes": b"\x1f\x8b\b\0\0\0\0\0\0\3\xcbH\xcd\xc9\xc9\7\0\x86\xa6\x106\5\0\0\0",
    "an archive of nothing": b"PK\5\6" + b"\0" * 18,
    "words": b"Service temporarily unavailable\n",
    "a number": b"404",
    "null": b"null",
    "a document of nothing": b"{}",
    "a list of nothing of ours": b'[{"title": "Soup of the day"}]',
    "an error as a document": b'{"error": {"code": 429, "message": "Too many requests"}, "data": null, "draws": null}',
    "a table of something else": b"sep=,\nname,age\nAda,36\n",
    "a page of another site": b"<!DOCTYPE html><html><head><title>Recipes</title></head><body><h1>Soup of the day</h1>"
    b"<table><tr><td>12</td><td>15</td><td>27</td></tr></table><ul><li>5</li><li>9</li></ul></body></html>",
    "a page for people with scripts": b'<!DOCTYPE html><html><head><title></title></head><body><div id="root"></div>'
    b'<script src="/main.js"></script></body></html>',
    "a filter's page": b"<html><head><title>Attention Required! | Cloudflare</title></head><body></body></html>",
    "a check for robots": b"<html><head><title>Just a moment...</title></head><body></body></html>",
    "a page of a proxy": b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>",
    "a page to log in": b'<html><head><title>Log in</title></head><body><form method="post"></form></body></html>',
}
"""What comes in a page's place, by what it is."""


@cache
def addresses(source: str) -> tuple[tuple[str, str], ...]:
    """Each address of our cases of a source, with an instant."""
    return tuple({case["url"]: case["at"] for name, case in OWN if name == source}.items())


@pytest.mark.parametrize("source", SHELF)
def test_what_comes_in_a_pages_place_is_refused_at_every_address(source: str) -> None:
    taken = {}
    for url, at in addresses(source):
        for what, body in STRANGERS.items():
            try:
                taken[url, what] = str(list(SHELF[source].read(page_of({"url": url, "at": at}, body))))
            except PageChanged as refused:
                assert str(refused).endswith(".")  # noqa: PT017 - each of them is asked
            except Exception as error:  # noqa: BLE001 - a finding, like a page that was taken
                taken[url, what] = repr(error)
    assert taken == {}


def first_page(source: str) -> tuple[Case, bytes]:
    """A page of ours of that source that shows draws."""
    case = next(case for name, case in OWN if name == source and case.get("readings"))
    return case, body_of(source, case)


@pytest.mark.parametrize("source", SHELF)
def test_a_page_of_another_source_is_refused(source: str) -> None:
    case, _ = first_page(source)
    for other in SHELF:
        _, body = first_page(other)
        if other != source:
            with pytest.raises(PageChanged):
                list(SHELF[source].read(page_of(case, body)))


UNENDED = {"pl_mbnet"}
"""Whose whole copies may lack the end of the last line: one that breaks off has fewer draws, and none that is wrong."""


@pytest.mark.parametrize("source", SHELF)
def test_a_page_that_breaks_off_is_refused(source: str) -> None:
    case, body = first_page(source)
    for part in (0.2, 0.5, 0.8, 0.95):
        page = page_of(case, body[: int(len(body) * part)])
        if source not in UNENDED:
            with pytest.raises(PageChanged):
                list(SHELF[source].read(page))
            continue
        try:
            left = readings_of(SHELF[source], page)
        except PageChanged:
            continue
        whole = readings_of(SHELF[source], page_of(case, body))
        assert left == whole[: len(left)]


# --- recorded pages ---

NO_RESULT = {
    "api.loteriasdominicanas.com/feed-game-stats-2026-06-14.json": (
        "PageChanged",
        "statistics in the place of results",
    ),
    "enloteria.com/resultados-anguilla-hoy-2026-07-10.html": ("PageNotYet", "the morning, every draw to come"),
    "loterias.caixa.gov.br/": ("PageChanged", "exports of others, which have no days"),
    "loteriasdominicanas.com/blocked-by-fortiguard-2025-08-07.html": ("PageChanged", "a filter's page"),
    "loteriasdominicanas.com/index-2026-06-14.html": ("PageChanged", "the redesign"),
    "lotoven.com/animalitos-2026-02-17.html": ("PageNotYet", "the morning, every draw to come"),
    "www.gntn-pgd.it/concorsoufficiale-2025-02-06.json": ("PageNotYet", "the draw of the evening"),
    "www.minhngoc.net.vn/soft-404-2026-03-18.html": ("PageChanged", "an address the site does not know, with 200"),
    "www.national-lottery.co.uk/games-2025-07-17.html": ("PageNotYet", "next draws and jackpots alone"),
    "xskt.com.vn/home-utf16-mojibake-2026-05-13.html": ("PageChanged", "read in another encoding and kept so"),
}
"""Every recorded page without a result, by its file or the folder that they share: what it raises, and what it is."""


def kind(file: str) -> tuple[str, str]:
    folder = f"{file.partition('/')[0]}/"
    return NO_RESULT.get(file) or NO_RESULT[folder]


def refused() -> dict[str, Case]:
    """The recorded pages that an independent reader expects no result of."""
    return {
        f"{folder}/{case['file']}": case for folder, cases in EXPECTED.items() for case in cases if "raises" in case
    }


def test_every_recorded_page_without_a_result_is_known_by_what_it_is() -> None:
    assert {file: case["raises"] for file, case in refused().items()} == {file: kind(file)[0] for file in refused()}
    folders = {f"{file.partition('/')[0]}/" for file in refused()}
    assert set(NO_RESULT) <= {*refused(), *folders}


if RECORDINGS.is_dir():

    @pytest.mark.parametrize("file", refused())
    def test_a_recorded_page_without_a_result_is_refused_as_what_it_is(file: str) -> None:
        case = refused()[file]
        with pytest.raises(SourceError) as raised:
            list(SHELF[case["source"]].read(page_of(case, (RECORDINGS / file).read_bytes())))
        assert type(raised.value).__name__ == kind(file)[0]

    def test_a_recorded_draw_that_is_under_way_is_never_a_result() -> None:
        known = catalogue.load()
        open_draws = 0
        for folder, cases in EXPECTED.items():
            for case in cases:
                if not any(None in texts for one in case.get("readings", ()) for texts in one[4].values()):
                    continue
                source = SHELF[case["source"]]
                page = page_of(case, (RECORDINGS / folder / case["file"]).read_bytes())
                half = [
                    one for one in readings_of(source, page) if any(None in texts for texts in one.numbers.values())
                ]
                for lottery, draws in sort(known, source, half, "", page.at).ours.items():
                    for one in draws:
                        verdict = weigh(known.lotteries[lottery], one.key, [one])
                        open_draws += 1
                        assert verdict.status in (Status.PARTIAL, Status.HELD), one.key
                        assert not any(None in values for values in verdict.numbers.values()), one.key
        assert open_draws
