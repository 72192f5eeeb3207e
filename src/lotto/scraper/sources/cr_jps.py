"""JPS, Costa Rica: one page with some weeks of every game, read from the data that its scripts carry.

The data stand in pieces of one long text, which is put together before anything is looked for in it. A value that is
not known yet is -1. Winners of the Rueda de la Fortuna are people, and not read; nor are the hundred lesser prizes of
the Lotería Nacional and the prize that is carried over (“acumulado”).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

from msgspec import Struct

from lotto.scraper.contents import document, once, tree, written_day
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

NAMES = ("Lotería Nacional", "Chances", "Lotto", "Lotto Revancha", "Tres Monazos", "Nuevos Tiempos")
PIECE = r'(?s)self\.__next_f\.push\((\[1,".*"\])\)'
GAME = r'(?s)"id":"resultados-([a-z0-9-]+)"[^{}]*\{"results":(\[.*?\]),"content":\{"name":'
TIERS = {1: "first", 2: "second", 3: "third"}
"""The kind of a prize → the pool it is drawn in; the others are the lesser ones."""


class Drawn(Struct, rename="camel"):
    """What every draw has: its number, and its day with a time."""

    numero_sorteo: int
    fecha: str


class Prize(Struct):
    """A ticket that won: a number of two digits in a series of three."""

    tipo: int
    numero: int
    serie: int
    monto: int


class Tickets(Drawn):
    """A draw of tickets."""

    premios: list[Prize]


class Lotto(Drawn):
    """A draw of Lotto, the second one for the same tickets, and what each tier paid."""

    numeros: list[int]
    numeros_revancha: list[int]
    premios_lotto: dict[str, int]


class Monazos(Drawn):
    """Three digits."""

    numeros: list[str]


class Tiempos(Drawn):
    """A number, the number of the “mega reventados”, and a ball whose colour tells what is paid."""

    numero: int
    megan_numero: int
    color_bolita: str


T = TypeVar("T")


class Day(Struct, Generic[T], rename="camel"):
    """The draws of a day; one that is not held, or not yet, is null."""

    manana: T | None
    media_tarde: T | None
    tarde: T | None

    def draws(self) -> Iterator[tuple[str, T]]:
        """Those that were held, by our labels."""
        for label, draw in (("midday", self.manana), ("afternoon", self.media_tarde), ("night", self.tarde)):
            if draw is not None:
                yield label, draw


class Jps(Source):
    """The names are those of the games, as in “Lotto Revancha”."""

    publisher = "Junta de Protección Social"
    official = True
    origin = "jps"
    home = "https://www.jps.go.cr"

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in NAMES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(NAMES)}.")
        yield Request("https://www.jps.go.cr/resultados")

    def read(self, page: Page) -> Iterator[Reading]:
        scripts = tree(page, known_by="script", ends_with="</html>").css("script")
        pieces = [found[1] for script in scripts if (found := re.fullmatch(PIECE, script.text().strip()))]
        games = re.findall(GAME, "".join(document(piece, tuple[int, str])[1] for piece in pieces))
        if sorted(game for game, _ in games) != sorted(GAMES):
            told = ", ".join(game for game, _ in games)[:120]
            raise PageChanged(f"The layout changed: the games in the data are “{told}”, not {', '.join(GAMES)}.")
        readings = [one for game, results in games for one in GAMES[game](results, page)]
        if not readings:
            raise PageNotYet("There is no draw in the page yet.")
        yield from once(readings)


def _tickets(name: str, results: str, page: Page) -> Iterator[Reading]:
    for draw in document(results, list[Tickets]):
        great = [(pool, [one for one in draw.premios if one.tipo == kind]) for kind, pool in TIERS.items()]
        # A prize that is missing, or is there twice, is one we do not know.
        shown = {pool: (_ticket(one[0]) if len(one) == 1 else None,) for pool, one in great}
        paid = tuple(Payout(pool, None, Amount(str(one[0].monto), "CRC")) for pool, one in great if len(one) == 1)
        yield _reading(name, draw, page, shown, prizes=paid)


def _lotto(results: str, page: Page) -> Iterator[Reading]:
    for draw in document(results, list[Lotto]):
        for name, balls, again in (("Lotto", draw.numeros, ""), ("Lotto Revancha", draw.numeros_revancha, "Revancha")):
            worth = [draw.premios_lotto.get(f"{count}Aciertos{again}") for count in ("cinco", "cuatro", "tres", "dos")]
            if len(balls) != 5 or None in worth:
                raise PageChanged(f"The layout changed: draw {draw.numero_sorteo} of {name} is told in another way.")
            jackpot, *rest = [Amount(str(paid), "CRC") for paid in worth]
            prizes = tuple(Payout(str(4 - n), None, paid) for n, paid in enumerate(rest))
            shown = {"main": tuple(_number(ball) for ball in balls)}
            yield _reading(name, draw, page, shown, drawn_order=True, jackpot=jackpot, prizes=prizes)


def _monazos(results: str, page: Page) -> Iterator[Reading]:
    for day in document(results, list[Day[Monazos]]):
        for label, draw in day.draws():
            if len(draw.numeros) != 3 or not all(re.fullmatch("[0-9]|-1", digit) for digit in draw.numeros):
                raise PageChanged(f"The layout changed: “{' '.join(draw.numeros)[:40]}” are not three digits.")
            digits = tuple(None if digit == "-1" else digit for digit in draw.numeros)
            yield _reading("Tres Monazos", draw, page, {"main": digits}, label)


def _tiempos(results: str, page: Page) -> Iterator[Reading]:
    for day in document(results, list[Day[Tiempos]]):
        for label, draw in day.draws():
            if not re.fullmatch("[A-Z]{3,12}", draw.color_bolita):
                raise PageChanged(f"The layout changed: “{draw.color_bolita[:40]}” is not the colour of a ball.")
            shown = {"main": _number(draw.numero), "mega": _number(draw.megan_numero), "ball": draw.color_bolita}
            yield _reading("Nuevos Tiempos", draw, page, {pool: (one,) for pool, one in shown.items()}, label)


GAMES: Mapping[str, Callable[[str, Page], Iterator[Reading]]] = {
    "loteria-nacional": lambda results, page: _tickets("Lotería Nacional", results, page),
    "chances": lambda results, page: _tickets("Chances", results, page),
    "lotto": _lotto,
    "3-monazos": _monazos,
    "nuevos-tiempos": _tiempos,
}
"""What the data call a game → how its draws are read."""


def _reading(
    name: str,
    draw: Drawn,
    page: Page,
    shown: Mapping[str, tuple[str | None, ...]],
    label: str = "",
    *,
    drawn_order: bool = False,
    jackpot: Amount | None = None,
    prizes: tuple[Payout, ...] = (),
) -> Reading:
    found = re.fullmatch("([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}:00", draw.fecha)
    if found is None:
        raise PageChanged(f"The layout changed: “{draw.fecha[:40]}” is not the day and time of a draw.")
    on = written_day(found[1], "ymd", page.at)
    return Reading(name, on, shown, label, drawn_order, str(draw.numero_sorteo), None, prizes, jackpot)


def _number(value: int, digits: int = 2) -> str | None:
    if not -1 <= value < 10**digits:
        raise PageChanged(f"The layout changed: {value} has not {digits} digits.")
    return None if value == -1 else f"{value:0{digits}}"


def _ticket(prize: Prize) -> str | None:
    number, series = _number(prize.numero), _number(prize.serie, 3)
    return None if number is None or series is None else f"{number} {series}"
