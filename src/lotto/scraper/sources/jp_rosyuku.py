"""Loto 6 of Japan in a private repository: a CSV file, oldest first, with winners and prizes beside the balls.

After the columns of the operator its author has one for each ball, with the place in which it stands in the row: a row
whose two tellings differ is none.
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

LINE = re.compile("[0-9]{1,6},([0-9]{1,6}),([0-9]{4})/([0-9]{1,2})/([0-9]{1,2}),[月木](,[0-9]{1,15}){63}")
TIERS = ("6", "5+1", "5", "4", "3")
HEADER = [
    *("", "抽せん回", "抽せん日", "曜日"),
    *(f"本数字{n}" for n in range(1, 7)),
    "ボーナス数字",
    *(f"{n}等{what}" for n in range(1, 6) for what in ("口数", "賞金")),
    *("キャリーオーバー", "キャリーオーバー_今回", "販売実績額"),
    *(str(n) for n in range(1, 44)),
]
"""Place in the file, number, day, weekday, balls, winners and prizes, what goes over, sales; and each ball there is."""

BALLS, PRIZES, PLACES = slice(4, 11), slice(11, 21), slice(24, 67)


class Rosyuku(Source):
    """There is one name, “loto6”."""

    publisher = "Rosyuku/loto6"
    official = False
    origin = "Rosyuku/loto6"
    home = "https://github.com/Rosyuku/loto6"
    hosts = ("raw.githubusercontent.com",)
    pace = 3600.0
    resting = "It was last written in August 2017, and is kept for its history."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != "loto6":
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is loto6.")
        yield Request("https://raw.githubusercontent.com/Rosyuku/loto6/HEAD/loto6_allData.csv")

    def read(self, page: Page) -> Iterator[Reading]:
        header, *lines = rows(page)
        if header != HEADER:
            raise PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")
        if not lines:
            raise PageNotYet("The file has no draw yet.")
        yield from once([_reading(line, page) for line in lines])


def _reading(line: list[str], page: Page) -> Reading:
    shown = ",".join(line)
    found = LINE.fullmatch(shown)
    if found is None:
        raise PageChanged(f"“{shown[:80]}” is not a line of a draw.")
    balls, places = line[BALLS], line[PLACES]
    if {int(ball): str(n) for n, ball in enumerate(balls, 1)} != {n: p for n, p in enumerate(places, 1) if p != "0"}:
        raise PageChanged(f"The balls {' '.join(balls)[:40]} of a line are not those that its columns of balls have.")
    serial, year, month, of_month, _ = found.groups()
    paid = line[PRIZES]
    return Reading(
        "loto6",
        day(year, month, of_month, page.at),
        {"main": tuple(balls[:6]), "bonus": (balls[6],)},
        serial=serial,
        prizes=tuple(Payout(tier, paid[2 * n], Amount(paid[2 * n + 1])) for n, tier in enumerate(TIERS)),
    )
