"""FDJ's page of a Keno day, by the data in its scripts, which the page's own code would draw it from."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def readings(text: str) -> Iterator[list[Any]]:
    bare = text.replace("\\", "")
    found = re.findall(
        r'"game":"keno","date":"(.{10})T(..):.*?"numbers":\[(.*?)\].*?"options":{"joker":"(\d+)","multiplier":"(\d+)"}',
        bare,
    )
    # The newest draws stand a second time at the end, for another part of the page.
    for on, hour, numbers, joker, multiplier in dict.fromkeys(found):
        label = "midday" if int(hour) < 17 else "evening"
        pools = {"main": re.findall("[0-9]+", numbers), "multiplier": [multiplier]}
        yield [on, label, "Keno", False, pools]
        yield [on, label, "Joker+", False, {"main": list(joker)}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = (folder / file["name"]).read_text(encoding="utf-8")
        case = {"file": file["name"], "source": "fr_fdj_keno", "url": file["url"]}
        yield case | {"at": "2024-05-23T18:51:36+02:00", "readings": readings(text)}
