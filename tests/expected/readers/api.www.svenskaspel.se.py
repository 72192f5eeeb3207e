"""Svenska Spel's answer, word by word: every row of a level is a name, a count and an amount."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def prizes(text: str, king: str) -> Iterator[list[str]]:
    for played, rows in re.findall(r'"name":"Keno (\d+)","distribution":\[(.*?)\]', text):
        for right, winners, kronor, cents in re.findall(r'(\d+) rätt","winners":(\d+),"amount":"(\d+),(\d+)"', rows):
            yield [f"{right} of {played}{king}", winners, f"{kronor}.{cents}", "SEK"]


def reading(text: str) -> list[Any]:
    regular, kung = text.split('"distributionKungKeno"')
    [numbers] = re.findall(r'"numbers":\[(.*?)\]', text)
    [king] = re.findall(r'"kungKenoNumber":\[(\d+)\]', text)
    [serial] = re.findall(r'"drawNumber":(\d+)', text)
    [on] = re.findall(r'"regCloseTime":"(.{10})T', text)
    more = {"serial": serial, "prizes": [*prizes(regular, ""), *prizes(kung, " + Kung")]}
    return [on, "", "Keno", True, {"main": numbers.split(","), "king": [king]}, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = (folder / file["name"]).read_text(encoding="utf-8")
        case = {"file": file["name"], "source": "se_svenskaspel", "url": file["url"]}
        yield case | {"at": "2024-11-19T08:00:00+01:00", "readings": [reading(text)]}
