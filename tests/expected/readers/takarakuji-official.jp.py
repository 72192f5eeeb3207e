"""The four tables of Japan's numbers games: lines cut at their commas and read by the places of their cells."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RAW = "https://raw.githubusercontent.com/{}/HEAD/{}"
FILES = {
    "loto6.csv": ("jp_vpn62399", ["2000-10-05", "2004-10-14", "2016-02-26", "2023-05-26"]),
    "loto7.csv": ("jp_vpn62399", ["2013-04-05", "2023-06-23"]),
    "loto6_allData.csv": ("jp_rosyuku", ["2000-10-05", "2013-11-29", "2017-05-18"]),
    "numbers3.csv": ("jp_super_pylori", ["1994-10-07", "2021-12-24"]),
}
"""The source of a file, and the days that are worth a look."""


TIERS = ["6", "5+1", "5", "4", "3"]


def day(text: str) -> str:
    y, m, d = re.findall(r"\d+", text)
    return f"{y}-{m:0>2}-{d:0>2}"


def draws(name: str, text: str) -> Iterator[list[Any]]:
    for line in text.replace("\r", "").split("\n"):
        cells = line.split(",")
        if name == "numbers3.csv":
            if cells[0].isdigit():
                yield [day(cells[2]), "", "numbers3", False, {"main": [*cells[3]]}, {"serial": cells[1][1:-1]}]
        elif name == "loto6_allData.csv":
            if cells[0].isdigit():
                prizes = [[t, cells[11 + 2 * n], cells[12 + 2 * n], ""] for n, t in enumerate(TIERS)]
                more = {"serial": cells[1], "prizes": prizes}
                yield [day(cells[2]), "", "loto6", False, {"main": cells[4:10], "bonus": [cells[10]]}, more]
        elif cells[0]:
            end = 8 if name == "loto6.csv" else 9
            pools = {"main": cells[2:end], "bonus": cells[end:-5]}
            yield [day(cells[1]), "", name.removesuffix(".csv"), False, pools, {"serial": cells[0]}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name = file["name"]
        source, some = FILES[name]
        found = list(draws(name, (folder / name).read_text(encoding="utf-8-sig")))
        if len(found) != file["rows"]:
            raise ValueError(f"{name} has {len(found)} draws, not {file['rows']}.")
        yield {
            "file": name,
            "source": source,
            "url": RAW.format(file["provenance_repo"].removeprefix("github.com/"), name),
            "at": file["provenance_committed"],
            "readings": found,
            "some": some,
        }
