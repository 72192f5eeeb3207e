"""The files of the National Lottery: a line's quoted cells are taken out of it first, the rest is cut at its commas."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ADDRESS = "https://www.national-lottery.co.uk/results/{}/draw-history/csv"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SOME = {
    "lotto_2014-12_window.csv": ["2014-09-17", "2014-11-22"],
    "lotto_2017-09_window.csv": ["2017-04-08", "2017-09-30"],
    "euromillions_2015-02_window.csv": ["2014-10-31", "2015-02-10"],
    "euromillions_2017-09_window.csv": ["2017-07-28"],
    "euromillions_2022-09_window.csv": ["2022-08-19", "2022-07-22"],
    "euromillions_2023-03_window.csv": ["2023-02-03", "2023-03-24", "2023-03-28"],
}
"""Draws with raffles of another size, or none; the day FDJ has otherwise, and the ball."""


def draws(lotto: bool, text: str) -> Iterator[list[Any]]:
    for line in text.split("\n")[1:]:
        if not line:
            continue
        raffles = re.findall('"(.*?)"', line)
        f = re.sub('"(.*?)"', "", line).split(",")
        day, month, year = f[0].split("-")
        on = f"{year}-{MONTHS.index(month) + 1:02}-{day}"
        more = {"serial": f[-1]}
        if lotto:
            yield [on, "", "Lotto", True, {"main": f[1:7], "bonus": f[7:8]}, more]
            groups = [group.split(",") for group in raffles[0].split(";")]
            yield [on, "", "Lotto Raffle", False, dict(zip(["main", "first"], groups[::-1], strict=False)), more]
        else:
            yield [on, "", "EuroMillions", False, {"main": f[1:6], "star": f[6:8]}, more]
            for name, codes in zip(["UK Millionaire Maker", "European Millionaire Maker"], raffles, strict=False):
                if codes:
                    yield [on, "", name, False, {"main": codes.split(",")}, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name = file["name"]
        game = name.split("_")[0]
        yield {
            "file": name,
            "source": "gb_national_lottery",
            "url": ADDRESS.format(game),
            "at": file["provenance_committed"],
            "readings": draws(game == "lotto", (folder / name).read_text(encoding="ascii")),
            "some": SOME[name],
        }
