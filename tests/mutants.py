"""Mutants: a good page to which one bad thing happened, of every kind that pages have come in or could.

A kind that only damages a page (`DAMAGE`) must never make a reader tell another number; one that lies (`LIES`) may
well, and then the verdict has to see to it. What happens, and where, comes from the `chance` alone.
"""

import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any

from lotto.scraper.sources.source import Page
from pages import Case, page_of

Span = tuple[int, int]
NUMBER = re.compile(rb"[0-9]+")
NEAR = 600
"""Bytes within which the numbers of one draw stand, one after the other."""
TRIES = 60


EFFORT, MOST = 1600, 330
"""Of `make fuzz`: what the mutants of one page may cost, and how many there may be."""


@dataclass(frozen=True)
class Original:
    """A page as it is served, with the draws an independent reader found in it."""

    source: str
    case: Case
    body: bytes
    readings: Sequence[list[Any]]
    strangers: Sequence[bytes] = field(default=(), repr=False)
    """Pages of other sources."""

    def worth(self, effort: float, most: int) -> int:
        """How many mutants to make of it, given what they may cost together, in about a millisecond each."""
        cost = 0.5 + len(self.body) / 40_000 + len(self.readings) / 40
        return max(2, min(most, int(effort / cost)))

    @cached_property
    def page(self) -> Page:
        """The page unharmed."""
        return page_of(self.case, self.body)

    @cached_property
    def parts(self) -> dict[str, bytes]:
        """The files in it, if it is an archive; else itself."""
        if not self.body.startswith(b"PK\3\4"):
            return {"": self.body}
        with zipfile.ZipFile(io.BytesIO(self.body)) as archive:
            return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}

    def packed(self, name: str, body: bytes) -> bytes:
        """The page with another body in the place of that file."""
        if not name:
            return body
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for other, unharmed in self.parts.items():
                archive.writestr(zipfile.ZipInfo(other), body if other == name else unharmed)
        return out.getvalue()


@dataclass(frozen=True)
class Text:
    """One file of a page, with what is found in it."""

    body: bytes
    readings: Sequence[list[Any]]
    chance: random.Random

    def drawn(self) -> list[Span]:
        """Where the numbers of some draw stand; where that is not to be found out, some numbers that stand together."""
        found = self.numbers_of(self.chance.choice(self.readings)) if self.readings else []
        return found or self.numbers()

    def numbers(self) -> list[Span]:
        """Up to six numbers that stand together anywhere."""
        start = self.chance.randrange(len(self.body) + 1)
        found = [one.span() for one in NUMBER.finditer(self.body, start, min(len(self.body), start + NEAR))]
        return found[1:7] or found

    def numbers_of(self, reading: list[Any]) -> list[Span]:
        """Where the numbers of that draw stand in the order they are told in, or nothing."""
        texts = [text for texts in reading[4].values() for text in texts if text and text.isdigit()]
        if not texts:
            return []
        wanted = [re.compile(rb"(?<![0-9])0*" + str(int(text)).encode() + rb"(?![0-9])") for text in texts]
        for tried, first in enumerate(wanted[0].finditer(self.body)):
            spans = [first.span()]
            for one in wanted[1:]:
                here = one.search(self.body, spans[-1][1], spans[-1][1] + NEAR)
                if here is None:
                    break
                spans.append(here.span())
            if len(spans) == len(wanted):
                return spans
            if tried > TRIES:
                break
        return []

    def node(self) -> Span:
        """An element of markup, a value or an object of a document, a cell or a line of a table."""
        place = self.chance.choice(self.drawn() or [(0, 0)])[0] if self.chance.random() < 0.7 else None
        at = self.chance.randrange(len(self.body) + 1) if place is None else place
        head = self.body[:400].lstrip()[:1]
        if head == b"<" or b"<html" in self.body[:2000].lower():
            return self._element(at)
        if head in (b"{", b"["):
            return self._value(at)
        return self._cell(at)

    def _element(self, at: int) -> Span:
        opened = self.body.rfind(b"<", 0, at + 1)
        for _ in range(self.chance.randrange(4)):
            opened = self.body.rfind(b"<", 0, max(opened, 0))
        begins = re.compile(rb"<([a-zA-Z][a-zA-Z0-9]*)\b[^>]*>").search(self.body, max(opened, 0))
        if begins is None:
            return 0, 0
        depth = 0
        tag = re.escape(begins[1])
        for one in re.compile(rb"<(/?)" + tag + rb"\b[^>]*>").finditer(
            self.body, begins.start(), begins.end() + 20_000
        ):
            depth += -1 if one[1] else 1
            if depth == 0:
                return begins.start(), one.end()
        return begins.span()

    def _value(self, at: int) -> Span:
        opened = max(self.body.rfind(sign, 0, at + 1) for sign in (b"{", b"[", b","))
        if self.body[opened : opened + 1] == b",":
            ended = re.compile(rb"[,\]}]").search(self.body, opened + 1)
            return opened, ended.start() if ended else len(self.body)
        depth = 0
        for one in re.compile(rb"[\[{\]}]").finditer(self.body, max(opened, 0), at + 20_000):
            depth += 1 if one[0] in b"[{" else -1
            if depth == 0:
                return opened, one.end()
        return at, at

    def _cell(self, at: int) -> Span:
        if self.chance.random() < 0.5:
            begins = self.body.rfind(b"\n", 0, at) + 1
            ended = self.body.find(b"\n", at)
            return begins, len(self.body) if ended < 0 else ended + 1
        begins = max(self.body.rfind(sign, 0, at) for sign in (b",", b";", b"\t", b"\n", b" ")) + 1
        ended = re.compile(rb"[,;\t\n ]").search(self.body, at)
        return begins, ended.end() if ended else len(self.body)

    def with_(self, *changes: tuple[Span, bytes]) -> bytes:
        """The file with other bytes in those places; the first of two that overlap counts."""
        parts, at = [], 0
        for (begins, ends), new in sorted(changes):
            if begins >= at:
                parts += [self.body[at:begins], new]
                at = ends
        return b"".join(parts) + self.body[at:]

    def at(self, span: Span) -> bytes:
        """What stands there."""
        return self.body[span[0] : span[1]]


