"""Addresses of webhooks: which may be named by whom. What a name resolves to, the door judges each time anew."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from lotto.door import addresses

LONGEST = 2_000


class BadAddress(ValueError):
    """It is no address to post to; the message completes a sentence and tells of it no more than the host."""


def host_of(url: str) -> str:
    """Its host, which may be told; the rest of it may hold a secret."""
    return urlsplit(url).hostname or ""


def of_anybody(url: str) -> str:
    """The address, if somebody we do not know may name it: https on the internet, at the usual port."""
    parts = _read(url)
    if parts.scheme != "https":
        raise BadAddress(f"the webhook at {parts.hostname} is not https, and the way there is the internet")
    if (parts.port or 443) != 443:
        raise BadAddress(f"port {parts.port} of {parts.hostname} is not open: webhooks go to the port of https, 443")
    if is_near(parts.hostname or ""):
        raise BadAddress(f"{parts.hostname} is not on the public internet")
    return url


def of_ours(url: str) -> str:
    """The address, if the operator may name it: https, or plain http where the way there is no internet."""
    parts = _read(url)
    if parts.scheme != "https" and not is_near(parts.hostname or ""):
        raise BadAddress(f"the webhook at {parts.hostname} is not https, and the way there is the internet")
    return url


def of_this_machine(url: str) -> str:
    """The address, if it is of this very machine: where all that is told never happened."""
    parts = _read(url)
    if not is_loopback(parts.hostname or ""):
        raise BadAddress(
            f"{parts.hostname} is another machine, and this is a practice ledger: what it holds never happened, and is "
            "told to this machine only (http://127.0.0.1:PORT/)"
        )
    return url


def is_near(host: str) -> bool:
    """This machine or a network of ours, where nobody listens on the way: a private address or a name without dots."""
    try:
        return not addresses.is_public(ip_address(host))
    except ValueError:
        return "." not in host


def is_loopback(host: str) -> bool:
    """This very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(url: str) -> SplitResult:
    wrong = BadAddress("the address of a webhook is written like https://host/path, without user and fragment")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise wrong from None
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    written = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and not parts.fragment
    if not plain or not written or len(url) > LONGEST:
        raise wrong
    return parts
