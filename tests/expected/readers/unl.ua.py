"""The JSON of UNL, by a regular expression on its text.

It was fetched in the afternoon: it has the draw of 13:00, whatever it says of the hour at which it was made.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GAME = (
    r'"(\w+)":\{"jackpot"[^{}]*?"results":\[\{"lottery_id":"\d+","balls":\[([\d,]+)\],'
    r'"date":"([^"]+)","draw":(\d+)(?:,"bonus_ball":(\d+))?\}'
)


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        readings = []
        for name, balls, at, serial, bonus in re.findall(GAME, (folder / file["name"]).read_text(encoding="utf-8")):
            on, _, time = at.partition(" ")
            pools = {"main": balls.split(",")} | ({"bonus": [bonus]} if bonus else {})
            readings.append([on, time[:5], name, True, pools, {"serial": serial}])
        case = {"file": file["name"], "source": "ua_unl", "url": file["url"], "at": "2024-11-22T14:00:00+02:00"}
        yield case | {"readings": readings}
