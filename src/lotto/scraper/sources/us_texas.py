"""The Texas Lottery: a CSV file a game, every draw since the first, balls unpadded and in the order they were drawn.

There is no header line, but for Texas Two Step, whose file was seen with one. A line is the game's name, month, day,
year, the balls, the bonus ball where the game has one, and the multiplier where the game has one. In years without a
multiplier lines are a field shorter; in all others a line that lacks a field could pass the multiplier off as the ball.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lotto.scraper.contents import day, once, rows
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError


@dataclass(frozen=True)
class Layout:
    """How many balls a line has, and what may follow them."""

    main: int
    bonus: bool = False
    multiplier: bool = False
    unmultiplied: tuple[date, date] = (date.max, date.min)
    """First and last day on which the multiplier may be missing."""


GAMES: Mapping[str, Layout] = {
    "Powerball": Layout(5, bonus=True, multiplier=True, unmultiplied=(date(2012, 1, 18), date(2014, 1, 18))),
    "Mega Millions": Layout(5, bonus=True, multiplier=True, unmultiplied=(date(2025, 4, 8), date.max)),
    "Lotto Texas": Layout(6),
    "Texas Two Step": Layout(4, bonus=True),
}

BONUS_ERA = (date(2003, 5, 7), date(2006, 4, 22))
"""First and last draw of the years in which the sixth ball of Lotto Texas was a bonus ball: both sets were 1 to 44, and
it repeats one of the five in 34 of 310 draws. Tickets for six of 54 were sold again from Sunday 2006-04-23, first drawn
on Wednesday the 26th (Corpus Christi Caller-Times of that day)."""

DATE_AND_BALLS = re.compile("(,[0-9]{1,2}){2},[0-9]{4}(,[0-9]{0,2})*")
BEGINNING = ["Game Name", "Month", "Day", "Year", "Num1"]
ADDRESS = "https://www.texaslottery.com/export/sites/lottery/Games/{}/Winning_Numbers/{}.csv"


class Texas(Source):
    """The names are the games' own, the first field of each line."""

    publisher = "Texas Lottery Commission"
    official = True
    origin = "texas_lottery"
    home = "https://www.texaslottery.com"
    pace = 60.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in GAMES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(GAMES)}.")
        yield Request(ADDRESS.format(ask.name.replace(" ", "_"), ask.name.replace(" ", "").lower()))

    def read(self, page: Page) -> Iterator[Reading]:
        header, *rest = lines = rows(page)
        if header[:5] == BEGINNING:
            lines = rest
        if not lines:
            raise PageNotYet("The file has no draw yet.")
        yield from once(_reading(line, page) for line in lines)


def _reading(line: list[str], page: Page) -> Reading:
    shown = ",".join(line)[:80]
    layout = GAMES.get(line[0])
    if layout is None:
        raise PageChanged(f"“{shown}” is not a line of a game we know.")
    if not DATE_AND_BALLS.fullmatch("," + ",".join(line[1:])):
        raise PageChanged(f"“{shown}” is not a date and balls.")
    _, month, of_month, year, *balls = line
    on = day(year, month, of_month, page.at)
    if line[0] == "Lotto Texas" and BONUS_ERA[0] <= on <= BONUS_ERA[1]:
        layout = Layout(5, bonus=True)
    drawn = layout.main + layout.bonus
    all_told = drawn + layout.multiplier
    least = drawn if layout.unmultiplied[0] <= on <= layout.unmultiplied[1] else all_told
    if not least <= len(balls) <= all_told:
        raise PageChanged(f"“{shown}” has {len(balls)} numbers, not {all_told}.")
    values = tuple(ball or None for ball in balls)
    numbers = {"main": values[: layout.main], "bonus": values[layout.main : drawn], "multiplier": values[drawn:]}
    told = {pool: shown for pool, shown in numbers.items() if shown and (pool != "multiplier" or shown[0])}
    return Reading(line[0], on, told, drawn_order=True)
