"""How pages write figures: “13.8”, “15%”, “4.2 sec”."""

from decimal import Decimal

from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from lotto.words import Words

MINUS = "\N{MINUS SIGN}"

MINUTE, HOUR, DAY = 60, 3600, 86400


def decimal(words: Words, number: float | Decimal, places: int = 1) -> str:
    """The figure with so many places at the most."""
    return format_decimal(number, f"#,##0.{'#' * places}" if places else "#,##0", locale=words.say("language.locale"))


def signed(words: Words, number: float) -> str:
    """How far from the middle, its sign told: “+3.6”."""
    return f"{MINUS if number < 0 else '+'}{decimal(words, abs(number))}"


def percent(words: Words, share: float) -> str:
    """The share, a tenth of a percent where it is small."""
    return format_percent(share, "#,##0.#%" if share < 0.1 else "#,##0%", locale=words.say("language.locale"))


def one_in(words: Words, tickets: Decimal) -> str:
    """So many tickets for one: whole when they are many."""
    return decimal(words, tickets, 0 if tickets >= 100 else 2)


def length(words: Words, seconds: float) -> str:
    """How long, in the two largest units that matter: “0.4 sec”, “1 min 20 sec”, “2 hr 5 min”."""
    locale = words.say("language.locale")
    if seconds < MINUTE:
        return format_unit(round(seconds, 1), "second", "short", locale=locale)
    large, small = next(
        (one, under)
        for one, under in (
            (("day", DAY), ("hour", HOUR)),
            (("hour", HOUR), ("minute", MINUTE)),
            (("minute", MINUTE), ("second", 1)),
        )
        if seconds >= one[1]
    )
    whole, rest = divmod(int(seconds), large[1])
    parts = [format_unit(whole, large[0], "short", locale=locale)]
    if rest // small[1]:
        parts.append(format_unit(rest // small[1], small[0], "short", locale=locale))
    return " ".join(parts)
