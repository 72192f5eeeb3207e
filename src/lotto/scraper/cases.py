"""Cases: kept pages, and what a source must make of each. One mechanism for tests, `lotto capture` and `lotto prove`.

A folder of them has the pages and a `cases.json`: a list of objects with

- `case` (a few words), `file`, `url` and `at`; `source`, where it is not the folder's name; `page`, the SHA-256 of the
  file, where the page is one that was recorded;
- `readings`, all of them; or of many their `count`, the `first`, the `last`, `some` (of the days that these are of) and
  the `digest` of all; or, of a page that must be refused, `raises` (`PageChanged`, `PageNotYet`) and words of the
  sentence (`says`);
- `further`, if it leads to further pages: their addresses.

A reading is the list [date, label, name, drawn order, pools] or, where there is more, [date, label, name, drawn order,
pools, more]. Pools is an object of lists with null for an open place; more has `serial`, `at` (13:05:00), `jackpot`
([figure, currency]) and `prizes` (lists of tier, winners, figure, currency), those that there are. A text that is not
told is null, a currency that is the lottery's own is "". Readings stand in the order of their canonical texts: JSON
without spaces, keys sorted, nothing escaped but what must be. The digest is the SHA-256 of those, joined by line feeds.

A page is a file. One of another encoding is kept in UTF-8, and its case names the `encoding` it is served in. A zip
archive may be a folder `….zip` with its files in it, a workbook a folder `….xlsx` with a CSV file for each sheet: so
that everything can be read, and written by hand.
"""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from lotto.scraper.sources.source import Amount, Page, Reading, Request, Source, SourceError

Case = dict[str, Any]
Parts = Mapping[str, bytes]
"""The files of a folder by name; a page that is one file has one part."""

NAME = "cases.json"
FEW = 60
"""So many readings are written out; of more, their ends and a digest."""

SHOWN = 5
"""So many differences of one page are told."""


class BadCases(ValueError):
    """A `cases.json` that cannot be used: one sentence with its place."""


def load(folder: Path) -> list[Case]:
    """The cases of that folder, none where it has no `cases.json`; raises BadCases."""
    file = folder / NAME
    if not file.exists():
        return []
    try:
        cases = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadCases(f"{file}: This is not JSON in UTF-8: {error}.") from None
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise BadCases(f"{file}: This is no list of cases.")
    for number, case in enumerate(cases, 1):
        for key in ("file", "url", "at"):
            if not isinstance(case.get(key), str):
                raise BadCases(f"{file}, case {number}: It does not say its `{key}`.")
        _instant(file, number, case["at"])
        told = [key for key in ("readings", "digest", "raises") if key in case]
        if len(told) != 1:
            raise BadCases(f"{file}, case {number}: It says one of `readings`, `digest` and `raises`.")
    return cases


def save(folder: Path, cases: Sequence[Case]) -> None:
    """Writes the cases of that folder, a reading a line."""
    (folder / NAME).write_text("[\n" + ",\n".join(map(_written, cases)) + "\n]\n", encoding="utf-8")


def parts_of(folder: Path, case: Case) -> Parts:
    """What a page is made of; raises BadCases where it is not there."""
    path = folder / case["file"]
    try:
        if path.is_dir():
            return {file.name: file.read_bytes() for file in sorted(path.iterdir())}
        return {path.name: path.read_bytes()}
    except OSError as error:
        raise BadCases(f"{folder / NAME}: The page {case['file']} cannot be read: {error.strerror}.") from None


def packed(case: Case, parts: Parts) -> bytes:
    """The page that these parts make: as it is served."""
    if case["file"] in parts and "encoding" not in case:
        return parts[case["file"]]
    encoding = case.get("encoding")
    if encoding:
        parts = {name: body.decode("utf-8", "surrogateescape").encode(encoding) for name, body in parts.items()}
    if case["file"].endswith(".zip"):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            for name, body in parts.items():
                out.writestr(zipfile.ZipInfo(name), body)
        return archive.getvalue()
    if case["file"].endswith(".xlsx"):
        return _workbook(parts)
    [body] = parts.values()
    return body


def body_of(folder: Path, case: Case) -> bytes:
    """A kept page as it is served."""
    return packed(case, parts_of(folder, case))


def page_of(case: Case, body: bytes) -> Page:
    """The page that a body is, at the address and time of its case."""
    return Page(case["url"], body, datetime.fromisoformat(case["at"]))


def told(source: Source, page: Page) -> Case:
    """What the source makes of the page, as a case tells it."""
    try:
        yielded = list(source.read(page))
    except SourceError as error:
        return {"raises": type(error).__name__, "says": str(error)}
    further = [one.url for one in yielded if isinstance(one, Request)]
    listed = sorted((as_listed(one) for one in yielded if isinstance(one, Reading)), key=canonical)
    return _shortened(listed) | ({"further": further} if further else {})


