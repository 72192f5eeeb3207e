"""The API: what it says of draws, and that it never says more, never falls over and never leaves a reader behind."""

import asyncio
import gzip
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import brotli
import httpx2
import psycopg
import pytest
import redis as redis_sync
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from conftest import Clock, drop, run
from lotto.api import live as live_words
from lotto.api import schemas
from lotto.api.description import operations
from lotto.api.routes import events as events_route
from lotto.draws import ruling
from lotto.draws.draw import Act, Draw, DrawKey, Observation, Status
from lotto.events import Card, Event, Type
from lotto.house import House, Practice, wall_clock
from lotto.ledger import accounts, cards, connection, fetches, outbox, posts, queries, sending
from lotto.ledger.connection import Ledger
from lotto.ledger.fetches import Fetch
from lotto.ledger.record import record
from lotto.ledger.ruling import rule
from lotto.relay.service import Relay
from lotto.serving import serving
from lotto.settings import Settings
from lotto.store import Store, StoreError, address
from lotto.streams.connect import connect

if sys.version_info >= (3, 14):
    from compression.zstd import decompress as unzstd
else:
    from zstandard import decompress as unzstd

AT = datetime(2024, 11, 3, 3, 10, tzinfo=UTC)
POWERBALL = DrawKey("us_powerball", date(2024, 11, 2))
NUMBERS = {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}
PICTURE = b"\x89PNG picture"
CARD = address("cards", PICTURE, "png")
READS = (
    "/api/v1/lotteries",
    "/api/v1/lotteries/us_powerball",
    "/api/v1/lotteries/us_powerball/statistics",
    "/api/v1/lotteries/us_powerball/odds",
    "/api/v1/lotteries/us_powerball/draws",
    "/api/v1/lotteries/us_powerball/draws/2024-11-02",
    "/api/v1/lotteries/us_ny_numbers/draws/2024-11-02/midday",
    "/api/v1/lotteries/us_powerball/draws/2024-11-02/revisions",
    "/api/v1/lotteries/us_powerball/draws/2024-11-02/latency",
    "/api/v1/lotteries/us_powerball/latency",
    "/api/v1/lotteries/us_powerball/coming",
    "/api/v1/coming",
    "/api/v1/latency",
    "/api/v1/results/latest",
    "/api/v1/collections",
    "/api/v1/collections/do_quinielas",
    "/api/v1/posts",
    "/api/v1/search?value=45",
    "/api/v1/sources",
    "/api/v1/sources/us_texas",
    "/api/v1/lotteries/us_powerball/feed.atom",
    "/api/v1/collections/us_multi_state/feed.rss",
    "/api/v1/countries/us/feed.json",
    "/api/v1/lotteries/us_powerball/calendar.ics",
    "/api/v1/oembed?url=https://lotto.example/en/us_powerball",
    "/api/v1/openapi.json",
)
BESIDE = (f"/{CARD}", "/healthz", "/readyz", "/metrics")


UNPACK = {"zstd": unzstd, "br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


def said(source="us_texas", numbers=None, key=POWERBALL, at=AT, official=True, **more) -> Observation:
    return Observation(key, source, source, official, numbers or NUMBERS, at, "ab" * 32, **more)


def an_event(number: int = 1, kind: Type = Type.NEW_RESULT) -> Event:
    """The event of a draw; another number is another draw."""
    key = replace(POWERBALL, date=POWERBALL.date + timedelta(days=number))
    return Event(kind, Draw(key, Status.CONFIRMED, AT, 1, 0, NUMBERS), AT + timedelta(seconds=number))


@pytest.fixture
def house(database_url, redis_url, tmp_path, clock) -> House:
    own = Settings(data_dir=tmp_path, public_url="https://lotto.example")
    return House(own, database_url=database_url, redis_url=redis_url, practice=Practice("http://127.0.0.1:1", clock))


@asynccontextmanager
async def opened(house: House) -> AsyncIterator[tuple[httpx2.AsyncClient, Ledger]]:
    """A reader of the real app, and the ledger behind it."""
    async with house.api() as app, house.ledger("test") as ledger:
        way = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=way, base_url="http://lotto") as client:
            yield client, ledger


