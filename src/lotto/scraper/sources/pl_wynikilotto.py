"""wynikilotto.net.pl: a CSV file a game without a header, every draw since the first: number, day, balls ascending.

Of Ekstra Pensja the sixth number is the one of four. Two draws of one day follow each other; the later one is labelled.
"""

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from lotto.scraper.contents import day, once, rows
from lotto.scraper.sources.source import Ask, Page, PageChanged, Reading, Request, Source, SourceError

ADDRESS = "https://www.wynikilotto.net.pl/download/{}.csv"
POOLS = {"lotto": {"main": 6}, "ekstra_pensja": {"main": 5, "bonus": 1}}
"""The name of a file → the pools of a draw, as they stand in a line."""


class Wynikilotto(Source):
    """The names are those of the files, as in “lotto”."""

    publisher = "wynikilotto.net.pl"
    official = False
    origin = "wynikilotto.net.pl"
    home = "https://www.wynikilotto.net.pl"
    pace = 300.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in POOLS:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(POOLS)}.")
        yield Request(ADDRESS.format(ask.name))

    def read(self, page: Page) -> Iterator[Reading]:
        game = urlsplit(page.url).path.removeprefix("/download/").removesuffix(".csv")
        if game not in POOLS:
            raise PageChanged(f"“{page.url[:120]}” is the address of no game we know.")
        readings: list[Reading] = []
        for row in rows(page):
            readings.append(_reading(game, row, readings[-1] if readings else None, page))
        yield from once(readings)


def _reading(game: str, row: list[str], before: Reading | None, page: Page) -> Reading:
    found = _row(game).fullmatch(",".join(row))
    if found is None:
        raise PageChanged(f"“{','.join(row)[:80]}” is not a line of this file.")
    serial, of_month, month, year = found.groups()
    on = day(year, month, of_month, page.at)
    if before and (int(serial) != int(before.serial or 0) + 1 or on < before.date):
        raise PageChanged(f"Draw {serial} of {on} follows draw {before.serial} of {before.date}.")
    if before and before.date == on and before.label:
        raise PageChanged(f"There are more than two draws on {on}.")
    balls, numbers = row[2:], {}
    for pool, size in POOLS[game].items():
        numbers[pool], balls = tuple(balls[:size]), balls[size:]
    label = "second" if before and before.date == on else ""
    return Reading(game, on, numbers, label, serial=serial)


@cache
def _row(game: str) -> re.Pattern[str]:
    """What a draw of that game looks like."""
    balls = rf"(?:,[0-9]{{2}}){{{sum(POOLS[game].values())}}}"
    return re.compile(rf"0*([0-9]{{1,6}}),([0-9]{{2}})\.([0-9]{{2}})\.([0-9]{{4}}){balls}")
