"""The answer of TIPOS: the inner text by dropping its backslashes, then by regular expressions."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = (folder / file["name"]).read_text(encoding="utf-8").replace("\\", "")
        [(day, month, year)] = re.findall(r'"Date":"(\d+)\. (\d+)\. (\d+)"', text)
        [numbers, digits] = re.findall(r'"Zrebovanie(?:Joker)?":\[(.*?)\]', text)
        [plus] = re.findall(r'"ZrebovanieAdd":"(\d+)"', text)
        tiers = re.findall(r'"VyherneCisla":"(\d+)","VyskaVyhry":"(.*?) €","PocetVyhier":"(-?\d+)"', text)
        prizes = [
            [f"last {len(end)}", None if won == "-1" else won, paid.replace(" ", "").replace(",", "."), "EUR"]
            for end, paid, won in tiers
        ]
        on = f"{year}-{month:0>2}-{day:0>2}"
        pools = {"main": re.findall(r"\d+", numbers), "plus": [plus]}
        yield {
            "file": file["name"],
            "source": "sk_tipos",
            "url": file["url"],
            "at": "2024-11-22T09:00:00+01:00",
            "readings": [
                [on, "", "Keno 10", True, pools],
                [on, "", "Joker", False, {"main": re.findall(r"\d", digits)}, {"prizes": prizes}],
            ],
        }
