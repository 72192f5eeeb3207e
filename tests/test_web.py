"""The pages, made out of an API whose every answer the API's own schemas have checked."""

import asyncio
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from known_api import (
    BALL,
    MAIN,
    NOW,
    POWER_PLAY,
    POWERBALL,
    PUBLIC,
    SHA,
    WINNING,
    Api,
    Ask,
    balls,
    card,
    drawn,
    game,
    held,
    keyed,
    page,
    says,
    text,
)
from lotto.api import schemas
from lotto.draws.pool import Kind, Pool, Shape
from lotto.web.app import create_app
from lotto.web.assets import Assets, NotBuilt
from lotto.web.balls import balls as drawn_balls
from lotto.web.safety import policy
from lotto.words import speak

EVERY_PAGE = (
    "/en/",
    "/es/",
    "/en/us_ball",
    "/en/us_ball/2024-11-02",
    "/es/us_numbers/2024-11-02/evening",
    "/en/wall",
    "/en/sources",
    "/en/us_ball/statistics",
    "/en/collections",
    "/en/collections/digits",
    "/en/calendar",
    "/en/search",
    "/en/search?q=45",
    "/en/display",
    "/en/about",
    "/en/developers",
    "/en/fragment/card/us_ball",
    "/en/fragment/today",
    "/en/offline",
)

OF_NOTHING = ("/en/about", "/en/developers", "/en/search", "/en/offline")
"""Pages that tell of no lottery."""


def test_the_board_tells_the_numbers_of_every_latest_draw_in_its_html(ask: Ask) -> None:
    site = page(ask("/en/"))
    assert balls(card(site, "us_ball")) == [["10", "45", "48", "58", "61", "2", "×3"]]
    assert balls(card(site, "do_quiniela")) == [["00", "71", "81"]]
    assert "1st" in text(card(site, "do_quiniela"))
    assert "Confirmed by 2 sources" in text(card(site, "us_ball"))
    assert "Next in 15 hr 20 min" in text(card(site, "us_ball"))


def test_two_draws_of_one_day_share_a_card_the_newer_first(ask: Ask) -> None:
    both = card(page(ask("/en/")), "us_numbers")
    assert balls(both) == [["4", "3", "0"], ["0", "0", "7"]]
    assert "Evening, 22:30" in text(both)
    assert "Midday" in text(both)


def test_the_freshest_result_stands_in_front(ask: Ask) -> None:
    site = page(ask("/en/"))
    assert site.css_first(".fresh [data-key]").attributes["data-key"] == "us_ball"
    assert len(site.css(".fresh")) == 1


def test_a_held_draw_shows_no_numbers_and_says_why(ask: Ask, api: Api) -> None:
    api.draws = keyed(held())
    shown = card(page(ask("/en/")), "us_ball")
    assert balls(shown) == []
    assert "Publisher one and Publisher two do not agree about Powerball" in text(shown)
    assert "Held: sources disagree" in text(shown)
    assert not {"10", "45", "48", "58", "61"} & set(text(shown).replace(",", " ").split())
    for path in ("/en/us_ball", "/en/us_ball/2024-11-02", "/es/us_ball/2024-11-02"):
        assert balls(page(ask(path))) == []


def test_a_draw_held_after_it_was_published_keeps_its_numbers_and_warns(ask: Ask, api: Api) -> None:
    api.draws = keyed(drawn(BALL, WINNING, status="held", update=1))
    shown = page(ask("/en/us_ball/2024-11-02"))
    assert balls(shown)[0] == ["10", "45", "48", "58", "61", "2", "×3"]
    assert "These numbers are being checked again." in text(shown)


@pytest.mark.parametrize(
    ("kind", "status", "numbers", "words"),
    [
        ("hold", "held", WINNING, ["A person holds this draw back. Why: <It> was asked.", "Held by a person"]),
        ("void", "void", {}, ["This draw is void.", "Its numbers do not count. Why: <It> was asked."]),
        ("approve", "confirmed", WINNING, ["Decided by a person", "which numbers count. Why: <It> was asked."]),
        ("correct", "confirmed", WINNING, ["Decided by a person"]),
    ],
)
def test_a_persons_word_and_its_reason_stand_on_the_page(ask: Ask, api: Api, kind, status, numbers, words) -> None:
    decision = {"kind": kind, "at": "2024-11-03T04:00:00Z", "reason": "<It> was asked."}
    api.draws = keyed(drawn(BALL, numbers, status=status, revision=2, decision=decision))
    shown = page(ask("/en/us_ball/2024-11-02"))
    assert [one in text(shown) for one in words] == [True] * len(words)
    assert bool(balls(shown)) == bool(numbers)


