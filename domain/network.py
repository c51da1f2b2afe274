"""Networks that count as one visitor."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

UNKNOWN = "unknown"

_LONGEST = 100
"""With a zone behind it, which names a network interface."""


def network_of(address: str) -> str:
    """Return the network that limits count an address by: an IPv4 address alone, an IPv6 address with its /64.

    Whoever has one IPv6 address usually has a /64 of them. What isn't an address is `UNKNOWN`, such as the other end of
    a Unix socket: all of these share one limit.
    """
    match parsed_address(address):
        case IPv4Address() as known:
            return str(known)
        case IPv6Address() as known:
            return str(IPv6Network((int(known) >> 64 << 64, 64)))
        case None:
            return UNKNOWN


def parsed_address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address. An IPv4-mapped one is IPv4: a dual-stack socket shows IPv4 callers so."""
    return _parsed(text) if len(text) <= _LONGEST else None


# Most callers come again, and reading one takes 2 % of a booking.
@lru_cache(4096)
def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
