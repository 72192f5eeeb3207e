"""The archive of 6aus49, by regular expressions on its text."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def draws(text: str) -> Iterator[list[Any]]:
    pattern = r'\{"id":(\d+),"date":"(\d\d)\.(\d\d)\.(\d{4})","Lottozahl":\[([\d,]+)\](?:,"Superzahl":(\d))?\}'
    for serial, day, month, year, balls, bonus in re.findall(pattern, text):
        pools = {"main": balls.split(","), **({"bonus": [bonus]} if bonus else {})}
        yield [f"{year}-{month}-{day}", "", "Lotto 6aus49", False, pools, {"serial": serial}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    recording = tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))
    for file in recording["file"]:
        yield {
            "file": file["name"],
            "source": "de_lottonumberarchive",
            "url": recording["url"],
            "at": file["provenance_committed"],
            "readings": draws((folder / file["name"]).read_text(encoding="utf-8")),
            "some": ["1955-10-09", "1965-09-04", "1991-11-30", "1991-12-07", "2000-12-06", "2026-07-22"],
        }
