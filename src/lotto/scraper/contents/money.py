"""Money as pages write it: with signs, words, and the separators of the country."""

import re
from decimal import Decimal
from functools import cache

from lotto.scraper.contents.dates import folded
from lotto.scraper.sources.source import Amount, PageChanged

SIGNS = {"€": "EUR", "£": "GBP", "₡": "CRC", "₪": "ILS", "฿": "THB", "₴": "UAH", "₫": "VND", "₹": "INR", "R$": "BRL"}
"""Signs that mean one currency. A bare $ or kr. means many: that one is left to the lottery."""

TIMES = {"million": 6, "millions": 6, "millones": 6, "milioni": 6, "milhoes": 6, "mio": 6, "billion": 9, "billions": 9}
"""Words that stand for zeros, as `folded`."""

WORDS = re.compile(r"[^\W\d_]+")
GROUPS = re.compile("[^0-9]")


def amount(shown: str, *, decimal: str, currency: str = "") -> Amount:
    """The amount written as `shown`; PageChanged when it is not one amount alone.

    `decimal` is the sign before the cents, `,` or `.`; the other one, blanks and apostrophes group the figures.
    “90.860,40 €”, “1 100 000 kr.”, “$55 Million”, “R$1.714.650,23”. `currency` is what it is in where no sign tells.
    """
    bare = " ".join(shown.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    found = _form(decimal).fullmatch(bare)
    if found is None:
        raise PageChanged(f"The layout changed: “{shown[:60]}” is not an amount of money.")
    before, whole, cents, after = found.groups()
    zeros = [TIMES[word] for word in WORDS.findall(folded(after)) if word in TIMES] if after else []
    if len(zeros) > 1:
        raise PageChanged(f"The layout changed: “{shown[:60]}” is not an amount of money.")
    value = Decimal(GROUPS.sub("", whole) + (f".{cents}" if cents else "")) * 10 ** sum(zeros)
    beside = f"{before} {after}"
    told = next((code for sign, code in SIGNS.items() if sign in beside), currency) if before or after else currency
    figures = f"{value:f}"
    return Amount(figures.rstrip("0").rstrip(".") if "." in figures and zeros else figures, told)


@cache
def _form(decimal: str) -> re.Pattern[str]:
    """What an amount looks like: what stands before it, whole units, cents, what stands behind."""
    group = "." if decimal == "," else ","
    figure = rf"[0-9]{{1,3}}(?:[{group} '][0-9]{{3}})+|[0-9]+"
    return re.compile(rf"([^0-9\-−]*)({figure})(?:[{decimal}]([0-9]{{1,4}}))?([^0-9\-−]*)")
