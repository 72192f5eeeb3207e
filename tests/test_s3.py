"""The store in a bucket: what only a server far away, shared and public in part, can do to it."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx2
import psycopg
import pytest
from structlog.testing import capture_logs

from conftest import Servers
from lotto.imaker.png import SIGNATURE
from lotto.ledger.connection import prepare
from lotto.services import Services
from lotto.store import Store, StoreError
from seaweed import KEYS, SECRET, Seaweed, seaweed
from stage import Stage

RACER = """
import asyncio, sys
from lotto.store import Store

async def race(url, writer):
    store = Store.open(url)
    print("ready", flush=True)
    for line in sys.stdin:
        data = bytes([writer]) * 100_000
        print(await store.put(f"raw/{line.strip()}.bin", data, "application/octet-stream"), flush=True)

asyncio.run(race(sys.argv[1], int(sys.argv[2])))
"""


def test_of_eight_racing_processes_one_writes(bucket: Seaweed) -> None:
    url = bucket.url(uuid4().hex)
    command = [sys.executable, "-c", RACER, url]
    racers = [
        subprocess.Popen([*command, str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for n in range(8)
    ]
    try:
        pipes = [(racer.stdin, racer.stdout) for racer in racers if racer.stdin and racer.stdout]
        for _, out in pipes:
            assert out.readline() == "ready\n"
        for n in range(10):
            for said, _ in pipes:
                said.write(f"{n}\n")
                said.flush()
            won = [out.readline() == "True\n" for _, out in pipes]
            assert sum(won) == 1
            kept = asyncio.run(Store.open(url).get(f"raw/{n}.bin"))
            assert kept == bytes([won.index(True)]) * 100_000
    finally:
        for racer in racers:
            with racer:
                racer.kill()


def test_what_was_promised_is_there_after_the_server_was_killed() -> None:
    with seaweed() as server, pytest.MonkeyPatch.context() as environment:
        for name, value in KEYS.items():
            environment.setenv(name, value)
        promised: dict[str, bytes] = {}

        async def write(store: Store, life: int, writer: int) -> None:
            """Writes until the server is gone."""
            for n in range(10_000):
                key, data = f"raw/{life}/{writer}-{n}.bin", f"{life}-{writer}-{n} ".encode() * 3_000
                try:
                    await store.put(key, data, "application/octet-stream")
                except StoreError:
                    return
                promised[key] = data

        async def live(life: int) -> None:
            store, before = Store.open(server.url("kept")), len(promised)
            async with asyncio.TaskGroup() as group:
                for writer in range(4):
                    group.create_task(write(store, life, writer))
                while len(promised) < before + 60:
                    await asyncio.sleep(0.01)
                await asyncio.to_thread(server.kill)

        async def look() -> None:
            store = Store.open(server.url("kept"))
            for key, data in promised.items():
                assert await store.get(key) == data, f"{key} was lost"

        for life in range(3):
            asyncio.run(live(life))
            server.start()
        assert len(promised) >= 180
        asyncio.run(look())


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("AWS_SECRET_ACCESS_KEY", "another secret", "the bucket does not take our secret; correct AWS_SECRET"),
        ("AWS_ACCESS_KEY_ID", "stranger", "the bucket does not know our key; correct AWS_ACCESS_KEY_ID"),
    ],
)
def test_wrong_keys_are_told_in_one_sentence_without_them(
    bucket: Seaweed, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    store = Store.open(bucket.url())

    async def use() -> None:
        for call in (store.put("raw/a", b"x", "text/plain"), store.get("raw/a"), store.list(), store.delete("raw/a")):
            with pytest.raises(StoreError, match=f"^The store could not .*: {sentence}") as refused:
                await call
            assert "\n" not in str(refused.value)
            assert not any(word in str(refused.value) for word in (value, SECRET, "Signature"))

    asyncio.run(use())


def test_a_missing_bucket_is_told_and_never_taken_for_a_missing_object(bucket: Seaweed) -> None:
    store = Store.open(bucket.url(bucket="none-such"))

    async def use() -> None:
        calls = (store.put("raw/a", b"x", "text/plain"), store.get("raw/a"), store.has("raw/a"), store.list())
        for call in (*calls, store.delete("raw/a")):
            with pytest.raises(StoreError, match="there is no such bucket; make it, or correct the store's URL") as one:
                await call
            assert type(one.value) is StoreError

    asyncio.run(use())


def test_the_world_reads_cards_and_nothing_else(bucket: Seaweed) -> None:
    prefix = uuid4().hex
    public = f"{bucket.endpoint}/lotto/{prefix}"
    store = Store.open(bucket.url(prefix), public=public)
    card, page = "cards/ab/abc.png", "raw/ab/abc.page"

    async def write() -> None:
        await store.put(card, b"card", "image/png")
        await store.put(page, b"page", "text/html")

    asyncio.run(write())
    with httpx2.Client(trust_env=False) as world:
        assert world.get(store.public_url(card)).status_code == 403  # until the operator says otherwise
        bucket.publish(prefix)
        found = world.get(store.public_url(card))
        assert (found.content, found.headers["content-type"]) == (b"card", "image/png")
        assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
        for closed in (f"{public}/{page}", f"{bucket.endpoint}/lotto/?prefix={prefix}/cards"):
            assert world.get(closed).status_code == 403
        assert b"abc" not in world.get(f"{public}/cards/").content  # a folder is not listed
        assert world.put(store.public_url(card), content=b"mine").status_code == 403
        assert world.delete(store.public_url(card)).status_code == 403
    assert asyncio.run(store.get(card)) == b"card"


@pytest.fixture
def stage(servers: Servers, bucket: Seaweed, redis_url: str) -> Iterator[Stage]:
    """A stage whose services keep everything in the bucket, where the world may read the cards."""
    prefix = f"house-{uuid4().hex}"
    bucket.publish(prefix)
    name = f"db_{uuid4().hex}"
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name}")
    prepare(servers.database(name), "practice")
    with TemporaryDirectory(prefix="lotto-stage-") as folder:
        stage = Stage(servers.engines, servers.database(name), Path(folder))
        stage.environment = KEYS | {
            "LOTTO_STORE_URL": bucket.url(prefix),
            "LOTTO_STORE_PUBLIC_URL": f"{bucket.endpoint}/lotto/{prefix}",
        }
        with stage.open():
            with capture_logs():
                asyncio.run(Services(stage.house(store_url=stage.environment["LOTTO_STORE_URL"])).load_history())
            yield stage


@pytest.mark.timeout(300)  # a house is started
def test_the_whole_house_lives_on_a_bucket(stage: Stage, bucket: Seaweed) -> None:
    services = ("scraper", "relay", "imaker", "publisher", "api")
    stage.start(*services)
    stage.play(2)
    stage.until_quiet(120.0)
    public = stage.environment["LOTTO_STORE_PUBLIC_URL"]
    with httpx2.Client(trust_env=False) as world:
        for draw in stage.played:
            lottery, _, place = draw.partition("/")
            seen = world.get(f"{stage.site}/api/v1/lotteries/{lottery}/draws/{place}").raise_for_status().json()
            assert {card["format"] for card in seen["cards"]} == {"og", "square"}
            for card in seen["cards"]:
                assert card["url"].startswith(f"{public}/cards/")
                assert world.get(card["url"]).content.startswith(SIGNATURE)
                ours = f"{stage.site}{card['url'].removeprefix(public)}"
                assert world.get(ours).content == world.get(card["url"]).content
            for source in seen["sources"]:
                page = f"raw/{source['sha256'][:2]}/{source['sha256']}.page"
                assert world.get(f"{public}/{page}").status_code == 403
                assert asyncio.run(Store.open(stage.environment["LOTTO_STORE_URL"]).get(page))
        posts = world.get(f"{stage.site}/api/v1/posts").json()["items"]
    assert len(posts) == 2
    assert all(post["image"].startswith(f"{public}/cards/") for post in posts)
    assert len(list((stage.folder / "paper").glob("*.png"))) == 2  # the publisher had its pictures from there
    assert not (stage.folder / "store").exists()
    assert not any(SECRET in service.said for service in stage.services.values())
    stage.stop(*services)
