"""What tests of several rooms share: the real engines, a ledger of one's own for each test, and a broker emptied."""

import asyncio
import os
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
import redis as redis_sync
import structlog
from browser import launch
from playwright.sync_api import Browser, expect
from structlog.testing import capture_logs

from known_api import api, ask, built  # noqa: F401 # fixtures of the pages
from lotto import catalogue, cli
from lotto.catalogue import Catalogue
from lotto.commands import terminal
from lotto.engines import Engines
from lotto.house import House, Practice
from lotto.ledger.connection import Environment, Ledger, prepare
from lotto.settings import Settings
from open_house import OpenHouse
from seaweed import KEYS, Seaweed, seaweed
from servers import Homeserver, Relay, relay, synapse
from stage import Stage, free_port

T = TypeVar("T")

RECORDINGS = Path(__file__).parent.parent / os.environ.get("LOTTO_RECORDINGS", "../shared/recordings")
"""Pages as real sources answered; they belong to their publishers, so a clone alone has none."""

if not RECORDINGS.is_dir():
    if os.environ.get("CI") == "true":
        raise RuntimeError(f"CI reads every recording, and there are none at {RECORDINGS}: set LOTTO_RECORDINGS.")
    collect_ignore = ["test_recordings.py", "test_recorded_exchanges.py"]

# Hundreds of processes are started here, and each would compile everything where Python is told to keep no bytecode.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

PATIENCE = 60_000
"""Milliseconds that something may take to appear on a page on a busy machine."""

PRACTISED = ("us_powerball", "us_ny_numbers")
"""The lotteries of the practised ledger: of one draw a day, and of several."""


