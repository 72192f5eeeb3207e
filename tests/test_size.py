"""Reads cost the same in a large ledger: every statement is run with EXPLAIN, and the pages it touches are counted.

The small ledger is asked by the plans that a large one needs: tables of a few pages have shortcuts of their own.
`make test` compares 1,000 draws with some thousands, `make fuzz` (LOTTO_FUZZ=full) with a million, which takes minutes.
"""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

import flood
from conftest import Clock, drop
from flood import KENO
from lotto.api import lookout
from lotto.asgi import ready
from lotto.house import House
from lotto.settings import Settings

FEW = 1_000
FULL = os.environ.get("LOTTO_FUZZ") == "full"
MANY = 1_000_000 if FULL else 15_000
GROWTH = 2.0

pytestmark = pytest.mark.timeout(3600 if FULL else 300)

NOW = datetime(2025, 3, 1, tzinfo=UTC)
"""Long after the newest draw: what the watch looks back at is some days, however many draws there are."""

PLANS = "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off"

LARGE = "" if FULL else PLANS
"""A million draws are read as PostgreSQL sees fit; of some thousands it may see fit to read all."""

READS = {
    "newest of all": "results/latest",
    "newest of a country": "results/latest?country=us",
    "draws": f"lotteries/{KENO}/draws",
    "many draws": f"lotteries/{KENO}/draws?limit=200",
    "draws of days": f"lotteries/{KENO}/draws?from=2024-11-01&to=2024-11-01",
    "a label": f"lotteries/{KENO}/draws?label=09999700",
    "a weekday": f"lotteries/{KENO}/draws?weekday=fri",
    "a weekday that never comes": "lotteries/us_powerball/draws?weekday=tue&status=partial",
    "a value": f"lotteries/{KENO}/draws?contains=21",
    "values that come together": f"lotteries/{KENO}/draws?contains=21&contains=22&limit=20",
    "values that never do": f"lotteries/{KENO}/draws?contains=1&contains=21",
    "a value of a pool on a weekday": f"lotteries/{KENO}/draws?contains=main:3&weekday=sat&limit=20",
    "confirmed draws": f"lotteries/{KENO}/draws?status=confirmed",
    "held draws": f"lotteries/{KENO}/draws?status=held&limit=5",
    "void draws": f"lotteries/{KENO}/draws?status=void",
    "all at once": f"lotteries/{KENO}/draws?contains=2&status=held&weekday=sat&weekday=fri&label=x&from=2024-01-01",
    "a draw": f"lotteries/{KENO}/draws/2024-11-01/09999600",
    "its revisions": f"lotteries/{KENO}/draws/2024-11-01/09999600/revisions",
    "the steps of a draw": f"lotteries/{KENO}/draws/2024-11-01/09999600/latency",
    "the steps of many draws": f"lotteries/{KENO}/latency",
    "a value anywhere": "search?value=3",
    "a value in a country": "search?value=main:3&country=vn",
    "a day anywhere": "search?date=2024-11-01",
    "a value on a day": "search?value=5&date=2024-11-01",
    "posts": "posts",
    "posts in trouble": "posts?state=failed&state=held&state=unknown&limit=10",
    "sources": "sources",
    "a source": "sources/us_texas",
    "readiness": "/readyz",
}


@dataclass(frozen=True)
class Asked:
    """A statement as the API ran it."""

    sql: str
    params: Any


HEARD: ContextVar[list[Asked] | None] = ContextVar("HEARD", default=None)
"""The statements of the question under way; what the API asks by itself meanwhile is none of them."""


@contextmanager
def listening() -> Iterator[tuple[Context, list[Asked]]]:
    """Every statement that is run in that context."""
    asked: list[Asked] = []
    context = copy_context()
    context.run(HEARD.set, asked)
    execute = psycopg.AsyncCursor.execute

    async def heard(self, query, params=None, **more):
        if (statements := HEARD.get()) is not None:
            statements.append(Asked(query, params))
        return await execute(self, query, params, **more)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(psycopg.AsyncCursor, "execute", heard)
        yield context, asked


@dataclass(frozen=True)
class Size:
    """A ledger of some size, and an API over it."""

    url: str
    ask: Callable[[str], tuple[Any, list[Asked]]]
    """Asks an address; returns the answer and every statement it took."""


