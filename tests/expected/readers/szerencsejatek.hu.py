"""The CSV files of Szerencsejáték: a row is matched from its end, where the numbers are, to its beginning."""

import re
import tomllib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

TIERS = {
    "otos": "5 4 3 2",
    "hatos": "6 5+1 5 4 3",
    "skandi": "7 6 5 4",
    "eurojackpot": "5+2 5+1 5 4+2 4+1 4 3+2 2+2 3+1 3 1+2 2+1",
}
POOLS = {
    "otos": [("main", 5)],
    "hatos": [("main", 6), ("bonus", 1)],
    "skandi": [("main", 7), ("hand", 7)],
    "eurojackpot": [("main", 5), ("star", 2)],
}
SOME = {
    "otos": ["2004-11-06", "2016-12-23", "2019-02-23"],
    "hatos": ["2007-07-22", "2007-07-29", "2016-12-04", "2018-01-01"],
    "skandi": ["2004-11-03", "2015-01-01"],
    "eurojackpot": ["2014-10-17", "2022-03-29", "2023-07-07"],
}
"""The ends of the files and of eras, draws on odd days, the last bonus number."""


def draws(game: str, text: str) -> Iterator[list[Any]]:
    tiers = TIERS[game].split()
    for line in text.splitlines():
        day = re.search(r";([0-9]{4})\.([0-9]{2})\.([0-9]{2})\.;", line)
        if day is None:
            continue
        cells = line[day.end() :].split(";")
        rest = iter(cells[2 * len(tiers) :])
        pools = {}
        for pool, count in POOLS[game]:
            values = [value for value in islice(rest, count) if value]
            if values:
                pools[pool] = values
        prizes = []
        for place, tier in enumerate(tiers):
            if tier == "5+1" and game == "hatos" and "bonus" not in pools:
                continue
            winners, money = cells[2 * place], cells[2 * place + 1]
            figure = re.sub("[ A-Za-z]", "", money).replace(",", ".")
            prizes.append(
                [tier, None if game == "eurojackpot" else winners, figure, "EUR" if "EUR" in money else "HUF"]
            )
        yield ["-".join(day.groups()), "", game, False, pools, {"prizes": prizes}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name = file["name"]
        game = Path(name).stem
        yield {
            "file": name,
            "source": "hu_szerencsejatek",
            "url": f"https://bet.szerencsejatek.hu/cmsfiles/{name}",
            "at": file["provenance_committed"],
            "readings": draws(game, (folder / name).read_text(encoding="utf-8-sig")),
            "some": SOME[game],
        }
