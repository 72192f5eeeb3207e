"""Exports over the API: the file that `lotto export` writes, made while it is read, and let go with its reader."""

import asyncio
import io
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx2
import psycopg
import pytest
from pyarrow import parquet
from structlog.testing import capture_logs

from conftest import run
from lotto.api import exports
from lotto.draws.draw import Draw, DrawKey, Observation, Status
from lotto.house import House, Practice
from lotto.ledger import queries
from lotto.ledger.connection import Connection, Ledger
from lotto.ledger.record import record
from lotto.lines import form
from lotto.lines.line import COLUMNS, Line, line_of
from lotto.serving import serving
from lotto.settings import Settings

NUMBERS = {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}
AT = datetime(2024, 11, 3, 12, tzinfo=UTC)
DRAW = Draw(DrawKey("us_powerball", date(2024, 11, 2)), Status.CONFIRMED, AT, 1, 0, NUMBERS, reason="x" * 2_000)


@pytest.fixture
def house(database_url, redis_url, tmp_path, clock) -> House:
    own = Settings(data_dir=tmp_path, public_url="https://lotto.example")
    return House(own, database_url=database_url, redis_url=redis_url, practice=Practice("http://127.0.0.1:1", clock))


@asynccontextmanager
async def reader(house: House) -> AsyncIterator[httpx2.AsyncClient]:
    """A reader over a real socket."""
    async with (
        house.api() as app,
        serving(app, "127.0.0.1", 0) as port,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", trust_env=False) as client,
    ):
        yield client


async def furnish(house: House) -> list[Line]:
    """Ten draws of Powerball, two sources each; returns their lines."""
    game = house.catalogue.lotteries["us_powerball"]
    since = datetime(2024, 10, 1, tzinfo=UTC)
    keys = [key for _, key in game.draws(since, since + timedelta(days=22))]
    async with house.ledger("test") as ledger:
        for source in ("us_texas", "us_ny_data"):
            said = [
                Observation(key, source, source, True, {**NUMBERS, "bonus": (n % 26 + 1,)}, AT, "ab" * 32)
                for n, key in enumerate(keys, 1)
            ]
            await record(ledger, game, said, AT)
        async with ledger.reading() as conn:
            drawn = queries.all_published(conn, ["us_powerball"], date.min, date.max)
            return [line_of(draw) async for draw in drawn]


def test_an_export_is_every_published_draw_in_each_form_and_scope(house, tmp_path: Path):
    async def story() -> None:
        lines = await furnish(house)
        assert len(lines) >= 9
        async with reader(house) as client:
            for scope in ("lotteries/us_powerball", "collections/us_multi_state", "countries/us"):
                for how in ("csv", "jsonl"):
                    answer = await client.get(f"/{scope}/draws.{how}")
                    assert answer.headers["content-disposition"].endswith(f'.{how}"')
                    path = tmp_path / f"all.{how}"
                    path.write_bytes(answer.content)
                    assert list(form.read(path)) == lines
                answer = await client.get(f"/{scope}/draws.parquet")
                table = parquet.read_table(io.BytesIO(answer.content))
                assert tuple(table.column_names) == COLUMNS
                assert table.column("date").to_pylist() == [line.date for line in lines]
                assert table.column("numbers").to_pylist() == [form.cells(line)[6] for line in lines]
            some = (await client.get(f"/{scope}/draws.jsonl?from={lines[2].date}&to={lines[4].date}")).text
            assert len(some.splitlines()) == 3

    run(story())


def test_who_has_an_export_already_is_told_so_until_a_draw_changes(house):
    async def story() -> None:
        lines = await furnish(house)
        async with reader(house) as client:
            path = "/lotteries/us_powerball/draws.csv"
            tag = (await client.get(path)).headers["etag"]
            with capture_logs() as logged:
                again = await client.get(path, headers={"If-None-Match": tag})
                assert (await client.head(path)).headers["etag"] == tag
            assert [one for one in logged if one["log_level"] != "info"] == []
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
            game = house.catalogue.lotteries["us_powerball"]
            async with house.ledger("test") as ledger:
                for source in ("us_texas", "us_ny_data"):
                    new = {**NUMBERS, "bonus": (26,)}
                    at = AT + timedelta(hours=1)
                    await record(
                        ledger, game, [Observation(lines[0].key, source, source, True, new, at, "ab" * 32)], at
                    )
            changed = await client.get(path, headers={"If-None-Match": tag})
            assert changed.status_code == 200
            assert '""bonus"":[26]' in changed.text

    run(story())


