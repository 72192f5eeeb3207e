"""The games of Lotterywest, walked through as plain JSON; numbers are taken from the texts that list them."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def draws(title: str, results: list[dict[str, Any]]) -> Iterator[list[Any]]:
    for one in results:
        pools = {"main": one["winning_numbers_display"].split(", ")}
        if one["supplementary_numbers_display"]:
            pools["bonus"] = one["supplementary_numbers_display"].split(", ")
        more: dict[str, Any] = {"serial": str(one["draw_num"])}
        matrix = one["division_matrix"]
        prizes = []
        for n, (number, paid) in enumerate(one["divisions"].items()):
            tier = f"division {number}"
            if matrix:
                tier = "+".join(str(count) for count in matrix[n] if count)
                if n == 0 and paid["winners"] != "0":
                    more["jackpot"] = [paid["pool"], ""]
            prizes.append([tier, paid["winners"], str(paid["each"]), ""])
        yield [one["draw_date"], "", title, True, pools, more | {"prizes": prizes}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    recording = tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))
    for file in recording["file"]:
        data = json.loads((folder / file["name"]).read_text(encoding="utf-8"))["data"]
        readings = []
        for game in data.values():
            if "title" in game:
                readings += draws(game["title"], game["results"])
        yield {
            "file": file["name"],
            "source": "au_lotterywest",
            "url": recording["url"],
            "at": file["provenance_committed"],
            "readings": readings,
            "some": ["2024-05-15", "2026-08-20"],
        }
