"""Pages kept to test with: fetched once and put into a folder, read again, compared with what was expected."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from lotto import catalogue, kept, proving
from lotto.catalogue import Catalogue
from lotto.catalogue.load import OURS
from lotto.commands.arguments import instant_of, lottery_of, source_of
from lotto.commands.terminal import out
from lotto.house import House, following, wall_clock
from lotto.place import configured
from lotto.proving import Finding
from lotto.scraper.service import FURTHER
from lotto.scraper.shelf import for_url, shelf
from lotto.scraper.sources.source import Ask, Page, Reading, Request, Source, SourceError
from lotto.settings import BadSetting

CAPTURES = Path("captures")
"""Where pages are kept, a folder for each source, if no other place is named."""

ROWS = 20
"""So many draws of a page are shown, the newest."""

PRIVATE = (
    "The page belongs to its publisher and may name winners and where they live: keep it to test with, do not publish "
    "it, and take people out of it before you give it to anyone. The draws kept beside it name nobody."
)

Folder = Annotated[Path, typer.Option("--to", help="The folder pages are kept in; each source has its own in it.")]


def capture(
    what: Annotated[str, typer.Argument(help="A source, or the address of one of its pages.")],
    lottery: Annotated[str | None, typer.Option(help="The lottery whose page it shall be.")] = None,
    name: Annotated[str | None, typer.Option(help="The source's own name for the draws, instead.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="Do not fetch it: take it from this file.", exists=True, dir_okay=False)
    ] = None,
    at: Annotated[str | None, typer.Option(help="With --file: when it was fetched, as 2025-08-06T15:20-04:00.")] = None,
    to: Folder = CAPTURES,
) -> None:
    """Fetches a page once and keeps it with the draws it gives; shows them, for you to compare with the page."""
    if (file is None) != (at is None):
        raise BadSetting("--file and --at go together: a page is read as of the moment it was fetched.")
    settings = configured()
    house = House(settings, database_url="", redis_url="", practice=following(settings))
    source = for_url(what) if "://" in what else source_of(what, None)
    requests = [Request(what)] if "://" in what else _requests(house, source, lottery, name)
    folder = to / source.name
    if file is not None and at is not None:
        found = [Page(requests[0].url, file.read_bytes(), instant_of(at))]
    else:
        found = asyncio.run(_fetched(house, source, requests))
    unread = False
    for page in found:
        one, is_new = kept.keep(folder, source, page, file.suffix if file else "")
        out.print(f"{one.folder / one.case['file']}: {len(page.body)} bytes", highlight=False, markup=False)
        if not is_new:
            out.print("That page, byte for byte, was kept before.")
        unread = not _shown(house.catalogue, source, page, lottery) or unread
        if is_new and kept.is_read(source, page):
            kept.accept(one, source)
            out.print(f"Kept as expected in {one.folder / 'cases.json'}. Compare it with the page before you trust it.")
    out.print(PRIVATE)
    if unread:
        out.print(f"Mend the source, then: lotto prove {source.name}", highlight=False)
        raise typer.Exit(1)


def prove(
    what: Annotated[str, typer.Argument(help="A folder of kept pages, a source or a lottery.")],
    accept: Annotated[
        bool, typer.Option("--accept", help="Keep what pages give now as what they must give: you compared it by eye.")
    ] = False,
    pages: Annotated[Path, typer.Option(help="The folder pages are kept in.")] = CAPTURES,
) -> None:
    """Reads kept pages again and tells what is not as expected, of a lottery what its rules object to."""
    settings = configured()
    known = catalogue.load(settings.catalogue_dir)
    sources = shelf()
    findings: list[Finding] = []
    if what in sources:
        folders = [folder for folder in (pages / what, Path("tests") / "sources" / what) if folder.is_dir()]
        ours = [one for folder in folders for one in kept.kept(folder)]
        findings += proving.prove_source(sources[what], ours)
    elif what in known.lotteries:
        everything = kept.kept(pages) if pages.is_dir() else []
        own = settings.catalogue_dir / "lotteries" / f"{what}.toml" if settings.catalogue_dir else None
        file = own if own and own.exists() else OURS / "lotteries" / f"{what}.toml"
        one = lottery_of(known.lotteries, what)
        findings += proving.prove_lottery(one, file, known, sources, everything, wall_clock())
        ours = []
    elif Path(what).is_dir():
        ours = kept.kept(Path(what))
        if not ours:
            raise BadSetting(f"There are no kept pages in {what}: neither cases.json nor pages.toml is there.")
    else:
        raise BadSetting(f"“{what}” is no folder, no source and no lottery; `lotto doctor` lists the sources.")
    for page in ours:
        finding = proving.prove_page(page, sources)
        if not finding.well and page.source in sources:
            _shown(known, sources[page.source], page.page())
            if accept:
                kept.accept(page, sources[page.source])
                finding = Finding(finding.subject, True, "What it gives now is what it must give from now on.")
        findings.append(finding)
    for finding in findings:
        mark = "[green]✓[/]" if finding.well else "[red]✗[/]"
        out.print(mark, escape(_plain(f"{finding.subject}: {finding.words}")), highlight=False)
    if any(not one.is_told for one in ours) and not accept:
        out.print(f"Where that is what the page shows: lotto prove {what} --accept", highlight=False, markup=False)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


def _requests(house: House, source: Source, lottery: str | None, name: str | None) -> list[Request]:
    """What to fetch of a source: for one lottery, one of its own names, or all that the catalogue knows it for."""
    since = (wall_clock() - timedelta(days=3)).date()
    if lottery is not None:
        names = lottery_of(house.catalogue.lotteries, lottery).sources.get(source.name)
        if names is None:
            raise BadSetting(f"{lottery} has no source {source.name}; write it into its [sources] first.")
        asked = list(names)
    elif name is not None:
        asked = [name]
    else:
        asked = [own for one in house.catalogue.lotteries.values() for own in one.sources.get(source.name, ())] or [""]
    requests = list(dict.fromkeys(one for own in asked for one in source.pages(Ask(own, since))))
    if len(requests) > FURTHER:
        lotteries = [one.id for one in house.catalogue.lotteries.values() if source.name in one.sources]
        raise BadSetting(
            f"{source.name} has {len(requests)} pages; say which with --lottery, one of {', '.join(lotteries)}."
        )
    return requests


async def _fetched(house: House, source: Source, requests: Sequence[Request]) -> list[Page]:
    """Each page once, and those they lead to; raises DoorError, or SourceError for an answer that is no page."""
    found: list[Page] = []
    left = list(requests)
    async with house.door() as door:
        while left and len(found) < len(requests) + FURTHER:
            answer = await door.get(left.pop(0).url)
            if answer.status != 200 or not answer.body:
                raise SourceError(f"{answer.url} answered {answer.status}, which is no page to keep.")
            page = Page(answer.url, answer.body, answer.asked_at, answer.media)
            found.append(page)
            left += [one for one in kept.further(source, page) if one.url not in {page.url for page in found}]
    return found


def _shown(known: Catalogue, source: Source, page: Page, lottery: str | None = None) -> bool:
    """Shows what the source makes of a page, and whether it could be read; of a lottery only its draws, if any."""
    try:
        yielded = list(source.read(page))
    except SourceError as error:
        out.print(_plain(f"{type(error).__name__}: {error}"), highlight=False, markup=False)
        return kept.is_read(source, page)
    readings = sorted((one for one in yielded if isinstance(one, Reading)), key=lambda one: (one.date, one.label))
    theirs = [one for one in readings if lottery in [found.id for found, _ in known.named(source.name, one.name)]]
    if lottery is not None and not theirs:
        out.print(f"It has no draw of {lottery}; these are all:", highlight=False, markup=False)
    elif theirs:
        out.print(f"{len(theirs)} of its {len(readings)} draws are of {lottery}.", highlight=False, markup=False)
        readings = theirs
    table = Table("Day", "Draw", "Name", Column("Numbers", overflow="fold"), "Serial", "Lottery", box=None)
    for one in readings[-ROWS:]:
        numbers = "  ".join(
            f"{pool}: {' '.join('?' if text is None else text for text in texts)}"
            for pool, texts in one.numbers.items()
        )
        lotteries = ", ".join(lottery.id for lottery, _ in known.named(source.name, one.name)) or "none"
        cells = (str(one.date), one.label, one.name, numbers, one.serial or "", lotteries)
        table.add_row(*(escape(_plain(cell)) for cell in cells))
    if len(readings) > ROWS:
        out.print(f"{len(readings)} draws; the newest {ROWS}:", highlight=False)
    if readings:
        out.print(table)
    for request in yielded:
        if isinstance(request, Request):
            out.print(f"It leads to {_plain(request.url)}", highlight=False, markup=False)
    return True


def _plain(text: str) -> str:
    """The text without what could drive a terminal: it comes from a page."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
