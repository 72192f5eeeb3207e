"""Hops: whose request it is, where it came through proxies. Only what hops of ours wrote is believed."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SUBSCRIBER = 64
"""Bits of an IPv6 address that a subscriber has in common with itself only; the rest it chooses as it likes."""


REMEMBERED = 4096
"""Chains of hops: who asks comes again."""


class Hops:
    """Knows whose address asks, given the networks of the hops that are `ours`."""

    def __init__(self, ours: Iterable[Network]) -> None:
        self._ours = tuple(ours)
        self._known = lru_cache(REMEMBERED)(self._subscriber)

    def subscriber(self, scope: Scope) -> str | None:
        """Who asks, as far as an address tells: of IPv6 the network that one subscriber is given. None: this machine.

        It is the last address in the chain of hops that is not ours. Each proxy adds to X-Forwarded-For whom it was
        asked by, so from the right it is true as far as hops are ours.
        """
        client = scope.get("client")
        if not client:
            return None
        told = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        return self._known(client[0], b",".join(told))

    def is_this_machine(self, scope: Scope) -> bool:
        """Whether the nearest hop is this very machine, or there is none."""
        client = scope["client"]
        return not client or self._known(client[0], b"") is None

    def _subscriber(self, nearest: str, told: bytes) -> str | None:
        address = self._furthest(nearest, told)
        if address is None or address.is_loopback:
            return None
        if isinstance(address, IPv6Address):
            return str(ip_network((address, SUBSCRIBER), strict=False))
        return str(address)

    def _furthest(self, nearest: str, told: bytes) -> Address | None:
        peer = _address(nearest)
        if peer is None:
            return None
        for hop in reversed(told.decode("latin-1").split(",")):
            if not any(peer in network for network in self._ours):
                break
            before = _address(hop)
            if before is None:
                break
            peer = before
        return peer


def _address(text: str) -> Address | None:
    """The address in that text, without a port; one of IPv4 written as IPv6 is the same."""
    text = text.strip()
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
