"""Keeps the engines of one data directory: starts them, brings the dead ones back, stops them in order."""

import stat
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from lotto.engines.account import Account
from lotto.engines.engine import Engine
from lotto.engines.errors import DirectoryUnfit, EngineError
from lotto.engines.joined import Joined
from lotto.engines.lock import DirectoryLock
from lotto.engines.postgres import Postgres
from lotto.engines.valkey import Valkey

log = structlog.get_logger()

GLANCE = 0.1
"""Seconds between two looks at the children."""
LONGEST_PAUSE = 30.0
"""Seconds between two tries to bring back an engine that does not come up; the first follow sooner."""


class Engines:
    """PostgreSQL and Valkey as children of this process, from `with` to the end of its block.

    One thread of ours makes and keeps the children, since the kernel ties a child's life to the thread that made it;
    so the block may be entered from any thread, and a killed engine is brought back by itself with the same data and
    address. When this process dies, even by SIGKILL, so do they (Linux; elsewhere the next start ends them first).
    """

    def __init__(
        self, directory: Path, postgres: bool = True, valkey: bool = True, *, libraries: Path | None = None
    ) -> None:
        """Nothing happens yet. `libraries` is the site directory that holds the wheels, if not Python's own."""
        self.directory = directory.absolute()
        self._wanted: list[type[Engine]] = [kind for kind, wanted in ((Postgres, postgres), (Valkey, valkey)) if wanted]
        self._libraries = libraries
        self._lock = DirectoryLock(self.directory)
        self._engines: dict[str, Engine] = {}
        self._keeper: threading.Thread | None = None
        self._started = threading.Event()
        self._stopping = threading.Event()
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Take the directory and start what is asked, once; returns when every engine answers and others may join.

        Raises an `EngineError` with a sentence, and leaves nothing running, when that cannot be.
        """
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            self._lock.take()
        except OSError as error:
            raise DirectoryUnfit(
                f"The data directory {self.directory} cannot be written ({error.strerror}): "
                "choose one that belongs to you (LOTTO_DATA_DIR)."
            ) from error
        try:
            self._keeper = threading.Thread(target=self._keep, name="engines", daemon=True)
            self._keeper.start()
            self._started.wait()
            self._raise_failure()
            self._lock.tell(Joined(self.database_url, self.redis_url).told())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the engines cleanly, by force after a few seconds, and let go of the directory."""
        self._stopping.set()
        if self._keeper is not None:
            self._keeper.join()
        self._lock.release()

    @property
    def database_url(self) -> str | None:
        """PostgreSQL's address, with its password, if it was asked for."""
        return self._engines["postgres"].url if "postgres" in self._engines else None

    @property
    def redis_url(self) -> str | None:
        """Valkey's address, with its password, if it was asked for."""
        return self._engines["valkey"].url if "valkey" in self._engines else None

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of the engines that live, by name."""
        return {name: engine.pid for name, engine in self._engines.items() if engine.pid is not None}

    def check(self) -> None:
        """Raise `EngineDied` if an engine is down at this moment; it may be back at the next."""
        self._raise_failure()
        for engine in self._engines.values():
            engine.check()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _keep(self) -> None:
        with ExitStack() as afterwards:
            afterwards.callback(self._started.set)
            try:
                self._begin(afterwards)
                self._started.set()
                self._watch()
            except BaseException as error:  # noqa: BLE001 - raised again by `start`, which waits for it, and by `check`
                self._failure = error

    def _begin(self, afterwards: ExitStack) -> None:
        account = Account.for_directory(self.directory, [self.directory / kind.name for kind in (Postgres, Valkey)])
        if not account.may_enter(self.directory):
            # Ours to open, and only to pass through: what is in it keeps its own permissions.
            self.directory.chmod(stat.S_IMODE(self.directory.stat().st_mode) | 0o011)
        for folder in reversed([self.directory, *self.directory.parents]):
            if not account.may_enter(folder):
                raise DirectoryUnfit(
                    f"Root runs the engines under user id {account.uid}, which cannot get through {folder} to "
                    f"{self.directory}: choose a data directory outside private folders (LOTTO_DATA_DIR), "
                    "for example in /var/lib."
                )
        for kind in self._wanted:
            engine = kind(self.directory, account, self._libraries)
            engine.prepare()
            self._engines[kind.name] = engine
            afterwards.callback(engine.leave)
            engine.start(self._stopping)

    def _watch(self) -> None:
        pauses = dict.fromkeys(self._engines, 0.0)
        next_try = dict.fromkeys(self._engines, 0.0)
        while not self._stopping.wait(GLANCE):
            for name, engine in self._engines.items():
                engine.log.keep_short()
                if engine.pid is not None or time.monotonic() < next_try[name]:
                    continue
                try:
                    log.warning("An engine died and is started again.", engine=name, why=engine.obituary())
                    engine.start(self._stopping)
                except (EngineError, OSError) as error:
                    pauses[name] = min(LONGEST_PAUSE, 2 * pauses[name] + 1)
                    next_try[name] = time.monotonic() + pauses[name]
                    log.error("An engine does not come up.", engine=name, why=str(error), again_in=pauses[name])
                else:
                    pauses[name] = 0.0
                    log.info("An engine is back.", engine=name, pid=engine.pid)