def test_a_partial_draw_shows_what_is_seen_and_keeps_the_other_places_open(ask: Ask, api: Api) -> None:
    seen = {"main": [16, 25, None]}
    api.draws = keyed(drawn(BALL, {}, status="partial", revision=0, seen=seen, sources=[says("one", {})]))
    shown = card(page(ask("/en/")), "us_ball")
    assert balls(shown) == [["16", "25", "–", "–", "–", "–"]]
    assert "Being drawn: 2 of 6 seen" in text(shown)


def test_a_draw_that_one_source_alone_has_shown_tells_nothing_of_it(ask: Ask, api: Api) -> None:
    api.draws = keyed(drawn(BALL, {}, status="scheduled", revision=0, sources=[says("one", {})]))
    shown = card(page(ask("/en/")), "us_ball")
    assert balls(shown) == []
    assert "One source so far." in text(shown)


def test_a_draw_shows_its_evidence_and_its_chain(ask: Ask, api: Api) -> None:
    link = {"update": 0, "status": "confirmed", "reason": "", "updated_at": NOW, "hash": "b" * 64}
    first = WINNING | {"powerball": [6]}
    api.revisions = [
        schemas.Revision.model_validate(link | {"revision": 2, "numbers": WINNING, "previous_hash": SHA}),
        schemas.Revision.model_validate(link | {"revision": 1, "numbers": first, "previous_hash": "", "hash": SHA}),
    ]
    witnesses = [says("one", WINNING), says("two", first, agrees=False)]
    fields = drawn(BALL, WINNING, revision=2, replaces=first, sources=witnesses, drawn={"main": [58, 61, 45, 48, 10]})
    api.draws = keyed(fields)
    shown = page(ask("/en/us_ball/2024-11-02"))
    assert "Corrected. Powerball 2, not 6." in text(shown.css_first(".notice"))
    one, two = (text(witness) for witness in shown.css(".witnesses li"))
    assert "Publisher one" in one
    assert "Powerball 2, Power Play ×3 – agrees" in one
    assert "seen 2 Nov 2024, 23:03:00" in one
    assert SHA[:12] in one
    assert "Powerball 6" in two
    assert "not followed" in two
    newest, oldest = (text(revision) for revision in shown.css(".revs > li"))
    assert "Powerball 2, not 6" in newest
    assert "Revision 1" in oldest
    assert "Drawn in this order: 58, 61, 45, 48, 10, Powerball 2" in text(shown)
    assert shown.css_first('.pager [rel="prev"]').attributes["href"] == "/en/us_ball/2024-10-30"


def test_a_picture_of_our_own_origin_is_asked_for_without_the_origin(ask: Ask, api: Api) -> None:
    picture = {"format": "og", "url": f"{PUBLIC}/cards/ab/x.png", "alt": "The Big Ball", "width": 1200, "height": 630}
    square = picture | {"format": "square", "url": f"{PUBLIC}/cards/ab/y.png", "width": 1080, "height": 1080}
    api.draws = keyed(drawn(BALL, WINNING, cards=[square | {"lang": "en"}, picture | {"lang": "en"}]))
    shown = page(ask("/es/us_ball/2024-11-02"))
    image = shown.css_first("figure img").attributes
    assert (image["src"], image["width"], image["alt"]) == ("/cards/ab/x.png", "1200", "The Big Ball")
    assert [one.attributes["href"] for one in shown.css("figcaption a")] == ["/cards/ab/x.png", "/cards/ab/y.png"]
    assert shown.css_first('[property="og:image"]').attributes["content"] == f"{PUBLIC}/cards/ab/x.png"


def test_a_lottery_tells_its_rules_its_chance_and_its_history(ask: Ask, api: Api) -> None:
    api.older = "/api/v1/lotteries/us_ball/draws?limit=20&cursor=abc%3D"
    shown = page(ask("/en/us_ball"))
    assert "5 numbers from 1 to 69" in text(shown)
    assert "every day at 22:59" in text(shown)
    assert "1 in 292,201,338" in text(shown)
    assert balls(shown.css_first("table"))[0] == ["10", "45", "48", "58", "61", "2", "×3"]
    older = shown.css_first('.pager [rel="next"]').attributes["href"]
    assert older == "/en/us_ball?cursor=abc%3D#history"
    page(ask(str(older)))
    assert any("cursor=abc%3D" in one for one in api.asked)


