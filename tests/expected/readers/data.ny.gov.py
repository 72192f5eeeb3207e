"""New York's data sets: each line is cut at its commas."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Pools = dict[str, list[Any]]
Reading = tuple[str, str, str, bool, Pools]

NEW_YORK = "https://data.ny.gov/api/views/{}/rows.csv?accessType=DOWNLOAD"
SOME = {
    "powerball.csv": ["2010-02-03", "2012-01-14", "2012-01-18", "2014-01-22", "2022-11-05"],
    "mega_millions.csv": ["2002-05-17", "2011-01-14", "2011-01-18", "2011-09-23", "2022-05-10"],
    "ny_lotto.csv": ["2001-09-12", "2007-03-03", "2010-05-29"],
    "take5.csv": ["2003-05-04", "2003-05-05", "2008-05-10", "2022-10-27"],
    "cash4life.csv": ["2014-06-16"],
    "numbers_win4.csv": ["1982-01-27", "1985-02-14", "2007-06-10", "2011-04-27", "2020-09-25", "2025-09-28"],
}
"""The days on which a rule of the game, or the source, was odd."""


def new_york_powerball(f: list[str]) -> Iterator[tuple[str, str, Pools]]:
    *main, bonus = f[1].split(" ")
    yield "d6yy-54nr", "", {"main": main, "bonus": [bonus], "multiplier": [f[2]]}


def new_york_mega_millions(f: list[str]) -> Iterator[tuple[str, str, Pools]]:
    yield "5xaw-6ayf", "", {"main": f[1].split(" "), "bonus": [f[2]], "multiplier": [f[3]]}


def new_york_lotto(f: list[str]) -> Iterator[tuple[str, str, Pools]]:
    yield "6nbc-h7bj", "", {"main": f[1].split(" "), "bonus": [f[2]]}


def new_york_take5(f: list[str]) -> Iterator[tuple[str, str, Pools]]:
    yield "dg63-4siq", "evening", {"main": f[1].split(" "), "bonus": [f[2]]}
    if f[3]:
        yield "dg63-4siq", "midday", {"main": f[3].split(" "), "bonus": [f[4]]}


def new_york_cash4life(f: list[str]) -> Iterator[tuple[str, str, Pools]]:
    yield "kwxv-fwze", "", {"main": f[1].split(" "), "bonus": [f[2]]}


def new_york_numbers(f: list[str]) -> Iterator[tuple[str, str, Pools]]:
    columns = (
        ("numbers", "midday", 1, 3),
        ("numbers", "evening", 3, 3),
        ("win4", "midday", 5, 4),
        ("win4", "evening", 7, 4),
    )
    for game, label, column, size in columns:
        digits, total = f[column], f[column + 1]
        if digits:
            known = not total or int(total) == sum(int(digit) for digit in digits)
            # Zeros at the front are lost in most years: 13 is 013.
            text = "0" * (size - len(digits)) + digits
            yield f"hsys-3def/{game}", label, {"main": [digit if known else None for digit in text]}


NEW_YORK_FILES = {
    "powerball.csv": ("d6yy-54nr", new_york_powerball),
    "mega_millions.csv": ("5xaw-6ayf", new_york_mega_millions),
    "ny_lotto.csv": ("6nbc-h7bj", new_york_lotto),
    "take5.csv": ("dg63-4siq", new_york_take5),
    "cash4life.csv": ("kwxv-fwze", new_york_cash4life),
    "numbers_win4.csv": ("hsys-3def", new_york_numbers),
}


def new_york(name: str, text: str) -> Iterator[Reading]:
    for line in text.replace("\r\n", "\n").split("\n")[1:-1]:
        fields = line.split(",")
        month, day, year = (int(part) for part in fields[0].split("/"))
        for draw, label, pools in NEW_YORK_FILES[name][1](fields):
            told = {pool: values for pool, values in pools.items() if values != [""]}
            yield f"{year}-{month:02}-{day:02}", label, draw, False, told


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name = file["name"]
        yield {
            "file": name,
            "source": "us_ny_data",
            "url": NEW_YORK.format(NEW_YORK_FILES[name][0]),
            "at": file["provenance_committed"],
            "readings": new_york(name, (folder / name).read_bytes().decode()),
            "some": SOME[name],
        }
