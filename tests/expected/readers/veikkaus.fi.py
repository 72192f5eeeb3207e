"""The rounds of the Finnish Lotto by their digits alone: the text between two dates has a round and its numbers."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOME = ["1987-01-02", "1997-12-06", "2008-07-26", "2015-11-01", "2016-02-06", "2016-12-03", "2022-05-02"]


def readings(text: str) -> Iterator[list[Any]]:
    for part in text.split('"date"')[1:]:
        year, month, day, week, draw, *numbers = re.findall("[0-9]+", part)
        pools = {"main": numbers[:7]} | ({"bonus": numbers[7:]} if numbers[7:] else {})
        label = "second" if draw == "2" else ""
        yield [f"{year}-{month:0>2}-{day:0>2}", label, "Lotto", False, pools, {"serial": f"{week}-{draw}"}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    yield {
        "file": "rows.json",
        "source": "fi_lotto_data",
        "url": "https://raw.githubusercontent.com/jabbors/lotto-data/HEAD/data/rows.json",
        "at": "2026-08-01T22:28:55+00:00",
        "readings": readings((folder / "rows.json").read_text(encoding="utf-8")),
        "some": SOME,
    }
