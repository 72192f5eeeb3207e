"""The draws of Lotto 6/45 of Korea, by regular expressions on the text of each file."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TIERS = ["6", "5+1", "5", "4", "3"]
DRAW = re.compile(
    r'"draw_no":(\d+),"numbers":\[([\d,]+)\],"bonus_no":(\d+),"date":"(.{10})T00:00:00Z","divisions":\[(.*?)\]'
)
SOME = ["2002-12-07", "2008-07-26", "2026-08-22"]
"""The ends, and a draw without a winner of the first division."""


def draws(text: str) -> Iterator[list[Any]]:
    for serial, numbers, bonus, day, divisions in DRAW.findall(text):
        prizes = []
        for tier, told in zip(TIERS, re.findall(r"\{(.*?)\}", divisions), strict=True):
            if told:
                prize, winners = re.findall(r"\d+", told)
                prizes.append([tier, winners, prize, ""])
        more = {"serial": serial} | ({"prizes": prizes} if prizes else {})
        yield [day, "", "lotto", False, {"main": numbers.split(","), "bonus": [bonus]}, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name = file["name"]
        found = list(draws((folder / name).read_text(encoding="utf-8")))
        if len(found) != file["rows"]:
            raise ValueError(f"{name} has {len(found)} draws, not {file['rows']}.")
        yield {
            "file": name,
            "source": "kr_smok95",
            "url": f"https://smok95.github.io/lotto/results/{name.split('_')[0].removesuffix('.json')}.json",
            "at": file["provenance_committed"],
            "readings": found,
            "some": SOME if name == "all.json" else [],
        }
