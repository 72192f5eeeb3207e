"""Mifal HaPais: a CSV file a game in Windows-1255 with Hebrew headers, every draw since the first, newest first.

Every line ends with a comma. Balls stand ascending; the seventh is the additional number of the old Lotto, and the
strong number since 2004. Winners are those of the first prize, told since then. Chance draws a card of each suit,
several times a day, and the file does not tell the hour. The draws were numbered anew each year until 1999, in Chance
until 1998.
"""

import re
from collections.abc import Iterator

from lotto.scraper.contents import day, once, rows
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

FILES = {
    "Lotto": "https://www.pais.co.il/lotto/lotto_resultsDownload.aspx",
    "Chance": "https://www.pais.co.il/chance/chance_resultsDownload.aspx",
}

DRAW, DATE = "הגרלה", "תאריך"
LOTTO = [DRAW, DATE, *"123456", "המספר החזק/נוסף", "מספר_זוכים_לוטו", "מספר_זוכים_דאבל_לוטו", ""]
CHANCE = [DATE, DRAW, "תלתן", "יהלום", "לב", "עלה", ""]
SUITS = ("clubs", "diamonds", "hearts", "spades")

DAY = "([0-9]{2})/([0-9]{2})/([0-9]{4})"
LOTTO_DRAW = f"([0-9]{{1,5}}),{DAY}" + ",([0-9]{0,2})" * 7 + ",([0-9]{0,6})" * 2 + ","
CHANCE_DRAW = f"{DAY},([0-9]{{1,5}})" + ",([789JQKA]|10|)" * 4 + ","


class Pais(Source):
    """The names are those of the games, “Lotto” and “Chance”."""

    publisher = "Mifal HaPais"
    official = True
    origin = "mifal_hapais"
    home = "https://www.pais.co.il"
    pace = 120.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in FILES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(FILES)}.")
        yield Request(FILES[ask.name])

    def read(self, page: Page) -> Iterator[Reading]:
        header, *lines = rows(page, encoding="windows-1255")
        if header not in (LOTTO, CHANCE):
            raise PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")
        if not lines:
            raise PageNotYet("The file has no draw yet.")
        yield from once((_lotto if header == LOTTO else _chance)(",".join(line), page) for line in lines)


def _lotto(line: str, page: Page) -> Reading:
    serial, of_month, month, year, *balls, first, double = _parts(LOTTO_DRAW, line)
    return Reading(
        "Lotto",
        day(year, month, of_month, page.at),
        {"main": tuple(ball or None for ball in balls[:6]), "bonus": (balls[6] or None,)},
        serial=serial,
        prizes=tuple(Payout(tier, count) for tier, count in (("Lotto", first), ("Double Lotto", double)) if count),
    )


def _chance(line: str, page: Page) -> Reading:
    of_month, month, year, serial, *cards = _parts(CHANCE_DRAW, line)
    pools = {suit: (card or None,) for suit, card in zip(SUITS, cards, strict=True)}
    return Reading("Chance", day(year, month, of_month, page.at), pools, label=serial, serial=serial)


def _parts(draw: str, line: str) -> tuple[str, ...]:
    found = re.fullmatch(draw, line)
    if found is None:
        raise PageChanged(f"“{line[:80]}” is not a line of a draw.")
    return found.groups()
