"""Addresses of our own pages, and which of others' may stand in a link."""

from urllib.parse import quote, urlsplit

from lotto.draws.draw import DrawKey


def lottery_path(lottery: str) -> str:
    """Below a language: “us_powerball”."""
    return quote(lottery, safe="")


def draw_path(key: DrawKey) -> str:
    """Below a language: “us_ny_numbers/2024-11-02/evening”."""
    return "/".join(quote(part, safe="") for part in (key.lottery, key.date.isoformat(), key.label) if part)


def outward(url: str | None) -> str:
    """The address if a browser may be sent there, else nothing: a source's home is not trusted to be a web address."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    rooted = not parts.scheme and not parts.netloc and url.startswith("/") and not url.startswith("//")
    return url if rooted or (parts.scheme in ("http", "https") and parts.netloc) else ""
