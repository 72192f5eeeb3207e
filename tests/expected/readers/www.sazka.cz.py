"""The answers of Sazka, by regular expressions on their text."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ONE = "https://www.sazka.cz/api/draw-info/draws/universal/keno/{}"


def reading(serial: str, day: str, time: str, numbers: str) -> list[Any]:
    more = {"serial": serial, "at": f"{time:0>5}:00"}
    return [day, serial, "keno", False, {"main": re.findall("[0-9]+", numbers)}, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        name, text = file["name"], (folder / file["name"]).read_text(encoding="utf-8")
        case = {"file": name, "source": "cz_sazka", "url": file["url"], "at": "2023-08-28T13:06:00+02:00"}
        if name.startswith("past-draws"):
            yield case | {"readings": [], "further": [ONE.format(one) for one in re.findall(r'"id":(\d+)', text)]}
        elif name.startswith("draw-"):
            [found] = re.findall(r'"drawId":(\d+),"drawDate":"(.{10})T(.{5}):00".*"draws":\[\[(.*?)\]\]', text)
            yield case | {"readings": [reading(*found)]}
        else:
            pattern = r'"drawId": (\d+),\s*"drawDate": "(.*?)",\s*"drawTime": "(.*?)",.*?"results": \[(.*?)\]'
            found = []
            for serial, day, time, numbers in re.findall(pattern, text, re.DOTALL):
                found.append(reading(serial, "{2}-{1:0>2}-{0:0>2}".format(*day.split(". ")), time, numbers))
            yield case | {"readings": found}
