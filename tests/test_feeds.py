"""Feeds, calendars and oEmbed: valid by their own rules, the same draw under the same name, and nobody's markup."""

import asyncio
import html.parser
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

import httpx2
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Clock, drop
from lotto import catalogue
from lotto.api.calendars import compose as calendars
from lotto.api.calendars import ical
from lotto.api.feeds import atom, jsonfeed, rss
from lotto.api.feeds.compose import Composer
from lotto.api.feeds.markup import legible
from lotto.api.routes import feeds as feeds_route
from lotto.api.scope import Scope
from lotto.api.site import Site
from lotto.asgi import ready
from lotto.draws.calendar import Slot
from lotto.draws.draw import Act, Draw, DrawKey, Observation, Status
from lotto.events import Card, Event, Type
from lotto.house import House, Practice
from lotto.ledger import cards, queries
from lotto.ledger.connection import Ledger
from lotto.ledger.record import record
from lotto.ledger.ruling import rule
from lotto.settings import Settings
from lotto.words import speak

KNOWN = catalogue.load()
GAME = KNOWN.lotteries["us_powerball"]
NOW = datetime(2024, 11, 6, 12, tzinfo=UTC)
SITE = Site("https://lotto.example", False, lambda key: f"/{key}")
NUMBERS = {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}
CORRECTED, PLAIN, VOID, OLD = (
    DrawKey("us_powerball", date(*day)) for day in ((2024, 11, 2), (2024, 11, 4), (2024, 10, 30), (2022, 1, 1))
)
HOSTILE = 'Misread </title> <script>alert(1)</script> & "more"; line,\n]]> \x0b end\\'
PICTURE = Card("og", "en", "gradient", f"cards/ab/{'ab' * 32}.png", "ab", "image/png", 1200, 630, 4321, "alt & <words>")
ATOM = "{http://www.w3.org/2005/Atom}"
TAG = re.compile(r"tag:lotto\.example,2026:[^\s<>]+")
SCOPES = ("lotteries/us_powerball", "collections/us_multi_state", "countries/us")


def said(source: str, key: DrawKey, at: datetime, bonus: int) -> Observation:
    return Observation(key, source, source, True, {**NUMBERS, "bonus": (bonus,)}, at, "ab" * 32)


async def tell(ledger: Ledger, key: DrawKey, bonus: int, after: timedelta = timedelta(hours=1)) -> datetime:
    """Two sources tell of that draw so long after it was held."""
    at = GAME.drawn_at(key).astimezone(UTC) + after
    for source in ("us_texas", "us_ny_data"):
        await record(ledger, GAME, [said(source, key, at, bonus)], at)
    return at


async def furnish(ledger: Ledger) -> None:
    """A draw that was corrected and has a card, one that was not, one that is void, and one long ago, corrected."""
    for key, bonus in ((CORRECTED, 2), (PLAIN, 7), (VOID, 9), (OLD, 3)):
        await tell(ledger, key, bonus)
    at = await tell(ledger, CORRECTED, 26, timedelta(hours=3))
    await tell(ledger, OLD, 4, timedelta(days=1000))
    await rule(ledger, GAME, VOID, Act.VOID, by="Ana", reason=HOSTILE, now=at)
    async with ledger.reading() as conn:
        draw = await queries.draw(conn, CORRECTED)
    await cards.ready(ledger, Event(Type.RESULT_CORRECTED, draw, at), [PICTURE], at)


Get = Callable[..., httpx2.Response]


@pytest.fixture(scope="module")
def get(servers, tmp_path_factory) -> Iterator[Get]:
    """Asks a furnished house, whose clock stands still."""
    with psycopg.connect(servers.database_url, autocommit=True) as conn, asyncio.Runner() as runner:
        conn.execute("CREATE DATABASE feeds TEMPLATE pattern")
        own = Settings(data_dir=tmp_path_factory.mktemp("feeds"), public_url="https://lotto.example")
        practice = Practice("http://127.0.0.1:1", Clock(NOW))
        url = servers.database("feeds")
        house = House(own, database_url=url, redis_url=servers.redis_url, practice=practice)

        async def furnished() -> None:
            async with house.ledger("test") as ledger:
                await furnish(ledger)

        runner.run(furnished())
        api = house.api()
        way = httpx2.ASGITransport(app=runner.run(api.__aenter__()))
        client = httpx2.AsyncClient(transport=way, base_url="http://lotto")
        yield lambda path, **headers: runner.run(client.get(f"/api/v1/{path}", headers=headers))
        runner.run(client.aclose())
        runner.run(api.__aexit__(None, None, None))
        drop(conn, "feeds")


