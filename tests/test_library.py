"""The pages beside the results: statistics, collections, calendar, search, the display, and what a sieve leaves."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from known_api import BALL, MAIN, NOW, POWERBALL, Api, Ask, balls, drawn, keyed, page, text
from lotto.api import schemas
from lotto.web.amounts import length
from lotto.web.chart import HEIGHT, Point, chart
from lotto.words import speak


def asked(api: Api, path: str) -> dict[str, list[str]]:
    """The query of the last question that the API was asked at this address."""
    return parse_qs(urlsplit([one for one in api.asked if urlsplit(one).path == f"/api/v1/{path}"][-1]).query)


def test_a_board_of_a_collection_shows_its_games_alone_and_keeps_to_it_in_every_link(ask: Ask) -> None:
    shown = page(ask("/en/?collection=digits"))
    assert {one.attributes["data-key"] for one in shown.css("[data-key]")} == {"us_numbers", "do_quiniela"}
    countries, collections = shown.css(".chips")
    assert text(collections.css_first("[aria-current]")) == "Digit games"
    assert "/en/?country=DO&collection=digits" in [one.attributes["href"] for one in countries.css("a")]
    both = page(ask("/en/?country=DO&collection=digits"))
    assert [one.attributes["data-key"] for one in both.css("[data-key]")] == ["do_quiniela"]


def test_a_choice_that_no_game_is_in_says_so_and_offers_the_way_back(ask: Ask) -> None:
    shown = page(ask("/en/?country=FI"))
    assert "No game is in both" in text(shown)
    assert "/en/" in [one.attributes["href"] for one in shown.css(".chips a")]


def test_a_sieve_asks_the_api_and_stays_in_the_links_the_form_and_the_files(ask: Ask, api: Api) -> None:
    api.older = "/api/v1/lotteries/us_ball/draws?cursor=abc%3D"
    query = "from=2024-01-01&to=2024-12-31&weekday=sat&contains=10+45"
    shown = page(ask(f"/en/us_ball?{query}"))
    wanted = next(parse_qs(urlsplit(one).query) for one in api.asked if "weekday" in one)
    assert wanted | {"limit": []} == {
        "from": ["2024-01-01"],
        "to": ["2024-12-31"],
        "weekday": ["sat"],
        "contains": ["10", "45"],
        "limit": [],
    }
    assert shown.css_first("#contains").attributes["value"] == "10 45"
    assert shown.css_first("#weekday option[selected]").attributes["value"] == "sat"
    older = shown.css_first('.pager [rel="next"]').attributes["href"]
    assert older == f"/en/us_ball?{query}&cursor=abc%3D#history"
    files = [one.attributes["href"] for one in shown.css("a[download]")]
    days = "?from=2024-01-01&to=2024-12-31"
    assert files == [f"/api/v1/lotteries/us_ball/draws.{form}{days}" for form in ("csv", "jsonl", "parquet")]
    assert balls(shown)[0] == ["10", "45", "48", "58", "61", "2", "×3"], (
        "the newest draw stands above what is looked for"
    )


def test_what_cannot_be_looked_for_is_said_in_the_apis_own_sentence(ask: Ask, api: Api) -> None:
    api.refuses = "contains: “x” is a value of no pool."
    for path, said in (("/en/us_ball?contains=x", api.refuses), ("/en/search?q=99999", api.refuses)):
        shown = page(ask(path))
        assert text(shown.css_first('main [lang="en"]')) == said


def test_a_lottery_tells_the_odds_and_prize_of_each_tier(ask: Ask, api: Api) -> None:
    tier = {
        "name": "5+1",
        "match": {"main": [5], "powerball": [1]},
        "pick": {},
        "pays": None,
        "chance": "1/2",
        "why": "",
    }
    small = tier | {"name": "0+1", "match": {"main": [0], "powerball": [1]}, "pays": Decimal(4)}
    odds = {"lottery": "us_ball", "on": NOW.date(), "starts_on": NOW.date()}
    tiers = [tier | {"one_in": Decimal("292201338.00")}, small | {"one_in": Decimal("38.32")}]
    any_odds = [{"pick": {}, "chance": "1/3", "one_in": Decimal("24.87")}]
    api.odds = schemas.Odds.model_validate({**odds, "tiers": tiers, "any": any_odds})
    rows = [text(one) for one in page(ask("/en/us_ball")).css('section[aria-labelledby="odds"] tbody tr')]
    assert rows == [
        "5+1 5 Numbers · 1 Powerball 292,201,338 –",
        "0+1 1 Powerball 38.32 $4",
        "Any prize at all 24.87 –",
    ]


def test_statistics_tell_counts_in_charts_and_in_tables_and_what_they_do_not_mean(ask: Ask) -> None:
    shown = page(ask("/en/us_ball/statistics"))
    assert "Draws are independent: no number is due" in text(shown)
    often = shown.css_first("#main-often").parent
    assert often is not None
    assert len(often.css("svg rect.in, svg rect.out")) == 69
    assert len(often.css("tbody tr")) == 69
    assert text(often.css("tbody tr")[0]) == "1 15 22 −7 14–31"
    outside = [text(one) for one in often.css("svg text.lab")]
    says = text(often.css_first("figcaption p"))
    assert all(value in says for value in outside)
    for svg in shown.css("svg.chart"):
        named = str(svg.attributes["aria-labelledby"]).split()
        assert [svg.css_first(f"#{one}").tag for one in named] == ["title", "desc"]
        assert all(text(one) for one in svg.css("title, desc"))
    assert len(shown.css("figure")) == len(shown.css("section > details table"))
    assert "chi-square" in text(shown)
    assert {"Pairs that came most often", "Pairs that came least often"} <= {text(one) for one in shown.css("h3")}


def test_statistics_are_of_one_set_of_rules_and_of_days_within(ask: Ask, api: Api) -> None:
    first = BALL.eras[0].model_copy(update={"pools": [MAIN, POWERBALL.model_copy(update={"highest": 35})]})
    old = first.model_copy(update={"starts_on": NOW.date() - timedelta(days=9000)})
    api.lotteries["us_ball"] = BALL.model_copy(update={"eras": [old, *BALL.eras]})
    links = [one.attributes["href"] for one in page(ask("/en/us_ball/statistics")).css(".chips a")]
    assert links == ["/en/us_ball/statistics", f"/en/us_ball/statistics?from={old.starts_on}&to=2015-10-06"]
    page(ask(str(links[1])))
    assert asked(api, "lotteries/us_ball/statistics") == {"from": [str(old.starts_on)], "to": ["2015-10-06"]}
    api.refuses = "The pools changed on 2015-10-07."
    assert "The pools changed on 2015-10-07." in text(page(ask("/en/us_ball/statistics?from=2001-01-01")))


def test_a_chart_keeps_its_bars_within_and_names_what_is_outside() -> None:
    seen = chart([Point("1", 5, 10, 6, 14), Point("2", 20, 10, 6, 14), Point("3", 0)])
    assert [one.outside for one in seen.bars] == [True, True, False]
    assert all(0 <= one.y <= one.y + one.height <= HEIGHT for one in seen.bars)
    assert seen.bars[1].height == pytest.approx(4 * seen.bars[0].height, abs=0.2)
    (band,) = seen.stretches
    assert band.width == pytest.approx(2 * (seen.bars[1].x - seen.bars[0].x), abs=0.2)
    assert chart([]).bars == ()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.44, "0.4 sec"), (80, "1 min, 20 sec"), (7500, "2 hr 5 min"), (90000, "1 day 1 hr"), (3600, "1 hr")],
)
def test_a_length_is_told_in_the_units_that_matter(seconds: float, said: str) -> None:
    assert length(speak("en"), seconds) == said.replace(", ", " ")


def test_a_draw_tells_how_long_each_step_took(ask: Ask, api: Api) -> None:
    seen = {"step": "seen", "at": NOW, "since_drawn": 95.0, "took": 95.0}
    first = {"step": "drawn", "at": NOW - timedelta(seconds=95), "since_drawn": 0.0, "took": None}
    api.latency = api.latency.model_copy(
        update={"steps": [schemas.StepTaken.model_validate(one) for one in (first, seen)]}
    )
    steps = [text(one) for one in page(ask("/en/us_ball/2024-11-02")).css(".steps li")]
    assert steps[0].startswith("Drawn")
    assert steps[1].endswith("1 min 35 sec after the draw")


def test_the_sources_tell_how_fast_results_get_here(ask: Ask, api: Api) -> None:
    assert "Nothing has been measured yet" in text(page(ask("/en/sources")))
    within = schemas.Percentiles(p50=4.25, p90=61, p99=300, longest=7200)
    api.paces = schemas.HousePaces(
        draws=40, steps=[schemas.Pace(step="decided", draws=40, since_drawn=within, took=None)]
    )
    row = page(ask("/en/sources")).css_first('section[aria-labelledby="pace"] tbody tr')
    assert text(row) == "Published here 4.2 sec 1 min 1 sec 5 min 2 hr 40"


def test_collections_are_listed_with_their_games_and_each_offers_its_feeds(ask: Ask) -> None:
    listed = [text(one) for one in page(ask("/en/collections")).css(".shelves li")]
    assert listed == ["Digit games 2 games Us Numbers · Do Quiniela", "United States 2 games The Big Ball · Us Numbers"]
    shown = page(ask("/es/collections/digits"))
    assert {one.attributes["data-key"] for one in shown.css("[data-key]")} == {"us_numbers", "do_quiniela"}
    offered = {one.attributes["href"] for one in shown.css("a")}
    assert "/api/v1/collections/digits/feed.atom?lang=es" in offered
    assert "/api/v1/collections/digits/calendar.ics?lang=es" in offered
    assert "There is no such page" in text(page(ask("/en/collections/none"), 404))


def test_the_calendar_tells_coming_draws_by_day_and_is_subscribed_to_by_choice(ask: Ask, api: Api) -> None:
    shown = page(ask("/en/calendar?days=7"))
    assert asked(api, "coming") == {"days": ["7"]}
    assert [text(one) for one in shown.css("main h2")] == ["Monday 4 November"]
    assert "The Big Ball" in text(shown.css_first(".agenda"))
    assert shown.css_first("main a[href*='.ics']") is None
    chosen = page(ask("/en/calendar?collection=digits"))
    assert asked(api, "coming") == {"days": ["3"]}
    assert "The Big Ball" not in text(chosen.css_first(".agenda"))
    assert chosen.css_first("main a.btn").attributes["href"] == "/api/v1/collections/digits/calendar.ics?lang=en"
    country = page(ask("/en/calendar?country=do"))
    assert country.css_first("main a.btn").attributes["href"] == "/api/v1/countries/do/calendar.ics?lang=en"


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("ball", {"name": "ball"}),
        ("  the   BIG ball ", {"name": "the BIG ball"}),
        ("45", {"value": "45"}),
        ("×3", {"value": "3"}),
        ("powerball:2", {"value": "powerball:2"}),
        ("2024-11-02", {"date": "2024-11-02"}),
        ("2.11.2024", {"date": "2024-11-02"}),
        ("02/11/2024 ball", {"date": "2024-11-02", "name": "ball"}),
        ("Dominican Republic 07", {"country": "DO", "value": "07"}),
        ("us", {"country": "US"}),
        ("nothing 31.02.2024", {"name": "nothing 31.02.2024"}),
    ],
)
def test_a_search_reads_names_countries_numbers_and_days(ask: Ask, api: Api, written: str, question: object) -> None:
    page(ask(f"/en/search?q={written.replace(' ', '+').replace('×', '%C3%97')}"))
    found = asked(api, "search")
    assert {name: value for name, (value,) in found.items() if name != "limit"} == question


def test_numbers_in_the_name_of_a_game_are_part_of_it(ask: Ask, api: Api) -> None:
    api.lotteries["us_ball"] = BALL.model_copy(update={"name": "Take 5"})
    page(ask("/en/search?q=take+5"))
    assert asked(api, "search")["name"] == ["take 5"]


def test_a_search_shows_the_draws_and_leads_on(ask: Ask, api: Api) -> None:
    api.draws = keyed(drawn(BALL, {"main": [10, 45, 48, 58, 61], "powerball": [2], "power_play": [3]}))
    api.older = "/api/v1/search?value=45&cursor=abc%3D"
    shown = page(ask("/en/search?q=45"))
    assert balls(shown) == [["10", "45", "48", "58", "61", "2", "×3"]]
    assert "The Big Ball" in text(shown.css_first("tbody"))
    assert shown.css_first('.pager [rel="next"]').attributes["href"] == "/en/search?q=45&cursor=abc%3D"
    assert "One number at a time" in text(page(ask("/en/search?q=45+46")))
    assert not [one for one in api.asked if "value=46" in one]
    empty = page(ask("/en/search"))
    assert empty.css_first("main section[hidden]") is not None


def test_the_display_shows_what_is_chosen_and_nothing_to_click_away(ask: Ask) -> None:
    shown = page(ask("/en/display?collection=digits"))
    assert len(shown.css(".display > li")) == 2
    assert balls(shown)[:2] == [["4", "3", "0"], ["0", "0", "7"]]
    assert shown.css("nav") == []
    assert shown.css_first("body").attributes["data-page"] == "display"
