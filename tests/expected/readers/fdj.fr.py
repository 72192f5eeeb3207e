"""The files of FDJ: each line is cut at its semicolons, and a cell found by the place of its name in the first line."""

import io
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ADDRESS = "https://media.fdj.fr/static/csv/{}/{}.zip"

SOME = {
    "euromillions.csv": ["2004-02-13", "2011-05-06"],
    "euromillions_3.csv": ["2016-09-23", "2014-06-06"],
    "euromillions_4.csv": ["2016-09-27"],
    "euromillions_201902.csv": ["2020-01-31"],
    "euromillions_202002_captured_2025-06.csv": ["2022-08-18", "2022-09-02", "2025-06-06"],
    "loto.csv": ["1976-05-19", "1990-09-12", "2008-10-04"],
    "loto_201911.csv": ["2019-11-04", "2020-12-24", "2023-06-03"],
    "nouveau_loto_2016-05-09.csv": ["2008-10-06"],
}
"""The ends of an era, and the days on which the source was odd."""


def figure(text: str) -> str | None:
    if "E" in text or not text:
        return None
    text = text.replace(",", ".")
    return "0" + text if text.startswith(".") else text


def draws(text: str) -> Iterator[list[Any]]:
    first, *lines = text.split("\n")
    place = {name: n for n, name in reversed(list(enumerate(first.split(";"))))}
    for line in lines:
        if not line:
            continue
        f = line.split(";")
        day = f[place["date_de_tirage"]]
        if "/" in day:
            d, m, y = day.split("/")
            day = f"{y if len(y) == 4 else '20' + y}-{m}-{d}"
        else:
            day = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        serial = f[0]
        currency = f[place["devise"]].upper() if "devise" in place else ""

        def prizes(tier: str, winners: str, amount: str, f: list[str] = f, currency: str = currency) -> list[Any]:
            found = []
            for rank in range(1, 14):
                if amount.format(rank) in place:
                    sum_ = figure(f[place[amount.format(rank)]])
                    count = f[place[winners.format(rank)]] or None
                    found.append([tier.format(rank), count, sum_, "" if sum_ is None else currency])
            return found

        at = place["boule_1"]
        if "etoile_1" in place:
            pools = {"main": f[at : at + 5], "star": f[at + 5 : at + 7]}
            which = "_Euro_Millions" if "rapport_du_rang1_Euro_Millions" in place else ""
            won = prizes(
                "rang {}", "nombre_de_gagnant_au_rang{}" + which + "_en_europe", "rapport_du_rang{}" + which
            ) + prizes("Étoile+ rang {}", "nombre_de_gagnant_au_rang{}_Etoile+", "rapport_du_rang{}_Etoile+")
            yield [day, "", "EuroMillions", True, pools, {"serial": serial, "prizes": won}]
            code = place.get("numero_My_Million")
            if code and f[code]:
                yield [day, "", "My Million", False, {"main": f[code].split(",")}, {"serial": serial}]
            continue
        old = "boule_6" in place
        size = 6 if old else 5
        pools = {"main": f[at : at + size], "bonus": [f[at + size]]}
        if "codes_gagnants" in place:
            pools["codes"] = f[place["codes_gagnants"]].split(",")
        label = {"1": "first", "2": "second"}[f[1]] if old else ""
        won = prizes("rang {}", "nombre_de_gagnant_au_rang{}", "rapport_du_rang{}")
        yield [day, label, "Loto", True, pools, {"serial": serial, "prizes": won}]
        if "boule_1_second_tirage" in place:
            at = place["boule_1_second_tirage"]
            won = prizes("rang {}", "nombre_de_gagnant_au_rang_{}_second_tirage", "rapport_du_rang{}_second_tirage")
            more = {"serial": serial, "prizes": won}
            yield [day, "", "Loto second tirage", True, {"main": f[at : at + 5]}, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name = file["name"]
        body = (folder / name).read_bytes()
        if name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                body = archive.read(archive.namelist()[0])
        text = body.decode("iso-8859-1" if b"\xe9ro" in body else "utf-8").replace("\r", "")
        game = "loto" if "loto" in name else "euromillions"
        stem = name.split("_captured")[0].split("_2016-05")[0].split(".")[0]
        yield {
            "file": name,
            "source": "fr_fdj",
            "url": ADDRESS.format(game, stem),
            "at": file["provenance_committed"],
            "readings": draws(text),
            "some": SOME.get(name, []),
        }
