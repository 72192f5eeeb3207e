"""Days as pages write them: in any order, in figures or with the name of the month."""

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale

from lotto.scraper.sources.source import PageChanged

PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
"""Of a day as it is written: figures and words."""

LONGEST_DAY = 200
"""Characters of a day as it is written, with the words around it."""

BESIDE_CLDR = {"es": {"setiembre": 9}}
"""Names of months that people write and CLDR does not have."""


def day(year: str, month: str, of_month: str, page_at: datetime) -> date:
    """The calendar day of a draw; PageChanged when there is no such day, or none that draws were held on."""
    return _day(year, month, of_month, page_at.year)


def written_day(shown: str, order: str, page_at: datetime, *, languages: str = "") -> date:
    """The day written as `shown`; `order` is that of its parts: `dmy`, `mdy` or `ymd`.

    The month may be a name in one of the `languages` (“es en”); other words, such as the weekday, are passed over. A
    year of two digits is the last such year up to the page's. PageChanged when there are not just three parts.
    """
    if len(shown) > LONGEST_DAY:
        raise PageChanged(f"The layout changed: “{shown[:60]}” is too long for the date of a draw.")
    return _written(shown, order, page_at.year, languages)


@lru_cache(maxsize=20_000)
def _written(shown: str, order: str, this_year: int, languages: str) -> date:
    """An archive is read again whenever it grows, and most of its days were read before."""
    names = _names(languages)
    parts = [part for part in PARTS.findall(folded(shown)) if part.isdigit() or part in names]
    if order == "ymd" and len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    if len(parts) != 3:
        raise PageChanged(f"The layout changed: “{shown[:60]}” is not the date of a draw.")
    told = dict(zip(order, parts, strict=True))
    month = str(names.get(told["m"], told["m"]))
    year = told["y"]
    if not (year.isdigit() and told["d"].isdigit() and len(year) in (2, 4)):
        raise PageChanged(f"The layout changed: “{shown[:60]}” is not the date of a draw.")
    if len(year) == 2:
        century = this_year // 100 * 100
        year = str(century + int(year) - (100 if century + int(year) > this_year + 1 else 0))
    return _day(year, month, told["d"], this_year)


@lru_cache(maxsize=20_000)
def _day(year: str, month: str, of_month: str, this_year: int) -> date:
    try:
        found = date(int(year), int(month), int(of_month))
    except ValueError:
        raise PageChanged(f"{year[:12]}-{month[:12]}-{of_month[:12]} is no day.") from None
    if not 1900 <= found.year <= this_year + 1:
        raise PageChanged(f"{found} is no day of a draw.")
    return found


def instant(milliseconds: int, zone: ZoneInfo) -> datetime:
    """The moment so many milliseconds after 1970, on the clocks of that zone; PageChanged when it is out of reach."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(zone)
    except (ValueError, OverflowError, OSError):
        raise PageChanged(f"{milliseconds} is no moment of a draw.") from None


@cache
def months(language: str) -> dict[str, int]:
    """Every way to write a month in that language, as `folded`, with its number: names, cases, short forms."""
    known = Locale.parse(language).months
    found: dict[str, int] = dict(BESIDE_CLDR.get(language, {}))
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            found |= {folded(name).strip(" ."): month for month, name in known[context][width].items()}
    return found


@cache
def _names(languages: str) -> dict[str, int]:
    return {name: month for language in languages.split() for name, month in months(language).items()}


def folded(text: str) -> str:
    """Without what writers differ in: capitals and accents."""
    if text.isascii():
        return text.lower()
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
