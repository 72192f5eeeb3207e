"""Limits and keys: nobody asks more than he may, whichever process he asks, and a key lifts that."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network

import httpx2
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import run
from lotto.api import hops
from lotto.api.keys import FRESH, make
from lotto.house import House, Practice
from lotto.ledger import keys
from lotto.ledger.keys import Key
from lotto.settings import Settings

SOMEBODY = "203.0.113.7"
READ = "/api/v1/collections"


@pytest.fixture
def house(database_url, redis_url, tmp_path, clock, monkeypatch) -> House:
    """A house whose API allows three reads and one check a minute."""
    monkeypatch.setattr("lotto.house.wall_clock", clock)
    practice = Practice("http://127.0.0.1:1", clock)
    own = Settings(data_dir=tmp_path, read_limit=3, check_limit=1)
    return House(own, database_url=database_url, redis_url=redis_url, practice=practice)


@asynccontextmanager
async def process(house: House, peer: str = SOMEBODY) -> AsyncIterator[httpx2.AsyncClient]:
    """A process of the API, and somebody who asks it."""
    async with house.api() as app:
        way = httpx2.ASGITransport(app=app, raise_app_exceptions=False, client=(peer, 5))
        async with httpx2.AsyncClient(transport=way, base_url="http://lotto") as client:
            yield client


async def statuses(client: httpx2.AsyncClient, times: int, **headers: str) -> list[int]:
    return [(await client.get(READ, headers=headers)).status_code for _ in range(times)]


async def a_key(house: House, *scopes: str, name: str = "ana", per_minute: int = 100) -> str:
    made = make()
    async with house.ledger("test") as ledger, ledger.reading() as conn:
        assert await keys.add(conn, Key(name, made.hint, scopes, per_minute, house.world()), made.hash)
    return made.key


def test_who_asks_too_often_is_told_when_to_come_back_whichever_process_he_asks(house, clock):
    async def story():
        async with process(house) as one, process(house) as other:
            clock.go(seconds=18)
            first = await one.get(READ)
            assert first.headers["ratelimit-policy"] == '"read";q=3;w=60'
            assert first.headers["ratelimit"] == '"read";r=2;t=42'
            assert await statuses(other, 2) == [200, 200]
            refused = await one.get(READ)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "42")
            assert refused.headers["ratelimit"] == '"read";r=0;t=42'
            assert refused.headers["cache-control"] == "no-store"
            assert refused.headers["access-control-allow-origin"] == "*", "a page may read why"
            assert refused.json()["detail"].startswith("That is more than 3 questions in a minute: ask again in 42 s")
            assert await statuses(other, 1) == [429]
            assert (await one.post("/api/v1/check", json={})).status_code == 422, "what it costs is counted apart"
            assert (await one.post("/api/v1/check", json={})).status_code == 429
            assert (await one.get("/healthz")).status_code == 200
            clock.go(seconds=42)
            assert await statuses(one, 1) == [200]

    run(story())


def test_without_the_queue_the_api_goes_on_and_each_process_counts_for_itself(house, clock):
    async def story():
        house.redis_url = "redis://127.0.0.1:1"  # nobody is there
        async with process(house) as one, process(house) as other:
            assert await statuses(one, 4) == [200, 200, 200, 429]
            assert await statuses(other, 4) == [200, 200, 200, 429]
            clock.go(minutes=1)
            assert await statuses(one, 1) == [200]

    run(story())


def test_a_key_lifts_the_limits_of_its_scopes_until_it_is_revoked(house, clock):
    async def story():
        reading = {"Authorization": f"Bearer {await a_key(house, 'read')}"}
        async with process(house) as client:
            assert await statuses(client, 10, **reading) == [200] * 10
            last = await client.get(READ, headers=reading)
            assert last.headers["ratelimit-policy"] == '"read";q=100;w=60'
            answers = [await client.post("/api/v1/check", json={}, headers=reading) for _ in range(2)]
            assert [one.status_code for one in answers] == [422, 429], "checking is not in its scopes"
            async with house.ledger("test") as ledger, ledger.reading() as conn:
                assert await keys.revoke(conn, "ana", clock())
            clock.go(seconds=FRESH.total_seconds())
            refused = await client.get(READ, headers=reading)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"].startswith("Bearer ")
            assert refused.headers["content-type"] == "application/problem+json"

    run(story())


@pytest.mark.parametrize("given", ["lotto_", "lotto_" + "a" * 43, "x", "a b c", "é", "lotto_" + "a" * 10_000])
def test_a_key_that_is_none_is_a_401_and_guessing_is_limited_too(house, given):
    async def story():
        async with process(house) as client:
            wrong = {b"Authorization": b"Bearer " + given.encode()}
            answers = [await client.get(READ, headers=wrong) for _ in range(4)]
            assert [one.status_code for one in answers] == [401, 401, 401, 429]

    run(story())


def test_this_machine_is_not_limited_but_whoever_its_proxy_speaks_for_is(house):
    async def story():
        async with process(house, peer="127.0.0.1") as client:
            assert await statuses(client, 5) == [200] * 5
            assert "ratelimit" not in (await client.get(READ)).headers
            behind = {"X-Forwarded-For": f"198.51.100.1, {SOMEBODY}"}
            assert await statuses(client, 4, **behind) == [200, 200, 200, 429]
            other = {"X-Forwarded-For": f"198.51.100.2, {SOMEBODY}"}
            assert await statuses(client, 1, **other) == [429], "what he writes himself makes him nobody else"

    run(story())


@pytest.mark.parametrize(
    ("peer", "told", "who"),
    [
        (SOMEBODY, "", SOMEBODY),
        (SOMEBODY, "198.51.100.1", SOMEBODY),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "127.0.0.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "nonsense, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("::ffff:10.0.0.1", "[2001:db8::1]:4711", "2001:db8::/64"),
        ("10.0.0.1", "127.0.0.1", None),
        ("::1", "", None),
    ],
)
def test_only_hops_of_ours_are_believed(peer, told, who):
    scope = {"client": (peer, 1), "headers": [(b"x-forwarded-for", told.encode())]}
    assert hops.Hops([ip_network("10.0.0.0/8")]).subscriber(scope) == who


@given(st.lists(st.text(st.characters(max_codepoint=255)) | st.ip_addresses().map(str)))
def test_whatever_a_stranger_claims_he_stays_himself(claimed):
    """The hop of ours adds whom it was asked by; what stands left of that is the stranger's own."""
    told = ",".join([*claimed, SOMEBODY]).encode("latin-1")
    scope = {"client": ("10.0.0.1", 1), "headers": [(b"x-forwarded-for", told)]}
    assert hops.Hops([ip_network("10.0.0.0/8")]).subscriber(scope) == SOMEBODY


