"""Every type of page for everyone: no finding of axe in any language or theme, whole without a script, by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from lotto.words import LANGUAGES
from open_house import OpenHouse
from site_pages import PAGES

AXE = Path(__file__).parent.parent / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

FINDINGS = """
async only => (await axe.run(document, only ? {runOnly: only} : {})).violations.map(
    one => `${one.id}: ${one.nodes.map(node => node.target + ' ' + node.failureSummary).join(' | ')}`)
"""

TOLD = ["en", *(lang for lang in ("es", "ar") if lang in LANGUAGES)]


@pytest.fixture(scope="module")
def site(open_house: OpenHouse) -> Iterator[str]:
    """Its address."""
    with open_house.open():
        yield open_house.address


@pytest.fixture(scope="module")
def visit(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that lets axe in, which our pages' policy would not."""
    context = chromium.new_context(bypass_csp=True, service_workers="block", reduced_motion="reduce")
    yield context
    context.close()


@pytest.mark.parametrize("lang", TOLD)
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing_in_light_or_dark(site, visit, path, lang):
    page = visit.new_page()
    page.emulate_media(color_scheme="light")
    page.goto(f"{site}/{lang}/{path}")
    page.add_script_tag(path=AXE)
    assert page.evaluate(FINDINGS, None) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(FINDINGS, ["color-contrast", "link-in-text-block"]) == []
    page.close()


def test_axe_sees_what_is_wrong(site, visit):
    page = visit.new_page()
    page.goto(f"{site}/en/")
    page.add_script_tag(path=AXE)
    page.evaluate("document.querySelector('h1').style.color = '#ccc'; document.documentElement.lang = ''")
    found = " ".join(page.evaluate(FINDINGS, None))
    assert "color-contrast" in found
    assert "html-has-lang" in found
    page.close()


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_without_a_script_every_number_of_a_page_is_there(site, chromium, path):
    told = []
    for settings in ({"service_workers": "block"}, {"java_script_enabled": False}):
        context = chromium.new_context(**settings)
        page = context.new_page()
        page.goto(f"{site}/en/{path}")
        rows = page.locator("table tbody tr").count()
        told.append((rows, page.locator("main").locator(".balls b, bdi, svg text, caption").all_inner_texts()))
        context.close()
    assert told[0] == told[1]


def test_the_pages_that_are_compared_hold_numbers_and_tables(site, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in ("", "us_powerball", "us_powerball/2022-05-07"):
        page.goto(f"{site}/en/{path}")
        assert page.locator(".balls b").count() > 5
    page.goto(f"{site}/en/us_powerball")
    assert page.locator("section[data-region=history] tbody tr").count() == 20
    context.close()


def focused(page: Page) -> str:
    """What has the focus, by its text or name."""
    return page.evaluate(
        "(e => (e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.id).trim())"
        "(document.activeElement)"
    )


def test_by_keyboard_one_skips_to_the_numbers_and_opens_the_languages(site, visit):
    page = visit.new_page()
    page.goto(f"{site}/en/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the numbers"
    page.keyboard.press("Enter")
    assert page.url.endswith("#numbers")
    page.locator(".lang summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator(".lang[open]").count() == 0
    assert page.evaluate("document.activeElement.localName") == "summary"
    page.close()


def test_by_keyboard_a_ticket_is_tapped_and_checked(site, visit):
    page = visit.new_page()
    page.goto(f"{site}/en/check?lottery=us_powerball")
    page.locator("#lines").focus()
    for value in ("1", "2", "3", "4", "5", "1"):
        while focused(page) != value:
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        assert page.evaluate("document.activeElement.checked")
        if value == "5":
            while focused(page) != "69":
                page.keyboard.press("Tab")
    while focused(page) != "Check":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".line-row").wait_for()
    assert page.locator("#lines").input_value() == "1 2 3 4 5 + 1"
    assert page.evaluate("document.activeElement.id") == "numbers", "the focus goes to what was found"
    page.close()
