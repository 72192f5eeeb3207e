"""The forms of an export: JSON Lines, CSV (RFC 4180) and Parquet; the first two are read back as they were written.

A cell of a CSV that a spreadsheet would take for a formula is written with an apostrophe before it, and so is one that
begins with an apostrophe itself: taking the first one away gives back every cell exactly.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from lotto.lines.errors import BadExport
from lotto.lines.line import COLUMNS, Line

Format = Literal["csv", "jsonl", "parquet"]

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""What a cell may begin with and be run."""

NESTED = ("numbers", "drawn", "jackpot", "prizes", "sources")
"""Columns whose cells are JSON, in CSV and in Parquet."""

INSTANTS = ("drawn_at", "observed_at", "decided_at", "updated_at")

OPEN = ("serial", "observed_at", "decided_at", "updated_at")
"""Columns of plain cells that may be told by nobody: empty is untold."""

ROWS = 10_000
"""Of one row group of a Parquet file."""

_lines = msgspec.json.Decoder(Line)


def opened(how: Format, file: BinaryIO) -> "Writer":
    """What writes lines into that file; raises BadExport where Parquet cannot be written here."""
    return {"csv": CsvWriter, "jsonl": Writer, "parquet": ParquetWriter}[how](file)


class Writer:
    """Writes JSON Lines: an object a line."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def add(self, line: Line) -> None:
        """Writes one more."""
        self._file.write(msgspec.json.encode(line) + b"\n")

    def add_all(self, lines: Iterable[Line]) -> None:
        """Writes these, in their order."""
        for line in lines:
            self.add(line)

    def close(self) -> None:
        """Writes what is left to write; the file stays open."""


class CsvWriter(Writer):
    """Writes CSV: a head with the columns' names, CRLF after every row, quotes where they are needed."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self._text = io.TextIOWrapper(file, "utf-8", newline="")
        self._rows = csv.writer(self._text)
        self._rows.writerow(COLUMNS)

    def add(self, line: Line) -> None:
        """Writes one more."""
        self._rows.writerow([_safe(cell) for cell in cells(line)])

    def close(self) -> None:
        """Hands the file back with everything in it."""
        self._text.flush()
        self._text.detach()


class ParquetWriter(Writer):
    """Writes Parquet: days and instants as such, everything else that is no plain integer as text, as in CSV."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        try:
            import pyarrow as pa
            from pyarrow import parquet
        except ImportError:
            raise BadExport("Parquet is an extra of Lotto's: install lotto[parquet], or export csv or jsonl.") from None
        instant = pa.timestamp("us", tz="UTC")
        self._types = {"date": pa.date32(), "revision": pa.int32()} | dict.fromkeys(INSTANTS, instant)
        self._schema = pa.schema([(name, self._types.get(name, pa.string())) for name in COLUMNS])
        self._table = pa.Table.from_pylist
        self._parquet = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[dict[str, object]] = []

    def add(self, line: Line) -> None:
        """Writes one more, once there are enough for a row group."""
        texts = dict(zip(COLUMNS, cells(line), strict=True))
        self._rows.append(
            {name: getattr(line, name) if name in self._types else texts[name] or None for name in COLUMNS}
        )
        if len(self._rows) == ROWS:
            self._flush()

    def close(self) -> None:
        """Writes the last row group and the file's foot."""
        self._flush()
        self._parquet.close()

    def _flush(self) -> None:
        self._parquet.write_table(self._table(self._rows, schema=self._schema))
        self._rows = []


def read(path: Path) -> Iterator[Line]:
    """The lines of a file whose name ends in .jsonl or .csv, in their order; raises BadExport at the first bad one."""
    reader = {".jsonl": _read_jsonl, ".csv": _read_csv}.get(path.suffix.lower())
    if reader is None:
        raise BadExport(f"{path} is no export that can be read: its name must end in .jsonl or .csv.")
    return reader(path)


def cells(line: Line) -> list[str]:
    """The line as texts, in the order of COLUMNS; what is not told is empty."""
    plain = msgspec.to_builtins(line)
    return [_cell(name, plain[name]) for name in COLUMNS]


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    return msgspec.json.encode(value).decode() if name in NESTED else str(value)


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _read_jsonl(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            try:
                yield _lines.decode(text)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise BadExport(f"{path}, line {number}: {error}.") from None


def _read_csv(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            head = next(reader, [])
            if tuple(head) != COLUMNS:
                raise BadExport(f"{path}, line 1: the columns must be {', '.join(COLUMNS)}.")
            for row in reader:
                yield _line(row)
        except (csv.Error, msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
            if isinstance(error, BadExport):
                raise
            raise BadExport(f"{path}, line {reader.line_num}: {error}.") from None


def _line(row: list[str]) -> Line:
    if len(row) != len(COLUMNS):
        raise ValueError(f"there are {len(row)} cells and not {len(COLUMNS)}")
    told: dict[str, object] = {}
    for name, cell in zip(COLUMNS, row, strict=True):
        text = cell.removeprefix("'")
        if name in NESTED:
            told[name] = msgspec.json.decode(text) if text else None
        elif name == "revision":
            told[name] = int(text)
        else:
            told[name] = text if text or name not in OPEN else None
    return msgspec.convert(told, Line)
