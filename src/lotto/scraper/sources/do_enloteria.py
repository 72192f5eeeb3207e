"""EnLoteria: all draws of Anguilla of a day, a card each, as server-made HTML; one page for today, one for yesterday.

A card whose draw is still to come has a hidden ball without a number and a button that offers to tell when it is out.
Each card has its own day: the pages themselves do not differ in what they call themselves.
"""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from lotto.scraper.contents import once, place, text, tree, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source

AWAITED = '[data-action="promptNotificationButton"]'


class EnLoteria(Source):
    """The names are those of the cards, as in “Anguilla 8AM”."""

    publisher = "EnLoteria"
    official = False
    origin = "enloteria.com"
    home = "https://enloteria.com"
    pace = 60.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        yield Request("https://enloteria.com/resultados-anguilla")
        yield Request("https://enloteria.com/resultados-anguilla-ayer")

    def read(self, page: Page) -> Iterator[Reading]:
        cards = tree(page, known_by=".result-card", ends_with="</html>").css(".result-card")
        readings = [one for card in cards if (one := _reading(card, page))]
        if not readings:
            raise PageNotYet("No draw of the day has been published yet.")
        yield from once(readings)


def _reading(card: LexborNode, page: Page) -> Reading | None:
    name = text(card, ".lottery-name", "the name of a card")
    on = written_day(text(card, ".result-date", "the date of a card"), "dmy", page.at, languages="es")
    balls = [ball.css(".result-number") for ball in card.css(".result-ball")]
    if any(len(numbers) > 1 for numbers in balls):
        raise PageChanged(f"The layout changed: a ball of “{name}” has two numbers.")
    if not any(balls):
        if not card.css(AWAITED):
            raise PageChanged(f"The layout changed: “{name}” has neither numbers nor the button of a draw to come.")
        return None
    return Reading(name, on, {"main": tuple(place(numbers[0]) if numbers else None for numbers in balls)})