def test_a_subscriber_with_many_addresses_is_one():
    peers = ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1")
    one, same, other = (hops.Hops([]).subscriber({"client": (peer, 1), "headers": []}) for peer in peers)
    assert one == same != other


def test_a_key_is_shown_once_and_kept_as_its_hash(lotto, database_url):
    code, said, _ = lotto("key", "add", "ana", "--scope", "read", "--scope", "check", "--per-minute", "1000")
    (key,) = re.findall(r"lotto_[A-Za-z0-9_-]{43}", said)
    assert code == 0
    with psycopg.connect(database_url) as conn:
        (row,) = conn.execute("SELECT api_key::text FROM api_key").fetchall()
    assert key[12:] not in row[0]
    listed = lotto("key", "list")[1]
    assert key[:12] in listed
    assert key[:13] not in listed
    assert "read, check" in listed
    assert "1000" in listed
    assert "in force" in listed
    assert lotto("key", "add", "ana")[2].startswith("lotto: There is a key of ana")
    assert lotto("key", "add", "An a")[2].startswith("lotto: “An a” is no name for a key")
    assert lotto("key", "add", "bo", "--scope", "write")[2].startswith("lotto: There is no scope “write”")
    assert lotto("key", "revoke", "ana")[0] == 0
    assert "revoked" in lotto("key", "list")[1]
    assert lotto("key", "revoke", "ana")[2].startswith("lotto: There is no key of ana in force")
