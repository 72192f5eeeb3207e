"""Kept pages: a folder of what sources answered, its index `pages.toml`, and in `cases.json` what each must give.

Pages belong to their publishers and may name people: they are kept to test with, and not to be published.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from lotto.captures import INDEX, Capture, captures
from lotto.scraper import cases
from lotto.scraper.cases import Case
from lotto.scraper.sources.source import Page, PageChanged, Request, Source

ENDINGS = {"json": ".json", "html": ".html", "csv": ".csv", "sheet": ".xlsx", "zip": ".zip", "xml": ".xml"}
"""A word in the content type → the ending of a file."""


@dataclass(frozen=True)
class Kept:
    """A page in a folder, from that source; `case` says what it must give, or has only `file`, `url` and `at`."""

    folder: Path
    source: str
    case: Case

    @property
    def is_told(self) -> bool:
        """Somebody has said what this page must give."""
        return not {"readings", "digest", "raises"}.isdisjoint(self.case)

    def page(self) -> Page:
        """The page as it was served; raises BadCases where its file is gone."""
        return cases.page_of(self.case, cases.body_of(self.folder, self.case))


def keep(folder: Path, source: Source, page: Page, ending: str = "") -> tuple[Kept, bool]:
    """Writes the page into the folder and its index; the second is whether it is new there.

    Its file has that `ending`, as `.csv`, or one by what it is.

    A page that this source answered from that address before, byte for byte, is not written again.
    """
    digest = hashlib.sha256(page.body).hexdigest()
    for one in kept(folder):
        same = one.source == source.name and one.case["url"] == page.url
        if same and hashlib.sha256(cases.body_of(one.folder, one.case)).hexdigest() == digest:
            return one, False
    folder.mkdir(parents=True, exist_ok=True)
    file = _new_file(folder, page, ending)
    file.write_bytes(page.body)
    told = {"file": file.name, "source": source.name, "url": page.url, "at": page.at.isoformat(timespec="seconds")}
    entry = "".join(f"{key} = {_quoted(value)}\n" for key, value in told.items())
    with (folder / INDEX).open("a", encoding="utf-8") as index:
        index.write(f"[[page]]\n{entry}\n")
    return Kept(folder, source.name, {key: told[key] for key in ("file", "url", "at")}), True


def kept(folder: Path) -> list[Kept]:
    """Every page of the folder and those below it, by their files; raises BadCapture or BadCases."""
    found: list[Kept] = []
    told: set[Path] = set()
    for file in folder.rglob(cases.NAME):
        for case in cases.load(file.parent):
            found.append(Kept(file.parent, case.get("source", file.parent.name), case))
            told.add((file.parent / case["file"]).resolve())
    if any(folder.rglob(INDEX)):
        found += [_untold(one) for one in captures(folder) if one.file.resolve() not in told]
    return sorted(found, key=lambda one: (one.folder, one.case["file"]))


def accept(one: Kept, source: Source) -> Kept:
    """Keeps what the source makes of the page now as what it must give; the page's case is written anew."""
    page = one.page()
    about = {key: one.case[key] for key in ("case", "file", "url", "at", "encoding") if key in one.case}
    case: Case = {"case": f"kept on {page.at:%Y-%m-%d}"} | about
    case |= {"source": one.source, "page": hashlib.sha256(page.body).hexdigest()}
    case |= cases.told(source, page)
    others = [other for other in cases.load(one.folder) if other != one.case]
    cases.save(one.folder, [*others, case])
    return Kept(one.folder, one.source, case)


def is_read(source: Source, page: Page) -> bool:
    """Whether the source knows the page: it gives draws, leads on, or is in order with nothing to tell yet."""
    return cases.told(source, page).get("raises") != PageChanged.__name__


def further(source: Source, page: Page) -> list[Request]:
    """The pages that a page leads to; none of one that is refused."""
    return [Request(url) for url in cases.told(source, page).get("further", ())]


def _untold(capture: Capture) -> Kept:
    """A page of the index of which nobody has said what it must give; its case lies beside it."""
    case = {"file": capture.file.name, "url": capture.url, "at": capture.at.isoformat()}
    return Kept(capture.file.parent, capture.source, case)


def _new_file(folder: Path, page: Page, ending: str) -> Path:
    """A name by the instant, in UTC, and the kind of the page that no file of the folder has."""
    stem = f"{page.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (f"{stem}{number}{ending or _ending(page)}" for number in _numbers())
    return next(folder / name for name in names if not (folder / name).exists())


def _numbers() -> Iterator[str]:
    yield ""
    number = 2
    while True:
        yield f"-{number}"
        number += 1


def _ending(page: Page) -> str:
    if page.body[:2] == b"PK":
        return ".xlsx" if b"xl/workbook" in page.body else ".zip"
    told = next((ending for word, ending in ENDINGS.items() if word in page.media.lower()), "")
    named = PurePosixPath(urlsplit(page.url).path).suffix
    begins = page.body.lstrip()[:1]
    seen = ".html" if begins == b"<" else ".json" if begins in (b"{", b"[") else ".txt"
    return told or (named if named in ENDINGS.values() and begins != b"<" else seen)


def _quoted(text: str) -> str:
    """A TOML string; what TOML allows in none is left out."""
    return json.dumps(re.sub("[\x00-\x1f\x7f]", "", text), ensure_ascii=False)
