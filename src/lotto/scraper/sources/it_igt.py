"""IGT, for Lotto Italia: the Lotto since 1939, one zip file with one text, a line a wheel, its five numbers as drawn.

A draw is eight to eleven lines, a wheel each; which wheels there were is told by the lottery's eras, not here. A wheel
without a line may be still to come. One draw stands in the file twice, word for word. IGT's lotteries are Brightstar's
since 2025: the file is at either address, and the one recorded latest ended a year before it was fetched.
"""

import re
from collections.abc import Iterator
from datetime import date

from lotto.scraper.contents import members, once, rows, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

ADDRESSES = (
    "https://www.brightstarlottery.it/STORICO_ESTRAZIONI_LOTTO/storico.zip",
    "https://www.igt.it/STORICO_ESTRAZIONI_LOTTO/storico.zip",
)
NAME = "Lotto"
WHEELS = {
    "BA": "bari",
    "CA": "cagliari",
    "FI": "firenze",
    "GE": "genova",
    "MI": "milano",
    "NA": "napoli",
    "PA": "palermo",
    "RM": "roma",
    "TO": "torino",
    "VE": "venezia",
    "RN": "nazionale",
}
"""The file's word for a wheel → the pool."""

LINE = "[0-9]{4}/[0-9]{2}/[0-9]{2}\t[A-Z]{2}(?:\t[0-9]{1,2}){5}"


class Igt(Source):
    """There is one name, “Lotto”."""

    publisher = "IGT Lottery (Lotto Italia)"
    official = True
    origin = "lotto_italia"
    home = "https://www.igt.it"
    hosts = ("www.brightstarlottery.it",)
    pace = 900.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != NAME:
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is {NAME}.")
        yield from map(Request, ADDRESSES)

    def read(self, page: Page) -> Iterator[Reading]:
        files = list(members(page))
        if [name for name, _ in files] != ["storico.txt"]:
            raise PageChanged(f"The archive holds {', '.join(name for name, _ in files)[:120]}, not storico.txt.")
        if not files[0][1].body.strip():
            raise PageNotYet("The file has no draw yet.")
        drawn: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for line in rows(files[0][1], separator="\t", encoding="ascii"):
            if not re.fullmatch(LINE, "\t".join(line)) or line[1] not in WHEELS:
                raise PageChanged(f"“{' '.join(line)[:80]}” is not a day, a wheel and five numbers.")
            on, wheel, *numbers = line
            drawn.setdefault(on, []).append((WHEELS[wheel], tuple(numbers)))
        yield from once(
            one for on, wheels in drawn.items() for one in _readings(written_day(on, "ymd", page.at), wheels)
        )


def _readings(on: date, wheels: list[tuple[str, tuple[str, ...]]]) -> Iterator[Reading]:
    """The draw of that day; two of them, for `once` to compare, where a wheel is told twice."""
    told, again = dict(wheels), dict(reversed(wheels))
    yield Reading(NAME, on, told, drawn_order=True)
    if again != told:
        yield Reading(NAME, on, again, drawn_order=True)