def test_the_wall_shows_what_went_out_and_neither_what_is_planned_nor_each_draw_of_a_digest(ask: Ask, api: Api) -> None:
    post = {
        "account": "practice",
        "network": "paper",
        "lottery": "us_ball",
        "date": "2024-11-02",
        "label": "",
        "revision": 1,
        "kind": "create",
        "state": "sent",
        "url": None,
        "text": "The Big Ball: 10, 45",
        "image": f"{PUBLIC}/cards/ab/x.png",
        "alt": "A card",
        "sent_at": NOW,
    }
    planned = post | {"state": "planned", "text": "Not yet", "sent_at": None}
    api.posts = [schemas.Post.model_validate(one) for one in (planned, post)]
    shown = page(ask("/en/wall"))
    assert [text(one) for one in shown.css(".post .text")] == ["The Big Ball: 10, 45"]
    assert shown.css_first(".post img").attributes["src"] == "/cards/ab/x.png"
    assert "state=sent" in api.asked[-1]
    assert "state=planned" not in api.asked[-1]
    assert "state=folded" not in api.asked[-1]
    digest = post | {"tells": 3, "text": "3 results came in meanwhile.", "image": None}
    api.posts = [schemas.Post.model_validate(digest)]
    shown = page(ask("/en/wall"))
    assert text(shown.css_first(".post footer strong")) == "Digest of 3 results"
    assert [(one.attributes["href"], text(one)) for one in shown.css(".post a")] == [("/en/", "The results")]


def test_the_sources_are_told_with_how_it_last_went(ask: Ask, api: Api) -> None:
    facts = {"publisher": "Texas", "official": True, "origin": "tx", "home": "https://tx.example", "id": "tx"}
    last = {"lotteries": ["us_ball"], "asked_at": NOW, "outcome": "changed", "note": "No table."}
    changed = {"state": "changed", "since": NOW - timedelta(minutes=14), "why": "No table."}
    late = {"state": "late", "since": None, "why": "Not told yet.", "lottery": "us_ball"}
    up_to = changed | {"standings": [changed | {"lottery": None}, late], "next_at": NOW + timedelta(minutes=1)}
    api.sources = [schemas.Source.model_validate(facts | last | up_to)]
    shown = text(page(ask("/en/sources")).css_first("tbody"))
    assert shown == (
        "Texas Official · origin tx The Big Ball Its page has changed: a person must look since 03:00 UTC No table. "
        "Late The Big Ball Not told yet. 03:14 UTC Its page has changed: a person must look next 03:15 UTC"
    )


def test_an_unknown_lottery_is_a_404_that_helps(ask: Ask) -> None:
    shown = page(ask("/en/us_bal"), 404)
    assert "We know no game called “us_bal”." in text(shown)
    assert "Did you mean The Big Ball?" in text(shown)
    assert {"/en/us_ball", "/en/do_quiniela", "/en/"} <= {one.attributes.get("href") for one in shown.css("a")}


def test_a_draw_that_was_not_is_a_404_that_leads_to_the_lottery(ask: Ask) -> None:
    shown = page(ask("/es/us_ball/2024-11-03"), 404)
    assert "The Big Ball no tiene ese sorteo." in text(shown)
    assert "/es/us_ball" in [one.attributes.get("href") for one in shown.css("main a")]


@pytest.mark.parametrize("path", ["/xx/", "/en/us_ball/2024-11-02/a/b", "/nothing.php", "/static/none.js"])
def test_any_other_address_is_a_404_page(ask: Ask, path: str) -> None:
    assert "There is no such page" in text(page(ask(path), 404))


@pytest.mark.parametrize("body", [None, b"", b'{"items": [{"lottery": "a"}]}', b"<html>"])
def test_an_api_that_does_not_answer_rightly_makes_a_503_that_comes_again(ask: Ask, body: bytes | None) -> None:
    async def broken(_: Request) -> Response:
        return Response("down", 500) if body is None else Response(body, media_type="application/json")

    answer = ask("/en/", over=Starlette(routes=[Route("/{path:path}", broken)]))
    shown = page(answer, 503)
    assert "The results cannot be reached right now" in text(shown)
    assert answer.headers["retry-after"] == "15"
    assert shown.css_first('[http-equiv="refresh"]') is not None


