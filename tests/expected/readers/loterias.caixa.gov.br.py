"""Caixa's workbooks, by the XML in them; the JSON files of others have no days, so that no draw can be told by them."""

import re
import tomllib
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

ADDRESS = "https://servicebus2.caixa.gov.br/portaldeloterias/api/resultados/download?modalidade={}"
SOME = {
    "Mega-Sena.xlsx": ["1996-03-11", "2009-12-31", "2023-11-18"],
    "Lotofacil.xlsx": ["2003-09-29", "2024-12-26"],
}


def table(file: Path) -> Iterator[list[str]]:
    """The texts of each row, by the places of its cells: those that tell none stand beside the one before."""
    with zipfile.ZipFile(file) as archive:
        shared = archive.read("xl/sharedStrings.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode().replace("<x:", "<").replace("</x:", "</")
    texts = [unescape(re.sub("<.*?>", "", one)) for one in re.findall(r"<si>(.*?)</si>", shared, re.DOTALL)]
    for row in re.findall(r"<row[ >].*?</row>", sheet, re.DOTALL):
        cells: list[str] = []
        for facts, inside in re.findall(r"<c((?: [^>]*?)?)(?:/>|>(.*?)</c>)", row, re.DOTALL):
            if place := re.search(r' r="([A-Z])[0-9]+"', facts):
                cells += [""] * (ord(place[1]) - ord("A") - len(cells))
            value = re.search(r"<(v|t)>(.*?)</", inside, re.DOTALL)
            text = unescape(value[2]) if value else ""
            cells.append(texts[int(text)] if 't="s"' in facts else text)
        yield cells


def draws(game: str, file: Path) -> Iterator[list[Any]]:
    first, *rest = table(file)
    balls = [place for place, name in enumerate(first) if name.startswith("Bola")]
    tiers = [(place, name.split()[1]) for place, name in enumerate(first) if name.startswith("Ganhadores")]
    paid = {name.split()[1]: place for place, name in enumerate(first) if name.startswith("Rateio")}
    for cells in rest:
        day, month, year = cells[1].split("/")
        prizes = []
        for place, tier in tiers:
            money = cells[paid[tier]] if tier in paid else None
            figure = money.removeprefix("R$").replace(".", "").replace(",", ".") if money else None
            prizes.append([tier, str(int(cells[place])), figure, "BRL" if money else ""])
        more = {"serial": str(int(cells[0])), "prizes": prizes}
        main = [str(int(cells[place])) for place in balls]
        yield [f"{year}-{month}-{day}", "", game, False, {"main": main}, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        name = file["name"]
        game = Path(name).stem
        case = {"file": name, "source": "br_caixa", "at": file["provenance_committed"]}
        if name.endswith(".xlsx"):
            yield case | {"url": ADDRESS.format(game), "readings": draws(game, folder / name), "some": SOME[name]}
        else:
            yield case | {"url": ADDRESS.format("Mega-Sena"), "raises": "PageChanged", "says": "no whole zip archive"}
