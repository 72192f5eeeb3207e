"""Caixa: a workbook a game, one sheet, a row a contest since the first, with winners and prizes beside the balls.

Balls stand in the order in which the sheet has them, and nothing tells whether they were drawn so. Days and money are
texts. The towns of the winners are not read, nor what is only expected of the next contest.

Until 2012 or later one contest was told by an answer of fields between bars, in an order of each game's own, the balls
ascending and once more as they were drawn: an answer whose two tellings differ is none. It was served in Latin-1; what
is left of it are copies in UTF-8. Lotomania had a field for a 21st ball, which repeats the last one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from lotto.scraper.contents import amount, decoded, once, sheet, written_day
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

ADDRESS = "https://servicebus2.caixa.gov.br/portaldeloterias/api/resultados/download?modalidade={}"
OLD_HOST = "www1.caixa.gov.br"
BALLS = {"Mega-Sena": 6, "Lotofacil": 15, "Quina": 5, "Lotomania": 20}
"""The name of a game in the address → the balls of a contest."""


@dataclass(frozen=True)
class Fields:
    """Where things stand in an old answer: the balls in one field, or in one each from that field on."""

    name: str
    count: int
    day: int
    drawn: int
    ascending: int
    prizes: int
    tiers: Sequence[str]
    """From `prizes` on, winners and prize of each."""


Tier = tuple[str, int, int | None]
"""What it takes to win, and the columns of its winners and of what one of them got, if there is one."""

OLD = {
    "megasena": Fields("Mega-Sena", 25, 11, 2, 20, 3, ("6", "5", "4")),
    "quina": Fields("Quina", 22, 16, 14, 14, 6, ("5", "4", "3")),
    "lotofacil": Fields("Lotofacil", 56, 34, 38, 3, 18, ("15", "14", "13", "12", "11")),
    "lotomania": Fields("Lotomania", 71, 41, 46, 6, 27, ("20", "19", "18", "17", "16", "0")),
}
"""The folder of a game in the old address → its fields."""


class Caixa(Source):
    """The names are those in the addresses, as in “Mega-Sena”."""

    publisher = "Caixa Econômica Federal"
    official = True
    origin = "caixa"
    home = "https://loterias.caixa.gov.br"
    hosts = ("servicebus2.caixa.gov.br", OLD_HOST)
    pace = 300.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in BALLS:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(BALLS)}.")
        yield Request(ADDRESS.format(ask.name))

    def read(self, page: Page) -> Iterator[Reading]:
        address = urlsplit(page.url)
        if address.hostname == OLD_HOST:
            yield _old_reading(page, address.path.split("/"))
            return
        [game] = parse_qs(address.query).get("modalidade", [""])[:1]
        if game not in BALLS:
            raise PageChanged(f"“{page.url[:120]}” is the address of no game we know.")
        header, *lines = sheet(page) or [[]]
        balls = [f"Bola{n + 1}" for n in range(BALLS[game])]
        if header[:1] != ["Concurso"] or header[2 : 2 + len(balls)] != balls:
            raise PageChanged(f"The layout changed: the header line is “{', '.join(header)[:200]}”.")
        if f"Bola{len(balls) + 1}" in header:
            raise PageChanged(f"The layout changed: a contest of {game} has more than {len(balls)} balls.")
        if not lines:
            raise PageNotYet("The sheet has no contest yet.")
        tiers = _tiers(header)
        yield from once([_reading(game, line, tiers, page) for line in lines])


def _reading(game: str, line: list[str], tiers: Sequence[Tier], page: Page) -> Reading:
    serial, on, *cells = line
    balls = tuple(cells[: BALLS[game]])
    if not re.fullmatch("[0-9]{1,5}", serial) or not all(re.fullmatch("[0-9]{1,2}", ball) for ball in balls):
        raise PageChanged(f"“{', '.join(line)[:80]}” is not a row of a contest.")
    prizes = tuple(_payout(line, *tier) for tier in tiers)
    return Reading(game, written_day(on, "dmy", page.at), {"main": balls}, serial=serial, prizes=prizes)


def _tiers(header: Sequence[str]) -> list[Tier]:
    places = {column: place for place, column in enumerate(header)}
    found = [(re.fullmatch("Ganhadores ([0-9]+) acertos", column), place) for column, place in places.items()]
    return [(tier[1], place, places.get(f"Rateio {tier[1]} acertos")) for tier, place in found if tier]


def _payout(line: Sequence[str], tier: str, winners: int, paid: int | None) -> Payout:
    count, shown = line[winners], "" if paid is None else line[paid]
    if not re.fullmatch("[0-9]+", count):
        raise PageChanged(f"“{count[:40]}” of the tier {tier} is not a number of winners.")
    return Payout(tier, count, amount(shown, decimal=",") if shown else None)


def _old_reading(page: Page, path: Sequence[str]) -> Reading:
    layout = next((OLD[folder] for folder in path if folder in OLD), None)
    if layout is None:
        raise PageChanged(f"“{page.url[:120]}” is the address of no game we know.")
    fields = decoded(page.body).split("|")
    if len(fields) != layout.count or not re.fullmatch("[0-9]{1,5}", fields[0]):
        raise PageChanged(f"The layout changed: {len(fields)} fields and not {layout.count} begin “{fields[0][:40]}”.")
    drawn = _old_balls(fields, layout.drawn, BALLS[layout.name], last=False)
    if sorted(drawn) != _old_balls(fields, layout.ascending, BALLS[layout.name], last=True):
        raise PageChanged(f"The balls {' '.join(drawn)} of a contest are not those it has ascending.")
    prizes = []
    for n, tier in enumerate(layout.tiers):
        count, paid = fields[layout.prizes + 2 * n : layout.prizes + 2 * n + 2]
        if not re.fullmatch(r"[0-9]{1,3}(\.?[0-9]{3})*", count):
            raise PageChanged(f"“{count[:40]}” is not the number of winners of {tier}.")
        prizes.append(Payout(tier, count.replace(".", ""), amount(paid, decimal=",", currency="BRL")))
    on = written_day(fields[layout.day], "dmy", page.at)
    shown = {"main": tuple(drawn)}
    return Reading(layout.name, on, shown, drawn_order=True, serial=fields[0], prizes=tuple(prizes))


def _old_balls(fields: Sequence[str], at: int, count: int, *, last: bool) -> list[str]:
    """The balls from that field on; `last` chooses of two lists in one field, where there are two."""
    lists = re.findall("<ul>(.*?)</ul>", fields[at])
    found = re.findall("<li>(.*?)</li>", lists[-1 if last else 0]) if lists else list(fields[at : at + count])
    if len(found) != count or not all(re.fullmatch("[0-9]{2}", ball) for ball in found):
        raise PageChanged(f"“{' '.join(found)[:80]}” are not {count} balls.")
    return found