class Clock:
    """A clock that a test sets; it stands still in between."""

    def __init__(self, at: datetime = datetime(2024, 11, 3, 4, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def go(self, **by: float) -> datetime:
        """Moves on, by hours=1 or the like."""
        self.at += timedelta(**by)
        return self.at


@dataclass(frozen=True)
class Servers:
    """The real servers of this test process."""

    database_url: str
    redis_url: str
    engines: Engines

    def database(self, name: str) -> str:
        """The URL of another database on the same server."""
        parts = urlsplit(self.database_url)
        return urlunsplit(parts._replace(path=f"/{name}"))


@pytest.fixture(autouse=True)
def _log_as_ever() -> Iterator[None]:
    """Whatever a command set up for its log ends with the test."""
    # Not the library's own form: it draws every variable of every frame, for seconds, while the services wait.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and Valkey, started once for this test process, with a migrated database to copy."""
    # Not pytest's own folder: nobody but its owner may enter that, and as root the engines are somebody else.
    with TemporaryDirectory(prefix="lotto-engines-") as folder, Engines(Path(folder)) as engines:
        assert engines.database_url
        assert engines.redis_url
        servers = Servers(engines.database_url, engines.redis_url, engines)
        with psycopg.connect(servers.database_url, autocommit=True) as conn:
            conn.execute("CREATE DATABASE pattern")
        prepare(servers.database("pattern"), "practice")
        yield servers


def drop(conn: psycopg.Connection, name: str) -> None:
    """Drops a database and whoever of ours is still in it; a vacuum of the server's own is waited for."""
    conn.execute(
        """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
           WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()""",
        [name],
    )
    conn.execute(f"DROP DATABASE {name}")


@pytest.fixture
def database_url(servers: Servers, request: pytest.FixtureRequest) -> Iterator[str]:
    """A ledger of the test's own, empty and marked as practice."""
    name = f"test_{abs(hash(request.node.nodeid))}"
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE pattern")
        yield servers.database(name)
        drop(conn, name)


@pytest.fixture
def redis_url(servers: Servers) -> str:
    """The broker, emptied."""
    with redis_sync.from_url(servers.redis_url) as client:
        client.flushall()
    return servers.redis_url


@pytest.fixture(scope="session")
def bucket() -> Iterator[Seaweed]:
    """A real S3 server, started once for this test process, whose keys are in the environment."""
    with seaweed() as server, pytest.MonkeyPatch.context() as environment:
        for name, value in KEYS.items():
            environment.setenv(name, value)
        yield server


@pytest.fixture
def clock() -> Clock:
    """A clock to set."""
    return Clock()


@pytest.fixture(scope="session")
def known() -> Catalogue:
    """The catalogue."""
    return catalogue.load()


@pytest.fixture
def open_ledger(database_url: str) -> Callable[..., Any]:
    """Opens the test's ledger: `async with open_ledger() as ledger`."""

    @asynccontextmanager
    async def opened(name: str = "test", environment: Environment = "practice") -> AsyncIterator[Ledger]:
        async with Ledger(database_url, name, environment) as ledger:
            yield ledger

    return opened


@pytest.fixture(scope="module")
def mortal() -> Iterator[Engines]:
    """Engines of a file's own, for tests that kill them."""
    with TemporaryDirectory(prefix="lotto-house-") as folder, Engines(Path(folder)) as engines:
        yield engines


def new_database(engines: Engines, like: str = "template1") -> str:
    """The URL of a new database on these engines.

    Copied file by file: in a copy made by WAL_LOG, the default, PostgreSQL's sequences go back after a crash.
    """
    name = f"db_{uuid4().hex}"
    assert engines.database_url
    with psycopg.connect(engines.database_url, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY FILE_COPY")
    return urlsplit(engines.database_url)._replace(path=f"/{name}").geturl()


def past(engines: Engines, chapters: str) -> str:
    """The name of a new ledger that holds all that was drawn before those chapters, told to nobody."""

    async def load(stage: Stage) -> None:
        house = stage.house()
        async with house.scraper() as scraper:
            await scraper.backfill(list(house.catalogue.lotteries.values()))

    url = new_database(engines)
    prepare(url, "practice")
    with (
        TemporaryDirectory(prefix="lotto-stage-") as folder,
        Stage(engines, url, Path(folder), chapters).open() as stage,
        capture_logs(),
    ):
        asyncio.run(load(stage))
    return urlsplit(url).path.strip("/")


@pytest.fixture(scope="module")
def history(mortal: Engines) -> str:
    """The name of a ledger that holds all that was drawn before the stage's first chapter."""
    return past(mortal, "bench")


@pytest.fixture
def stage(mortal: Engines, history: str) -> Iterator[Stage]:
    """A stage of the test's own at the beginning of the first chapter, with an empty queue."""
    with TemporaryDirectory(prefix="lotto-stage-") as folder:
        stage = Stage(mortal, new_database(mortal, like=history), Path(folder))
        with stage.broker() as broker:
            broker.flushall()
        with stage.open():
            yield stage


@pytest.fixture(scope="session")
def practised(servers: Servers) -> Iterator[House]:
    """A house of the practice world before its first chapter; the ledger knows what a few lotteries drew until then.

    Its clock stands still and nothing in it is left to chance: the same is told of it in every run.
    """
    with _practising(servers, "https://lotto.example") as (house, _):
        yield house


@contextmanager
def _practising(servers: Servers, address: str) -> Iterator[tuple[House, Clock]]:
    url = new_database(servers.engines, like="pattern")
    with TemporaryDirectory(prefix="lotto-stage-") as folder:
        (key := Path(folder) / "signing.key").touch(0o600)
        key.write_bytes(b64encode(bytes(32)))
        with Stage(servers.engines, url, Path(folder)).open() as stage:
            clock = Clock(stage.world.starts_at)
            house = House(
                Settings(data_dir=Path(folder), public_url=address),
                database_url=url,
                redis_url=servers.redis_url,
                practice=Practice(stage.address, clock),
            )
            with capture_logs():
                asyncio.run(_told(house, PRACTISED))
        yield house, clock
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        drop(conn, urlsplit(url).path.strip("/"))


@pytest.fixture(scope="session")
def open_house(servers: Servers) -> Iterator[OpenHouse]:
    """A house of the practice world whose site can be visited; whoever uses it belongs to the group `browser`."""
    port = free_port()
    with _practising(servers, f"http://127.0.0.1:{port}") as (house, clock):
        yield OpenHouse(house, clock, port)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium, gone before another module begins: as long as it runs no other loop can in its thread."""
    expect.set_options(timeout=PATIENCE)
    with launch() as running:
        yield running


async def _told(house: House, lotteries: Sequence[str]) -> None:
    async with house.scraper() as scraper:
        await scraper.backfill([house.catalogue.lotteries[name] for name in lotteries])


@pytest.fixture
def lotto(
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    redis_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, str, str]]:
    """Runs a command on the test's own servers; returns exit code, standard output and standard error."""
    for name, value in (
        ("LOTTO_DATABASE_URL", database_url),
        ("LOTTO_REDIS_URL", redis_url),
        ("LOTTO_DATA_DIR", str(tmp_path)),
    ):
        monkeypatch.setenv(name, value)

    def run_command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["lotto", *words])
        monkeypatch.setattr(terminal.out, "width", 200)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        code = ended.value.code
        return code if isinstance(code, int) else 0, said.out, said.err

    return run_command


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    """A Matrix homeserver; whoever uses it belongs to the group `networks`."""
    with synapse(tmp_path_factory.mktemp("synapse")) as started:
        yield started


@pytest.fixture(scope="session")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """A Nostr relay that is a process; whoever uses it belongs to the group `networks`."""
    with relay(tmp_path_factory.mktemp("relay")) as started:
        yield started


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs one coroutine to its end."""
    return asyncio.run(work)
