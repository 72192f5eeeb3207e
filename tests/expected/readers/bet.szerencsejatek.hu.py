"""The table of Kenó, by regular expressions: of each row with a date the twenty numbers behind it."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def draws(text: str) -> Iterator[list[Any]]:
    for year, month, day, numbers in re.findall(r"<td>(\d{4})\.(\d\d)\.(\d\d)\.</td>(.*?)</tr>", text):
        yield [f"{year}-{month}-{day}", "", "keno", False, {"main": re.findall(r">(\d+)<", numbers)}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        yield {
            "file": file["name"],
            "source": "hu_szerencsejatek",
            "url": file["url"],
            "at": "2024-11-26T09:00:00+01:00",
            "readings": draws((folder / file["name"]).read_text(encoding="utf-8")),
            "some": ["1998-10-19", "2004-08-31", "2018-12-26", "2024-11-25"],
        }
