"""Proving: what still keeps a source or a lottery from being right, a finding at a time."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from lotto.catalogue import Catalogue
from lotto.draws.draw import Observation
from lotto.draws.lottery import Lottery
from lotto.kept import Kept
from lotto.scraper import cases
from lotto.scraper.reading import sort
from lotto.scraper.sources.source import Ask, Page, Reading, Source, SourceError
from lotto.skeletons import FILL_IN

ROUND_A_MARK = ' :."”)'
"""What stands about a mark besides its words."""


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is well, and in words what is or is not."""

    subject: str
    well: bool
    words: str


def prove_page(one: Kept, sources: Mapping[str, Source]) -> Finding:
    """Whether the source still makes of a kept page what its case says."""
    subject = f"{one.folder.name}/{one.case['file']}"
    source = sources.get(one.source)
    if source is None:
        return Finding(subject, False, f"There is no source “{one.source}”; the sources are {', '.join(sources)}.")
    page = one.page()
    if not one.is_told:
        return Finding(subject, False, f"Nobody has said yet what it must give. {_given(source, page)}")
    wrong = cases.differences(one.case, source, page.body)
    return Finding(subject, not wrong, " ".join(wrong) or _given(source, page))


def prove_source(source: Source, pages: Sequence[Kept]) -> Iterator[Finding]:
    """Its file is filled in and there are pages of it; each page is proved by itself."""
    yield from _filled(Path(inspect.getfile(type(source))))
    if not pages:
        words = f"There is no page of it yet: `lotto capture {source.name}` keeps one."
        yield Finding(source.name, False, words)


def prove_lottery(
    lottery: Lottery, file: Path, known: Catalogue, sources: Mapping[str, Source], pages: Sequence[Kept], now: datetime
) -> Iterator[Finding]:
    """Its file is filled in, its sources know it, and its rules hold for every draw of it on the kept pages."""
    yield from _filled(file)
    for name, names in lottery.sources.items():
        if name not in sources:
            yield Finding(name, False, f"There is no source “{name}”; the sources are {', '.join(sources)}.")
            continue
        try:
            for own in names:
                list(sources[name].pages(Ask(own, now.date())))
        except SourceError as error:
            yield Finding(name, False, str(error))
            continue
        shown = [one for one in pages if one.source == name]
        if not shown:
            words = f"There is no kept page of it: `lotto capture {name} --lottery {lottery.id}` keeps one."
            yield Finding(name, False, words)
            continue
        yield _of_source(lottery, known, sources[name], shown)
    origins = {sources[name].origin for name in lottery.sources if name in sources}
    if len(origins) < lottery.policy.agree and not lottery.policy.provisional:
        yield Finding(
            lottery.id,
            False,
            f"Its sources have {len(origins)} origin and it takes {lottery.policy.agree} to confirm a draw, so that it "
            "would never be told: name one more source, or of an official one say `[policy] provisional = true`.",
        )


def _of_source(lottery: Lottery, known: Catalogue, source: Source, shown: Sequence[Kept]) -> Finding:
    """What the rules say to all that a source's pages show of a lottery."""
    draws: list[Observation] = []
    others: dict[str, None] = {}
    unread: list[str] = []
    for one in shown:
        page = one.page()
        try:
            readings = [found for found in source.read(page) if isinstance(found, Reading)]
        except SourceError as error:
            unread.append(f"{one.case['file']}: {error}")
            continue
        draws += sort(known, source, readings, "", page.at).ours.get(lottery.id, [])
        others |= dict.fromkeys(found.name for found in readings if not known.named(source.name, found.name))
    if not draws:
        names = f" Names on them that no lottery has: {_quoted(others)}." if others else ""
        refused = f" {unread[0]}" if unread else ""
        called = _quoted(lottery.sources[source.name])
        return Finding(source.name, False, f"No kept page of it has a draw called {called}.{names}{refused}")
    objections = [
        f"{one.key.date}: {words}"
        for one in draws
        for words in (
            *one.objections,
            *lottery.objections(one.key, one.numbers, one.observed_at, drawn_at=one.drawn_at),
        )
    ]
    whole = sum(lottery.is_whole(one.key, one.numbers) for one in draws)
    if not whole:
        pools = ", ".join(f"{name}: {len(values)}" for name, values in draws[-1].numbers.items())
        words = f"By these rules none of its {len(draws)} draws is whole; of the last one it gives {pools}."
        return Finding(source.name, False, " ".join([words, *dict.fromkeys(objections[:3])]))
    if objections:
        few = " ".join(dict.fromkeys(objections[:3]))
        return Finding(source.name, False, f"The rules object to {len(objections)} things in {len(draws)} draws. {few}")
    days = sorted(one.key.date for one in draws)
    return Finding(source.name, True, f"The rules hold for all of {_counted(len(draws), days)}.")


def _filled(file: Path) -> Iterator[Finding]:
    """What is still to be filled in of a skeleton, with its line."""
    text = file.read_text(encoding="utf-8")
    left = [
        f"line {number}: {line.partition(FILL_IN)[2].strip(ROUND_A_MARK)}"
        for number, line in enumerate(text.splitlines(), 1)
        if FILL_IN in line
    ]
    if left:
        yield Finding(str(file), False, f"To be filled in still: {'; '.join(left)}.")


def _given(source: Source, page: Page) -> str:
    try:
        readings = [one for one in source.read(page) if isinstance(one, Reading)]
    except SourceError as error:
        return f"{type(error).__name__}: {error}"
    return f"It gives {_counted(len(readings), sorted(one.date for one in readings))}."


def _counted(count: int, days: Sequence[date]) -> str:
    if not days:
        return "no draw"
    span = f"of {days[0]}" if days[0] == days[-1] else f"from {days[0]} to {days[-1]}"
    return f"{count} draw{'s' * (count != 1)} {span}"


def _quoted(names: Mapping[str, object]) -> str:
    few = ", ".join(f"“{name}”" for name in list(names)[:12])
    return few + (f" and {len(names) - 12} more" if len(names) > 12 else "")
