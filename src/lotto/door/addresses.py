"""Which addresses are the public internet. Pure: no name is resolved here.

Python's `is_global` alone lets pass what can carry a private address inside (6to4, NAT64, IPv4-compatible), multicast,
and newer reservations on older Pythons; so the public part is stated here.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC: tuple[Network, ...] = (
    IPv4Network("168.63.129.16/32"),  # what a cloud keeps for its own machines, metadata among it, at a public address
    IPv4Network("192.0.0.0/24"),  # protocol assignments; older Pythons take most of it for global, a cloud keeps its
    # metadata there
    IPv4Network("192.88.99.0/24"),  # 6to4 relays, withdrawn by RFC 7526
    IPv6Network("2001::/23"),  # protocol assignments, Teredo and ORCHID among them
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4 holds any IPv4 address
    IPv6Network("3fff::/20"),  # documentation, RFC 9637
)


def read(text: str) -> Address | None:
    """The address that a host spells, or None for a name; `::ffff:a.b.c.d` is the IPv4 address it means."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def is_public(address: Address) -> bool:
    """It may be anyone's server on the internet, and cannot be ours, our neighbour's or a router's."""
    if isinstance(address, IPv6Address):
        if address in _NAT64:  # how a network without IPv4 reaches IPv4: the last four bytes are the true address
            return is_public(IPv4Address(address.packed[-4:]))
        if address not in _UNICAST:
            return False
    if address.is_multicast or not address.is_global:
        return False
    return not any(address.version == network.version and address in network for network in _NOT_PUBLIC)
