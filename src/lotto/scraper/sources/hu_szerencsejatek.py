"""Szerencsejáték: a file a game with every draw, newest first; CSV without a header, and of Kenó a bare HTML table.

A row of CSV has year, week, in newer files the name of the day, the date, then winners and prize of each tier from the
top, then the numbers ascending. Rows of the early years tell a week and no day: those we leave. Money is in forints,
of Eurojackpot's highest tiers in euros; its winners are those of Hungary alone, and so not read. The Skandináv lottó
draws twice for one ticket, by machine and by hand, and pays for both together: that is one draw of two pools.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from urllib.parse import urlsplit

from lotto.scraper.contents import amount, once, rows, tree, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, Payout, Reading, Request, Source, SourceError

ADDRESS = "https://bet.szerencsejatek.hu/cmsfiles/{}"
KENO = "keno.html"
LAST_UNDATED = 2004
"""The last year with rows that tell no day."""

MOST_TAGS = 800_000
"""Of the page of Kenó, which has 490,000 in 2024 and 18,000 more each year."""

BALL = re.compile("[0-9]{1,2}")
PAID = re.compile("[0-9]{1,9};([0-9 ]+(,[0-9]{1,2})? (Ft|EUR)|0)")
"""How many won, and what each got."""

EURO_TIERS = ("5+2", "5+1", "5", "4+2", "4+1", "4", "3+2", "2+2", "3+1", "3", "1+2", "2+1")
"""In the file's own order: it kept it when 4 and 3+2 changed places in 2022, as the amounts show."""

FORMS = {
    "otos": (("5", "4", "3", "2"), {"main": 5}),
    "hatos": (("6", "5+1", "5", "4", "3"), {"main": 6}),
    "skandi": (("7", "6", "5", "4"), {"main": 7, "hand": 7}),
    "eurojackpot": (EURO_TIERS, {"main": 5, "star": 2}),
}
"""Of each CSV file the tiers and the pools, as they stand in a row."""


class Szerencsejatek(Source):
    """The names are those of the files, as in “otos”."""

    publisher = "Szerencsejáték Zrt."
    official = True
    origin = "szerencsejatek"
    home = "https://bet.szerencsejatek.hu"
    pace = 300.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in (*FORMS, "keno"):
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(FORMS)}, keno.")
        yield Request(ADDRESS.format(KENO if ask.name == "keno" else f"{ask.name}.csv"))

    def read(self, page: Page) -> Iterator[Reading]:
        file = urlsplit(page.url).path.rpartition("/")[2]
        game = file.removesuffix(".csv")
        if file == KENO:
            yield from once(_keno(page))
        elif game in FORMS:
            yield from once([one for row in rows(page, separator=";") if (one := _reading(game, row, page))])
        else:
            raise PageChanged(f"“{page.url[:120]}” is the address of no game we know.")


def _reading(game: str, row: list[str], page: Page) -> Reading | None:
    """The draw of that row; None when the row tells no day."""
    tiers, pools = FORMS[game]
    if not re.fullmatch("[0-9]{4};[0-9]{1,2}", ";".join(row[:2])):
        raise PageChanged(f"“{';'.join(row)[:80]}” does not begin with a year and a week.")
    year, _, *cells = row
    if cells and cells[0].isalpha():
        del cells[0]
    shown, *cells = cells or [""]
    paid, balls = cells[: 2 * len(tiers)], cells[2 * len(tiers) :]
    if not shown and int(year) <= LAST_UNDATED:
        return None
    numbers: dict[str, tuple[str, ...]] = {}
    for pool, count in pools.items():
        numbers[pool], balls = tuple(balls[:count]), balls[count:]
    if game == "hatos" and len(balls) == 1:
        # The bonus number was given up in 2007; for years its cell went on, empty.
        bonus = balls.pop()
        numbers |= {"bonus": (bonus,)} if bonus else {}
    shape = {pool: len(values) for pool, values in numbers.items() if pool != "bonus"}
    if shape != pools or balls or not all(map(BALL.fullmatch, chain(*numbers.values()))):
        raise PageChanged(f"“{';'.join(row)[-80:]}” does not end with the numbers of {game}.")
    prizes = list(map(_payout, tiers, paid[::2], paid[1::2]))
    if game == "hatos" and "bonus" not in numbers:
        del prizes[tiers.index("5+1")]
    if game == "eurojackpot":
        prizes = [Payout(prize.tier, None, prize.amount) for prize in prizes]
    return Reading(game, written_day(shown, "ymd", page.at), numbers, prizes=tuple(prizes))


@lru_cache(maxsize=20_000)
def _payout(tier: str, winners: str, shown: str) -> Payout:
    """A file is read again whenever it grows, and most of its rows were read before."""
    if not PAID.fullmatch(f"{winners};{shown}"):
        raise PageChanged(f"The layout changed: “{winners[:20]}” times “{shown[:40]}” is not what a tier paid.")
    return Payout(tier, winners, amount(shown, decimal=",", currency="EUR" if shown.endswith("EUR") else "HUF"))


def _keno(page: Page) -> Iterator[Reading]:
    table = tree(page, "table th[colspan='20']", "</table>", most_tags=MOST_TAGS)
    head, *lines = [[" ".join(cell.text().split()) for cell in line.iter()] for line in table.css("tr")]
    if head != ["Év", "Hét", "Nap", "Húzásdátum", "Számok"] or not lines:
        raise PageChanged(f"The layout changed: the columns are {', '.join(head)[:120]}, with {len(lines)} rows.")
    for line in lines:
        year, _, _, shown, *balls = line if len(line) == 24 else [""] * 4
        if not re.fullmatch("[0-9]{4}( [0-9]{1,2}){20}", " ".join([year, *balls])):
            raise PageChanged(f"The layout changed: “{' '.join(line)[:80]}” is not a row of a draw.")
        if shown or int(year) > LAST_UNDATED:
            yield Reading("keno", written_day(shown, "ymd", page.at), {"main": tuple(balls)})
