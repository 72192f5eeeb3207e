"""Archives: the files in a zip file."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace

from lotto.scraper.sources.source import Page, PageChanged

LONGEST_ARCHIVE = 8_000_000
"""Bytes of a zip file as it is served; the longest recorded one has 0.9 million."""

LARGEST_INSIDE = 64_000_000
"""Bytes of all files in it together; more is a file made to burst."""

MOST_MEMBERS = 200


def members(page: Page, *, names: str = "utf-8") -> Iterator[tuple[str, Page]]:
    """The files in a zip file with their names, each as a page of its own; PageChanged when it is none, or broken.

    `names` is the encoding of names that do not tell theirs (big5). Sizes are checked before anything is unpacked.
    """
    for name, body in unpacked(page, names=names):
        yield name, replace(page, body=body)


def unpacked(page: Page, *, names: str = "utf-8") -> Iterator[tuple[str, bytes]]:
    """The same as bare bytes."""
    if len(page.body) > LONGEST_ARCHIVE:
        raise PageChanged(f"The archive has {len(page.body):,} bytes, more than the {LONGEST_ARCHIVE:,} we read.")
    try:
        with zipfile.ZipFile(io.BytesIO(page.body), metadata_encoding=names) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            size = sum(info.file_size for info in files)
            if len(files) > MOST_MEMBERS or size > LARGEST_INSIDE:
                raise PageChanged(f"The archive holds {len(files)} files of {size:,} bytes, more than we unpack.")
            if not files:
                raise PageChanged("The archive is empty.")
            for info in files:
                with archive.open(info) as file:
                    # What a file says of its size is only a word: no more than that is unpacked.
                    body = file.read(info.file_size + 1)
                if len(body) != info.file_size:
                    raise PageChanged(f"“{info.filename[:60]}” is not of the size that the archive says.")
                yield info.filename, body
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise PageChanged(f"The file is no whole zip archive: {str(error)[:80]}.") from None
