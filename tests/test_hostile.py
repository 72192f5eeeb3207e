"""Whatever a source says stays a text: in a real browser nothing of it runs, and no policy has anything to report.

Every field that is scraped holds every payload, on every page and in every script of ours that shows one.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from hostile import PAYLOADS
from known_api import FIGURES, MAIN, NOW, POWER_PLAY, POWERBALL, Api, drawn, game, keyed, says
from lotto.api import schemas
from lotto.front import Front
from lotto.web.app import create_app
from open_house import served
from stage import free_port

ALL = " ".join(PAYLOADS)
TIER = schemas.Tier(name=ALL, match={"main": [1, 2, 3, 4, 5]}, pick={}, pays=None, one_in=None)


def hostile() -> Api:
    """An API in which everything that anyone outside could have said is hostile: whole, and payload by payload."""
    bad = [pool.model_copy(update={"title": ALL}) for pool in (MAIN, POWERBALL, POWER_PLAY)]
    texts = dict.fromkeys(("name", "region", "operator"), ALL)
    lottery = game("us_ball", bad, (ALL, "22:59"), **texts)
    era = lottery.eras[0].model_copy(update={"tiers": [TIER]})
    following = schemas.NextDraw(date=date(2024, 11, 4), label=ALL, drawn_at=NOW + timedelta(hours=3))
    lottery = lottery.model_copy(update={"next_draw": following, "eras": [era]})
    money = schemas.Money(amount=Decimal(5), currency=ALL)
    spoken = {"publisher": ALL, "origin": ALL, "home": f"javascript:{ALL}", "objections": [ALL], "sha256": ALL}
    fields = drawn(
        lottery,
        {"main": [ALL, 3], "powerball": [ALL], ALL: [ALL]},
        serial=ALL,
        reason=ALL,
        drawn={"main": [3, ALL]},
        revision=2,
        replaces={"main": ["2"]},
        prizes=[
            schemas.Prize(tier=one, winners=1, amount=money if at < 3 else None) for at, one in enumerate(PAYLOADS)
        ],
        jackpot=money,
        sources=[
            *(says("one", {"main": [one]}, publisher=one, origin=one, home=one, objections=[one]) for one in PAYLOADS),
            says("two", {"main": [ALL]}, **spoken, agrees=False),
        ],
        decision={"kind": "correct", "at": NOW, "reason": ALL},
        cards=[schemas.Card(format="og", lang="en", url=ALL, alt=ALL, width=1200, height=630)],
    )
    api = Api(keyed(fields), [lottery])
    link = {"update": 0, "status": "confirmed", "reason": ALL, "numbers": {"main": [ALL]}, "updated_at": NOW}
    api.revisions = [schemas.Revision.model_validate(link | {"revision": 1, "hash": ALL, "previous_hash": ALL})]
    key = {"lottery": "us_ball", "date": "2024-11-02", "label": ALL, "revision": 1, "kind": "edit", "state": "sent"}
    api.posts = [
        schemas.Post.model_validate(
            key | dict.fromkeys(("account", "network", "text", "alt"), one) | {"url": one, "image": one, "sent_at": NOW}
        )
        for one in PAYLOADS
    ]
    up_to: dict[str, object] = {"state": "late", "since": None, "asked_at": None, "next_at": None, "official": False}
    api.sources = [
        schemas.Source.model_validate(
            up_to
            | dict.fromkeys(("id", "publisher", "origin", "note", "outcome", "home"), one)
            | {
                "why": one,
                "lotteries": [one],
                "standings": [{"state": "late", "since": None, "why": one, "lottery": one}],
            }
        )
        for one in PAYLOADS
    ]
    api.collections = [schemas.Collection(id="us", name=ALL, lotteries=["us_ball"])]
    api.newsletters = [schemas.Newsletter(id=one) for one in PAYLOADS]
    api.push = schemas.Push(key=ALL, accounts=[*PAYLOADS])
    api.figures = figures()
    won = schemas.Won(date=date(2024, 11, 2), label=ALL, line=0, tier=ALL, count=1, prize=money)
    api.checked = schemas.Checked(lottery="us_ball", draws=1, unplayable=0, won=[won])
    return api


def figures() -> schemas.Statistics:
    """Figures of a game whose values are words, and those are hostile."""
    pools = []
    for pool in FIGURES.pools:
        values = [one.model_copy(update={"value": PAYLOADS[at]}) for at, one in enumerate(pool.values)]
        pools.append(pool.model_copy(update={"title": ALL, "why": ALL, "values": values}))
    return FIGURES.model_copy(update={"note": ALL, "pools": pools})


class AnyOrigin:
    """The API as foreign pages may read it."""

    def __init__(self, api: Api) -> None:
        self.app = api.app

    async def __call__(self, scope, receive, send):
        async def opened(message):
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"access-control-allow-origin", b"*")]}
            await send(message)

        await self.app(scope, receive, opened)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A site over the hostile API."""
    port, api = free_port(), hostile()
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=api.app), base_url="http://api")
    web = create_app(client, lambda: NOW, practice=True, public_url=f"http://127.0.0.1:{port}")
    with served(Front(AnyOrigin(api), web), port) as address:
        yield address


