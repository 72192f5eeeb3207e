"""Which addresses of others may stand in a link."""

from urllib.parse import urlsplit


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