def test_an_api_that_cannot_be_reached_makes_a_503(built: Path) -> None:
    async def inner() -> httpx2.Response:
        # Port 9 of this machine: nobody listens.
        async with httpx2.AsyncClient(base_url="http://127.0.0.1:9", trust_env=False) as client:
            site = create_app(client, lambda: NOW, practice=False, public_url=PUBLIC, built=built)
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=site), base_url="http://site") as visitor:
                return await visitor.get("/es/us_ball")

    assert "no se puede llegar a los resultados" in text(page(asyncio.run(inner()), 503))


def test_a_fault_of_ours_is_a_500_page_with_all_its_headers(built: Path) -> None:
    def broken() -> datetime:
        raise RuntimeError("no clock")

    async def inner() -> list[httpx2.Response]:
        answers = []
        api = Api({}, []).app
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=api), base_url="http://api") as client:
            once = iter([broken])
            site = create_app(client, lambda: next(once, lambda: NOW)(), practice=False, public_url=PUBLIC, built=built)
            door = httpx2.ASGITransport(app=site, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=door, base_url="http://site") as visitor:
                answers.append(await visitor.get("/en/"))
        return answers

    (answer,) = asyncio.run(inner())
    assert "Something went wrong on our side" in text(page(answer, 500))
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("headers", "lang"),
    [
        ({"accept_language": "es-DO,es;q=0.9,en;q=0.8"}, "es"),
        ({"accept_language": "fi, en;q=0.2, es;q=0.7"}, "es"),
        ({"accept_language": "ar-EG, en;q=0.9"}, "ar"),
        ({"accept_language": "es;q=0, en"}, "en"),
        ({"accept_language": "nonsense;q=x"}, "en"),
        ({"accept_language": "en", "cookie": "lang=es"}, "es"),
        ({"cookie": "lang=xx"}, "en"),
    ],
)
def test_the_front_door_leads_to_the_readers_language(ask: Ask, headers: dict[str, str], lang: str) -> None:
    answer = ask("/", **headers)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/{lang}/")
    assert answer.headers["vary"] == "accept-language, cookie"


@pytest.mark.parametrize("below", ["", "us_ball", "us_numbers/2024-11-02/evening", "wall", "?country=US"])
def test_the_switch_of_languages_keeps_the_page(ask: Ask, below: str) -> None:
    shown = page(ask(f"/en/{below}"))
    there = shown.css_first('.lang a[hreflang="es"]').attributes["href"]
    assert there == f"/es/{below}"
    assert page(ask(str(there))).css_first("html").attributes["lang"] == "es"


def test_a_board_of_one_country_shows_no_other(ask: Ask) -> None:
    shown = page(ask("/en/?country=DO"))
    assert [one.attributes["data-key"] for one in shown.css("[data-key]")] == ["do_quiniela"]
    assert text(shown.css_first(".chips [aria-current]")) == "Dominican Republic"


@pytest.mark.parametrize("lottery", ["us_ball", "us_numbers", "do_quiniela"])
def test_the_fragment_of_a_card_is_the_boards_own(ask: Ask, lottery: str) -> None:
    whole, alone = page(ask("/es/")), page(ask(f"/es/fragment/card/{lottery}"))
    assert card(alone, lottery).html == card(whole, lottery).html
    assert len(alone.css("article")) == 1


