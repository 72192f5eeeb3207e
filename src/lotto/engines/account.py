"""The account the engines run under: our own, or an unprivileged one when we are root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lotto.engines.errors import DirectoryUnfit, EngineError

PREFERRED = ("lotto", "nobody")
"""Accounts that root hands new data to; the first that exists. A machine that shares `nobody` can make a `lotto`."""


@dataclass(frozen=True)
class Account:
    """A user and group id, and whether root must step down to them."""

    uid: int
    gid: int
    step_down: bool

    @classmethod
    def for_directory(cls, directory: Path, homes: list[Path]) -> "Account":
        """The account for the engines whose data is in `homes` below `directory`.

        An ordinary user runs them himself. Root hands them to whoever owns the data already, else to the owner
        of the directory if that is a person with an account, else to `lotto` or `nobody`.
        """
        if os.geteuid() != 0:
            return cls._own(homes)
        for home in homes:
            if home.exists() and home.stat().st_uid != 0:
                return cls(home.stat().st_uid, home.stat().st_gid, step_down=True)
        entries = [_entry(directory.stat().st_uid), *map(_entry, PREFERRED)]
        for entry in entries:
            if entry is not None and entry.pw_uid != 0:
                return cls(entry.pw_uid, entry.pw_gid, step_down=True)
        raise EngineError(
            "PostgreSQL does not run as root and there is no account to step down to: "
            "create a system account named lotto, or start Lotto as an ordinary user."
        )

    @classmethod
    def _own(cls, homes: list[Path]) -> "Account":
        uid = os.geteuid()
        for home in homes:
            if home.exists() and home.stat().st_uid != uid:
                raise DirectoryUnfit(
                    f"{home} belongs to user id {home.stat().st_uid} and Lotto runs as {uid}: "
                    "start it as the user who made the data, or as root."
                )
        return cls(uid, os.getegid(), step_down=False)

    def give(self, path: Path) -> None:
        """Hand a file or folder that we have just made over to the account."""
        if self.step_down:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def may_enter(self, folder: Path) -> bool:
        """Whether the account gets through every parent into the folder; asked of the kernel, so lists count too."""
        return not self.step_down or self._succeeds("test", "-x", str(folder))

    def may_run(self, binary: Path) -> bool:
        """Whether the account can execute this binary and load its libraries."""
        return self._succeeds(str(binary), "--version")

    def _succeeds(self, *command: str) -> bool:
        try:
            done = subprocess.run(  # noqa: S603 - our own arguments, no shell
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                cwd="/",
                timeout=30,
                user=self.uid if self.step_down else None,
                group=self.gid if self.step_down else None,
                extra_groups=[] if self.step_down else None,
            )
        except PermissionError:
            return False
        return done.returncode == 0


def _entry(who: int | str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(who) if isinstance(who, int) else pwd.getpwnam(who)
    except KeyError:
        return None
