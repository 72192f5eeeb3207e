"""OPAP's draw service: the last draws of a game as JSON, newest first, the one to come among them.

The moment of a draw is in milliseconds; its day is the one in Athens. Numbers stand in drawn order. Winners and prizes
of Eurojackpot are those of all countries; the add-on that is sold in Greece alone is not read.
"""

from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec import UNSET, Struct, UnsetType, field

from lotto.scraper.contents import document, instant, once
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

ADDRESS = "https://api.opap.gr/draws/v3.0/{}/last/10"
GAMES = {"Eurojackpot": 5149}
ATHENS = ZoneInfo("Europe/Athens")
TIERS = ("5+2", "5+1", "5", "4+2", "4+1", "3+2", "4", "2+2", "3+1", "3", "1+2", "2+1")
"""The categories of Eurojackpot by their ids from 1, as they are since Greece joined it in 2024."""

TO_COME = ("future", "active")
"""The states of a draw that has no numbers yet."""

MOST = 10**12
"""Euros that no tier pays; a figure such as 1e999999999 must not be written out."""


class Drawn(Struct):
    """The numbers of a draw."""

    main: list[int] = field(name="list")
    bonus: list[int]


class Category(Struct):
    """What one tier paid; `jackpot` is what was in it before the draw."""

    id: int
    divident: Decimal
    jackpot: Decimal
    gameType: str  # noqa: N815 - the names are OPAP's
    winnersAll: int | None = None  # noqa: N815


class Draw(Struct):
    """One draw."""

    gameId: int  # noqa: N815
    drawId: int  # noqa: N815
    drawTime: int  # noqa: N815
    status: str
    prizeCategories: list[Category]  # noqa: N815
    winningNumbers: Drawn | UnsetType = UNSET  # noqa: N815


class Opap(Source):
    """There is one name, “Eurojackpot”."""

    publisher = "OPAP"
    official = True
    origin = "opap"
    home = "https://www.opap.gr"
    hosts = ("api.opap.gr",)
    pace = 120.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in GAMES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(GAMES)}.")
        yield Request(ADDRESS.format(GAMES[ask.name]))

    def read(self, page: Page) -> Iterator[Reading]:
        draws = document(page, list[Draw])
        strange = next((draw for draw in draws if draw.status not in (*TO_COME, "results")), None)
        if strange:
            raise PageChanged(f"The layout changed: draw {strange.drawId} has the state “{strange.status[:40]}”.")
        readings = [_reading(draw) for draw in draws if draw.status == "results"]
        if not readings:
            raise PageNotYet("There is no draw with numbers in the list yet.")
        yield from once(readings)


def _reading(draw: Draw) -> Reading:
    if draw.gameId not in GAMES.values():
        raise PageChanged(f"Draw {draw.drawId} is of the game {draw.gameId}, which we do not know.")
    if draw.winningNumbers is UNSET or not draw.winningNumbers.main or not draw.winningNumbers.bonus:
        raise PageChanged(f"The layout changed: draw {draw.drawId} has results and not all its numbers.")
    paid = [one for one in draw.prizeCategories if one.gameType == "Normal"]
    if [one.id for one in paid] != list(range(1, len(TIERS) + 1)):
        raise PageChanged(f"The layout changed: draw {draw.drawId} does not have the {len(TIERS)} tiers we know.")
    if not all(0 <= sum_ < MOST for one in paid for sum_ in (one.divident, one.jackpot)):
        raise PageChanged(f"Draw {draw.drawId} pays what nobody can pay.")
    return Reading(
        "Eurojackpot",
        instant(draw.drawTime, ATHENS).date(),
        {"main": tuple(map(str, draw.winningNumbers.main)), "star": tuple(map(str, draw.winningNumbers.bonus))},
        drawn_order=True,
        serial=str(draw.drawId),
        jackpot=Amount(f"{paid[0].jackpot:f}", "EUR"),
        prizes=tuple(map(_payout, TIERS, paid)),
    )


def _payout(tier: str, paid: Category) -> Payout:
    winners = None if paid.winnersAll is None else str(paid.winnersAll)
    return Payout(tier, winners, Amount(f"{paid.divident:f}", "EUR"))
