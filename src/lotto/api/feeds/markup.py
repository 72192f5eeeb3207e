"""Markup: elements whose text is always text, whatever was scraped."""

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

ILLEGIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold, not even escaped."""


def leaf(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """An element under that parent, with text and attributes made legible; one they are empty without is there too."""
    one = ET.SubElement(parent, tag, {name: legible(value) for name, value in attributes.items()})
    one.text = legible(text) or None
    return one


def legible(text: str) -> str:
    """The text with a mark in the place of every character that XML has no way to write."""
    return ILLEGIBLE.sub("\N{REPLACEMENT CHARACTER}", text)


def document(root: ET.Element) -> bytes:
    """The document of that root, in UTF-8."""
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def html(root: ET.Element) -> str:
    """What the root holds, as HTML."""
    return "".join(ET.tostring(one, encoding="unicode", method="html") for one in root)


def instant(at: datetime) -> str:
    """As RFC 3339 writes it, in UTC: 2024-11-03T02:59:00Z."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
