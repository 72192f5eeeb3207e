"""Lottotal.dk: Keno of Danske Spil, a page a day with the numbers ascending and a table of prizes for each level.

The page of a day is there before its draw; one of a past day leads on to the next. “8 rigtige” in the table of Keno 10
are eight right of ten picked.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import amount, only, place, text, tree, written_day
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

ADDRESS = "https://www.lottotal.dk/keno/keno-{}-{}-{}-{}"
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "loerdag", "soendag")
MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
FIRST = date(2024, 12, 5)
"""The oldest page we have read in this form; what is older is not asked for."""


class Lottotal(Source):
    """There is one name, “Keno”."""

    publisher = "Lottotal"
    official = False
    origin = "lottotal.dk"
    home = "https://www.lottotal.dk"
    pace = 300.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != "Keno":
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is Keno.")
        yield _page(max(ask.since, FIRST))

    def read(self, page: Page) -> Iterator[Reading | Request]:
        body = tree(page, known_by="#keno", ends_with="</html>").body
        if body is None:
            raise PageChanged("The layout changed: the page has no body.")
        board = only(body, "#keno", "the board of Keno")
        if text(board, ".gamehead", "the heading of the numbers") != "Vindertal Keno":
            raise PageChanged("The layout changed: the numbers have another heading.")
        on = _day(text(body, "h2.entry-title", "the title"), "Keno", page)
        numbers = tuple(map(place, only(board, "section.stage", "the stage").css("figure.ball .number")))
        if not any(numbers):
            raise PageNotYet(f"Keno of {on} has no numbers yet.")
        prizes = tuple(payout for table in board.css("table.payout") for payout in _payouts(table, on, page))
        yield Reading("Keno", on, {"main": numbers}, prizes=prizes)
        if on < page.at.astimezone(COPENHAGEN).date():
            yield _page(on + timedelta(days=1))


def _page(on: date) -> Request:
    return Request(ADDRESS.format(WEEKDAYS[on.weekday()], on.day, MONTHS[on.month - 1], on.year))


def _day(title: str, game: str, page: Page) -> date:
    """The day of a title such as “Keno torsdag 5. december 2024”."""
    found = re.fullmatch(rf"{game} ([a-zæøå]+dag [0-9]{{1,2}}\. [a-z]+ [0-9]{{4}})", title)
    if found is None:
        raise PageChanged(f"The layout changed: “{title}” is not {game} of a day.")
    return written_day(found[1], "dmy", page.at, languages="da")


def _payouts(table: LexborNode, on: date, page: Page) -> Iterator[Payout]:
    head, columns, *lines = table.css("tr") or [table, table]
    title = text(head, "h2", "the title of a table of prizes")
    picked = re.match("Keno ([0-9]{1,2}) ", title)
    if picked is None or _day(title, picked[0].strip(), page) != on:
        raise PageChanged(f"The layout changed: “{title}” is not a level of Keno of {on}.")
    if [" ".join(cell.text().split()) for cell in columns.css("th")] != ["Antal rigtige", "Vindere", "Udbetaling"]:
        raise PageChanged(f"The layout changed: the table “{title}” has other columns.")
    for line in lines:
        told = " | ".join(" ".join(cell.text().split()) for cell in line.css("td"))
        found = re.fullmatch(r"([0-9]{1,2}) rigtige \| ([0-9][0-9 .]*) stk\. \| ([0-9][0-9 .]* kr\.)", told)
        if found is None:
            raise PageChanged(f"The layout changed: “{told[:80]}” is not a line of prizes.")
        right, winners, paid = found.groups()
        winners = re.sub("[ .]", "", winners)
        yield Payout(f"{right} of {picked[1]}", winners, amount(paid, decimal=",", currency="DKK"))