Change = Callable[[Text], bytes | None]
"""Gives the file as it is afterwards, or None where the thing cannot happen to it."""


def _one(change: Callable[[bytes, random.Random], bytes]) -> Change:
    """Happens to one number of a draw."""

    def changed(text: Text) -> bytes | None:
        spans = text.drawn()
        if not spans:
            return None
        span = text.chance.choice(spans)
        return text.with_((span, change(text.at(span), text.chance)))

    return changed


def _all(change: Callable[[int, bytes], bytes]) -> Change:
    """Happens to every number of a draw."""

    def changed(text: Text) -> bytes | None:
        spans = text.drawn()
        return text.with_(*((span, change(n, text.at(span))) for n, span in enumerate(spans))) if spans else None

    return changed


def _digit(number: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(number))
    other = chance.choice([digit for digit in b"0123456789" if digit != number[at]])
    return number[:at] + bytes([other]) + number[at + 1 :]


def _off_by_one(number: bytes, chance: random.Random) -> bytes:
    value = int(number[:18])
    return str(value + 1 if value == 0 else value + chance.choice((-1, 1))).zfill(len(number)).encode()


def _exchanged(text: Text) -> bytes | None:
    """Two numbers of a draw: of one pool or of two."""
    spans = text.drawn()
    if len(spans) < 2:
        return None
    one, other = text.chance.sample(spans, 2)
    return text.with_((one, text.at(other)), (other, text.at(one)))


def _between(text: Text) -> bytes | None:
    """A number of one draw and one of another."""
    one, other = text.drawn(), text.drawn()
    if not one or not other or one == other:
        return None
    here, there = text.chance.choice(one), text.chance.choice(other)
    return text.with_((here, text.at(there)), (there, text.at(here))) if here != there else None


def _again(text: Text) -> bytes | None:
    """A draw shows the numbers of the one before it."""
    if len(text.readings) < 2:
        return None
    newer = text.chance.choice(text.readings)
    shape = {pool: len(values) for pool, values in newer[4].items()}
    older = [
        one
        for one in text.readings
        if one[2] == newer[2]
        and one[:2] < newer[:2]
        and {pool: len(values) for pool, values in one[4].items()} == shape
    ]
    spans = text.numbers_of(newer)
    if not older or not spans:
        return None
    texts = [text for texts in max(older)[4].values() for text in texts if text and text.isdigit()]
    if len(texts) != len(spans):
        return None
    return text.with_(*((span, str(told).encode()) for span, told in zip(spans, texts, strict=True)))


def _near(text: Text) -> bytes | None:
    """A digit that stands before a draw: of its date, serial or prize."""
    spans = text.drawn()
    if not spans:
        return None
    begins = max(0, spans[0][0] - NEAR)
    found = [one.span() for one in NUMBER.finditer(text.body, begins, spans[0][0])][-4:]
    if not found:
        return None
    span = text.chance.choice(found)
    return text.with_((span, _digit(text.at(span), text.chance)))


def _year(text: Text) -> bytes | None:
    """Every date of a year is of another one."""
    years = sorted({one[0][:4] for one in text.readings if one[0][:4].encode() in text.body})
    if not years:
        return None
    year = text.chance.choice(years)
    return text.body.replace(year.encode(), str(int(year) + text.chance.choice((-1, 1, -10, 100))).encode())


def _dropped(text: Text) -> bytes:
    return text.with_((text.node(), b""))


def _doubled(text: Text) -> bytes:
    begins, ends = text.node()
    return text.with_(((ends, ends), text.body[begins:ends]))


