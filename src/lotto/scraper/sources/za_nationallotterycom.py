"""ZA.National-Lottery.com: a page a draw with its prizes, and a page a year with the balls and jackpots of its draws.

It is nobody's official site. Of its games we know the pages of the Lotto; those of its two Plus draws were never seen.
Balls stand ascending, the bonus ball last. What the site does not know it calls “(Unavailable)”. Prizes may be claimed
until a day that is written 01/12/2024: it is none of a draw. Between the draws of a year stands an advertisement.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import amount, once, only, place, text, tree, written_day
from lotto.scraper.sources.source import (
    Amount,
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

YEAR = "https://za.national-lottery.com/lotto/results/{}-archive"
BALLS = 6
UNKNOWN = "(Unavailable)"
LONGEST_GAP = timedelta(days=4)
"""From one draw to the next, at most: Wednesdays and Saturdays."""


class NationalLotteryCom(Source):
    """There is one name, “Lotto”."""

    publisher = "ZA.National-Lottery.com"
    official = False
    origin = "national-lottery.com"
    home = "https://za.national-lottery.com"
    pace = 60.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != "Lotto":
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is Lotto.")
        for year in sorted({ask.since.year, (ask.since + LONGEST_GAP).year}):
            yield Request(YEAR.format(year))

    def read(self, page: Page) -> Iterator[Reading]:
        content = tree(page, known_by="#content h1", ends_with="</footer>").css("#content")[0]
        title = text(content, "h1", "the title")
        if re.fullmatch("Lotto Archive: All [0-9]{4} Results", title):
            rows = only(content, "table.lotto tbody", "the table of the year").css("tr:not(.noBox)")
            if not rows:
                raise PageNotYet("The year has no draw yet.")
            yield from once([_of_year(row, page) for row in rows])
        elif re.fullmatch("Lotto Results for .+", title):
            yield _of_draw(content, _day(title, page))
        else:
            raise PageChanged(f"The layout changed: “{title}” is not the title of a draw or of a year.")


def _of_year(row: LexborNode, page: Page) -> Reading:
    jackpot = text(row, "td[data-title=Jackpot]", "the jackpot of a row")
    return Reading("Lotto", _day(text(row, "td a", "the day of a row"), page), _balls(row), jackpot=_amount(jackpot))


def _of_draw(content: LexborNode, on: date) -> Reading:
    numbers = _balls(content)
    if not any(numbers["main"]):
        raise PageNotYet(f"The draw of {on} has no numbers yet.")
    table = only(content, "table.prizebreakdown tbody", "the table of prizes")
    told = [_payout(row) for row in table.css("tr") if row.css("td[data-title=Division]")]
    return Reading(
        "Lotto",
        on,
        numbers,
        serial=_serial(content),
        prizes=tuple(told),
        jackpot=_amount(text(content, ".jackpot span", "the jackpot")),
    )


def _balls(node: LexborNode) -> dict[str, tuple[str | None, ...]]:
    balls = only(node, "ul.balls", "the row of balls")
    main = [place(ball) for ball in balls.css("li:not(.bonus-ball)")]
    bonus = [place(ball) for ball in balls.css("li.bonus-ball")]
    if len(main) > BALLS or len(bonus) > 1:
        raise PageChanged(f"The layout changed: a draw has {len(main)} balls and {len(bonus)} bonus balls.")
    return {"main": (*main, *[None] * (BALLS - len(main))), "bonus": (*bonus, *[None] * (1 - len(bonus)))}


def _payout(row: LexborNode) -> Payout:
    takes = text(row, "td[data-title='Numbers Matched']", "what a division takes")
    winners = text(row, "td[data-title=Winners]", "the winners of a division")
    found = re.fullmatch("([1-6])( \\+ Bonus)?", takes)
    if found is None or not (winners == UNKNOWN or re.fullmatch("[0-9]{1,3}(,[0-9]{3})*", winners)):
        raise PageChanged(f"The layout changed: a division takes “{takes}” and has “{winners}” winners.")
    return Payout(
        found[1] + ("+1" if found[2] else ""),
        None if winners == UNKNOWN else winners.replace(",", ""),
        _amount(text(row, "td[data-title=Winnings]", "the winnings of a division")),
    )


def _serial(content: LexborNode) -> str | None:
    lines = [line for line in content.css(".drawInfo p") if "Draw Number:" in line.text()]
    told = [text(line, "span", "the number of the draw") for line in lines]
    if len(told) != 1 or not (told[0] == UNKNOWN or re.fullmatch("[0-9]{1,3}(,[0-9]{3})*", told[0])):
        raise PageChanged(f"The layout changed: the number of the draw is “{', '.join(told)[:60]}”.")
    return None if told[0] == UNKNOWN else told[0].replace(",", "")


def _day(shown: str, page: Page) -> date:
    return written_day(shown, "dmy", page.at, languages="en")


def _amount(shown: str) -> Amount | None:
    return None if shown == UNKNOWN else amount(shown, decimal=".")
