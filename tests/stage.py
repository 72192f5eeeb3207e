"""The stage: a practice world, and the services of a house living in it as processes of their own, to be treated badly.

It knows the services by what they leave behind: rows, stream entries, files. It asks none of their code.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import redis

from audit import Audit
from lotto.engines import Engines
from lotto.house import House, Practice
from lotto.replay.chapters import CHAPTERS
from lotto.replay.clock import WorldClock
from lotto.replay.server import serving
from lotto.replay.world import Play, World
from lotto.settings import Settings

HEARER = {"new_result": "imaker", "image_ready": "publisher"}
"""Who hears which stream."""

LOTTERIES = {
    "Powerball": "us_powerball",
    "Mega Millions": "us_mega_millions",
    "Take 5": "us_ny_take5",
    "Numbers": "us_ny_numbers",
    "Win 4": "us_ny_win4",
    "NY Lotto": "us_ny_lotto",
    "Cash4Life": "us_cash4life",
    "Lotto Texas": "us_tx_lotto",
    "Texas Two Step": "us_tx_two_step",
}
"""What the American games are to the house, but for the time of day."""

SPEAKER = 4_155_002
"""The advisory lock of the relay that speaks."""


def until(true: Callable[[], object], what: str, seconds: float = 60.0) -> None:
    """Waits until that is true, also while a server is away; fails when it does not become so."""
    deadline = time.monotonic() + seconds
    while True:
        with suppress(psycopg.OperationalError, redis.ConnectionError, redis.BusyLoadingError):
            if true():
                return
        assert time.monotonic() < deadline, f"after {seconds:g} s it is still not so that {what}"
        time.sleep(0.03)


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def draw(play: Play) -> str:
    """The text of the draw that is played, as `lottery/date/label`."""
    figure = play.figures[0]
    label = next((word for word in ("Midday", "Evening") if figure.game.endswith(f" {word}")), "")
    lottery = LOTTERIES[figure.game.removesuffix(f" {label}")]
    return "/".join(filter(None, (lottery, figure.date.isoformat(), label.lower())))


@contextmanager
def meanwhile(work: Coroutine[Any, Any, None]) -> Iterator[None]:
    """Does the work on an event loop in another thread while the block runs, then cancels it and sees it end."""
    ready = threading.Event()
    loop: asyncio.AbstractEventLoop
    task: asyncio.Task[Any] | None

    async def cancellable() -> None:
        nonlocal loop, task
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        ready.set()
        with suppress(asyncio.CancelledError):
            await work

    thread = threading.Thread(target=lambda: asyncio.run(cancellable()), name="meanwhile")
    thread.start()
    ready.wait()
    try:
        yield
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(task.cancel)  # type: ignore[union-attr]
        thread.join()


class Service:
    """One process of the house, a group of its own, that writes what it says into a file."""

    def __init__(self, arguments: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        self._before = log.stat().st_size if log.exists() else 0
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LOTTO_")}
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lotto", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=log.parent,
                env=kept | environment,
                process_group=0,
            )

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def said(self) -> str:
        """What it has written so far; not what one before it wrote into the same file."""
        return self.log.read_bytes()[self._before :].decode()

    @property
    def alone(self) -> bool:
        """Whether nobody of its group is left."""
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def freeze(self) -> None:
        """Stops it wherever it is, and returns when it stands still."""
        os.kill(self.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, self.pid, os.WSTOPPED)

    def thaw(self) -> None:
        """Lets it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """Ends it at once, wherever it is."""
        os.kill(self.pid, signal.SIGKILL)
        self._process.wait()

    def interrupt(self) -> None:
        """Asks it and its group to stop, as Ctrl-C does."""
        os.killpg(self.pid, signal.SIGINT)

    def wait(self, seconds: float) -> int:
        """Its exit code; fails when it has not ended within that time."""
        return self._process.wait(seconds)

    def family(self) -> set[int]:
        """It and everyone it brought into the world, down to the last grandchild."""
        family = {self.pid}
        parents = {child: parent for child, parent, _ in _processes()}
        while born := {child for child, parent in parents.items() if parent in family} - family:
            family |= born
        return family


def living(processes: Collection[int]) -> set[int]:
    """Those of the processes that run; one that is dead and not yet buried does not."""
    return {process for process, _, state in _processes() if process in processes and not state.startswith("Z")}


def listening(processes: Collection[int]) -> set[int]:
    """The TCP ports on which these processes take connections, where the system tells."""
    held = set()
    for process in processes:
        for handle in Path(f"/proc/{process}/fd").glob("*"):
            with suppress(FileNotFoundError):
                held.add(str(handle.readlink()))
    ports = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        lines = Path(table).read_text().splitlines()[1:] if Path(table).exists() else []
        for words in map(str.split, lines):
            if words[3] == "0A" and f"socket:[{words[9]}]" in held:
                ports.add(int(words[1].rpartition(":")[2], 16))
    return ports


