"""iCalendar (RFC 5545, with the names of RFC 7986): how a calendar is written.

Instants are in UTC: such a time says the same everywhere, also in the hour that autumn shows twice, and needs no rules
of a zone beside it; each reader's program shows it by the reader's clock.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA = "text/calendar"

WIDEST = 75
"""Bytes of a line, its end not counted."""

REFRESH = "PT1H"
"""How long a program may go by what it has."""

ILLEGIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
"""What no value may hold; a line's end is written in letters."""


@dataclass(frozen=True)
class Happening:
    """One event of a calendar. `uid` is the same for ever, `sequence` rises whenever anything of it changes."""

    uid: str
    sequence: int
    stamp: datetime
    at: datetime
    until: datetime | None
    summary: str
    description: str
    url: str
    category: str
    cancelled: bool = False
    picture: tuple[str, str] | None = None
    """Media type and address."""


@dataclass(frozen=True)
class Calendar:
    """Events under a name; `url` is where it lies, `page` where people read of it."""

    name: str
    about: str
    url: str
    page: str
    happenings: Sequence[Happening]


def written(calendar: Calendar) -> bytes:
    """The calendar as a document."""
    return b"".join(map(folded, _lines(calendar)))


def text(value: str) -> str:
    """The value of a property of type TEXT."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return ILLEGIBLE.sub("\N{REPLACEMENT CHARACTER}", escaped.replace("\r\n", "\n")).replace("\n", "\\n")


def address(value: str) -> str:
    """The value of a property of type URI: ours are quoted already, and nothing may end the line."""
    return re.sub(r"[\x00-\x20\x7f]", "", value)


def folded(line: str) -> bytes:
    """A content line with its end, broken into lines of up to WIDEST bytes, no character in two."""
    whole = line.encode()
    if len(whole) <= WIDEST:
        return whole + b"\r\n"
    pieces, piece, width = [], "", 0
    for character in line:
        size = len(character.encode())
        if width + size > WIDEST:
            pieces.append(piece)
            piece, width = " ", 1
        piece += character
        width += size
    return "".join(f"{one}\r\n" for one in (*pieces, piece)).encode()


def instant(at: datetime) -> str:
    """The value of a property of type DATE-TIME: 20241103T025900Z."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _lines(calendar: Calendar) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Lotto//Lotto//EN"
    yield "CALSCALE:GREGORIAN"
    # The second name and the second hour are for programs older than RFC 7986.
    for name in ("NAME", "X-WR-CALNAME"):
        yield f"{name}:{text(calendar.name)}"
    for name in ("DESCRIPTION", "X-WR-CALDESC"):
        yield f"{name}:{text(calendar.about)}"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"
    yield f"X-PUBLISHED-TTL:{REFRESH}"
    yield f"SOURCE;VALUE=URI:{address(calendar.url)}"
    yield f"URL:{address(calendar.page)}"
    for one in calendar.happenings:
        yield from _event(one)
    yield "END:VCALENDAR"


def _event(one: Happening) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{text(one.uid)}"
    yield f"DTSTAMP:{instant(one.stamp)}"
    yield f"LAST-MODIFIED:{instant(one.stamp)}"
    yield f"SEQUENCE:{one.sequence}"
    yield f"DTSTART:{instant(one.at)}"
    if one.until:
        yield f"DTEND:{instant(one.until)}"
    yield f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{text(one.summary)}"
    yield f"DESCRIPTION:{text(one.description)}"
    yield f"URL:{address(one.url)}"
    yield f"CATEGORIES:{text(one.category)}"
    if one.picture:
        media, url = one.picture
        yield f"ATTACH;FMTTYPE={address(media)}:{address(url)}"
    yield "END:VEVENT"
