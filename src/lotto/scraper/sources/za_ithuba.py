"""Ithuba: the PowerBall games as two CSV files with one header, newest first, balls ascending.

That is what an export made of the site's results; the site itself answers in another form, so it is not asked. Both
games are drawn on one evening under one number, and nothing in a file tells which game it is: its address does.
"""

import re
from collections.abc import Iterator

from lotto.scraper.contents import day, once, rows
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

ADDRESSES = {
    "PowerBall": "https://www.nationallottery.co.za/results/powerball",
    "PowerBall Plus": "https://www.nationallottery.co.za/results/powerball-plus",
}
HEADER = ["Date", "Draw", *"12345", "PB"]


class Ithuba(Source):
    """The names are those of the games, “PowerBall” and “PowerBall Plus”."""

    publisher = "Ithuba"
    official = True
    origin = "ithuba"
    home = "https://www.nationallottery.co.za"
    pace = 60.0
    resting = "The site has no such file; only an export of its results was ever read."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in ADDRESSES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(ADDRESSES)}.")
        yield Request(ADDRESSES[ask.name])

    def read(self, page: Page) -> Iterator[Reading]:
        games = [name for name, address in ADDRESSES.items() if address == page.url]
        if not games:
            raise PageChanged(f"“{page.url[:120]}” is the address of no game we know.")
        header, *lines = rows(page)
        if header != HEADER:
            raise PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")
        if not lines:
            raise PageNotYet("The file has no draw yet.")
        yield from once(_reading(games[0], ",".join(line), page) for line in lines)


def _reading(name: str, line: str, page: Page) -> Reading:
    found = re.fullmatch("([0-9]{4})/([0-9]{2})/([0-9]{2}),([0-9]{1,5})" + ",([0-9]{0,2})" * 6, line)
    if found is None:
        raise PageChanged(f"“{line[:80]}” is not a line of a draw.")
    year, month, of_month, serial, *balls = found.groups()
    main = tuple(ball or None for ball in balls[:5])
    on = day(year, month, of_month, page.at)
    return Reading(name, on, {"main": main, "bonus": (balls[5] or None,)}, serial=serial)
