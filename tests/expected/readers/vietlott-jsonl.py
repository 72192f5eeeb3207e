"""The exported lines of Vietlott's games, by regular expressions on each line."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ADDRESS = "https://raw.githubusercontent.com/vietvudanh/vietlott-data/HEAD/data/{}"
BALLS = {"power655": 6, "power645": 6, "power535": 5}
SOME = {
    "power655.jsonl": ["2022-09-23"],
    "power535.jsonl": ["2025-06-29", "2026-04-24"],
    "3d.jsonl": ["2019-04-22"],
}
"""The ends, the row of another game, days with a draw or two."""


def draws(name: str, text: str) -> Iterator[list[Any]]:
    for on, serial, told in re.findall(r'^\{"date":"(.{10})","id":"(\d{5})","result":(.*)\}$', text, re.MULTILINE):
        more = {"serial": serial}
        if name in BALLS:
            found = re.findall(r"\d+", told[: told.index("]")])
            size = BALLS[name]
            pools: dict[str, list[str | None]] = {"main": [*found[:size]]}
            if name != "power645":
                pools["bonus"] = [*found[size:]] or [None]
            label = ("evening", "midday")[int(serial) & 1] if name == "power535" else ""
            yield [on, label, name, False, pools, more]
        else:
            found = re.findall(r'"(\d{3})"', told)
            pools = {"special": found[:2], "first": found[2:6], "second": found[6:12], "third": found[12:]}
            yield [on, "", name, False, pools, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name = file["name"]
        found = list(draws(name.removesuffix(".jsonl"), (folder / name).read_text(encoding="utf-8")))
        if len(found) != file["rows"]:
            raise ValueError(f"{name} has {len(found)} draws, not {file['rows']}.")
        yield {
            "file": name,
            "source": "vn_vietlott_data",
            "url": ADDRESS.format(name),
            "at": file["provenance_committed"],
            "readings": found,
            "some": SOME.get(name, []),
        }
