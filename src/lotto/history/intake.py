"""Importing: recorded pages, or what another house exported, into the ledger: piece by piece, each whole or not at all.

A piece is a page, or a fixed number of lines of an export. Pieces come in an order that depends on them alone, and what
the ledger then says depends on no clock of ours; so an import that was killed and is run again ends in the same chain
as one that was not, and one that is run twice changes nothing.
"""

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from lotto.captures import Capture
from lotto.catalogue import Catalogue
from lotto.draws import prizes
from lotto.draws.draw import DrawKey, Money, Observation, Prize, Seen, Value
from lotto.draws.lottery import Lottery
from lotto.ledger.connection import Ledger
from lotto.ledger.fetches import Fetch
from lotto.ledger.record import load
from lotto.ledger.text import storable
from lotto.lines import form
from lotto.lines.errors import BadExport
from lotto.lines.line import Line
from lotto.scraper.reading import sort
from lotto.scraper.sources.source import Page, Reading, Source, SourceError
from lotto.store import Store, address
from lotto.told import Told

LINES = 1_000
"""Of an export, in one transaction."""

EXPORT = "export"
"""Under which the marks of exports stand, where those of pages name a source."""

UNREAD = 0
"""The version of the reader of what no reader of ours has read: another house tells what it read."""


@dataclass
class Taken:
    """What an import came to."""

    pieces: int = 0
    before: int = 0
    """Pieces that an import had brought before."""
    said: int = 0
    """What was said of our lotteries, in the pieces that were read now."""
    others: int = 0
    """What was said of lotteries that the catalogue does not know."""
    strangers: dict[str, int] = field(default_factory=dict)
    """How much was said by sources that this house does not know, by their names."""
    changed: int = 0
    failed: list[str] = field(default_factory=list)
    """Pages that could not be read, each with why."""


