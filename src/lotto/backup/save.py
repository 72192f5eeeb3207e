"""Saving: one moment of the ledger into one archive, while the house goes on."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from lotto.backup.archive import FORMAT, STORE, Kept, Manifest, Rows, Writer, writing
from lotto.ledger import tables
from lotto.store import NotInStore, Store
from lotto.store.key import digest_of, place
from lotto.told import Told

T = TypeVar("T")


def save(url: str, path: Path, made_at: datetime, told: Told, store: Store | None = None) -> Manifest:
    """Writes the ledger at `url` into a new archive; with a store, its objects as well.

    Raises BadArchive, LedgerError, StoreError.
    """
    with writing(path) as archive:
        with tables.snapshot(url) as conn:
            mark = tables.mark(conn)
            saved: dict[str, Rows] = {}
            for table in tables.tables(conn):
                counting = _Counting(table.name, tables.count(conn, table), told)
                digest = archive.file(f"tables/{table.name}.copy", counting.each(tables.rows(conn, table)))
                saved[table.name] = Rows(table.columns, counting.done, digest)
            numbers = tables.sequences(conn)
            keys = _Counting("list of the store", 0, told)
            names = keys.each(tables.kept(conn, _page))
            listed = archive.file(STORE, (f"{digest_of(key)}  {key}\n".encode() for key in names))
            if store is not None:
                _objects(archive, store, tables.kept(conn, _page), keys.done, told)
        manifest = Manifest(
            FORMAT,
            made_at,
            mark.schema,
            mark.environment,
            mark.count,
            mark.hash,
            saved,
            numbers,
            Kept(keys.done, listed, store is not None),
        )
        archive.close(manifest)
    return manifest


def _page(digest: str) -> str:
    """Where the scraper keeps a page of that hash."""
    return place("raw", digest, "page")


def _objects(archive: Writer, store: Store, keys: Iterator[str], total: int, told: Told) -> None:
    """The objects themselves, one at a time; what the store has lost cannot be saved, and restoring tells of it."""
    counting = _Counting("store", total, told)
    with asyncio.Runner() as runner:
        for key in counting.each(keys):
            try:
                data = runner.run(store.get(key))
            except NotInStore:
                continue
            archive.file(f"store/{key}", [data])


class _Counting:
    """Counts what passes, and tells of it now and then."""

    def __init__(self, name: str, total: int, told: Told) -> None:
        self._name, self._total, self._told = name, total, told
        self.done = 0

    def each(self, things: Iterator[T]) -> Iterator[T]:
        for thing in things:
            self.done += 1
            if self.done % 1000 == 0:
                self._told(self._name, self.done, self._total)
            yield thing
        self._told(self._name, self.done, max(self._total, self.done))
