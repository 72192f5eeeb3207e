"""The yearly archive of Taiwan Lottery: names of files mended from an old code page, lines cut at their commas."""

import io
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOME = ["2007-01-01", "2007-12-31"]


def draws(body: bytes) -> Iterator[list[Any]]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for file in archive.infolist():
            # Python reads the names in the extra fields from 3.12 on: the one told first is the same in all.
            name = file.orig_filename
            if not name.endswith(".csv"):
                continue
            # The name of the file and that in its lines are the same, but for the slash.
            game = name.encode("cp437").decode("big5").split("/")[1].removesuffix("_2007.csv").replace("_", "/")
            for line in archive.read(file)[3:].decode("utf-8").split("\r\n")[1:]:
                if not line:
                    continue
                first, serial, day, *rest = line.rstrip(",").split(",")
                if first != game:
                    raise ValueError(f"{first} in the file of {game}.")
                numbers = rest[3:]
                pools = {"main": numbers[:6], "bonus": numbers[6:]} if len(numbers) == 7 else {"main": numbers}
                yield [day.replace("/", "-"), "", game, False, pools, {"serial": serial}]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in tomllib.loads((folder / "recording.toml").read_text(encoding="utf-8"))["file"]:
        found = list(draws((folder / file["name"]).read_bytes()))
        if len(found) != file["rows"]:
            raise ValueError(f"{file['name']} has {len(found)} draws, not {file['rows']}.")
        yield {
            "file": file["name"],
            "source": "tw_lottery",
            "url": f"https://www.taiwanlottery.com/lotto/history/result_download/{file['name']}",
            "at": file["provenance_committed"],
            "readings": found,
            "some": SOME,
        }
