"""Pages of sources: read where they lie, or asked for now and recorded."""

import asyncio
import hashlib
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from lotto import catalogue, wire
from lotto.commands.arguments import day_of, instant_of, lottery_of, source_of
from lotto.commands.terminal import out, progress
from lotto.draws.lottery import Lottery
from lotto.house import House, wall_clock
from lotto.ledger.record import Change
from lotto.place import configured, keeping
from lotto.scraper.reading import sort
from lotto.scraper.service import ALL_TIME, Scraper
from lotto.scraper.sources.source import Page, Reading, Source, SourceError
from lotto.settings import BadSetting


def read_pages(
    files: Annotated[list[Path], typer.Argument(help="Pages as they were recorded.", exists=True, dir_okay=False)],
    source: Annotated[str | None, typer.Option(help="Which source they are from.")] = None,
    url: Annotated[str | None, typer.Option(help="The address they were fetched from.")] = None,
    at: Annotated[str | None, typer.Option(help="When they were fetched, as 2025-08-06T15:20-04:00.")] = None,
) -> None:
    """Reads recorded pages offline: one draw a line, as JSON; what the catalogue does not know is counted."""
    moment = instant_of(at) if at else wall_clock()
    known = catalogue.load(configured().catalogue_dir)
    failed = False
    for file in files:
        try:
            _read_page(known, file, source_of(source, url), url or "", moment)
        except SourceError as error:
            failed = True
            print(f"{file.name}: {type(error).__name__}: {error}", file=sys.stderr)
    if failed:
        raise typer.Exit(1)


def scrape(lottery: Annotated[str, typer.Argument(help="The lottery's id.")]) -> None:
    """Asks every source of one lottery now, due or not, and records what they say."""
    _record(lottery, None, lambda scraper, one: scraper.scrape(one))


def backfill(
    lottery: Annotated[str, typer.Argument(help="The lottery's id.")],
    since: Annotated[str | None, typer.Option("--from", help="The first day to ask for, as 2022-05-10.")] = None,
    source: Annotated[str | None, typer.Option(help="The one source to ask.")] = None,
) -> None:
    """Records all that the sources still show of one lottery; of what is older than three days nothing is posted."""
    first = day_of(since) if since else ALL_TIME
    only = [source_of(source, None).name] if source else []
    with progress() as told:
        _record(
            lottery,
            source,
            lambda scraper, one: scraper.backfill([one], first=False, since=first, only=only, told=told),
        )


def _record(lottery: str, source: str | None, work: Callable[[Scraper, Lottery], Awaitable[list[Change]]]) -> None:
    async def done(house: House) -> list[Change]:
        async with house.scraper() as scraper:
            return await work(scraper, lottery_of(house.catalogue.lotteries, lottery))

    with keeping(configured()) as place:
        house = place.house()
        known = lottery_of(house.catalogue.lotteries, lottery)
        if source is not None and source not in known.sources:
            raise BadSetting(f"{source} tells nothing of {lottery}; its sources are {', '.join(known.sources)}.")
        house.prepare()
        changes = asyncio.run(done(house))
    for change in changes[-20:]:
        draw = change.draw
        out.print(f"{draw.key}  {draw.status}  {wire.plain(draw.numbers)}", highlight=False, markup=False)
    out.print(f"{len(changes)} draws stand differently now.")


def _read_page(known: catalogue.Catalogue, file: Path, source: Source, url: str, at: datetime) -> None:
    """Prints the draws of one recorded page."""
    body = file.read_bytes()
    page = hashlib.sha256(body).hexdigest()
    yielded = list(source.read(Page(url or source.home, body, at)))
    found = sort(known, source, (one for one in yielded if isinstance(one, Reading)), page, at)
    for lottery_id, observations in found.ours.items():
        lottery = known.lotteries[lottery_id]
        for one in sorted(observations, key=lambda one: (one.key.date, one.key.label)):
            objections = lottery.objections(one.key, one.numbers, one.observed_at, drawn_at=one.drawn_at)
            line = {
                "lottery": one.key.lottery,
                "date": one.key.date,
                "label": one.key.label,
                "whole": lottery.is_whole(one.key, one.numbers),
                "numbers": one.numbers,
                "drawn": one.drawn or {},
                "serial": one.serial,
                "drawn_at": one.drawn_at,
                "prizes": one.prizes,
                "jackpot": one.jackpot,
                "objections": (*one.objections, *objections),
            }
            print(msgspec.json.encode(line).decode())
    count = sum(len(observations) for observations in found.ours.values())
    print(f"{file.name}: {count} draws of our lotteries, {found.others} of others", file=sys.stderr)
