"""Numbers 3 of Japan in a private repository: a CSV file, newest first; number and day as people write them.

“第5857回” is draw 5857, and “2021年12月30日” its day. The digits stand in the order that counts, noughts included.
"""

import re
from collections.abc import Iterator

from lotto.scraper.contents import day, once, rows
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

HEADER = ["", "回別", "抽せん日", "ナンバーズ3抽せん数字"]
"""Place in the file, number, day, digits."""


class SuperPylori(Source):
    """There is one name, “numbers3”."""

    publisher = "super-pylori/numbers3-test"
    official = False
    origin = "super-pylori/numbers3-test"
    home = "https://github.com/super-pylori/numbers3-test"
    hosts = ("raw.githubusercontent.com",)
    pace = 3600.0
    resting = "It was last written in January 2022, and is kept for its history."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != "numbers3":
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is numbers3.")
        yield Request("https://raw.githubusercontent.com/super-pylori/numbers3-test/HEAD/numbers3.csv")

    def read(self, page: Page) -> Iterator[Reading]:
        header, *lines = rows(page)
        if header != HEADER:
            raise PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")
        if not lines:
            raise PageNotYet("The file has no draw yet.")
        yield from once([_reading(line, page) for line in lines])


def _reading(line: list[str], page: Page) -> Reading:
    shown = ",".join(line)
    found = re.fullmatch("[0-9]+,第([0-9]+)回,([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日,([0-9]{3})", shown)
    if found is None:
        raise PageChanged(f"“{shown[:80]}” is not a line of a draw.")
    serial, year, month, of_month, digits = found.groups()
    return Reading("numbers3", day(year, month, of_month, page.at), {"main": tuple(digits)}, serial=serial)
