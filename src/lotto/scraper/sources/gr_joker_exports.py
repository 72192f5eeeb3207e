"""Joker of OPAP as two people have exported it: a CSV file of the Cypriot site, and a JSON list of the draw service.

In the CSV file the balls stand in drawn order, the Joker is written as a fraction (2.0), and the draws before the
counting began anew have negative numbers. Some of its days of September 2020 have day and month changed over; where two
draws claim one day so, the places in which they differ stay open. The JSON list is ascending and does not count draws.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from lotto.scraper.contents import document, once, rows, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

NAME = "Joker"
HEADER = ["Draw", "Date", "X1", "X2", "X3", "X4", "X5", "Joker"]
ADDRESS = "https://www.opap.org.cy/el/joker"


class Draw(Struct):
    """A draw of the JSON list: its day, its balls, its Joker."""

    d: str
    n: list[int]
    e: list[int]


class JokerExports(Source):
    """There is one name, “Joker”."""

    publisher = "Exports of OPAP's Joker"
    official = False
    origin = "opap"
    home = "https://www.opap.org.cy"
    resting = "These are files that people have made of what OPAP shows; nobody serves them."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != NAME:
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is {NAME}.")
        yield Request(ADDRESS)

    def read(self, page: Page) -> Iterator[Reading]:
        if page.body.removeprefix(b"\xef\xbb\xbf")[:1] == b"[":
            readings = [_of_list(draw, page) for draw in document(page, list[Draw])]
        else:
            header, *lines = rows(page)
            if header != HEADER:
                raise PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")
            readings = [_of_table(line, page) for line in lines]
        if not readings:
            raise PageNotYet("The file has no draw yet.")
        yield from once(readings)


def _of_table(line: list[str], page: Page) -> Reading:
    if not re.fullmatch(r"-?[0-9]{1,5},[0-9]{4}-[0-9]{2}-[0-9]{2}(,[0-9]{1,2}){5},[0-9]{1,2}\.0", ",".join(line)):
        raise PageChanged(f"“{','.join(line)[:80]}” is not a line of this file.")
    serial, on, *balls, joker = line
    numbers = {"main": tuple(balls), "bonus": (joker.removesuffix(".0"),)}
    return Reading(NAME, written_day(on, "ymd", page.at), numbers, drawn_order=True, serial=serial)


def _of_list(draw: Draw, page: Page) -> Reading:
    if not draw.n or len(draw.e) != 1:
        raise PageChanged(f"The layout changed: the draw of “{draw.d[:40]}” has {len(draw.e)} Jokers.")
    numbers = {"main": tuple(map(str, draw.n)), "bonus": (str(draw.e[0]),)}
    return Reading(NAME, written_day(draw.d, "ymd", page.at), numbers)
