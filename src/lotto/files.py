"""Files that people change while the house is at work."""

from collections.abc import Sequence
from pathlib import Path


def standing(files: Sequence[Path | None]) -> object:
    """How those of these files stand that there are: what was changed since stands otherwise."""
    stats = [(str(file), file.stat()) for file in files if file and file.exists()]
    return [(name, one.st_mtime_ns, one.st_size) for name, one in stats]
