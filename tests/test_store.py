"""The store: written once, whole or not at all, and nothing outside of it; in a folder and in a bucket alike."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotto.store import BadKey, NotInStore, Store, StoreError, address
from seaweed import Seaweed

KEYS = st.from_regex(r"[a-z0-9_-][a-z0-9._-]{0,20}(/[a-z0-9_-][a-z0-9._-]{0,20}){0,3}", fullmatch=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a new place" / "store"


@pytest.fixture
def store(folder: Path) -> Store:
    return Store.open(folder.as_uri())


@pytest.fixture(params=["folder", "bucket"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Tells the URL of another empty store whenever it is asked: a folder of its own, or a prefix of a real bucket."""
    if request.param == "folder":
        return lambda: (tmp_path / "a new place" / uuid4().hex).as_uri()
    server: Seaweed = request.getfixturevalue("bucket")
    return lambda: server.url(f"a/{uuid4().hex}")


@pytest.fixture
def url(fresh: Callable[[], str]) -> str:
    """The URL of an empty store of either kind."""
    return fresh()


def test_the_same_bytes_belong_in_the_same_place() -> None:
    digest = sha256(b"card").hexdigest()
    assert address("cards", b"card", "png") == f"cards/{digest[:2]}/{digest}.png"
    assert address("raw", b"card", "html") == f"raw/{digest[:2]}/{digest}.html"
    assert address("cards", b"other", "png") != address("cards", b"card", "png")


def test_an_object_is_written_once_and_never_changed(url: str) -> None:
    async def use() -> None:
        store = Store.open(url)
        key = address("cards", b"card", "png")
        assert not await store.has(key)
        assert await store.put(key, b"card", "image/png")
        assert not await store.put(key, b"another", "image/png")
        assert await store.get(key) == b"card"
        assert await store.has(key)

    asyncio.run(use())


# The disk takes its time; and each example asks the fixture for a store of its own.
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(KEYS, st.binary(max_size=10_000))
def test_what_is_put_is_what_one_gets(fresh: Callable[[], str], key: str, data: bytes) -> None:
    async def use(url: str) -> None:
        assert await Store.open(url).put(key, data, "application/octet-stream")
        again = Store.open(url)
        assert await again.get(key) == data
        assert await again.list() == (key,)
        await again.delete(key)
        assert await again.list() == ()
        assert not await again.has(key)

    asyncio.run(use(fresh()))


def test_of_eight_racing_writers_one_writes(url: str) -> None:
    async def race(store: Store, n: int) -> None:
        data = [bytes([writer]) * 50_000 for writer in range(8)]
        won = await asyncio.gather(*(store.put(f"raw/{n}.bin", each, "application/octet-stream") for each in data))
        assert sum(won) == 1
        assert await store.get(f"raw/{n}.bin") == data[won.index(True)]

    async def races() -> None:
        store = Store.open(url)
        for n in range(20 if url.startswith("file:") else 5):  # a bucket takes its time over a quarrel
            await race(store, n)

    asyncio.run(races())


WRITER = """
import asyncio, hashlib, itertools, sys
from lotto.store import Store, address

async def write(url, start):
    store = Store.open(url)
    for n in itertools.count(start):
        data = hashlib.sha256(str(n).encode()).digest() * 20_000
        key = address("raw", data, "bin")
        await store.put(key, data, "application/octet-stream")
        print(key, flush=True)

asyncio.run(write(sys.argv[1], int(sys.argv[2])))
"""


