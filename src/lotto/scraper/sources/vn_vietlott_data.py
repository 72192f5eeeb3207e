"""Vietlott's games as a repository on GitHub keeps them: a file a game, on each line one draw as JSON.

The address tells the game. The seventh number of Power 6/55 and the sixth of Lotto 5/35 are of the bonus pool; of two
draws of Lotto 5/35 on a day, the odd number is midday's. `process_time` is when the line was written and no draw's.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from msgspec import Struct

from lotto.scraper.contents import day, documents, once
from lotto.scraper.sources.source import Ask, Page, PageChanged, Reading, Request, Source, SourceError

ADDRESS = "https://raw.githubusercontent.com/vietvudanh/vietlott-data/HEAD/data/{}.jsonl"
BALLS = {"power655": (6, 1), "power645": (6, 0), "power535": (5, 1)}
"""Balls of the main pool, and of the bonus pool."""

SERIAL_AND_DAY = re.compile("[0-9]{5} ([0-9]{4})-([0-9]{2})-([0-9]{2})")
THREE_DIGITS = re.compile("[0-9]{3}")

DIGITS = ("3d", "3d_pro")
PRIZES = {
    "Giải Đặc biệt": ("special", 2),
    "Giải Nhất": ("first", 4),
    "Giải Nhì": ("second", 6),
    "Giải ba": ("third", 8),
}
"""The prizes of Max 3D → our pool, and how many numbers they have."""


class Draw(Struct):
    """One draw: balls, or the numbers of each prize."""

    date: str
    id: str
    result: list[int] | dict[str, list[str]]


class VietlottData(Source):
    """The names are those of the files, as in “power655”."""

    publisher = "vietlott-data"
    official = False
    origin = "vietlott"
    home = "https://github.com/vietvudanh/vietlott-data"
    hosts = ("raw.githubusercontent.com",)
    pace = 3600.0
    resting = "It repeats what Vietlott shows, a night later, and is kept for its history."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in (*BALLS, *DIGITS):
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join((*BALLS, *DIGITS))}.")
        yield Request(ADDRESS.format(ask.name))

    def read(self, page: Page) -> Iterator[Reading]:
        name = page.url.rpartition("/")[2].removesuffix(".jsonl")
        if name not in (*BALLS, *DIGITS):
            raise PageChanged(f"“{page.url[:120]}” is the address of no game we know.")
        yield from once([_reading(name, draw, page) for draw in documents(page, Draw)])


def _reading(name: str, draw: Draw, page: Page) -> Reading:
    told = SERIAL_AND_DAY.fullmatch(f"{draw.id} {draw.date}")
    if told is None:
        raise PageChanged(f"“{draw.id[:20]} {draw.date[:20]}” is not the number and the day of a draw.")
    if isinstance(draw.result, dict) != (name in DIGITS):
        raise PageChanged(f"Draw {draw.id} is none of {name}.")
    on = day(told[1], told[2], told[3], page.at)
    if isinstance(draw.result, dict):
        return Reading(name, on, _prizes(draw.id, draw.result), serial=draw.id)
    main, bonus = BALLS[name]
    balls = tuple(map(str, draw.result))
    if not main <= len(balls) <= main + bonus:
        raise PageChanged(f"Draw {draw.id} of {name} has {len(balls)} balls, not {main + bonus}.")
    numbers = {"main": balls[:main]}
    label = ("evening", "midday")[int(draw.id) % 2] if name == "power535" else ""
    open_ = (*balls[main:], *(None for _ in range(main + bonus - len(balls))))
    return Reading(name, on, numbers | ({"bonus": open_} if open_ else {}), label, serial=draw.id)


def _prizes(serial: str, told: Mapping[str, list[str]]) -> dict[str, tuple[str | None, ...]]:
    sizes = {prize: size for prize, (_, size) in PRIZES.items()}
    found = {prize: len(numbers) for prize, numbers in told.items()}
    if found != sizes or not all(map(THREE_DIGITS.fullmatch, chain(*told.values()))):
        raise PageChanged(f"Draw {serial} has the prizes {', '.join(told)[:80]}, or other numbers than those have.")
    return {pool: tuple(told[prize]) for prize, (pool, _) in PRIZES.items()}
