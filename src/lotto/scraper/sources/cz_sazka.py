"""Sazka's draw service: Keno as JSON, twelve numbers every five minutes, each draw known by its id.

Three answers: the newest results, one draw, and the list of past draws without numbers, which leads to their pages.
Days and times are local and without zone; `utcDrawDate` is an empty value and no day.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time

from msgspec import Struct

from lotto.scraper.contents import document, once, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

NEWEST = "https://www.sazka.cz/api/draw-info/draws/keno/results"
ONE = "https://www.sazka.cz/api/draw-info/draws/universal/keno/{}"


class Result(Struct):
    """A draw among the newest."""

    drawId: int  # noqa: N815 - the names are Sazka's
    drawDate: str  # noqa: N815
    drawTime: str  # noqa: N815
    results: list[int]


class Results(Struct):
    """The newest results, by pages of ten."""

    results: list[Result]


class Draw(Struct):
    """One draw; it may still be without numbers."""

    drawId: int  # noqa: N815
    drawDate: str  # noqa: N815
    draws: list[list[int]]


class Past(Struct):
    """A line of the list of past draws."""

    id: int


class Sazka(Source):
    """There is one name, “keno”."""

    publisher = "Sazka"
    official = True
    origin = "sazka"
    home = "https://www.sazka.cz"

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != "keno":
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is keno.")
        yield Request(NEWEST)

    def read(self, page: Page) -> Iterator[Reading | Request]:
        if page.url.endswith("/past-draws/keno"):
            yield from [Request(ONE.format(past.id)) for past in document(page, list[Past])]
            return
        if "/draws/universal/keno/" in page.url:
            draw = document(page, Draw)
            if not draw.draws:
                raise PageNotYet(f"Draw {draw.drawId} has no numbers yet.")
            if len(draw.draws) != 1:
                raise PageChanged(f"The layout changed: draw {draw.drawId} has {len(draw.draws)} rows of numbers.")
            at = _moment(draw.drawDate)
            yield _reading(draw.drawId, at.date(), at.time(), draw.draws[0])
            return
        results = document(page, Results).results
        if not results:
            raise PageNotYet("There is no draw in the list yet.")
        yield from once(
            [
                _reading(
                    one.drawId,
                    written_day(one.drawDate, "dmy", page.at),
                    _moment(f"2000-01-01T{one.drawTime.zfill(5)}").time(),
                    one.results,
                )
                for one in results
            ]
        )


def _reading(serial: int, on: date, at: time, numbers: list[int]) -> Reading:
    return Reading("keno", on, {"main": tuple(map(str, numbers))}, label=str(serial), serial=str(serial), at=at)


def _moment(shown: str) -> datetime:
    """A local day and time as in 2023-08-28T13:00:00."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:00)?", shown):
        raise PageChanged(f"The layout changed: “{shown[:40]}” is not the time of a draw.")
    try:
        return datetime.fromisoformat(shown)
    except ValueError:
        raise PageChanged(f"“{shown[:40]}” is no time.") from None
