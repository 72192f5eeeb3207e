"""The page of Lottotal, by regular expressions; its day from the address."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = (folder / file["name"]).read_text(encoding="utf-8")
        day, year = re.findall(r"-(\d+)-december-(\d+)$", file["url"])[0]
        prizes = []
        for level, table in re.findall(r"<h2>Keno (\d+) .*?</h2>(.*?)</table>", text, re.DOTALL):
            for right, winners, paid in re.findall(
                r"<td>(\d+) rigtige</td><td[^>]*>(.*?) stk\.</td><td>(.*?) kr", table
            ):
                prizes.append([f"{right} of {level}", winners, paid.replace(" ", ""), "DKK"])
        main = re.findall(r'<div class="number">(\d+)</div>', text)
        yield {
            "file": file["name"],
            "source": "dk_lottotal",
            "url": file["url"],
            "at": "2024-12-05T23:00:00+01:00",
            "readings": [[f"{year}-12-{day:0>2}", "", "Keno", False, {"main": main}, {"prizes": prizes}]],
        }
