"""The old answers of Caixa, by the fields that a person wrote down of them without their tags."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GAMES = {
    "lotofacil": ("Lotofacil", r"\|C\|(?P<day>[\d/]+)\|\|0\|0\|(?P<drawn>(?:\d\d\|){15})", "15 14 13 12 11"),
    "megasena": ("Mega-Sena", r"^\d+\|[^|]*\| (?P<drawn>(?:\d\d ){6})\|.*?\|\|(?P<day>[\d/]+)\|", "6 5 4"),
    "lotomania": ("Lotomania", r"\|(?P<day>[\d/]{10})\|GANH.*\|0,00\|(?P<drawn>(?:\d\d\|){20})", "20 19 18 17 16 0"),
    "quina": ("Quina", r"\| (?P<drawn>(?:\d\d ){5})(?:\d\d ){5}\|.*?\|(?P<day>\d\d/[\d/]+)\|", "5 4 3"),
}
PRIZES = {
    "lotofacil": r"\|24\|((?:[\d.]+\|[\d.,]+\|){5})",
    "megasena": r" \|((?:[\d.]+\|[\d.,]+\|){3})",
    "lotomania": r"\|93\|93\|((?:[\d.]+\|[\d.,]+\|){6})",
    "quina": r"anterior \|((?:[\d.]+\|[\d.,]+\|){3})",
}


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        [line] = [one for one in file["results"].split("\n") if one.startswith("The fields")]
        text = line.partition(": ")[2]
        levelled = re.sub(r"\s+", "", re.sub("<.*?>", " ", (folder / file["name"]).read_text(encoding="utf-8")))
        if levelled != re.sub(r"\s+", "", text):
            raise ValueError(f"{file['name']} does not hold what its recording.toml says.")
        kind, serial = file["name"].removesuffix(".html").split("-")
        name, pattern, tiers = GAMES[kind]
        found = re.search(pattern, text)
        money = re.search(PRIZES[kind], text)
        if found is None or money is None:
            raise ValueError(f"{file['name']} has other fields.")
        day, month, year = found["day"].split("/")
        values = money[1].rstrip("|").replace(".", "").replace(",", ".").split("|")
        prizes = [[tier, *values[2 * n : 2 * n + 2], "BRL"] for n, tier in enumerate(tiers.split())]
        pools = {"main": re.findall(r"\d\d", found["drawn"])}
        case = {"file": file["name"], "source": "br_caixa", "url": file["url"], "at": "2012-09-01T12:00:00-03:00"}
        more = {"serial": serial, "prizes": prizes}
        yield case | {"readings": [[f"{year}-{month}-{day}", "", name, True, pools, more]]}
