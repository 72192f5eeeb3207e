"""Recorded pages in a folder, and the index that says where and when each was fetched.

An index is a file `pages.toml` with one table a page:

    [[page]]
    file = "winnums-text.txt"
    source = "us_powerball_com"
    url = "https://www.powerball.com/powerball/winnums-text.txt"
    at = "2025-08-06T15:20-04:00"

A file is named from where its index lies. A folder may hold indexes in folders below it, each with its own pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from lotto.catalogue.document import BadFile, Document
from lotto.scraper.shelf import shelf

INDEX = "pages.toml"
"""The name of every index."""


class BadCapture(ValueError):
    """A folder, or an entry of an index, that cannot be taken: one sentence with its file and line."""


@dataclass(frozen=True)
class Capture:
    """A page as it was recorded: which source's it is, from which address, and the instant it was fetched."""

    file: Path
    source: str
    url: str
    at: datetime


class _Page(msgspec.Struct, forbid_unknown_fields=True):
    """One table of an index."""

    file: str
    source: str
    url: str
    at: Any


class _Index(msgspec.Struct, forbid_unknown_fields=True):
    """A whole index."""

    page: list[dict[str, Any]]


def captures(folder: Path) -> list[Capture]:
    """Every page of every index in that folder and below it, index by index in the order of their names.

    Raises BadCapture at the first entry that cannot be taken, and when there is no index at all.
    """
    if not folder.is_dir():
        raise BadCapture(f"{folder} is not a folder.")
    indexes = sorted(folder.rglob(INDEX))
    if not indexes:
        raise BadCapture(f"{folder} holds no {INDEX}, nor does a folder below it; it says where each page is from.")
    sources = shelf()
    try:
        return [one for index in indexes for one in _captures(index, sources)]
    except BadFile as error:
        raise BadCapture(str(error)) from None


def _captures(index: Path, sources: Mapping[str, object]) -> list[Capture]:
    document = Document(index)
    whole = document.typed(document.data, _Index, ())
    return [_capture(document, place, table, sources) for place, table in enumerate(whole.page)]


def _capture(document: Document, place: int, table: dict[str, Any], sources: Mapping[str, object]) -> Capture:
    path = ("page", place)
    page = document.typed(table, _Page, path)
    file = document.file.parent / page.file
    if not file.is_file():
        raise document.bad((*path, "file"), f"There is no file “{page.file}” here.")
    if page.source not in sources:
        known = ", ".join(sources)
        raise document.bad((*path, "source"), f"There is no source “{page.source}”; the sources are {known}.")
    if not _is_address(page.url):
        raise document.bad((*path, "url"), f"“{page.url}” is not an address; write it with https:// and a host.")
    at = _instant(page.at)
    if at is None:
        said = f"“{page.at}” is not an instant with a zone; write it like 2025-08-06T15:20-04:00."
        raise document.bad((*path, "at"), said)
    return Capture(file, page.source, page.url, at)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _instant(said: object) -> datetime | None:
    """The instant, written as a text or as TOML writes one; nothing without a zone."""
    if isinstance(said, str):
        try:
            said = datetime.fromisoformat(said)
        except ValueError:
            return None
    return said if isinstance(said, datetime) and said.tzinfo is not None else None
