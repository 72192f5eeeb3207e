"""Bytes as text, in the encoding that the publisher uses and in no other."""

import codecs
import re

from lotto.scraper.sources.source import PageChanged

FILLERS = re.compile("[\N{REPLACEMENT CHARACTER}\x00\x7f-\x9f]")
"""What stands in a text whose bytes were broken or are of another encoding."""


def decoded(body: bytes, encoding: str = "utf-8") -> str:
    """The text of these bytes, a byte order mark left out; PageChanged where a byte does not belong.

    `encoding` is what Python calls it: utf-8, latin-1, windows-1255, big5, utf-16. Every byte is a sign of latin-1, so
    that the control characters of 0x80 to 0x9F, which nobody writes, are refused there too.
    """
    name = codecs.lookup(encoding).name
    try:
        text = body.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeDecodeError as error:
        raise PageChanged(f"Byte {error.start} of the file is not {encoding.upper()}.") from None
    if strange := FILLERS.search(text):
        raise PageChanged(f"The file is not {encoding.upper()}: a sign in it is U+{ord(strange[0]):04X}.")
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