class Intake:
    """Takes history in; `again` reads also what an import has brought before.

    What claims to be seen after `now` is refused: it would make a source's every true word look old.
    """

    def __init__(
        self,
        ledger: Ledger,
        store: Store,
        catalogue: Catalogue,
        sources: Mapping[str, Source],
        told: Told,
        now: datetime,
        *,
        again: bool = False,
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._catalogue = catalogue
        self._sources = sources
        self._told = told
        self._now = now
        self._again = again

    async def pages(self, recorded: Sequence[Capture]) -> Taken:
        """Takes recorded pages in, in the order in which they were fetched; one that cannot be read is told of."""
        taken = Taken()
        ordered = sorted(recorded, key=lambda one: (one.at, one.source, one.url, one.file.as_posix()))
        for one in ordered:
            if one.at > self._now:
                raise BadExport(f"{one.file} is said to be fetched at {one.at.isoformat()}, and that is still to come.")
        for count, one in enumerate(ordered, 1):
            try:
                await self._page(one, taken)
            except SourceError as error:
                taken.failed.append(f"{one.file}: {type(error).__name__}: {error}")
            self._told("pages", count, len(ordered))
        return taken

    async def _page(self, one: Capture, taken: Taken) -> None:
        source = self._sources[one.source]
        body = await asyncio.to_thread(one.file.read_bytes)
        at = one.at.astimezone(UTC)
        page = Page(one.url, body, at)
        yielded = await asyncio.to_thread(lambda: list(source.read(page)))
        digest = hashlib.sha256(body).hexdigest()
        found = sort(self._catalogue, source, (one for one in yielded if isinstance(one, Reading)), digest, at)
        await self._store.put(address("raw", body, "page"), body, "application/octet-stream")
        said = [(self._catalogue.lotteries[name], found.ours[name]) for name in sorted(found.ours)]
        mark = Fetch(source.name, one.url, at, "read", at, None, digest, len(body))
        if await self._load(said, mark, taken):
            taken.others += found.others

    async def export(self, file: Path) -> Taken:
        """Takes in what another house exported: what its sources said, as that house tells it.

        Its verdicts count for nothing. Whose word is official, and which are independent, our own sources tell; the
        evidence is the export itself, which is kept as a page is. Raises BadExport; what was read before stays.
        """
        taken = Taken()
        body = await asyncio.to_thread(_whole, file)
        digest = hashlib.sha256(body).hexdigest()
        await self._store.put(address("raw", body, "page"), body, "application/octet-stream")
        lines = form.read(file)
        total = body.count(b"\n")
        while batch := await asyncio.to_thread(lambda: list(islice(lines, LINES))):
            await self._batch(batch, digest, len(body), taken)
            self._told("lines", min(total, taken.pieces * LINES), total)
        return taken

    async def _batch(self, batch: Sequence[Line], digest: str, size: int, taken: Taken) -> None:
        others = 0
        strangers: dict[str, int] = {}
        said: dict[str, list[Observation]] = {}
        for line in batch:
            if line.lottery not in self._catalogue.lotteries:
                others += 1
                continue
            if (seen_at := _seen_at(line)) > self._now:
                raise BadExport(f"{line.key} is said to be seen at {seen_at.isoformat()}, and that is still to come.")
            for one in _heard(line, self._catalogue.lotteries[line.lottery], self._sources, digest, strangers):
                said.setdefault(line.lottery, []).append(one)
        at = max(_seen_at(line) for line in batch)
        mark = Fetch(EXPORT, f"{digest}#{taken.pieces}", at, "read", at, None, digest, size)
        ours = [(self._catalogue.lotteries[name], said[name]) for name in sorted(said)]
        if await self._load(ours, mark, taken):
            taken.others += others
            for name, count in strangers.items():
                taken.strangers[name] = taken.strangers.get(name, 0) + count

    async def _load(self, said: Sequence[tuple[Lottery, Sequence[Observation]]], mark: Fetch, taken: Taken) -> bool:
        changes = await load(self._ledger, said, mark, again=self._again)
        taken.pieces += 1
        if changes is None:
            taken.before += 1
            return False
        taken.said += sum(len(observations) for _, observations in said)
        taken.changed += len(changes)
        return True


def _whole(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadExport(f"{file} cannot be read: {error.strerror or error}.") from None


def _seen_at(line: Line) -> datetime:
    """When what the line rests on was last seen."""
    return max((one.observed_at for one in line.sources), default=line.drawn_at).astimezone(UTC)


def _heard(
    line: Line, lottery: Lottery, sources: Mapping[str, Source], page: str, strangers: dict[str, int]
) -> Iterator[Observation]:
    """What each source said of the draw. What is told beside the values goes with the first of those that agree."""
    first = True
    beside = _beside(line)
    for one in line.sources:
        source = sources.get(one.source)
        if source is None:
            strangers[one.source] = strangers.get(one.source, 0) + 1
            continue
        bare = Observation(
            key=DrawKey(line.lottery, line.date, storable(line.label)),
            source=one.source,
            origin=source.origin,
            official=source.official,
            numbers=_values(lottery, line.date, one.numbers),
            observed_at=one.observed_at,
            page=page,
            parser=UNREAD,
            objections=tuple(storable(words) for words in one.objections),
            drawn_at=_drawn_at(line, lottery),
        )
        if first and one.agrees:
            first = False
            drawn = _values(lottery, line.date, line.drawn, arranged=False) or None
            bare = replace(bare, **beside | {"drawn": drawn, "objections": (*bare.objections, *beside["objections"])})
        yield bare


def _values(lottery: Lottery, day: date, told: Seen, *, arranged: bool = True) -> Seen:
    """Values that can be stored, in the order in which their pools are kept; the rules judge them."""
    era = lottery.era(day)
    found: dict[str, tuple[Value | None, ...]] = {}
    for name, values in told.items():
        pool = era.pool(name) if era and arranged else None
        kept = tuple(storable(value[:40]) if isinstance(value, str) else value for value in values)
        found[storable(name[:40])] = pool.arranged(kept) if pool else kept
    return found


def _drawn_at(line: Line, lottery: Lottery) -> datetime | None:
    """When it was drawn, unless that is the end of the day, which stands for a time that nobody told."""
    untold = line.drawn_at == datetime.combine(line.date, time(23, 59), lottery.zone)
    return None if untold else line.drawn_at.astimezone(UTC)


def _beside(line: Line) -> dict[str, Any]:
    """Serial, jackpot and prizes; what is no amount is objected to, as on a page."""
    objections: list[str] = []

    def money(told: Money | None) -> Money | None:
        try:
            return prizes.money(str(told.amount), told.currency) if told else None
        except ValueError as error:
            objections.append(f"{storable(str(error))}.")
            return None

    return {
        "serial": storable(line.serial) if line.serial else None,
        "jackpot": money(line.jackpot),
        "prizes": tuple(Prize(storable(one.tier[:40]), one.winners, money(one.amount)) for one in line.prizes),
        "objections": tuple(objections),
    }
