"""Xoso.com.vn: the southern provinces of one day in one table, a column a province, a row a prize, live while drawn.

A number that is still to come is “...”, both as text and as attribute. The page stands there from the early morning:
one of 07:05 had an eighth prize already, nine hours before the draw, so that the hour of the draw decides.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import day, once, only, place, stranger, text, tree
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source

PRIZES = {
    "8": ("eighth", 1),
    "7": ("seventh", 1),
    "6": ("sixth", 3),
    "5": ("fifth", 1),
    "4": ("fourth", 7),
    "3": ("third", 2),
    "2": ("second", 1),
    "1": ("first", 1),
    "ĐB": ("special", 1),
}
"""The head of a row → our pool, and how many numbers the prize has, in the order in which they are drawn."""


class Xoso(Source):
    """The names are those of the provinces, as in “Đồng Nai”."""

    publisher = "Xoso.com.vn"
    official = False
    origin = "xoso.com.vn"
    home = "https://xoso.com.vn"
    pace = 60.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        yield Request(f"https://xoso.com.vn/xsmn-{ask.since:%d-%m-%Y}.html")

    def read(self, page: Page) -> Iterator[Reading]:
        board = tree(page, known_by="table.table-xsmn", ends_with="</footer>")
        found = [one for section in board.css("section:has(table.table-xsmn)") for one in _readings(section, page)]
        if not found:
            raise stranger(board, "no table of results is in a section")
        told = [one for one in found if any(any(texts) for texts in one.numbers.values())]
        if not told:
            raise PageNotYet("No province of the day has a number yet.")
        yield from once(told)


def _readings(section: LexborNode, page: Page) -> Iterator[Reading]:
    shown = re.fullmatch("mn_kqngay_([0-9]{2})([0-9]{2})([0-9]{4})", section.attributes.get("id") or "")
    if shown is None:
        raise PageChanged("The layout changed: the section of the table does not tell its day.")
    on = day(shown[3], shown[2], shown[1], page.at)
    table = only(section, "table.table-xsmn", "the table of a day")
    heads = table.css("thead th")[1:]
    rows = {text(row, "th", "the head of a row"): row.css("td") for row in table.css("tbody tr")}
    if list(rows) != list(PRIZES) or any(len(row) != len(heads) for row in rows.values()):
        raise PageChanged(f"The layout changed: the rows are {', '.join(rows)[:80]}, of {len(heads)} provinces.")
    for column, head in enumerate(heads):
        numbers = {
            pool: tuple(map(_number, _spans(rows[prize][column], size))) for prize, (pool, size) in PRIZES.items()
        }
        yield Reading(text(head, "h3 a", "the name of a province"), on, numbers)


def _spans(cell: LexborNode, size: int) -> list[LexborNode]:
    spans = cell.css("span[data-loto]")
    if len(spans) != size:
        raise PageChanged(f"The layout changed: a prize has {len(spans)} numbers, not {size}.")
    return spans


def _number(span: LexborNode) -> str | None:
    shown = place(span)
    if shown and (shown != span.attributes["data-loto"] or not re.fullmatch("[0-9]{2,6}", shown)):
        raise PageChanged(f"The layout changed: “{shown[:40]}” is not the number of a prize.")
    return shown
