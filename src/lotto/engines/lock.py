"""The lock that lets one process at a time keep engines in a directory, and what its holder tells in it."""

import errno
import fcntl
import os
import stat
import time
from pathlib import Path

from lotto.engines.errors import DirectoryInUse, DirectoryUnfit
from lotto.engines.files import open_private

NAME = "engines.lock"

MOMENT = 0.5
"""Seconds that taking it goes on trying: whoever only looks holds it for an instant."""


class DirectoryLock:
    """An flock on a file in the directory: the kernel lets go of it when its holder dies, however it dies.

    The descriptor is not inherited by the engines, so a surviving engine never holds the lock for a dead parent.
    The file holds the holder's process id and what it tells, and only its owner may read it; it is worth something
    only while the lock is held.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._path = directory / NAME
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take it now, or raise `DirectoryInUse` with the process id of the holder."""
        descriptor = open_private(self._path, os.O_RDWR)
        deadline = time.monotonic() + MOMENT
        while not _locked(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                pid = os.pread(descriptor, 20, 0).decode().partition("\n")[0]
                holder = f"process {pid}" if pid else "a process that is just starting"
                os.close(descriptor)
                raise DirectoryInUse(
                    f"The directory {self._directory} is in use by {holder}: "
                    "stop that one first, or give this one another data directory (LOTTO_DATA_DIR)."
                )
            time.sleep(0.02)
        os.fchmod(descriptor, 0o600)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def tell(self, words: str) -> None:
        """Leave one line for whoever asks `told` while the lock is held."""
        if self._descriptor is None:
            raise RuntimeError("Only the holder of the lock tells something in it.")
        os.pwrite(self._descriptor, f"{os.getpid()}\n{words}\n".encode(), 0)

    def release(self) -> None:
        """Let go; the file stays, since removing it would let two processes lock two files of one name."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def told(directory: Path) -> str | None:
    """What the living holder of the directory's lock tells there; None when nobody holds it.

    Raises DirectoryInUse when the holder is only starting or stopping, and DirectoryUnfit when the file is not for us.
    """
    path = directory / NAME
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.ELOOP):
            raise
        raise DirectoryUnfit(
            f"{path} may not be read ({error.strerror}): look as the user who runs the house, or as root."
        ) from error
    try:
        if _locked(descriptor, fcntl.LOCK_SH):
            return None
        facts = os.fstat(descriptor)
        # It names a server that will be believed: nobody else may have put it there, and nobody else may read it.
        if facts.st_uid not in (os.geteuid(), directory.stat().st_uid) or stat.S_IMODE(facts.st_mode) & 0o077:
            raise DirectoryUnfit(f"{path} is not a private file of ours: see who else writes to {directory}.")
        pid, _, words = os.pread(descriptor, 65536, 0).decode().partition("\n")
    finally:
        os.close(descriptor)
    if not words.endswith("\n"):
        holder = f"Process {pid}" if pid else "A process"
        raise DirectoryInUse(f"{holder} is just starting or stopping in {directory}: ask again in a moment.")
    return words.strip()


def _locked(descriptor: int, how: int) -> bool:
    """Whether the lock is ours now."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
