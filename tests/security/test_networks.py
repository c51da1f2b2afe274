"""One visitor is one network, whatever stands before us and whatever a caller claims to be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Request, get, post

from adapters.http.clients import client_address, client_network, limit_sign_ins
from domain.network import UNKNOWN, network_of
from tests.support.serving import Server

PROXY, ELSEWHERE = "10.0.0.1", "203.0.113.7"


@get("/probe/address")
async def address_page(request: Request[Any, Any, Any]) -> str:
    return client_address(request)


@get("/probe/network")
async def network_page(request: Request[Any, Any, Any]) -> str:
    return client_network(request)


@post("/api/probe", guards=[limit_sign_ins], status_code=200)
async def like_signing_in() -> str:
    return "in"


SERVER = Server(more=(address_page, network_page, like_signing_in), trusted_proxies=(PROXY, "fd00::/8"))


async def seen(*headers: tuple[str, str], by: str = PROXY, at: str = "/probe/address") -> str:
    answer = await SERVER.client(address=by).get(at, headers=list(headers))
    assert 200 == answer.status_code
    return answer.text


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("203.0.113.5:4001", "203.0.113.5"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1:443", "2001:db8::1:443"),
        ("[::ffff:203.0.113.5]:443", "203.0.113.5"),
        ("1.2.3.4:1, 203.0.113.5:4001, [fd00::1]:80", "203.0.113.5"),
        ("203.0.113.5, ,", "203.0.113.5"),
        ("203.0.113.5:port", PROXY),
        ("203.0.113.5:400100", PROXY),
        ("[203.0.113.5", PROXY),
        ("[]", PROXY),
        ("unknown", PROXY),
        ("_hidden", PROXY),
        ("203.0.113.5, unknown", PROXY),
    ],
)
async def test_a_proxy_may_name_the_port_too(forwarded: str, expected: str) -> None:
    assert expected == await seen(("X-Forwarded-For", forwarded))


@pytest.mark.parametrize("by", [PROXY, ELSEWHERE])
async def test_forwarded_is_not_read_for_a_proxy_that_does_not_know_it_passes_it_on(by: str) -> None:
    assert by == await seen(("Forwarded", "for=198.51.100.1"), by=by)


hops = st.text() | st.text(alphabet="0123456789abcdef.:[], %") | st.ip_addresses().map(str)


@given(hops)
async def test_whoever_is_not_a_trusted_proxy_can_claim_nothing(claimed: str) -> None:
    header = ("X-Forwarded-For", claimed.encode("ascii", "replace").decode())

    assert ELSEWHERE == await seen(header, by=ELSEWHERE)


@given(st.lists(hops, max_size=4), st.ip_addresses().filter(lambda address: network_of(str(address)) != PROXY))
async def test_what_a_caller_claims_counts_for_nothing_before_a_trusted_proxy(claimed: list[str], caller: Any) -> None:
    forged = ",".join(claimed).encode("ascii", "replace").decode().replace("\n", "").replace("\r", "")
    if caller.version == 6 and str(caller).startswith("fd"):
        return

    found = await seen(("X-Forwarded-For", f"{forged}, {caller}"), at="/probe/network")

    assert network_of(str(caller)) == found


@given(hops)
async def test_every_caller_has_a_network(claimed: str) -> None:
    header = ("X-Forwarded-For", claimed.encode("ascii", "replace").decode())

    assert UNKNOWN != await seen(header, at="/probe/network")


async def test_another_address_of_the_same_network_is_no_other_visitor() -> None:
    server = Server(more=(like_signing_in,))
    addresses = [f"2001:db8:1:2::{number:x}" for number in range(31)]

    statuses = [(await server.client(address=each).post("/api/probe")).status_code for each in addresses]

    assert [*[200] * 30, 429] == statuses
    assert 200 == (await server.client(address="2001:db8:1:3::1").post("/api/probe")).status_code