def _swapped(text: Text) -> bytes:
    one, other = text.node(), text.node()
    return text.with_((one, text.at(other)), (other, text.at(one)))


def _cut(text: Text) -> bytes:
    return text.body[: text.chance.randrange(len(text.body) + 1)]


def _mojibake(text: Text) -> bytes:
    wrong = text.chance.choice(("latin-1", "cp1250", "cp1255", "big5", "shift_jis"))
    return text.body.decode(wrong, "replace").encode()


def _in_another_charset(text: Text) -> bytes:
    right = text.chance.choice(("utf-16", "utf-16-be", "utf-32", "cp037", "utf-7"))
    return text.body.decode("utf-8", "replace").encode(right, "replace")


def _marked(text: Text) -> bytes:
    return text.chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf\xef\xbb\xbf")) + text.body


def _inside(what: Sequence[str]) -> Change:
    """Something stands before, in or after a number of a draw."""

    def put(number: bytes, chance: random.Random) -> bytes:
        at = chance.randrange(len(number) + 1)
        return number[:at] + chance.choice(what).encode() + number[at:]

    return _one(put)


def _anywhere(what: Sequence[bytes]) -> Change:
    """Something stands anywhere in the page."""

    def put(text: Text) -> bytes:
        at = text.chance.randrange(len(text.body) + 1)
        return text.with_(((at, at), text.chance.choice(what)))

    return put


def _shifted(number: bytes, zero: int) -> bytes:
    return "".join(chr(zero + digit - ord("0")) for digit in number).encode()


LIES: dict[str, Change] = {
    "a digit is another": _one(_digit),
    "a number is off by one": _one(_off_by_one),
    "two numbers of a draw exchanged": _exchanged,
    "two draws exchanged a number": _between,
    "the draw before once more": _again,
    "one, two, three": _all(lambda n, number: str(n + 1).zfill(len(number)).encode()),
    "all the same": _all(lambda n, number: b"0" * len(number) if len(number) % 2 else b"7".zfill(len(number))),
    "a digit of the date or serial is another": _near,
    "all of another year": _year,
    "two nodes swapped": _swapped,
}
"""The page says something that is not so, in the form we know."""

DAMAGE: dict[str, Change] = {
    "a node dropped": _dropped,
    "a node doubled": _doubled,
    "cut anywhere": _cut,
    "read in a wrong charset": _mojibake,
    "served in another charset": _in_another_charset,
    "a byte order mark": _marked,
    "digits as entities": _all(lambda _, number: b"".join(b"&#%d;" % digit for digit in number)),
    "full-width digits": _all(lambda _, number: _shifted(number, 0xFF10)),
    "Arabic digits": _all(lambda _, number: _shifted(number, 0x660)),
    "blanks in a number": _inside((" ", "\n", "\t", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{EM SPACE}")),
    "unseen marks in a number": _inside(("\u200f", "\u202e", "\u200b", "\u00ad", "\u2066", "\ufeff")),
    "a null byte": lambda text: _inside(("\0",))(text) if text.chance.random() < 0.5 else _anywhere((b"\0",))(text),
    "nested without end": _anywhere((b"<div>" * 8000, b"[" * 100_000, b'{"a":' * 50_000, b"<table><tr><td>" * 3000)),
    "a number without end": _one(lambda number, _: number * 5000),
    "a script in the text": _inside(("<script>alert(1)</script>", "<!--", "]]>", "' OR 1=1 --", "=1+1", "%00")),
}
"""The page is broken, and says nothing else by it."""

TIMES = ("yesterday's page served later", "before the draw")
STRANGER = "another source's page"
KINDS = (*LIES, *DAMAGE, *TIMES, STRANGER)

MAY_LIE = {*LIES, "yesterday's page served later", "a node dropped", "a node doubled"}
"""Kinds that can make an honest reader tell another number; of all others it is a fault of the reader."""


def mutant(original: Original, kind: str, chance: random.Random) -> Page | None:
    """The page after this has happened to it; None where it cannot, or makes no difference."""
    page = original.page
    if kind == STRANGER:
        return replace(page, body=chance.choice(original.strangers)) if original.strangers else None
    if kind in TIMES:
        return _at_another_time(original, kind, chance)
    name = chance.choice(sorted(original.parts))
    text = Text(original.parts[name], original.readings, chance)
    body = (LIES | DAMAGE)[kind](text)
    if body is None or body == text.body:
        return None
    return replace(page, body=original.packed(name, body))


def _at_another_time(original: Original, kind: str, chance: random.Random) -> Page | None:
    page = original.page
    if kind == "yesterday's page served later":
        return replace(page, at=page.at + timedelta(days=chance.choice((1, 1, 2, 7, 31, 366))))
    if not original.readings:
        return None
    newest = max(datetime.fromisoformat(one[0]).date() for one in original.readings)
    before = datetime.combine(newest, time(0, 1), page.at.tzinfo) - timedelta(days=chance.choice((1, 2, 3)))
    return replace(page, at=before)
