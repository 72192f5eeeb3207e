"""Writes the table of `docs/known-source-errors.md` from the files in `errors/`: `python tests/expected/errors.py`.

A file is named like its source and has a table `[[error]]` for each: `draw`, `what`, `shows`, `drawn`, `evidence`.
"""

import re
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
DOCUMENT = HERE.parent.parent / "docs" / "known-source-errors.md"
COLUMNS = ("draw", "source", "what", "shows", "drawn", "evidence")


def errors() -> list[dict[str, str]]:
    """All of them, by source and as they stand in its file."""
    found = []
    for file in sorted((HERE / "errors").glob("*.toml")):
        for error in tomllib.loads(file.read_text(encoding="utf-8"))["error"]:
            told = {"source": file.stem} | error
            if set(told) != set(COLUMNS):
                raise ValueError(f"{file.name}: an error has just the keys {', '.join(COLUMNS)}.")
            found.append(told)
    return found


def written(document: str) -> str:
    """The document with its table as the files have it."""
    rows = "".join(f"| {' | '.join(error[column] for column in COLUMNS)} |\n" for error in errors())
    return re.sub(r"(?<=\| --- \|\n)(\| .*\n)*", lambda _: rows, document, count=1)


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
