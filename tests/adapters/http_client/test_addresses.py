"""Which addresses a request to somewhere that somebody typed may reach."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http_client.addresses import Reachable

ANYWHERE = Reachable()
INSIDE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_that_leads_inside_is_permitted(address: str) -> None:
    assert not ANYWHERE.permits(address, secure=True)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_public_addresses_are_permitted_over_https_alone(address: str) -> None:
    assert ANYWHERE.permits(address, secure=True)
    assert not ANYWHERE.permits(address, secure=False)


def test_a_private_network_that_the_operator_allows_is_permitted_with_and_without_https() -> None:
    reachable = Reachable(["192.168.7.0/24", "fd00:7::/32"])

    for address in ("192.168.7.9", "::ffff:192.168.7.9", "fd00:7::9"):
        assert reachable.permits(address, secure=True)
        assert reachable.permits(address, secure=False)
    for address in ("192.168.8.9", "fd00:8::9"):
        assert not reachable.permits(address, secure=True)


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "::ffff:169.254.169.254", "100.100.100.200", "192.0.0.192", "fe80::1", "fd00:ec2::254"],
)
def test_a_clouds_metadata_are_not_permitted_whatever_the_operator_allows(address: str) -> None:
    reachable = Reachable(["0.0.0.0/0", "::/0"])

    assert not reachable.permits(address, secure=True)
    assert not reachable.permits(address, secure=False)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_an_ipv4_address_is_judged_alike_however_it_is_dressed_as_ipv6(address: IPv4Address) -> None:
    plain = ANYWHERE.permits(str(address), secure=True)

    assert plain == ANYWHERE.permits(f"::ffff:{address}", secure=True)
    for prefix in ("64:ff9b::", "::", "::ffff:0:0:0"):
        assert not ANYWHERE.permits(str(IPv6Address(int(IPv6Address(prefix)) + int(address))), secure=True)
