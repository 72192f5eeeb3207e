"""XSKT: pages of boxes, each of one game or one region, each with its own day.

Titles differ from box to box, so that a game is known by the address its box leads to. An address that does not exist
is answered with the home page, which does no harm: each box says what it is. Beside the numbers of the north stand
their last digits once more (“đầu, đuôi”), and those are not read. What Max 3D pays is fixed, and not read either.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import amount, day, once, only, text, tree
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Payout, Reading, Request, Source

BOX = "div.box-ketqua:has(> h2 > a[href*='/ngay-'])"
"""A box of draws; one to check a ticket in leads to no day."""

HOME = "https://xskt.com.vn/"
MORE = {"xsmb": "xsmb", "xslotto-13h": "xslotto-5-35/30-ngay", "xslotto-21h": "xslotto-5-35/30-ngay"}
"""Where more than the newest draw of a game stands, as far as such pages were seen."""

TIERS = {
    "Giải ĐB": "special",
    "Giải nhất": "first",
    "Giải nhì": "second",
    "Giải ba": "third",
    "Giải tư": "fourth",
    "Giải năm": "fifth",
    "Giải sáu": "sixth",
    "Giải bảy": "seventh",
    "Giải tám": "eighth",
}
Prizes = Mapping[str, tuple[str, int]]
"""What a prize is called here → our pool, and how many numbers it has."""

NORTH = {prize: (TIERS[prize], size) for prize, size in zip(TIERS, (1, 1, 2, 6, 4, 6, 3, 4), strict=False)}
PROVINCE = {prize: (TIERS[prize], size) for prize, size in zip(TIERS, (1, 1, 1, 2, 7, 1, 3, 1, 1), strict=True)}
MAX_3D_PRO = {prize: (TIERS[prize], size) for prize, size in zip(TIERS, (2, 4, 6, 8), strict=False)}
MAX_3D = dict(zip(("Giải nhất", "Giải nhì", "Giải ba", "Giải tư (KK)"), MAX_3D_PRO.values(), strict=True))
"""What is the first prize of Max 3D here is the special one at its operator, and so on."""

DIGITS = {"xsmax3d": MAX_3D, "xsmax3dpro": MAX_3D_PRO}
BALLS = {"xsmega645": 6, "xspower": 6, "xslotto-13h": 5, "xslotto-21h": 5}
SETS = {"xsdt123": ("first", "second", "third"), "xsdt6x36": ("main",) * 6, "xstt4": ("main",)}
"""The electronic games of the north: the pool of each row."""


class Xskt(Source):
    """The names are those in the addresses, as in “xsmb”, “xsdn” or “xslotto-13h”."""

    publisher = "XSKT.COM.VN"
    official = False
    origin = "xskt.com.vn"
    home = "https://xskt.com.vn"
    pace = 60.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        yield Request(HOME)
        if ask.name in MORE:
            yield Request(HOME + MORE[ask.name])

    def read(self, page: Page) -> Iterator[Reading]:
        board = tree(page, known_by=BOX, ends_with="</html>")
        found = [one for box in board.css(BOX) for one in _box(box, page)]
        told = [one for one in found if any(any(texts) for texts in one.numbers.values())]
        if not told:
            raise PageNotYet("No box has a number yet.")
        yield from once(told)


def _box(box: LexborNode, page: Page) -> Iterator[Reading]:
    if table := box.css_first("table[id^=MB]"):
        pools = _tiers(_rows(table, "td[title]"), NORTH, 0)
        if table.css_first("td.sp strong"):
            codes = text(table, "td.sp strong", "the codes of the north")
            if not re.fullmatch(r"([0-9]{1,2} )+\([A-Z]{1,3}\)", codes):
                raise PageChanged(f"The layout changed: “{codes}” is no list of codes.")
            pools["codes"] = tuple(codes.split()[:-1])
        yield Reading("xsmb", _spoken(table, page), pools)
    elif table := box.css_first("table.tbl-xsmn"):
        rows = _rows(table, "td[title]")
        heads = table.css("tr:first-child th")[1:]
        if odd := [prize for prize, cells in rows.items() if len(cells) != len(heads)]:
            raise PageChanged(f"The layout changed: “{odd[0][:40]}” is not there for each of {len(heads)} provinces.")
        for column, head in enumerate(heads):
            yield Reading(_address(head, "a")[0], _spoken(head, page), _tiers(rows, PROVINCE, column))
    elif box.css_first("table.max3d"):
        name, on, serial = _draw(box, page, DIGITS)
        yield Reading(name, on, _tiers(_rows(box, "td.name:has(+ td > b)"), DIGITS[name], 0), serial=serial)
    elif box.css_first("td.megaresult em"):
        yield _lotto(box, page)
    elif box.css_first("table.dtmb"):
        name, on, _ = _draw(box, page, SETS)
        shown = [value for cell in box.css("tr td:last-child") for value in _values(cell.text(), 1)]
        if len(shown) != len(SETS[name]):
            raise PageChanged(f"The layout changed: “{name}” has {len(shown)} rows, not {len(SETS[name])}.")
        told: dict[str, tuple[str | None, ...]] = {}
        for pool, value in zip(SETS[name], shown, strict=True):
            told[pool] = (*told.get(pool, ()), value)
        yield Reading(name, on, told)
    else:
        raise PageChanged(f"The layout changed: a box is of no kind we know (“{' '.join(box.text().split())[:60]}”).")


def _lotto(box: LexborNode, page: Page) -> Reading:
    name, on, serial = _draw(box, page, BALLS)
    shown = only(box, "td.megaresult em", "the row of numbers of a draw")
    numbers = {"main": _values(shown.text(deep=False), BALLS[name])}
    if name != "xsmega645":
        bonus = only(box, "td.megaresult em span, tr.jp2 td.megaresult", "the bonus number of a draw")
        numbers["bonus"] = _values(bonus.text(), 1)
    prizes = []
    for row in box.css("table.trunggiai tr:has(td + td + td + td)"):
        cells = [" ".join(cell.text().split()) for cell in row.css("td")]
        if len(cells) != 4:
            raise PageChanged(f"The layout changed: a prize has {len(cells)} cells, not 4.")
        tier, _, count, paid = cells
        if not re.fullmatch(r"(J\.pot|Jpot2|G\.[1-9]|KK) [0-9]{1,3}(,[0-9]{3})*", f"{tier} {count}"):
            raise PageChanged(
                f"The layout changed: “{tier[:20]} {count[:20]}” is not a prize and its number of winners."
            )
        prizes.append(Payout(tier, count.replace(",", ""), amount(paid, decimal=".")))
    first = prizes[0].amount if prizes and prizes[0].tier == "J.pot" else None
    return Reading(name, on, numbers, serial=serial, prizes=tuple(prizes), jackpot=first)


def _rows(table: LexborNode, head: str) -> dict[str, list[LexborNode]]:
    """The name of a row, which stands in its cell `head` → its further cells."""
    found = {}
    for row in table.css(f"tr:has({head})"):
        [first, *cells] = row.css("td")
        name = first.attributes.get("title") or first.text(separator="\n").strip().split("\n")[0]
        found[name] = cells
    return found


def _tiers(rows: Mapping[str, list[LexborNode]], prizes: Prizes, column: int) -> dict[str, tuple[str | None, ...]]:
    """The numbers of each prize, which stand in that column of its row."""
    if lacking := [prize for prize in prizes if len(rows.get(prize, ())) <= column]:
        raise PageChanged(f"The layout changed: a box has no “{lacking[0]}”.")
    return {pool: _values(rows[prize][column].text(separator=" "), size) for prize, (pool, size) in prizes.items()}


def _values(text: str, size: int) -> tuple[str | None, ...]:
    """The numbers in this text; what is still to come is open."""
    shown = [one for one in text.split() if any(map(str.isalnum, one))]
    if len(shown) > size or not all(re.fullmatch("[0-9]{1,6}", one) for one in shown):
        raise PageChanged(f"The layout changed: “{' '.join(shown)[:60]}” is not {size} numbers.")
    return (*shown, *(None for _ in range(size - len(shown))))


def _draw(box: LexborNode, page: Page, games: Mapping[str, object]) -> tuple[str, date, str | None]:
    """The game of a box, the day, and the draw's own number where it has one."""
    link = ".kmt a" if box.css_first(".kmt") else "h2 a + a"
    name, rest = _address(box, link)
    shown = re.fullmatch("ngay-([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})", rest)
    if name not in games or shown is None:
        raise PageChanged(f"The layout changed: “/{name}/{rest[:40]}” is not a draw of a game we know.")
    serial = re.match("#([0-9]{5})", text(box, link, "the number of a draw"))
    return name, day(shown[3], shown[2], shown[1], page.at), serial[1] if serial else None


def _spoken(node: LexborNode, page: Page) -> date:
    """The day of a board; the address of its spoken form is what has the year."""
    told = only(node, "i.dockq", "the spoken form of a board").attributes.get("data-url") or ""
    found = re.fullmatch("[a-z-]+/([0-9]{2})-([0-9]{2})-([0-9]{4})", told)
    if found is None:
        raise PageChanged(f"The layout changed: “{told[:60]}” has no day.")
    return day(found[3], found[2], found[1], page.at)


def _address(node: LexborNode, selector: str) -> tuple[str, str]:
    """The first two parts of the address that a link leads to."""
    found = re.fullmatch("/([a-z0-9-]{3,30})(?:/(.*))?", only(node, selector, "a link").attributes.get("href") or "")
    if found is None:
        raise PageChanged("The layout changed: a link leads nowhere we know.")
    return found[1], found[2] or ""