def _processes() -> list[tuple[int, int, str]]:
    """Every process of the machine, its parent and its state."""
    shown = subprocess.run(["ps", "-e", "-o", "pid=,ppid=,stat="], check=True, capture_output=True, text=True).stdout
    return [(int(process), int(parent), state) for process, parent, state in map(str.split, shown.splitlines())]


class Stage:
    """A world at the beginning of some chapters, and whoever is started on it; all of it ends with the block."""

    def __init__(self, engines: Engines, database_url: str, folder: Path, chapters: str = "bench") -> None:
        assert engines.redis_url
        self.engines = engines
        self.database_url = database_url
        self.redis_url = engines.redis_url
        self.folder = folder
        self.world = World(CHAPTERS[chapters])
        self.clock = WorldClock(self.world.starts_at, folder / "world.json")
        self.port = free_port()
        self.played: list[str] = []
        """Every draw that was played."""
        self.services: dict[str, Service] = {}
        self.environment: dict[str, str] = {}
        """What services started from now on find in their environment beside or over what this stage says."""

    @contextmanager
    def open(self) -> Iterator["Stage"]:
        """The world answers while the block runs; whoever is still there at its end is killed."""
        served = threading.Event()

        async def serve() -> None:
            async with serving(self.world, self.clock) as self.address:
                served.set()
                await asyncio.Event().wait()

        with meanwhile(serve()):
            served.wait()
            try:
                yield self
            finally:
                for service in self.services.values():
                    if service.lives:
                        service.kill()

    @property
    def site(self) -> str:
        """The address of the API, if it is started."""
        return f"http://127.0.0.1:{self.port}"

    def house(self, **settings: Any) -> House:
        """A house on this stage, to run in this very process."""
        return House(
            Settings(data_dir=self.folder, port=self.port, **settings),
            database_url=self.database_url,
            redis_url=self.redis_url,
            practice=Practice(self.address, self.clock.now),
        )

    def start(self, *services: str, named: str = "", port: int | None = None, code: Path | None = None) -> None:
        """Starts these services, or starts them again under the same name; `named` tells two of a kind apart.

        `code` is the folder of another version of the package.
        """
        for service in services:
            name = named or service
            environment = {
                **({"PYTHONPATH": str(code)} if code else {}),
                "LOTTO_DATABASE_URL": self.database_url,
                "LOTTO_REDIS_URL": self.redis_url,
                "LOTTO_STORE_URL": (self.folder / "store").as_uri(),
                "LOTTO_DATA_DIR": str(self.folder),
                "LOTTO_PRACTICE_URL": self.address,
                "LOTTO_PRACTICE_CLOCK": str(self.folder / "world.json"),
                "LOTTO_PORT": str(port or self.port),
                "LOTTO_WORKER": name,
                "LOTTO_RECONCILE_SECONDS": "1",
            }
            self.services[name] = Service(["run", service], environment | self.environment, self.folder / f"{name}.log")

    def until_at_work(self, *names: str) -> None:
        """Waits until these services have said that they are at work, the API that it listens."""
        for name in names:
            said = "listening" if name.startswith("api") else "at work"
            until(lambda name=name, said=said: said in self.services[name].said, f"{name} is {said}")  # type: ignore[misc]

    def stop(self, *names: str) -> None:
        """Asks these services to stop, all at once, and sees that nothing is left of them."""
        for name in names:
            os.kill(self.services[name].pid, signal.SIGTERM)
        for name in names:
            service = self.services.pop(name)
            assert service.wait(10.0) == 0, service.said
            assert service.alone

    def replace(self, service: str) -> None:
        """Kills that service and starts it again."""
        self.services[service].kill()
        self.start(service)

    def replace_engine(self, name: str) -> None:
        """Kills that engine; its keeper starts it again."""
        pid = self.engines.pids[name]
        os.kill(pid, signal.SIGKILL)
        until(lambda: self.engines.pids.get(name, pid) != pid, f"{name} is started again")

    def play(self, count: int = 1) -> list[str]:
        """Lets the next draws come out, one after the other; returns which."""
        for _ in range(count):
            play = self.world.next_play(self.clock.now())
            assert play is not None, "the chapters are over"
            self.clock.jump(play.at)
            self.played.append(draw(play))
        return self.played[-count:]

    def ask(self, question: str, *values: object) -> list[Any]:
        """What the ledger answers: the rows' first columns."""
        with psycopg.connect(self.database_url, autocommit=True) as conn:
            return [row[0] for row in conn.execute(question, values or None)]

    def tell(self, command: str) -> None:
        """Has the ledger do something to itself."""
        with psycopg.connect(self.database_url, autocommit=True) as conn:
            conn.execute(command)

    def count(self, question: str, *values: object) -> int:
        """The one number the ledger answers."""
        (number,) = self.ask(question, *values)
        return int(number)

    @contextmanager
    def broker(self) -> Iterator["redis.Redis"]:
        """A client of the broker."""
        with redis.Redis.from_url(self.redis_url, decode_responses=True, protocol=2) as client:
            yield client

    def unread(self, stream: str) -> int:
        """Entries of the stream that its hearer was never given."""
        with self.broker() as broker:
            return len(broker.xrange(stream, min=f"({self._group(broker, stream)['last-delivered-id']}"))

    def pending(self, stream: str) -> int:
        """Entries of the stream that its hearer was given and has not finished."""
        with self.broker() as broker:
            return int(self._group(broker, stream)["pending"])

    def waiting(self, stream: str) -> int:
        """Entries of the stream that its hearer is not through with."""
        return self.unread(stream) + self.pending(stream)

    def unsaid(self) -> int:
        """Events that no relay has said yet."""
        return self.count("SELECT count(*) FROM outbox WHERE published_at IS NULL")

    def heard_unsaid(self) -> int:
        """Events that were worked off, though the ledger does not know that they were said."""
        return self.count(
            "SELECT count(*) FROM outbox WHERE published_at IS NULL AND event_id IN (SELECT event_id FROM inbox)"
        )

    def position(self) -> int:
        """The number of the event said last."""
        return self.count("SELECT coalesce(max(position), 0) FROM outbox")

    def events(self, stream: str) -> list[tuple[str, str]]:
        """Every event of that stream, its id and its document, as the ledger has it."""
        with psycopg.connect(self.database_url) as conn:
            return conn.execute(
                "SELECT event_id::text, envelope::text FROM outbox WHERE stream = %s ORDER BY position", [stream]
            ).fetchall()

    def entries(self, stream: str) -> list[str]:
        """The ids of the events that lie on the stream, in its order."""
        with self.broker() as broker:
            return [fields["id"] for _, fields in broker.xrange(stream)]

    def speaker(self) -> int | None:
        """PostgreSQL's number of the relay that speaks."""
        found = self.ask(
            """SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted AND database =
                      (SELECT oid FROM pg_database WHERE datname = current_database())""",
            SPEAKER,
        )
        return found[0] if found else None

    def standbys(self) -> int:
        """How many relays ask for their turn."""
        return self.count(
            """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle'
                      AND query LIKE 'SELECT pg_try_advisory_lock%%' AND pid <> coalesce(%s, 0)""",
            self.speaker(),
        )

    def told(self) -> set[str]:
        """The draws of which a result was told."""
        return set(self.ask(f"SELECT {DRAW} FROM outbox WHERE type = 'new_result'"))

    def pictures(self) -> int:
        """How many cards are in the store."""
        return len(list((self.folder / "store" / "cards").rglob("*.png")))

    def posted(self, draw: str) -> bool:
        """Whether a post of that draw stands."""
        return draw in self.ask(f"SELECT {DRAW} FROM post WHERE state = 'sent'")

    def unfinished(self) -> list[str]:
        """What is still on its way, from a draw that is out to the post that stands; nothing when all is quiet."""
        told = self.told()
        left = [f"{draw} is not told" for draw in self.played if draw not in told]
        left += self.ask(
            """SELECT type || ' of ' || lottery || '/' || date || ' is not ' ||
                      CASE WHEN published_at IS NULL THEN 'said' ELSE 'worked off' END
               FROM outbox WHERE published_at IS NULL
                  OR type <> 'card_ready'  -- which nobody hears: who asked looks into the ledger
                     AND event_id NOT IN (SELECT event_id FROM inbox WHERE consumer IN ('imaker', 'publisher'))"""
        )
        left += self.ask("SELECT 'a post is ' || state FROM post WHERE state NOT IN ('sent', 'folded')")
        left += [f"{stream} has entries waiting" for stream in HEARER if self.waiting(stream)]
        return left

    def until_quiet(self, seconds: float = 60.0) -> None:
        """Waits until everything is worked off."""
        left: list[str] = []

        def quiet() -> bool:
            left[:] = self.unfinished()
            return not left

        try:
            until(quiet, "all is worked off", seconds)
        except AssertionError as error:
            logs = "\n".join(f"--- {name}\n{service.said[-1500:]}" for name, service in self.services.items())
            raise AssertionError(f"{error}: {left[:10]}\n{logs}") from None

    def audit(self, api: bool = True) -> list[str]:
        """What is found wrong, in words; with `api`, also what the API shows otherwise."""
        found = Audit(self.database_url, self.folder, self.site if api else None).findings(self.played)
        return [str(one) for one in found]

    def _group(self, broker: "redis.Redis", stream: str) -> dict[str, Any]:
        """How far its hearer is on the stream; at the beginning when the broker knows neither."""
        groups: list[dict[str, Any]] = broker.xinfo_groups(stream) if broker.exists(stream) else []  # type: ignore[assignment]
        beginning = {"last-delivered-id": "0-0", "pending": 0}
        return next((group for group in groups if group["name"] == HEARER[stream]), beginning)


DRAW = "lottery || '/' || date || CASE WHEN label = '' THEN '' ELSE '/' || label END"
"""SQL: the text of a draw."""
