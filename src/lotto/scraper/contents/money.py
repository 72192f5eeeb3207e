"""Money as pages write it: with signs, words, and the separators of the country."""

import re
from decimal import Decimal
from functools import cache, lru_cache

from lotto.scraper.contents.dates import folded
from lotto.scraper.sources.source import Amount, PageChanged

SIGNS = {"€": "EUR", "£": "GBP", "₡": "CRC", "₪": "ILS", "฿": "THB", "₴": "UAH", "₫": "VND", "₹": "INR", "R$": "BRL"}
"""Signs that mean one currency. A bare $ or kr. means many: that one is left to the lottery."""

TIMES = {"million": 6, "millions": 6, "millones": 6, "milioni": 6, "milhoes": 6, "mio": 6, "billion": 9, "billions": 9}
"""Words that stand for zeros, as `folded`."""

WORDS = re.compile(r"[^\W\d_]+")
GROUPS = re.compile("[^0-9]")


@lru_cache(maxsize=20_000)
def amount(shown: str, *, decimal: str, currency: str = "") -> Amount:
    """The amount written as `shown`; PageChanged when it is not one amount alone.

    `decimal` is the sign before the cents, `,` or `.`; the other one, blanks and apostrophes group the figures.
    “90.860,40 €”, “1 100 000 kr.”, “$55 Million”, “R$1.714.650,23”. `currency` is what it is in where no sign tells.

    An archive is read again whenever it grows, and most of its amounts were read before.
    """
    bare = " ".join(shown.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    found = _form(decimal).fullmatch(bare)
    if found is None:
        raise PageChanged(f"The layout changed: “{shown[:60]}” is not an amount of money.")
    before, whole, cents, after = found.groups()
    zeros, told = _beside(before, after)
    if zeros is None:
        raise PageChanged(f"The layout changed: “{shown[:60]}” is not an amount of money.")
    figures = GROUPS.sub("", whole).lstrip("0") or "0"
    figures += f".{cents}" if cents else ""
    if zeros:
        figures = f"{Decimal(figures) * 10**zeros:f}"
        figures = figures.rstrip("0").rstrip(".") if "." in figures else figures
    return Amount(figures, told or currency)


@lru_cache(maxsize=1000)
def _beside(before: str, after: str) -> tuple[int | None, str]:
    """What the signs and words beside the figures say: how many zeros are left out, and in what currency it is.

    None when they say two things. A table says the same in each of its rows.
    """
    zeros = [TIMES[word] for word in WORDS.findall(folded(after)) if word in TIMES]
    beside = f"{before} {after}"
    told = next((code for sign, code in SIGNS.items() if sign in beside), "")
    return (None if len(zeros) > 1 else sum(zeros)), told


@cache
def _form(decimal: str) -> re.Pattern[str]:
    """What an amount looks like: what stands before it, whole units, cents, what stands behind."""
    group = "." if decimal == "," else ","
    figure = rf"[0-9]{{1,3}}(?:[{group} '][0-9]{{3}})+|[0-9]+"
    return re.compile(rf"([^0-9\-−]*)({figure})(?:[{decimal}]([0-9]{{1,4}}))?([^0-9\-−]*)")
