"""The pages of XSKT, by regular expressions on their text, cut into pieces where a box begins."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NORTH = ["special", "first", "second", "third", "fourth", "fifth", "sixth", "seventh"]
SOUTH = ["eighth", "seventh", "sixth", "fifth", "fourth", "third", "second", "first", "special"]
MAX = ["special", "first", "second", "third"]
AT = {"xsmb-daominah-test.html": "2024-05-29T08:00:00+07:00"}


def day(d: str, m: str, y: str) -> str:
    return f"{y}-{m:0>2}-{d:0>2}"


def paper(piece: str) -> Iterator[list[Any]]:
    days = re.findall(r'data-url="[a-z-]+/(\d+)-(\d+)-(\d+)"', piece)
    if 'id="MB' in piece:
        # A cell of numbers is an <em> or a <p>; digits beside it stand bare or in an <i>.
        cells = [
            re.findall(r"\d+", cell) for cell in re.findall(r"<td[^>]*><(?:em|p)>(.*?)</(?:em|p)>", piece, re.DOTALL)
        ]
        codes = re.findall(r"\d+", re.findall(r'class="red"[^>]*>([\d ]+)\(', piece)[0])
        yield [day(*days[0]), "", "xsmb", False, dict(zip(NORTH, cells, strict=True)) | {"codes": codes}]
        return
    table = piece[: piece.index("</table>")]
    names = re.findall(r'<th><a href="/([a-z-]+)">', table)
    rows = [
        [re.findall(r"\d+", cell) for cell in row.split("<td")[2:]]
        for row in re.findall(r'<td title="Gi.*?</tr>', table, re.DOTALL)
    ]
    for n, name in enumerate(names):
        yield [day(*days[n]), "", name, False, dict(zip(SOUTH, [row[n] for row in rows], strict=True))]


def vietlott(piece: str) -> Iterator[list[Any]]:
    [(name, *on, serial)] = re.findall(r'<a href="/(\w[\w-]+)/ngay-(\d+)-(\d+)-(\d+)"><b>#(\d+)', piece)
    if 'class="max3d"' in piece:
        found = re.findall(r"\d{3}", " ".join(re.findall(r'<b(?: class="red")?>(\d{3} \d{3})</b>', piece)))
        if name == "xsmax3dpro":
            del found[2:4]
        cuts = [0, 2, 6, 12, 20]
        pools = {pool: found[cuts[n] : cuts[n + 1]] for n, pool in enumerate(MAX)}
        yield [day(*on), "", name, False, pools, {"serial": serial}]
        return
    found = re.findall(r"\d+", " ".join(re.findall(r'class="megaresult">(.*?)</td>', piece)))
    size = 5 if "lotto" in name else 6
    pools = {"main": found[:size]} | ({"bonus": found[size:]} if len(found) > size else {})
    pattern = r"<tr><td>([\w.]+)</td><td>.*?</td><td><(?:b|em)>([\d,]+)</(?:b|em)></td><td>(?:<em>)?([\d,]+)"
    prizes = [[t, n.replace(",", ""), a.replace(",", ""), ""] for t, n, a in re.findall(pattern, piece)]
    more = {"serial": serial, "jackpot": [prizes[0][2], ""], "prizes": prizes}
    yield [day(*on), "", name, False, pools, more]


def electronic(piece: str) -> Iterator[list[Any]]:
    [(name, *on)] = re.findall(r'</a> <a href="/(\w+)/ngay-(\d+)-(\d+)-(\d+)">', piece)
    found = re.findall(r"<td[^>]*>(\d+)</td>", piece)
    pools = dict(zip(NORTH[1:], [[one] for one in found], strict=False)) if name == "xsdt123" else {"main": found}
    yield [day(*on), "", name, False, pools]


def draws(text: str) -> Iterator[list[Any]]:
    for piece in text.split('<div class="box-ketqua">')[1:]:
        if 'id="MB' in piece or 'class="tbl-xsmn' in piece:
            yield from paper(piece)
        elif "kmt" in piece:
            yield from vietlott(piece)
        elif "dtmb" in piece:
            yield from electronic(piece)


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["files"]:
        name = file["name"]
        case = {"file": name, "source": "vn_xskt", "url": file["url"], "at": AT.get(name, "2026-02-12T08:00:00+07:00")}
        if "mojibake" in name:
            yield case | {"raises": "PageChanged", "says": "The layout changed"}
        else:
            yield case | {"readings": draws((folder / name).read_text(encoding="utf-8"))}
