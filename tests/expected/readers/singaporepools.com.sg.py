"""The export of TOTO: each line is cut at its commas outside quotation marks, and read by the places of its cells."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TIERS = ["6", "5+1", "5", "4+1", "4", "3+1", "3"]
SOME = ["2008-07-03", "2011-06-30", "2014-10-06", "2014-10-09", "2025-07-07"]
"""The ends, the first prizes, the last draw of 45 balls and the first of 49."""


def draws(text: str) -> Iterator[list[Any]]:
    for line in text.replace("\r", "").split("\n")[1:]:
        if not line:
            continue
        cells = re.sub('"[^"]*"', "", line).split(",")
        paid = cells[-14:]
        prizes = [[tier, paid[2 * n], paid[2 * n + 1], ""] for n, tier in enumerate(TIERS) if paid[2 * n]]
        more = {"serial": cells[0]} | ({"prizes": prizes} if prizes else {})
        yield [cells[1], "", "toto", False, {"main": cells[2:8], "bonus": [cells[8]]}, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    about = tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))
    for file in about["file"]:
        found = list(draws((folder / file["name"]).read_text(encoding="utf-8")))
        if len(found) != file["rows"]:
            raise ValueError(f"{file['name']} has {len(found)} draws, not {file['rows']}.")
        yield {
            "file": file["name"],
            "source": "sg_lottolyzer",
            "url": about["url"],
            "at": file["provenance_committed"],
            "readings": found,
            "some": SOME,
        }
