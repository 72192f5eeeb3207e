"""A folder of write-once files that outlive a kill and a power cut: each is whole, or not there at all.

obstore's own local store puts a finished file in its place, too, but never asks the disk to keep it. After a power cut
an object could stand under its final name empty, and a write-once store would never write it again.
"""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from lotto.store.errors import StoreError

_STAGING = ".incoming"
_ABANDONED = 3600.0


class Folder:
    """Files below `root`, which is made if it is missing. Any number of processes may use it at once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._staging = root / _STAGING
        try:
            self._staging.mkdir(parents=True, exist_ok=True)
            self._sweep()
        except OSError as error:
            raise StoreError(
                f"The store's folder {root} cannot be written to ({error.strerror}); "
                "let this user write there, or give the store another folder."
            ) from error

    def write(self, key: str, data: bytes) -> bool:
        """Writes the file if there is none and returns when the disk has it; False when it was there before.

        The bytes are on the disk before they get their name, and a hard link never replaces a file. Raises OSError.
        """
        place = self._root / key
        written = not place.is_file() and self._place(data, place)
        for folder in place.parents:
            _sync(folder)
            if folder == self._root:
                break
        return written

    def _place(self, data: bytes, place: Path) -> bool:
        """Gives the bytes their name, unless another writer was faster."""
        staged = self._stage(data)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            return _name(staged, place)
        finally:
            staged.unlink()

    def _stage(self, data: bytes) -> Path:
        """The bytes in a file that has no name of its own yet."""
        staged = self._staging / token_hex(16)
        with staged.open("xb") as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                staged.unlink()
                raise
        return staged

    def _sweep(self) -> None:
        """Removes what writers left that were killed: by the disk's own clock, and proving that we may write here."""
        probe = self._stage(b"")
        now = probe.stat().st_mtime
        probe.unlink()
        for left in self._staging.iterdir():
            with suppress(FileNotFoundError):  # another process has just finished with it
                if left.stat().st_mtime < now - _ABANDONED:
                    left.unlink()


def _name(staged: Path, place: Path) -> bool:
    try:
        place.hardlink_to(staged)
    except FileExistsError:
        if not place.is_file():
            raise
        return False
    return True


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