# Feeds.


@dataclass
class Told:
    """What a feed says, whatever it is written as."""

    id: str
    title: str
    lang: str
    updated: datetime
    entries: dict[str, dict[str, Any]]


def one(element: ET.Element, tag: str) -> ET.Element:
    """The element of that name, of which there is exactly one."""
    found = element.findall(tag)
    assert len(found) == 1, f"{len(found)} × {tag} in {element.tag}"
    return found[0]


def words(element: ET.Element, tag: str) -> str:
    """The text of the one element of that name, which is not empty."""
    text = one(element, tag).text
    assert text
    return text


def web(address: str) -> str:
    """The address, which is whole and of the web."""
    assert urlsplit(address).scheme == "https"
    assert urlsplit(address).netloc == "lotto.example"
    assert not re.search(r"[\s<>\"]", address)
    return address


def at(text: str) -> datetime:
    """The instant, written as RFC 3339 says."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text)
    return datetime.fromisoformat(text)


class Tags(html.parser.HTMLParser):
    """The tags of some HTML, each of which we write ourselves."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.said = ""
        self.feed(text)
        self.close()
        assert set(self.found) <= {"p", "img", "blockquote", "a"}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.said += data


def read_atom(body: bytes) -> Told:
    """An Atom feed, held against RFC 4287, section 4."""
    root = ET.fromstring(body)
    assert root.tag == f"{ATOM}feed"
    assert words(one(root, f"{ATOM}author"), f"{ATOM}name")
    links = {link.get("rel"): web(link.get("href", "")) for link in root.findall(f"{ATOM}link")}
    assert links.keys() == {"self", "alternate"}
    assert "feed.atom" in links["self"]
    entries = {}
    for entry in root.findall(f"{ATOM}entry"):
        content, category = one(entry, f"{ATOM}content"), one(entry, f"{ATOM}category")
        assert content.get("type") == "html"
        assert category.get("term") == "us_powerball"
        (alternate,) = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        enclosed = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "enclosure"]
        name = words(entry, f"{ATOM}id")
        assert TAG.fullmatch(name)
        assert name not in entries
        entries[name] = {
            "title": words(entry, f"{ATOM}title"),
            "url": web(alternate.get("href", "")),
            "html": content.text,
            "text": words(entry, f"{ATOM}summary"),
            "published": at(words(entry, f"{ATOM}published")),
            "updated": at(words(entry, f"{ATOM}updated")),
            "card": [(web(link.get("href", "")), link.get("type"), int(link.get("length", ""))) for link in enclosed],
        }
    lang = root.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    return Told(words(root, f"{ATOM}id"), words(root, f"{ATOM}title"), lang, at(words(root, f"{ATOM}updated")), entries)


def read_rss(body: bytes) -> Told:
    """An RSS feed, held against the RSS 2.0 specification."""
    root = ET.fromstring(body)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = one(root, "channel")
    assert words(channel, "description")
    web(words(channel, "link"))
    assert one(channel, f"{ATOM}link").get("rel") == "self"
    entries = {}
    for item in channel.findall("item"):
        guid = one(item, "guid")
        assert guid.get("isPermaLink") == "false"
        assert TAG.fullmatch(guid.text or "")
        assert guid.text not in entries
        enclosed = item.findall("enclosure")
        assert len(enclosed) <= 1
        entries[guid.text] = {
            "title": words(item, "title"),
            "url": web(words(item, "link")),
            "html": words(item, "description"),
            "published": parsedate_to_datetime(words(item, "pubDate")),
            "updated": at(words(item, f"{ATOM}updated")),
            "card": [(web(e.get("url", "")), e.get("type"), int(e.get("length", ""))) for e in enclosed],
        }
    built = parsedate_to_datetime(words(channel, "lastBuildDate"))
    return Told("", words(channel, "title"), words(channel, "language"), built, entries)


