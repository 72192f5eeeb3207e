"""The page of a draw of Powerball: its tags are taken out, and what is left is read as one line of words."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TIERS = ["5+1", "5", "4+1", "4", "3+1", "3", "2+1", "1+1", "0+1"]


def words(markup: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", re.sub("(?s)<(script|style).*?</(script|style)>", " ", markup)).split())


def reading(markup: str) -> list[Any]:
    found = re.search(
        r"Winning Numbers \w+, Nov (\d+), (\d+) ((?:\d+ ){5})(\d+) Power Play (\d+)x "
        r"Estimated Jackpot: \$(\d+) Million",
        words(markup),
    )
    if found is None:
        raise ValueError("The page is another.")
    day, year, main, bonus, times, millions = found.groups()
    table = words(re.findall("(?s)<tbody>(.*?)</tbody>", markup)[0]).replace(",", "").replace("$", "")
    won, *rest = re.sub("Grand Prize", "", table).split()
    prizes = [["5+1", won, None, ""]]
    for tier, n in zip(TIERS[1:], range(0, len(rest), 4), strict=True):
        prizes.append([tier, rest[n], rest[n + 1], ""])
        prizes.append([f"{tier} Power Play", rest[n + 2], rest[n + 3], ""])
    pools = {"main": main.split(), "bonus": [bonus], "multiplier": [times]}
    more = {"jackpot": [millions + "000000", ""], "prizes": prizes}
    return [f"{year}-11-{int(day):02}", "", "Powerball", False, pools, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        yield {
            "file": file["name"],
            "source": "us_powerball_com",
            "url": file["url"],
            "at": "2024-11-03T09:00:00-05:00",
            "readings": [reading((folder / file["name"]).read_text(encoding="utf-8"))],
        }