@pytest.fixture(scope="module")
def visit(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that notes every breach of a policy and everything that ran."""
    context = chromium.new_context(service_workers="block")
    context.add_init_script(
        "window.breaches = []; "
        "addEventListener('securitypolicyviolation', e => breaches.push(e.violatedDirective + e.sample))"
    )
    yield context
    context.close()


FOREIGN = (
    "style, iframe:not([src^='/en/embed/']), object, base[href], [onerror], [onload], "
    # Linked data is a script by name alone: no browser runs it.
    "script:not([src^='/static/assets/'], [type='application/ld+json'])"
)
"""What no page of ours has."""


SHOWN = "document.body.innerText + [...document.querySelectorAll('input, textarea')].map(one => one.value).join()"


def innocent(page) -> bool:
    """Whether nothing ran, nothing was reported, and no frame, style or script came from a text."""
    assert page.evaluate("window.ran") is None
    assert page.evaluate("breaches") == []
    assert page.locator(FOREIGN).count() == 0
    return True


def test_there_are_more_than_two_hundred_payloads_and_an_unguarded_page_runs_them(visit):
    assert len(set(PAYLOADS)) > 200
    page = visit.new_page()
    page.set_content(f"<p>{PAYLOADS[2]}</p>")
    page.wait_for_function("window.ran === 1")
    page.close()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "us_ball",
        "us_ball/2024-11-02",
        "wall",
        "sources",
        "check?lottery=us_ball",
        "?collection=us",
        "us_ball/statistics",
        "collections",
        "collections/us",
        "calendar",
        "search?q=ball",
        f"search?q={quote(ALL[:200])}",
        "check?lottery=us_ball&lines=1+2+3+4+5+%2B+6",
        f"check?lottery=us_ball&lines={quote(ALL[:200])}",
        "embed/us_ball",
        "embed?lottery=us_ball",
        "display",
        "newsletter",
        "us_none",
        "fragment/card/us_ball",
    ],
)
def test_nothing_of_what_sources_and_visitors_say_runs_on_a_page(site, visit, path):
    page = visit.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{site}/en/{path}")
    assert "<script>window.ran=1</script>" in page.evaluate(SHOWN), "it is shown as it was said"
    assert innocent(page)
    assert dialogs == []
    page.close()


def test_nothing_of_what_a_visitor_writes_or_a_draw_says_runs_in_the_checker(site, visit):
    page = visit.new_page()
    page.goto(f"{site}/en/check?lottery=us_ball")
    page.fill("#lines", "1 2 3 4 5")
    page.click("form#ticket .btn-main")
    page.locator(".line-row").wait_for()
    assert innocent(page)
    page.fill("#lines", ALL.replace("+", " "))
    page.click("form#ticket .btn-main")
    page.get_by_text("the game has no").first.wait_for()
    assert innocent(page)
    page.close()


def test_nothing_runs_in_an_embed_on_a_foreign_page(site, visit):
    async def foreign(_: Request) -> Response:
        code = f'<script type="module" src="{site}/embed.js"></script><lotto-result lottery="us_ball"></lotto-result>'
        return HTMLResponse(f"<!doctype html><title>x</title>{code}")

    with served(Starlette(routes=[Route("/", foreign)])) as other:
        page = visit.new_page()
        page.goto(other)
        page.locator("lotto-result h3").wait_for()
        assert "<script>window.ran=1</script>" in page.locator("lotto-result article").inner_text()
        assert page.evaluate("window.ran") is None
        assert page.locator("lotto-result").locator("script, img, iframe, style, [onerror], [onload]").count() == 0
        page.close()
