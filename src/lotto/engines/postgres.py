"""PostgreSQL, kept as a child: every committed row is on the disk."""

import os
import shutil
import signal
import tempfile
from pathlib import Path
from urllib.parse import quote

import psycopg

from lotto.engines.account import Account
from lotto.engines.engine import Engine
from lotto.engines.errors import DirectoryUnfit, EngineDied
from lotto.engines.files import open_private, password
from lotto.engines.process import Farewell, spawn
from lotto.engines.wheel import POSTGRES

MAJOR = "18"

ACCESS = "# Only the role lotto, only by the unix socket, only with its password.\nlocal all lotto scram-sha-256\n"

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    # Named although they are the defaults: our promise rests on them, whatever a postgresql.conf may say.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


class Postgres(Engine):
    """A PostgreSQL server on a unix socket with a database `lotto`; data in `postgres/`.

    The role `lotto` owns the database and may make others, but is no superuser; no superuser can log in at all.
    """

    name = "postgres"
    wheel = POSTGRES
    socket = ".s.PGSQL.5432"
    dies_with = signal.SIGINT
    farewell: Farewell = ((signal.SIGINT, 4.0), (signal.SIGQUIT, 1.0))

    def __init__(self, directory: Path, account: Account, libraries: Path | None = None) -> None:
        super().__init__(directory, account, libraries)
        self._password = ""

    @property
    def url(self) -> str:
        """An address for psycopg and anything else on libpq."""
        return f"postgresql://lotto:{self._password}@/lotto?host={quote(str(self._sockets), safe='')}&port=5432"

    def _make(self) -> None:
        for unfinished in self._directory.glob("postgres.new-*"):
            shutil.rmtree(unfinished)
        if not self.home.exists():
            self._initialise()
        version = self.home / "PG_VERSION"
        made_by = version.read_text().strip() if version.exists() else "nothing known"
        if made_by != MAJOR:
            raise DirectoryUnfit(
                f"The data in {self.home} was made by PostgreSQL {made_by} and this is PostgreSQL {MAJOR}: "
                "dump it with the old version and load it into a new directory, or set LOTTO_DATABASE_URL."
            )
        self._password = password(self.home / "lotto.password")

    def _initialise(self) -> None:
        """Make the database beside its home and move it there when it is whole: killed half-way, nothing is left."""
        new = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=self._directory))
        self._account.give(new)
        self._run(
            [
                str(self._binary.with_name("initdb")),
                f"--pgdata={new}",
                "--username=postgres",
                "--auth=reject",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
            ],
            new,
        )
        with os.fdopen(open_private(new / "pg_hba.conf", os.O_WRONLY | os.O_TRUNC), "w") as access:
            access.write(ACCESS)
            access.flush()
            os.fsync(access.fileno())
        # Single-user mode needs no password, so the superuser never has one.
        secret = password(new / "lotto.password")
        self._run(
            [
                str(self._binary),
                "--single",
                "-D",
                str(new),
                "-c",
                "exit_on_error=on",
                "-c",
                "log_min_error_statement=panic",
                "-c",
                "log_checkpoints=off",
                "postgres",
            ],
            new,
            f"CREATE ROLE lotto LOGIN CREATEDB PASSWORD '{secret}'\nCREATE DATABASE lotto OWNER lotto\n",
        )
        new.rename(self.home)
        descriptor = os.open(self._directory, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)

    def _mark(self) -> str:
        return f"-D {self.home} "

    def _pid_files(self) -> list[Path]:
        return [self.home / "postmaster.pid", self._sockets / f"{self.socket}.lock"]

    def _run(self, command: list[str], home: Path, words: str = "") -> None:
        status = spawn(command, self._account, home, self.log, signal.SIGKILL, words).wait()
        if status != 0:
            raise EngineDied(
                f"{Path(command[0]).name} ended with status {status}; "
                f"its log {self.log.path} ends: {self.log.last_line()}"
            )

    def _command(self) -> tuple[list[str], str]:
        settings = {**SETTINGS, "unix_socket_directories": str(self._sockets)}
        arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self._binary), "-D", str(self.home), *arguments], ""

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True
