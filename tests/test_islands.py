"""What the site does with scripts, in a real browser against a real house: checker, live pages, offline, embeds."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from conftest import PATIENCE
from lotto.house import wall_clock
from lotto.publisher.networks.network import Outside, Sheet
from lotto.publisher.networks.webpush import Webpush
from open_house import OpenHouse, served


@pytest.fixture(scope="module")
def site(open_house: OpenHouse) -> Iterator[str]:
    """Its address."""
    with open_house.open():
        yield open_house.address


@pytest.fixture
def visit(chromium: Browser) -> Iterator[BrowserContext]:
    """A visitor with a clean device."""
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def watched(page: Page) -> list[str]:
    """Everything the browser complains of, as it complains."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def checked(page: Page, line: str, day: str) -> None:
    """Fills the form in and has it checked against the draws of one day."""
    page.fill("#lines", line)
    page.select_option("#span", "days")
    page.fill("#from", day)
    page.fill("#to", day)
    page.click("form .btn-main")
    expect(page.locator("#outcome a").first).to_be_visible()


TIERS = [
    ("5+1", 5, 1),
    ("5", 5, 0),
    ("4+1", 4, 1),
    ("4", 4, 0),
    ("3+1", 3, 1),
    ("3", 3, 0),
    ("2+1", 2, 1),
    ("1+1", 1, 1),
]
TIERS += [("0+1", 0, 1), ("No prize", 2, 0), ("No prize", 1, 0), ("No prize", 0, 0)]
"""What is won with so many of the five and of the one right, as the operator's own rules say."""


def test_the_checker_finds_the_tier_of_lines_made_for_24_real_draws_and_sends_no_line(site, visit):
    draws = httpx2.get(f"{site}/api/v1/lotteries/us_powerball/draws?limit=24").json()["items"]
    assert len(draws) == 24
    chance = Random(8)
    page = visit.new_page()
    complaints = watched(page)
    page.goto(f"{site}/en/check?lottery=us_powerball")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/static/" not in request.url else None)
    for draw, (tier, mains, bonus) in zip(draws, TIERS * 2, strict=True):
        right, ball = draw["numbers"]["main"], draw["numbers"]["bonus"][0]
        others = chance.sample([n for n in range(1, 70) if n not in right], 5 - mains)
        line = [*chance.sample(right, mains), *others]
        chosen = ball if bonus else ball % 26 + 1
        with page.expect_response(re.compile("draws.*from=")):
            checked(page, f"{' '.join(map(str, line))} + {chosen}", draw["date"])
        expect(page.locator(".line-row h3 span")).to_have_text(re.compile(rf"^{re.escape(tier)}(: |$)"))
        assert page.locator(".line-row .hit").count() == mains + bonus
    assert {request.method for request in asked} == {"GET"}
    assert {request.url.split("?")[0].removeprefix(site) for request in asked} == {
        "/api/v1/lotteries/us_powerball",
        "/api/v1/lotteries/us_powerball/draws",
    }
    assert not any("+" in request.url or "%2B" in request.url for request in asked)
    assert complaints == []


