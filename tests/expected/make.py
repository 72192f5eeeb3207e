"""Writes what the recordings say: `python tests/expected/make.py RECORDINGS [FOLDER…]`, one JSON file a folder.

Each folder has a reader of its own in `readers/`, named like it, that imports nothing of Lotto and reads the files in
another way than the source does. Its `cases(folder)` yields a case for every file: a dict with

- `file`, `source`, `url` and `at` (the instant it was fetched);
- `readings`: the draws in it, in any order; or for a file that must be refused `raises` (`PageChanged`, `PageNotYet`)
  and words of the sentence (`says`);
- `further`, if it leads to further pages: their addresses;
- `some`, if a file has many draws: the days whose draws are worth a look.

A reading is the list [date, label, name, drawn order, pools] or, where there is more, [date, label, name, drawn order,
pools, more]. Pools is an object of lists with null for an open place; more has `serial`, `at` (13:05:00), `jackpot`
([figure, currency]) and `prizes` (lists of tier, winners, figure, currency), those that there are. A text that is not
told is null, a currency that is the lottery's own is "".

Written are the SHA-256 of the file (`page`) and, of up to 60 draws, all `readings`; of more, their `count`, the
`first`, the `last`, `some`, and the `digest` of all. The canonical text of a reading is its JSON: no spaces, keys
sorted, nothing escaped but what must be. The digest is the SHA-256 of the sorted canonical texts joined by line feeds,
in UTF-8.
"""

import hashlib
import importlib.util
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

Reading = list[Any]
HERE = Path(__file__).parent
FEW = 60


def readers() -> dict[str, ModuleType]:
    """Folder → its reader."""
    found = {}
    for file in sorted((HERE / "readers").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"reader of {file.stem}", file)
        if spec is None or spec.loader is None:
            raise ValueError(f"{file} cannot be loaded.")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found[file.stem] = module
    return found


def cases(recordings: Path, folder: str) -> Iterator[dict[str, Any]]:
    """The cases of one folder, each with the readings of its file once and sorted."""
    for case in readers()[folder].cases(recordings / folder):
        body = (recordings / folder / case["file"]).read_bytes()
        told = {"file": case["file"], "page": hashlib.sha256(body).hexdigest()} | case
        yield told | {"readings": once(case["readings"])} if "readings" in case else told


def canonical(reading: Reading) -> str:
    return json.dumps(reading, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def once(readings: Iterable[Any]) -> list[Reading]:
    """Sorted; of a draw that the file has twice, the places are open in which its two rows differ."""
    found: dict[tuple[str, ...], Reading] = {}
    for one in readings:
        reading = list(one)
        before, pools = found.setdefault(tuple(reading[:3]), reading)[4], reading[4]
        if {pool: len(values) for pool, values in before.items()} != {pool: len(pools[pool]) for pool in pools}:
            raise ValueError(f"{reading[:3]} stands twice, in two shapes.")
        for pool, values in pools.items():
            before[pool] = [one if one == other else None for one, other in zip(values, before[pool], strict=True)]
    return sorted(found.values(), key=canonical)


def shortened(case: dict[str, Any]) -> dict[str, Any]:
    """The case as it is written: many readings as their count, ends, some, and digest."""
    days = case.get("some", [])
    kept = {key: value for key, value in case.items() if key not in ("some", "readings")}
    readings = case.get("readings")
    if readings is None or (len(readings) <= FEW and not days):
        return kept if readings is None else kept | {"readings": readings}
    return kept | {
        "count": len(readings),
        "first": readings[0],
        "last": readings[-1],
        "some": [reading for reading in readings if reading[0] in days],
        "digest": hashlib.sha256("\n".join(map(canonical, readings)).encode()).hexdigest(),
    }


def written(case: dict[str, Any]) -> str:
    """A case as JSON, a reading a line."""
    parts = []
    for key, value in case.items():
        if key in ("readings", "some"):
            text = "[\n   " + ",\n   ".join(map(canonical, value)) + "\n  ]" if value else "[]"
        else:
            text = canonical(value) if key in ("first", "last") else json.dumps(value, ensure_ascii=False)
        parts.append(f'  "{key}": {text}')
    return " {\n" + ",\n".join(parts) + "\n }"


def make(recordings: Path, folders: Iterable[str]) -> None:
    """Writes the file of each folder."""
    for folder in folders:
        told = (written(shortened(case)) for case in cases(recordings, folder))
        text = "[\n" + ",\n".join(told) + "\n]\n"
        (HERE / f"{folder}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Say where the recordings are: python tests/expected/make.py RECORDINGS [FOLDER…]")
    make(Path(sys.argv[1]), sys.argv[2:] or readers())