def test_what_a_killed_writer_was_promised_is_there_and_whole(url: str) -> None:
    promised: list[str] = []
    for life in range(3):
        command = [sys.executable, "-c", WRITER, url, str(life * 1_000_000)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            promised += [writer.stdout.readline().strip() for _ in range(10)]
            writer.send_signal(signal.SIGKILL)
            promised += writer.stdout.read().split("\n")[:-1]

    async def use() -> None:
        store = Store.open(url)
        kept = await store.list()
        assert len(promised) >= 30
        assert set(promised) <= set(kept)
        for key in kept:
            assert address("raw", await store.get(key), "bin") == key

    asyncio.run(use())


STRUCK_DOWN = """
import asyncio, resource, signal, sys
from lotto.store import Store

store = Store.open(sys.argv[1])
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # the system kills who writes more
asyncio.run(store.put("cards/ab/abc.png", bytes(300_000), "image/png"))
"""


def test_a_writer_killed_in_the_middle_of_an_object_leaves_none(folder: Path, store: Store) -> None:
    struck = subprocess.run([sys.executable, "-c", STRUCK_DOWN, folder.as_uri()], check=False)
    assert struck.returncode == -signal.SIGXFSZ
    assert [one.stat().st_size for one in folder.rglob("*") if one.is_file()] == [100_000]  # it was in the middle

    async def use() -> None:
        assert await store.list() == ()
        assert not await store.has("cards/ab/abc.png")
        assert await store.put("cards/ab/abc.png", bytes(300_000), "image/png")
        assert await store.get("cards/ab/abc.png") == bytes(300_000)

    asyncio.run(use())


def test_bytes_are_on_the_disk_before_they_have_a_name(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int | str] = []
    sync, link = os.fsync, os.link

    def noted_sync(handle: int) -> None:
        steps.append(os.fstat(handle).st_ino)
        sync(handle)

    def noted_link(src: Path, dst: Path) -> None:
        steps.append("named")
        link(src, dst)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(os, "link", noted_link)
    asyncio.run(store.put("cards/ab/abc.png", b"card", "image/png"))
    places = [folder / "cards/ab/abc.png", folder / "cards/ab", folder / "cards", folder]
    content, *folders = [place.stat().st_ino for place in places]
    assert steps == [content, "named", *folders]


def test_what_killed_writers_left_is_not_an_object_and_is_swept(folder: Path, store: Store) -> None:
    old, new = (folder / ".incoming" / name for name in ("0" * 32, "1" * 32))
    for left in (old, new):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert asyncio.run(store.list()) == ()
    again = Store.open(folder.as_uri())
    assert asyncio.run(again.list()) == ()
    assert [one.name for one in (folder / ".incoming").iterdir()] == ["1" * 32]


def test_a_written_object_leaves_nothing_beside_itself(folder: Path, store: Store) -> None:
    asyncio.run(store.put("cards/ab/abc.png", b"card", "image/png"))
    asyncio.run(store.put("cards/ab/abc.png", b"card", "image/png"))
    assert [str(one.relative_to(folder)) for one in sorted(folder.rglob("*")) if one.is_file()] == ["cards/ab/abc.png"]


def test_what_is_not_there_is_said_so(url: str) -> None:
    async def use() -> None:
        store = Store.open(url)
        with pytest.raises(NotInStore, match=r"^cards/ab/abc\.png is not in the store\.$"):
            await store.get("cards/ab/abc.png")
        assert not await store.has("cards/ab/abc.png")
        assert await store.list("cards") == ()
        await store.delete("cards/ab/abc.png")  # as it should be already

    asyncio.run(use())


def test_keys_are_listed_by_whole_segments_and_in_order(url: str) -> None:
    async def use() -> None:
        store = Store.open(url)
        for key in ("raw/cd/2.html", "cards/ab/2.png", "cards/ab/1.png", "cards/abc/3.png"):
            await store.put(key, b"x", "text/plain")
        assert await store.list("cards") == ("cards/ab/1.png", "cards/ab/2.png", "cards/abc/3.png")
        assert await store.list("cards/ab") == ("cards/ab/1.png", "cards/ab/2.png")
        assert len(await store.list()) == 4

    asyncio.run(use())


BAD_KEYS = [
    "",
    "/",
    "/etc/passwd",
    "..",
    "../other",
    "cards/../../etc/passwd",
    "cards/..",
    "cards/./a",
    "cards//a",
    "cards/",
    ".incoming/a",
    "cards/.hidden",
    "Cards/A.png",
    "cards/a b",
    "cards/a\n",
    "cards/a\x00b",
    "cards\\a",
    "cards/ñ",
    "cards/%2e%2e",
    "cards/a#1",
    "cards/a?b",
    "c:",
    "a" * 201,
    "a/" * 300 + "a",
]


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_bad_key_is_refused_with_a_sentence_everywhere(key: str, store: Store, folder: Path) -> None:
    async def use() -> None:
        for call in (store.put(key, b"x", "text/plain"), store.get(key), store.has(key), store.delete(key)):
            with pytest.raises(BadKey, match="is not a key; write it like"):
                await call
        if key:
            with pytest.raises(BadKey):
                await store.list(key)
        with pytest.raises(BadKey):
            store.public_url(key)

    asyncio.run(use())
    assert [one for one in folder.rglob("*") if one.is_file()] == []


def test_a_key_that_is_another_objects_folder_is_an_error_and_not_there_before(store: Store) -> None:
    async def use() -> None:
        await store.put("cards/ab", b"x", "text/plain")
        for key in ("cards", "cards/ab/abc.png"):
            with pytest.raises(StoreError, match=f"could not write {key}: "):
                await store.put(key, b"y", "text/plain")

    asyncio.run(use())


def test_a_card_has_a_public_address_and_a_raw_page_has_none(folder: Path) -> None:
    assert Store.open(folder.as_uri()).public_url("cards/ab/abc.png") == "/cards/ab/abc.png"
    elsewhere = Store.open(folder.as_uri(), public="https://lotto.example/")
    assert elsewhere.public_url("cards/ab/abc.png") == "https://lotto.example/cards/ab/abc.png"
    with pytest.raises(StoreError, match="no public address"):
        elsewhere.public_url("raw/ab/abc.html")


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(
        StoreError, match=r"folder .*/file/store cannot be written to \(Not a directory\); let this user"
    ):
        Store.open((tmp_path / "file" / "store").as_uri())


@pytest.mark.parametrize(
    "url",
    [
        "",
        "store",
        "/var/lib/store",
        "file:store",
        "file://elsewhere/store",
        "http://s3.example/bucket",
        "s3://",
        "s3:///prefix",
        "s3://key:secret@bucket/prefix",
        "s3://bucket?endpont=https://s3.example",
    ],
)
def test_a_url_that_leads_to_no_store_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(StoreError, match=r"The store's URL .*\.$") as refused:
        Store.open(url)
    assert "secret" not in str(refused.value)


def test_a_bucket_is_opened_by_its_url() -> None:
    store = Store.open(
        "s3://bucket/some/prefix?endpoint=http://127.0.0.1:9000&region=eu-1", public="https://cdn.example"
    )
    assert store.public_url("cards/ab/abc.png") == "https://cdn.example/cards/ab/abc.png"
