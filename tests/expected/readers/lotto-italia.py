"""The Lotto word by word, and the exports by their numbers alone, of which each line has as many as the others."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TOWNS = ["Bari", "Cagliari", "Firenze", "Genova", "Milano", "Napoli", "Palermo", "Roma", "Torino", "Venezia"]
CODES = ["BA", "CA", "FI", "GE", "MI", "NA", "PA", "RM", "TO", "VE"]
EXPORT = "https://raw.githubusercontent.com/illottodimax/Archivio/HEAD/it-{}-past-draws-archive.txt"
AT = "2026-08-21T23:58:27+02:00"


def lotto(body: bytes) -> Iterator[list[Any]]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        text = archive.read("storico.txt").decode()
    towns = dict(zip(CODES, map(str.lower, TOWNS), strict=True)) | {"RN": "nazionale"}
    days: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for line in text.split():
        if "/" in line:
            day = days[line.replace("/", "-")]
        elif line.isalpha():
            wheel = day.setdefault(towns[line], [])
            wheel.clear()
        else:
            wheel.append(line)
    for on, wheels in days.items():
        yield [on, "", "Lotto", True, wheels]


def exported(text: str) -> Iterator[list[list[str]]]:
    """Each line's numbers: those of its day, and the others."""
    for line in text.splitlines():
        if line[:3].isdigit():
            found = re.findall("[0-9]+", line)
            yield [["2025" if found[0] == "025" else found[0], *found[1:3]], found[3:]]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    yield {
        "file": "storico.zip",
        "source": "it_igt",
        "url": "https://www.igt.it/STORICO_ESTRAZIONI_LOTTO/storico.zip",
        "at": "2026-07-20T17:58:12+02:00",
        "readings": lotto((folder / "storico.zip").read_bytes()),
        "some": ["1939-01-07", "1939-07-08", "1943-09-25", "1962-06-02", "1962-06-04", "2005-05-04", "2010-12-23"],
    }
    text = (folder / "superenalotto.txt").read_text(encoding="utf-8")
    yield {
        "file": "superenalotto.txt",
        "source": "it_lottologia",
        "url": EXPORT.format("superenalotto"),
        "at": AT,
        "readings": [
            ["-".join(day), "", "SuperEnalotto", False, {"main": n[:6], "bonus": [n[6]], "star": [n[7]]}]
            for day, n in exported(text)
        ],
        "some": ["2009-01-02", "2025-04-26", "2025-06-27", "2025-09-12", "2026-06-30"],
    }
    text = (folder / "10elotto_serale.txt").read_text(encoding="utf-8")
    yield {
        "file": "10elotto_serale.txt",
        "source": "it_lottologia",
        "url": EXPORT.format("10elotto"),
        "at": AT,
        "readings": [
            [
                "-".join(day),
                "",
                "10 e lotto Serale",
                False,
                {"main": n[:20], "gold": [n[20]], "double_gold": [n[21]], "extra": n[22:]},
            ]
            for day, n in exported(text)
        ],
        "some": ["2009-01-02", "2025-04-15", "2025-05-14", "2025-09-04"],
    }
