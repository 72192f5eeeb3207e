"""data.ny.gov: CSV with a header line; the draws of one day share a row, and the rows are not in the order of days."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from lotto.replay.figure import Figure
from lotto.replay.figures import rows
from lotto.replay.formats.format import Format

POWERBALL = "/api/views/d6yy-54nr/rows.csv"
MEGA_MILLIONS = "/api/views/5xaw-6ayf/rows.csv"
TAKE_5 = "/api/views/dg63-4siq/rows.csv"
NUMBERS = "/api/views/hsys-3def/rows.csv"
NY_LOTTO = "/api/views/6nbc-h7bj/rows.csv"
CASH4LIFE = "/api/views/kwxv-fwze/rows.csv"

DRAWN = {
    "Powerball": time(22, 59),
    "Mega Millions": time(23, 0),
    "Take 5 Midday": time(14, 30),
    "Take 5 Evening": time(22, 30),
    "Numbers Midday": time(14, 30),
    "Numbers Evening": time(22, 30),
    "Win 4 Midday": time(14, 30),
    "Win 4 Evening": time(22, 30),
    "NY Lotto": time(20, 15),
    "Cash4Life": time(21, 0),
}
"""When each game is drawn, New York time."""

LATER = {"Numbers": 1, "Win 4": 2, "Powerball": 3, "Mega Millions": 3}
"""Minutes that a game's row comes after the first of its hour: no two draws the world plays come out in one instant."""

HEADERS = {
    POWERBALL: ("Draw Date", "Winning Numbers", "Multiplier"),
    MEGA_MILLIONS: ("Draw Date", "Winning Numbers", "Mega Ball", "Multiplier"),
    NY_LOTTO: ("Draw Date", "Winning Numbers", "Bonus #", "Extra #"),
    CASH4LIFE: ("Draw Date", "Winning Numbers", "Cash Ball"),
    TAKE_5: (
        "Draw Date",
        "Evening Winning Numbers",
        "Evening Bonus #",
        "Midday Winning Numbers",
        "Midday Bonus #",
    ),
    NUMBERS: (
        "Draw Date",
        "Midday Daily #",
        "Midday Daily Sum",
        "Evening Daily #",
        "Evening Daily Sum",
        "Midday Win 4 #",
        "Midday Win 4 Sum",
        "Evening Win 4 #",
        "Evening Win 4 Sum",
        "Midday Daily Booster",
        "Evening Daily Booster",
        "Midday Win 4 Booster",
        "Evening Win 4 Booster",
    ),
}

COLUMNS = {
    "Take 5 Midday": "Midday Winning Numbers",
    "Take 5 Evening": "Evening Winning Numbers",
    "Numbers Midday": "Midday Daily #",
    "Numbers Evening": "Evening Daily #",
    "Win 4 Midday": "Midday Win 4 #",
    "Win 4 Evening": "Evening Win 4 #",
}
"""The column of a game whose file holds several draws a day; the others have a file each, and `Winning Numbers`."""

BONUS = {"Mega Millions": "Mega Ball", "NY Lotto": "Bonus #", "Cash4Life": "Cash Ball"}
"""The column of the last number, where it has one of its own."""

EXTRA = {"Powerball": "Multiplier", "Mega Millions": "Multiplier", "NY Lotto": "Extra #"}


class NewYork(Format):
    """The files of six data sets. A quarter of an hour passes between a draw and its row."""

    source = "us_ny_data"
    host = "data.ny.gov"
    zone = ZoneInfo("America/New_York")
    media = "text/csv; charset=utf-8"
    addresses = MappingProxyType(
        {
            POWERBALL: ("Powerball",),
            MEGA_MILLIONS: ("Mega Millions",),
            TAKE_5: ("Take 5 Midday", "Take 5 Evening"),
            NY_LOTTO: ("NY Lotto",),
            CASH4LIFE: ("Cash4Life",),
            NUMBERS: ("Numbers Midday", "Numbers Evening", "Win 4 Midday", "Win 4 Evening"),
        }
    )
    redesigned = (
        "<!doctype html><html lang=en><title>Open data</title>"
        "<h1>This data set has moved</h1><p>Browse the new catalogue to find it.</p></html>\n"
    )
    lag = timedelta(minutes=15)

    def figures(self) -> Iterator[Figure]:
        for row in rows(self.source):
            game, on = row["game"], date.fromisoformat(row["date"])
            name = game.removesuffix(" Midday").removesuffix(" Evening")
            at = datetime.combine(on, DRAWN[game], self.zone) + self.lag + timedelta(minutes=LATER.get(name, 0))
            # The digits of a Numbers draw are one text, the balls of a lotto one each.
            yield Figure(self.source, game, on, tuple(row["numbers"].split()), at, extra=row["extra"])

    def page(self, path: str, told: Sequence[Figure], now: datetime) -> str:
        days: dict[date, dict[str, str]] = {}
        for figure in told:
            day = days.setdefault(figure.date, {"Draw Date": figure.date.strftime("%m/%d/%Y")})
            day |= _fields(figure)
        ordered = [days[on] for on in sorted(days)]
        middle = len(ordered) // 2
        file = io.StringIO()
        table = csv.DictWriter(file, HEADERS[path], restval="", lineterminator="\n")
        table.writeheader()
        # The portal keeps its own order: a reader that takes the first or the last row for the newest is wrong.
        table.writerows(ordered[middle:] + ordered[:middle])
        return file.getvalue()


def _fields(figure: Figure) -> dict[str, str]:
    if figure.game in COLUMNS:
        return {COLUMNS[figure.game]: _spaced(figure.numbers)}
    extra = {EXTRA[figure.game]: figure.extra} if figure.game in EXTRA else {}
    if figure.game in BONUS:
        *main, bonus = figure.numbers
        return {"Winning Numbers": _spaced(main), BONUS[figure.game]: bonus, **extra}
    return {"Winning Numbers": _spaced(figure.numbers), **extra}


def _spaced(numbers: Sequence[str]) -> str:
    return " ".join(filter(None, numbers))
