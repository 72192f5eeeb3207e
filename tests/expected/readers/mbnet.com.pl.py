"""The files of two Polish mirrors: all that are figures in a line, told apart by how many there are."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ADDRESSES = {
    "dl.txt": ("pl_mbnet", "http://www.mbnet.com.pl/dl.txt"),
    "ml.txt": ("pl_mbnet", "http://www.mbnet.com.pl/ml.txt"),
    "lotto.csv": ("pl_wynikilotto", "https://www.wynikilotto.net.pl/download/lotto.csv"),
    "ekstra_pensja.csv": ("pl_wynikilotto", "https://www.wynikilotto.net.pl/download/ekstra_pensja.csv"),
}
SOME = {
    "dl.txt": ["1957-01-27", "1965-03-07", "1968-12-15", "1991-09-28", "2018-01-25", "2019-11-09", "2019-11-12"],
    "ml.txt": ["1979-01-03", "1979-01-10", "1998-01-17", "2000-08-26", "2022-07-28"],
    "lotto.csv": ["1957-01-27", "1965-03-07", "1968-12-15", "1991-09-28", "2018-01-25", "2026-08-20"],
    "ekstra_pensja.csv": ["2014-10-19", "2017-04-18", "2024-01-01"],
}


def draws(name: str, text: str) -> Iterator[list[Any]]:
    days = set()
    for line in text.replace("\r", "").split("\n")[:-1]:  # what stands behind the last line end is no whole line
        serial, of_month, month, year, *balls = re.findall("[0-9]+", line)
        day = f"{year}-{month}-{of_month}"
        pools = {"main": balls[:-1], "bonus": balls[-1:]} if name == "ekstra_pensja.csv" else {"main": balls}
        label = "second" if day in days else ""
        days.add(day)
        yield [day, label, name.split(".")[0], False, pools, {"serial": serial.lstrip("0")}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name = file["name"]
        source, url = ADDRESSES[name]
        yield {
            "file": name,
            "source": source,
            "url": url,
            "at": file["provenance_committed"],
            "readings": draws(name, (folder / name).read_bytes().decode("ascii")),
            "some": SOME[name],
        }
