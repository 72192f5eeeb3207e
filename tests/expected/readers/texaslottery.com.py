"""The files of Texas: each line is cut at its commas."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Pools = dict[str, list[Any]]
Reading = tuple[str, str, str, bool, Pools]

TEXAS = "https://www.texaslottery.com/export/sites/lottery/Games/{}/Winning_Numbers/{}.csv"
SOME = {
    "powerball.csv": ["2010-02-03", "2012-01-14", "2012-01-18", "2014-01-22", "2022-11-05"],
    "megamillions.csv": ["2003-12-05", "2007-12-25", "2011-09-23", "2022-05-10"],
    "lottotexas.csv": ["2003-05-03", "2003-05-07", "2003-06-18", "2006-04-15", "2006-04-22", "2006-04-26"],
    "texastwostep.csv": ["2001-05-18"],
}
"""The days on which a rule of the game, or the source, was odd."""


def texas(name: str, text: str) -> Iterator[Reading]:
    for line in text.split("\n")[:-1]:
        game, month, day, year, *balls = line.split(",")
        if game == "Game Name":
            continue
        on = f"{year}-{int(month):02}-{int(day):02}"
        first = {"Lotto Texas": 6, "Texas Two Step": 4}.get(game, 5)
        if game == "Lotto Texas" and "2003-05-07" <= on < "2006-04-26":
            first = 5
        pools = {"main": balls[:first], "bonus": balls[first : first + 1], "multiplier": balls[first + 1 :]}
        yield on, "", game, True, {pool: list(values) for pool, values in pools.items() if values}


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name = file["name"]
        text = (folder / name).read_bytes().decode()
        game = text.split("\n")[1].split(",")[0]
        yield {
            "file": name,
            "source": "us_texas",
            "url": TEXAS.format(game.replace(" ", "_"), Path(name).stem),
            "at": file["provenance_committed"],
            "readings": texas(name, text),
            "some": SOME[name],
        }
