"""The rounds of the Finnish Lotto since 1987 in one JSON file, newest first, as a collector of such files keeps it.

A second draw on one evening is the round with a 2 behind it (“49-2”), and has no extra numbers; a few rounds stand out
of order, and one stands there twice with two tellings.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from lotto.scraper.contents import document, once, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

NAME = "Lotto"
ROUNDS = "https://raw.githubusercontent.com/jabbors/lotto-data/HEAD/data/rows.json"
LABELS = {"1": "", "2": "second"}


class Round(Struct):
    """A round."""

    date: str
    round: str
    numbers: list[int]
    extra: list[int]


class Rounds(Struct):
    """All of them."""

    rounds: list[Round]


class LottoData(Source):
    """There is one name, “Lotto”."""

    publisher = "lotto-data"
    official = False
    origin = "lotto-data"
    home = "https://github.com/jabbors/lotto-data"
    hosts = ("raw.githubusercontent.com",)
    pace = 3600.0
    resting = "Somebody gathers these rounds by hand, days later: they are for history, not for tonight."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != NAME:
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is {NAME}.")
        yield Request(ROUNDS)

    def read(self, page: Page) -> Iterator[Reading]:
        rounds = document(page, Rounds).rounds
        if not rounds:
            raise PageNotYet("The file has no round yet.")
        yield from once([_reading(one, page) for one in rounds])


def _reading(one: Round, page: Page) -> Reading:
    found = re.fullmatch("[0-9]{1,2}-([12])", one.round)
    if found is None or not one.numbers or not all(0 < number < 100 for number in (*one.numbers, *one.extra)):
        raise PageChanged(f"The layout changed: “{one.round[:40]}” is not a round with its numbers.")
    told = {"main": tuple(map(str, one.numbers)), "bonus": tuple(map(str, one.extra))}
    return Reading(
        NAME,
        written_day(one.date, "ymd", page.at),
        {pool: numbers for pool, numbers in told.items() if numbers},
        LABELS[found[1]],
        serial=one.round,
    )
