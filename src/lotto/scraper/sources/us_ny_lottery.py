"""The New York Lottery's own service: Quick Draw as JSON, twenty numbers every four minutes, known by their serial.

Newest first, 25 draws a page; days and times are local. Beside each draw stands its Money Dot: one number of the
eighty, and what it pays, which is nothing when it is one of the twenty.
"""

import re
from collections.abc import Iterator
from datetime import time

from msgspec import Struct

from lotto.scraper.contents import document, once, written_day
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

NEWEST = "https://nylottery.ny.gov/drupal-api/api/v2/winning_numbers?_format=json&nid=400&page={}&sort_by=draw_number"
NAMES = ("Quick Draw", "Money Dots")
TAKE = 20


class Dot(Struct):
    """The Money Dot of a draw; both are empty before it is drawn."""

    money_dots_amount: str
    money_dots_number: str


class Draw(Struct):
    """A draw of Quick Draw."""

    game: str
    date: str
    draw_number: int
    draw_time: str
    multiplier: int
    winning_numbers: list[str]
    secondary_prize_value: Dot


class Answer(Struct):
    """A page of draws."""

    rows: list[Draw]


class NewYorkLottery(Source):
    """The names are “Quick Draw” and “Money Dots”."""

    publisher = "New York Lottery"
    official = True
    origin = "ny_lottery"
    home = "https://nylottery.ny.gov"

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in NAMES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(NAMES)}.")
        yield Request(NEWEST.format(0))

    def read(self, page: Page) -> Iterator[Reading]:
        draws = document(page, Answer).rows
        if not draws:
            raise PageNotYet("There is no draw in the list yet.")
        yield from once([one for draw in draws for one in _readings(draw, page)])


def _readings(draw: Draw, page: Page) -> Iterator[Reading]:
    if draw.game != NAMES[0]:
        raise PageChanged(f"The layout changed: draw {draw.draw_number} is of “{draw.game[:40]}”, not of {NAMES[0]}.")
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]:00", draw.draw_time):
        raise PageChanged(f"The layout changed: “{draw.draw_time[:40]}” is not the time of a draw.")
    shown = draw.winning_numbers
    dot = draw.secondary_prize_value
    figures = (*shown, str(draw.draw_number), str(draw.multiplier), dot.money_dots_number, dot.money_dots_amount)
    if len(shown) > TAKE or not all(re.fullmatch("[0-9]{0,9}", figure) for figure in figures):
        raise PageChanged(f"The layout changed: “{' '.join(figures)[:80]}” are not {TAKE} numbers and a Money Dot.")
    on, at, serial = written_day(draw.date, "ymd", page.at), time.fromisoformat(draw.draw_time), str(draw.draw_number)
    main = tuple(number or None for number in shown) + (None,) * (TAKE - len(shown))
    pools = {"main": main, "multiplier": (str(draw.multiplier) if shown else None,)}
    yield Reading(NAMES[0], on, pools, label=serial, serial=serial, at=at)
    if dot.money_dots_number:
        paid = (Payout("1", amount=Amount(dot.money_dots_amount)),) if dot.money_dots_amount else ()
        numbers = {"main": (dot.money_dots_number,)}
        yield Reading(NAMES[1], on, numbers, label=serial, serial=serial, at=at, prizes=paid)
