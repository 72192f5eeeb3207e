"""The other board, by `html.parser`; what it reads must also be what a person wrote down of it."""

import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

Pools = dict[str, list[Any]]
Reading = tuple[str, str, str, bool, Pools]

MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"


class Table(HTMLParser):
    """The texts of every row of the body of a table: name, badges, date, hour."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[list[str]]] = []
        self.inside = False
        self.wanted = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = (dict(attrs).get("class") or "").split()
        if tag == "tbody":
            self.inside = True
        elif self.inside and tag == "tr":
            self.rows.append([])
        elif self.inside and tag == "td":
            self.rows[-1].append([])
        if self.inside and (tag == "h6" or "badge-dot" in marks or "table-inner-text" in marks or tag == "td"):
            self.wanted = tag
            if "badge-dot" in marks:
                self.rows[-1][-1].append("")
        elif tag != "path":
            self.wanted = ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "tbody"
        self.wanted = "" if tag == self.wanted else self.wanted

    def handle_data(self, data: str) -> None:
        if not (self.inside and self.wanted and data.strip()):
            return
        cell = self.rows[-1][-1]
        if cell and cell[-1] == "":
            cell[-1] = data.strip()
        else:
            cell.append(data.strip())


def table(html: str, year: str) -> Iterator[tuple[Reading, str]]:
    """Each reading with the words that `recording.toml` has for it."""
    parser = Table()
    parser.feed(html)
    for (name, *_), badges, (shown,), (hour,) in parser.rows:
        day, month = shown.split()
        date = f"{year}-{MONTHS.split().index(month) + 1:02}-{day}"
        pools: Pools = {"main": [badge or None for badge in badges]}
        yield (date, "", name, False, pools), f"{name}, {shown} {hour}: {' '.join(badges)}"


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        name, at = file["name"], file["captured"].split()[0]
        case = {"file": name, "source": "do_tusnumerosrd", "url": file["url"], "at": at}
        if name.startswith("blocked-"):
            yield case | {"raises": "PageChanged", "says": "A filter blocked it"}
        elif name.startswith("index-2026"):
            yield case | {"raises": "PageChanged", "says": "The layout changed"}
        else:
            found = list(table((folder / name).read_bytes().decode(), at[:4]))
            written = file["results"].strip("\n").split("\n")[1:]
            if [words.strip() for _, words in found] != [line.strip() for line in written]:
                raise ValueError(f"{name} does not hold what its recording.toml says.")
            yield case | {"readings": (reading for reading, _ in found)}
