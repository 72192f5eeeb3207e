"""The rules of the door: which URLs, hosts, ports and addresses may be reached, and by which way.

A URL is judged twice: as it is written (`way`), and when its connection is made, by the very addresses that will be
connected to (`pinned`). So neither a name that resolves to something else the second time nor an odd spelling
gets through.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import httpx2

from lotto.door import addresses
from lotto.door.allowed import NAME, Allowed, looks_numeric
from lotto.door.errors import NotSent, Refused

Resolver = Callable[[str], Awaitable[Sequence[str]]]
"""A host name's addresses, as texts; raises OSError when there are none."""

WEB = frozenset({80, 443})
STREAMS = frozenset({443, 465, 587})
"""For `connect`: TLS, and the two ports where mail is handed in."""
_HOW_TO = "an operator can allow-list it by host, address or network, with its port"
_DEFAULT = {"http": 80, "https": 443}
_UNWRITABLE = re.compile(r"[\x00-\x20\x7f\\]|\s")


@dataclass(frozen=True)
class Way:
    """Where a URL leads, once the rules have passed it."""

    url: str
    """As it was given."""
    scheme: str
    host: str
    """The host that is meant; on the wire the Host header says `authority`, whatever the connection goes to."""
    authority: str
    path: str
    target: str
    """Path and query."""
    to: tuple[str, str, int]
    """Scheme, host and port of the connection; another one than the URL's when the host is rerouted."""

    @property
    def origin(self) -> tuple[str, str]:
        """Scheme and authority: whom a header is meant for."""
        return self.scheme, self.authority


async def system_resolver(host: str) -> Sequence[str]:
    """The machine's own resolver, in its order of preference."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class Guard:
    """Judges by the operator's settings.

    `allow` is the allow-list. `reroute` maps a host to the base URL that is asked in its stead. `closed` leaves
    nothing reachable but what those two name: no other name is even resolved.
    """

    def __init__(self, allow: Sequence[str], reroute: Mapping[str, str], closed: bool, resolve: Resolver) -> None:
        self._reroute = {host.lower(): _base(host, base) for host, base in reroute.items()}
        self._allow = [
            *map(Allowed.read, allow),
            *(Allowed.read(f"[{host}]:{port}") for _, host, port in self._reroute.values()),
        ]
        self._closed = closed
        self._resolve = resolve

    def way(self, url: str) -> Way:
        """The way to a URL; raises Refused."""
        if _UNWRITABLE.search(url):
            raise Refused("The URL holds a space, a control character or a backslash; write it percent-encoded.")
        try:
            parsed = httpx2.URL(url)
        except (httpx2.InvalidURL, ValueError):  # ValueError: text that has no bytes
            raise Refused("The URL cannot be read; write it like https://host/path.") from None
        host = parsed.raw_host.decode("ascii")
        if parsed.scheme not in _DEFAULT or not host:
            raise Refused("The URL does not begin with http:// or https:// and a host.")
        if "@" in url.split("://", 1)[-1].split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]:
            raise Refused("The URL holds a user name; credentials belong in a header.")
        port = parsed.port if parsed.port is not None else _DEFAULT[parsed.scheme]
        to = self._reroute.get(host)
        if to is None:
            to = (parsed.scheme, host, port)
            self._admit(host, port, WEB)
        elif port not in WEB:
            raise Refused(f"Port {port} of {host} is not open to the door.")
        return Way(
            url=url,
            scheme=parsed.scheme,
            host=host,
            authority=parsed.netloc.decode("ascii"),
            path=parsed.path,
            target=parsed.raw_path.decode("ascii"),
            to=to,
        )

    def onward(self, way: Way, location: str) -> Way:
        """The way that a redirect from `way` leads; raises Refused."""
        try:
            onward = self.way(str(httpx2.URL(way.url).join(location)))
        except (httpx2.InvalidURL, ValueError):
            raise Refused(f"{way.host} redirects to what is not a URL.") from None
        except Refused as refused:
            raise Refused(f"{way.host} redirects to where we do not go. {refused}") from None
        if way.scheme == "https" and onward.scheme != "https":
            raise Refused(f"{way.host} redirects from https to plain http, where anyone could change the page.")
        return onward

    async def pinned(
        self, host: str, port: int, usual: Collection[int] = WEB, within: float | None = None
    ) -> list[str]:
        """The addresses of a host, resolved once, every one of them permitted; raises Refused or NotSent."""
        self._admit(host, port, usual)
        literal = addresses.read(host)
        found = [literal] if literal is not None else await self._lookup(host, within)
        for address in found:
            if not self._permits(host, address, port, usual):
                raise Refused(f"{host} has the address {address}, which is not on the public internet; {_HOW_TO}.")
        return list(dict.fromkeys(map(str, found)))

    async def _lookup(self, host: str, within: float | None) -> list[addresses.Address]:
        try:
            async with asyncio.timeout(within):
                texts = await self._resolve(host)
        except TimeoutError:
            raise NotSent(f"The name {host} was not resolved in time.") from None
        except OSError as error:
            raise NotSent(f"The name {host} cannot be resolved ({error.strerror or error}).") from error
        found = [addresses.read(text) for text in texts]
        if not found:
            raise NotSent(f"The name {host} has no address.")
        if None in found:
            raise Refused(f"The resolver gave something for {host} that is not an address.")
        return [address for address in found if address is not None]

    def _admit(self, host: str, port: int, usual: Collection[int]) -> None:
        """Raises Refused for what can be told before the name is resolved."""
        address = addresses.read(host)
        if address is None and (NAME.fullmatch(host) is None or looks_numeric(host)):
            raise Refused("The URL's host is neither a plain name nor an address in its usual spelling.")
        entries = [entry for entry in self._allow if entry.covers(host, address)]
        if any(entry.opens(port, usual) for entry in entries):
            return
        if self._closed:
            raise Refused(f"This door is closed: it does not lead to {host} port {port}.")
        if port not in usual and not any(entry.network and entry.opens(port, usual) for entry in self._allow):
            raise Refused(f"Port {port} of {host} is not open to the door; {_HOW_TO}.")
        if address is not None and not self._permits(host, address, port, usual):
            raise Refused(f"{host} is not on the public internet; {_HOW_TO}.")
        if address is None and "." not in host:  # a resolver would try it under the machine's own search domains
            raise Refused(f"{host} is not a public name; {_HOW_TO}.")

    def _permits(self, host: str, address: addresses.Address, port: int, usual: Collection[int]) -> bool:
        if port in usual and addresses.is_public(address):
            return True
        return any(entry.covers(host, address) and entry.opens(port, usual) for entry in self._allow)


def _base(host: str, base: str) -> tuple[str, str, int]:
    """The connection that a rerouted host's base URL stands for."""
    wrong = ValueError(f"The reroute of {host} is not a base like http://127.0.0.1:8301.")
    try:
        url = httpx2.URL(base)
    except httpx2.InvalidURL:
        raise wrong from None
    if url.scheme != "http" or not url.raw_host or url.path not in ("", "/") or url.query or url.userinfo:
        raise wrong
    return "http", url.raw_host.decode("ascii"), url.port or 80
