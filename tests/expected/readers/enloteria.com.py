"""The pages of EnLoteria, by regular expressions; what they find must also be what a person wrote down of them."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"


def draws(page: str) -> Iterator[tuple[list[Any], str]]:
    """Each card's reading with the words that `recording.toml` has for it."""
    for card in page.split('<div class="card h-100 result-card">')[1:]:
        [name] = re.findall(r"lottery-name[^>]*>(.*?)</h5>", card)
        [day] = re.findall(r'result-date"[^>]*>(.*?)</span>', card)
        [hour] = re.findall(r'closing-time">(.*?)</span>', card)
        numbers = re.findall(r'class="result-number ">\s*([0-9]+)\s*</div>', card)
        of_month, month, year = re.findall(r"[^\W\d]+ ([0-9]+) de ([^\W\d]+), ([0-9]+)", day)[0]
        on = f"{year}-{MONTHS.split().index(month) + 1:02}-{of_month}"
        yield [on, "", name, False, {"main": numbers}], f"{name}, {day} {hour}: {' '.join(numbers) or 'NOT YET DRAWN'}"


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        found = list(draws((folder / file["name"]).read_text(encoding="utf-8")))
        if [words for _, words in found] != file["results"].strip("\n").split("\n")[1:]:
            raise ValueError(f"{file['name']} does not hold what its recording.toml says.")
        case = {"file": file["name"], "source": "do_enloteria", "url": file["url"], "at": "2026-07-10T00:30:00-04:00"}
        out = [reading for reading, _ in found if reading[4]["main"]]
        yield case | ({"readings": out} if out else {"raises": "PageNotYet", "says": "No draw of the day"})
