"""The files of Mifal HaPais, cut into cells by one pattern; nothing is taken from their Hebrew."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SUITS = ("clubs", "diamonds", "hearts", "spades")
SOME = {
    "Chance.csv": ["1994-03-09", "1997-12-31", "1998-11-25", "2026-04-28"],
    "Lotto.csv": ["1968-09-03", "1971-12-21", "1983-04-19", "2004-03-09", "2004-03-12", "2026-08-11"],
    "Lotto_captured_2025-03.csv": ["2025-03-25"],
}
"""The ends, the odd rows, and the days on which an era or the numbers of the draws began anew."""


def lotto(text: str) -> Iterator[list[Any]]:
    for serial, d, m, y, main, bonus, won, twice in re.findall(
        r"^(\d+),(\d\d)/(\d\d)/(\d{4}),((?:\d+,){6})(\d+),(\d*),(\d*),\r$", text, re.MULTILINE
    ):
        prizes = [[tier, count, None, ""] for tier, count in (("Lotto", won), ("Double Lotto", twice)) if count]
        more = {"serial": serial} | ({"prizes": prizes} if prizes else {})
        yield [f"{y}-{m}-{d}", "", "Lotto", False, {"main": re.findall(r"\d+", main), "bonus": [bonus]}, more]


def chance(text: str) -> Iterator[list[Any]]:
    pattern = r"^(\d\d)/(\d\d)/(\d{4}),(\d+),(\w+),(\w+),(\w+),(\w+),\r$"
    for d, m, y, serial, *cards in re.findall(pattern, text, re.MULTILINE):
        pools = {suit: [card] for suit, card in zip(SUITS, cards, strict=True)}
        yield [f"{y}-{m}-{d}", serial, "Chance", False, pools, {"serial": serial}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    recording = tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))
    for file in recording["file"]:
        text = (folder / file["name"]).read_bytes().decode("latin-1")
        game = chance if file["name"].startswith("Chance") else lotto
        readings = list(game(text))
        if len(readings) != text.count("\n") - 1:
            raise ValueError(f"{file['name']} has lines that are no draw.")
        yield {
            "file": file["name"],
            "source": "il_pais",
            "url": next(url for url in recording["urls"] if game.__name__ in url),
            "at": file["provenance_committed"],
            "readings": readings,
            "some": SOME[file["name"]],
        }
