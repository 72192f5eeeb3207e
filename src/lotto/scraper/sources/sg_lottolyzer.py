"""TOTO of Singapore as Lottolyzer exports it: a CSV file, a line a draw, newest first, balls in ascending order.

Columns of statistics stand between the balls and the prizes, and are not read. Prizes are told since 2011-06-30; the
seventh division began with 2014-10-09.
"""

import re
from collections.abc import Iterator

from lotto.scraper.contents import day, once, rows
from lotto.scraper.sources.source import (
    Amount,
    Ask,
    Page,
    PageChanged,
    PageNotYet,
    Payout,
    Reading,
    Request,
    Source,
    SourceError,
)

BALLS = ["Winning Number 1", "2", "3", "4", "5", "6", "Additional Number"]
TIERS = ("6", "5+1", "5", "4+1", "4", "3+1", "3")
LINE = re.compile("([0-9]{4}),([0-9]{4})-([0-9]{2})-([0-9]{2})(?:,[0-9]{1,2}){7}")
PAID = re.compile(r"[0-9]+ [0-9]+\.[0-9]{2}")
PRIZES = [f"Division {n + 1} {what}" for n in range(len(TIERS)) for what in ("Winners", "Prize")]


class Lottolyzer(Source):
    """There is one name, “toto”."""

    publisher = "Lottolyzer"
    official = False
    origin = "lottolyzer.com"
    home = "https://en.lottolyzer.com"
    pace = 3600.0
    resting = "Only a file that somebody exported has been recorded, and no page that can be asked for."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != "toto":
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is toto.")
        yield Request("https://en.lottolyzer.com/history/singapore/toto")

    def read(self, page: Page) -> Iterator[Reading]:
        header, *lines = rows(page)
        if header[:9] != ["Draw", "Date", *BALLS] or header[-len(PRIZES) :] != PRIZES:
            raise PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")
        if not lines:
            raise PageNotYet("The file has no draw yet.")
        yield from once([_reading(line, len(header), page) for line in lines])


def _reading(line: list[str], width: int, page: Page) -> Reading:
    shown = ",".join(line[:9])
    found = LINE.fullmatch(shown)
    if found is None or len(line) != width:
        raise PageChanged(f"“{shown[:80]}” is not the line of a draw.")
    serial, year, month, of_month = found.groups()
    return Reading(
        "toto",
        day(year, month, of_month, page.at),
        {"main": tuple(line[2:8]), "bonus": (line[8],)},
        serial=serial,
        prizes=tuple(_payouts(line[-len(PRIZES) :])),
    )


def _payouts(cells: list[str]) -> Iterator[Payout]:
    for n, tier in enumerate(TIERS):
        winners, paid = cells[2 * n : 2 * n + 2]
        if not winners and not paid:
            continue
        if not PAID.fullmatch(f"{winners} {paid}"):
            raise PageChanged(f"“{winners[:20]}, {paid[:20]}” is not a number of winners and an amount of money.")
        yield Payout(tier, winners, Amount(paid))
