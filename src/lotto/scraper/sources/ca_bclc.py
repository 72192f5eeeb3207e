"""BCLC: a zip file a game, in it one CSV file with every draw since the first, oldest first, balls ascending.

Rows with a sequence number above 0 are Maxmillions, up to seventy sets of numbers drawn on the night of Lotto Max; the
sequence tells them apart, and they have no bonus, for which the file writes 0. Of Lotto 6/49 the file has the classic
draw and not the Gold Ball.
"""

import re
from collections.abc import Iterator

from lotto.scraper.contents import members, once, rows, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

ADDRESS = "https://www.playnow.com/resources/documents/downloadable-numbers/{}.zip"
DRAW = re.compile(",([0-9]{1,5}),([0-9]{1,3}),([0-9]{4}-[0-9]{2}-[0-9]{2})((?:,[0-9]{0,2})+),([0-9]{0,2})")
FILES = {"649": "649", "LOTTO MAX": "LOTTOMAX", "Maxmillions": "LOTTOMAX"}
"""The name of a game → its file's name."""

BALLS = {"649": 6, "LOTTO MAX": 7}
"""The product as the rows have it → the balls of a draw beside the bonus."""


class Bclc(Source):
    """The names are the products, “649” and “LOTTO MAX”, and “Maxmillions”."""

    publisher = "British Columbia Lottery Corporation"
    official = True
    origin = "bclc"
    home = "https://www.playnow.com"
    pace = 300.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in FILES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(FILES)}.")
        yield Request(ADDRESS.format(FILES[ask.name]))

    def read(self, page: Page) -> Iterator[Reading]:
        files = [file for _, file in members(page)] if page.body[:2] == b"PK" else [page]
        if len(files) != 1:
            raise PageChanged(f"The archive holds {len(files)} files, not one.")
        header, *lines = rows(files[0])
        count = len(header) - 5
        columns = ["PRODUCT", "DRAW NUMBER", "SEQUENCE NUMBER", "DRAW DATE"]
        if header != [*columns, *(f"NUMBER DRAWN {n + 1}" for n in range(count)), "BONUS NUMBER"]:
            raise PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")
        if not lines:
            raise PageNotYet("The file has no draw yet.")
        yield from once(_reading(line, count, page) for line in lines)


def _reading(line: list[str], count: int, page: Page) -> Reading:
    shown = ",".join(line)
    if BALLS.get(line[0]) != count or len(line) != count + 5:
        raise PageChanged(f"“{shown[:80]}” is not of a game we know that has {count} balls.")
    found = DRAW.fullmatch(shown.removeprefix(line[0]))
    if found is None:
        raise PageChanged(f"“{shown[:80]}” is not a row of a draw.")
    serial, sequence, day, balls, bonus = found.groups()
    on = written_day(day, "ymd", page.at)
    main = tuple(ball or None for ball in balls.split(",")[1:])
    if sequence == "0":
        return Reading(line[0], on, {"main": main, "bonus": (bonus or None,)}, serial=serial)
    if line[0] != "LOTTO MAX" or bonus != "0":
        raise PageChanged(f"“{shown[:80]}” is not a row of Maxmillions, that have no bonus.")
    return Reading("Maxmillions", on, {"main": main}, label=sequence, serial=serial)
