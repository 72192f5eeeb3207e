"""The page of Minh Ngọc has no result: no cell of it is a prize's."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        if re.search(r'class="?giai(db|\d)\b', (folder / file["name"]).read_text(encoding="utf-8")):
            raise ValueError(f"{file['name']} has results after all.")
        yield {
            "file": file["name"],
            "source": "vn_minhngoc",
            "url": "https://www.minhngoc.net.vn/ket-qua-xo-so/dien-toan-5x35.html",
            "at": "2026-03-18T12:00:00+07:00",
            "raises": "PageChanged",
            "says": "the site knows no such address",
        }
