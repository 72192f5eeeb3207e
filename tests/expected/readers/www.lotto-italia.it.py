"""Lotto Italia's newest 10eLotto of five minutes, by regular expressions; Rome was two hours before UTC then."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


def reading(text: str) -> list[Any]:
    numbers = [re.findall("[0-9]+", one) for one in re.findall(r"\[(.*?)\]", text)]
    [seconds] = re.findall(r'"data":(\d+)000,', text)
    [serial] = re.findall(r'"progressivoGiornaliero":(\d+)', text)
    gold = dict(re.findall(r'"(\w*umeroSpeciale)":(\d+)', text))
    at = datetime.fromtimestamp(int(seconds), UTC) + timedelta(hours=2)
    pools = {
        "main": numbers[0],
        "extra": numbers[1],
        "gold": [gold["numeroSpeciale"]],
        "double_gold": [gold["doppioNumeroSpeciale"]],
    }
    more = {"serial": serial, "at": f"{at:%H:%M:%S}"}
    return [f"{at:%Y-%m-%d}", serial, "10 e lotto ogni 5 minuti", False, pools, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = (folder / file["name"]).read_text(encoding="utf-8")
        case = {"file": file["name"], "source": "it_lotto_italia", "url": file["url"]}
        yield case | {"at": "2024-06-04T00:01:00+02:00", "readings": [reading(text)]}
