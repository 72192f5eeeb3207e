"""La Libanaise des Jeux: the newest draws on its home page, as server-made HTML.

Loto and Zeed share a block with one number and one day, the three games of Yawmiyeh another. The seventh ball of Loto
is the bonus, and only its place tells so. The days of the coming draws stand beside, in two other orders.
"""

import re
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import once, place, text, tree, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source

Numbers = Mapping[str, tuple[str | None, ...]]


class Lldj(Source):
    """The names are “Loto”, “Zeed” and “Yawmiyeh”."""

    publisher = "La Libanaise des Jeux"
    official = True
    origin = "lldj"
    home = "https://www.lldj.com"

    def pages(self, ask: Ask) -> Iterator[Request]:
        yield Request("https://www.lldj.com/")

    def read(self, page: Page) -> Iterator[Reading]:
        blocks = tree(page, known_by=".homeresults", ends_with="</html>").css(".homeresults > .centeredcontainer")
        titles = [text(block, ".hometitle", "the title of a block") for block in blocks]
        if titles != ["LOTO & ZEED LATEST RESULTS", "YAWMIYEH LATEST RESULTS"]:
            raise PageChanged(f"The layout changed: the blocks are “{', '.join(titles)[:120]}”.")
        first, second = blocks
        seven, five = _balls(first, "loto", 7), _balls(first, "zeed", 5)
        yawmiyeh = {pool: _balls(second, f"yawmiyeh{n}", n) for n, pool in ((3, "three"), (4, "four"), (5, "five"))}
        found = [
            *_reading("Loto", first, {"main": seven[:6], "bonus": seven[6:]}, page),
            *_reading("Zeed", first, {"main": five}, page),
            *_reading("Yawmiyeh", second, yawmiyeh, page),
        ]
        if not found:
            raise PageNotYet("There is no ball in any block.")
        yield from once(found)


def _reading(name: str, block: LexborNode, numbers: Numbers, page: Page) -> Iterator[Reading]:
    """The draw, unless it has no ball yet."""
    shown = text(block, ".drawinfo", "the number and day of a draw")
    found = re.fullmatch(r"Draw #([0-9]{1,6}) \| ([0-9]{2}/[0-9]{2}/[0-9]{4})", shown)
    if found is None:
        raise PageChanged(f"The layout changed: “{shown}” is not the number and day of a draw.")
    if any(values for values in numbers.values()):
        told = {pool: values or (None,) for pool, values in numbers.items()}
        yield Reading(name, written_day(found[2], "dmy", page.at), told, serial=found[1])


def _balls(block: LexborNode, kind: str, most: int) -> tuple[str | None, ...]:
    balls = tuple(map(place, block.css(f".ballslist.{kind} > .ball")))
    if len(balls) > most:
        raise PageChanged(f"The layout changed: {len(balls)} balls of {kind}, not {most}.")
    return balls if any(balls) else ()