def read_json(body: bytes) -> Told:
    """A JSON Feed, held against version 1.1."""
    feed = httpx2.Response(200, content=body).json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    web(feed["home_page_url"])
    assert "feed.json" in web(feed["feed_url"])
    assert all(one["name"] for one in feed["authors"])
    entries = {}
    for item in feed["items"]:
        assert TAG.fullmatch(item["id"])
        assert item["id"] not in entries
        assert item["_lotto"]["lottery"] == "us_powerball"
        entries[item["id"]] = {
            "title": item["title"],
            "url": web(item["url"]),
            "html": item["content_html"],
            "text": item["content_text"],
            "published": at(item["date_published"]),
            "updated": at(item["date_modified"]),
            "card": [(web(a["url"]), a["mime_type"], a["size_in_bytes"]) for a in item.get("attachments", [])],
        }
    newest = max((entry["updated"] for entry in entries.values()), default=datetime(1970, 1, 1, tzinfo=UTC))
    return Told("", feed["title"], feed["language"], newest, entries)


READ = {"atom": read_atom, "rss": read_rss, "json": read_json}
MEDIA = {"atom": atom.MEDIA, "rss": rss.MEDIA, "json": jsonfeed.MEDIA}


def named(key: DrawKey) -> str:
    return f"tag:lotto.example,2026:{key}"


