"""Lotto New Zealand: the draws since the first Powerball as one JSON list, six balls ascending and the Powerball.

That is what an export made of the site's results; the site itself answers in another form, so it is not asked. Each
entry tells two games. The bonus ball of the Lotto is not among them.
"""

from collections.abc import Iterator

from msgspec import Struct

from lotto.scraper.contents import document, once, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

ADDRESS = "https://mylotto.co.nz/game-information"
GAMES = ("Lotto", "Powerball")
BALLS = 6


class Draw(Struct):
    """One evening's balls."""

    date: str
    numbers: list[int]
    powerball: int | None


class MyLotto(Source):
    """The names are those of the games, “Lotto” and “Powerball”."""

    publisher = "Lotto New Zealand"
    official = True
    origin = "lotto_new_zealand"
    home = "https://mylotto.co.nz"
    pace = 60.0
    resting = "The site has no such document; only an export of its results was ever read."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in GAMES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(GAMES)}.")
        yield Request(ADDRESS)

    def read(self, page: Page) -> Iterator[Reading]:
        draws = document(page, list[Draw])
        if not draws:
            raise PageNotYet("There is no draw in the list yet.")
        yield from once([reading for draw in draws for reading in _readings(draw, page)])


def _readings(draw: Draw, page: Page) -> Iterator[Reading]:
    if len(draw.numbers) > BALLS:
        raise PageChanged(
            f"The layout changed: the draw of {draw.date[:20]} has {len(draw.numbers)} balls, not {BALLS}."
        )
    on = written_day(draw.date, "ymd", page.at)
    main = (*map(str, draw.numbers), *[None] * (BALLS - len(draw.numbers)))
    powerball = None if draw.powerball is None else str(draw.powerball)
    yield Reading("Lotto", on, {"main": main})
    yield Reading("Powerball", on, {"main": main, "bonus": (powerball,)})
