"""LotteryExtreme: an HTML page a game with its twenty newest draws, of many countries; three of their kenos are read.

One template, and another way to write the day for each country. An advert parts the draws into two tables, and twenty
balls stand in two lists, ascending. What is drawn beside them is a line of text under them: the German plus 5, the
Slovak Keno Plus (one of the twenty) and Joker. One Slovak draw was seen twice, once without its Joker.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import once, place, stranger, tree, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

SITE = "https://www.lotteryextreme.com"


@dataclass(frozen=True)
class Game:
    """How one country's page writes."""

    name: str
    path: str
    head: str
    """What stands over a draw, white space levelled; the group is its day."""
    beside: str = ""
    """The line under the balls; each group is named after what it tells."""


GAMES = (
    Game("Belgium Keno", "/belgium/keno-results", "Keno ([0-9]{2}/[0-9]{2}/[0-9]{4}) [A-Z][a-z]{2}"),
    Game(
        "Germany Keno",
        "/germany-keno/results",
        r"Keno ([0-9]{2}\.[0-9]{2}\.[0-9]{4}) [A-Z][a-z]{5,8}",
        "Plus 5: (?P<plus>[0-9]{5})?",
    ),
    Game(
        "Slovakia Keno 10",
        "/slovakia/keno10-results",
        r"Keno 10 ([0-9]{2}\.[0-9]{2}\.[0-9]{4}) \([0-9]{1,2}\)",
        "Keno Plus: (?P<keno_plus>[0-9]{1,2})? Joker:(?: (?P<joker>[0-9]{6}))?",
    ),
)
DIGITS = {"plus": "Germany Plus 5", "joker": "Slovakia Joker"}
"""A game of digits in the line under the balls → its name."""

PATHS = {game.name: game.path for game in GAMES}
PATHS |= {"Germany Plus 5": GAMES[1].path, "Slovakia Joker": GAMES[2].path}


class LotteryExtreme(Source):
    """The names are the country's and the game's, as in “Slovakia Keno 10”."""

    publisher = "LotteryExtreme.com"
    official = False
    origin = "lotteryextreme.com"
    home = SITE
    pace = 300.0
    parser = 2

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in PATHS:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(PATHS)}.")
        yield Request(SITE + PATHS[ask.name])

    def read(self, page: Page) -> Iterator[Reading]:
        game = next((game for game in GAMES if game.path == urlsplit(page.url).path), None)
        if game is None:
            raise PageChanged(f"“{page.url[:120]}” is the address of no game we know.")
        found = tree(page, known_by="table.results3", ends_with="</html>")
        cells = found.css("table.results3 td.cx, table.results3 td.c1")
        heads, rows = cells[::2], cells[1::2]
        kinds = [cell.attributes["class"] for cell in cells]
        if kinds != ["cx", "c1"] * len(rows):
            raise stranger(found, f"{len(heads)} days do not stand over {len(rows)} draws in turn")
        if not heads:
            raise PageNotYet("There is no draw on the page yet.")
        draws = [_readings(game, head, row, page) for head, row in zip(heads, rows, strict=True)]
        yield from once(reading for draw in draws for reading in draw)


def _readings(game: Game, head: LexborNode, row: LexborNode, page: Page) -> list[Reading]:
    shown = " ".join(head.text().split())
    day = re.fullmatch(game.head, shown)
    if day is None:
        raise PageChanged(f"The layout changed: “{shown[:60]}” is not over a draw of {game.name}.")
    on = written_day(day[1], "dmy", page.at)
    balls = tuple(place(ball) for ball in row.css("ul.displayball li"))
    if not balls or not all(ball is None or re.fullmatch("[0-9]{1,2}", ball) for ball in balls):
        raise PageChanged(f"The layout changed: “{' '.join(map(str, balls))[:80]}” are not the balls of {on}.")
    beside = _beside(game, row, on)
    plus = {"plus": (beside["keno_plus"],)} if "keno_plus" in beside else {}
    digits = [Reading(DIGITS[kind], on, {"main": tuple(shown)}) for kind, shown in beside.items() if kind in DIGITS]
    return [Reading(game.name, on, {"main": balls, **plus}), *digits]


def _beside(game: Game, row: LexborNode, on: date) -> dict[str, str]:
    """What the line under the balls tells, by its groups."""
    shown = " ".join(" ".join(line.text() for line in row.css("p")).split())
    told = re.fullmatch(game.beside, shown)
    if told is None:
        raise PageChanged(f"The layout changed: “{shown[:60]}” is not under a draw of {game.name} ({on}).")
    return {kind: text for kind, text in told.groupdict().items() if text}
