"""The games of the PCSO in a private repository: one CSV file of all draws since December 2023, oldest first.

The values stand twice, as a JSON list within the cell and joined by hyphens, in the order they were drawn. A game of
several draws a day has a code for each. What stands as jackpot is a pot that grows in the games of six numbers, and
elsewhere what a winner is paid; it is 0 where nobody knew it.
"""

import re
from collections.abc import Iterator

from lotto.scraper.contents import amount, day, document, once, rows
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

REPOSITORY = "kaaanooon/PCSO-Live-Lottery-Results-and-Analysis"
FILE = "lotto_results_all_games_oldest_to_latest_8_columns.csv"
HEADER = ["game_code", "game", "numbers", "combination", "draw_date", "draw_time", "jackpot", "winners"]

SIX = ("UL58", "GL55", "SL49", "ML45", "LOTTO42")
"""Games of six numbers, written with two digits."""
OTHERS = {"6DL": (6, 1), "4DL": (4, 1)} | {
    f"{count}DL-{hour}PM": (count, width) for count, width in ((3, 1), (2, 2)) for hour in (2, 5, 9)
}
"""Other games → how many values, and how many digits each has."""
GAMES = dict.fromkeys(SIX, (6, 2)) | OTHERS


class Kaaanooon(Source):
    """The names are the codes in the file, as in “GL55”."""

    publisher = REPOSITORY
    official = False
    origin = REPOSITORY
    home = f"https://github.com/{REPOSITORY}"
    hosts = ("raw.githubusercontent.com",)
    pace = 900.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in GAMES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(GAMES)}.")
        yield Request(f"https://raw.githubusercontent.com/{REPOSITORY}/HEAD/{FILE}")

    def read(self, page: Page) -> Iterator[Reading]:
        header, *lines = rows(page)
        if header != HEADER:
            raise PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")
        if not lines:
            raise PageNotYet("The file has no draw yet.")
        yield from once([_reading(line, page) for line in lines])


def _reading(line: list[str], page: Page) -> Reading:
    shown = ",".join(line)
    if len(line) != len(HEADER) or line[0] not in GAMES:
        raise PageChanged(f"“{shown[:80]}” is not a line of a game we know.")
    code, _, listed, joined, on, at, pot, winners = line
    count, width = GAMES[code]
    found = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})", on)
    values = document(listed, list[str])
    if found is None or not re.fullmatch("[0-9]{2}:00", at) or not re.fullmatch("[0-9]{1,6}", winners):
        raise PageChanged(f"“{shown[:120]}” is not a line of a draw.")
    if len(values) != count or not all(re.fullmatch(f"[0-9]{{{width}}}", value) for value in values):
        raise PageChanged(f"“{listed[:60]}” are not the {count} values of a draw of {code}.")
    if "-".join(values) != joined:
        raise PageChanged(f"The values {joined[:60]} of {code} of {on} are not those it lists, {listed[:60]}.")
    year, month, of_month = found.groups()
    return Reading(
        code,
        day(year, month, of_month, page.at),
        {"main": tuple(values)},
        drawn_order=True,
        jackpot=amount(pot, decimal=".") if code in SIX and pot != "0" else None,
    )
