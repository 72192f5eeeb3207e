"""The answer of the New York Lottery, by a regular expression on its text."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DRAW = (
    r'"date":"(.{10})","draw_number":(\d+),"draw_time":"(.{8})".*?"multiplier":(\d+),.*?"winning_numbers":\[(.*?)\].*?'
    r'"money_dots_amount":"(\d+)","money_dots_number":"(\d+)"'
)


def draws(text: str) -> Iterator[list[Any]]:
    for day, serial, time, times, numbers, paid, dot in re.findall(DRAW, text):
        more = {"serial": serial, "at": time}
        pools = {"main": re.findall(r"\d+", numbers), "multiplier": [times]}
        yield [day, serial, "Quick Draw", False, pools, more]
        yield [day, serial, "Money Dots", False, {"main": [dot]}, more | {"prizes": [["1", None, paid, ""]]}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        yield {
            "file": file["name"],
            "source": "us_ny_lottery",
            "url": file["url"],
            "at": "2024-08-06T10:41:35-04:00",
            "readings": draws((folder / file["name"]).read_text(encoding="utf-8")),
        }
