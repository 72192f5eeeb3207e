"""The home page of La Libanaise des Jeux, by its lists; they must be what a person wrote down of them."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        page = (folder / file["name"]).read_text(encoding="utf-8")
        lists = re.findall(r'<ul class="([a-z0-9 ]+) ballslist[^>]*>(.*?)</ul>', page, re.DOTALL)
        balls = {kind.split()[-1]: re.findall(r">(\d+)</li>", inside) for kind, inside in lists}
        draws = [
            (serial, f"{year}-{month}-{day}")
            for serial, day, month, year in re.findall(r"Draw #(\d+) \| (\d+)/(\d+)/(\d+)<", page)
        ]
        told = re.sub(r"\W+", " ", file["results"])
        for kind in balls:
            if " ".join(balls[kind]).replace(" 37 4", " 37 bonus 4") not in told:
                raise ValueError(f"{kind} is not what recording.toml says.")
        (one, on), (other, day) = draws
        loto, names = balls["loto"], {"yawmiyeh3": "three", "yawmiyeh4": "four", "yawmiyeh5": "five"}
        readings = [
            [on, "", "Loto", False, {"main": loto[:6], "bonus": loto[6:]}, {"serial": one}],
            [on, "", "Zeed", False, {"main": balls["zeed"]}, {"serial": one}],
            [day, "", "Yawmiyeh", False, {pool: balls[kind] for kind, pool in names.items()}, {"serial": other}],
        ]
        case = {"file": file["name"], "source": "lb_lldj", "url": file["url"], "at": "2026-01-17T12:00:00+02:00"}
        yield case | {"readings": readings}