def test_a_fragment_of_nothing_is_a_404(ask: Ask) -> None:
    assert ask("/en/fragment/card/us_none").status_code == 404


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_page_is_kept_and_asked_about_again(ask: Ask, path: str) -> None:
    first = ask(path)
    assert first.headers["cache-control"] == "public, no-cache"
    again = ask(path, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert ask(path, if_none_match='W/"other"').status_code == 200


@pytest.mark.parametrize(
    ("cards_at", "pictures"),
    [
        ("", "img-src 'self'"),
        ("https://cards.example/some/prefix", "img-src 'self' https://cards.example"),
        ("http://127.0.0.1:9000/lotto", "img-src 'self' http://127.0.0.1:9000"),
    ],
)
def test_pictures_come_from_here_and_from_where_the_store_serves_its_cards(cards_at: str, pictures: str) -> None:
    parts = policy(cards_at).split("; ")
    assert pictures in parts
    assert [part for part in parts if "example" in part or "127" in part] == ([pictures] if cards_at else [])


@pytest.mark.parametrize("path", [*EVERY_PAGE, "/en/none", "/", "/lotteries.css", "/static/assets/main-1.js"])
def test_every_answer_carries_the_strict_policy(ask: Ask, path: str) -> None:
    headers = ask(path).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; frame-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types lotto"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert {"referrer-policy", "permissions-policy", "strict-transport-security"} <= set(headers)


def unsafe(shown: LexborHTMLParser) -> list[str]:
    """What the policy forbids, or a browser would run: inline styles and scripts, handlers, strange addresses."""
    data = "script[type='application/ld+json']"  # no browser runs it
    found = [str(one.html) for one in shown.css(f"style, script:not([src], {data}), iframe, object, base")]
    for one in shown.css(data):
        json.loads(one.text())
    for node in shown.css("*"):
        for name, value in node.attributes.items():
            address = (value or "").strip().lower()
            if name == "style" or name.startswith("on"):
                found.append(f"{name}={value}")
            if name in ("href", "src") and not address.startswith(("/", "https://", "#")) and address:
                found.append(f"{name}={value}")
    return found


@pytest.mark.parametrize("path", [*EVERY_PAGE, "/en/none"])
def test_no_page_holds_an_inline_style_or_script(ask: Ask, path: str) -> None:
    shown = page(ask(path), 404 if path == "/en/none" else 200)
    assert unsafe(shown) == []
    assert {one.attributes["src"] for one in shown.css("script[src]")} <= {"/static/assets/main-1.js"}


PAYLOAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{70707*7}}"
ADDRESS = "javascript:alert(3)//\"'><script>"


def poisoned(api: Api) -> None:
    """Puts the payload into every text that the schemas leave free."""
    bad = [pool.model_copy(update={"title": PAYLOAD}) for pool in (MAIN, POWERBALL, POWER_PLAY)]
    texts = dict.fromkeys(("name", "country", "region", "operator", "language"), PAYLOAD) | {"currency": PAYLOAD}
    lottery = game("us_ball", bad, (PAYLOAD, "22:59"), **texts)
    following = schemas.NextDraw(date=date(2024, 11, 4), label=PAYLOAD, drawn_at=NOW + timedelta(hours=3))
    lottery = lottery.model_copy(update={"next_draw": following, "sources": [PAYLOAD]})
    api.lotteries = {"us_ball": lottery}
    api.collections = [schemas.Collection(id="digits", name=PAYLOAD, lotteries=["us_ball"])]
    tier = {"name": PAYLOAD, "match": {PAYLOAD: [1]}, "pick": {}, "pays": Decimal(1), "chance": None, "why": PAYLOAD}
    api.odds = schemas.Odds.model_validate(
        {"lottery": "us_ball", "on": NOW.date(), "starts_on": NOW.date(), "any": [], "tiers": [tier | {"one_in": None}]}
    )
    money = schemas.Money(amount=Decimal(5), currency=PAYLOAD)
    spoken = {"publisher": PAYLOAD, "origin": PAYLOAD, "home": ADDRESS, "objections": [PAYLOAD], "sha256": PAYLOAD}
    strange = {"powerball": [PAYLOAD], PAYLOAD: [PAYLOAD]}
    fields = drawn(
        lottery,
        {"main": [PAYLOAD, 3], **strange},
        serial=PAYLOAD,
        reason=PAYLOAD,
        drawn={"main": [3, PAYLOAD]},
        revision=2,
        replaces={"main": [PAYLOAD + "2"]},
        seen=strange,
        prizes=[schemas.Prize(tier=PAYLOAD, winners=1, amount=money)],
        jackpot=money,
        sources=[says(PAYLOAD, strange, **spoken), says("two", strange, **spoken, agrees=False)],
        cards=[
            schemas.Card(format=PAYLOAD, lang=PAYLOAD, url=url, alt=PAYLOAD, width=1200, height=630)
            for url in (ADDRESS, "/cards/a.png" + PAYLOAD)
        ],
    )
    api.draws = keyed(fields)
    link = {"update": 0, "status": "confirmed", "reason": PAYLOAD, "numbers": strange, "updated_at": NOW}
    api.revisions = [schemas.Revision.model_validate(link | {"revision": 1, "hash": PAYLOAD, "previous_hash": PAYLOAD})]
    post = dict.fromkeys(("account", "network", "text", "alt"), PAYLOAD) | {"url": ADDRESS, "image": ADDRESS}
    key = {"lottery": "us_ball", "date": "2024-11-02", "label": PAYLOAD, "revision": 1, "kind": "edit"}
    api.posts = [schemas.Post.model_validate(post | key | {"state": "sent", "sent_at": NOW})]
    source = dict.fromkeys(("id", "publisher", "origin", "note", "outcome"), PAYLOAD) | {"home": ADDRESS}
    late: dict[str, object] = {"state": "late", "since": None, "why": PAYLOAD}
    up_to = late | {"standings": [late | {"lottery": PAYLOAD}], "asked_at": None, "next_at": None}
    api.sources = [schemas.Source.model_validate(source | up_to | {"official": False, "lotteries": [PAYLOAD]})]


