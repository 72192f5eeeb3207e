"""The JSON of LoteriasDominicanas.com, walked as it stands; the newest draws must be those a person wrote down."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any


def pools(layout: list[list[dict[str, Any]]], score: list[list[str]]) -> dict[str, list[Any]]:
    if len(layout) > 1:
        names = ["first", "second", "third"]
        return {
            name: [*(one or None for one in row), *[None] * (len(places) - len(row))]
            for name, places, row in zip(names, layout, score, strict=True)
        }
    found: dict[str, list[Any]] = {}
    for place, shown in zip(layout[0], score[0], strict=True):
        words = {one["id"]: one["text"] for one in place.get("options", [])}
        if place["is_bonus"]:
            pool = "extra" if "bonus" in found else "bonus"
        else:
            pool = {"Manzana": "apple", "Multiplier": "multiplier"}.get(place["label"], "main")
        text = words.get(shown, shown)
        found.setdefault(pool, []).append(text[:-1] if pool == "multiplier" and text.endswith("X") else text)
    return found


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        case = {"file": file["name"], "source": "do_loteriasdominicanas_api", "url": file["url"]}
        data = json.loads((folder / file["name"]).read_text(encoding="utf-8"))
        if "siteCompanies" not in data:
            yield case | {"at": "2026-06-14T12:00:00-04:00", "raises": "PageChanged", "says": "field `siteCompanies`"}
            continue
        readings, newest = [], {}
        for company in data["siteCompanies"]:
            for game in company["siteGames"]:
                name = f"{company['title']} / {game['title']}"
                newest[name] = game["game"]["sessions"][0]["score"]
                for one in game["game"]["sessions"]:
                    midnight = datetime.fromisoformat(one["date"]) - timedelta(hours=4)
                    score = pools(game["game"]["score_layout"], one["score"])
                    readings.append([f"{midnight:%Y-%m-%d}", "", name, False, score])
        written = re.findall(r"^(.* / .*?): \S+ created \S+: (.*)$", file["results"], re.MULTILINE)
        if newest != {name: ast.literal_eval(score) for name, score in written}:
            raise ValueError(f"{file['name']} does not hold what its recording.toml says.")
        some = ["2026-06-15", "2026-06-13"]
        yield case | {"at": "2026-06-15T21:53:00-04:00", "readings": readings, "some": some}
