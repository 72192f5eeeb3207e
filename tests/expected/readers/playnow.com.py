"""The files of BCLC: quotes are taken out, and each line is cut at its commas."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOME = {
    "649.csv": ["1982-06-12", "1985-09-11", "2024-05-25"],
    "LOTTOMAX.csv": ["2009-09-25", "2009-11-06", "2019-05-14", "2019-05-17"],
}
"""The first draws, the first on Wednesday and on Tuesday, the first Maxmillions, the first fifty."""


def draws(text: str) -> Iterator[list[Any]]:
    for line in text.replace('"', "").split("\r\n")[1:-1]:
        product, serial, sequence, day, *main, bonus = line.split(",")
        if sequence == "0":
            yield [day, "", product, False, {"main": main, "bonus": [bonus]}, {"serial": serial}]
        else:
            yield [day, sequence, "Maxmillions", False, {"main": main}, {"serial": serial}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name = file["name"]
        yield {
            "file": name,
            "source": "ca_bclc",
            "url": f"https://www.playnow.com/resources/documents/downloadable-numbers/{Path(name).stem}.zip",
            "at": file["provenance_committed"],
            "readings": draws((folder / name).read_bytes().decode("ascii")),
            "some": SOME[name],
        }
