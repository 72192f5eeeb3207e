"""Workbooks: the sheet of an xlsx file."""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from xml.etree.ElementTree import ParseError

from lotto.scraper.contents.archive import unpacked
from lotto.scraper.sources.source import Page, PageChanged

MOST_CELLS = 400_000
"""Cells of a sheet; the fullest recorded one has 55,000."""


def sheet(page: Page, title: str = "") -> list[list[str]]:
    """The rows of the sheet of that title, of the only one if none is given, as texts; empty rows left out.

    All rows are of one width. A whole number is written without a point, a day as 2023-11-18. PageChanged when it is no
    workbook, has another sheet, or more cells than we read.
    """
    # A large library for the few sources that publish workbooks: nobody else waits for it to be imported.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    for _ in unpacked(page):
        # The archive is whole and of a decent size before anything in it is parsed.
        pass
    try:
        book = load_workbook(BytesIO(page.body), read_only=True, data_only=True, keep_links=False)
        if title not in book.sheetnames and (title or len(book.sheetnames) != 1):
            raise PageChanged(f"The workbook has the sheets {', '.join(book.sheetnames)[:120]}, not “{title}”.")
        chosen = book[title or book.sheetnames[0]]
        # What a sheet says of its size may be wrong: Caixa's says that it has one row.
        chosen.reset_dimensions()
        found = list(_rows(chosen.iter_rows(values_only=True)))
    except (InvalidFileException, ParseError, KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise PageChanged(f"The file is no workbook: {type(error).__name__} {str(error)[:80]}.") from None
    widest = max(map(len, found), default=0)
    return [row + [""] * (widest - len(row)) for row in found]


def _rows(found: Iterator[tuple[object, ...]]) -> Iterator[list[str]]:
    cells = 0
    for row in found:
        cells += len(row)
        if cells > MOST_CELLS:
            raise PageChanged(f"The sheet has more than {MOST_CELLS:,} cells.")
        texts = [_text(value) for value in row]
        if any(texts):
            yield texts


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        value = value.date() if value.time() == datetime.min.time() else value
    return value.isoformat() if isinstance(value, date) else str(value).strip()
