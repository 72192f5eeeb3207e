"""The answers of LottoWizz, by regular expressions, an hour taken off each time."""

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any


def draws(text: str) -> Iterator[list[Any]]:
    for at, hour, numbers in re.findall(
        r'"(\d{4}-\d\d-\d\d)",(?:"ora_extragere":)?"(\d\d:\d\d)",[^\d]*([\d, ]+)"', text
    ):
        held = datetime.fromisoformat(f"{at}T{hour}") - timedelta(hours=1)
        main = re.findall(r"\d+", numbers)
        yield [str(held.date()), f"{held:%H:%M}", "polonia_keno_20_70", False, {"main": main}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        yield {
            "file": file["name"],
            "source": "ro_lottowizz",
            "url": file["url"],
            "at": "2024-05-06T18:28:00+03:00",
            "readings": draws((folder / file["name"]).read_text(encoding="utf-8")),
        }
