"""Taiwan Lottery: a zip file a year, in it one CSV file a game; the interface that tells where a year's file lies.

Names of files are Big5 without saying so, texts are UTF-8 with a mark. Every line has more commas than the header, and
both have empty fields at the end. A draw's number begins with the year of the Republic (96000001 of 2007). Balls stand
in ascending order, digits in the order that counts. A file of a game that we have not read yet is passed over.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from lotto.scraper.contents import day, document, members, once, rows
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

ADDRESS = "https://api.taiwanlottery.com/TLCAPIWeB/Lottery/ResultDownload?year={}"
HEADER = ["遊戲名稱", "期別", "開獎日期", "銷售總額", "銷售注數", "總獎金"]
"""Game, number, day, sales, bets, and all prizes together."""

BALLS = {"大樂透": 6, "6/38樂透彩": 6, "38樂合彩": 6, "49樂合彩": 6, "今彩539": 5, "3星彩": 3, "4星彩": 4}
SPECIAL = "特別號"
"""The column of the special ball, which 大樂透 has alone."""


class Place(Struct):
    """Where the file of a year lies."""

    path: str


class Download(Struct):
    """What the interface answers."""

    content: Place


class TaiwanLottery(Source):
    """The names are the games' own, as in “今彩539”."""

    publisher = "Taiwan Lottery"
    official = True
    origin = "taiwan_lottery"
    home = "https://www.taiwanlottery.com"
    hosts = ("api.taiwanlottery.com",)
    pace = 3600.0
    resting = "The file of a year follows weeks after its draws, and none of a later year than 2007 has been recorded."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in BALLS:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(BALLS)}.")
        yield Request(ADDRESS.format(ask.since.year))

    def read(self, page: Page) -> Iterator[Reading | Request]:
        if page.body[:2] != b"PK":
            path = document(page, Download).content.path
            if not re.fullmatch(r"https://[a-z]+\.taiwanlottery\.com/[\w./-]{1,120}", path):
                raise PageChanged(f"“{path[:80]}” is no address of the publisher.")
            yield Request(path)
            return
        found = [one for _, file in members(page, names="big5") for one in _readings(file)]
        if not found:
            raise PageNotYet("No file of the year has a draw of a game we know.")
        yield from once(found)


def _readings(file: Page) -> Iterator[Reading]:
    header, *lines = rows(file)
    columns = [name.strip() for name in header if name.strip()]
    balls = [name for name in columns[len(HEADER) :] if name != SPECIAL]
    games = {line[0] for line in lines}
    changed = PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")
    if columns[: len(HEADER)] != HEADER:
        raise changed
    if len(games) > 1:
        raise PageChanged(f"The layout changed: a file has the games {', '.join(sorted(games))[:120]}.")
    if not games <= BALLS.keys():
        return
    if balls != [f"獎號{n + 1}" for n in range(len(balls))]:
        raise changed
    for line in lines:
        shown = ",".join(line)
        found = re.fullmatch(
            "([^,]+),([0-9]{8,9}),([0-9]{4})/([0-9]{2})/([0-9]{2})(,[0-9]+){3}((,[0-9]{1,2})+),*", shown
        )
        if found is None:
            raise PageChanged(f"“{shown[:80]}” is not a line of a draw.")
        name, serial, year, month, of_month, _, told, _ = found.groups()
        numbers = tuple(told.split(",")[1:])
        special = SPECIAL in columns
        if len(numbers) != BALLS[name] + special or special != (name == "大樂透"):
            raise PageChanged(f"“{shown[:80]}” has {len(numbers)} numbers, not {BALLS[name] + special}.")
        pools = {"main": numbers[: BALLS[name]]} | ({"bonus": numbers[BALLS[name] :]} if special else {})
        yield Reading(name, day(year, month, of_month, file.at), pools, serial=serial)
