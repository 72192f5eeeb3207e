"""The Dominican board, by regular expressions; what it reads must also be what a person wrote down of it."""

import re
import tomllib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

Pools = dict[str, list[Any]]
Reading = tuple[str, str, str, bool, Pools]


def blocks(html: str) -> Iterator[tuple[Reading, str]]:
    """Each reading with the words that `recording.toml` has for it."""
    for block in html.split('<div class="game-block')[1:]:
        company = level(re.search(r'class="company-title.*?<a [^>]*>(.*?)</a>', block, re.DOTALL))
        title = level(re.search(r'class="game-title".*?<span>(.*?)</span>', block, re.DOTALL))
        shown = level(re.search(r'class="session-date[^>]*>(.*?)</div>', block, re.DOTALL))
        pools: Pools = {}
        words = []
        for score in re.finditer(r'<span class="score ?(\w*)">(.*?)</span>', block, re.DOTALL):
            value = " ".join(unescape(score[2]).split())
            pools.setdefault(score[1] or "main", []).append(value)
            words.append(value + (f"({score[1]})" if score[1] else ""))
        past = " [past]" if " past " in block[: block.index('"')] else ""
        date = f"{shown[6:10]}-{shown[3:5]}-{shown[:2]}"
        yield (date, "", f"{company} / {title}", False, pools), f"{company} / {title}, {shown}: {' '.join(words)}{past}"


def level(found: re.Match[str] | None) -> str:
    if found is None:
        raise ValueError("A block lacks its company, title or date.")
    return " ".join(unescape(found[1]).split())


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        name, at = file["name"], file["captured"].split()[0]
        case = {"file": name, "source": "do_loteriasdominicanas", "url": file["url"], "at": at}
        if name.startswith("blocked-"):
            yield case | {"raises": "PageChanged", "says": "A filter blocked it"}
        elif name.startswith("index-2026"):
            yield case | {"raises": "PageChanged", "says": "The layout changed"}
        else:
            found = list(blocks((folder / name).read_bytes().decode()))
            written = file["results"].strip("\n").split("\n")[1:]
            if [words.strip() for _, words in found] != [line.strip() for line in written]:
                raise ValueError(f"{name} does not hold what its recording.toml says.")
            yield case | {"readings": (reading for reading, _ in found)}
