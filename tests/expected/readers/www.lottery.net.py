"""The pages of lottery.net: their tags are taken out, but that the link of a draw leaves its day behind."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

AT = {"powerball-2025-03-02.html": "2025-03-01T23:58:00-05:00", "powerball-2021.html": "2025-03-01T12:00:00-05:00"}
SOME = {
    "powerball-2025-03-02.html": ["2025-01-01", "2025-02-26", "2025-03-01"],
    "powerball-2021.html": ["2021-01-02", "2021-08-21", "2021-08-23"],
}
"""The last draws before and the first ones after a second list; the row that is closed wrongly."""


def draws(markup: str) -> Iterator[list[Any]]:
    marked = re.sub(
        r'<a href="/powerball/numbers/(\d\d)-(\d\d)-(\d{4})"[^>]*>.*?</a>', r" @\3-\1-\2 ", markup, flags=re.DOTALL
    )
    table = marked[marked.index("@") :].partition("<footer")[0]
    for row in re.sub("<[^>]*>", " ", table).split("@")[1:]:
        first, _, second = row.partition("Double Play")
        on, *balls = first.split()[:8]
        pools = {"main": balls[:5], "bonus": balls[5:6], "multiplier": balls[6:7]}
        yield [on, "", "Powerball", False, pools]
        if second:
            balls = second.split()[:6]
            yield [on, "", "Powerball Double Play", False, {"main": balls[:5], "bonus": balls[5:]}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        name = file["name"]
        yield {
            "file": name,
            "source": "us_lottery_net",
            "url": file["url"],
            "at": AT[name],
            "readings": draws((folder / name).read_text(encoding="utf-8")),
            "some": SOME[name],
        }
