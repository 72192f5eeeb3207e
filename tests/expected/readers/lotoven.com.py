"""The page of LotoVen, by its lines: the one recorded was fetched before any draw and has no animal in it."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = (folder / file["name"]).read_text(encoding="utf-8")
        sections = re.findall(
            r"<h3[^>]*>Resultados (.*?)</h3>.*?invest-table-area\">\s*(.*?)\s*</div></div>", text, re.DOTALL
        )
        if len(sections) != file["results"].count("Resultados") - 3 or any(inside for _, inside in sections):
            raise ValueError(f"{file['name']} does not hold what its recording.toml says.")
        case = {"file": file["name"], "source": "ve_lotoven", "url": file["url"], "at": "2026-02-17T11:35:00-03:00"}
        yield case | {"raises": "PageNotYet", "says": "No draw of the day has been published yet"}
