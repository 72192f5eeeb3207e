"""Merseyworld's archive of the UK's games: a CSV file a game, newest first.

The cells are padded with blanks or not, the balls ascending or as drawn, and nothing in a file tells which. The jackpot
is in pounds, of EuroMillions too: what one winner got or, where nobody won, all of it. Since 2026-06-10 a draw of Lotto
is two rounds on two machines, a row each. A round that is not in yet is a copy of the other with the bonus ball 00.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice

from msgspec.structs import replace

from lotto.scraper.contents import once, rows, written_day
from lotto.scraper.sources.source import (
    Amount,
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

HEADERS = {
    "No.,Day,DD,MMM,YYYY,N1,N2,N3,N4,N5,N6,BN,Jackpot,Wins,Machine,Set": "Lotto",
    "DrawNo,Day,DD,MMM,YYYY,N1,N2,N3,N4,N5,N6,BonusBall,Jackpot,Wins,Machine,Set": "Lotto",
    "No.,Day,DD,MMM,YYYY,N1,N2,N3,N4,N5,L1,L2,Jackpot,Wins": "EuroMillions",
    "Date,N1,N2,N3,N4,N5,Thunderball": "Thunderball",
}
"""The header line → the game that the file is of."""

POOLS = {
    "Lotto": {"main": 6, "bonus": 1},
    "EuroMillions": {"main": 5, "star": 2},
    "Thunderball": {"main": 5, "bonus": 1},
}
"""What a row's balls are, in their order."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FIRST_TIER = {"Lotto": "6", "EuroMillions": "5+2"}
ROUNDS = ("first", "second")
ROUNDS_SINCE = date(2026, 6, 10)

HOME = "https://lottery.merseyworld.com/"
TABLE = HOME + "cgi-bin/lottery?days={}&Machine=Z&Ballset=0&order=0&show=1&year={}&display=CSV"
DAYS = {"Lotto": "2", "EuroMillions": "20"}


class Merseyworld(Source):
    """The names are those of the games: Lotto, EuroMillions, Thunderball."""

    publisher = "Merseyworld"
    official = False
    origin = "merseyworld"
    home = "https://lottery.merseyworld.com"
    resting = (
        "The site puts its table into a web page, and of that none is recorded; what is read are files made of it."
    )

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in POOLS:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(POOLS)}.")
        # Of Thunderball the address is not known.
        yield Request(TABLE.format(DAYS[ask.name], ask.since.year) if ask.name in DAYS else HOME)

    def read(self, page: Page) -> Iterator[Reading]:
        header, *lines = ([cell.strip() for cell in row] for row in rows(page, unended=True))
        game = HEADERS.get(",".join(header))
        if game is None:
            raise PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")
        if not lines:
            raise PageNotYet("The file has no draw yet.")
        # One form of the file ends without a line end. Its last line is the first draw there was: so that it is whole.
        if not page.body.endswith(b"\n") and lines[-1][0] != "1":
            raise PageChanged("The file does not end with the end of a line, nor with draw 1: it is cut short.")
        yield from once(_rounds([_reading(game, line, page) for line in lines]))


def _reading(game: str, line: list[str], page: Page) -> Reading:
    shown = ",".join(line)
    found = _row(game).fullmatch(shown)
    if found is None:
        raise PageChanged(f"“{shown[:80]}” is not a row of {game}.")
    told = found.groupdict()
    on = written_day(told["on"], "dmy", page.at, languages="en")
    weekday = WEEKDAYS[on.weekday()]
    if told.get("weekday", weekday) != weekday:
        raise PageChanged(f"“{shown[:80]}” is not on a {weekday}: the row contradicts itself.")
    balls = iter(told["balls"].split(",")[1:])
    pools = {pool: tuple(islice(balls, count)) for pool, count in POOLS[game].items()}
    if game == "Thunderball":
        return Reading(game, on, pools)
    paid = Amount(told["jackpot"], "GBP")
    wins = int(told["wins"])
    return Reading(
        game,
        on,
        pools,
        serial=told["serial"],
        prizes=(Payout(FIRST_TIER[game], told["wins"], paid if wins else None),),
        jackpot=paid if wins < 2 and int(paid.figure) else None,
    )


def _rounds(readings: list[Reading]) -> Iterator[Reading]:
    """The same with the two rounds of a draw of Lotto told apart by their order, and without those not in yet."""
    seen: dict[date, list[Reading]] = {}
    for one in readings:
        if one.name != "Lotto" or one.date < ROUNDS_SINCE:
            yield one
            continue
        rounds = seen.setdefault(one.date, [])
        rounds.append(one)
        if len(rounds) > len(ROUNDS):
            raise PageChanged(f"Draw {one.serial} of Lotto has more than {len(ROUNDS)} rounds.")
    for rounds in seen.values():
        for label, one in zip(ROUNDS, rounds, strict=False):
            if one.numbers["bonus"] != ("00",):
                yield replace(one, label=label)
            elif one.numbers["main"] != rounds[0].numbers["main"] or one is rounds[0]:
                raise PageChanged(f"Draw {one.serial} of Lotto has the bonus ball 00.")


@cache
def _row(game: str) -> re.Pattern[str]:
    """What a draw of that game looks like."""
    if game == "Thunderball":
        return re.compile("(?P<on>[0-9]{2}/[0-9]{2}/[0-9]{4})(?P<balls>(,[0-9]{1,2}){6})")
    return re.compile(
        "(?P<serial>[0-9]{1,5}),(?P<weekday>[A-Z][a-z]{2}),(?P<on>[0-9]{1,2},[A-Z][a-z]{2},[0-9]{4})"
        "(?P<balls>(,[0-9]{1,2}){7}),(?P<jackpot>[0-9]{1,9}),(?P<wins>[0-9]{1,4})"
        + (",[A-Za-z0-9 ]+,[0-9A-Z]{1,2}" if game == "Lotto" else "")
    )
