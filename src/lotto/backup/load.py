"""Loading: a new ledger out of an archive, all of it or nothing."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lotto.backup.archive import BadArchive, Manifest, Reader, reading
from lotto.ledger import chain, restored, schema, tables
from lotto.ledger.connection import LedgerError
from lotto.ledger.tables import Table
from lotto.store import Store
from lotto.store.key import digest_of
from lotto.told import Told


@dataclass(frozen=True)
class Loaded:
    """What came of it: what was loaded, what the ledger refers to and the store does not have, and who rests."""

    manifest: Manifest
    missing: tuple[str, ...]
    resting: tuple[str, ...]
    """The accounts that tell people who may have left since."""


def load(url: str, path: Path, environment: str, store: Store, now: datetime, told: Told) -> Loaded:
    """Fills the empty database at `url` from the archive, and brings it to this code's schema, in one transaction.

    Objects that the archive holds are put into the store first: they are the same under their keys wherever they
    come from. `now` is the world's. Raises BadArchive, LedgerError, StoreError.
    """
    from lotto.ledger.migrating import changing  # it takes longer to import than any other command

    with reading(path) as archive:
        manifest = archive.manifest
        if manifest.environment != environment:
            raise LedgerError(f"The archive is {manifest.environment} and this house is {environment}: they never mix.")
        with changing(url) as change:
            if not change.knows(manifest.schema):
                raise LedgerError(
                    f"The archive's schema {manifest.schema} is not known to this Lotto, which goes up to "
                    f"{schema.HEAD}: restore with the version that made it."
                )
            at = schema.version_now(change.conn)
            if at not in ("", manifest.schema):
                raise LedgerError(
                    f"The ledger's schema is {at} and the archive's is {manifest.schema}: "
                    "restore into a new database, which is brought up to date by itself."
                )
            change.to(manifest.schema)
            tables.empty(change.conn, _same(tables.tables(change.conn), manifest), environment)
            if manifest.store.here:
                _objects(archive, store, told)
            for name, saved in manifest.tables.items():
                data = archive.file(f"tables/{name}.copy", saved.sha256)
                rows = tables.fill(change.conn, Table(name, saved.columns), _told(data, name, saved.rows, told))
                if rows != saved.rows:
                    raise BadArchive(f"{name} has {rows} rows and the manifest says {saved.rows}: use another archive.")
            tables.go_on(change.conn, manifest.sequences)
            change.to(schema.HEAD)
            resting = tuple(restored.mark(change.conn, now))
            proof = chain.verify_now(change.conn)
            if proof.wrong:
                raise LedgerError(f"The archive's results do not hold: {proof.wrong}")
            if (proof.count, proof.hash) != (manifest.results, manifest.last_hash):
                raise LedgerError("The archive's chain does not end where its manifest says: use another archive.")
            there = {*asyncio.run(store.list("cards")), *asyncio.run(store.list("raw"))}
            missing = tuple(key for key in archive.objects() if key not in there)
    return Loaded(manifest, missing, resting)


def _same(here: list[Table], manifest: Manifest) -> list[Table]:
    """The tables of this database, which must be those of the archive: the same schema has the same tables."""
    ours = {table.name: frozenset(table.columns) for table in here}
    theirs = {name: frozenset(saved.columns) for name, saved in manifest.tables.items()}
    if ours != theirs:
        odd = min(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))
        raise LedgerError(f"The table {odd} is not the same here and in the archive: restore into a new database.")
    return here


def _objects(archive: Reader, store: Store, told: Told) -> None:
    """Puts the archive's objects into the store; each must be what its key says."""
    total = archive.manifest.store.objects
    with asyncio.Runner() as runner:
        for done, key in enumerate(archive.objects(), 1):
            data = archive.content(f"store/{key}")
            if data is not None:
                if hashlib.sha256(data).hexdigest() != digest_of(key):
                    raise BadArchive(f"store/{key} in the archive is not what was saved: use another archive.")
                media = "image/png" if key.endswith(".png") else "application/octet-stream"
                runner.run(store.put(key, data, media))
            told("store", done, total)


def _told(data: Iterator[bytes], name: str, total: int, told: Told) -> Iterator[bytes]:
    done = 0
    for piece in data:
        yield piece
        done += piece.count(b"\n")
        told(name, min(done, total), total)
    told(name, total, total)
