"""The rule for network addresses that a request to a typed address may reach."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Python calls these global, or did in some version: multicast, transition mechanisms that lead to an IPv4 address,
# and what is reserved (IANA's special-purpose registries).
_NOT_PUBLIC: Final[tuple[Network, ...]] = tuple(
    ip_network(each)
    for each in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
        "ff00::/8",
    )
)

# Where machines in a cloud ask for their own credentials: Amazon, Azure, Google, Oracle and others by link-local
# addresses, and what they have beside them. Azure's is a public one.
_METADATA: Final[tuple[Network, ...]] = tuple(
    ip_network(each)
    for each in (
        "169.254.0.0/16",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "fe80::/10",
        "fd00:c1::a9fe:a9fe/128",
        "fd00:ec2::254/128",
        "fd20:ce::254/128",
    )
)


class Reachable:
    """Public addresses, and the private networks that the operator allows; a cloud's metadata are never among them.

    Args:
        allowed: networks in CIDR notation, in which plain http is allowed too.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed: tuple[Network, ...] = tuple(ip_network(each) for each in allowed)

    def permits(self, address: str, *, secure: bool) -> bool:
        """Whether an address that a name has resolved to may be connected to; `secure` is https."""
        found = _plain(ip_address(address))
        if _in(found, _METADATA) or _in(_translated(found), _METADATA):
            return False
        if _in(found, self._allowed):
            return True
        return secure and found.is_global and not _in(found, _NOT_PUBLIC)


def _plain(address: Address) -> Address:
    """An IPv4 address is the same one in the clothes of IPv6."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


# Compatible, translated (SIIT), and NAT64 with the well-known prefix and with a local one.
_HOLD_IPV4: Final[tuple[Network, ...]] = tuple(
    ip_network(each) for each in ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48")
)


def _translated(address: Address) -> Address:
    """Where a gateway would lead from an IPv6 address that holds an IPv4 one."""
    if isinstance(address, IPv6Address):
        if address.sixtofour is not None:
            return address.sixtofour
        if _in(address, _HOLD_IPV4):
            return IPv4Address(address.packed[-4:])
    return address


def _in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address.version == each.version and address in each for each in networks)
