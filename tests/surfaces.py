"""Surfaces: every place where the API shows the numbers of a draw, and which number it shows there."""

import asyncio
import io
import re
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
from pyarrow import parquet

from lotto.draws.draw import Act, DrawKey, Numbers, Observation
from lotto.draws.lottery import Lottery
from lotto.house import wall_clock
from lotto.ledger.connection import Ledger
from lotto.ledger.record import record
from lotto.ledger.ruling import rule
from lotto.relay.service import Relay
from lotto.streams.connect import connect
from stage import Service, free_port, until

SITE = "https://lotto.example"
NUMBERS: Numbers = {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}
LIMIT = 2.0
"""Seconds that any surface may go on showing a number that was corrected."""

SCOPES = ("lotteries/us_powerball", "collections/us_multi_state", "countries/us")


def _in_json(body: bytes) -> int | None:
    return _first(r'"numbers":\{[^}]*?"bonus":\[(\d+)\]', body)


def _in_words(body: bytes) -> int | None:
    return _first(r"61, Powerball (\d+), Power Play", body)


def _in_csv(body: bytes) -> int | None:
    return _first(r'""bonus"":\[(\d+)\]', body)


def _in_calendar(body: bytes) -> int | None:
    return _first(r"SUMMARY:.*61\\, Powerball (\d+)\\,", body.replace(b"\r\n ", b""))


def _in_parquet(body: bytes) -> int | None:
    if not body.startswith(b"PAR1"):
        return None
    cells = parquet.read_table(io.BytesIO(body)).column("numbers").to_pylist()
    return _first(r'"bonus":\[(\d+)\]', cells[-1].encode()) if cells else None


def _first(pattern: str, body: bytes) -> int | None:
    found = re.search(pattern, body.decode())
    return int(found[1]) if found else None


@dataclass(frozen=True)
class Surface:
    """A place of the API; `shows` reads the bonus ball of the draw in what is answered there."""

    path: str
    shows: Callable[[bytes], int | None]


def surfaces(key: DrawKey) -> list[Surface]:
    """Every surface that shows that draw, the newest of Powerball; live events are heard and not asked for."""
    found = [
        Surface("/api/v1/results/latest", _in_json),
        Surface(f"/api/v1/lotteries/{key.lottery}/draws", _in_json),
        Surface(f"/api/v1/lotteries/{key.lottery}/draws/{key.date}", _in_json),
        Surface(f"/api/v1/lotteries/{key.lottery}/draws/{key.date}/revisions", _in_json),
        Surface(f"/api/v1/search?name=powerball&date={key.date}", _in_json),
    ]
    for scope in SCOPES:
        found += [Surface(f"/api/v1/{scope}/feed.{form}", _in_words) for form in ("atom", "rss", "json")]
        found.append(Surface(f"/api/v1/{scope}/calendar.ics", _in_calendar))
        exported = {"csv": _in_csv, "jsonl": _in_json, "parquet": _in_parquet}
        found += [Surface(f"/api/v1/{scope}/draws.{how}", shows) for how, shows in exported.items()]
    page = f"{SITE}/en/{key.lottery}"
    for url in (page, f"{page}/{key.date}"):
        found += [Surface(f"/api/v1/oembed?url={url}&format={form}", _in_words) for form in ("json", "xml")]
    return found


def newest(game: Lottery, now: datetime) -> DrawKey:
    """The newest draw of a lottery that was held a day ago or longer."""
    *_, (_, key) = game.draws(now - timedelta(days=10), now - timedelta(days=1))
    return key


async def publish(ledger: Ledger, game: Lottery, key: DrawKey, now: datetime) -> None:
    """Has that draw confirmed with the bonus ball 2."""
    at = (game.drawn_at(key) or now).astimezone(UTC) + timedelta(hours=2)
    for source in ("us_texas", "us_ny_data"):
        await record(ledger, game, [Observation(key, source, source, True, NUMBERS, at, "ab" * 32)], now)


async def correct(ledger: Ledger, game: Lottery, key: DrawKey, bonus: int, now: datetime) -> float:
    """Has a person correct the bonus ball; says when that stood, on this machine's monotonic clock."""
    new = {**NUMBERS, "bonus": (bonus,)}
    reason = "Read from the operator's film."
    await rule(ledger, game, key, Act.CORRECT, by="Ana", reason=reason, now=now, choose=lambda _: new)
    return time.monotonic()


async def shown(ports: list[int], places: list[Surface]) -> dict[str, int | None]:
    """What every surface of every process shows now."""
    found = {}
    for port in ports:
        async with _reader(port) as client:
            for place in places:
                answer = await client.get(place.path)
                assert answer.status_code == 200, (place.path, answer.text)
                found[f"{port}{place.path}"] = place.shows(answer.content)
    return found


async def settle(ports: list[int], places: list[Surface], new: int, since: float) -> dict[str, float]:
    """Asks all surfaces of all processes at once until each shows the new number; after how many seconds each did."""
    took: dict[str, float] = {}
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        for port in ports:
            client = await stack.enter_async_context(_reader(port))
            for place in places:
                group.create_task(_settle(client, place, new, since, f"{port}{place.path}", took))
    return took


async def _settle(
    client: httpx2.AsyncClient, place: Surface, new: int, since: float, name: str, took: dict[str, float]
) -> None:
    # An export that is one too many is asked for again, like one that is old.
    while place.shows((await client.get(place.path)).content) != new:
        await asyncio.sleep(0.1)
    took[name] = time.monotonic() - since


def _reader(port: int) -> httpx2.AsyncClient:
    # Nothing is encrypted here; to read every certificate there is takes longer than to read the surfaces.
    return httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, verify=False, timeout=60)


@asynccontextmanager
async def relaying(database_url: str, redis_url: str) -> AsyncIterator[None]:
    """A relay at work while the block runs."""
    async with Ledger(database_url, "relay", None) as ledger, aclosing(connect(redis_url, "relay")) as redis:
        work = asyncio.create_task(Relay(ledger, redis, {"new_result": ("imaker",)}, wall_clock).run())
        try:
            yield
        finally:
            work.cancel()
            await asyncio.wait([work])


@contextmanager
def processes(database_url: str, redis_url: str, folder: Path) -> Iterator[list[int]]:
    """Two processes of the API, on their ports; they are ended with the block."""
    ports = [free_port(), free_port()]
    base = {
        "LOTTO_DATABASE_URL": database_url,
        "LOTTO_REDIS_URL": redis_url,
        "LOTTO_DATA_DIR": str(folder),
        "LOTTO_PUBLIC_URL": SITE,
    }
    started = [Service(["run", "api"], base | {"LOTTO_PORT": str(port)}, folder / f"api-{port}.log") for port in ports]
    try:
        for port in ports:
            until(lambda port=port: _answers(port), f"the API answers on {port}")
        yield ports
    finally:
        for service in started:
            if service.lives:
                service.interrupt()
                service.wait(20)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port)):
            return True
    except OSError:
        return False
