"""Valkey, kept as a child: every acknowledged write is on the disk."""

import os
import signal
from pathlib import Path
from urllib.parse import quote

import redis

from lotto.engines.account import Account
from lotto.engines.engine import Engine
from lotto.engines.files import password
from lotto.engines.wheel import VALKEY


class Valkey(Engine):
    """A Valkey server on a unix socket that asks for a password; data in `valkey/`."""

    name = "valkey"
    wheel = VALKEY
    socket = "valkey.sock"
    dies_with = signal.SIGTERM
    farewell = ((signal.SIGTERM, 3.0),)

    def __init__(self, directory: Path, account: Account, libraries: Path | None = None) -> None:
        super().__init__(directory, account, libraries)
        self._password = ""

    @property
    def url(self) -> str:
        """An address for redis-py."""
        return f"unix://:{self._password}@{quote(str(self._sockets / self.socket))}?db=0"

    def _make(self) -> None:
        self.home.mkdir(mode=0o700, exist_ok=True)
        self._account.give(self.home)
        self._password = password(self.home / "lotto.password")

    def _mark(self) -> str:
        return f"--dir {self.home} "

    def _pid_files(self) -> list[Path]:
        return [self.home / "valkey.pid"]

    def _command(self) -> tuple[list[str], str]:
        # The home stands on the command line, as the mark of a server left behind; the password must not.
        options = {
            "dir": str(self.home),
            "pidfile": str(self.home / "valkey.pid"),
            "unixsocket": str(self._sockets / self.socket),
            "unixsocketperm": "700",
            "port": "0",
            "set-proc-title": "no",
            # Written and flushed before the answer: `everysec` lost acknowledged events to a mere process kill.
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        return [str(self._binary), *arguments, "-"], f"requirepass {self._password}\n"

    def _answers(self) -> bool:
        if not os.path.lexists(self._sockets / self.socket):
            return False
        with redis.Redis.from_url(self.url, socket_timeout=2.0, retry=None) as client:
            try:
                return bool(client.ping())
            except (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError):
                return False
