"""LotteryExtreme's pages, cut where a draw begins; what is left of a draw without its tags are its numbers in turn."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = {"belgium": "Belgium Keno", "germany": "Germany Keno", "slovakia": "Slovakia Keno 10"}


def readings(country: str, text: str) -> Iterator[list[Any]]:
    for part in text.split("<td class='cx'>Keno")[1:]:
        told = re.sub("<[^>]*>|&nbsp;", " ", re.split("</(?:p|ul)></tr>", part)[0])
        if country == "slovakia":
            told = re.sub(r"^ 10 |\([0-9]+\)", " ", told)
        balls, *beside = re.split("[A-Z][A-Za-z ]+[0-9]?:", re.sub(r"(?<=[0-9]{4}) [A-Z][a-z]+", " ", told))
        day, month, year, *main = re.findall("[0-9]+", balls)
        on = f"{year}-{month}-{day}"
        more = [one.strip() for one in beside]
        pools = {"main": main} | ({"plus": [more[0]]} if country == "slovakia" else {})
        yield [on, "", NAMES[country], False, pools]
        if country == "germany":
            yield [on, "", "Germany Plus 5", False, {"main": list(more[0])}]
        if country == "slovakia" and more[1]:
            yield [on, "", "Slovakia Joker", False, {"main": list(more[1])}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = (folder / file["name"]).read_text(encoding="utf-8")
        case = {"file": file["name"], "source": "xx_lotteryextreme", "url": file["url"]}
        yield case | {
            "at": f"{file['captured'][:10]}T09:00:00+01:00",
            "readings": readings(file["name"].split("-")[0], text),
        }
