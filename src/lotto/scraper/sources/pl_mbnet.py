"""mbnet.com.pl: a text file a game with every draw since the first: its number, its day, the balls ascending.

Some copies lack the end of the last line. Such a line may end in half a number, which is another number, so that the
draw is left; one that has too few is no line at all. Two draws of one day follow each other; the later one is labelled.
"""

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from lotto.scraper.contents import day, once, rows
from lotto.scraper.sources.source import Ask, Page, PageChanged, Reading, Request, Source, SourceError

ADDRESS = "http://www.mbnet.com.pl/{}.txt"
BALLS = {"dl": 6, "ml": 5}
"""The name of a file → the balls of a draw."""


class Mbnet(Source):
    """The names are those of the files: “dl” is Lotto, the former Duży Lotek, “ml” Mini Lotto."""

    publisher = "mbnet.com.pl"
    official = False
    origin = "mbnet.com.pl"
    home = "https://www.mbnet.com.pl"
    pace = 300.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in BALLS:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(BALLS)}.")
        yield Request(ADDRESS.format(ask.name))

    def read(self, page: Page) -> Iterator[Reading]:
        game = urlsplit(page.url).path.strip("/").removesuffix(".txt")
        if game not in BALLS:
            raise PageChanged(f"“{page.url[:120]}” is the address of no game we know.")
        readings: list[Reading] = []
        for line in rows(page, separator=" ", unended=True):
            readings.append(_reading(game, line, readings[-1] if readings else None, page))
        yield from once(readings if page.body.endswith(b"\n") else readings[:-1])


def _reading(game: str, line: list[str], before: Reading | None, page: Page) -> Reading:
    found = _line(game).fullmatch(" ".join(line))
    if found is None:
        raise PageChanged(f"“{' '.join(line)[:80]}” is not a line of this file.")
    serial, of_month, month, year, balls = found.groups()
    on = day(year, month, of_month, page.at)
    if before and (int(serial) != int(before.serial or 0) + 1 or on < before.date):
        raise PageChanged(f"Draw {serial} of {on} follows draw {before.serial} of {before.date}.")
    if before and before.date == on and before.label:
        raise PageChanged(f"There are more than two draws on {on}.")
    label = "second" if before and before.date == on else ""
    return Reading(game, on, {"main": tuple(balls.split(","))}, label, serial=serial)


@cache
def _line(game: str) -> re.Pattern[str]:
    """What a draw of that game looks like."""
    balls = rf"[0-9]{{1,2}}(?:,[0-9]{{1,2}}){{{BALLS[game] - 1}}}"
    return re.compile(rf"([0-9]{{1,6}})\. ([0-9]{{2}})\.([0-9]{{2}})\.([0-9]{{4}}) ({balls})")
