"""The exported draws of Lotto New Zealand, by one pattern on their text."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def draws(text: str) -> Iterator[list[Any]]:
    for on, main, ball in re.findall(r'"date": "(.{10})",\s*"numbers": \[([^]]*)\],\s*"powerball": (\d+)', text):
        balls = re.findall(r"\d+", main)
        yield [on, "", "Lotto", False, {"main": balls}]
        yield [on, "", "Powerball", False, {"main": balls, "bonus": [ball]}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    recording = tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))
    for file in recording["file"]:
        readings = list(draws((folder / file["name"]).read_text(encoding="utf-8")))
        if len(readings) != 2 * file["rows"]:
            raise ValueError(f"{file['name']} has draws that are not told.")
        yield {
            "file": file["name"],
            "source": "nz_mylotto",
            "url": recording["url"],
            "at": file["provenance_committed"],
            "readings": readings,
            "some": ["2001-02-17", "2003-12-31", "2007-12-29", "2015-10-07", "2026-05-09"],
        }
