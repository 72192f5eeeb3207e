"""The answer of OPAP, cut into draws by regular expressions."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

TIERS = ["5+2", "5+1", "5", "4+2", "4+1", "3+2", "4", "2+2", "3+1", "3", "1+2", "2+1"]


def draws(text: str) -> Iterator[list[Any]]:
    for one in text.split('{"gameId":5149,')[1:]:
        numbers = re.search(r'"winningNumbers":\{"list":\[(.*?)\],"bonus":\[(.*?)\]\}', one)
        if numbers is None:
            continue
        [serial, at] = re.findall(r'"(?:drawId|drawTime)":(\d+)', one)
        # All recorded draws are in winter.
        moment = datetime.fromtimestamp(int(at) // 1000, UTC) + timedelta(hours=2)
        pools = {"main": numbers[1].split(","), "star": numbers[2].split(",")}
        paid = re.findall(r'"id":(\d+),"divident":([\d.]+),"winners":\d+,"winnersAll":(\d+)', one)
        prizes = [[TIERS[int(place) - 1], winners, figure, "EUR"] for place, figure, winners in paid]
        [jackpot, *_] = re.findall(r'"jackpot":([\d.]+)', one)
        more = {"serial": serial, "jackpot": [jackpot, "EUR"], "prizes": prizes}
        yield [moment.date().isoformat(), "", "Eurojackpot", True, pools, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        yield {
            "file": file["name"],
            "source": "gr_opap",
            "url": file["url"],
            "at": "2024-11-26T18:00:00+02:00",
            "readings": draws((folder / file["name"]).read_text(encoding="utf-8")),
        }