@asynccontextmanager
async def over_a_socket(house: House) -> AsyncIterator[httpx2.AsyncClient]:
    """A reader of the app as it is served."""
    async with (
        house.api() as app,
        serving(app, "127.0.0.1", 0) as port,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        yield client


def telling(house: House) -> Callable:
    """Tells a story with a reader of this house's API and the ledger behind it."""

    def told(story: Callable[[httpx2.AsyncClient, Ledger], Awaitable[Any]]) -> Any:
        async def within():
            async with opened(house) as (client, ledger):
                return await story(client, ledger)

        return run(within())

    return told


def furnish(house: House) -> House:
    """Has the house know of a confirmed Powerball, its card, its post, and how a source fared."""

    async def kept():
        await house.store().put(CARD, PICTURE, "image/png")
        async with house.ledger("test") as ledger:
            for source in ("us_texas", "us_ny_data"):
                await record(ledger, house.catalogue.lotteries["us_powerball"], [said(source, serial="1234")], AT)
            async with ledger.reading() as conn:
                draw = await queries.draw(conn, POWERBALL)
                await accounts.enrol(conn, "ours", "paper")
                await fetches.add(conn, Fetch("us_texas", "https://x", AT, "read"))
            picture = Card("og", "en", "gradient", CARD, "ab", "image/png", 1200, 630, 9, "alt words")
            await cards.ready(ledger, Event(Type.NEW_RESULT, draw, AT), [picture], AT)
            ready = Event(Type.IMAGE_READY, draw, AT, (picture,))
            await posts.plan(ledger, ready, [posts.Plan("ours", "paper", "create", "words", picture)], AT)

    run(kept())
    return house


@pytest.fixture
def at_api(house) -> Callable:
    """Tells a story with a reader of an empty house's API and the ledger behind it."""
    return telling(house)


@pytest.fixture
def drawn(house) -> House:
    """The house, furnished."""
    return furnish(house)


@pytest.fixture(scope="module")
def at_rest(servers, tmp_path_factory) -> Iterator[Callable]:
    """Tells a story to a reader of a furnished house that such tests share: they change nothing in it."""
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        conn.execute("CREATE DATABASE at_rest TEMPLATE pattern")
        own = Settings(data_dir=tmp_path_factory.mktemp("at_rest"), public_url="https://lotto.example")
        practice = Practice("http://127.0.0.1:1", Clock())
        url = servers.database("at_rest")
        yield telling(furnish(House(own, database_url=url, redis_url=servers.redis_url, practice=practice)))
        drop(conn, "at_rest")


def is_problem(answer: httpx2.Response, status: int) -> str:
    """The sentence of a problem document, which this answer is."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = schemas.Problem.model_validate_json(answer.content)
    assert problem.status == status
    assert len(problem.detail) > 10
    return problem.detail


# What it says.


def test_a_confirmed_draw_is_told_in_full(at_rest):
    async def story(client, _):
        answer = await client.get("/api/v1/lotteries/us_powerball/draws")
        (found,) = answer.json()["items"]
        texas, new_york = sorted(found.pop("sources"), key=lambda one: one["source"], reverse=True)
        assert found == {
            "lottery": "us_powerball",
            "date": "2024-11-02",
            "label": "",
            "serial": "1234",
            "drawn_at": "2024-11-03T02:59:00Z",
            "status": "confirmed",
            "revision": 1,
            "update": 0,
            "reason": "2 independent sources agree.",
            "decision": None,
            "numbers": {"main": [10, 45, 48, 58, 61], "bonus": [2], "multiplier": [3]},
            "drawn": {},
            "seen": {},
            "replaces": {},
            "prizes": [],
            "jackpot": None,
            "cards": [
                {
                    "format": "og",
                    "lang": "en",
                    "url": f"https://lotto.example/{CARD}",
                    "alt": "alt words",
                    "width": 1200,
                    "height": 630,
                }
            ],
            "observed_at": "2024-11-03T03:10:00Z",
            "decided_at": "2024-11-03T03:10:00Z",
            "updated_at": "2024-11-03T03:10:00Z",
        }
        assert texas == {
            "source": "us_texas",
            "publisher": "Texas Lottery Commission",
            "official": True,
            "origin": "us_texas",
            "home": "https://www.texaslottery.com",
            "numbers": {"main": [10, 45, 48, 58, 61], "bonus": [2], "multiplier": [3]},
            "agrees": True,
            "objections": [],
            "observed_at": "2024-11-03T03:10:00Z",
            "sha256": "ab" * 32,
        }
        assert new_york["source"] == "us_ny_data"

    at_rest(story)


def test_one_draw_has_its_rules_its_history_and_its_neighbours(house, at_api, known):
    async def story(client, ledger):
        lottery = known.lotteries["us_powerball"]
        for day in (date(2024, 10, 30), date(2024, 11, 2), date(2024, 11, 4)):
            key = DrawKey("us_powerball", day)
            seen_at = lottery.drawn_at(key).astimezone(UTC) + timedelta(hours=1)
            other = {**NUMBERS, "bonus": (day.day % 26 + 1,)}
            for source in ("us_texas", "us_ny_data"):
                await record(ledger, lottery, [said(source, other, key, seen_at)], seen_at)
        found = (await client.get("/api/v1/lotteries/us_powerball/draws/2024-11-02")).json()
        assert (found["previous"], found["next"]) == ("2024-10-30", "2024-11-04")
        assert found["game"]["name"] == "Powerball"
        assert [(pool["name"], pool["take"], pool["highest"]) for pool in found["pools"]] == [
            ("main", 5, 69),
            ("bonus", 1, 26),
            ("multiplier", 1, 10),
        ]
        other = {**NUMBERS, "bonus": (26,)}
        for source in ("us_texas", "us_ny_data"):
            corrected_at = AT + timedelta(hours=1)
            await record(ledger, lottery, [said(source, other, at=corrected_at)], corrected_at)
        found = (await client.get("/api/v1/lotteries/us_powerball/draws/2024-11-02")).json()
        newest, disputed, first = found["revisions"]
        assert [(one["status"], one["revision"]) for one in (first, disputed, newest)] == [
            ("confirmed", 1),
            ("held", 1),
            ("confirmed", 2),
        ]
        assert (found["numbers"]["bonus"], newest["numbers"]["bonus"]) == ([26], [26])
        assert (found["replaces"]["bonus"], first["numbers"]["bonus"]) == ([3], [3])
        assert newest["previous_hash"] == disputed["hash"]

    at_api(story)


def test_the_newest_draws_of_all_lotteries_can_be_told_by_country_or_collection(drawn, at_api, known):
    async def story(client, ledger):
        lottery = known.lotteries["do_gana_mas"]
        key = DrawKey("do_gana_mas", date(2025, 8, 6))
        at = lottery.drawn_at(key).astimezone(UTC) + timedelta(hours=1)
        for source in ("do_loteriasdominicanas", "do_tusnumerosrd"):
            await record(ledger, lottery, [said(source, {"main": ("00", "07", "46")}, key, at, official=False)], at)

        async def latest(query):
            return [one["lottery"] for one in (await client.get(f"/api/v1/results/latest{query}")).json()["items"]]

        assert await latest("") == ["do_gana_mas", "us_powerball"]
        assert await latest("?country=us") == ["us_powerball"]
        assert await latest("?collection=do_quinielas") == ["do_gana_mas"]
        assert await latest("?country=US&collection=do_quinielas") == []
        (found,) = (await client.get("/api/v1/results/latest?country=do")).json()["items"]
        assert found["numbers"] == {"main": ["00", "07", "46"]}, "digits keep their zeros"

    at_api(story)


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/api/v1/lotteries", schemas.Page[schemas.Lottery]),
        ("/api/v1/lotteries/us_powerball", schemas.Lottery),
        ("/api/v1/lotteries/us_powerball/draws", schemas.Page[schemas.Draw]),
        ("/api/v1/lotteries/us_powerball/draws/2024-11-02", schemas.DrawDetail),
        ("/api/v1/lotteries/us_ny_numbers/draws/2024-11-02/midday", schemas.DrawDetail),
        ("/api/v1/results/latest", schemas.Page[schemas.LatestDraw]),
        ("/api/v1/collections", schemas.Page[schemas.Collection]),
        ("/api/v1/collections/do_quinielas", schemas.Collection),
        ("/api/v1/posts", schemas.Page[schemas.Post]),
        ("/api/v1/sources", schemas.Page[schemas.Source]),
        ("/api/v1/sources/us_texas", schemas.SourceDetail),
        ("/api/v1/lotteries/us_powerball/draws/2024-11-02/revisions", schemas.Page[schemas.Revision]),
        ("/api/v1/lotteries/us_powerball/draws/2024-11-02/latency", schemas.Latency),
        ("/api/v1/lotteries/us_powerball/latency", schemas.Paces),
        ("/api/v1/lotteries/us_powerball/coming", schemas.Page[schemas.NextDraw]),
        ("/api/v1/coming?days=3", schemas.Page[schemas.ComingDraw]),
        ("/api/v1/latency", schemas.HousePaces),
        ("/api/v1/search?value=45", schemas.Page[schemas.Hit]),
    ],
)
def test_every_address_answers_its_schema_and_its_instants_in_utc(at_rest, path, shape):
    def instants(value):
        if isinstance(value, dict):
            for name, one in value.items():
                is_instant = name.endswith("_at") or (name == "at" and "T" in str(one))
                yield from [one] if is_instant and one is not None else instants(one)
        elif isinstance(value, list):
            for one in value:
                yield from instants(one)

    async def story(client, _):
        answer = await client.get(path)
        assert answer.status_code == 200
        shape.model_validate_json(answer.content, strict=False)
        body = answer.json()
        assert body.get("items", True), "there is something to look at"
        found = list(instants(body))
        assert all(isinstance(one, str) and one.endswith("Z") for one in found)
        timeless = ("collections", "posts", "us_powerball/latency", "v1/latency")
        assert found or any(words in path for words in timeless)

    at_rest(story)


def test_a_post_and_a_source_are_told_with_what_became_of_them(at_rest):
    async def story(client, _):
        (post,) = (await client.get("/api/v1/posts")).json()["items"]
        assert post == {
            "account": "ours",
            "network": "paper",
            "lottery": "us_powerball",
            "date": "2024-11-02",
            "label": "",
            "revision": 1,
            "kind": "create",
            "state": "planned",
            "url": None,
            "text": "words",
            "image": f"https://lotto.example/{CARD}",
            "alt": "alt words",
            "sent_at": None,
            "tells": 1,
            "folded_into": None,
        }
        found = {one["id"]: one for one in (await client.get("/api/v1/sources")).json()["items"]}
        assert found["us_texas"]["outcome"] == "read"
        assert found["us_texas"]["asked_at"] == "2024-11-03T03:10:00Z"
        assert found["us_texas"]["lotteries"] == ["us_mega_millions", "us_powerball", "us_tx_lotto", "us_tx_two_step"]
        assert (found["us_ny_data"]["outcome"], found["us_ny_data"]["asked_at"]) == (None, None)
        assert (found["us_ny_data"]["state"], found["us_ny_data"]["since"]) == ("well", None)
        assert found["us_ny_data"]["next_at"] <= "2024-11-03T04:00:00Z"

    at_rest(story)


def test_a_source_that_does_not_let_us_in_is_told_by_name_and_counted(at_api):
    async def story(client, ledger):
        at = datetime(2024, 11, 3, 3, tzinfo=UTC)
        async with ledger.reading() as conn:
            await fetches.ask(conn, "us_texas", {"Powerball": fetches.Asked(at, "blocked", note="It answered 403.")})
        found = {one["id"]: one for one in (await client.get("/api/v1/sources")).json()["items"]}
        texas = found["us_texas"]
        assert (texas["state"], texas["since"], texas["why"]) == ("blocked", "2024-11-03T03:00:00Z", "It answered 403.")
        first = {"state": "blocked", "since": "2024-11-03T03:00:00Z", "why": "It answered 403.", "lottery": None}
        assert texas["standings"][0] == first
        numbers = (await client.get("/metrics")).text
        assert 'lotto_source_state{source="us_texas",state="blocked"} 1.0' in numbers
        assert 'lotto_source_state{source="us_texas",state="well"} 0.0' in numbers
        check = (await client.get("/readyz")).json()["checks"]["sources"]
        assert not check["well"]
        assert "us_texas is blocked" in check["says"]

    at_api(story)


def test_a_folded_post_stands_where_its_digest_stands_and_posts_are_listed_by_state(at_api):
    async def story(client, ledger):
        picture = Card("og", "en", "gradient", CARD, "ab", "image/png", 1200, 630, 9, "alt words")
        for number in range(3):
            event = an_event(number, Type.IMAGE_READY)
            plan = posts.Plan("ours", "paper", "create", "words", picture)
            await posts.plan(ledger, event, [plan], event.at)
        async with ledger.reading() as conn:
            fence = await accounts.claim(conn, "ours", "one", AT, AT + timedelta(minutes=1))
            carrier, *others = await posts.listed(conn, 9)
            digest = await sending.fold(ledger, carrier, others[:1], "two came in", (), fence, wall_clock())
            assert await sending.fold(ledger, others[1], others[:1], "no", (), fence, wall_clock()) is None, (
                "one is folded already"
            )
            assert await sending.sent(conn, digest, fence, "remote", "https://paper.example/1", AT)
        told, folded, planned = (await client.get("/api/v1/posts")).json()["items"]
        url = "https://paper.example/1"
        assert (told["state"], told["text"], told["image"], told["alt"]) == ("sent", "two came in", None, "")
        assert (told["tells"], told["folded_into"], told["url"]) == (2, None, url)
        assert (folded["state"], folded["text"], folded["sent_at"]) == ("folded", "words", told["sent_at"])
        assert (folded["tells"], folded["folded_into"], folded["url"]) == (1, "us_powerball/2024-11-04", url)
        assert (planned["state"], planned["tells"], planned["folded_into"], planned["url"]) == (
            "planned",
            1,
            None,
            None,
        )
        found = await whole(client, "/api/v1/posts?state=sent&state=planned&limit=1")
        assert [one["state"] for one in found] == ["sent", "planned"]
        assert (await client.get("/api/v1/posts?state=lost")).status_code == 422

    at_api(story)


def test_a_disagreement_shows_its_sources_and_no_numbers(at_api, known):
    async def story(client, ledger):
        lottery = known.lotteries["us_mega_millions"]
        key, at = DrawKey(lottery.id, date(2022, 5, 10)), datetime(2022, 5, 11, 4, tzinfo=UTC)
        for source, ball in (("us_ny_data", 6), ("us_texas", 9)):
            await record(ledger, lottery, [said(source, {"main": (15, 19, 20, 61, 70), "bonus": (ball,)}, key, at)], at)
        answer = await client.get("/api/v1/lotteries/us_mega_millions/draws/2022-05-10")
        found = answer.json()
        assert (answer.status_code, found["status"], found["numbers"], found["revision"]) == (200, "held", {}, 0)
        assert {one["source"]: one["numbers"]["bonus"] for one in found["sources"]} == {
            "us_ny_data": [6],
            "us_texas": [9],
        }
        assert [link["numbers"] for link in found["revisions"]] == [{}]

    at_api(story)


def test_a_persons_word_is_told_with_kind_time_and_reason_and_never_the_name(at_api, known):
    async def story(client, ledger):
        lottery, at = known.lotteries["us_powerball"], AT + timedelta(hours=1)
        for source, ball in (("us_ny_data", 2), ("us_texas", 9)):
            await record(ledger, lottery, [said(source, {"main": (10, 45, 48, 58, 61), "bonus": (ball,)})], AT)
        path = "/api/v1/lotteries/us_powerball/draws/2024-11-02"

        def believed(words):
            return ruling.shown(lottery, POWERBALL, words, "us_texas")

        for act, choose in ((Act.APPROVE, believed), (Act.VOID, None)):
            await rule(ledger, lottery, POWERBALL, act, by="Ana Q.", reason=f"To {act}.", now=at, choose=choose)
            told = {"kind": str(act), "at": "2024-11-03T04:10:00Z", "reason": f"To {act}."}
            async with asyncio.timeout(10):  # the word of a commit comes a moment after it
                while (found := (answer := await client.get(path)).json())["decision"] != told:
                    await asyncio.sleep(0.01)
            assert "Ana" not in answer.text
            assert found["decision"] == found["decisions"][0] == told
            assert found["numbers"].get("bonus") == ([9] if act is Act.APPROVE else None)
        assert (found["status"], found["cards"]) == ("void", [])
        assert [one["kind"] for one in found["decisions"]] == ["void", "approve"]
        assert [link["status"] for link in found["revisions"]] == ["void", "confirmed", "held"]

    at_api(story)


def test_what_only_one_unofficial_source_has_shown_is_as_good_as_unknown(at_api, known):
    async def story(client, ledger):
        lottery = known.lotteries["do_gana_mas"]
        key = DrawKey(lottery.id, date(2025, 8, 6))
        at = lottery.drawn_at(key).astimezone(UTC) + timedelta(hours=1)
        board = said("do_loteriasdominicanas", {"main": ("93", "71", "46")}, key, at, official=False)
        await record(ledger, lottery, [board], at)
        found = (await client.get("/api/v1/lotteries/do_gana_mas/draws/2025-08-06")).json()
        assert (found["status"], found["numbers"], found["sources"]) == ("scheduled", {}, [])
        assert "no source" not in found["reason"].lower(), "one has, and nothing untrue is said"
        assert (await client.get("/api/v1/results/latest")).json()["items"] == []

    at_api(story)


def test_what_a_lone_unofficial_source_shows_is_not_told_anywhere(at_api, known):
    async def story(client, ledger):
        lottery = known.lotteries["do_gana_mas"]
        key = DrawKey(lottery.id, date(2025, 8, 6))
        at = lottery.drawn_at(key).astimezone(UTC) + timedelta(hours=1)
        for shown in (("93", None, None), ("93", "71", "46")):
            board = said("do_loteriasdominicanas", {"main": shown}, key, at, official=False)
            await record(ledger, lottery, [board], at)
        for path in ("lotteries/do_gana_mas/draws/2025-08-06", "lotteries/do_gana_mas/draws", "results/latest"):
            answer = await client.get(f"/api/v1/{path}")
            found = answer.json()
            found = found["items"][0] if "items" in found else found
            assert (found["status"], found["numbers"], found["seen"]) == ("scheduled", {}, {})
            (evidence,) = found["sources"]
            assert (evidence["source"], evidence["numbers"]) == ("do_loteriasdominicanas", {})
            assert not any(f'"{value}"' in answer.text for value in ("93", "71", "46"))

    at_api(story)


def test_a_draw_under_way_shows_what_is_seen_of_it_and_publishes_nothing(at_api, known):
    async def story(client, ledger):
        lottery = known.lotteries["do_gana_mas"]
        key = DrawKey(lottery.id, date(2025, 8, 6))
        at = lottery.drawn_at(key).astimezone(UTC) + timedelta(minutes=2)
        await record(ledger, lottery, [said("do_loteriasdominicanas", {"main": ("93", None, None)}, key, at)], at)
        found = (await client.get("/api/v1/lotteries/do_gana_mas/draws/2025-08-06")).json()
        assert (found["status"], found["numbers"], found["seen"]) == ("partial", {}, {"main": ["93", None, None]})
        assert [one["numbers"] for one in found["sources"]] == [{}]

    at_api(story)


def test_a_draw_of_the_calendar_that_nobody_has_shown_yet_is_scheduled(at_api):
    async def story(client, _):
        found = (await client.get("/api/v1/lotteries/us_ny_numbers/draws/2024-11-05/evening")).json()
        assert (found["status"], found["drawn_at"], found["sources"]) == ("scheduled", "2024-11-06T03:30:00Z", [])
        assert found["revision"] == found["update"] == 0

    at_api(story)


# What it refuses.


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/api/v1/lotteries/nope", "There is no lottery “nope”; /api/v1/lotteries lists them all."),
        ("/api/v1/lotteries/nope/draws", "/api/v1/lotteries lists them all"),
        ("/api/v1/lotteries/nope/draws/2024-11-02", "/api/v1/lotteries lists them all"),
        ("/api/v1/lotteries/us_powerball/draws/2024-11-01", "Powerball holds no such draw on 2024-11-01."),
        ("/api/v1/lotteries/us_powerball/draws/0001-01-01", "Powerball holds no such draw on 0001-01-01."),
        ("/api/v1/lotteries/us_ny_take5/draws/2024-11-02", "that day's draws are midday, evening"),
        ("/api/v1/lotteries/us_ny_take5/draws/2024-11-02/noon", "that day's draws are midday, evening"),
        ("/api/v1/lotteries/us_ny_take5/draws/2024-11-02/mid%00day", "that day's draws are midday, evening"),
        ("/api/v1/collections/nope", "There is no collection “nope”; /api/v1/collections lists them all."),
        ("/api/v1/results/latest?collection=nope", "/api/v1/collections lists them all"),
        (f"/cards/ab/{'ab' * 32}.png", "There is no such card; a draw's `cards` list the ones there are."),
        ("/cards/ab/..%2f..%2fsecret.png", "There is nothing here"),
        ("/cards/zz/y", "There is no such card"),
        ("/api/v1/nope", "/api/v1/openapi.json names every address"),
        ("/nope", "/api/v1/openapi.json names every address"),
        ("/api/v1/lotteries/%00", "/api/v1/lotteries lists them all"),
        (f"/api/v1/lotteries/{'a' * 10_000}", "/api/v1/lotteries lists them all"),
        (f"/api/v1/lotteries/us_powerball/draws/2024-11-01/{'a' * 10_000}", "Powerball holds no such draw"),
    ],
)
def test_what_does_not_exist_is_a_404_that_says_what_to_ask_for(at_rest, path, words):
    async def story(client, _):
        sentence = is_problem(await client.get(path), 404)
        assert words in sentence
        assert len(sentence) < 300, "what was asked is not told back at length"

    at_rest(story)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("lotteries/us_powerball/draws/yesterday", "day: “yesterday” is not a day; write it like 2024-11-02."),
        ("lotteries/us_powerball/draws/2024-02-30", "is not a day"),
        ("lotteries/us_powerball/draws/1730505600", "is not a day"),
        ("lotteries/us_powerball/draws/20241102", "is not a day"),
        ("lotteries/us_ny_numbers/draws/9999-12-31/evening", "is not a day"),
        ("lotteries/us_powerball/draws?limit=0", "limit: Input should be greater than or equal to 1."),
        ("lotteries/us_powerball/draws?limit=201", "limit: "),
        ("lotteries/us_powerball/draws?limit=many", "limit: "),
        (f"lotteries/us_powerball/draws?limit={'9' * 5000}", "limit: "),
        ("lotteries/us_powerball/draws?cursor=abc", "cursor: this is not one of ours; take the address in `next`"),
        ("lotteries/us_powerball/draws?cursor=%ff%fe%00", "cursor: "),
        ("lotteries/us_powerball/draws?cursor=MjAyNC0xMS0wM1QwMjo1OTowMCA=", "cursor: "),  # an instant without a zone
        ("lotteries/us_powerball/draws?cursor=MjAyNC0xMS0wM1QwMjo1OTowMCswMDowMCAA", "cursor: "),  # with a NUL
        ("posts?cursor=MjAyNC0xMS0wM1QwMjo1OTowMCswMDowMCBub25l", "cursor: "),  # not the id of a post
        ("posts?limit=-1", "limit: "),
        ("results/latest?country=USA", "country: "),
        (f"results/latest?collection={'a' * 61}", "collection: "),
        ("events?since=-1", "since: "),
        ("events?since=now", "since: "),
    ],
)
def test_a_question_not_well_put_is_a_422_that_says_what_is_wrong(at_rest, query, words):
    async def story(client, _):
        sentence = is_problem(await client.get(f"/api/v1/{query}"), 422)
        assert words in sentence
        assert "Value error" not in sentence

    at_rest(story)


def test_an_address_for_reading_refuses_to_be_written_to(at_rest):
    async def story(client, _):
        answer = await client.post("/api/v1/lotteries")
        assert "it takes GET, HEAD, OPTIONS" in is_problem(answer, 405)
        assert "GET" in answer.headers["allow"]

    at_rest(story)


def test_lines_are_checked_by_the_rules_of_each_day(at_rest):
    async def story(client, _):
        lines = [{"main": [10, 45, 48, 58, 1], "bonus": [2]}, {"main": ["9", "8", "7", "6", "5"], "bonus": ["4"]}]
        system = {"main": [10, 45, 48, 58, 1, 3], "bonus": [2]}
        answer = await client.post("/api/v1/check", json={"lottery": "us_powerball", "lines": [*lines, system]})
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["lottery"], told["draws"], told["unplayable"]) == ("us_powerball", 1, 0)
        won = {(one["date"], one["line"], one["tier"], one["count"], one["prize"]["amount"]) for one in told["won"]}
        assert {(*one[:4], float(one[4])) for one in won} == {
            ("2024-11-02", 0, "4+1", 1, 50_000.0),
            ("2024-11-02", 2, "4+1", 2, 50_000.0),
            ("2024-11-02", 2, "3+1", 4, 100.0),
        }
        question = {"lottery": "us_powerball", "lines": lines[:1], "from": "2024-11-03"}
        assert (await client.post("/api/v1/check", json=question)).json()["draws"] == 0

    at_rest(story)


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        ({}, 422, "lottery: Field required."),
        ({"lottery": "xx", "lines": [{}]}, 404, "There is no lottery “xx”"),
        ({"lottery": "us_powerball", "lines": []}, 422, "lines: "),
        ({"lottery": "us_powerball", "lines": [{"main": [1, 2], "bonus": [3]}]}, 422, "It takes 5 of main"),
        ({"lottery": "us_powerball", "lines": [{"main": ["one"]}]}, 422, "“one”"),
        ({"lottery": "us_powerball", "lines": [{"star": [1]}]}, 422, "There is no pool “star”"),
        ({"lottery": "us_powerball", "lines": [{}], "to": "yesterday"}, 422, "to: "),
    ],
)
def test_a_line_that_cannot_be_checked_is_told_why(at_rest, question, status, words):
    async def story(client, _):
        assert words in is_problem(await client.post("/api/v1/check", json=question), status)

    at_rest(story)


def test_a_page_of_another_site_may_ask(at_rest):
    async def story(client, _):
        asked = {"Origin": "https://else.example", "Access-Control-Request-Method": "POST"}
        answer = await client.options("/api/v1/check", headers=asked)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "POST" in answer.headers["access-control-allow-methods"]

    at_rest(story)


PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["us_powerball", "us_ny_take5", "do_quinielas", "2024-11-02", "9999-12-31", "0001-01-01", "midday"]
    ),
    st.sampled_from(["%00", "%zz", "%ff%fe", "..", "\x00", "\ud7ff", "a" * 10_000, "-1", "1e9", "' OR 1=1 --"]),
    st.dates().map(str),
)
TEMPLATES = st.sampled_from(
    [
        "/api/v1/lotteries/{}",
        "/api/v1/lotteries/{}/draws",
        "/api/v1/lotteries/us_ny_take5/draws/{}",
        "/api/v1/lotteries/us_ny_take5/draws/{}/{}",
        "/api/v1/lotteries/us_ny_take5/draws/2024-11-02/{}",
        "/api/v1/lotteries/{}/draws/{}/{}",
        "/api/v1/lotteries/us_powerball/statistics",
        "/api/v1/lotteries/us_powerball/odds",
        "/api/v1/lotteries/us_powerball/draws",
        "/api/v1/results/latest",
        "/api/v1/lotteries/{}/draws/{}/{}/revisions",
        "/api/v1/lotteries/us_powerball/draws/{}/latency",
        "/api/v1/lotteries/us_powerball/latency",
        "/api/v1/lotteries/{}/coming",
        "/api/v1/results/{}",
        "/api/v1/collections/{}",
        "/api/v1/posts",
        "/api/v1/search",
        "/api/v1/sources",
        "/api/v1/sources/{}",
        "/api/v1/lotteries/{}/feed.atom",
        "/api/v1/collections/us_multi_state/feed.json",
        "/api/v1/countries/{}/calendar.ics",
        "/api/v1/lotteries/us_powerball/draws.csv",
        "/api/v1/oembed",
        "/api/v1/{}/{}",
        "/cards/{}/{}",
        "/{}",
    ]
)
VALUES = st.one_of(PIECES, st.integers().map(str), st.datetimes().map(str), st.binary(max_size=20).map(quote))
ASKED = [
    *("limit", "cursor", "country", "collection", "lottery", "since", "before", "%00", "draws", "state"),
    *("from", "to", "label", "weekday", "contains", "status", "name", "value", "date", "lang", "url"),
]
QUERIES = st.lists(
    st.tuples(st.sampled_from(ASKED), VALUES),
    max_size=3,
)


def test_no_address_and_no_question_breaks_it(house):
    """Whatever is asked is answered: with data, or with a problem of the asker's, told without a look inside."""
    with asyncio.Runner() as runner:
        context = opened(house)
        client, _ = runner.run(context.__aenter__())

        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
        @given(TEMPLATES, st.tuples(PIECES, PIECES, PIECES), QUERIES)
        def asked(template, pieces, query):
            path = template.format(*(quote(one, safe="%") for one in pieces))
            words = "&".join(f"{name}={quote(value, safe='%')}" for name, value in query)
            answer = runner.run(client.get(f"{path}?{words}"))
            assert answer.status_code < 500, (path, words, answer.text)
            assert "Traceback" not in answer.text
            if answer.status_code >= 400:
                is_problem(answer, answer.status_code)

        asked()
        runner.run(context.__aexit__(None, None, None))


# What carries it.


@pytest.mark.parametrize("path", READS)
def test_who_has_the_body_already_is_told_so(at_rest, path):
    async def story(client, _):
        first = await client.get(path)
        assert first.headers["cache-control"] == "public, max-age=0, must-revalidate"
        tag = first.headers["etag"]
        for known in (tag, f'"other", {tag.removeprefix("W/")}', "*"):
            again = await client.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
            assert "content-length" not in again.headers
        other = await client.get(path, headers={"If-None-Match": '"other"'})
        assert (other.status_code, other.content) == (200, first.content)

    at_rest(story)


def test_another_body_has_another_etag(drawn, at_api, known):
    async def story(client, ledger):
        path = "/api/v1/lotteries/us_powerball/draws/2024-11-02"
        before = (await client.get(path)).headers["etag"]
        other = said("us_ny_data", {**NUMBERS, "bonus": (9,)})
        await record(ledger, known.lotteries["us_powerball"], [other], AT)
        async with asyncio.timeout(10):  # the word of a commit comes a moment after it
            while (after := await client.get(path, headers={"If-None-Match": before})).status_code == 304:
                await asyncio.sleep(0.01)
        assert (after.status_code, after.json()["status"]) == (200, "held")

    at_api(story)


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, zstd;q=0.0, gzip;q=0.5", "gzip"),
        ("zstd;q=0, *", "br"),
        ("identity", None),
        ("gzip;q=0", None),
        ("nonsense;;q=,", None),
        ("", None),
    ],
)
def test_a_body_is_packed_as_the_reader_can_unpack_it_and_its_etag_holds_for_every_packing(at_rest, accepted, given):
    async def story(client, _):
        path = "/api/v1/lotteries/us_powerball"
        plain = await client.get(path, headers={"Accept-Encoding": "identity"})
        async with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
            packed = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers.get("content-encoding") == given
        assert UNPACK[given](packed) == plain.content
        assert int(answer.headers["content-length"]) == len(packed)
        assert len(packed) < len(plain.content) or given is None
        assert answer.headers["etag"] == plain.headers["etag"]
        again = await client.get(path, headers={"Accept-Encoding": accepted, "If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
        assert {one.headers["vary"] for one in (plain, answer, again)} == {"Accept-Encoding"}

    at_rest(story)


@pytest.mark.parametrize("path", [*READS, *BESIDE, "/api/v1/nope"])
def test_head_is_get_without_the_body_for_readers_of_any_origin(at_rest, path):
    async def story(client, _):
        get, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.content) == (get.status_code, b"")
        assert get.content
        measured = {"content-length"} if path in ("/readyz", "/metrics") else set()  # ages, told anew each time
        assert {n: v for n, v in head.headers.items() if n not in measured} == {
            n: v for n, v in get.headers.items() if n not in measured
        }
        assert get.headers["access-control-allow-origin"] == "*"
        assert get.headers["cache-control"]
        assert "etag" in get.headers["access-control-expose-headers"].lower()
        if path in READS:
            known = await client.head(path, headers={"If-None-Match": get.headers["etag"]})
            assert known.status_code == 304

    at_rest(story)


def test_a_card_is_a_picture_that_never_changes(at_rest):
    async def story(client, _):
        (shown,) = (await client.get("/api/v1/results/latest")).json()["items"][0]["cards"]
        path = shown["url"].removeprefix("https://lotto.example")
        answer = await client.get(path)
        assert (answer.content, answer.headers["content-type"]) == (PICTURE, "image/png")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        again = await client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == answer.headers["cache-control"]

    at_rest(story)


def test_the_raw_pages_of_the_store_are_not_served(drawn, at_api):
    async def story(client, _):
        page = address("raw", b"a page", "page")
        await drawn.store().put(page, b"a page", "text/html")
        for path in (f"/{page}", f"/cards/{page.removeprefix('raw/')}", f"/cards/..%2f{page}", f"/cards/../{page}"):
            is_problem(await client.get(path), 404)

    at_api(story)


async def whole(client, path: str) -> list[dict[str, Any]]:
    """A list with everything that follows it."""
    found, following = [], path
    while following:
        assert len(found) < 1000, "it ends"
        page = (await client.get(following)).json()
        assert page["items"]
        found += page["items"]
        following = page["next"]
    return found


@pytest.mark.parametrize("limit", [1, 5, 23, 24, 25])
def test_draws_are_paged_to_the_end_without_gap_or_repeat(at_api, known, limit):
    async def story(client, ledger):
        lottery = known.lotteries["us_ny_numbers"]
        keys = [key for _, key in lottery.draws(AT - timedelta(days=12), AT)]
        assert len(keys) == 24
        shown = [said("us_ny_data", {"main": tuple(f"{n:03}")}, key) for n, key in enumerate(keys)]
        await record(ledger, lottery, shown, AT)
        found = await whole(client, f"/api/v1/lotteries/us_ny_numbers/draws?limit={limit}")
        assert [(one["date"], one["label"]) for one in found] == [(str(key.date), key.label) for key in reversed(keys)]

    at_api(story)


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_posts_of_one_instant_are_paged_without_gap_or_repeat(at_api, limit):
    async def story(client, ledger):
        for number in range(3):
            plans = [posts.Plan(f"ours{n}", "paper", "create", f"{number} {n}") for n in range(3)]
            event = an_event(number, Type.IMAGE_READY)
            await posts.plan(ledger, event, plans, event.at)
        found = [one["text"] for one in await whole(client, f"/api/v1/posts?limit={limit}")]
        assert sorted(found) == sorted(f"{number} {n}" for number in range(3) for n in range(3))
        assert [text[0] for text in found] == list("222111000")

    at_api(story)


# Live events.


class Live:
    """A page that listens: every frame of the stream as (id, event, data); a comment is (None, "", text)."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def frame(self) -> dict[str, str]:
        """The next frame, as its fields; a comment is the field ''."""
        found: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                if not line:
                    return found
                name, _, text = line.partition(": ")
                found[name.removesuffix(":")] = text
        raise AssertionError("the stream ended")

    async def told(self, most: int) -> list[dict[str, str]]:
        """The next so many events, heartbeats left out."""
        found = []
        while len(found) < most:
            frame = await self.frame()
            if "event" in frame:
                found.append(frame)
        return found


@pytest.fixture
def live(house, monkeypatch) -> Callable:
    """Tells a story with a way to listen to the live events over a real socket, and the ledger behind them."""
    monkeypatch.setattr(live_words, "TICK", 0.2)
    monkeypatch.setattr(events_route, "BEAT", 0.2)

    def told(story: Callable) -> Any:
        async def within():
            async with over_a_socket(house) as client, house.ledger("test") as ledger:

                @asynccontextmanager
                async def listening(query: str = "", **headers: str) -> AsyncIterator[Live]:
                    async with client.stream("GET", f"/api/v1/events{query}", headers=headers) as answer:
                        assert answer.status_code == 200
                        yield Live(answer)

                return await story(listening, ledger)

        return run(within())

    return told


async def until(true: Callable[[], object]) -> None:
    """Waits until that is true; fails when it does not become so."""
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.02)


async def say(ledger: Ledger, *events: Event) -> None:
    """Has the events said, each under the next position, without waking anybody."""
    async with ledger.alone() as conn, conn.transaction():
        for event in events:
            await outbox.say(conn, event)
        await outbox.said(conn, {event.id: "1-1" for event in events}, AT)


def test_a_live_page_hears_what_is_said_from_now_on(live, redis_url, monkeypatch):
    monkeypatch.setattr(live_words, "TICK", 60.0)
    monkeypatch.setattr(events_route, "BEAT", 60.0)

    async def story(listening, ledger):
        with redis_sync.from_url(redis_url) as redis:
            await until(lambda: dict(redis.pubsub_numsub("live"))[b"live"] == 1)
        async with listening() as page:
            assert page.answer.headers["content-type"].startswith("text/event-stream")
            assert page.answer.headers["cache-control"] == "no-store"
            assert await page.frame() == {"retry": "2000"}
            assert await page.frame() == {"id": "0"}
            async with ledger.transaction() as conn:
                await outbox.say(conn, an_event(1, Type.RESULT_CORRECTED))
            redis = connect(redis_url)
            assert await Relay(ledger, redis, {"new_result": ("imaker",)}, Clock(AT)).carry() == 1
            await redis.aclose()
            frame = await page.frame()
            assert (frame["id"], frame["event"]) == ("1", "result_corrected")
            assert json.loads(frame["data"]) == {
                "type": "result_corrected",
                "lottery": "us_powerball",
                "date": "2024-11-03",
                "label": "",
                "revision": 1,
                "update": 0,
            }

    live(story)


@pytest.mark.parametrize("how", ["header", "query", "header before query"])
def test_a_page_that_comes_back_is_told_exactly_what_it_missed(live, how):
    async def story(listening, ledger):
        await say(ledger, *[an_event(n) for n in range(1, 8)])
        query = {"header": "", "query": "?since=3", "header before query": "?since=6"}[how]
        headers = {} if how == "query" else {"Last-Event-ID": "3"}
        async with listening(query, **headers) as page:
            assert [one["id"] for one in await page.told(4)] == ["4", "5", "6", "7"]
            await say(ledger, an_event(8))
            assert [one["id"] for one in await page.told(1)] == ["8"]

    live(story)


def test_more_than_one_look_can_tell_is_told_in_order_to_the_end(live):
    async def story(listening, ledger):
        await say(ledger, *[an_event(n) for n in range(1, 1203)])
        async with listening("?since=0") as page:
            assert [int(one["id"]) for one in await page.told(1202)] == list(range(1, 1203))

    live(story)


@pytest.mark.parametrize("position", ["99", "9" * 40, "garbage", "-5", "3; DROP TABLE", "\u0663", "1.5"])
def test_a_position_that_is_none_of_ours_begins_from_now(live, position):
    async def story(listening, ledger):
        await say(ledger, an_event(1), an_event(2))
        async with listening(**{"Last-Event-ID": position.encode()}) as page:
            await page.frame()
            assert await page.frame() == {"id": "2"}
            await say(ledger, an_event(3))
            assert [one["id"] for one in await page.told(1)] == ["3"]

    live(story)


def test_a_quiet_stream_shows_that_it_lives(live):
    async def story(listening, _):
        async with listening() as page:
            frames = [await page.frame() for _ in range(6)]
            assert frames[2:] == [{"": "still here"}] * 4

    live(story)


def test_events_are_told_while_the_queue_is_away(house, live):
    house.redis_url = "redis://127.0.0.1:1"

    async def story(listening, ledger):
        async with listening() as page:
            assert [await page.frame() for _ in range(3)][1] == {"id": "0"}
            await say(ledger, an_event(1))
            assert [one["id"] for one in await page.told(1)] == ["1"]

    live(story)


def test_a_live_page_outlives_an_absence_of_the_ledger(live, database_url, servers, monkeypatch):
    monkeypatch.setattr(connection, "PATIENCE", 0.3)

    async def story(listening, ledger):
        async with listening() as page:
            assert [await page.frame() for _ in range(3)][1] == {"id": "0"}
            with shut(servers, database_url):
                await page.frame()
                await asyncio.sleep(1)
            await say(ledger, an_event(1))
            assert [one["id"] for one in await page.told(1)] == ["1"]

    live(story)


def test_a_page_that_is_left_holds_nothing(live, monkeypatch):
    open_now = 0
    tell = events_route._tell

    async def counted(*given):
        nonlocal open_now
        open_now += 1
        try:
            async with aclosing(tell(*given)) as frames:
                async for frame in frames:
                    yield frame
        finally:
            open_now -= 1

    monkeypatch.setattr(events_route, "_tell", counted)

    async def story(listening, _):
        async with listening(), listening():
            await until(lambda: open_now == 2)
        await until(lambda: open_now == 0)

    live(story)


def test_head_of_the_live_events_does_not_wait_for_any(house):
    async def story():
        async with over_a_socket(house) as client, asyncio.timeout(5):
            answer = await client.head("/api/v1/events")
            assert (answer.status_code, answer.content) == (200, b"")
            assert answer.headers["content-type"].startswith("text/event-stream")

    run(story())


# When things are away.


class shut:  # noqa: N801 - reads as what it does
    """Nobody gets into this database while the block runs, and who is in is put out."""

    def __init__(self, servers, url: str) -> None:
        self._servers, self._name = servers, url.rpartition("/")[2].partition("?")[0]

    def __enter__(self) -> None:
        with psycopg.connect(self._servers.database_url, autocommit=True) as conn:
            conn.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
            conn.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self._name])

    def __exit__(self, *_: object) -> None:
        with psycopg.connect(self._servers.database_url, autocommit=True) as conn:
            conn.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")


def test_while_the_ledger_is_away_reads_are_a_503_that_says_when_to_come_back(
    drawn, at_api, servers, database_url, monkeypatch
):
    monkeypatch.setattr(connection, "PATIENCE", 0.3)

    async def story(client, _):
        with shut(servers, database_url):
            for path in ("/api/v1/results/latest", "/api/v1/lotteries/us_powerball/draws", "/readyz", "/metrics"):
                answer = await client.get(path)
                assert "ledger cannot be reached" in is_problem(answer, 503)
                assert answer.headers["retry-after"] == "5"
            for path in ("/healthz", "/api/v1/lotteries", f"/{CARD}"):
                assert (await client.get(path)).status_code == 200
        async with asyncio.timeout(10):
            while (await client.get("/api/v1/results/latest")).status_code == 503:
                pass  # each ask waits for a connection as long as it may

    at_api(story)


def test_while_the_ledger_is_away_what_was_read_before_is_told_as_old(
    drawn, at_api, servers, database_url, monkeypatch
):
    monkeypatch.setattr(connection, "PATIENCE", 0.3)
    path = "/api/v1/lotteries/us_powerball/draws/2024-11-02"

    async def story(client, _):
        fresh = await client.get(path)
        assert "warning" not in fresh.headers
        with shut(servers, database_url):
            async with asyncio.timeout(10):
                while "warning" not in (old := await client.get(path)).headers:
                    await asyncio.sleep(0.01)
            assert (old.status_code, old.content) == (200, fresh.content)
            assert int(old.headers["age"]) >= 0
            known = await client.get(path, headers={"If-None-Match": fresh.headers["etag"]})
            assert (known.status_code, known.headers["warning"]) == (304, old.headers["warning"])
            assert is_problem(await client.get(f"{path}?never=asked"), 503)
        async with asyncio.timeout(10):
            while "warning" in (await client.get(path)).headers:
                await asyncio.sleep(0.01)

    at_api(story)


def test_while_the_store_is_away_cards_are_a_503_and_the_rest_goes_on(drawn, at_api, monkeypatch):
    async def away(*_: object) -> bytes:
        raise StoreError("The store could not read it: connection refused at 10.1.2.3.")

    monkeypatch.setattr(Store, "get", away)

    async def story(client, _):
        answer = await client.get(f"/{CARD}")
        assert "10.1.2.3" not in is_problem(answer, 503)
        assert answer.headers["retry-after"] == "5"
        assert (await client.get("/api/v1/results/latest")).json()["items"]

    at_api(story)


def test_what_is_broken_inside_is_not_shown_outside(at_api, monkeypatch):
    async def broken(*_: object) -> None:
        raise RuntimeError("the inner secret")

    monkeypatch.setattr(queries, "latest", broken)

    async def story(client, _):
        with capture_logs() as logged:
            answer = await client.get("/api/v1/results/latest")
        assert "logged" in is_problem(answer, 500)
        assert [(one["event"], one["path"]) for one in logged] == [("request failed", "/api/v1/results/latest")]
        assert not any(word in answer.text for word in ("secret", "Traceback", "RuntimeError", ".py"))

    at_api(story)


def test_it_is_ready_only_on_the_schema_of_its_code(at_api):
    async def story(client, ledger):
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (200, "ready")
        assert {name: check["well"] for name, check in answer.json()["checks"].items()} == dict.fromkeys(
            ("ledger", "schema", "queue", "sources", "outbox"), True
        )
        async with ledger.reading() as conn:
            await conn.execute("UPDATE alembic_version SET version_num = '9999'")
        assert (await client.get("/readyz")).json()["schema"] == "9999"
        async with ledger.reading() as conn:
            await conn.execute("DELETE FROM serves")
        assert "9999" in is_problem(await client.get("/readyz"), 503)
        assert (await client.get("/healthz")).json() == {"status": "ok"}

    at_api(story)


def test_the_house_is_told_in_numbers(drawn, at_api, redis_url):
    async def story(client, ledger):
        redis = connect(redis_url)
        relay = Relay(ledger, redis, {"new_result": ("imaker",), "image_ready": ("publisher",)}, Clock(AT))
        before = (await client.get("/metrics")).text
        for line in ("lotto_outbox_waiting 2.0", "lotto_relay_up 0.0"):
            assert line in before.splitlines()
        await relay.reconcile()
        await relay.carry()
        await redis.aclose()
        shown = (await client.get("/metrics")).text
        for line in (
            'lotto_draws{lottery="us_powerball"} 1.0',
            "lotto_outbox_waiting 0.0",
            "lotto_position 2.0",
            "lotto_outbox_oldest_seconds 0.0",
            'lotto_dead_letters{consumer="imaker"} 0.0',
            "lotto_queue_up 1.0",
            'lotto_stream_lag{group="imaker",stream="new_result"} 1.0',
            'lotto_stream_pending{group="publisher",stream="image_ready"} 0.0',
        ):
            assert line in shown.splitlines()

    at_api(story)


def test_without_the_queue_it_is_ready_and_says_so_in_numbers(house, at_api):
    house.redis_url = "redis://127.0.0.1:1"

    async def story(client, _):
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["checks"]["queue"]["well"]) == (200, False)
        assert "lotto_queue_up 0.0" in (await client.get("/metrics")).text

    at_api(story)


# What it says of itself.


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [one for part in value.values() for one in references(part)]
    return [one for part in value for one in references(part)] if isinstance(value, list) else []


def test_the_openapi_document_names_every_address_and_holds_together(at_rest):
    async def story(client, _):
        document = (await client.get("/api/v1/openapi.json")).json()
        assert document["openapi"].startswith("3.1.")
        assert set(document) <= {"openapi", "info", "paths", "components", "webhooks"}
        assert document["webhooks"].keys() == {"event", "test"}
        hooks = "/api/v1/webhooks"
        told_by_people = ("/api/v1/check", "/api/v1/newsletters/", "/api/v1/subscriptions/", "/api/v1/push/")
        assert set(document["paths"]) == {
            hooks,
            "/cards/asked/{mark}/{address}",
            "/api/v1/newsletters",
            "/api/v1/newsletters/{newsletter}",
            "/api/v1/push",
            "/api/v1/push/{account}",
            "/api/v1/push/{account}/leave",
            *(f"/api/v1/subscriptions/{what}" for what in ("confirm", "leave", "erase", "export")),
            *(f"{hooks}/{{webhook}}{rest}" for rest in ("", "/rotate", "/test", "/replay", "/deliveries")),
            *(f"{hooks}/{{webhook}}/deliveries/{{delivery}}{rest}" for rest in ("", "/replay")),
            "/api/v1/lotteries",
            "/api/v1/lotteries/{lottery}",
            "/api/v1/lotteries/{lottery}/statistics",
            "/api/v1/lotteries/{lottery}/odds",
            "/api/v1/lotteries/{lottery}/draws",
            "/api/v1/lotteries/{lottery}/draws/{day}",
            "/api/v1/lotteries/{lottery}/draws/{day}/{label}",
            "/api/v1/lotteries/{lottery}/draws/{day}/revisions",
            "/api/v1/lotteries/{lottery}/draws/{day}/{label}/revisions",
            "/api/v1/lotteries/{lottery}/draws/{day}/latency",
            "/api/v1/lotteries/{lottery}/draws/{day}/{label}/latency",
            "/api/v1/lotteries/{lottery}/latency",
            "/api/v1/lotteries/{lottery}/coming",
            "/api/v1/coming",
            "/api/v1/latency",
            "/api/v1/search",
            "/api/v1/sources/{source}",
            "/api/v1/lotteries/{lottery}/signed/{day}",
            "/api/v1/lotteries/{lottery}/signed/{day}/{label}",
            "/api/v1/keys",
            "/api/v1/results/latest",
            "/api/v1/collections",
            "/api/v1/collections/{collection}",
            "/api/v1/posts",
            "/api/v1/sources",
            "/api/v1/check",
            "/api/v1/events",
            *(
                f"/api/v1/{scope}/{file}"
                for scope in ("lotteries/{lottery}", "collections/{collection}", "countries/{country}")
                for file in (
                    *("feed.atom", "feed.rss", "feed.json", "calendar.ics"),
                    *("draws.csv", "draws.jsonl", "draws.parquet"),
                )
            ),
            "/api/v1/oembed",
            "/cards/{shard}/{name}",
            "/healthz",
            "/readyz",
            "/metrics",
        }
        names = []
        for method, path, read in operations(document):
            assert path.startswith(hooks) or method == ("post" if path.startswith(told_by_people) else "get")
            names.append(read["operationId"])
            assert read["description"]
            placed = {one["name"] for one in read.get("parameters", []) if one["in"] == "path"}
            assert placed == {part[1:-1] for part in path.split("/") if part.startswith("{")}
            assert all(one["required"] for one in read.get("parameters", []) if one["in"] == "path")
            assert {"200", "201", "202", "204"} & read["responses"].keys()
            if path.startswith("/api/v1"):
                problems = {"404", "422", "503"} | ({"401", "403"} if path.startswith(hooks) else set())
                assert problems <= set(read["responses"])
                for status in problems:
                    (shape,) = read["responses"][status]["content"].values()
                    assert shape["schema"] == {"$ref": "#/components/schemas/Problem"}
                    assert list(read["responses"][status]["content"]) == ["application/problem+json"]
                assert read["security"] == ([{"key": []}] if path.startswith(hooks) else [{}, {"key": []}])
        assert len(set(names)) == len(names)
        for reference in references(document):
            place: Any = document
            for part in reference.removeprefix("#/").split("/"):
                place = place[part]
        day = next(
            one
            for one in document["paths"]["/api/v1/lotteries/{lottery}/draws/{day}"]["get"]["parameters"]
            if one["name"] == "day"
        )
        assert day["schema"]["format"] == "date"
        event = document["paths"]["/api/v1/events"]["get"]["responses"]["200"]["content"]
        assert list(event) == ["text/event-stream"]
        picture = document["paths"]["/cards/{shard}/{name}"]["get"]["responses"]["200"]["content"]
        assert set(picture) == {"image/png", "image/webp", "image/jpeg"}

    at_rest(story)


def test_it_is_the_same_over_a_real_socket(drawn):
    async def story():
        async with over_a_socket(drawn) as client:
            for path in (*READS, *BESIDE):
                client.headers["Accept-Encoding"] = "identity"
                get, head = await client.get(path), await client.head(path)
                assert (get.status_code, head.status_code, head.content) == (200, 200, b"")
                assert get.headers["content-length"] == str(len(get.content))
                # Two of them tell of the moment: how long ago something was.
                if path not in ("/readyz", "/metrics"):
                    assert head.headers["content-length"] == get.headers["content-length"]
                if tag := get.headers.get("etag"):
                    again = await client.get(path, headers={"If-None-Match": tag})
                    assert (again.status_code, again.content) == (304, b"")
            for target in (b"/api/v1/lotteries/%ff%00%zz", b"/api/\xff", b"/" + b"a" * 10_000, b"*", b"//x"):
                reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
                writer.write(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                assert (await reader.read()).startswith(b"HTTP/1.1 4"), target
                writer.close()

    run(story())
