"""texaslottery.com: CSV, no header but in one file; the date in three fields, balls unpadded and as they were drawn."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from lotto.replay.figure import Figure
from lotto.replay.figures import rows
from lotto.replay.formats.format import Format

FOLDER = "/export/sites/lottery/Games"
POWERBALL = f"{FOLDER}/Powerball/Winning_Numbers/powerball.csv"
MEGA_MILLIONS = f"{FOLDER}/Mega_Millions/Winning_Numbers/megamillions.csv"
LOTTO_TEXAS = f"{FOLDER}/Lotto_Texas/Winning_Numbers/lottotexas.csv"
TWO_STEP = f"{FOLDER}/Texas_Two_Step/Winning_Numbers/texastwostep.csv"

DRAWN = {
    "Powerball": time(21, 59),
    "Mega Millions": time(22, 0),
    "Lotto Texas": time(22, 12),
    "Texas Two Step": time(22, 12),
}
"""When each game is drawn, Texas time."""

LAG = {"Texas Two Step": timedelta(minutes=10)}
"""From the draw to its line, where it is not nine minutes: two games of one hour come out one after the other."""

WITH_MULTIPLIER = ("Powerball", "Mega Millions")
"""A field more at the end of the line."""

HEADERS = {TWO_STEP: "Game Name,Month,Day,Year,Num1,Num2,Num3,Num4,Bonus Ball\n"}
"""The one file that has a header line."""


class Texas(Format):
    """The files of four games. Texas is quicker than New York: nine minutes after the draw."""

    source = "us_texas"
    host = "www.texaslottery.com"
    zone = ZoneInfo("America/Chicago")
    media = "text/csv"
    addresses = MappingProxyType(
        {
            POWERBALL: ("Powerball",),
            MEGA_MILLIONS: ("Mega Millions",),
            LOTTO_TEXAS: ("Lotto Texas",),
            TWO_STEP: ("Texas Two Step",),
        }
    )
    redesigned = (
        "<!doctype html><html lang=en><title>Games</title>"
        "<h1>Winning numbers</h1><p>Pick a game to see its numbers in our new app.</p></html>\n"
    )

    def figures(self) -> Iterator[Figure]:
        for row in rows(self.source):
            game, on = row["game"], date.fromisoformat(row["date"])
            at = datetime.combine(on, DRAWN[game], self.zone) + LAG.get(game, timedelta(minutes=9))
            yield Figure(self.source, game, on, tuple(row["numbers"].split()), at, extra=row["extra"])

    def page(self, path: str, told: Sequence[Figure], now: datetime) -> str:
        return HEADERS.get(path, "") + "".join(_line(figure) for figure in told)


def _line(figure: Figure) -> str:
    day = (str(part) for part in (figure.date.month, figure.date.day, figure.date.year))
    multiplier = (figure.extra,) if figure.game in WITH_MULTIPLIER else ()
    return ",".join((figure.game, *day, *figure.numbers, *multiplier)) + "\n"
