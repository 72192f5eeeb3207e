"""The text files of Powerball: the one by the places of its columns, the other, with tabs, cell by cell."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOME = ["1997-11-01", "2001-03-03", "2001-03-07", "2012-01-14", "2012-01-18", "2014-01-22", "2014-06-28"]
"""The first draw, the ends of the years without a Power Play, a draw that New York lacks."""


def draws(text: str) -> Iterator[list[Any]]:
    if "\t" in text:
        for line in text.split("\r")[1:]:
            day, *balls, times = line.split("\t")
            month, of_month, year = map(int, day.split("/"))
            yield [f"{year + (1900 if year > 90 else 2000)}-{month:02}-{of_month:02}", balls, times]
        return
    for line in text.split("\r\n")[1:]:
        if line:
            balls = [line[at : at + 2] for at in range(12, 36, 4)]
            yield [f"{line[6:10]}-{line[:2]}-{line[3:5]}", balls, line[36:].strip()]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        readings = []
        for on, balls, times in draws((folder / file["name"]).read_bytes().decode("ascii")):
            pools = {"main": balls[:5], "bonus": balls[5:]} | ({"multiplier": [times]} if times else {})
            readings.append([on, "", "Powerball", True, pools])
        yield {
            "file": file["name"],
            "source": "us_powerball_com",
            "url": "https://www.powerball.com/powerball/winnums-text.txt",
            "at": file["provenance_committed"],
            "readings": readings,
            "some": SOME,
        }
