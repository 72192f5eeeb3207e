"""The page of JPS, by the JSON in its scripts: whatever has the number of a draw, wherever it stands."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LABELS = {1: "midday", 2: "afternoon", 3: "night"}
SUMS = [("4", "cuatro"), ("3", "tres"), ("2", "dos")]


def draws(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict) and "numeroSorteo" in found:
        yield found
    elif isinstance(found, dict | list):
        for inside in found.values() if isinstance(found, dict) else found:
            yield from draws(inside)


def readings(draw: dict[str, Any]) -> Iterator[list[Any]]:
    on, serial = draw["fecha"][:10], {"serial": str(draw["numeroSorteo"])}
    if "premios" in draw:
        tickets = sorted(
            (one["tipo"], f"{one['numero']:02} {one['serie']:03}", str(one["monto"])) for one in draw["premios"]
        )
        great = dict(zip(("first", "second", "third"), tickets[:3], strict=True))
        prizes = [[pool, None, paid, "CRC"] for pool, (_, _, paid) in great.items()]
        name = {"loterianacional": "Lotería Nacional", "chances": "Chances"}[draw["tipoSorteoCode"]]
        yield [on, "", name, False, {pool: [one[1]] for pool, one in great.items()}, serial | {"prizes": prizes}]
    elif "premiosLotto" in draw:
        for name, key in (("Lotto", ""), ("Lotto Revancha", "Revancha")):
            worth = {
                count: str(draw["premiosLotto"][f"{count}Aciertos{key}"])
                for count in ("cinco", "cuatro", "tres", "dos")
            }
            more = {"jackpot": [worth["cinco"], "CRC"], "prizes": [[n, None, worth[of], "CRC"] for n, of in SUMS]}
            yield [on, "", name, True, {"main": [f"{one:02}" for one in draw[f"numeros{key}"]]}, serial | more]
    elif draw["tipoSorteoCode"] == "Tres_Monazos":
        yield [on, LABELS[draw["hora"]], "Tres Monazos", False, {"main": draw["numeros"]}, serial]
    else:
        shown = {"main": f"{draw['numero']:02}", "mega": f"{draw['meganNumero']:02}", "ball": draw["colorBolita"]}
        pools = {pool: [one] for pool, one in shown.items()}
        yield [on, LABELS[draw["hora"]], "Nuevos Tiempos", False, pools, serial]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        page = (folder / file["name"]).read_text(encoding="utf-8")
        parts = re.findall(r"__next_f\.push\(\[1,(\".*?[^\\]\")\]\)</script>", page, re.DOTALL)
        text = "".join(json.loads(part) for part in parts)
        starts = [found.end() for found in re.finditer(r'"results":(?=\[)', text)]
        every = [one for start in starts for one in draws(json.JSONDecoder().raw_decode(text, start)[0])]
        case = {"file": file["name"], "source": "cr_jps", "url": file["url"], "at": "2026-01-10T12:00:00-06:00"}
        some = ["2026-01-09", "2026-01-07", "2026-01-04", "2025-12-24"]
        yield case | {"readings": [one for draw in every for one in readings(draw)], "some": some}
