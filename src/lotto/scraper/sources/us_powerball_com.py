"""powerball.com: a web page a draw with its prizes, balls ascending; until 2018 a text file with every draw, as drawn.

The file's columns stand under their names, told apart by blanks or, in an older one, by tabs; its last line has no line
end. No Power Play was drawn before March 2001 and for two years since January 2012: its column is empty then, and a
line of other years that lacks it is none. Where the winners live is not read.
"""

import re
from collections.abc import Iterator
from datetime import date

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import amount, once, only, place, rows, stranger, tree, written_day
from lotto.scraper.sources.source import (
    Ask,
    Page,
    PageChanged,
    PageNotYet,
    Payout,
    Reading,
    Request,
    Source,
    SourceError,
)

NAME = "Powerball"
ADDRESS = "https://www.powerball.com/draw-result?gc=powerball&date={}"
HEADERS = ("Draw Date WB1 WB2 WB3 WB4 WB5 PB PP", "Date WB1 WB2 WB3 WB4 WB5 PB PP")
LINE = "([0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2}))((?: [0-9]{1,2}){6})(?: ([0-9]{1,2}))?"
FIRST = date(1997, 11, 1)
"""The draw of the last line."""

UNMULTIPLIED = ((date.min, date(2001, 3, 3)), (date(2012, 1, 18), date(2014, 1, 18)))
"""First and last day of the years without a Power Play."""


class PowerballCom(Source):
    """There is one name, “Powerball”. The page of the day asked for is fetched; the file is no longer there."""

    publisher = "Multi-State Lottery Association"
    official = True
    origin = "musl"
    home = "https://www.powerball.com"

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != NAME:
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is {NAME}.")
        yield Request(ADDRESS.format(ask.since))

    def read(self, page: Page) -> Iterator[Reading]:
        yield from _drawn(page) if page.body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" else _file(page)


def _file(page: Page) -> list[Reading]:
    header, *lines = (" ".join(" ".join(cells).split()) for cells in rows(page, separator="\t", unended=True))
    if header not in HEADERS:
        raise PageChanged(f"The layout changed: the header line is “{header[:200]}”.")
    readings = [_line(line, page) for line in lines if line]
    if not readings:
        raise PageNotYet("The file has no draw yet.")
    # Of the first draw no Power Play can be cut away; what follows its Powerball is a tab.
    if not page.body.endswith(b"\n") and (readings[-1].date != FIRST or not page.body.endswith(b"\t")):
        raise PageChanged(
            f"The file does not end with the end of a line, nor with the draw of {FIRST}: it is cut short."
        )
    return once(readings)


def _line(line: str, page: Page) -> Reading:
    found = re.fullmatch(LINE, line)
    if found is None:
        raise PageChanged(f"“{line[:80]}” is not a date and balls.")
    on = written_day(found[1], "mdy", page.at)
    if found[3] is None and not any(first <= on <= last for first, last in UNMULTIPLIED):
        raise PageChanged(f"“{line[:80]}” has no Power Play.")
    *main, bonus = found[2].split()
    pools = {"main": tuple(main), "bonus": (bonus,)} | ({"multiplier": (found[3],)} if found[3] else {})
    return Reading(NAME, on, pools, drawn_order=True)


def _drawn(page: Page) -> Iterator[Reading]:
    result = tree(page, known_by=".white-balls", ends_with="</html>")
    address = result.css_first("link[rel=canonical]")
    told = re.search("[?&]gc=powerball&date=([0-9-]+)$", (address.attributes.get("href") if address else "") or "")
    if told is None:
        raise stranger(result, "it does not say that it is about Powerball")
    on = written_day(told[1], "ymd", page.at)
    for title in result.css(".title-date"):
        if written_day(place(title) or "", "mdy", page.at, languages="en") != on:
            raise PageChanged(f"The layout changed: there is another date than {on} in the page.")
    main = tuple(map(place, result.css(".white-balls")))
    bonus = tuple(map(place, result.css("div.powerball.item-powerball")))
    if (len(main), len(bonus)) != (5, 1):
        raise PageChanged(f"The layout changed: there are {len(main)} white balls, not 5, and {len(bonus)} others.")
    times = tuple((place(one) or "").removesuffix("x") or None for one in result.css(".power-play .multiplier"))
    jackpots = [place(one) for one in result.css(".estimated-jackpot > span:not(.prize-label)")]
    yield Reading(
        NAME,
        on,
        {"main": main, "bonus": bonus} | ({"multiplier": times} if times else {}),
        prizes=tuple(one for row in result.css(".winners-table tbody tr") for one in _payouts(row)),
        jackpot=next((amount(shown, decimal=".") for shown in jackpots if shown), None),
    )


def _payouts(row: LexborNode) -> Iterator[Payout]:
    balls = only(row, ".game-balls", "the balls of a tier").attributes.get("class") or ""
    tier = re.search("(?:^| )m([0-5])(-pb)?(?: |$)", balls)
    cells = [place(cell) for cell in row.css("td")[1:]]
    if tier is None or len(cells) != 4:
        raise PageChanged(f"The layout changed: “{balls[:60]}” and {len(cells)} cells are no tier.")
    name = tier[1] + ("+1" if tier[2] else "")
    for called, winners, paid in ((name, cells[0], cells[1]), (f"{name} Power Play", cells[2], cells[3])):
        if not re.fullmatch("[0-9]{1,3}(,[0-9]{3})*", winners or "0"):
            raise PageChanged(f"“{(winners or '')[:40]}” is not a number of winners.")
        if winners or paid:
            count = winners.replace(",", "") if winners else None
            yield Payout(called, count, amount(paid, decimal=".") if paid and paid != "Grand Prize" else None)
