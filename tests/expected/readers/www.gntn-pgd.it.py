"""Sisal's answers, by regular expressions on their text; the draw is in the evening, so that its day is that of UTC."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def euros(cents: str) -> str:
    padded = cents.zfill(3)
    return f"{padded[:-2]}.{padded[-2:]}"


def reading(text: str) -> list[Any]:
    [(number, year)] = re.findall(r'"numero":"(\d+)","anno":"(\d+)"', text)
    [seconds] = re.findall(r'"dataEstrazione":(\d+)000,', text)
    [(main, jolly, star)] = re.findall(r'"estratti":\[(.*?)\],"numeroJolly":"(\d+)","superstar":"(\d+)"', text)
    [jackpot] = re.findall(r'"jackpot":(\d+)', text)
    prizes = [
        [tier.replace("Punti ", ""), winners, euros(cents), "EUR"]
        for tier, cents, winners in re.findall(
            r'"descrizione":"(Punti [^"]+|\d Stella)"},"importo":(\d+)},"numero":"(\d+)"', text
        )
    ]
    more = {"serial": f"{number}/{year}", "jackpot": [euros(jackpot), "EUR"], "prizes": prizes}
    on = datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
    pools = {"main": re.findall("[0-9]+", main), "bonus": [jolly], "star": [star]}
    return [on, "", "superenalotto", False, pools, more]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        text = (folder / file["name"]).read_text(encoding="utf-8")
        case = {"file": file["name"], "source": "it_sisal", "url": file["url"], "at": "2025-02-05T12:00:00+01:00"}
        if "null" in text.split('"combinazioneVincente":')[1][:5]:
            yield case | {"raises": "PageNotYet", "says": "Draw 21/2025 has no numbers yet"}
        else:
            yield case | {"readings": [reading(text)]}
