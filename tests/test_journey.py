"""A visitor's journey through the demo, in a real browser: the board, a new draw arriving, the draw's own page."""

import datetime as dt
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from browser import launch
from playwright.sync_api import Browser, Page, expect
from practice_site import running

from lotto.web.moments import moment
from lotto.words import LANGUAGES, speak

PATIENCE = 60_000
"""Milliseconds that something may take to appear on a busy machine."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The demo, a draw every two seconds."""
    with running(every=2) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with launch() as chromium:
        yield chromium


def watched(page: Page) -> list[str]:
    """Everything the browser complains of, as it complains."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def test_a_new_draw_arrives_on_the_open_board_and_leads_to_its_page(site, browser):
    page = browser.new_page()
    complaints = watched(page)
    page.goto(f"{site}/en/")
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    fresh = page.locator(".fresh .card header p a")
    before = fresh.get_attribute("href")
    assert before
    expect(fresh).not_to_have_attribute("href", before, timeout=PATIENCE)
    assert loads == [], "the page was loaded again"

    address = fresh.get_attribute("href")
    numbers = page.locator(".fresh .card .balls b").all_inner_texts()
    assert numbers
    page.goto(f"{site}{address}")
    expect(page.locator("h1")).to_be_visible()
    shown = page.locator("#numbers .balls").first.locator("b").all_inner_texts()
    assert shown
    picture = page.locator("main figure img").first
    expect(picture).to_be_visible(timeout=PATIENCE)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1200
    assert picture.get_attribute("alt")
    assert complaints == []
    page.close()


def test_the_board_reads_the_same_without_javascript(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/en/")
    assert page.locator(".card .balls b").count() > 20
    assert re.search(r"Confirmed by 2 sources", page.inner_text("main"))
    context.close()


def test_a_zone_that_is_chosen_is_told_and_remembered(site, browser):
    context = browser.new_context(timezone_id="Europe/London")
    page = context.new_page()
    complaints = watched(page)
    page.goto(f"{site}/en/us_mega_millions/2022-05-10")
    yours = page.locator("[data-yours]").first
    expect(yours).to_contain_text("Wed 11 May, 04:00")
    page.locator("#zone").focus()
    page.locator("#zone").select_option("Asia/Tokyo")
    expect(yours).to_contain_text("Wed 11 May, 12:00")
    page.reload()
    expect(yours).to_contain_text("Wed 11 May, 12:00")
    page.evaluate("localStorage.setItem('lotto.zone', 'Nowhere/None')")
    page.reload()
    expect(yours).to_contain_text("Wed 11 May, 04:00")
    assert complaints == []
    context.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reader_elsewhere_is_told_a_moment_in_the_words_of_the_server(site, browser, lang):
    context = browser.new_context(timezone_id="Asia/Tokyo")
    page = context.new_page()
    page.goto(f"{site}/{lang}/us_mega_millions/2022-05-10")
    drawn = dt.datetime(2022, 5, 11, 3, 0, tzinfo=dt.UTC)
    told = moment(speak(lang), drawn, ZoneInfo("Asia/Tokyo"), dt.date(2022, 1, 1))
    expect(page.locator("[data-yours]").first).to_contain_text(told)
    context.close()


def test_the_wall_shows_each_draw_once(site, browser):
    page = browser.new_page()
    complaints = watched(page)
    page.goto(f"{site}/en/wall")
    posts = page.locator("main article")
    expect(posts.nth(4)).to_be_attached(timeout=PATIENCE)
    links = [link for link in page.locator("main article a").evaluate_all("all => all.map(a => a.href)") if "#" in link]
    assert links
    assert len(links) == len(set(links))
    assert complaints == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_scrolls_sideways(site, browser, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    lottery = "us_mega_millions"
    results = ("/en/", "/ar/", f"/de/{lottery}?weekday=fri", f"/en/{lottery}/2022-05-10", f"/ar/{lottery}/statistics")
    beside = (
        "/en/wall",
        "/fr/sources",
        "/pt/calendar",
        "/th/search?q=45",
        "/es/display",
        "/de/developers",
        "/fr/about",
    )
    for path in (*results, *beside, "/en/collections/digits"):
        page.goto(f"{site}{path}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    context.close()


def test_the_draw_on_which_the_sources_disagree_shows_no_numbers_and_says_why(site, browser):
    page = browser.new_page()
    page.goto(f"{site}/en/us_mega_millions/2022-05-10")
    text = page.inner_text("main")
    assert "Held" in text
    assert page.locator("#numbers .balls").count() == 0
    assert "Texas Lottery Commission" in text
    answer = page.request.get(f"{site}/api/v1/lotteries/us_mega_millions/draws/2022-05-10").json()
    assert (answer["status"], answer["numbers"], answer["revision"]) == ("held", {}, 0)
    says = {one["source"]: one["numbers"]["bonus"] for one in answer["sources"]}
    assert says == {"us_ny_data": [6], "us_texas": [9]}
    page.close()