@pytest.fixture(scope="module")
def sizes(servers, known, tmp_path_factory) -> Iterator[dict[int, Size]]:
    """A ledger of each size."""
    sources = ["us_texas", *known.lotteries[KENO].sources]
    found = {}
    with (
        psycopg.connect(servers.database_url, autocommit=True) as conn,
        asyncio.Runner() as runner,
        ExitStack() as leaving,
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.setattr(ready, "FRESH", 0.0)  # the ledger is to be asked, however often the same is asked
        # What all sources are up to is looked up once in a while for all who ask: no part of what a read costs.
        patched.setattr(lookout, "FRESH", 3600.0)
        for draws, name in ((FEW, "few"), (MANY, "many")):
            conn.execute(f"CREATE DATABASE {name} TEMPLATE pattern")
            leaving.callback(drop, conn, name)
            url = servers.database(name)
            flood.fill(url, draws, known, sources)
            house = House(
                Settings(data_dir=tmp_path_factory.mktemp(name)), database_url=url, redis_url=servers.redis_url
            )
            house.world = Clock(NOW)
            app = house.api()
            way = httpx2.ASGITransport(app=runner.run(app.__aenter__()))
            leaving.callback(lambda app=app: runner.run(app.__aexit__(None, None, None)))
            client = httpx2.AsyncClient(transport=way, base_url="http://lotto/")
            leaving.callback(lambda client=client: runner.run(client.aclose()))

            def ask(path: str, client: httpx2.AsyncClient = client) -> tuple[Any, list[Asked]]:
                with listening() as (context, statements):
                    answer = runner.run(client.get(_address(path)), context=context)
                assert answer.status_code == 200, answer.text
                return answer.json(), statements

            ask("sources")
            found[draws] = Size(url, ask)
        yield found


def _address(path: str) -> str:
    return path if path.startswith("/") else f"/api/v1/{path}"


def touched(conn: psycopg.Connection, asked: Asked) -> int:
    """How many pages a statement touches, with those that its answer is read from."""
    how = "EXPLAIN (ANALYZE, BUFFERS, SERIALIZE, TIMING OFF, FORMAT JSON) "
    ((found,),) = conn.execute(how + asked.sql, asked.params).fetchall()
    (told,) = found if isinstance(found, list) else json.loads(found)
    kinds = ("Shared Hit Blocks", "Shared Read Blocks", "Temp Read Blocks", "Temp Written Blocks")
    return sum(part.get(kind, 0) for part in (told["Plan"], told.get("Serialization", {})) for kind in kinds)


def cost(url: str, statements: list[Asked], plans: str = "") -> int:
    with psycopg.connect(url, autocommit=True, options=f"-c timezone=UTC {plans}") as conn:
        return sum(touched(conn, one) for one in statements)


@pytest.mark.parametrize("path", READS.values(), ids=READS.keys())
def test_a_read_touches_as_much_of_a_small_ledger_as_of_a_large_one(sizes, path):
    few, many = sizes[FEW], sizes[MANY]
    (one, statements), (other, others) = few.ask(path), many.ask(path)
    assert statements
    assert [some.sql for some in statements] == [some.sql for some in others], "both are asked the same"
    assert len(one.get("items", ())) == len(other.get("items", ())), "a page of the same length"
    before, after = cost(few.url, statements, PLANS), cost(many.url, others, LARGE)
    assert after <= GROWTH * before, f"{before} pages of {FEW} draws, {after} of {MANY}"


def test_a_read_without_an_index_is_found_out(sizes):
    unindexed = Asked("SELECT body FROM result WHERE body->>'serial' = %s ORDER BY seq DESC LIMIT 50", ["1"])
    assert cost(sizes[MANY].url, [unindexed], LARGE) > GROWTH * cost(sizes[FEW].url, [unindexed], PLANS)


def test_the_way_to_a_page_deep_in_the_past_is_as_short_as_to_the_first(sizes):
    path, costs = f"lotteries/{KENO}/draws?limit=200", []
    while path and len(costs) < 12:
        page, statements = sizes[MANY].ask(path)
        costs.append(cost(sizes[MANY].url, statements, LARGE))
        path = page["next"]
    assert len(costs) > 10
    assert max(costs) <= GROWTH * min(costs)


if FULL:

    def test_an_api_process_over_a_million_draws_stays_small(sizes, servers, tmp_path):
        """Under 250 MB with the full catalogue, after every read was asked again and again, twenty at a time."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        own = {
            "LOTTO_DATABASE_URL": sizes[MANY].url,
            "LOTTO_REDIS_URL": servers.redis_url,
            "LOTTO_DATA_DIR": str(tmp_path),
            "LOTTO_PORT": str(port),
        }

        async def ask_all() -> None:
            limits = httpx2.Limits(max_connections=20)
            async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits) as client:
                for _ in range(1000):
                    with suppress(httpx2.TransportError):
                        if (await client.get("/readyz")).status_code == 200:
                            break
                    await asyncio.sleep(0.1)
                paths = [*READS.values(), "lotteries", "posts?limit=200"] * 20
                answers = await asyncio.gather(*(client.get(_address(path)) for path in paths))
                assert {one.status_code for one in answers} == {200}

        with subprocess.Popen([sys.executable, "-m", "lotto", "run", "api"], env=os.environ | own) as api:
            try:
                asyncio.run(ask_all())
                status = Path(f"/proc/{api.pid}/status").read_text()
            finally:
                api.terminate()
        (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
        assert int(peak) < 250 * 1024, f"{int(peak) // 1024} MB at its largest"
