"""FDJ: a zip file an era of a game, in it one CSV file with semicolons, French headers and every draw, newest first.

The columns of one game differ from era to era, so that they are found by their names. Balls stand in drawn order, and
once more ascending: a row whose two tellings differ is none. Until 2020 the files were Latin-1. Money has a decimal
comma, in a few cells a point or no figure before it; a spreadsheet wrote some of 1980 as 1,02E+07, and those we leave.
The Europe-wide raffles of a few evenings and the Joker+ are not read.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache

from lotto.scraper.contents import members, once, rows, written_day
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

ADDRESS = "https://media.fdj.fr/static/csv/{}.zip"
EURO = (
    ("euromillions/euromillions_202002", date.max),
    ("euromillions/euromillions_201902", date(2020, 1, 31)),
    ("euromillions/euromillions_4", date(2019, 2, 26)),
    ("euromillions/euromillions_3", date(2016, 9, 23)),
    ("euromillions/euromillions_2", date(2014, 1, 31)),
    ("euromillions/euromillions", date(2011, 5, 6)),
)
LOTO = (
    ("loto/loto_201911", date.max),
    ("loto/nouveau_loto", date(2016, 5, 7)),
    ("loto/loto", date(2008, 10, 4)),
)
FILES = {"EuroMillions": EURO, "My Million": EURO[:4], "Loto": LOTO, "Loto second tirage": LOTO[:1]}
"""The name of a game → its files with the last day in each, newest first."""

FIGURES = re.compile("[0-9]+")
BALL = re.compile("[0-9]{1,2}")
CODE = re.compile("[A-Z]{1,2}[0-9 ]{7,10}")
COUNT = re.compile("[0-9]*")
PAID = re.compile(r"([0-9]*)(?:[,.]([0-9]{1,2}))?(E\+[0-9]+)?")

LABELS = {"1": "first", "2": "second"}
MOST_RANKS = 20
"""Of a game; EuroMillions has 13."""

Row = Mapping[str, str]


class Fdj(Source):
    """The names are those of the games, as in “My Million”."""

    publisher = "FDJ"
    official = True
    origin = "fdj"
    home = "https://www.fdj.fr"
    hosts = ("media.fdj.fr",)
    pace = 120.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        if ask.name not in FILES:
            raise SourceError(f"There is no game “{ask.name}” here; those we know are {', '.join(FILES)}.")
        for file, last in FILES[ask.name]:
            if last >= ask.since:
                yield Request(ADDRESS.format(file))

    def read(self, page: Page) -> Iterator[Reading]:
        files = [file for _, file in members(page)] if page.body[:2] == b"PK" else [page]
        if len(files) != 1:
            raise PageChanged(f"The archive holds {len(files)} files, not one.")
        yield from once(_readings(files[0]))


def _readings(file: Page) -> list[Reading]:
    # The one word that is not ASCII stands in the header; its bytes tell the encoding.
    encoding = "latin-1" if b"num\xe9ro" in file.body else "utf-8"
    header, *lines = rows(file, separator=";", encoding=encoding)
    columns = [name for name in header if name]
    if columns[:1] != ["annee_numero_de_tirage"] or len(set(columns)) < len(columns):
        raise PageChanged(f"The layout changed: the header line is “{';'.join(header)[:200]}”.")
    if not lines:
        raise PageNotYet("The file has no draw yet.")
    found: list[Reading] = []
    for line in lines:
        cells = line[:-1] if len(line) == len(columns) + 1 and not line[-1] else line
        if len(cells) != len(columns):
            raise PageChanged(f"“{';'.join(line)[:80]}” has {len(cells)} cells, not {len(columns)}.")
        row = dict(zip(columns, cells, strict=True))
        try:
            found += _euromillions(row, file) if "etoile_1" in row else _loto(row, file)
        except KeyError as error:
            raise PageChanged(f"The layout changed: there is no column {error}.") from None
    return found


def _euromillions(row: Row, file: Page) -> Iterator[Reading]:
    on, serial = _day(row, file), _serial(row)
    pools = {
        "main": _balls(row, "boule_{}", 5, "boules_gagnantes_en_ordre_croissant"),
        "star": _balls(row, "etoile_{}", 2, "etoiles_gagnantes_en_ordre_croissant"),
    }
    one = "_Euro_Millions" if "rapport_du_rang1_Euro_Millions" in row else ""
    prizes = (
        *_payouts(row, "rang {}", f"nombre_de_gagnant_au_rang{{}}{one}_en_europe", f"rapport_du_rang{{}}{one}"),
        *_payouts(row, "Étoile+ rang {}", "nombre_de_gagnant_au_rang{}_Etoile+", "rapport_du_rang{}_Etoile+"),
    )
    yield Reading("EuroMillions", on, pools, drawn_order=True, serial=serial, prizes=prizes)
    if row.get("numero_My_Million"):
        yield Reading("My Million", on, {"main": _codes(row["numero_My_Million"])}, serial=serial)


def _loto(row: Row, file: Page) -> Iterator[Reading]:
    on, serial = _day(row, file), _serial(row)
    old = "boule_6" in row
    main = _balls(row, "boule_{}", 6 if old else 5, "combinaison_gagnante_en_ordre_croissant")
    pools = {"main": main, "bonus": (_ball(row, "boule_complementaire" if old else "numero_chance"),)}
    if row.get("codes_gagnants"):
        pools["codes"] = _codes(row["codes_gagnants"])
    label = LABELS[row["1er_ou_2eme_tirage"]] if old else ""
    prizes = _payouts(row, "rang {}", "nombre_de_gagnant_au_rang{}", "rapport_du_rang{}")
    yield Reading("Loto", on, pools, label, drawn_order=True, serial=serial, prizes=tuple(prizes))
    if row.get("boule_1_second_tirage"):
        second = _balls(row, "boule_{}_second_tirage", 5, "combinaison_gagnant_second_tirage_en_ordre_croissant")
        paid = _payouts(row, "rang {}", "nombre_de_gagnant_au_rang_{}_second_tirage", "rapport_du_rang{}_second_tirage")
        yield Reading("Loto second tirage", on, {"main": second}, drawn_order=True, serial=serial, prizes=tuple(paid))


def _day(row: Row, file: Page) -> date:
    shown = row["date_de_tirage"]
    return written_day(shown, "ymd" if shown.isdigit() else "dmy", file.at)


def _serial(row: Row) -> str:
    serial = row["annee_numero_de_tirage"]
    if not re.fullmatch("[0-9]{5,8}", serial):
        raise PageChanged(f"“{serial[:40]}” is not the number of a draw.")
    return serial


def _balls(row: Row, column: str, count: int, ascending: str) -> tuple[str, ...]:
    balls = tuple([_ball(row, name) for name in _columns(column, count)])
    again = FIGURES.findall(row[ascending].partition("+")[0])
    if sorted(balls) != sorted(again) and sorted(map(int, balls)) != sorted(map(int, again)):
        raise PageChanged(f"The balls {' '.join(balls)} of a row are not its “{row[ascending][:40]}”.")
    return balls


@cache
def _columns(column: str, count: int) -> list[str]:
    return [column.format(n + 1) for n in range(count)]


def _ball(row: Row, column: str) -> str:
    if not BALL.fullmatch(row[column]):
        raise PageChanged(f"“{row[column][:40]}” in the column “{column}” is not a ball.")
    return row[column]


def _codes(shown: str) -> tuple[str, ...]:
    codes = tuple(code.strip() for code in shown.split(","))
    if not all(map(CODE.fullmatch, codes)):
        raise PageChanged(f"“{shown[:60]}” is not a list of codes.")
    return codes


def _payouts(row: Row, tier: str, winners: str, amount: str) -> Iterator[Payout]:
    currency = row.get("devise", "").upper()
    for name, counted, paid in _ranks(tier, winners, amount):
        if paid not in row:
            return
        yield _payout(name, row[counted], row[paid], currency)


@lru_cache(maxsize=20_000)
def _payout(tier: str, count: str, paid: str, currency: str) -> Payout:
    """A file is read again whenever it grows, and most of its rows were read before."""
    if not COUNT.fullmatch(count):
        raise PageChanged(f"“{count[:40]}” is not a number of winners.")
    return Payout(tier, count or None, _amount(paid, currency))


@cache
def _ranks(tier: str, winners: str, amount: str) -> list[tuple[str, str, str]]:
    """The name of each rank, and the columns of its winners and of what one of them got."""
    return [(tier.format(rank), winners.format(rank), amount.format(rank)) for rank in range(1, MOST_RANKS + 1)]


def _amount(shown: str, currency: str) -> Amount | None:
    found = PAID.fullmatch(shown)
    if found is None:
        raise PageChanged(f"“{shown[:40]}” is not an amount of money.")
    whole, cents, rounded = found.groups()
    if rounded or not (whole or cents):
        return None
    return Amount(f"{whole or 0}.{cents}" if cents else whole, currency)
