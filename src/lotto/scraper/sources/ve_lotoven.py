"""LotoVen: the animals of the hour of sixteen Venezuelan games, a section each, a card a draw, as server-made HTML.

A section has its own day, in English words within a Spanish phrase, and before the first draw no card. 0 (Delfín) and
00 (Ballena) are two animals. No page with cards has been recorded: their shape is known from programs that read them.
"""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import once, only, text, tree, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source

ZONE = ZoneInfo("America/Caracas")
NOON = 12
"""By then every game has drawn several times: a page without a card is no empty day but another page."""


class LotoVen(Source):
    """The names are those of the sections, as in “La Granjita”; a draw is labelled with its time, as 13:00."""

    publisher = "LotoVen"
    official = False
    origin = "lotoven.com"
    home = "https://lotoven.com"
    pace = 60.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        yield Request("https://lotoven.com/animalitos/")

    def read(self, page: Page) -> Iterator[Reading]:
        board = tree(page, known_by="#ani-res .title-ani", ends_with="</html>")
        readings = [one for section in board.css("#ani-res > .container") for one in _section(section, page)]
        if not readings:
            if page.at.astimezone(ZONE).hour < NOON:
                raise PageNotYet("No draw of the day has been published yet.")
            raise PageChanged("The layout changed: it is past noon and there is no card in any section.")
        yield from once(readings)


def _section(section: LexborNode, page: Page) -> Iterator[Reading]:
    if section.css_first(".title-ani") is None:
        # The buttons that lead to another day.
        return
    name = text(section, ".title-ani p.one", "the name of a section")
    on = written_day(text(section, ".title-ani p.three", "the date of a section"), "dmy", page.at, languages="en es")
    area = only(section, ".invest-table-area", "the draws of a section")
    cards = area.css(".counter-wrapper")
    if not cards and area.text().strip():
        raise PageChanged(f"The layout changed: there is no card in the section “{name}”, and it is not empty.")
    for card in cards:
        animal = text(card, "span.info", "the animal of a card")
        found = re.fullmatch(r"([0-9]{1,2}) [^\d]+", animal)
        if found is None:
            raise PageChanged(f"The layout changed: “{animal}” is not a number and its animal.")
        yield Reading(name, on, {"main": (found[1],)}, _time(text(card, "span.horario", "the time of a card")))


def _time(shown: str) -> str:
    """The time written as “01:00 PM” on a clock of 24 hours."""
    found = re.fullmatch("(0?[1-9]|1[0-2]):([0-5][0-9]) ?([AP])M", shown.upper())
    if found is None:
        raise PageChanged(f"The layout changed: “{shown}” is not the time of a draw.")
    return f"{int(found[1]) % 12 + (12 if found[3] == 'P' else 0):02}:{found[2]}"
