"""Makes the figures once, out of recorded answers of the sources: `python -m lotto.replay.figures.make RECORDINGS`.

`RECORDINGS` is a folder with a folder a source in it. Only dates, names of games and numbers are taken.
"""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any

FIRST, LAST = date(2021, 6, 1), date(2023, 8, 18)
DAILY_FIRST = date(2023, 1, 1)
AUGUST = (date(2025, 7, 29), date(2025, 9, 29))

Rows = Iterable[tuple[str, ...]]


def new_york(recordings: Path) -> Iterator[tuple[str, ...]]:
    """Game, date, numbers, multiplier: as data.ny.gov writes them, lost zeros and all."""

    def table(name: str) -> Iterator[tuple[date, dict[str, str]]]:
        with (recordings / "data.ny.gov" / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                month, day, year = (int(part) for part in row["Draw Date"].split("/"))
                yield date(year, month, day), row

    for on, row in table("powerball.csv"):
        if FIRST <= on <= LAST:
            yield "Powerball", str(on), row["Winning Numbers"], row["Multiplier"]
    for on, row in table("mega_millions.csv"):
        if FIRST <= on <= LAST:
            yield "Mega Millions", str(on), f"{row['Winning Numbers']} {row['Mega Ball']}", row["Multiplier"]
    for on, row in table("ny_lotto.csv"):
        if FIRST <= on <= LAST or AUGUST[0] <= on <= AUGUST[1]:
            yield "NY Lotto", str(on), f"{row['Winning Numbers']} {row['Bonus #']}", row["Extra #"]
    for on, row in table("cash4life.csv"):
        if DAILY_FIRST <= on <= LAST:
            yield "Cash4Life", str(on), f"{row['Winning Numbers']} {row['Cash Ball']}", ""
    for on, row in table("take5.csv"):
        if DAILY_FIRST <= on <= LAST:
            yield "Take 5 Midday", str(on), row["Midday Winning Numbers"], ""
            yield "Take 5 Evening", str(on), row["Evening Winning Numbers"], ""
    for on, row in table("numbers_win4.csv"):
        if DAILY_FIRST <= on <= LAST or AUGUST[0] <= on <= AUGUST[1]:
            for when in ("Midday", "Evening"):
                yield f"Numbers {when}", str(on), row[f"{when} Daily #"], ""
                yield f"Win 4 {when}", str(on), row[f"{when} Win 4 #"], ""


def texas(recordings: Path) -> Iterator[tuple[str, ...]]:
    """Game, date, numbers in drawn order with the bonus ball last, multiplier."""
    for name in ("powerball.csv", "megamillions.csv", "lottotexas.csv", "texastwostep.csv"):
        with (recordings / "texaslottery.com" / name).open(encoding="ascii", newline="") as file:
            for game, month, day, year, *numbers in csv.reader(file):
                if not year.isdigit() or not FIRST <= (on := date(int(year), int(month), int(day))) <= LAST:
                    continue
                times = numbers.pop() if game in ("Powerball", "Mega Millions") else ""
                yield game, str(on), " ".join(numbers), times


def loteriasdominicanas(recordings: Path) -> Iterator[tuple[str, ...]]:
    """Date, published time, company, game, numbers.

    The exports name no company; it is that of the pages. Of the two titles that two companies share the count or the
    hour tells. Games whose markup no page shows are left out.
    """
    found: dict[tuple[str, ...], None] = {}
    companies: dict[str, set[str]] = {}
    for page in sorted((recordings / "loteriasdominicanas.com").glob("ultimos-resultados-*.html")):
        for block in page.read_text(encoding="utf-8").split('<div class="game-block')[1:]:
            company = _text(r"company-title.*?<a [^>]*>(.*?)</a>", block)
            title = _text(r'class="game-title".*?<span>(.*?)</span>', block)
            day, hour = _text(r"session-date[^>]*>(.*?)</div>", block).split()
            numbers = [_level(text) for text in re.findall(r'<span class="score[^>]*>(.*?)</span>', block, re.DOTALL)]
            companies.setdefault(title, set()).add(company)
            found[(_iso(day), hour, company, title, " ".join(numbers))] = None
    for record in _exported(recordings, "loteriasdominicanas.com"):
        title, numbers = _level(record["loteria"]), record["numeros"]
        day, hour = record["fecha_original"].split()
        company = _company(title, companies.get(title, set()), len(numbers), hour)
        if company:
            found[(_iso(day), hour, company, title, " ".join(numbers))] = None
    yield from sorted(found)


def tusnumerosrd(recordings: Path) -> Iterator[tuple[str, ...]]:
    """Date, hour shown, name, numbers; `-` is an empty badge."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for record in _exported(recordings, "tusnumerosrd.com"):
        badges = [text or "-" for text in record["numeros"]]
        found[(record["fecha"], _level(record["loteria"]))] = (record["hora"], " ".join(badges))
    for page in sorted((recordings / "www.tusnumerosrd.com").glob("resultados-*.html")):
        for row in page.read_text(encoding="utf-8").split("<tr>")[2:]:
            name = _text(r'<h6 class="mb-0">(.*?)</h6>', row)
            day, month = _text(r'table-inner-text">\s*<span class="table-inner-text">(.*?)</span>', row).split()
            if month != "agosto":
                raise ValueError(f"{page.name} shows the month “{month}”; only August was recorded.")
            badges = [_level(text) or "-" for text in re.findall(r'badge-dot">(.*?)</div>', row, re.DOTALL)]
            found[(f"2025-08-{day}", name)] = (_text(r">(\d+:\d+[AP]M)<", row), " ".join(badges))
    for (on, name), (hour, numbers) in sorted(found.items()):
        yield on, hour, name, numbers


def _exported(recordings: Path, source: str) -> Iterator[dict[str, Any]]:
    path = recordings / "jansel-resultados-loteria" / "resultados_combinados-2025-08-14T1217.json"
    return (record for record in json.loads(path.read_text(encoding="utf-8")) if record["fuente"] == source)


def _company(title: str, known: set[str], count: int, hour: str) -> str:
    if title == "Super Palé":
        return "LoteDom" if hour < "14:00" else "Leidsa"
    if title == "Loto Pool":
        return "Leidsa" if count == 5 else "Loteria Real"
    return next(iter(known), "")


def _text(pattern: str, html: str) -> str:
    match = re.search(pattern, html, re.DOTALL)
    if match is None:
        raise ValueError(f"The page holds nothing like {pattern}.")
    return _level(match[1])


def _level(text: str) -> str:
    return " ".join(unescape(text).split())


def _iso(day: str) -> str:
    return datetime.strptime(day, "%d-%m-%Y").date().isoformat()  # noqa: DTZ007 - a day has no zone


def write(path: Path, columns: tuple[str, ...], rows: Rows) -> None:
    """Writes the rows, one line each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)


def make(recordings: Path, folder: Path) -> None:
    """Writes the four files into `folder`."""
    us = ("game", "date", "numbers", "extra")
    write(folder / "us_ny_data.csv", us, sorted(new_york(recordings)))
    write(folder / "us_texas.csv", us, sorted(texas(recordings)))
    board = ("date", "time", "company", "game", "numbers")
    write(folder / "do_loteriasdominicanas.csv", board, loteriasdominicanas(recordings))
    write(folder / "do_tusnumerosrd.csv", ("date", "hour", "name", "numbers"), tusnumerosrd(recordings))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where the recordings are: python -m lotto.replay.figures.make RECORDINGS")
    make(Path(sys.argv[1]), Path(__file__).parent)
