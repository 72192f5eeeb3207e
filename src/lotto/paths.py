"""Paths of our own pages, below the site's address and a language: what every room links to."""

from urllib.parse import quote

from lotto.draws.draw import DrawKey


def lottery_path(lottery: str) -> str:
    """“us_powerball”."""
    return quote(lottery, safe="")


def draw_path(key: DrawKey) -> str:
    """“us_ny_numbers/2024-11-02/evening”."""
    return "/".join(quote(part, safe="") for part in (key.lottery, key.date.isoformat(), key.label) if part)
