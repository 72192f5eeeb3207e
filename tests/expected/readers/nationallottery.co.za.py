"""The exported PowerBall files, by one pattern on their text."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GAMES = {
    "powerball.csv": ("PowerBall", ""),
    "powerballplus.csv": ("PowerBall Plus", "-plus"),
}


def draws(game: str, text: str) -> Iterator[list[Any]]:
    for y, m, d, serial, main, ball in re.findall(r"(\d+)/(\d+)/(\d+),(\d+),((?:\d+,){5})(\d+)\n", text):
        pools = {"main": re.findall(r"\d+", main), "bonus": [ball]}
        yield [f"{y}-{m}-{d}", "", game, False, pools, {"serial": serial}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    recording = tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))
    for file in recording["file"]:
        game, ending = GAMES[file["name"]]
        readings = list(draws(game, (folder / file["name"]).read_text(encoding="ascii")))
        if len(readings) != file["rows"]:
            raise ValueError(f"{file['name']} has lines that are no draw.")
        yield {
            "file": file["name"],
            "source": "za_ithuba",
            "url": recording["url"] + ending,
            "at": file["provenance_committed"],
            "readings": readings,
            "some": ["2018-06-19", "2020-10-27"],
        }
