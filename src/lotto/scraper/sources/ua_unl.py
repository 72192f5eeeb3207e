"""UNL of Ukraine: the newest draw of each game as JSON, balls as they were drawn.

A game of two draws a day tells the time, which is the label. The coming draw stands beside it with a number, a day and
a jackpot of its own, none of which is read; nor are winners.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from lotto.scraper.contents import document, once, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

BALLS = {"keno": 20, "loto3": 3, "maxima": 5, "superloto": 6, "loto636": 6}
"""What the document calls a game → its balls."""


class Draw(Struct):
    """A draw."""

    draw: int
    date: str
    balls: list[int]
    bonus_ball: int | None = None


class Game(Struct):
    """The newest draws of a game."""

    results: list[Draw]


class Unl(Source):
    """The names are those in the document, as in “superloto”."""

    publisher = "UNL"
    official = True
    origin = "unl"
    home = "https://unl.ua"

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in BALLS:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(BALLS)}.")
        yield Request("https://unl.ua/api/dynamicdata")

    def read(self, page: Page) -> Iterator[Reading]:
        games = document(page, dict[str, Game])
        if not set(BALLS) <= set(games):
            told = ", ".join(games)[:120]
            raise PageChanged(f"The layout changed: the games in the data are “{told}”; one of ours is lost.")
        readings = [_reading(name, draw, page) for name in BALLS for draw in games[name].results if draw.balls]
        if not readings:
            raise PageNotYet("There is no draw of any game.")
        yield from once(readings)


def _reading(name: str, draw: Draw, page: Page) -> Reading:
    found = re.fullmatch("([0-9]{4}-[0-9]{2}-[0-9]{2})( [0-9]{2}:[0-9]{2}:00)?", draw.date)
    if found is None:
        raise PageChanged(f"The layout changed: “{draw.date[:40]}” is not the day of a draw.")
    if len(draw.balls) > BALLS[name] or not all(0 <= ball <= 99 for ball in draw.balls):
        raise PageChanged(f"The layout changed: draw {draw.draw} of {name} has other balls than {BALLS[name]}.")
    numbers = {"main": tuple(map(str, draw.balls))}
    if draw.bonus_ball is not None:
        numbers["bonus"] = (str(draw.bonus_ball),)
    label = found[2][1:6] if found[2] else ""
    on = written_day(found[1], "ymd", page.at)
    return Reading(name, on, numbers, label, drawn_order=True, serial=str(draw.draw))
