"""The home page of Vietlott, by regular expressions on its text, cut into pieces where a box begins."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

POOLS = ["third", "second", "first", "special"]
ENDS = [8, 14, 18, 20]


def draws(text: str) -> Iterator[list[Any]]:
    for piece in text.split('<div class="box_kqtt box_kqtt_')[1:]:
        name = re.findall(r'alt="([^"]+)"', piece)[0]
        drawn = re.findall(r"<b>#(\d+)</b>\s+ngày <b>(\d\d)/(\d\d)/(\d{4})</b>", piece)
        if "Max" in name:
            # Each table has the eight, six, four and two numbers once in rows of their own, the smallest prize first.
            table = piece[piece.index('id="divMax3DProPlus"' if "Pro" in name else 'id="divMax3D"') :]
            rows = re.findall(r"(?is)Giải (ba|nhì|nhất|đặc biệt)</td>(.*?)</tr>", table)[:4]
            found = "".join(
                "".join(re.findall(r">\s*(\d{1,3})\s*</span>", re.sub("(?s)<div>Trùng.*?</div>", "", row)))
                for _, row in rows
            )
            numbers = re.findall(r"\d{3}", found)
            pools = {pool: numbers[0 if n == 0 else ENDS[n - 1] : ENDS[n]] for n, pool in enumerate(POOLS)}
            serial, d, m, y = drawn[0]
            yield [f"{y}-{m}-{d}", "", name, False, pools, {"serial": serial}]
        elif drawn:
            serial, d, m, y = drawn[0]
            row = piece[piece.index("day_so_ket_qua_v2") :]
            found = re.findall(r">(\d\d)</span>", row[: row.index("</div>")])
            size = 5 if "5/35" in name else 6
            pools = {"main": found[:size]} | ({"bonus": found[size:]} if found[size:] else {})
            label = ("midday" if serial[-1] in "13579" else "evening") if size == 5 else ""
            yield [f"{y}-{m}-{d}", label, name, False, pools, {"serial": serial}]
        else:
            for d, m, y, serial, row in re.findall(
                r"(?s)>(\d\d)/(\d\d)/(\d{4})</a><div><a [^>]*>#(\d{7})</a>(.*?)</tr>", piece
            ):
                main = re.findall(r"small[^>]*>(\d+)</span>", row)
                yield [f"{y}-{m}-{d}", serial, name, False, {"main": main}, {"serial": serial}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        yield {
            "file": file["name"],
            "source": "vn_vietlott",
            "url": file["url"],
            "at": "2026-02-10T17:00:00+07:00",
            "readings": draws((folder / file["name"]).read_text(encoding="utf-8")),
        }