@pytest.mark.parametrize("status", ["confirmed", "held", "partial", "scheduled"])
@pytest.mark.parametrize("path", [one for one in EVERY_PAGE if "numbers" not in one and "offline" not in one])
def test_no_text_of_the_api_becomes_markup(ask: Ask, api: Api, path: str, status: str) -> None:
    poisoned(api)
    for fields in api.draws.values():
        fields["status"] = status
        if status != "confirmed":
            fields["numbers"] = {}
    answer = ask(path)
    shown = page(answer)
    assert unsafe(shown) == []
    assert shown.css("img[src=x]") == []
    assert "494949" not in text(shown)
    assert "<script>alert" not in answer.text
    assert "javascript:" not in " ".join(str(one.attributes.get("href")) for one in shown.css("a"))
    if path not in OF_NOTHING:
        assert "<script>alert(1)</script>" in text(shown)


def test_a_lottery_whose_id_could_end_a_rule_is_refused(ask: Ask, api: Api) -> None:
    api.lotteries = {"x": game('us"]{}*{display:none}', [MAIN])}
    assert ask("/lotteries.css").status_code == 503


def test_every_lottery_has_its_colour_in_one_style_sheet(ask: Ask) -> None:
    answer = ask("/lotteries.css")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert '[data-lottery="us_ball"]{--hue:22;--chroma:0.19}' in answer.text


def test_practice_is_said_on_every_page(ask: Ask) -> None:
    for path in ("/en/", "/en/us_ball", "/en/none"):
        assert "Practice" in text(LexborHTMLParser(ask(path).text).css_first(".practice"))


def test_pages_link_the_built_files_and_these_keep_for_ever(ask: Ask) -> None:
    shown = page(ask("/en/"))
    assert shown.css_first('link[href="/static/assets/main-2.css"]') is not None
    assert shown.css_first('link[rel="modulepreload"]').attributes["href"] == "/static/assets/part-3.js"
    assert ask("/static/assets/main-1.js").headers["cache-control"] == "public, max-age=31536000, immutable"


def test_without_a_build_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="run `make web`"):
        Assets.read(tmp_path)


def test_words_animals_tickets_and_kenos_have_their_own_shapes() -> None:
    animal = Pool("animal", 1, kind=Kind.WORD, shape=Shape.ANIMAL, words={"33": "Pescado"})
    colour = Pool("colour", 1, kind=Kind.WORD, words={"Verde": ""})
    second = Pool("second", 2, kind=Kind.TICKET, shape=Shape.TICKET, written="######", title="Second")
    shown = drawn_balls(
        speak("en"), (animal, colour, second), {"animal": ("33",), "colour": ("Verde",), "second": ("051210", "119336")}
    )
    assert [(one.text, one.kind, one.word) for one in shown] == [
        ("33", "animal", "Pescado"),
        ("Verde", "word", ""),
        ("051210", "ticket", "Second"),
        ("119336", "ticket", ""),
    ]
    codes = Pool("codes", 10, kind=Kind.TICKET, shape=Shape.TICKET, written="##", fewest=1)
    assert [one.kind for one in drawn_balls(speak("en"), (codes,), {}, open_places=True)] == ["ticket empty"]


@pytest.mark.parametrize(
    ("slot", "says"),
    [
        ({"at": "15:30", "dates": [1, 16]}, "on day 1 and 16 of each month at 15:30"),
        ({"at": "05:00", "every": 5, "until": "23:55"}, "every day, every 5 minutes from 05:00 to 23:55"),
    ],
)
def test_a_lottery_tells_its_rhythm_and_its_days_of_the_month(
    ask: Ask, api: Api, slot: dict[str, object], says: str
) -> None:
    ball = api.lotteries["us_ball"]
    calendar = [schemas.Slot.model_validate({"label": "", "days": list(range(7)), **slot})]
    api.lotteries["us_ball"] = ball.model_copy(
        update={"eras": [ball.eras[0].model_copy(update={"calendar": calendar})]}
    )
    assert says in text(page(ask("/en/us_ball")))
