"""New York's open data portal: a CSV file a data set, with a header line and every draw since the beginning.

Rows stand in the portal's own order; the draws of one day share a row. The balls of a draw are one column, ascending.
A Numbers or Win 4 draw is one text of digits, and in most years the portal dropped its leading zeros, as spreadsheets
do: until 2020 and again since 2024 every tenth is short, in the years between every tenth begins with 0. In some years
the sum of the digits stands beside; where it does not fit (4 draws of 16,880) we know neither. Boosters and the
“Extra #” of 2007 to 2010 belong to no pool of these games and are not read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from lotto.scraper.contents import day, once, rows
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

ADDRESS = "https://data.ny.gov/api/views/{}/rows.csv?accessType=DOWNLOAD"
BALLS = re.compile("[0-9]{1,2}( [0-9]{1,2})*")
BALL = re.compile("[0-9]{1,2}")
ON = re.compile("([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
DATE, NUMBERS, TIMES, MAIN = "Draw Date", "Winning Numbers", "Multiplier", {"main": 5}


@dataclass(frozen=True)
class Shown:
    """How a row shows one draw: the column's balls fill the pools in turn; `beside` are pools in their own columns.

    With `sum`, the column is not of balls but one text of digits, and `sum` the column of their sum.
    """

    column: str
    pools: Mapping[str, int]
    beside: Mapping[str, str] = field(default_factory=dict)
    sum: str = ""
    label: str = ""
    part: str = ""
    """Tells the games of one data set apart: it ends the draw's name."""

    def numbers(self, row: Mapping[str, str]) -> dict[str, tuple[str | None, ...]]:
        """What the row tells of this draw by pool, places without a number as None; empty where there is no draw."""
        text = " ".join(row[self.column].split())
        if not text:
            return {}
        places = sum(self.pools.values())
        shown: list[str | None] = [*(text.zfill(places) if self.sum else text.split())]
        is_told = text.isascii() and text.isdecimal() if self.sum else BALLS.fullmatch(text)
        if len(shown) > places or not is_told:
            raise PageChanged(f"“{text[:40]}” in the column “{self.column}” is not {places} numbers.")
        if self.sum and row[self.sum] not in ("", str(sum(map(int, text)))):
            shown = []
        left = iter(shown + [None] * (places - len(shown)))
        numbers = {pool: tuple(islice(left, size)) for pool, size in self.pools.items()}
        for pool, column in self.beside.items():
            if row[column] and not BALL.fullmatch(row[column]):
                raise PageChanged(f"“{row[column][:40]}” in the column “{column}” is not a number.")
            numbers |= {pool: (row[column],)} if row[column] else {}
        return numbers


def _take5(when: str) -> Shown:
    return Shown(f"{when} {NUMBERS}", MAIN, {"bonus": f"{when} Bonus #"}, label=when.lower())


def _digits(when: str, game: str, size: int, part: str) -> Shown:
    return Shown(f"{when} {game} #", {"main": size}, sum=f"{when} {game} Sum", label=when.lower(), part=part)


NUMBERS_AND_WIN4 = (
    f"{DATE},Midday Daily #,Midday Daily Sum,Evening Daily #,Evening Daily Sum,Midday Win 4 #,Midday Win 4 Sum,"
    "Evening Win 4 #,Evening Win 4 Sum,Midday Daily Booster,Evening Daily Booster,Midday Win 4 Booster,"
    "Evening Win 4 Booster"
)
DATA_SETS: Mapping[str, tuple[str, tuple[Shown, ...]]] = {
    # Powerball: the sixth ball is the Powerball.
    "d6yy-54nr": (f"{DATE},{NUMBERS},{TIMES}", (Shown(NUMBERS, MAIN | {"bonus": 1}, {"multiplier": TIMES}),)),
    # Mega Millions
    "5xaw-6ayf": (
        f"{DATE},{NUMBERS},Mega Ball,{TIMES}",
        (Shown(NUMBERS, MAIN, {"bonus": "Mega Ball", "multiplier": TIMES}),),
    ),
    # NY Lotto
    "6nbc-h7bj": (f"{DATE},{NUMBERS},Bonus #,Extra #", (Shown(NUMBERS, {"main": 6}, {"bonus": "Bonus #"}),)),
    # Cash4Life
    "kwxv-fwze": (f"{DATE},{NUMBERS},Cash Ball", (Shown(NUMBERS, MAIN, {"bonus": "Cash Ball"}),)),
    # Take 5
    "dg63-4siq": (
        f"{DATE},Evening {NUMBERS},Evening Bonus #,Midday {NUMBERS},Midday Bonus #",
        (_take5("Midday"), _take5("Evening")),
    ),
    # Numbers and Win 4
    "hsys-3def": (
        NUMBERS_AND_WIN4,
        (
            _digits("Midday", "Daily", 3, "/numbers"),
            _digits("Evening", "Daily", 3, "/numbers"),
            _digits("Midday", "Win 4", 4, "/win4"),
            _digits("Evening", "Win 4", 4, "/win4"),
        ),
    ),
}
"""Data set → its header line and the draws of one row."""

NAMES = {data_set + draw.part: data_set for data_set, (_, draws) in DATA_SETS.items() for draw in draws}


class NewYorkData(Source):
    """The names are those of the data sets, with `/numbers` or `/win4` where one holds two games."""

    publisher = "New York State Gaming Commission"
    official = True
    origin = "new_york_lottery"
    home = "https://data.ny.gov"
    pace = 60.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in NAMES:
            raise SourceError(f"There is no data set “{ask.name}” here; those we know are {', '.join(NAMES)}.")
        yield Request(ADDRESS.format(NAMES[ask.name]))

    def read(self, page: Page) -> Iterator[Reading]:
        match = re.search("/api/views/([^/?]+)/", page.url)
        data_set = match[1] if match else ""
        if data_set not in DATA_SETS:
            raise PageChanged(f"“{page.url[:120]}” is the address of no data set we know.")
        known, draws = DATA_SETS[data_set]
        header, *lines = rows(page)
        if header != known.split(","):
            raise PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")
        if not lines:
            raise PageNotYet("The file has no draw yet.")
        readings = []
        for line in lines:
            date = ON.fullmatch(line[0])
            if date is None or len(line) != len(header):
                raise PageChanged(f"“{','.join(line)[:80]}” is not a row of this file.")
            on = day(date[3], date[1], date[2], page.at)
            row = dict(zip(header, line, strict=True))
            told = ((draw, draw.numbers(row)) for draw in draws)
            readings += [Reading(data_set + draw.part, on, numbers, draw.label) for draw, numbers in told if numbers]
        if not readings:
            raise PageChanged("The file has rows but no number in any of them.")
        yield from once(readings)
