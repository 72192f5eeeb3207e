"""Tables as text: a line a row, the cells told apart by one sign."""

import csv
import io

from lotto.scraper.contents import markup
from lotto.scraper.contents.text import decoded
from lotto.scraper.sources.source import Page, PageChanged

LONGEST_TABLE = 8_000_000
"""Bytes of a CSV file; the longest recorded one has 1.4 million."""


def rows(page: Page, *, separator: str = ",", encoding: str = "utf-8", unended: bool = False) -> list[list[str]]:
    """The lines of a CSV file, blank ones left out; PageChanged when it is none, or not all of it.

    `unended` is for a publisher who ends the last line without a line end: there a file cut short cannot be told by
    its end, and the source has to know its last line in another way.
    """
    if len(page.body) > LONGEST_TABLE:
        raise PageChanged(f"The file has {len(page.body):,} bytes, more than the {LONGEST_TABLE:,} we read.")
    if page.body.lstrip()[:1] == b"<":
        raise markup.stranger(markup.parsed(page), "this is no CSV file")
    whole = decoded(page.body, encoding)
    if not whole.strip():
        raise PageChanged("The file is empty.")
    if not whole.endswith("\n") and not unended:
        # A number cut in two is another number.
        raise PageChanged("The file does not end with the end of a line: it is cut short.")
    try:
        return [row for row in csv.reader(io.StringIO(whole, newline=""), delimiter=separator, strict=True) if row]
    except csv.Error as error:
        raise PageChanged(f"The file is not CSV: {error}.") from None
