"""The answer of the German lotteries about one day, by regular expressions on its text."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DAY = 24 * 60 * 60 * 1000


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = (folder / file["name"]).read_text(encoding="utf-8")
        [at] = re.findall(r'"drawDate":(\d+)', text)
        [numbers] = re.findall(r'"drawNumbers":"(.*?)"', text)
        [digits] = re.findall(r'"plus5":"(\d+)"', text)
        # The recorded draw is in winter.
        day = (datetime.fromtimestamp(int(at) / 1000, UTC) + timedelta(hours=1)).date().isoformat()
        prizes = [
            [f"{right.lstrip('0') or '0'} of {picked}", winners, odds, "EUR"]
            for winners, odds, picked, right in re.findall(
                r'"numberOfWinners":(\d+),"odds":(\d+),.*?"winningClassName":"Typ (\d+) und (\d+) Richtige"', text
            )
        ]
        yield {
            "file": file["name"],
            "source": "de_lotto",
            "url": file["url"],
            "at": "2024-12-03T09:00:00+01:00",
            "readings": [
                [day, "", "KENO", True, {"main": numbers.split(", ")}, {"prizes": prizes}],
                [day, "", "plus 5", False, {"main": list(digits)}],
            ],
            "further": [file["url"].replace(at, str(int(at) + DAY))],
        }
