"""Lotterywest: all games of Western Australia in one JSON document, of each the ten newest draws.

Numbers, winners and most sums are texts. An empty object may be a list, as PHP writes it. The numbers stand twice, by
place and as one text: a draw whose two tellings differ is none. Winners are those of all Australia; a first division
without winners is told as 0.00, so that its worth is known only of draws that had one.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, TypeVar

from msgspec import Meta, Raw, Struct, field

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

ADDRESS = "https://www.lotterywest.wa.gov.au/api/games"
BALLS: Mapping[str, tuple[int, int]] = {
    "Saturday Lotto": (6, 2),
    "Monday Lotto": (6, 2),
    "Wednesday Lotto": (6, 2),
    "Millionaire Medley": (6, 2),
    "OZ Lotto": (7, 3),
    "Powerball": (7, 1),
    "Set for Life": (7, 2),
    "Super66": (6, 0),
    "Cash 3": (3, 0),
}
"""The title of a game → its winning numbers and its supplementary ones."""

ORDERS = {"upcoming_order", "results_order"}
"""What stands beside the games without being one."""

T = TypeVar("T")
Object = dict[str, T] | Annotated[list[tuple[str, T]], Meta(max_length=0)]


class Division(Struct):
    """What a division paid for one winner, and to all."""

    each: str | int
    pool: str | int
    winners: str


class Draw(Struct):
    """A draw that was held."""

    on: str = field(name="draw_date")
    number: int = field(name="draw_num")
    takes: list[tuple[int, int]] = field(name="division_matrix")
    divisions: Object[Division]
    main: Object[str] = field(name="winning_numbers")
    bonus: Object[str] = field(name="supplementary_numbers")
    main_again: str = field(name="winning_numbers_display")
    bonus_again: str = field(name="supplementary_numbers_display")


class Game(Struct):
    """A game with its newest draws."""

    title: str
    results: list[Draw]


class Games(Struct):
    """The whole document: games by their ids, and two lists of ids."""

    data: dict[str, Raw]


class Lotterywest(Source):
    """The names are the titles of the games, as in “Saturday Lotto”."""

    publisher = "Lotterywest"
    official = True
    origin = "lotterywest"
    home = "https://www.lotterywest.wa.gov.au"
    pace = 60.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in BALLS:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(BALLS)}.")
        yield Request(ADDRESS)

    def read(self, page: Page) -> Iterator[Reading]:
        told = document(page, Games).data
        games = [document(bytes(raw).decode(), Game) for key, raw in told.items() if key not in ORDERS]
        if not games:
            raise PageChanged("The layout changed: there is no game in the document.")
        readings = [_reading(game.title, draw, page) for game in games for draw in game.results]
        if not readings:
            raise PageNotYet("There is no result of any game yet.")
        yield from once(readings)


def _reading(title: str, draw: Draw, page: Page) -> Reading:
    if title not in BALLS:
        raise PageChanged(f"“{title[:40]}” is no game we know.")
    main, bonus = BALLS[title]
    pools = {"main": _places(draw.main, main, draw.main_again), "bonus": _places(draw.bonus, bonus, draw.bonus_again)}
    divisions = dict(draw.divisions)
    first = divisions.get("1")
    worth = Amount(str(first.pool)) if first and draw.takes and first.winners != "0" else None
    return Reading(
        title,
        written_day(draw.on, "ymd", page.at),
        {pool: places for pool, places in pools.items() if places},
        drawn_order=True,
        serial=str(draw.number),
        prizes=tuple(
            Payout(_tier(division, draw.takes), paid.winners, Amount(str(paid.each)))
            for division, paid in divisions.items()
        ),
        jackpot=worth,
    )


def _places(shown: Object[str], count: int, again: str) -> tuple[str | None, ...]:
    texts = dict(shown)
    if not set(texts) <= {str(n + 1) for n in range(count)}:
        raise PageChanged(f"The layout changed: there are numbers at {', '.join(texts)[:40]}, not at 1 to {count}.")
    if [text for text in again.split(", ") if text] != list(texts.values()):
        raise PageChanged(f"The numbers {' '.join(texts.values())[:60]} of a draw are not its “{again[:60]}”.")
    return tuple(_ball(texts.get(str(n + 1), "")) for n in range(count))


def _ball(text: str) -> str | None:
    if text and not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise PageChanged(f"“{text[:40]}” is not a number that is drawn.")
    return text or None


def _tier(division: str, takes: list[tuple[int, int]]) -> str:
    """What the division takes, as 5+1; of a game that does not say it, its number."""
    if not takes:
        return f"division {division}"
    if division not in {str(n + 1) for n in range(len(takes))}:
        raise PageChanged(f"The layout changed: nothing says what division {division[:12]} takes.")
    main, bonus = takes[int(division) - 1]
    return f"{main}+{bonus}" if bonus else str(main)