@pytest.mark.parametrize(
    ("query", "words"), [("from=2024-11-02&to=2024-11-01", "before it begins"), ("from=soon", "from: ")]
)
def test_a_span_that_is_none_is_told(house, query, words):
    async def story() -> None:
        async with reader(house) as client:
            answer = await client.get(f"/lotteries/us_powerball/draws.csv?{query}")
            assert (answer.status_code, words in answer.json()["detail"]) == (422, True), answer.text

    run(story())


def test_a_house_without_parquet_says_so_and_what_there_is_instead(house, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    async def story() -> None:
        async with reader(house) as client:
            answer = await client.get("/lotteries/us_powerball/draws.parquet")
            assert (answer.status_code, "csv or jsonl" in answer.json()["detail"]) == (404, True), answer.text

    run(story())


class Endless:
    """A ledger without end, that counts what is read of it."""

    def __init__(self) -> None:
        self.read = 0

    async def __call__(self, *_: object) -> AsyncIterator[Draw]:
        while True:
            self.read += 1
            yield DRAW
            await asyncio.sleep(0)


@pytest.fixture
def endless(monkeypatch) -> Endless:
    found = Endless()
    monkeypatch.setattr(queries, "all_published", found)
    return found


@pytest.fixture
def held(monkeypatch) -> list[None]:
    """The connections outside the pool, one entry for each: the pulse of the ledger has one, and each export."""
    held: list[None] = []
    alone = Ledger.alone

    @asynccontextmanager
    async def counted(self: Ledger) -> AsyncIterator[Connection]:
        async with alone(self) as conn:
            held.append(None)
            try:
                yield conn
            finally:
                held.pop()

    monkeypatch.setattr(Ledger, "alone", counted)
    return held


async def until(true) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("how", ["csv", "jsonl", "parquet"])
def test_an_export_is_made_no_faster_than_it_is_taken_and_ends_with_its_reader(house, endless, held, how):
    async def story() -> None:
        async with reader(house) as client:
            way_in, way_out = await asyncio.open_connection("127.0.0.1", client.base_url.port, limit=1024)
            way_out.write(f"GET /api/v1/countries/us/draws.{how} HTTP/1.1\r\nHost: lotto\r\n\r\n".encode())
            assert b"200" in await way_in.readline()
            way_out.transport.pause_reading()
            if how != "parquet":  # of which a zipped row group of the same draws is small: it never fills the line

                async def stands() -> bool:
                    seen = endless.read
                    await asyncio.sleep(0.3)
                    return seen == endless.read

                async with asyncio.timeout(20):
                    while not await stands():
                        pass
                assert endless.read * 2_000 < 32 << 20, "it stands, with what the sockets hold"
            assert len(held) == 2
            way_out.transport.abort()
            await until(lambda: len(held) == 1)
            seen = endless.read
            await asyncio.sleep(0)
            assert endless.read == seen

    run(story())


def test_no_more_exports_are_under_way_than_the_house_can_bear(house, endless, monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 2)

    async def story() -> None:
        async with reader(house) as client:
            path = "/countries/us/draws.csv"
            async with client.stream("GET", path) as one, client.stream("GET", path) as other:
                assert (one.status_code, other.status_code) == (200, 200)
                answer = await client.get(path)
                assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
                assert "ask again" in answer.json()["detail"]
                assert (await client.get("/results/latest")).status_code == 200

            async def again() -> int:
                async with client.stream("GET", path) as later:
                    return later.status_code

            async with asyncio.timeout(20):
                while await again() != 200:
                    pass

    run(story())


def test_a_part_of_an_export_is_never_taken_for_the_whole(house, monkeypatch):
    async def broken(*_: object) -> AsyncIterator[Draw]:
        for _ in range(1_200):
            yield DRAW
        raise psycopg.OperationalError("the server went away")

    monkeypatch.setattr(queries, "all_published", broken)

    async def story() -> None:
        async with reader(house) as client:
            with pytest.raises(httpx2.RemoteProtocolError):
                await client.get("/lotteries/us_powerball/draws.jsonl")

    run(story())


def test_a_house_that_stops_does_not_wait_for_an_export(house, endless, held):
    async def story() -> None:
        async with reader(house) as client:
            way_in, way_out = await asyncio.open_connection("127.0.0.1", client.base_url.port, limit=1024)
            way_out.write(b"GET /api/v1/countries/us/draws.csv HTTP/1.1\r\nHost: lotto\r\n\r\n")
            assert b"200" in await way_in.readline()
            way_out.transport.pause_reading()
        assert held == []
        way_out.transport.abort()

    run(story())
