"""Milli Piyango: the JSON of the old operator until 2020, and a list of the new one's results of January 2022.

The old one answered for one draw of a number game, or for all of them; balls as they were drawn, and once more
ascending: an answer whose two tellings differ is none. What a tier without winners shows is carried over and no prize.
Of the ticket lottery every number drawn is read, but not the consolation numbers, which follow from the first.
In the list of 2022 the names of the games are missing, and are known by the count of balls; a day is its midnight in
Istanbul, written in UTC; and sums of money have lost their decimal sign, so that they are not read.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from msgspec import Struct

from lotto.scraper.contents import document, once, written_day
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

OLD = "http://www.millipiyango.gov.tr/sonuclar/cekilisler/{}/{:%Y%m%d}.json"
NEW = "https://www.millipiyangoonline.com/"
GAMES = {"SAYISAL_LOTO": "Sayısal Loto", "SUPER_LOTO": "Süper Loto"}
FOLDERS = {"Sayısal Loto": "sayisal", "Süper Loto": "superloto", "Milli Piyango": "piyango"}
SHAPES = {(6, 1): "Sayısal Loto", (6, 0): "Süper Loto", (22, 0): "On Numara", (5, 1): "Şans Topu"}
"""How many balls and further balls a draw of 2022 has → its game."""

WHOLE = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
"""The pools of whole ticket numbers, the greatest prize first."""
ENDINGS = {5: "last_five", 4: "last_four", 3: "last_three", 2: "last_two", 1: "last_one"}


class Tier(Struct, rename="camel"):
    """How many won in a tier, and what each got."""

    tur: str
    kisi_sayisi: int
    kisi_basina_dusen_ikramiye: float


class Draw(Struct, rename="camel"):
    """A draw of a number game."""

    hafta: int
    cekilis_tarihi: str
    cekilis_turu: str
    rakamlar: str
    rakamlar_numara_sirasi: str
    bilen_kisiler: list[Tier]


class Answer(Struct):
    """One draw, or none."""

    success: bool
    data: Draw | None = None


class Every(Struct):
    """All draws of a game."""

    draws: list[Draw]


class Group(Struct, rename="camel"):
    """The ticket numbers, or endings of numbers, that get one prize."""

    hane_sayisi: int
    ikramiye: int
    numaralar: list[str]


class Tickets(Struct, rename="camel"):
    """A draw of the ticket lottery."""

    cekilis_tarihi: str
    sonuclar: list[Group]


class MilliPiyango(Source):
    """The names are those of the games, as in “Şans Topu”."""

    publisher = "Milli Piyango İdaresi"
    official = True
    origin = "milli_piyango"
    home = "https://www.millipiyangoonline.com"
    hosts = ("www.millipiyango.gov.tr", "www.millipiyangoonline.com")
    resting = "The old operator's answers ended in 2020, and of the new one only an export is known."

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in (*FOLDERS, *SHAPES.values()):
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(SHAPES.values())}.")
        yield Request(OLD.format(FOLDERS[ask.name], ask.since) if ask.name in FOLDERS else NEW)

    def read(self, page: Page) -> Iterator[Reading]:
        address = urlsplit(page.url)
        if address.hostname == urlsplit(NEW).hostname:
            readings = [_listed(row, page) for row in document(page, list[dict[str, str | dict[str, str]]])]
        elif "/piyango/" in address.path:
            readings = [_tickets(document(page, Tickets), page)]
        elif address.path.endswith("/"):
            readings = [_reading(draw, page) for draw in document(page, Every).draws]
        else:
            answer = document(page, Answer)
            readings = [_reading(answer.data, page)] if answer.success and answer.data else []
        if not readings:
            raise PageNotYet("There is no draw in the answer.")
        yield from once(readings)


def _reading(draw: Draw, page: Page) -> Reading:
    balls = _balls(draw.rakamlar, "#")
    if draw.cekilis_turu not in GAMES or len(balls) != 6:
        raise PageChanged(f"The layout changed: {len(balls)} balls of “{draw.cekilis_turu[:40]}” are no draw we know.")
    if sorted(balls) != list(_balls(draw.rakamlar_numara_sirasi, " - ")):
        raise PageChanged(f"The balls {' '.join(balls)} of a draw are not its “{draw.rakamlar_numara_sirasi[:40]}”.")
    prizes = []
    for tier in reversed(draw.bilen_kisiler):
        found = re.fullmatch(r"\$([0-9])_BILEN", tier.tur)
        if found is None:
            raise PageChanged(f"The layout changed: “{tier.tur[:40]}” is not a tier.")
        paid = Amount(f"{tier.kisi_basina_dusen_ikramiye:.2f}", "TRY") if tier.kisi_sayisi else None
        prizes.append(Payout(found[1], str(tier.kisi_sayisi), paid))
    on = written_day(draw.cekilis_tarihi, "dmy", page.at)
    name, serial = GAMES[draw.cekilis_turu], str(draw.hafta)
    return Reading(name, on, {"main": balls}, drawn_order=True, serial=serial, prizes=tuple(prizes))


def _tickets(draw: Tickets, page: Page) -> Reading:
    whole = iter(WHOLE)
    numbers: dict[str, tuple[str, ...]] = {}
    prizes = []
    for group in draw.sonuclar:
        if group.hane_sayisi == 0:
            continue
        pool = next(whole, None) if group.hane_sayisi == 6 else ENDINGS.get(group.hane_sayisi)
        shown = tuple(group.numaralar)
        if pool is None or pool in numbers or not shown:
            raise PageChanged(f"The layout changed: a prize of {group.ikramiye} for {group.hane_sayisi} figures.")
        if not all(re.fullmatch(f"[0-9]{{{group.hane_sayisi}}}", number) for number in shown):
            raise PageChanged(f"“{' '.join(shown)[:60]}” are not numbers of {group.hane_sayisi} figures.")
        numbers[pool] = shown
        prizes.append(Payout(pool, None, Amount(str(group.ikramiye), "TRY")))
    if "first" not in numbers:
        raise PageNotYet("There is no ticket number in the answer.")
    return Reading("Milli Piyango", written_day(draw.cekilis_tarihi, "ymd", page.at), numbers, prizes=tuple(prizes))


def _listed(row: dict[str, str | dict[str, str]], page: Page) -> Reading:
    date, numbers = row.get("date"), row.get("numbers")
    if not isinstance(numbers, str) or not isinstance(date, str):
        raise PageChanged("The layout changed: a draw has no date or no numbers.")
    balls = _balls(numbers, ", ")
    main, bonus = [one for one in balls if one[0] != "+"], [one[1:] for one in balls if one[0] == "+"]
    name = SHAPES.get((len(main), len(bonus)))
    if name is None or (balls[-1][0] != "+" and bonus):
        raise PageChanged(f"The layout changed: “{numbers[:60]}” are not the balls of a game we know.")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T21:00:00\.000Z", date):
        raise PageChanged(f"The layout changed: “{date[:40]}” is not midnight in Istanbul.")
    on = written_day(date[:10], "ymd", page.at) + timedelta(days=1)
    shown = {"main": tuple(main), "bonus": tuple(bonus)}
    prizes = tuple(_listed_tier(told) for told in row.values() if isinstance(told, dict))
    return Reading(name, on, {pool: values for pool, values in shown.items() if values}, prizes=prizes)


def _listed_tier(told: dict[str, str]) -> Payout:
    found = re.fullmatch(r"([0-9]{1,2}(?:\+1)?) bilen ([0-9]+) kişi", told.get("count", ""))
    if found is None:
        raise PageChanged(f"The layout changed: “{told.get('count', '')[:60]}” is not a tier with its winners.")
    return Payout(found[1], found[2])


def _balls(shown: str, between: str) -> tuple[str, ...]:
    balls = tuple(shown.split(between))
    if not all(re.fullmatch(r"\+?[0-9]{1,2}", ball) for ball in balls):
        raise PageChanged(f"“{shown[:60]}” are not balls.")
    return balls
