"""What search engines are told: one address for each page, its languages, linked data, sitemaps."""

import json
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from known_api import BALL, NOW, PUBLIC, WINNING, Api, Ask, drawn, keyed, page, text
from lotto.words import LANGUAGES

PAGES = (
    "",
    "us_ball",
    "us_ball/2024-11-02",
    "us_ball/statistics",
    "collections",
    "collections/digits",
    "calendar",
    "search",
    "sources",
    "wall",
    "display",
    "about",
    "developers",
)


def linked(shown: LexborHTMLParser) -> dict[str, Any]:
    """The linked data of a page, by type."""
    found = [json.loads(one.text()) for one in shown.css("script[type='application/ld+json']")]
    return {one["@type"]: one for one in found}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_address_whatever_its_query_and_knows_itself_in_every_language(ask: Ask, path: str) -> None:
    shown = page(ask(f"/es/{path}?from=2024-01-01"))
    assert shown.css_first('link[rel="canonical"]').attributes["href"] == f"{PUBLIC}/es/{path}"
    others = {
        one.attributes["hreflang"]: one.attributes["href"] for one in shown.css('head link[rel="alternate"][hreflang]')
    }
    assert others == {
        **{lang: f"{PUBLIC}/{lang}/{path}" for lang in LANGUAGES},
        "x-default": f"{PUBLIC}/en/{path}" if path else f"{PUBLIC}/",
    }
    title, about = text(shown.css_first("title")), shown.css_first('[name="description"]').attributes["content"]
    assert title.endswith(" · Lotto")
    assert about
    assert shown.css_first('[property="og:url"]').attributes["content"] == f"{PUBLIC}/es/{path}"
    assert shown.css_first('[property="og:title"]').attributes["content"]


@pytest.mark.parametrize("path", ["en/none", "en/us_ball/1999-01-01", "en/collections/none"])
def test_a_page_that_is_not_there_has_no_other_languages_and_is_not_kept(ask: Ask, path: str) -> None:
    shown = page(ask(f"/{path}"), 404)
    assert shown.css('head link[rel="alternate"]') == []
    assert shown.css_first('[name="robots"]').attributes["content"] == "noindex"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_spoken_in_every_language(ask: Ask, lang: str) -> None:
    for path in PAGES:
        html = page(ask(f"/{lang}/{path}")).css_first("html")
        assert html.attributes["lang"] == lang
        assert html.attributes["dir"] == ("rtl" if lang == "ar" else "ltr")
    before = text(page(ask(f"/{lang}/us_ball/2024-11-02")).css_first('.pager [rel="prev"]'))
    assert before.startswith("→" if lang == "ar" else "←"), "an arrow points to where one reads from"
    assert page(ask(f"/{lang}/none"), 404).css_first("h1") is not None


def test_a_lottery_and_a_draw_are_told_as_linked_data(ask: Ask, api: Api) -> None:
    shown = linked(page(ask("/en/us_ball")))
    dataset = shown["Dataset"]
    assert dataset["url"] == f"{PUBLIC}/en/us_ball"
    assert dataset["temporalCoverage"] == "2015-10-07/.."
    assert 50 <= len(dataset["description"]) <= 5000
    assert dataset["distribution"][0]["contentUrl"] == f"{PUBLIC}/api/v1/lotteries/us_ball/draws.csv"
    steps = linked(page(ask("/en/us_ball/2024-11-02")))["BreadcrumbList"]["itemListElement"]
    assert [(one["position"], one["item"]) for one in steps] == [
        (1, f"{PUBLIC}/en/"),
        (2, f"{PUBLIC}/en/us_ball"),
        (3, f"{PUBLIC}/en/us_ball/2024-11-02"),
    ]


def test_a_lottery_offers_its_feeds_to_readers(ask: Ask) -> None:
    offered = page(ask("/es/us_ball")).css('head link[rel="alternate"][href*="/feed."]')
    assert [(one.attributes["type"], one.attributes["href"]) for one in offered] == [
        ("application/atom+xml", "/api/v1/lotteries/us_ball/feed.atom?lang=es"),
        ("application/rss+xml", "/api/v1/lotteries/us_ball/feed.rss?lang=es"),
        ("application/feed+json", "/api/v1/lotteries/us_ball/feed.json?lang=es"),
    ]


def test_players_are_told_to_check_and_where_there_is_help(ask: Ask, api: Api) -> None:
    api.lotteries["us_ball"] = BALL.model_copy(update={"country": "DE"})
    for path in ("/en/us_ball", "/en/us_ball/2024-11-02", "/en/us_ball/statistics"):
        careful = text(page(ask(path)).css_first(".careful"))
        assert "Check with the operator before you throw a ticket away" in careful
        assert "0800 1 37 27 00" in careful


def test_robots_are_led_to_sitemaps_that_hold_every_page_in_every_language(ask: Ask, api: Api) -> None:
    api.draws = keyed(drawn(BALL, WINNING))
    robots = ask("/robots.txt").text
    assert f"Sitemap: {PUBLIC}/sitemap.xml" in robots
    assert "Disallow: /*/fragment/" in robots
    index = LexborHTMLParser(ask("/sitemap.xml").text)
    maps = {text(one.css_first("loc")): one for one in index.css("sitemap")}
    assert set(maps) == {
        f"{PUBLIC}/sitemaps/pages.xml",
        *(f"{PUBLIC}/sitemaps/lotteries/{one}.xml" for one in api.lotteries),
    }
    changed = api.draws["us_ball/2024-11-02"]["updated_at"]
    assert text(maps[f"{PUBLIC}/sitemaps/lotteries/us_ball.xml"].css_first("lastmod")) == changed.isoformat()
    listed = [
        text(one.css_first("loc"))
        for path in maps
        for one in LexborHTMLParser(ask(path.removeprefix(PUBLIC)).text).css("url")
    ]
    assert len(listed) == len(set(listed))
    left_out = {"search", "display"}
    assert {f"{PUBLIC}/{lang}/{path}" for lang in LANGUAGES for path in PAGES if path not in left_out} <= set(listed)
    assert changed < NOW
    assert ask("/sitemaps/lotteries/none.xml").status_code == 404
