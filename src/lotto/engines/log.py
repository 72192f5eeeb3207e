"""The log file of one engine, kept short."""

import os
from pathlib import Path

from lotto.engines.files import open_private

LONGEST = 4 * 1024 * 1024
"""Bytes; a longer log moves to `.old`, so an engine never holds more than about twice this."""


class Log:
    """What an engine writes to its standard output and error, appended over all its lives."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self) -> int:
        """A descriptor to append to; the caller closes it. Only its owner may read the file."""
        return open_private(self.path, os.O_WRONLY | os.O_APPEND)

    def keep_short(self) -> None:
        """Move the contents to `.old` if they are too long.

        The engine goes on writing to the same file, so it is copied and cut rather than renamed; lines written in
        the instant between are lost.
        """
        if not self.path.exists() or self.path.stat().st_size <= LONGEST:
            return
        old = open_private(self.path.with_suffix(".log.old"), os.O_WRONLY | os.O_TRUNC)
        with os.fdopen(open_private(self.path, os.O_RDWR), "r+b") as log, os.fdopen(old, "wb") as kept:
            log.seek(-LONGEST, os.SEEK_END)
            kept.write(log.read())
            log.truncate(0)

    def last_line(self) -> str:
        """The last line that says something, or that there is none."""
        if not self.path.exists():
            return "(nothing)"
        with self.path.open("rb") as log:
            log.seek(max(0, self.path.stat().st_size - 8192))
            lines = [line.strip() for line in log.read().decode(errors="replace").splitlines() if line.strip()]
        return lines[-1] if lines else "(nothing)"
