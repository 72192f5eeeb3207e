"""lottery.net: Powerball, a web page a year, newest first; below each draw since August 2021 that of Double Play.

Balls are ascending. The list of Double Play is made of elements that are closed wrongly, so that rows lie about in one
another: what is read is what stands in the page one after the other, the link of a draw, then its balls by their
classes. Double Play comes later than Powerball; a draw that is still to come stands in a banner and is not read.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import once, stranger, tree, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

ADDRESS = "https://www.lottery.net/powerball/numbers/{}"
NAMES = ("Powerball", "Powerball Double Play")
LINK = "/powerball/numbers/([0-9]{2}-[0-9]{2}-[0-9]{4})"
SIGNS = {"ball": "w", "powerball": "p", "power-play": "x"}
"""The class of a ball → its letter in ROW."""

ROW = "(wwwwwpx?)(wwwwwp)?"
"""The balls of a row: those of Powerball with the Power Play, and those of Double Play once it is drawn."""


class LotteryNet(Source):
    """The names are “Powerball” and “Powerball Double Play”."""

    publisher = "Lottery.net"
    official = False
    origin = "lottery.net"
    home = "https://www.lottery.net"

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in NAMES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(NAMES)}.")
        yield Request(ADDRESS.format(ask.since.year))

    def read(self, page: Page) -> Iterator[Reading]:
        found = tree(page, known_by="table.prizes.archive", ends_with="</html>")
        rows: list[tuple[str, list[LexborNode]]] = []
        for node in found.css("a[href^='/powerball/numbers/'], li.ball, li.powerball, li.power-play"):
            link = re.fullmatch(LINK, node.attributes.get("href") or "")
            if link:
                rows.append((link[1], []))
            elif node.tag == "li" and not rows:
                raise stranger(found, "there is a ball before the first draw")
            elif node.tag == "li":
                rows[-1][1].append(node)
        if not rows:
            raise PageNotYet("The page has no draw yet.")
        yield from once([one for shown, balls in rows for one in _readings(shown, balls, page)])


def _readings(shown: str, balls: list[LexborNode], page: Page) -> Iterator[Reading]:
    on = written_day(shown, "mdy", page.at)
    signs = "".join(SIGNS.get(ball.attributes.get("class") or "", "?") for ball in balls)
    row = re.fullmatch(ROW, signs)
    if row is None:
        raise PageChanged(f"The layout changed: the balls of {on} stand as “{signs[:40]}”.")
    for name, start, group in zip(NAMES, (0, row.end(1)), row.groups(), strict=True):
        if group:
            values = tuple(map(_first_text, balls[start : start + len(group)]))
            pools = {"main": values[:5], "bonus": values[5:6], "multiplier": values[6:]}
            yield Reading(name, on, {pool: told for pool, told in pools.items() if told})


def _first_text(ball: LexborNode) -> str | None:
    """What a ball begins with, and not what has come to lie in it; None when it is held open."""
    shown = (ball.child.text() if ball.child else "").strip()
    if not re.fullmatch(r"[0-9]{1,2}|\W{0,3}", shown):
        raise PageChanged(f"The layout changed: a ball is “{shown[:40]}”.")
    return shown if shown.isdigit() else None
