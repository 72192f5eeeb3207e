"""Veikkaus's draws of a day, by regular expressions on the parts of the text; all three are on one day of UTC too."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def readings(text: str) -> Iterator[list[Any]]:
    for part in text.split('"brandName":"')[1:]:
        name = part.split('"')[0]
        [serial] = re.findall(r'^[^"]*","id":(\d+),', part)
        [seconds] = re.findall(r'"drawTime":(\d+)000,', part)
        [(main, king)] = re.findall(r'"primary":\[(.*?)\],"secondary":\[(.*?)\]', part)
        tier = r'"shareCount":(\d+),[^{}]*?"name":"(\d+)/(\d+) oikein",[^{}]*?"additionalPrizeTier":(\w+)'
        prizes = [
            [f"{right} of {played}{' + Kunkku' if more == 'true' else ''}", count, None, ""]
            for count, right, played, more in re.findall(tier, part)
        ]
        on = datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
        pools = {"main": re.findall("[0-9]+", main), "king": re.findall("[0-9]+", king)}
        yield [on, "", name, False, pools, {"serial": serial, "prizes": prizes}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = (folder / file["name"]).read_text(encoding="utf-8")
        case = {"file": file["name"], "source": "fi_veikkaus", "url": file["url"]}
        yield case | {"at": "2023-09-17T23:30:00+03:00", "readings": readings(text)}
