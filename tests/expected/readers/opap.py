"""The two exports of Joker: the table with the csv module, the list by regular expressions."""

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOME = ["1997-11-16", "2004-01-11", "2004-01-12", "2020-01-09", "2020-03-09", "2020-09-01", "2024-04-23", "2026-08-20"]


def draws(text: str) -> Iterator[list[Any]]:
    if text.startswith("["):
        for day, balls, joker in re.findall(r'\{"d":"(.*?)","n":\[(.*?)\],"e":\[(.*?)\]\}', text):
            yield [day, "", "Joker", False, {"main": balls.split(","), "bonus": [joker]}]
        return
    for row in csv.DictReader(io.StringIO(text)):
        pools = {"main": [row[f"X{n}"] for n in range(1, 6)], "bonus": [str(int(float(row["Joker"])))]}
        yield [row["Date"], "", "Joker", True, pools, {"serial": row["Draw"]}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        yield {
            "file": file["name"],
            "source": "gr_joker_exports",
            "url": "https://www.opap.org.cy/el/joker",
            "at": file["provenance_committed"],
            "readings": draws((folder / file["name"]).read_text(encoding="ascii")),
            "some": SOME,
        }
