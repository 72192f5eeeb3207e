"""LottoWizz, a Romanian site: Polish Keno, as a list of the latest draws or as the rows of a table, newest first.

Its days and times are Romanian, one hour ahead of the draw's own: a draw of 00:54 was held at 23:54 the day before.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import Struct

from lotto.scraper.contents import document, once, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

NAME = "polonia_keno_20_70"
TABLE = "https://lottowizz.com/api-data/all-rez/{}?start=0&length=100"
THEIRS, OURS = ZoneInfo("Europe/Bucharest"), ZoneInfo("Europe/Warsaw")


class Latest(Struct):
    """A draw of the list."""

    data_extragere: str
    ora_extragere: str
    numere: str


class Table(Struct):
    """The rows of the table: day, time, numbers."""

    data: list[tuple[str, str, str]]


class LottoWizz(Source):
    """There is one name, “polonia_keno_20_70”."""

    publisher = "LottoWizz"
    official = False
    origin = "lottowizz.com"
    home = "https://lottowizz.com"
    pace = 240.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != NAME:
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is {NAME}.")
        yield Request(TABLE.format(NAME))

    def read(self, page: Page) -> Iterator[Reading]:
        path = urlsplit(page.url).path
        if not path.endswith(f"/{NAME}"):
            raise PageChanged(f"“{page.url[:120]}” is the address of no game we know.")
        if "/all-rez/" in path:
            rows = document(page, Table).data
        else:
            latest = document(page, list[Latest])
            rows = [(one.data_extragere, one.ora_extragere, one.numere) for one in latest]
        if not rows:
            raise PageNotYet("There is no draw in the list yet.")
        yield from once([_reading(*row, page) for row in rows])


def _reading(day: str, hour: str, numbers: str, page: Page) -> Reading:
    told = f"{day} {hour} {numbers.replace(', ', ',')}"
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2} ([01][0-9]|2[0-3]):[0-5][0-9] [0-9]{1,2}(,[0-9]{1,2})*", told):
        raise PageChanged(f"The layout changed: “{told[:80]}” is not a draw.")
    on, label = _in_poland(written_day(day, "ymd", page.at), time.fromisoformat(hour))
    return Reading(NAME, on, {"main": tuple(re.split(", ?", numbers))}, label)


def _in_poland(on: date, at: time) -> tuple[date, str]:
    """The day and the time of a draw on Polish clocks."""
    held = datetime.combine(on, at, THEIRS).astimezone(OURS)
    return held.date(), f"{held:%H:%M}"
