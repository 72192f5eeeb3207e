"""Vietlott's home page: a box a game with its newest draw, and the three newest of Keno and Bingo18.

The draw of Lotto 5/35 does not say whether it is that of 13:00 or of 21:00, but its number does: the first of the game
was held at midday, so that odd ones are midday's. The jackpot shown is an estimate, and nothing tells of which draw.
The prizes of Max 3D, of Max 3D+ and of Max 3D Pro are fixed; the two first games are one draw.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import once, only, stranger, text, tree, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

BALLS = {"LOTTO 5/35": (5, 1), "Power 6/55": (6, 1), "Mega 6/45": (6, 0)}
"""Balls of the main pool, and of the bonus pool."""

DIGITS = {"Max 3D": "#divMax3D", "Max3d Pro": "#divMax3DProPlus"}
PRIZES = {"đặc biệt": ("special", 2), "nhất": ("first", 4), "nhì": ("second", 6), "ba": ("third", 8)}
"""The prizes of Max 3D whose numbers are drawn → our pool, and how many they are. All others are made of them."""

RAPID = {"Keno": 20, "Bingo18": 3}
GAMES = (*BALLS, *DIGITS, *RAPID)


class Vietlott(Source):
    """The names are those of the pictures beside each draw, as in “LOTTO 5/35” or “Max3d Pro”."""

    publisher = "Vietlott"
    official = True
    origin = "vietlott"
    home = "https://vietlott.vn"
    pace = 60.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in GAMES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(GAMES)}.")
        yield Request("https://vietlott.vn/")

    def read(self, page: Page) -> Iterator[Reading]:
        site = tree(page, known_by="div.box_kqtt", ends_with="</html>")
        found = [one for box in site.css("div.box_kqtt") for one in _box(box, page)]
        if not found:
            raise stranger(site, "there is no box of a game we know")
        told = [one for one in found if any(any(texts) for texts in one.numbers.values())]
        if not told:
            raise PageNotYet("No draw has a number yet.")
        yield from once(told)


def _box(box: LexborNode, page: Page) -> Iterator[Reading]:
    """The draws of a box; none of a game we do not know."""
    name = only(box, ".box_kqtt_nd_img img", "the picture of a game").attributes.get("alt") or ""
    if name in BALLS:
        main, bonus = BALLS[name]
        on, serial = _draw(box, page)
        numbers = {"main": _balls(box, "span.bong_tron:not(.active)", main)}
        if bonus:
            numbers["bonus"] = _balls(box, "span.bong_tron.active", bonus)
        label = ("evening", "midday")[int(serial) % 2] if name == "LOTTO 5/35" else ""
        yield Reading(name, on, numbers, label, serial=serial)
    elif name in DIGITS:
        on, serial = _draw(box, page)
        yield Reading(name, on, _digits(only(box, DIGITS[name], f"the table of {name}")), serial=serial)
    elif name in RAPID:
        for row in box.css(".day_so_ket_qua_v2 tr:has(a)"):
            on, serial = _moment(
                text(row, "td > a", "the day of a draw"), text(row, "td > div > a", "its number"), page
            )
            balls = _balls(row, "td:nth-child(2) span", RAPID[name])
            yield Reading(name, on, {"main": balls}, label=serial, serial=serial)


def _draw(box: LexborNode, page: Page) -> tuple[date, str]:
    """The day and the number of the draw in a box."""
    told = only(box, ":has(> b + b)", "the line that names a draw").css("b")
    return _moment(told[-1].text(), told[0].text(), page)


def _moment(shown: str, number: str, page: Page) -> tuple[date, str]:
    if not re.fullmatch("#[0-9]{5,7} [0-9]{2}/[0-9]{2}/[0-9]{4}", f"{number} {shown}"):
        raise PageChanged(f"The layout changed: “{number[:20]} {shown[:20]}” is not the number and the day of a draw.")
    return written_day(shown, "dmy", page.at), number[1:]


def _balls(node: LexborNode, selector: str, count: int) -> tuple[str | None, ...]:
    return _padded([span.text().strip() for span in node.css(selector)], "[0-9]{1,2}", count)


def _digits(table: LexborNode) -> Mapping[str, tuple[str | None, ...]]:
    """The numbers of each prize; the special ones stand there digit by digit."""
    found: dict[str, tuple[str | None, ...]] = {}
    for row in table.css("tbody tr"):
        prize = text(row, "td:first-child", "the name of a prize").casefold().removeprefix("giải ")
        if prize in PRIZES:
            pool, count = PRIZES[prize]
            shown = "".join("".join(span.text().split()) for span in row.css("td:nth-child(2) span"))
            found[pool] = _padded(re.findall(".{1,3}", shown), "[0-9]{3}", count)
    if len(found) != len(PRIZES):
        raise PageChanged(f"The layout changed: the prizes are {', '.join(found) or 'none'}.")
    return found


def _padded(shown: list[str], form: str, count: int) -> tuple[str | None, ...]:
    known = [one for one in shown if any(map(str.isalnum, one))]
    if len(shown) > count or not all(re.fullmatch(form, one) for one in known):
        raise PageChanged(f"The layout changed: “{' '.join(shown)[:60]}” is not {count} numbers.")
    return (*known, *(None for _ in range(count - len(known))))
