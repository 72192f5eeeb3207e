"""The JSON of Milli Piyango, walked as it stands, tickets and all."""

import json
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

HOST = "http://www.millipiyango.gov.tr/sonuclar/cekilisler"
NEW = {"SAYISAL": "Sayısal Loto", "SUPERLOTO": "Süper Loto", "ONNUMARA": "On Numara", "SANSTOPU": "Şans Topu"}
NAMES = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"]
ENDINGS = ["last_five", "last_four", "last_three", "last_two", "last_one"]


def old(draw: dict[str, Any]) -> list[Any]:
    balls = [f"{int(ball):02}" for ball in draw["rakamlar"].split("#")]
    if sorted(balls) != draw["rakamlarNumaraSirasi"].split(" - "):
        raise ValueError(f"Draw {draw['hafta']} contradicts itself.")
    prizes = []
    for tier in sorted(draw["bilenKisiler"], key=lambda one: one["tur"], reverse=True):
        won = tier["kisiSayisi"] > 0
        figure = "{:.2f}".format(tier["kisiBasinaDusenIkramiye"]) if won else None
        prizes.append([tier["tur"][1], str(tier["kisiSayisi"]), figure, "TRY" if won else ""])
    day, month, year = draw["cekilisTarihi"].split("/")
    name = {"SAYISAL_LOTO": "Sayısal Loto", "SUPER_LOTO": "Süper Loto"}[draw["cekilisTuru"]]
    return [f"{year}-{month}-{day}", "", name, True, {"main": balls}, {"serial": str(draw["hafta"]), "prizes": prizes}]


def new(name: str, draw: dict[str, Any]) -> list[Any]:
    on = datetime.fromisoformat(draw["date"]) + timedelta(hours=3)
    main, _, bonus = draw["numbers"].partition(", +")
    pools = {"main": main.split(", ")} | ({"bonus": [bonus]} if bonus else {})
    tiers = [one["count"].split() for key, one in draw.items() if key.startswith("result")]
    return [f"{on:%Y-%m-%d}", "", name, False, pools, {"prizes": [[one[0], one[2], None, ""] for one in tiers]}]


def tickets(draw: dict[str, Any]) -> list[Any]:
    told = dict(zip([*NAMES, *ENDINGS], draw["sonuclar"], strict=False))
    on = draw["cekilisTarihi"]
    prizes = [[pool, None, str(group["ikramiye"]), "TRY"] for pool, group in told.items()]
    pools = {pool: group["numaralar"] for pool, group in told.items()}
    return [f"{on[:4]}-{on[4:6]}-{on[6:]}", "", "Milli Piyango", False, pools, {"prizes": prizes}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name, data = file["name"], json.loads((folder / file["name"]).read_text(encoding="utf-8"))
        case: dict[str, Any] = {"file": name, "source": "tr_milli_piyango", "at": file["provenance_committed"]}
        if name.endswith("_2022.json"):
            readings = [new(NEW[name.partition("_")[0]], one) for one in data]
            case["url"] = "https://www.millipiyangoonline.com/"
        elif name.endswith(".db.json"):
            readings, case["some"] = [old(one) for one in data["draws"]], ["2007-10-25", "2018-01-25", "2020-04-16"]
            case["url"] = f"{HOST}/superloto/"
        else:
            kind, day = name.removesuffix(".json").split("-")
            readings = [tickets(data) if kind == "piyango" else old(data["data"])]
            case["url"] = f"{HOST}/{kind}/{day}.json"
        if len(readings) != file["rows"]:
            raise ValueError(f"{name} has {len(readings)} draws.")
        yield case | {"readings": readings}
