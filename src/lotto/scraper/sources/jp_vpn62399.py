"""Loto 6 and Loto 7 of Japan in a private repository, kept by hand: a CSV file a game, no header, newest first.

A line is number, day, balls ascending, one bonus ball or two, and five fields of notes. Of 1,197 draws four have
another number of first prizes in the notes than jp_rosyuku has, so that notes are not read. The last line has no end;
as all lines have the same count of fields, one that was cut is known.
"""

import re
from collections.abc import Iterator

from lotto.scraper.contents import day, once, rows
from lotto.scraper.sources.source import Ask, Page, PageChanged, Reading, Request, Source, SourceError

ADDRESS = "https://raw.githubusercontent.com/vpn62399/memo/HEAD/{}.csv"
BALLS = {"loto6": (6, 1), "loto7": (7, 2)}
"""Balls of the main pool, and bonus balls."""

NOTES = 5


class Vpn62399(Source):
    """The names are those of the files, “loto6” and “loto7”."""

    publisher = "vpn62399/memo"
    official = False
    origin = "vpn62399/memo"
    home = "https://github.com/vpn62399/memo"
    hosts = ("raw.githubusercontent.com",)
    pace = 3600.0
    resting = "It was last written in November 2023, and is kept for its history."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in BALLS:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(BALLS)}.")
        yield Request(ADDRESS.format(ask.name))

    def read(self, page: Page) -> Iterator[Reading]:
        name = page.url.rpartition("/")[2].removesuffix(".csv")
        if name not in BALLS:
            raise PageChanged(f"“{page.url[:120]}” is the address of no game we know.")
        yield from once([_reading(name, line, page) for line in rows(page, unended=True)])


def _reading(name: str, line: list[str], page: Page) -> Reading:
    main, bonus = BALLS[name]
    balls = line[2 : 2 + main + bonus]
    shown = ",".join(line)[:80]
    found = re.fullmatch("([0-9]{1,4}),([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})", ",".join(line[:2]))
    if found is None or len(line) != 2 + main + bonus + NOTES or not all(re.fullmatch("[0-9]{1,2}", b) for b in balls):
        raise PageChanged(f"“{shown}” is not a line of {name}.")
    serial, year, month, of_month = found.groups()
    numbers = {"main": tuple(balls[:main]), "bonus": tuple(balls[main:])}
    return Reading(name, day(year, month, of_month, page.at), numbers, serial=serial)
