"""The archive: a zip file that is whole or refused. Every file in it is named in the manifest with its hash.

manifest.json       what it holds, and of which ledger
tables/draw.copy    the rows of a table, as PostgreSQL's COPY writes them
store.sha256        every object of the store that the ledger refers to, as `sha256sum` writes it
store/cards/…       those objects themselves, if they were asked for
"""

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import msgspec

MANIFEST = "manifest.json"
STORE = "store.sha256"
FORMAT = 1
PIECE = 1 << 18
"""Bytes that are handled at once."""


class BadArchive(Exception):
    """The archive cannot be written or used; the message is a sentence."""


class Rows(msgspec.Struct, frozen=True):
    """A table as it lies in the archive."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


class Kept(msgspec.Struct, frozen=True):
    """The store's part: how many objects are named, the hash of their list, and whether they are here themselves."""

    objects: int
    sha256: str
    here: bool


class Manifest(msgspec.Struct, frozen=True):
    """What an archive holds. Tables stand in the order in which they can be filled."""

    format: int
    made_at: datetime
    schema: str
    environment: str
    results: int
    last_hash: str
    tables: dict[str, Rows]
    sequences: dict[str, int]
    store: Kept


class Writer:
    """An archive being written, file by file; the manifest comes last."""

    def __init__(self, zipped: ZipFile) -> None:
        self._zip = zipped

    def file(self, name: str, pieces: Iterable[bytes]) -> str:
        """Writes a file as its pieces come, and returns its SHA-256."""
        digest = hashlib.sha256()
        info = ZipInfo(name)
        info.compress_type = ZIP_DEFLATED
        with self._zip.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        return digest.hexdigest()

    def close(self, manifest: Manifest) -> None:
        """Writes the manifest, without which an archive is none."""
        self.file(MANIFEST, [msgspec.json.format(msgspec.json.encode(manifest))])


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new archive under that name once the block has ended well, readable by its owner alone; nothing before."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise BadArchive(f"{path} is there already: give the archive another name.")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            try:
                with ZipFile(file, "w") as zipped:
                    yield Writer(zipped)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                partial.unlink()
                raise
        partial.rename(path)
    except OSError as error:
        raise BadArchive(f"The archive {path} cannot be written: {error.strerror or error}.") from error


class Reader:
    """An archive that was written to its end."""

    def __init__(self, path: Path, zipped: ZipFile) -> None:
        self._path = path
        self._zip = zipped
        self._names = set(zipped.namelist())
        self.manifest = self._manifest()

    def file(self, name: str, sha256: str) -> Iterator[bytes]:
        """A file piece by piece; raises BadArchive at its end when it is not what the manifest says."""
        digest = hashlib.sha256()
        with self._open(name) as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                yield piece
        if digest.hexdigest() != sha256:
            raise BadArchive(f"{name} in {self._path} is not what was saved: use another archive.")

    def content(self, name: str) -> bytes | None:
        """A small file at once; None when the archive does not have it."""
        if name not in self._names:
            return None
        with self._open(name) as file:
            return file.read()

    def objects(self) -> Iterator[str]:
        """The keys of the store's objects that this ledger refers to."""
        rest = b""
        for piece in self.file(STORE, self.manifest.store.sha256):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                yield line.decode().partition("  ")[2]

    def _manifest(self) -> Manifest:
        if MANIFEST not in self._names:
            raise BadArchive(f"{self._path} is no archive of Lotto: it has no {MANIFEST}.")
        try:
            with self._open(MANIFEST) as file:
                manifest = msgspec.json.decode(file.read(), type=Manifest)
        except msgspec.MsgspecError as error:
            raise BadArchive(f"The {MANIFEST} of {self._path} cannot be read: {error}.") from error
        if manifest.format != FORMAT:
            raise BadArchive(f"{self._path} is of format {manifest.format}, and this Lotto reads {FORMAT}.")
        missing = {f"tables/{name}.copy" for name in manifest.tables} | {STORE}
        if missing - self._names:
            raise BadArchive(f"{min(missing - self._names)} is missing in {self._path}: use another archive.")
        return manifest

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._zip.open(name) as file:
                yield file
        except (BadZipFile, KeyError, zlib.error, EOFError) as error:
            raise BadArchive(f"{name} in {self._path} is damaged: use another archive.") from error


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """The archive at that place; raises BadArchive when it is cut off, damaged, or something else."""
    try:
        with ZipFile(path) as zipped:
            yield Reader(path, zipped)
    except BadZipFile as error:
        raise BadArchive(f"{path} is no whole archive: it was cut off, or is something else.") from error
    except OSError as error:
        raise BadArchive(f"The archive {path} cannot be read: {error.strerror or error}.") from error
