"""An entry of the operator's allow-list: what the door may reach although it is not on the public internet."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_network

from lotto.door import addresses

NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*", re.ASCII
)
"""A host name as it is written on the wire, in lower case."""
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.ASCII)


def looks_numeric(name: str) -> bool:
    """Some resolvers read a name that ends in a number as an IPv4 address (`127.1`, `0x7f000001`, `0177.0.0.1`)."""
    return _NUMBER.fullmatch(name.rsplit(".", 1)[-1]) is not None


@dataclass(frozen=True)
class Allowed:
    """A host name, or a network of addresses; with one port, any port (0), or the usual ones (None)."""

    name: str | None
    network: addresses.Network | None
    port: int | None

    @classmethod
    def read(cls, entry: str) -> "Allowed":
        """Reads `s3.lan`, `s3.lan:9000`, `127.0.0.1:*`, `10.0.0.0/8`, `::1` or `[::1]:8080`."""
        wrong = ValueError(
            f"The allow-list entry {entry!r} is not a host, an address or a network; write it like s3.lan, "
            "10.0.0.0/8 or [::1], with :9000 behind it for a port of its own or :* for any port."
        )
        bracketed = re.fullmatch(r"\[(.+)\](?::(.+))?", entry)
        if bracketed:
            host, port = bracketed.groups()
        elif entry.count(":") == 1:
            host, port = entry.split(":")
        else:
            host, port = entry, None
        if port is not None and port != "*" and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise wrong
        number = None if port is None else 0 if port == "*" else int(port)
        try:
            return cls(None, ip_network(host), number)
        except ValueError:
            name = host.lower()
            if NAME.fullmatch(name) is None or looks_numeric(name):
                raise wrong from None
            return cls(name, None, number)

    def opens(self, port: int, usual: Collection[int]) -> bool:
        """This port of the host or network may be reached."""
        return port in usual if self.port is None else self.port in (0, port)

    def covers(self, host: str, address: addresses.Address | None) -> bool:
        """It speaks of this host, by its name or by the address."""
        if self.name is not None:
            return self.name == host
        return (
            address is not None
            and self.network is not None
            and address.version == self.network.version
            and address in self.network
        )