def differences(case: Case, source: Source, body: bytes) -> list[str]:
    """What the source makes of the page other than the case says, a sentence each; nothing when it is right."""
    digest = hashlib.sha256(body).hexdigest()
    if case.get("page", digest) != digest:
        return ["The file is not the page that the case is about: its SHA-256 is another."]
    try:
        yielded = list(source.read(page_of(case, body)))
    except SourceError as error:
        return _refusal(case, error)
    if "raises" in case:
        return [f"It is read, and must be refused with {case['raises']}: “{case.get('says', '')}”."]
    further = [one.url for one in yielded if isinstance(one, Request)]
    listed = sorted((as_listed(one) for one in yielded if isinstance(one, Reading)), key=canonical)
    found = _of_readings(case, listed)
    if further != case.get("further", []):
        found.append(f"It leads to {further or 'no further page'}, not to {case.get('further') or 'none'}.")
    return found


def as_listed(one: Reading) -> list[Any]:
    """The list that a reading is in a case."""
    more: dict[str, Any] = {}
    if one.serial is not None:
        more["serial"] = one.serial
    if one.at is not None:
        more["at"] = one.at.isoformat()
    if one.jackpot is not None:
        more["jackpot"] = _amount(one.jackpot)
    if one.prizes:
        more["prizes"] = [[prize.tier, prize.winners, *_amount(prize.amount)] for prize in one.prizes]
    pools = {pool: [*texts] for pool, texts in one.numbers.items()}
    return [str(one.date), one.label, one.name, one.drawn_order, pools, *([more] if more else [])]


def canonical(reading: list[Any]) -> str:
    """The text of a reading by which readings are put in order and hashed."""
    return json.dumps(reading, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _refusal(case: Case, error: SourceError) -> list[str]:
    name, sentence = type(error).__name__, str(error)
    if case.get("raises") != name:
        return [f"It is refused with {name}: {sentence}"]
    if case["says"] not in sentence:
        return [f"The sentence does not have “{case['says']}”: {sentence}"]
    if not re.fullmatch(r"[A-Z0-9“].*\.", sentence):
        return [f"This is no sentence: {sentence}"]
    return []


def _of_readings(case: Case, listed: list[list[Any]]) -> list[str]:
    if "readings" in case:
        return _compared(case["readings"], listed)
    if len(listed) != case["count"]:
        return [f"It has {len(listed)} draws, not {case['count']}."]
    days = {some[0] for some in case["some"]}
    found = [
        *_compared([case["first"]], listed[:1]),
        *_compared([case["last"]], listed[-1:]),
        *_compared(case["some"], [one for one in listed if one[0] in days]),
    ]
    if not found and _digest(listed) != case["digest"]:
        found = ["One of its draws is another than was expected: their digest differs."]
    return found


def _compared(wanted: list[list[Any]], listed: list[list[Any]]) -> list[str]:
    """The draws that are in one list alone."""
    right, read = list(map(canonical, wanted)), list(map(canonical, listed))
    found = [f"It does not give {one}." for one in right if one not in read]
    found += [f"It gives {one}." for one in read if one not in right]
    if not found and right != read:
        found = ["Its draws are expected, but not in this order, or not so often."]
    left = len(found) - SHOWN
    return found if left <= 0 else [*found[:SHOWN], f"And {left} more such differences."]


def _shortened(listed: list[list[Any]]) -> Case:
    if len(listed) <= FEW:
        return {"readings": listed}
    newest = max(one[0] for one in listed)
    return {
        "count": len(listed),
        "first": listed[0],
        "last": listed[-1],
        "some": [one for one in listed if one[0] == newest],
        "digest": _digest(listed),
    }


def _digest(listed: list[list[Any]]) -> str:
    return hashlib.sha256("\n".join(map(canonical, listed)).encode()).hexdigest()


def _written(case: Case) -> str:
    return " {\n" + ",\n".join(_lines(case)) + "\n }"


def _lines(case: Case) -> Iterator[str]:
    for key, value in case.items():
        if key in ("readings", "some"):
            text = "[\n   " + ",\n   ".join(map(canonical, value)) + "\n  ]" if value else "[]"
        else:
            text = canonical(value) if key in ("first", "last") else json.dumps(value, ensure_ascii=False)
        yield f'  "{key}": {text}'


def _amount(amount: Amount | None) -> list[str | None]:
    return [amount.figure, amount.currency] if amount else [None, ""]


def _instant(file: Path, number: int, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise BadCases(f"{file}, case {number}: “{text}” is not an instant; write it like 2025-08-06T15:20-04:00.")
    return at


def _workbook(parts: Parts) -> bytes:
    from openpyxl import Workbook  # as where workbooks are read

    book = Workbook(write_only=True)
    for name, body in parts.items():
        sheet = book.create_sheet(name.removesuffix(".csv"))
        for row in csv.reader(io.StringIO(body.decode("utf-8", "replace"), newline="")):
            # What a workbook cannot hold, no sheet shows.
            sheet.append([re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
