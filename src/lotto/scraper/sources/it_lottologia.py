"""Lottologia, a site of fans: a text a game with tabs, every draw since 2009, newest first, as somebody exported it.

The first line names the game, the last one the site. Each line ends in as many tabs as it likes. Not all of it is in
order: a few draws stand unsorted, one of 10eLotto under the year before, one has lost the 2 of its year (025-09-04),
one of SuperEnalotto is there twice.
"""

import re
from collections.abc import Iterator
from datetime import date

from lotto.scraper.contents import once, rows, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

ADDRESS = "https://raw.githubusercontent.com/illottodimax/Archivio/HEAD/{}.txt"
FILES = {
    "SuperEnalotto": "it-superenalotto-past-draws-archive",
    "10 e lotto Serale": "it-10elotto-past-draws-archive",
}
TITLE = "Archivio estrazioni "
HEADS = {
    "SuperEnalotto": ["Data", "SERIE", "JOLLY", "Superstar"],
    "10 e lotto Serale": ["Data", "SERIE", "Oro 1", "Oro 2", "EXTRA"],
}
END = "Lottologia.com"


class Lottologia(Source):
    """The names are those of the titles, as in “10 e lotto Serale”."""

    publisher = "Lottologia"
    official = False
    origin = "lottologia.com"
    home = "https://www.lottologia.com"
    hosts = ("raw.githubusercontent.com",)
    pace = 3600.0
    resting = "What is known are exports that somebody keeps by hand: they are for history, not for tonight."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in FILES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(FILES)}.")
        yield Request(ADDRESS.format(FILES[ask.name]))

    def read(self, page: Page) -> Iterator[Reading]:
        lines = [[cell.strip() for cell in line] for line in rows(page, separator="\t")]
        name = lines[0][0].removeprefix(TITLE)
        head = [cell for cell in lines[1] if cell] if len(lines) > 1 else []
        if not lines[0][0].startswith(TITLE) or name not in FILES or head != HEADS[name]:
            raise PageChanged(f"The layout changed: it begins with “{' '.join(map(' '.join, lines[:2]))[:120]}”.")
        if lines[-1] != [END]:
            raise PageChanged(f"There is no “{END}” at the end of the file: it is cut short.")
        if len(lines) == 3:
            raise PageNotYet("The file has no draw yet.")
        read = _superenalotto if name == "SuperEnalotto" else _ten
        yield from once([read(name, line, page) for line in lines[2:-1]])


def _superenalotto(name: str, line: list[str], page: Page) -> Reading:
    on, cells = _told(r"(\t[0-9]{1,2}){6}\t(\t[0-9]{1,2}){2}", line, page)
    return Reading(name, on, {"main": tuple(cells[:6]), "bonus": (cells[7],), "star": (cells[8],)})


def _ten(name: str, line: list[str], page: Page) -> Reading:
    on, cells = _told(r"(\t[0-9]{1,2}){20}\t(\t[0-9]{1,2}){2}\t[0-9]{2}(\.[0-9]{2}){14}", line, page)
    extra = tuple(cells[23].split("."))
    return Reading(
        name, on, {"main": tuple(cells[:20]), "gold": (cells[21],), "double_gold": (cells[22],), "extra": extra}
    )


def _told(numbers: str, line: list[str], page: Page) -> tuple[date, list[str]]:
    """The day of a line and its cells, which stand as `numbers` says."""
    told = "\t".join(line).rstrip("\t")
    if not re.fullmatch(f"2?[0-9]{{3}}([/-])[0-9]{{2}}\\1[0-9]{{2}}{numbers}", told):
        raise PageChanged(f"“{' '.join(line)[:80]}” is not a line of this game.")
    on, *cells = told.split("\t")
    return written_day(on if on[4] in "/-" else f"2{on}", "ymd", page.at), cells
