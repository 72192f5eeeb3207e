"""A mirror: what the API answers, as files that any host can serve.

The files have the shapes of the API's answers. Each is written whole, and only where it says something new, so that a
copying tool carries what changed; `manifest.json` names every file with its hash and is written last.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

import msgspec

from lotto.api import schemas, views
from lotto.api.views import Views
from lotto.catalogue import Catalogue
from lotto.draws.draw import Draw
from lotto.history.files import written
from lotto.ledger import cards, queries
from lotto.ledger.connection import Connection
from lotto.lines.errors import BadExport
from lotto.told import Told

MANIFEST = "manifest.json"


class File(msgspec.Struct):
    """A file of the mirror, as the manifest names it."""

    sha256: str
    size: int


@dataclass
class Mirrored:
    """What a mirror came to: how many files it has, and how many of them were written or taken away now."""

    files: int = 0
    written: int = 0
    removed: int = 0


class Mirror:
    """Writes the mirror of some lotteries into a folder."""

    def __init__(self, folder: Path, catalogue: Catalogue, known: Views, now: datetime) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._views = known
        self._now = now
        self._files: dict[str, File] = {}
        self._written = 0

    async def write(self, conn: Connection, lotteries: Iterable[str], told: Told) -> Mirrored:
        """Writes all of it; files that the manifest of before names and this one does not are taken away."""
        before = await asyncio.to_thread(self._before)
        wanted = list(lotteries)
        every = [views.lottery(self._catalogue.lotteries[name], self._now) for name in wanted]
        self._put("lotteries.json", schemas.Page[schemas.Lottery](items=every, next=None))
        for one in every:
            self._put(f"lotteries/{one.id}.json", one)
        for count, name in enumerate(wanted, 1):
            async for place, page in self._draws(conn, name):
                self._put(place, page)
            told("lotteries", count, len(wanted))
        self._put("results/latest.json", await self._latest(conn, wanted))
        found = [self._views.collection(one) for one in self._catalogue.collections.values()]
        self._put("collections.json", schemas.Page[schemas.Collection](items=found, next=None))
        self._put("index.json", {"lotteries": wanted, "files": sorted([*self._files, MANIFEST])})
        gone = [name for name in before if name not in self._files]
        self._write(MANIFEST, msgspec.json.encode({"files": self._files}, order="sorted"))
        for name in gone:
            (self._folder / name).unlink(missing_ok=True)
        return Mirrored(len(self._files) + 1, self._written, len(gone))

    async def _draws(self, conn: Connection, lottery: str) -> AsyncIterator[tuple[str, schemas.Page[schemas.Draw]]]:
        """A page for each year, newest first; `next` is the address of the year before, beside it."""
        draws = [one async for one in queries.whole(conn, lottery)]
        years = [(year, list(some)) for year, some in groupby(draws, key=lambda one: one.key.date.year)]
        # A draw of New Year's Eve may be held after midnight: a year is that of the key, wherever it stands.
        held: dict[int, list[Draw]] = {}
        for year, some in years:
            held.setdefault(year, []).extend(some)
        ordered = sorted(held, reverse=True)
        for year, older in zip(ordered, [*ordered, None][1:], strict=True):
            pictures = await cards.of(conn, [one.key for one in held[year]])
            yield (
                f"lotteries/{lottery}/draws/{year}.json",
                schemas.Page[schemas.Draw](
                    items=[self._views.draw(one, pictures.get(one.key, ())) for one in held[year]],
                    next=f"{older}.json" if older else None,
                ),
            )

    async def _latest(self, conn: Connection, lotteries: list[str]) -> schemas.Page[schemas.LatestDraw]:
        found = await queries.latest(conn, lotteries)
        pictures = await cards.of(conn, [one.key for one in found])
        items = [self._views.latest(one, pictures.get(one.key, ()), self._now) for one in found]
        return schemas.Page[schemas.LatestDraw](items=items, next=None)

    def _put(self, name: str, said: object) -> None:
        body = msgspec.json.encode(said) if isinstance(said, dict) else said.model_dump_json().encode()  # type: ignore[attr-defined]
        self._files[name] = File(hashlib.sha256(body).hexdigest(), len(body))
        self._write(name, body)

    def _write(self, name: str, body: bytes) -> None:
        path = self._folder / name
        if path.is_file() and path.read_bytes() == body:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadExport(f"{path.parent} cannot be made: {error.strerror or error}.") from None
        with written(path) as file:
            file.write(body)
        self._written += 1

    def _before(self) -> list[str]:
        """The files that the mirror had, as its manifest tells; only such within the folder."""
        path = self._folder / MANIFEST
        if not path.is_file():
            return []
        try:
            names = msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, File]])["files"]
        except (msgspec.MsgspecError, KeyError):
            raise BadExport(f"{path} is no manifest of a mirror: name another folder, or take it away.") from None
        root = self._folder.resolve()
        return [name for name in names if (root / name).resolve().is_relative_to(root)]
