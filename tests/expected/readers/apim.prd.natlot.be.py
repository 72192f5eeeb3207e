"""The Belgian Keno, by regular expressions on the text; the evening in Brussels is on the same day in UTC."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def reading(text: str) -> list[Any]:
    [serial] = re.findall(r'"gameName":"Keno","id":"(\d+)"', text)
    [seconds] = re.findall(r'"drawTime":(\d+)000,', text)
    [main] = re.findall(r'"primary":\[(.*?)\]', text)
    tier = r'"shareCount":(\d+),"shareAmount":(\d+?)(\d\d),"totalAmount":\d+,"name":"(\d+)/(\d+)"'
    prizes = [
        [f"{right} of {played}", count, f"{euros}.{cents}", "EUR"]
        for count, euros, cents, right, played in re.findall(tier, text)
    ]
    on = datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
    more = {"serial": serial, "prizes": prizes}
    return [on, "", "Keno", False, {"main": re.findall("[0-9]+", main)}, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = (folder / file["name"]).read_text(encoding="utf-8")
        case = {"file": file["name"], "source": "be_natlot", "url": file["url"]}
        yield case | {"at": "2024-11-22T09:00:00+01:00", "readings": [reading(text)]}
