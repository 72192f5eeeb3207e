"""The UK's National Lottery: a CSV file a game, the draws of the last 180 days, newest first.

Balls of Lotto and Thunderball stand in drawn order; those of EuroMillions did until 2015 and are ascending since. Each
draw has raffles beside it, their codes in one quoted cell, in columns that come, go and change their names. Before a
semicolon stand the codes of the Lotto raffle that win a million. The page of games tells next draws and no numbers.
"""

import re
from collections.abc import Iterator

from lotto.scraper.contents import once, rows, tree, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

ADDRESS = "https://www.national-lottery.co.uk/results/{}/draw-history/csv"
FILES = {
    "Lotto": "lotto",
    "Lotto Raffle": "lotto",
    "EuroMillions": "euromillions",
    "UK Millionaire Maker": "euromillions",
    "European Millionaire Maker": "euromillions",
    "Thunderball": "thunderball",
}
"""The name of a game → the file that it stands in."""

BALLS = {
    "Lotto": {"main": [f"Ball {n}" for n in range(1, 7)], "bonus": ["Bonus Ball"]},
    "EuroMillions": {"main": [f"Ball {n}" for n in range(1, 6)], "star": ["Lucky Star 1", "Lucky Star 2"]},
    "Thunderball": {"main": [f"Ball {n}" for n in range(1, 6)], "bonus": ["Thunderball"]},
}
RAFFLES = {
    "Raffles": "Lotto Raffle",
    "Raffle": "UK Millionaire Maker",
    "UK Millionaire Maker": "UK Millionaire Maker",
    "European Millionaire Maker": "European Millionaire Maker",
}
"""The column of a raffle → its name."""

BESIDE = {"Lotto": {"Ball Set", "Machine"}, "EuroMillions": set[str](), "Thunderball": {"Ball Set", "Machine"}}
"""Columns that are not read."""


class NationalLottery(Source):
    """The names are those of the games and raffles, as in “UK Millionaire Maker”."""

    publisher = "The National Lottery"
    official = True
    origin = "gb_national_lottery"
    home = "https://www.national-lottery.co.uk"

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in FILES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(FILES)}.")
        yield Request(ADDRESS.format(FILES[ask.name]))

    def read(self, page: Page) -> Iterator[Reading]:
        if page.body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
            tree(page, known_by="meta[name=lotto-next-draw-date]", ends_with="</html>")
            raise PageNotYet("The page tells when the next draws are, and no numbers.")
        header, *lines = rows(page, unended=True)
        game = _game(header)
        if not lines:
            raise PageNotYet("The file has no draw yet.")
        readings = [one for line in lines for one in _readings(game, header, line, page)]
        # Where the last line has no line end, it is whole if its draw is the one before that of the line above.
        if not page.body.endswith(b"\n") and not _consecutive(lines[-2:]):
            raise PageChanged("The file does not end with the end of a line: it is cut short.")
        yield from once(readings)


def _game(header: list[str]) -> str:
    for game, pools in BALLS.items():
        balls = [column for columns in pools.values() for column in columns]
        others = header[1 + len(balls) : -1]
        strange = set(others) - BESIDE[game] - {*RAFFLES}
        if header == ["DrawDate", *balls, *others, "DrawNumber"] and not strange and len(set(others)) == len(others):
            return game
    raise PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")


def _readings(game: str, header: list[str], line: list[str], page: Page) -> Iterator[Reading]:
    shown = ",".join(line)[:80]
    if len(line) != len(header) or not re.fullmatch("[0-9]{1,5}", line[-1]):
        raise PageChanged(f"“{shown}” is not a row of {game}.")
    if not re.fullmatch("[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4}", line[0]):
        raise PageChanged(f"“{shown}” does not begin with the date of a draw.")
    on = written_day(line[0], "dmy", page.at, languages="en")
    row = dict(zip(header, line, strict=True))
    numbers = {pool: tuple(_ball(row[column]) for column in columns) for pool, columns in BALLS[game].items()}
    yield Reading(game, on, numbers, drawn_order=game != "EuroMillions", serial=line[-1])
    for column, name in RAFFLES.items():
        if row.get(column):
            first, semicolon, main = row[column].rpartition(";")
            pools = {"first": _codes(first)} if semicolon else {}
            yield Reading(name, on, pools | {"main": _codes(main)}, serial=line[-1])


def _consecutive(lines: list[list[str]]) -> bool:
    """Whether these are two lines, of a draw and of the one before it."""
    return len(lines) == 2 and int(lines[0][-1]) == int(lines[1][-1]) + 1


def _ball(shown: str) -> str | None:
    if not re.fullmatch("[0-9]{0,2}", shown):
        raise PageChanged(f"“{shown[:40]}” is not a ball.")
    return shown or None


def _codes(shown: str) -> tuple[str, ...]:
    codes = tuple(shown.split(","))
    if not all(re.fullmatch("[A-Z]{3,4}[0-9]{5,8}", code) for code in codes):
        raise PageChanged(f"“{shown[:60]}” is not a list of codes.")
    return codes