@pytest.mark.parametrize(
    ("lines", "span"),
    [
        ("10 12 33 45 48 + 2\n4 19 27 45 60 11 + 11 3", "all"),
        ("1 2 3 4 5 + 6", "year"),
        ("1 2 3 4 5 6", "newest"),
        ("1 2 3", "newest"),
        ("1 2 3 4 70 + 1", "rules"),
        ("1 2 3 4 5 + 1 + 1", "month"),
        ("", "newest"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_browser_and_server_say_the_same_of_a_ticket(site, visit, chromium, lines, span, lang):
    plain = chromium.new_context(java_script_enabled=False)
    shown = []
    for context in (visit, plain):
        page = context.new_page()
        page.goto(f"{site}/{lang}/check?lottery=us_powerball")
        page.fill("#lines", lines)
        page.select_option("#span", span)
        page.click("form .btn-main")
        expect(page.locator("#numbers")).not_to_have_text(
            re.compile("Looking|Mirando|What your lines won$" if lines else "^$")
        )
        expect(page.locator("#outcome p").first).not_to_have_text(re.compile(r"^\d+$|…$"))
        balls = page.locator("#outcome li").evaluate_all("all => all.map(li => li.className)")
        texts = re.sub(r"\s+", " ", page.inner_text("#outcome"))
        shown.append((re.sub(r"decide .*?\.|Verifica|Comprueba", "", texts), balls))
    plain.close()
    assert shown[0] == shown[1]


def test_a_game_whose_ways_to_win_are_not_known_says_so_and_offers_others(site, visit):
    page = visit.new_page()
    page.goto(f"{site}/en/us_ny_numbers")
    page.click("text=Check a ticket")
    expect(page.locator("#outcome")).to_contain_text("The ways to win NY Numbers are not on record")
    page.select_option("#game", "us_powerball")
    page.click("text=Choose")
    expect(page.locator("#lines")).to_be_visible()


def test_ones_own_numbers_stay_on_the_device_and_are_told_beside_a_new_result(site, open_house, visit):
    page = visit.new_page()
    page.goto(f"{site}/en/check?lottery=us_powerball")
    page.fill("#lines", "10 45 48 58 1 + 9")
    page.click("#keep")
    expect(page.locator("#keep")).to_have_text("Kept on this device")
    page.reload()
    assert page.locator("#lines").input_value() == "10 45 48 58 1 + 9"
    page.goto(f"{site}/en/")
    told = page.locator('[data-lottery="us_powerball"] [data-mine]').first
    expect(told).to_contain_text("Your numbers: no prize")
    open_house.draw()
    expect(told).to_contain_text("Your numbers win: 4 ($100)")
    assert visit.cookies() == []
    page.goto(f"{site}/en/check?lottery=us_powerball")
    page.click("#forget")
    page.goto(f"{site}/en/")
    expect(page.locator("[data-mine]").first).to_be_hidden()


def pushed(page: Page, lottery_path: str) -> None:
    """Has the browser's push service bring what our publisher sends of that draw."""
    site = page.evaluate("location.origin")
    door = Outside(None, Path(), site, wall_clock)  # type: ignore[arg-type]  # it makes the message and sends nothing
    text = f"Powerball, Saturday 7 May 2022\n4, 5, 6, 28, 67, Powerball 10\n{site}/en/{lottery_path}"
    sheet = Sheet(str(uuid4()), text, planned_at=wall_clock(), since=wall_clock())
    message = Webpush("mailto:ops@example.org", "en", door)._message(sheet).decode()
    service = page.context.new_cdp_session(page)
    known: list[str] = []
    service.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: known.extend(one["registrationId"] for one in told["registrations"]),
    )
    service.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    while not known:
        page.wait_for_timeout(50)
    wish = {"origin": site, "registrationId": known[-1], "data": message}
    service.send("ServiceWorker.deliverPushMessage", wish)


SHOWN = "navigator.serviceWorker.ready.then(it => it.getNotifications()).then(all => all.map(one => one.body))"


@pytest.mark.parametrize(
    ("line", "told"), [("4 5 6 28 1 + 9", "Your numbers win: 4"), ("1 2 3 7 8 + 1", "Your numbers: no prize"), ("", "")]
)
def test_a_notification_tells_what_ones_own_numbers_won_and_asks_nobody_for_it(site, visit, line, told):
    visit.grant_permissions(["notifications"], origin=site)
    page = visit.new_page()
    asked: list[str] = []
    visit.on("request", lambda one: asked.append(one.url + (one.post_data or "")))
    page.goto(f"{site}/en/check?lottery=us_powerball")
    if line:
        page.fill("#lines", line)
        page.click("#keep")
        expect(page.locator("#keep")).to_have_text("Kept on this device")
    pushed(page, "us_powerball/2022-05-07")
    while not (shown := page.evaluate(SHOWN)):
        page.wait_for_timeout(50)
    assert shown == ["\n".join(filter(None, ["4, 5, 6, 28, 67, Powerball 10", told]))]
    assert not [one for one in asked if line and (line in one or line.replace(" ", "+") in one)]


def test_a_result_arrives_on_the_open_board_and_its_correction_on_the_open_draw_page(site, open_house, visit):
    board, draw = visit.new_page(), visit.new_page()
    complaints = watched(board), watched(draw)
    board.goto(f"{site}/en/")
    expect(board.locator("#stamp")).to_contain_text("Live")
    board.evaluate(
        "new MutationObserver(() => (window.said ??= []).push(news.textContent)).observe(news, {childList: true})"
    )
    key = open_house.draw()
    expect(board.locator(".fresh .card .balls b").nth(5)).to_have_text("2")
    expect(board.locator(".fresh .card h3")).to_have_text("Powerball")
    expect(board.locator("#news")).to_contain_text("Powerball")
    assert len(board.evaluate("said")) == 1, "it is said once"

    draw.goto(f"{site}/en/{key.lottery}/{key.date}")
    expect(draw.locator("#numbers .bonus b")).to_have_text("2")
    draw.locator(".pager a").first.focus()
    open_house.correct(key, 26)
    expect(draw.locator("#numbers .bonus b")).to_have_text("26")
    expect(draw.locator(".hero .notice")).to_contain_text("Corrected. Powerball 26, not 2.")
    expect(draw.locator("#news")).to_contain_text("Corrected: Powerball 26, not 2")
    assert draw.evaluate("document.activeElement.closest('.pager') !== null"), "the focus stays where it was"
    assert complaints == ([], [])


def test_a_page_without_a_stream_of_events_asks_by_itself(site, open_house, visit):
    page = visit.new_page()
    page.clock.install()
    page.route("**/api/v1/events", lambda route: route.abort())
    page.goto(f"{site}/en/")
    expect(page.locator("#stamp")).to_contain_text("Not connected")
    open_house.draw()
    newest = page.locator(".fresh .card header p a")
    before = newest.get_attribute("href")
    page.clock.run_for(21_000)
    expect(newest).not_to_have_attribute("href", str(before))
    expect(page.locator("#stamp")).to_contain_text("As of")


def test_a_device_that_slept_takes_up_a_line_that_it_thinks_is_open(site, visit):
    page = visit.new_page()
    page.clock.install()
    lines: list[str] = []
    page.on("request", lambda request: lines.append(request.url) if request.url.endswith("/events") else None)
    page.goto(f"{site}/en/")
    expect(page.locator("#stamp")).to_contain_text("Live")
    assert len(lines) == 1
    page.clock.fast_forward(3_600_000)
    page.clock.run_for(21_000)
    expect(page.locator("#stamp")).to_contain_text("Live")
    assert len(lines) > 1


def test_what_was_seen_is_there_offline_marked_so_and_goes_on_live(site, open_house, visit):
    page = visit.new_page()
    page.goto(f"{site}/en/us_powerball")
    page.goto(f"{site}/en/")
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.goto(f"{site}/en/us_powerball/2022-05-07")
    page.goto(f"{site}/en/")
    expect(page.locator(".kept")).to_be_hidden()
    numbers = page.locator(".card .balls b").all_inner_texts()
    page.wait_for_function("caches.open('pages').then(all => all.keys()).then(all => all.length > 2)")
    with open_house.away():
        page.reload()
        expect(page.locator(".kept")).to_contain_text("You are not connected. This page is as it was on")
        expect(page.locator("#stamp")).to_contain_text("Not connected")
        assert page.locator(".card .balls b").all_inner_texts() == numbers
        assert page.evaluate("getComputedStyle(document.querySelector('.balls')).display") == "flex", "it is dressed"
        page.goto(f"{site}/en/us_powerball/2022-05-07")
        expect(page.locator(".kept")).to_be_visible()
        page.goto(f"{site}/en/sources")
        expect(page.locator("h1")).to_have_text("You are not connected.")
        page.goto(f"{site}/en/")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#stamp")).to_contain_text("Live")
    expect(page.locator(".kept")).to_be_hidden()


def test_the_site_can_be_installed(site, visit):
    page = visit.new_page()
    page.goto(f"{site}/es/")
    session = visit.new_cdp_session(page)
    found = session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert found["url"].endswith("/manifest.webmanifest")
    icons = page.evaluate("fetch('/manifest.webmanifest').then(a => a.json()).then(all => all.icons)")
    for icon in icons:
        answer = page.request.get(f"{site}{icon['src']}")
        assert (answer.status, answer.headers["content-type"]) == (200, icon["type"])
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A browser without a window of its own takes nothing in; that is all it may hold against it.
    assert {one["errorId"] for one in errors} <= {"in-incognito"}


FOREIGN = """<!doctype html><title>A newsroom</title><h1>News</h1>
<script type="module" src="{site}/embed.js"></script>
<lotto-result lottery="us_powerball" lang="es-DO" theme="dark"></lotto-result>
<lotto-result lottery="us_nothing"></lotto-result>
<iframe src="{site}/en/embed/us_powerball" title="Powerball" height="340"></iframe>
<iframe src="{site}/en/" title="Never"></iframe>"""


def test_results_stand_on_a_foreign_page_and_follow_what_happens(site, open_house, visit):
    async def foreign(_):
        # As strict as a page can be that lets our script in.
        policy = f"default-src 'none'; script-src {site}; connect-src {site}; frame-src {site}"
        policy += "; require-trusted-types-for 'script'"
        return HTMLResponse(FOREIGN.format(site=site), headers={"content-security-policy": policy})

    key = open_house.draw()
    with served(Starlette(routes=[Route("/", foreign)])) as other:
        page = visit.new_page()
        complaints = watched(page)
        page.goto(other)
        result = page.locator("lotto-result").first
        expect(result.locator("h3")).to_have_text("Powerball")
        fifth = result.locator("b").nth(4).inner_text()
        assert result.locator("b").all_inner_texts() == [*["10", "45", "48", "58"], fifth, "2", "×3"]
        expect(result.locator(".status")).to_have_text("Confirmado por 2 fuentes")
        expect(result.locator("a")).to_have_attribute("href", f"{site}/es/us_powerball/{key.date}")
        assert result.evaluate("e => getComputedStyle(e).colorScheme") == "dark"
        framed = page.frame_locator("iframe").first
        expect(framed.locator(".bonus b")).to_have_text("2")
        open_house.correct(key, 17)
        expect(result.locator(".bonus b")).to_have_text("17")
        expect(framed.locator(".bonus b")).to_have_text("17")
        assert page.frames[-1].url.startswith("chrome-error:"), "no other page of ours stands in a frame"
        result.evaluate("e => e.setAttribute('lang', 'en')")
        expect(result.locator(".status")).to_have_text("Decided by a person")
        assert [one for one in complaints if "404" not in one and "frame-ancestors" not in one] == []


def test_the_builder_makes_code_that_is_copied(site, visit):
    visit.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.new_page()
    page.goto(f"{site}/en/embed")
    page.select_option("#game", "us_ny_numbers")
    page.select_option("#theme", "dark")
    page.click("form .btn-main")
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("NY Numbers")
    page.click('[data-copy="element"]')
    expect(page.locator('[data-copy="element"]')).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == (
        f'<script type="module" src="{site}/embed.js"></script>\n'
        '<lotto-result lottery="us_ny_numbers" lang="en" theme="dark"></lotto-result>'
    )


def test_a_draw_is_shared_by_the_devices_own_way_else_copied(site, visit):
    visit.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.new_page()
    page.goto(f"{site}/en/us_powerball/2022-05-07")
    page.click("[data-share]")
    expect(page.locator("[data-share]")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/en/us_powerball/2022-05-07"
    page.add_init_script("navigator.share = async what => { window.shared = what }")
    page.reload()
    page.click("[data-share]")
    page.wait_for_function("window.shared")
    assert page.evaluate("shared.url") == f"{site}/en/us_powerball/2022-05-07"


def test_the_chosen_language_is_remembered_and_the_page_kept(site, chromium):
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{site}/")
    assert page.url == f"{site}/en/"
    page.goto(f"{site}/en/us_powerball/2022-05-07")
    page.click(".lang summary")
    page.click('.lang [hreflang="es"]')
    expect(page.locator("html")).to_have_attribute("lang", "es")
    assert page.url == f"{site}/es/us_powerball/2022-05-07"
    page.goto(f"{site}/")
    assert page.url == f"{site}/es/"
    context.close()


def test_a_search_by_name_leads_to_the_game_and_by_number_to_its_draws(site, visit):
    page = visit.new_page()
    page.goto(f"{site}/en/search")
    page.fill("#q", "power")
    page.keyboard.press("Enter")
    page.locator("main .names a", has_text="Powerball").click()
    expect(page).to_have_url(f"{site}/en/us_powerball")
    page.goto(f"{site}/en/search")
    page.fill("#q", "Powerball 45")
    page.keyboard.press("Enter")
    found = page.locator("main tbody tr")
    expect(found.first).to_be_visible()
    assert all("45" in row.locator(".balls b").all_inner_texts() for row in found.all())


def test_what_was_chosen_on_the_board_stands_after_a_reload_and_on_the_way_back(site, visit):
    page = visit.new_page()
    page.goto(f"{site}/en/")
    page.locator("nav.chips a", has_text="multi-state").click()
    chosen = page.locator('nav.chips a[aria-current="true"]', has_text="multi-state")
    expect(chosen).to_be_visible()
    address = page.url
    assert "collection=us_multi_state" in address
    page.reload()
    expect(chosen).to_be_visible()
    page.locator("main .card h3 a").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(address)
    expect(chosen).to_be_visible()
