"""TIPOS, the Slovak lottery: Keno 10 of one day, a JSON document that is itself a text within JSON.

The numbers stand in drawn order, and the last of them is the Keno Plus. What Keno 10 paid is told as sums for all who
picked so many numbers, whatever they matched, and is not read. The Joker pays for its last digits; where a tier has -1
winners their number is not known.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from lotto.scraper.contents import amount, document, written_day
from lotto.scraper.sources.source import (
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

ADDRESS = "https://www.tipos.sk/Millennium.CiselneLoterie/Keno10/GetForDate"
NAMES = ("Keno 10", "Joker")


class Tier(Struct):
    """What the Joker pays for so many last digits."""

    VyherneCisla: str
    VyskaVyhry: str
    PocetVyhier: str


class Won(Struct):
    """The tables of prizes."""

    Joker: list[Tier]


class Draw(Struct):
    """One day."""

    Date: str
    Zrebovanie: list[str]
    ZrebovanieAdd: str
    ZrebovanieJoker: list[str]
    TabulkaVyhier: Won


class Tipos(Source):
    """The names are “Keno 10” and “Joker”."""

    publisher = "TIPOS"
    official = True
    origin = "tipos"
    home = "https://www.tipos.sk"
    pace = 120.0
    resting = "Its address answers only to a POST that names the day, and a source asks by GET."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in NAMES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(NAMES)}.")
        yield Request(ADDRESS)

    def read(self, page: Page) -> Iterator[Reading]:
        draw = document(document(page, str), Draw)
        on = written_day(draw.Date, "dmy", page.at)
        if not draw.Zrebovanie:
            raise PageNotYet(f"Keno 10 of {on} has no numbers yet.")
        plus = [draw.ZrebovanieAdd] if draw.ZrebovanieAdd else []
        if not all(re.fullmatch("[0-9]{1,2}", number) for number in [*draw.Zrebovanie, *plus]):
            raise PageChanged(f"The layout changed: “{' '.join(draw.Zrebovanie)[:80]}” are not the numbers of a draw.")
        if not all(re.fullmatch("[0-9]", digit) for digit in draw.ZrebovanieJoker):
            raise PageChanged(f"The layout changed: “{' '.join(draw.ZrebovanieJoker)[:40]}” are not digits of a Joker.")
        prizes = tuple(map(_payout, draw.TabulkaVyhier.Joker))
        yield Reading("Keno 10", on, {"main": tuple(draw.Zrebovanie), "plus": tuple(plus) or (None,)}, drawn_order=True)
        if draw.ZrebovanieJoker:
            yield Reading("Joker", on, {"main": tuple(draw.ZrebovanieJoker)}, prizes=prizes)


def _payout(tier: Tier) -> Payout:
    if not re.fullmatch("[0-9]{1,6}", tier.VyherneCisla) or not re.fullmatch("-1|[0-9]{1,9}", tier.PocetVyhier):
        raise PageChanged(f"The layout changed: “{tier.VyherneCisla[:20]}” with “{tier.PocetVyhier[:20]}” is no tier.")
    winners = None if tier.PocetVyhier == "-1" else tier.PocetVyhier
    return Payout(f"last {len(tier.VyherneCisla)}", winners, amount(tier.VyskaVyhry, decimal=","))
