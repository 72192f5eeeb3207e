"""FDJ's page of a day's Keno draws, midday and evening, each with its multiplier and its Joker+.

Most of its two million bytes are scripts; what people see is read. Every ball stands there twice, for wide screens and
for narrow ones, and the balls are in the order of their texts: 16 2 20. At midday the evening is not on the page yet.
"""

import re
from collections.abc import Iterator
from datetime import date

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lotto.scraper.contents import once, only, place, text, tree, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source, SourceError

NAMES = ("Keno", "Joker+")
RESULTS = "https://www.fdj.fr/jeux-de-tirage/keno/resultats"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
FIRST = date(2023, 1, 1)
"""Days before are not asked for one by one."""

LABELS = {"midi": "midday", "soir": "evening"}


class FdjKeno(Source):
    """The names are those of the games, as in “Joker+”."""

    publisher = "FDJ"
    official = True
    origin = "fdj"
    home = "https://www.fdj.fr"
    pace = 300.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in NAMES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(NAMES)}.")
        yield Request(RESULTS)
        if ask.since >= FIRST:
            on = ask.since
            yield Request(f"{RESULTS}/{WEEKDAYS[on.weekday()]}-{on.day}-{MONTHS[on.month - 1]}-{on.year}")

    def read(self, page: Page) -> Iterator[Reading]:
        day = tree(page, known_by="#subtitle-result", ends_with="</html>")
        on = _day(day, page)
        heads = day.css('[aria-label^="Tirage du "]')
        if not heads:
            raise PageNotYet(f"There is no draw of {on} on the page yet.")
        yield from once([reading for head in heads for reading in _readings(head, on)])


def _day(found: LexborHTMLParser, page: Page) -> date:
    titles = [" ".join(head.text().split()) for head in found.css("h2")]
    days = [title for title in titles if re.fullmatch(r"Tirage du [a-z]+ [0-9]{1,2}(er)? [^\W\d]+ [0-9]{4}", title)]
    if len(days) != 1:
        raise PageChanged(f"The layout changed: the day of the draws is there {len(days)} times, not once.")
    return written_day(days[0].replace("1er ", "1 "), "dmy", page.at, languages="fr")


def _readings(head: LexborNode, on: date) -> Iterator[Reading]:
    shown = head.attributes["aria-label"] or ""
    told = re.fullmatch("Tirage du (midi|soir)(?: Multiplicateur x([0-9]{1,2}))?", shown)
    if told is None or head.parent is None:
        raise PageChanged(f"The layout changed: “{shown[:60]}” is not a draw of the day.")
    draw, label = head.parent, LABELS[told[1]]
    balls = only(draw, '[id^="result-grid-"] ul', "the list of balls").css("li")
    if not balls:
        raise PageChanged(f"The layout changed: the draw of {on}, {label}, has no ball.")
    numbers = {"main": tuple(map(_ball, balls))}
    if told[2]:
        numbers["multiplier"] = (told[2],)
    yield Reading("Keno", on, numbers, label)
    if draw.css('[id^="code-joker-keno-"]'):
        code = text(draw, '[id^="code-joker-keno-"]', "the number of the Joker+")
        if not re.fullmatch("[0-9] [0-9]{3} [0-9]{3}", code):
            raise PageChanged(f"The layout changed: “{code}” is not a number of the Joker+.")
        yield Reading("Joker+", on, {"main": tuple(code.replace(" ", ""))}, label)


def _ball(item: LexborNode) -> str | None:
    """The number of a ball, which both its twins tell."""
    wide, narrow = (place(only(item, tag, "a ball")) for tag in ("h5", "h4"))
    if wide != narrow or (wide and not re.fullmatch("[0-9]{1,2}", wide)):
        raise PageChanged(f"The layout changed: a ball is “{wide}” and “{narrow}”.")
    return wide
