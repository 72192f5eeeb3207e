"""The page of Xoso.com.vn: its numbers by the identities of their places, which tell province, prize and position."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

POOLS = ["special", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]


def draws(text: str) -> Iterator[list[Any]]:
    [(d, m, y)] = set(re.findall(r'id="?mn_kqngay_(\d\d)(\d\d)(\d{4})"?', text))
    names = dict(re.findall(r'xs(dn|ct|st)-p1\.html"?>([^<]+)</a></h3>', text))
    found: dict[str, dict[str, dict[int, str]]] = {}
    for code, prize, at, shown in re.findall(r'id="?([A-Z]+)_prize_?(\d|Db)_item(\d)"? data-loto="?([.\d]+)', text):
        pool = POOLS[0 if prize == "Db" else int(prize)]
        found.setdefault(code, {}).setdefault(pool, {})[int(at)] = shown
    for code, pools in found.items():
        numbers = {
            pool: [places[at] if places[at].isdigit() else None for at in sorted(places)]
            for pool, places in pools.items()
        }
        if any(any(values) for values in numbers.values()):
            yield [f"{y}-{m}-{d}", "", names[code.lower()], False, numbers]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        yield {
            "file": file["name"],
            "source": "vn_xoso",
            "url": file["url"],
            "at": "2026-03-25T07:05:00+07:00",
            "readings": draws((folder / file["name"]).read_text(encoding="utf-8")),
        }
