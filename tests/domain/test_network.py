"""Which addresses limits take for one visitor."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.network import UNKNOWN, network_of

ipv4 = st.ip_addresses(v=4)
ipv6 = st.integers(1 << 48, 2**128 - 1).map(IPv6Address)
low_half = st.integers(0, 2**64 - 1)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("::ffff:cb00:7105", "203.0.113.5"),
        ("203.0.113.05", UNKNOWN),
        ("203.0.113.5:4001", UNKNOWN),
        ("", UNKNOWN),
        ("/run/timetuna.sock", UNKNOWN),
    ],
)
def test_the_network_of_an_address(address: str, expected: str) -> None:
    assert expected == network_of(address)


@given(ipv4)
def test_an_ipv4_address_is_one_visitor_however_a_socket_shows_it(address: IPv4Address) -> None:
    mapped = IPv6Address(0xFFFF << 32 | int(address))

    assert str(address) == network_of(str(address)) == network_of(str(mapped)) == network_of(mapped.exploded)


@given(ipv6, low_half)
def test_the_lower_half_of_an_ipv6_address_makes_no_other_visitor(address: IPv6Address, low: int) -> None:
    neighbour = IPv6Address(int(address) >> 64 << 64 | low)

    if neighbour.ipv4_mapped is None:
        assert network_of(str(address)) == network_of(str(neighbour))


@given(ipv6, ipv6)
def test_the_upper_half_of_an_ipv6_address_does(one: IPv6Address, other: IPv6Address) -> None:
    same_half = int(one) >> 64 == int(other) >> 64

    assert same_half == (network_of(str(one)) == network_of(str(other)))


@given(st.text() | st.text(alphabet="0123456789abcdef.:%/[] "))
def test_anything_that_is_no_address_is_unknown(text: str) -> None:
    try:
        ip_address(text)
    except ValueError:
        assert UNKNOWN == network_of(text)
