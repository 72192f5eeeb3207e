"""The files of Merseyworld: blanks are taken out, each line cut at its commas and the cells counted from the left."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLE = "https://lottery.merseyworld.com/cgi-bin/lottery?days={}&Machine=Z&Ballset=0&order=0&show=1&year={}&display=CSV"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SOME = {
    "lotto_captured_2026-06-11.csv": ["1994-11-19", "2026-06-06", "2026-06-10"],
    "lotto_captured_2026-06-14.csv": ["1997-09-07", "2026-06-10", "2026-06-13"],
    "lotto_captured_2026-06-19.csv": ["2015-10-10", "2026-06-13", "2026-06-17"],
    "thunderball.csv": ["1999-06-12", "2010-05-12", "2018-01-30"],
}
"""The days on which a rule of the game, or the source, was odd."""


def draws(game: str, text: str) -> Iterator[list[Any]]:
    before = None
    for line in text.replace(" ", "").split("\n")[1:]:
        f = line.split(",")
        if game == "thunderball" and line:
            yield ["-".join(f[0].split("/")[::-1]), "", "Thunderball", False, {"main": f[1:6], "bonus": f[6:7]}]
        elif line:
            on = f"{f[4]}-{MONTHS.index(f[3]) + 1:02}-{int(f[2]):02}"
            euro = game == "euromillions"
            pools = {"main": f[5:10], "star": f[10:12]} if euro else {"main": f[5:11], "bonus": f[11:12]}
            jackpot, wins = f[12:14]
            label = ""
            if not euro and int(f[0]) >= 3179:
                label = "second" if before == f[0] else "first"
                before = f[0]
            if f[11] == "00":
                continue
            more: dict[str, Any] = {"serial": f[0], "prizes": [["5+2" if euro else "6", wins, None, ""]]}
            if wins != "0":
                more["prizes"][0][2:] = [jackpot, "GBP"]
            if wins in ("0", "1"):
                more["jackpot"] = [jackpot, "GBP"]
            yield [on, label, "EuroMillions" if euro else "Lotto", False, pools, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name = file["name"]
        game = name.removesuffix(".csv").split("_")[0]
        yield {
            "file": name,
            "source": "gb_merseyworld",
            "url": TABLE.format({"lotto": 2, "euromillions": 20}.get(game, ""), file["last"][:4]),
            "at": file["provenance_committed"],
            "readings": draws(game, (folder / name).read_text(encoding="ascii")),
            "some": SOME.get(name, []),
        }
