"""Sisal's service for SuperEnalotto: JSON of the last draw, or of the next one, which has no numbers yet.

Money is in cents. The same answer tells what the instant wins, SuperVincitore and the second chances (“QW”, “SC 1”)
paid: no ball of the draw decides those, and they are not read.
"""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from msgspec import Struct

from lotto.scraper.contents import document, instant
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

ZONE = ZoneInfo("Europe/Rome")
NAME = "superenalotto"
SERVICE = "https://www.gntn-pgd.it/gntn-info-web/rest/gioco/superenalotto"
LAST = f"{SERVICE}/estrazioni/ultimoconcorso?idPartner=GIOCHINUMERICI_INFO"


class Contest(Struct):
    """A draw's own number, which begins again every year."""

    numero: str
    anno: str


class Combination(Struct):
    """What was drawn."""

    estratti: list[str]
    numeroJolly: str  # noqa: N815 - the names are Sisal's
    superstar: str


class Category(Struct):
    """A way to win."""

    descrizione: str


class Share(Struct):
    """What it paid to one winner, in cents."""

    categoriaVincita: Category  # noqa: N815
    importo: int


class Win(Struct):
    """A way to win with its winners."""

    quota: Share
    numero: str


class Wins(Struct):
    """All of them."""

    vincite: list[Win]


class Draw(Struct):
    """A draw, held or to come."""

    concorso: Contest
    dataEstrazione: int  # noqa: N815
    combinazioneVincente: Combination | None  # noqa: N815
    jackpot: int
    dettaglioVincite: Wins | None  # noqa: N815


class Next(Struct):
    """The answer about the next draw."""

    dettaglioConcorso: Draw  # noqa: N815


class Sisal(Source):
    """There is one name, “superenalotto”."""

    publisher = "Sisal (GNTN)"
    official = True
    origin = "sisal"
    home = "https://www.gntn-pgd.it"

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name != NAME:
            raise SourceError(f"There is no game “{ask.name}” here; the one we know is {NAME}.")
        yield Request(LAST)

    def read(self, page: Page) -> Iterator[Reading]:
        draw = document(page, Next).dettaglioConcorso if "/concorsoufficiale" in page.url else document(page, Draw)
        serial = f"{draw.concorso.numero}/{draw.concorso.anno}"
        if not re.fullmatch("[0-9]{1,3}/[0-9]{4}", serial):
            raise PageChanged(f"The layout changed: “{serial[:40]}” is not the number of a draw.")
        drawn = draw.combinazioneVincente
        if drawn is None or not drawn.estratti:
            raise PageNotYet(f"Draw {serial} has no numbers yet.")
        main, jolly, star = tuple(drawn.estratti), drawn.numeroJolly, drawn.superstar
        if len(main) > 6 or not all(re.fullmatch("[0-9]{1,2}", ball) for ball in (*main, jolly, star)):
            raise PageChanged(f"The layout changed: “{' '.join((*main, jolly, star))[:80]}” are not the numbers.")
        yield Reading(
            NAME,
            instant(draw.dataEstrazione, ZONE).date(),
            {"main": main, "bonus": (jolly,), "star": (star,)},
            serial=serial,
            prizes=tuple(_payouts(draw.dettaglioVincite)) if draw.dettaglioVincite else (),
            jackpot=_euros(draw.jackpot),
        )


def _payouts(wins: Wins) -> Iterator[Payout]:
    """The tiers of the balls: “Punti 5+1” is our 5+1, “4 Stella” stays."""
    for win in wins.vincite:
        tier = win.quota.categoriaVincita.descrizione
        if not re.fullmatch(r"Punti [2-6](\+1)?|[0-5] Stella", tier):
            continue
        if not re.fullmatch("[0-9]{1,9}", win.numero):
            raise PageChanged(f"“{win.numero[:40]}” is not a number of winners of {tier}.")
        yield Payout(tier.removeprefix("Punti "), win.numero, _euros(win.quota.importo))


def _euros(cents: int) -> Amount:
    if cents < 0:
        raise PageChanged(f"The layout changed: {cents} is not an amount of money.")
    return Amount(f"{cents // 100}.{cents % 100:02}", "EUR")