@pytest.mark.parametrize("form", READ)
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_feed_is_valid_in_every_form_scope_and_language(get, form, scope, lang):
    answer = get(f"{scope}/feed.{form}?lang={lang}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == MEDIA[form]
    told = READ[form](answer.content)
    assert told.lang == lang
    assert told.updated == max(entry["updated"] for entry in told.entries.values())
    assert set(told.entries) == {named(key) for key in (CORRECTED, PLAIN, VOID, OLD)}
    for entry in told.entries.values():
        assert entry["published"] <= entry["updated"]
        assert f"/{lang}/us_powerball/20" in entry["url"]
        Tags(entry["html"])
    plain = told.entries[named(PLAIN)]
    assert "10, 45, 48, 58, 61, Powerball 7" in plain["title"]
    assert plain["published"] == plain["updated"]
    corrected = told.entries[named(CORRECTED)]
    assert corrected["title"].startswith({"en": "Corrected: ", "es": "Corregido: "}[lang])
    assert {"en": "Powerball 26, not 2.", "es": "Powerball 26, no 2."}[lang] in Tags(corrected["html"]).said
    assert corrected["updated"] - corrected["published"] == timedelta(hours=2)
    assert corrected["card"] == [(f"https://lotto.example/{PICTURE.key}", "image/png", 4321)]
    assert '<img src="https://lotto.example/cards/ab/' in corrected["html"]
    assert 'alt="alt &amp; <words' in corrected["html"]


@pytest.mark.parametrize("form", READ)
def test_a_persons_words_are_text_in_every_form(get, form):
    void = READ[form](get(f"lotteries/us_powerball/feed.{form}").content).entries[named(VOID)]
    assert void["title"].startswith("Void: ")
    tags = Tags(void["html"])
    assert "script" not in tags.found
    assert '<script>alert(1)</script> & "more"' in tags.said


def test_what_was_corrected_or_taken_back_is_told_again_however_many_draws_are_newer(get, monkeypatch):
    def told() -> set[str]:
        # Another address each time, since an answer is kept for a second.
        address = f"lotteries/us_powerball/feed.json?asked={feeds_route.NEWEST},{feeds_route.CORRECTED}"
        return set(read_json(get(address).content).entries)

    monkeypatch.setattr(ready, "FRESH", 0.0)
    monkeypatch.setattr(feeds_route, "NEWEST", 1)
    assert told() == {named(key) for key in (PLAIN, CORRECTED, VOID, OLD)}
    monkeypatch.setattr(feeds_route, "CORRECTED", 0)
    assert told() == {named(PLAIN)}


@pytest.mark.parametrize("path", [f"{SCOPES[0]}/feed.atom", f"{SCOPES[1]}/feed.json", f"{SCOPES[2]}/calendar.ics"])
def test_who_has_a_feed_already_is_told_so(get, path):
    answer = get(path)
    again = get(path, **{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert get(f"{path}?lang=es").headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("lotteries/nowhere/feed.atom", 404, "There is no lottery"),
        ("collections/nowhere/feed.rss", 404, "There is no collection"),
        ("countries/xx/calendar.ics", 404, "AI, DO, SX, US"),
        ("lotteries/us_powerball/feed.atom?lang=tlh", 422, "it speaks ar, de, en, es, fr, pt, th"),
        ("lotteries/us_powerball/feed.xml", 404, "nothing here"),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(get, path, status, words):
    answer = get(path)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text


POWERBALL = Scope("lottery", "us_powerball", "Powerball", ("us_powerball",))
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.just(HOSTILE)


@given(reason=ANYTHING, label=ANYTHING.filter(bool))
def test_whatever_text_is_told_comes_out_as_that_text(reason, label):
    draw = Draw(DrawKey("us_powerball", date(2024, 11, 2), label), Status.VOID, NOW, 2, reason=reason)
    feed = Composer(SITE, KNOWN.lotteries, speak("en")).feed(POWERBALL, [draw], {})
    for form, write in (("atom", atom.written), ("rss", rss.written), ("json", jsonfeed.written)):
        ((_, entry),) = READ[form](write(feed)).entries.items()
        # XML reads every end of a line as one; JSON keeps what XML cannot write.
        shown = Tags(entry["html"]).said
        assert _flat(f"Why: {reason}") in _flat(shown), form
        assert _flat(label[1:]) in _flat(entry["title"])


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", legible(text))


def test_an_empty_feed_is_a_feed():
    feed = Composer(SITE, KNOWN.lotteries, speak("en")).feed(POWERBALL, [], {})
    for form, write in (("atom", atom.written), ("rss", rss.written), ("json", jsonfeed.written)):
        assert READ[form](write(feed)).updated == datetime(1970, 1, 1, tzinfo=UTC)


# Calendars.


def lines(body: bytes) -> list[str]:
    """The content lines of a calendar, held against RFC 5545, section 3.1."""
    assert body.endswith(b"\r\n")
    physical = body.removesuffix(b"\r\n").split(b"\r\n")
    for line in physical:
        assert len(line) <= 75
        line.decode()
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
    unfolded: list[str] = []
    for line in physical:
        if line.startswith(b" "):
            unfolded[-1] += line[1:].decode()
        else:
            assert re.match(rb"[A-Z][A-Z-]*[;:]", line)
            unfolded.append(line.decode())
    return unfolded


def plain(text: str) -> str:
    """What a TEXT value says; every backslash in it escapes something."""
    assert re.fullmatch(r"(?:[^\\,;]|\\[\\,;nN])*", text)
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def read_calendar(body: bytes) -> dict[str, dict[str, str]]:
    """The events of a calendar by their UID, held against RFC 5545, section 3.6.1."""
    head, *events = "\n".join(lines(body)).split("\nBEGIN:VEVENT\n")
    assert head.startswith("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:")
    found: dict[str, dict[str, str]] = {}
    for number, event in enumerate(events, 1):
        inside, _, after = event.partition("\nEND:VEVENT")
        assert after == ("\nEND:VCALENDAR" if number == len(events) else "")
        names = [re.split("[;:]", line, maxsplit=1)[0] for line in inside.split("\n")]
        assert len(names) == len(set(names))
        assert {"UID", "DTSTAMP", "DTSTART", "SEQUENCE", "STATUS", "SUMMARY"} <= set(names)
        told = {name: line.partition(":")[2] for name, line in zip(names, inside.split("\n"), strict=True)}
        for name in ("DTSTAMP", "DTSTART", "LAST-MODIFIED"):
            assert re.fullmatch(r"\d{8}T\d{6}Z", told[name])
        for name in ("SUMMARY", "DESCRIPTION", "UID", "CATEGORIES"):
            told[name] = plain(told[name])
        assert told["STATUS"] in ("CONFIRMED", "CANCELLED")
        assert told["UID"] not in found
        found[told["UID"]] = told
    return found


def uid(key: DrawKey) -> str:
    return f"{key}@lotto.example"


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_calendar_is_valid_and_tells_what_was_and_what_will_be_drawn(get, scope, lang):
    answer = get(f"{scope}/calendar.ics?lang={lang}")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = read_calendar(answer.content)
    corrected = events[uid(CORRECTED)]
    assert corrected["SUMMARY"] == "Powerball: 10, 45, 48, 58, 61, Powerball 26, Power Play ×3"
    assert corrected["DTSTART"] == "20241103T025900Z"
    assert int(corrected["SEQUENCE"]) > int(events[uid(PLAIN)]["SEQUENCE"]) > 0
    assert corrected["ATTACH"] == f"https://lotto.example/{PICTURE.key}"
    assert {"en": "Powerball 26, not 2", "es": "Powerball 26, no 2"}[lang] in corrected["DESCRIPTION"]
    void = events[uid(VOID)]
    assert void["STATUS"] == "CANCELLED"
    assert '<script>alert(1)</script> & "more"; line,\n]]>' in void["DESCRIPTION"]
    coming = events[uid(DrawKey("us_powerball", date(2024, 11, 6)))]
    assert (coming["SUMMARY"], coming["SEQUENCE"], coming["STATUS"]) == ("Powerball", "0", "CONFIRMED")
    assert uid(DrawKey("us_powerball", date(2024, 12, 28))) in events
    assert uid(OLD) not in events


def made(lotteries: dict[str, Any], *known: Draw, now: datetime = NOW) -> dict[str, dict[str, str]]:
    """The calendar of these lotteries, of whose draws only these are known."""
    of = Scope("collection", "all", "All", tuple(lotteries))
    composer = calendars.Composer(SITE, lotteries, speak("en"), now)
    return read_calendar(ical.written(composer.calendar(of, {draw.key: draw for draw in known}, {})))


def test_a_draw_that_moves_keeps_its_name_and_a_day_of_rest_cancels_it():
    moved, rest = date(2024, 11, 9), date(2024, 11, 11)
    special = {moved: (Slot(time(21, 0), frozenset({moved.weekday()})),), rest: ()}
    usual, other = made({GAME.id: GAME}), made({GAME.id: replace(GAME, special_days=special)})
    assert usual.keys() == other.keys()
    differ = {name for name in usual if usual[name] != other[name]}
    assert differ == {uid(DrawKey(GAME.id, moved)), uid(DrawKey(GAME.id, rest))}
    after, gone = (other[uid(DrawKey(GAME.id, day))] for day in (moved, rest))
    assert (after["DTSTART"], after["SEQUENCE"], after["STATUS"]) == ("20241110T020000Z", "1", "CONFIRMED")
    assert (gone["SEQUENCE"], gone["STATUS"]) == ("1", "CANCELLED")


def test_every_change_of_a_draw_raises_the_sequence():
    at = GAME.drawn_at(PLAIN).astimezone(UTC)
    told = [
        Draw(PLAIN, Status.PARTIAL, at),
        Draw(PLAIN, Status.CONFIRMED, at, 1, 0, NUMBERS),
        Draw(PLAIN, Status.CONFIRMED, at, 1, 1, NUMBERS),
        Draw(PLAIN, Status.CONFIRMED, at, 2, 1, {**NUMBERS, "bonus": (9,)}),
        Draw(PLAIN, Status.VOID, at, 3, 1, reason="It was repeated."),
    ]
    seen = [made({GAME.id: GAME}, draw)[uid(PLAIN)] for draw in told]
    numbers = [int(one["SEQUENCE"]) for one in seen]
    assert numbers == sorted(set(numbers))
    assert len({one["DTSTART"] for one in seen}) == 1
    assert [one["STATUS"] for one in seen] == ["CONFIRMED"] * 4 + ["CANCELLED"]


def test_a_lottery_drawn_every_few_minutes_has_one_event_a_day():
    name = next(one.id for one in KNOWN.lotteries.values() if any(slot.every for slot in one.eras[-1].calendar))
    events = made({name: KNOWN.lotteries[name]}, now=datetime(2026, 3, 20, tzinfo=UTC))
    assert 60 < len(events) < 100
    assert all(event["DTEND"] > event["DTSTART"] for event in events.values())


def test_an_hour_that_autumn_shows_twice_is_told_apart_and_every_calendar_of_ours_is_valid():
    events = made(dict(KNOWN.lotteries))
    assert len(events) == calendars.MOST
    before, after = (made({GAME.id: GAME})[uid(DrawKey(GAME.id, day))] for day in (CORRECTED.date, PLAIN.date))
    assert (before["DTSTART"], after["DTSTART"]) == ("20241103T025900Z", "20241105T035900Z")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_a_folded_line_unfolds_to_itself(text):
    line = f"SUMMARY:{text}"
    assert lines(ical.folded(line)) == [line]


@given(ANYTHING)
def test_a_text_is_escaped_so_that_it_comes_back(text):
    (line,) = lines(ical.folded(f"SUMMARY:{ical.text(text)}"))
    kept = re.sub("[\x00-\x09\x0b-\x1f\x7f]", "\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))
    assert plain(line.removeprefix("SUMMARY:")) == kept


# oEmbed.


def embedded(get: Get, page: str, **asked: Any) -> httpx2.Response:
    more = "".join(f"&{name}={value}" for name, value in asked.items())
    return get(f"oembed?url={quote(page, safe='')}{more}")


def test_a_page_of_ours_can_be_embedded_in_its_language(get):
    page = "https://lotto.example/es/us_powerball/2024-11-02"
    answer = embedded(get, page)
    told = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert (told["version"], told["type"]) == ("1.0", "rich")
    assert "sábado, 2 de noviembre de 2024" in told["title"]
    tags = Tags(told["html"])
    assert "Powerball 26, no 2" in tags.said
    assert page in told["html"]
    assert (told["thumbnail_url"], told["thumbnail_width"]) == (f"https://lotto.example/{PICTURE.key}", 1200)
    root = ET.fromstring(embedded(get, page, format="xml").content)
    assert root.tag == "oembed"
    assert {one.tag: one.text for one in root} == {name: str(value) for name, value in told.items()}


def test_an_embed_is_no_larger_than_there_is_room_for(get):
    told = embedded(get, "https://lotto.example/en/us_powerball/2024-11-02", maxwidth=320, maxheight=100).json()
    assert (told["width"], told["height"]) == (320, 100)
    assert not any(name.startswith("thumbnail") for name in told)


def test_the_page_of_a_lottery_shows_its_newest_draw(get):
    assert "Powerball 7" in embedded(get, "http://lotto.example/en/us_powerball/?utm=x#top").json()["title"]


@pytest.mark.parametrize(
    "page",
    [
        "https://other.example/en/us_powerball",
        "https://lotto.example.other.example/en/us_powerball",
        "https://lotto.example@other.example/en/us_powerball",
        "https://other.example/https://lotto.example/en/us_powerball",
        "javascript:alert(1)//lotto.example/en/us_powerball",
        "https://lotto.example/en/",
        "https://lotto.example/tlh/us_powerball",
        "https://lotto.example/en/nowhere",
        "https://lotto.example/en/us_powerball/2024-11-02/%00",
        "https://lotto.example/en/us_powerball/2024-02-30",
        "https://lotto.example/en/us_powerball/2031-01-01",
        "https://[::1/en/us_powerball",
        "nonsense",
    ],
)
def test_nothing_else_can(get, page):
    answer = embedded(get, page)
    assert answer.status_code == 404
    assert len(answer.json()["detail"]) > 20


def test_a_form_of_embed_that_is_none_is_told(get):
    answer = embedded(get, "https://lotto.example/en/us_powerball", format="yaml")
    assert (answer.status_code, "'json' or 'xml'" in answer.json()["detail"]) == (422, True)
