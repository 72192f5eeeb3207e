"""The page of games of the National Lottery: no numbers, which is so when no list of balls is in it."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = (folder / file["name"]).read_text(encoding="utf-8")
        if "Next draw" not in text or re.search("(?i)winning numbers( are)?:? *[0-9]", text):
            raise ValueError(f"{file['name']} is no page of next draws.")
        yield {
            "file": file["name"],
            "source": "gb_national_lottery",
            "url": file["url"],
            "at": "2025-07-17T07:40:00+01:00",
            "raises": "PageNotYet",
            "says": "no numbers",
        }
