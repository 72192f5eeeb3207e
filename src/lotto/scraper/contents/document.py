"""Documents: JSON of a form that is known beforehand."""

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from lotto.scraper.contents import markup
from lotto.scraper.contents.text import decoded
from lotto.scraper.sources.source import Page, PageChanged

T = TypeVar("T")

LONGEST_DOCUMENT = 8_000_000
"""Bytes of a JSON document; the longest recorded one has 0.9 million."""


def document(page: Page | str, form: type[T], *, encoding: str = "utf-8") -> T:
    """The JSON document of a page, or of a text within one, as `form` (a msgspec.Struct, a list of them, …).

    Fields that the form does not name are ignored, those it names must be there and of their type: else PageChanged
    tells where it is not so.
    """
    return _converted(page if isinstance(page, str) else _text(page, encoding), form)


def documents(page: Page, form: type[T], *, encoding: str = "utf-8") -> Iterator[T]:
    """The documents of a page that has one on each line, each as `form`; PageChanged as for one of them.

    The last line ends like the others: a page without that end was cut short.
    """
    whole = _text(page, encoding)
    if not whole.endswith("\n"):
        raise PageChanged("The file does not end with the end of a line: it is cut short.")
    for line in whole[:-1].split("\n"):
        yield _converted(line, form)


def _text(page: Page, encoding: str) -> str:
    if len(page.body) > LONGEST_DOCUMENT:
        raise PageChanged(f"The document has {len(page.body):,} bytes, more than the {LONGEST_DOCUMENT:,} we read.")
    if page.body.lstrip()[:1] == b"<":
        raise markup.stranger(markup.parsed(page), "this is no JSON document")
    return decoded(page.body, encoding)


def _converted(text: str, form: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=form)
    except msgspec.ValidationError as error:
        raise PageChanged(f"The layout changed: {error}.") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise PageChanged(f"The document is not whole JSON: {str(error)[:120]}.") from None
