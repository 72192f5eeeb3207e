"""The pages of ZA.National-Lottery.com, by regular expressions on their text with white space levelled."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BALL = r'<li class="[^"]* {}">(\d+)</li>'
MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def day(text: str) -> str:
    of_month, month, year = text.split()
    return f"{year}-{MONTHS.index(month[:3]) // 3 + 1:02}-{int(of_month):02}"


def figure(text: str) -> list[str]:
    return [text.removeprefix("R").replace(",", ""), ""]


def pools(text: str) -> dict[str, list[str]]:
    return {"main": re.findall(BALL.format("ball"), text), "bonus": re.findall(BALL.format("bonus-ball"), text)}


def draw(text: str) -> list[Any]:
    [on] = re.findall(r"<h1>Lotto Results for \w+ ([^<]+)</h1>", text)
    [serial] = re.findall(r"Draw Number: <span>([\d,]+)</span>", text)
    [jackpot] = re.findall(r"Jackpot for this draw: <span>([^<]+)</span>", text)
    row = r'"Numbers Matched"> ?([^<]+?) ?</td> ?<td[^>]*"Winnings">(R[^<]+)</td> ?<td[^>]*"Winners">([\d,]+)</td>'
    prizes = [
        [takes.replace(" + Bonus", "+1"), winners.replace(",", ""), *figure(paid)]
        for takes, paid, winners in re.findall(row, text)
    ]
    more = {"serial": serial.replace(",", ""), "jackpot": figure(jackpot), "prizes": prizes}
    return [day(on), "", "Lotto", False, pools(text), more]


def year(text: str) -> Iterator[list[Any]]:
    pieces = re.split(r'title="View Lotto results and payouts for \w+ ', text)[1:]
    for piece in pieces:
        [jackpot] = re.findall(r'data-title="Jackpot"[^>]*>([^<]+)<', piece)
        yield [day(piece[: piece.index('"')]), "", "Lotto", False, pools(piece), {"jackpot": figure(jackpot)}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = re.sub(r"\s+", " ", (folder / file["name"]).read_text(encoding="utf-8"))
        case = {"file": file["name"], "source": "za_nationallotterycom", "url": file["url"]}
        case["at"] = "2024-01-12T08:00:00+02:00"
        if file["url"].endswith("-archive"):
            yield case | {"readings": list(year(text)), "some": ["2023-01-04", "2023-12-27", "2023-12-30"]}
        else:
            yield case | {"readings": [draw(text)]}
