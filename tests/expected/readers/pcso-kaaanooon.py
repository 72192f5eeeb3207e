"""The one file of the PCSO's draws: each line taken apart by one pattern, from its end, and not as CSV."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

URL = (
    "https://raw.githubusercontent.com/kaaanooon/PCSO-Live-Lottery-Results-and-Analysis/HEAD/"
    "lotto_results_all_games_oldest_to_latest_8_columns.csv"
)
LINE = re.compile(r"(?m)^([A-Z0-9-]+),[^,]+,\"\[.*\]\",([0-9-]+),(\d{4}-\d\d-\d\d),\d\d:00,([0-9.]+),(\d+)$")


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    text = (folder / "lotto_results_8_columns.csv").read_text(encoding="utf-8")
    draws = []
    for code, joined, on, pot, _ in LINE.findall(text):
        more = [{"jackpot": [pot, ""]}] if code[-2:].isdigit() and pot != "0" else []
        draws.append([on, "", code, True, {"main": joined.split("-")}, *more])
    if len(draws) != text.count("\n") - 1:
        raise ValueError(f"{len(draws)} of {text.count(chr(10)) - 1} lines are draws.")
    yield {
        "file": "lotto_results_8_columns.csv",
        "source": "ph_kaaanooon",
        "url": URL,
        "at": "2026-08-12T12:00:00+08:00",
        "readings": draws,
        "some": ["2023-12-23", "2026-08-05"],
    }
